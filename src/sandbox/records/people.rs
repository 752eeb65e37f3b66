//! People, and the tenants that they belong to.

use jiff::Timestamp;

use super::Event;

/// Who did something: the id of the one who acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// An agent, by id.
    User(String),
    /// A customer, by id.
    Customer(String),
    /// A customer who is no longer there, by the id that they had.
    DeletedCustomer(String),
    /// The holder of the API key, by id.
    MachineUser(String),
    /// Plain itself.
    System,
}

/// When something was done, and by whom.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub at: Timestamp,
    pub by: Who,
}

/// An agent.
#[derive(Clone)]
pub struct User {
    pub id: String,
    pub full_name: String,
    pub public_name: String,
    pub email: String,
    pub created: Stamp,
}

/// The machine user to whom every API key belongs.
#[derive(Clone)]
pub struct MachineUser {
    pub id: String,
    pub full_name: String,
    pub public_name: String,
    pub created: Stamp,
}

/// A tenant: one account in the host product.
#[derive(Clone)]
pub struct Tenant {
    pub id: String,
    pub external_id: String,
    pub name: String,
    pub url: Option<String>,
    pub created: Stamp,
    pub updated: Stamp,
}

/// A customer's place in a tenant.
#[derive(Clone)]
pub struct Membership {
    pub tenant_id: String,
    pub created: Stamp,
}

/// A group of customers, to tell them apart by.
#[derive(Clone)]
pub struct CustomerGroup {
    pub id: String,
    pub name: String,
    pub key: String,
    pub color: String,
    pub external_id: Option<String>,
    pub created: Stamp,
    pub updated: Stamp,
}

/// A customer's place in a group.
#[derive(Clone)]
pub struct GroupMembership {
    pub group_id: String,
    pub created: Stamp,
}

/// A customer: one person.
#[derive(Clone)]
pub struct Customer {
    pub id: String,
    pub external_id: Option<String>,
    pub full_name: String,
    pub short_name: Option<String>,
    pub email: String,
    /// When the address was confirmed; none while it is not.
    pub verified_at: Option<Timestamp>,
    pub memberships: Vec<Membership>,
    pub groups: Vec<GroupMembership>,
    pub company_id: Option<String>,
    /// Since when, and by whom, the customer is marked as spam.
    pub spam: Option<Stamp>,
    pub created: Stamp,
    pub updated: Stamp,
}

/// Something that the host product reported about a customer: it is shown in the customer's threads.
#[derive(Clone)]
pub struct CustomerEvent {
    pub id: String,
    pub customer_id: String,
    pub event: Event,
    pub created: Stamp,
}
