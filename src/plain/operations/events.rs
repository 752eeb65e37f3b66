//! What the host product reports: events of one thread, and of a customer, which all of the customer's threads show.

pub mod component;

pub use component::EventComponent;

use super::*;

/// An event of a customer; Plain takes an external id once.
#[derive(cynic::InputObject, Debug)]
pub struct CreateCustomerEventInput<'a> {
    pub customer_identifier: CustomerIdentifierInput,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Id>,
    pub title: &'a str,
    pub components: Vec<EventComponent>,
    /// ISO 8601; left out: now.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<&'a str>,
}

#[derive(cynic::QueryVariables)]
pub struct CreateCustomerEventVariables<'a> {
    pub input: CreateCustomerEventInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CreateCustomerEventVariables")]
pub struct CreateCustomerEvent {
    #[arguments(input: $input)]
    pub create_customer_event: CreateCustomerEventOutput,
}

impl CreateCustomerEvent {
    pub fn operation(
        input: CreateCustomerEventInput<'_>,
    ) -> Operation<Self, CreateCustomerEventVariables<'_>> {
        Self::build(CreateCustomerEventVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct CreateCustomerEventOutput {
    pub customer_event: Option<CustomerEvent>,
    pub error: Option<MutationError>,
}

#[derive(cynic::QueryFragment)]
pub struct CustomerEvent {
    pub id: Id,
}

/// An event of one thread; Plain takes an external id once.
#[derive(cynic::InputObject, Debug)]
pub struct CreateThreadEventInput<'a> {
    pub thread_id: Id,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Id>,
    pub title: &'a str,
    pub components: Vec<EventComponent>,
    /// ISO 8601; left out: now.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<&'a str>,
}

#[derive(cynic::QueryVariables)]
pub struct CreateThreadEventVariables<'a> {
    pub input: CreateThreadEventInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CreateThreadEventVariables")]
pub struct CreateThreadEvent {
    #[arguments(input: $input)]
    pub create_thread_event: CreateThreadEventOutput,
}

impl CreateThreadEvent {
    pub fn operation(
        input: CreateThreadEventInput<'_>,
    ) -> Operation<Self, CreateThreadEventVariables<'_>> {
        Self::build(CreateThreadEventVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct CreateThreadEventOutput {
    pub thread_event: Option<ThreadEvent>,
    pub error: Option<MutationError>,
}

#[derive(cynic::QueryFragment)]
pub struct ThreadEvent {
    pub id: Id,
}

/// A thread's id alone: the rest takes further permissions.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ThreadByRefVariables")]
pub struct ThreadIdByRef {
    #[arguments(ref: $thread_ref)]
    pub thread_by_ref: Option<ThreadId>,
}

impl ThreadIdByRef {
    pub fn operation(thread_ref: &str) -> Operation<Self, ThreadByRefVariables<'_>> {
        Self::build(ThreadByRefVariables { thread_ref })
    }
}
