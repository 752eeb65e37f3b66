//! One customer, looked up.

use super::*;

/// How the command line names a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerKey {
    Id(String),
    ExternalId(String),
    Email(String),
}

impl From<&CustomerKey> for CustomerIdentifierInput {
    fn from(key: &CustomerKey) -> Self {
        let mut identifier = Self::default();
        match key {
            CustomerKey::Id(id) => identifier.customer_id = Some(Id::new(id)),
            CustomerKey::ExternalId(id) => identifier.external_id = Some(Id::new(id)),
            CustomerKey::Email(email) => identifier.email_address = Some(email.clone()),
        }
        identifier
    }
}

#[derive(cynic::QueryVariables)]
pub struct CustomerKeyVariables<'a> {
    pub key: &'a str,
}

#[derive(cynic::QueryVariables)]
pub struct CustomerIdVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerIdVariables")]
pub struct FullCustomerById {
    #[arguments(customerId: $id)]
    pub customer: Option<CustomerWithMemberships>,
}

impl FullCustomerById {
    pub fn operation(id: &str) -> Operation<Self, CustomerIdVariables> {
        Self::build(CustomerIdVariables { id: Id::new(id) })
    }
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerIdVariables")]
pub struct FullCustomerByExternalId {
    #[arguments(externalId: $id)]
    pub customer_by_external_id: Option<CustomerWithMemberships>,
}

impl FullCustomerByExternalId {
    pub fn operation(external_id: &str) -> Operation<Self, CustomerIdVariables> {
        let id = Id::new(external_id);
        Self::build(CustomerIdVariables { id })
    }
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerKeyVariables")]
pub struct FullCustomerByEmail {
    #[arguments(email: $key)]
    pub customer_by_email: Option<CustomerWithMemberships>,
}

impl FullCustomerByEmail {
    pub fn operation(email: &str) -> Operation<Self, CustomerKeyVariables<'_>> {
        Self::build(CustomerKeyVariables { key: email })
    }
}

/// The customer alone: what they belong to takes further permissions.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerIdVariables")]
pub struct CustomerRecordById {
    #[arguments(customerId: $id)]
    pub customer: Option<CustomerRecord>,
}

impl CustomerRecordById {
    pub fn operation(id: &str) -> Operation<Self, CustomerIdVariables> {
        Self::build(CustomerIdVariables { id: Id::new(id) })
    }
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerIdVariables")]
pub struct CustomerRecordByExternalId {
    #[arguments(externalId: $id)]
    pub customer_by_external_id: Option<CustomerRecord>,
}

impl CustomerRecordByExternalId {
    pub fn operation(external_id: &str) -> Operation<Self, CustomerIdVariables> {
        Self::build(CustomerIdVariables {
            id: Id::new(external_id),
        })
    }
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerKeyVariables")]
pub struct CustomerRecordByEmail {
    #[arguments(email: $key)]
    pub customer_by_email: Option<CustomerRecord>,
}

impl CustomerRecordByEmail {
    pub fn operation(email: &str) -> Operation<Self, CustomerKeyVariables<'_>> {
        Self::build(CustomerKeyVariables { key: email })
    }
}
