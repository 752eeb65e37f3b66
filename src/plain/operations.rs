//! Every operation that the client can send, checked against `schema.graphql` beside this file when we compile.
//! What a customer must not see is not in that description, so it cannot be asked for here.

pub use cynic::Id;
use cynic::{MutationBuilder, Operation, QueryBuilder};

#[cynic::schema("plain")]
mod schema {}

mod attachments;
#[cfg(test)]
mod drift;
mod membership;
mod people;
mod thread_lists;
mod threads;
mod timeline;

pub use attachments::*;
pub use membership::*;
pub use people::*;
pub use thread_lists::*;
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
    use std::{collections::BTreeSet, fs, path::Path};

    use apollo_compiler::{
        ExecutableDocument, Schema, request::coerce_variable_values, response::JsonMap,
        validation::Valid,
    };

    use super::*;

    /// Said past the test runner, which keeps what a passing test prints to itself.
    fn skipped(why: &str) {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: {why}");
    }

    /// An operation as it is sent.
    pub struct Sent {
        pub name: String,
        pub query: String,
        variables: JsonMap,
        /// Reads an answer's data as the client does.
        pub read: fn(&str) -> Result<(), serde_json::Error>,
    }

    fn text<Q, V>(operation: Operation<Q, V>) -> Sent
    where
        Q: serde::de::DeserializeOwned,
        V: serde::Serialize,
    {
        let variables = serde_json::to_value(&operation.variables).unwrap();
        Sent {
            name: operation.operation_name.unwrap().into_owned(),
            query: operation.query,
            variables: match variables {
                serde_json::Value::Null => JsonMap::new(),
                given => serde_json::from_value(given).unwrap(),
            },
            read: |data| serde_json::from_str::<Q>(data).map(drop),
        }
    }

    /// Every operation, as it is sent.
    pub fn operations() -> Vec<Sent> {
        let by_id = || CustomerIdentifierInput::by_id("c_1");
        let email = EmailAddressInput {
            email: "a@example.com",
            is_verified: true,
        };
        let filter = ThreadsFilter::default;
        let first = || PageArguments::first(1, None);
        let sort = ThreadsSort {
            field: ThreadsSortField::CreatedAt,
            direction: SortDirection::Desc,
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
            text(AddCustomerToCustomerGroups::operation("c_1", &["key"])),
            text(CustomerStandingById::operation("c_1", Some("cursor"))),
            text(Threads::operation(filter(), sort, first())),
            text(ThreadsAfterWaiting::operation(
                (filter(), 1),
                filter(),
                sort,
                first(),
            )),
            text(SearchThreads::operation("term", filter(), first())),
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
                attachment_ids: Some(vec![Id::new("att_1")]),
            })),
            text(ReplyToThread::operation(
                "th_1",
                "c_1",
                "Hello",
                Some(vec![Id::new("att_1")]),
            )),
            text(MarkThreadAsDone::operation("th_1")),
            text(MarkThreadAsTodo::operation("th_1")),
            text(TimelineEntryById::operation("c_1", "t_1")),
            text(CreateAttachmentUploadUrl::operation(
                "c_1",
                "a.png",
                1,
                AttachmentType::Chat,
            )),
            text(CreateAttachmentDownloadUrl::operation("att_1")),
        ]
    }

    /// Each operation is valid, and its variables have the types that it declares.
    fn all_are_valid(sdl: &str) {
        let schema: Valid<Schema> = Schema::parse_and_validate(sdl, "schema.graphql").unwrap();
        for Sent {
            name,
            query,
            variables,
            ..
        } in operations()
        {
            let document = ExecutableDocument::parse_and_validate(&schema, &query, "o.graphql")
                .unwrap_or_else(|error| panic!("{name}: {query}\n{}", error.errors));
            let operation = document.operations.get(Some(&name)).unwrap();
            coerce_variable_values(&schema, operation, &variables)
                .unwrap_or_else(|error| panic!("{name}: {}", error.message()));
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
        match fs::read_to_string(&path) {
            Ok(sdl) => all_are_valid(&sdl),
            Err(_) => skipped("no PLAIN_SCHEMA"),
        }
    }

    /// The names of the operations that the sources in a directory declare: the structs that are a root's fragment.
    fn declared(directory: &Path) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for file in fs::read_dir(directory).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                names.extend(declared(&path));
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            for root in ["Query", "Mutation"] {
                let attribute = format!("graphql_type = \"{root}\"");
                for rest in source.split(&attribute).skip(1) {
                    let (_, rest) = rest.split_once("pub struct ").unwrap();
                    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap();
                    names.insert(rest[..end].to_owned());
                }
            }
        }
        names
    }

    #[test]
    fn no_operation_is_left_unchecked() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/plain");
        let checked: BTreeSet<String> = operations().into_iter().map(|it| it.name).collect();
        assert_eq!(checked, declared(&sources));
    }
}
