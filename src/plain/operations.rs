//! Every operation that the client can send, checked against `schema.graphql` beside this file when we compile.
//! What a customer must not see is not in that description, so it cannot be asked for here.

use cynic::{Id, MutationBuilder, Operation, QueryBuilder};

#[cynic::schema("plain")]
mod schema {}

mod people;
mod threads;
mod timeline;

pub use people::*;
pub use threads::*;
pub use timeline::*;

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
pub struct MyPermissions {
    pub my_permissions: Permissions,
}

impl MyPermissions {
    pub fn operation() -> Operation<Self, ()> {
        Self::build(())
    }
}

#[derive(cynic::QueryFragment)]
pub struct Permissions {
    pub permissions: Vec<String>,
}

/// A point in time as Plain writes it; RFC 3339 text.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct DateTime {
    pub iso8601: String,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct PageInfo {
    pub has_previous_page: bool,
    pub has_next_page: bool,
    pub start_cursor: Option<String>,
    pub end_cursor: Option<String>,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum MutationErrorType {
    Validation,
    Forbidden,
    Internal,
    #[cynic(fallback)]
    Other,
}

/// How a mutation says that it was refused; comes with HTTP 200.
#[derive(cynic::QueryFragment, Debug)]
pub struct MutationError {
    pub message: String,
    #[cynic(rename = "type")]
    pub type_: MutationErrorType,
    pub code: String,
    pub fields: Vec<MutationFieldError>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct MutationFieldError {
    pub field: String,
    pub message: String,
}
