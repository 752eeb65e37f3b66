//! Who did something. An agent is known to customers by the public name alone.
//!
//! The schema says that there is somebody, with a name; a page can do without either.

use super::*;

#[derive(cynic::InlineFragments, Debug)]
pub enum Actor {
    User(UserActor),
    Customer(CustomerActor),
    DeletedCustomer(DeletedCustomerActor),
    MachineUser(MachineUserActor),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct UserActor {
    pub user: Option<User>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct User {
    pub public_name: Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerActor {
    pub customer_id: Id,
    pub customer: Option<CustomerName>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct DeletedCustomerActor {
    pub customer_id: Id,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct MachineUserActor {
    pub machine_user: Option<MachineUser>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct MachineUser {
    pub public_name: Option<String>,
}
