//! Every operation that the client can send, checked against `schema.graphql` beside this file when we compile.
//! What a customer must not see is not in that description, so it cannot be asked for here.

pub use cynic::Id;
use cynic::{MutationBuilder, Operation, QueryBuilder};

#[cynic::schema("plain")]
mod schema {}

mod attachments;
mod customers;
#[cfg(test)]
mod drift;
mod events;
mod groups;
mod membership;
mod people;
mod rows;
mod tenants;
mod thread_lists;
mod threads;
mod timeline;

pub use attachments::*;
pub use customers::*;
pub use events::*;
pub use groups::*;
pub use membership::*;
pub use people::*;
pub use rows::*;
pub use tenants::*;
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
pub mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{collections::BTreeSet, fs, path::Path};

    use apollo_compiler::{
        ExecutableDocument, Schema, request::coerce_variable_values, response::JsonMap,
        validation::Valid,
    };

    use super::*;

    /// Said past the test runner, which keeps what a passing test prints to itself.
    pub fn skipped(why: &str) {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: {why}");
    }

    fn parsed(sdl: &str) -> Valid<Schema> {
        Schema::parse_and_validate(sdl, "schema.graphql").unwrap()
    }

    /// Plain's own, from the file that `PLAIN_SCHEMA` names. It is not ours to ship.
    pub fn plains_schema() -> Option<Valid<Schema>> {
        let path = std::env::var("PLAIN_SCHEMA")
            .unwrap_or_else(|_| "../shared/plain/schema.graphql".to_owned());
        Some(parsed(&fs::read_to_string(path).ok()?))
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
        let timeline = TimelinePage {
            first: 1,
            after: None,
            whole_mails: true,
        };
        vec![
            text(MyPermissions::operation()),
            text(UpsertTenant::operation("t", "Team")),
            text(UpsertCustomer::operation(UpsertCustomerInput {
                identifier: UpsertCustomerIdentifierInput::default(),
                on_create: UpsertCustomerOnCreateInput {
                    full_name: "Ada",
                    email,
                    ..Default::default()
                },
                on_update: UpsertCustomerOnUpdateInput::default(),
            })),
            text(CustomerByEmail::operation("a@example.com")),
            text(CustomerIdByExternalId::operation("u_1")),
            text(AddCustomerToTenants::operation(AddCustomerToTenantsInput {
                customer_identifier: by_id(),
                tenant_identifiers: vec![TenantIdentifierInput::by_id("te_1")],
            })),
            text(RemoveCustomerFromTenants::operation(
                RemoveCustomerFromTenantsInput {
                    customer_identifier: by_id(),
                    tenant_identifiers: vec![TenantIdentifierInput::by_external_id("t")],
                },
            )),
            text(SetCustomerTenants::operation(SetCustomerTenantsInput {
                customer_identifier: by_id(),
                tenant_identifiers: vec![],
            })),
            text(FullCustomerById::operation("c_1")),
            text(FullCustomerByExternalId::operation("x")),
            text(FullCustomerByEmail::operation("a@example.com")),
            text(CustomerRecordById::operation("c_1")),
            text(CustomerRecordByExternalId::operation("x")),
            text(CustomerRecordByEmail::operation("a@example.com")),
            text(ThreadIdByRef::operation("T-1")),
            text(UpsertFullCustomer::operation(full_upsert())),
            text(UpsertCustomerRecord::operation(full_upsert())),
            text(Customers::operation(
                CustomersFilter {
                    is_marked_as_spam: Some(false),
                    customer_group_ids: Some(vec![Id::new("cg_1")]),
                    customer_group_keys: Some(vec!["beta".into()]),
                    company_identifiers: Some(vec![CompanyIdentifierInput {
                        company_domain_name: Some("plain.com".into()),
                        ..Default::default()
                    }]),
                    tenant_identifiers: Some(vec![TenantIdentifierInput::by_id("te_1")]),
                    updated_at: Some(DatetimeFilter {
                        after: Some("2026-01-01T00:00:00Z".into()),
                        before: None,
                    }),
                },
                Some(CustomersSort {
                    field: CustomersSortField::FullName,
                    direction: SortDirection::Asc,
                }),
                PageArguments::last(1, None),
            )),
            text(SearchCustomers::operation(
                CustomersSearchQuery::anywhere("ada"),
                first(),
            )),
            text(DeleteCustomer::operation("c_1")),
            text(MarkCustomerAsSpam::operation("c_1")),
            text(UnmarkCustomerAsSpam::operation("c_1")),
            text(CustomerGroupById::operation("cg_1")),
            text(CustomerGroups::operation(
                CustomerGroupsFilter::default(),
                first(),
            )),
            text(CreateCustomerGroup::operation(CreateCustomerGroupInput {
                name: "Beta",
                key: "beta",
                color: "#aabbcc",
                external_id: Some("b"),
            })),
            text(UpdateCustomerGroup::operation(UpdateCustomerGroupInput {
                customer_group_id: Id::new("cg_1"),
                name: Some(StringInput { value: "Beta" }),
                key: None,
                color: None,
                external_id: Some(OptionalStringInput { value: None }),
            })),
            text(DeleteCustomerGroup::operation("cg_1")),
            text(RemoveCustomerFromCustomerGroups::operation(
                RemoveCustomerFromCustomerGroupsInput {
                    customer_id: Id::new("c_1"),
                    customer_group_identifiers: vec![CustomerGroupIdentifier::by_key("beta")],
                },
            )),
            text(TenantById::operation("te_1")),
            text(Tenants::operation(
                TenantsFilter {
                    is_deleted: Some(false),
                    ..Default::default()
                },
                first(),
            )),
            text(SearchTenants::operation("team", first())),
            text(UpsertTenantRecord::operation(UpsertTenantInput {
                identifier: TenantIdentifierInput::by_id("te_1"),
                name: "Team",
                external_id: "t",
                url: Some(OptionalStringInput { value: None }),
            })),
            text(CreateCustomerEvent::operation(CreateCustomerEventInput {
                customer_identifier: by_id(),
                external_id: Some(Id::new("e")),
                title: "Key deleted",
                components: every_component(),
                timestamp: Some("2026-01-01T00:00:00Z"),
            })),
            text(CreateThreadEvent::operation(CreateThreadEventInput {
                thread_id: Id::new("th_1"),
                external_id: None,
                title: "Key deleted",
                components: every_component(),
                timestamp: None,
            })),
            text(AddCustomerToCustomerGroups::operation(
                "c_1",
                vec![CustomerGroupIdentifier::by_key("key")],
            )),
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
            text(ThreadPageById::operation("th_1", timeline)),
            text(ThreadPageByRef::operation("T-1", timeline)),
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

    /// An upsert with all that it can have.
    fn full_upsert() -> UpsertCustomerInput<'static> {
        let email = EmailAddressInput {
            email: "a@example.com",
            is_verified: true,
        };
        let value = |value| Some(OptionalStringInput { value });
        UpsertCustomerInput {
            identifier: UpsertCustomerIdentifierInput {
                external_id: Some(Id::new("x")),
                ..Default::default()
            },
            on_create: UpsertCustomerOnCreateInput {
                external_id: Some(Id::new("x")),
                full_name: "Ada",
                short_name: Some("A"),
                email,
                customer_group_identifiers: Some(vec![CustomerGroupIdentifier::by_key("beta")]),
                tenant_identifiers: Some(vec![TenantIdentifierInput::by_external_id("t")]),
            },
            on_update: UpsertCustomerOnUpdateInput {
                external_id: value(Some("x")),
                full_name: Some(StringInput { value: "Ada" }),
                short_name: value(None),
                email: Some(email),
            },
        }
    }

    /// Each kind of component, with all that it can have.
    fn every_component() -> Vec<EventComponent> {
        let components = serde_json::json!([
            { "componentText": { "text": "a", "textSize": "S", "textColor": "MUTED" } },
            { "componentPlainText": { "plainText": "a", "plainTextSize": "L", "plainTextColor": "ERROR" } },
            { "componentDivider": { "dividerSpacingSize": "XL" } },
            { "componentLinkButton": { "linkButtonUrl": "https://a.example", "linkButtonLabel": "a" } },
            { "componentWorkflowButton": { "workflowButtonWorkflowIdentifier": { "workflowKey": "k" }, "workflowButtonLabel": "a" } },
            { "componentSpacer": { "spacerSize": "XS" } },
            { "componentBadge": { "badgeLabel": "a", "badgeColor": "GREY" } },
            { "componentCopyButton": { "copyButtonValue": "a", "copyButtonTooltipLabel": "b" } },
            { "componentDateTime": { "dateTimeIso8601": "2026-01-01T00:00:00Z" } },
            { "componentUser": { "userIdentifier": { "emailAddress": "a@example.com" } } },
            { "componentRow": { "rowMainContent": [{ "componentText": { "text": "a" } }], "rowAsideContent": [] } },
        ]);
        serde_json::from_value(components).unwrap()
    }

    /// Each operation is valid, and its variables have the types that it declares.
    fn all_are_valid(schema: &Valid<Schema>) {
        for Sent {
            name,
            query,
            variables,
            ..
        } in operations()
        {
            let document = ExecutableDocument::parse_and_validate(schema, &query, "o.graphql")
                .unwrap_or_else(|error| panic!("{name}: {query}\n{}", error.errors));
            let operation = document.operations.get(Some(&name)).unwrap();
            coerce_variable_values(schema, operation, &variables)
                .unwrap_or_else(|error| panic!("{name}: {}", error.message()));
        }
    }

    #[test]
    fn operations_are_valid_by_our_own_description() {
        all_are_valid(&parsed(include_str!("schema.graphql")));
    }

    #[test]
    fn operations_are_valid_by_plains_schema() {
        match plains_schema() {
            Some(schema) => all_are_valid(&schema),
            None => skipped("no PLAIN_SCHEMA"),
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
