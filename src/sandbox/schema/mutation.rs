//! The mutations that the sandbox does. Each answers an object in which either the result or the error is null.

pub mod customers;
pub mod replies;
pub mod tenants;
pub mod threads;

use async_graphql::InputObject;

/// A value that may be changed, or removed with null.
#[derive(InputObject)]
pub struct OptionalStringInput {
    pub value: Option<String>,
}

/// A value that may be changed.
#[derive(InputObject)]
pub struct StringInput {
    pub value: String,
}
