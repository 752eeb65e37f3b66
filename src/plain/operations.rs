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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use apollo_compiler::{ExecutableDocument, Schema};

    use super::*;

    /// Said past the test runner, which keeps what a passing test prints to itself.
    fn skipped(why: &str) {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: {why}");
    }

    fn text<Q, V>(operation: Operation<Q, V>) -> String {
        operation.query
    }

    /// Every operation, as it is sent.
    fn operations() -> Vec<String> {
        let by_id = || CustomerIdentifierInput::by_id("c_1");
        let email = EmailAddressInput {
            email: "a@example.com",
            is_verified: true,
        };
        vec![
            text(MyPermissions::operation()),
            text(UpsertTenant::operation("t", "Team")),
            text(UpsertCustomer::operation(UpsertCustomerInput {
                identifier: UpsertCustomerIdentifierInput::default(),
                on_create: UpsertCustomerOnCreateInput {
                    external_id: None,
                    full_name: "Ada",
                    email,
                    tenant_identifiers: None,
                },
                on_update: UpsertCustomerOnUpdateInput {
                    external_id: None,
                    full_name: None,
                    email: None,
                },
            })),
            text(CustomerByEmail::operation("a@example.com")),
            text(AddCustomerToTenants::operation("c_1", "te_1")),
            text(Threads::operation(ThreadsVariables {
                filters: ThreadsFilter::default(),
                sort_by: ThreadsSort {
                    field: ThreadsSortField::CreatedAt,
                    direction: SortDirection::Desc,
                },
                first: None,
                after: None,
                last: None,
                before: None,
            })),
            text(ThreadById::operation("th_1")),
            text(ThreadByRef::operation("T-1")),
            text(ThreadByExternalId::operation("c_1", "x")),
            text(ThreadPageById::operation("th_1", None, 1)),
            text(ThreadPageByRef::operation("T-1", None, 1)),
            text(CreateThread::operation(CreateThreadInput {
                customer_identifier: by_id(),
                title: None,
                components: None,
                external_id: None,
                tenant_identifier: None,
            })),
            text(ReplyToThread::operation("th_1", "c_1", "Hello")),
            text(MarkThreadAsDone::operation("th_1")),
            text(MarkThreadAsTodo::operation("th_1")),
        ]
    }

    fn all_are_valid(sdl: &str) {
        let schema = Schema::parse(sdl, "schema.graphql").unwrap_or_else(|error| error.partial);
        let schema = apollo_compiler::validation::Valid::assume_valid(schema);
        for operation in operations() {
            if let Err(error) =
                ExecutableDocument::parse_and_validate(&schema, &operation, "o.graphql")
            {
                panic!("{operation}\n{}", error.errors);
            }
        }
    }

    #[test]
    fn operations_are_valid_by_our_own_description() {
        all_are_valid(include_str!("schema.graphql"));
    }

    #[test]
    fn operations_are_valid_by_plains_schema() {
        let path = std::env::var("PLAIN_SCHEMA")
            .unwrap_or_else(|_| "../shared/plain/schema.graphql".to_owned());
        match std::fs::read_to_string(&path) {
            Ok(sdl) => all_are_valid(&sdl),
            Err(_) => skipped("no PLAIN_SCHEMA"),
        }
    }
}
