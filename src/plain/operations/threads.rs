//! Single threads, and what a customer does to them.

use super::*;

/// How a thread is named in an address: Plain's id (`th_…`) or the ref that people read (`T-123`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThreadKey {
    Id(String),
    Ref(String),
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadStatus {
    Todo,
    Snoozed,
    Done,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadChannel {
    Email,
    Slack,
    Chat,
    Api,
    MsTeams,
    Discord,
    Import,
    Internal,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::InlineFragments, Debug, Clone)]
pub enum ThreadStatusDetail {
    WaitingForCustomer(ThreadStatusDetailWaitingForCustomer),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct ThreadStatusDetailWaitingForCustomer {
    pub __typename: String,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct ThreadMessageInfo {
    pub timestamp: DateTime,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Customer")]
pub struct CustomerName {
    pub id: Id,
    /// The schema says that there is one; a page can do without it.
    pub full_name: Option<String>,
}

/// A thread without its messages.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Thread {
    pub id: Id,
    #[cynic(rename = "ref")]
    pub ref_: String,
    pub title: String,
    pub customer: CustomerName,
    pub tenant: Option<Tenant>,
    pub channel: ThreadChannel,
    pub status: ThreadStatus,
    pub status_detail: Option<ThreadStatusDetail>,
    pub created_at: DateTime,
    pub last_inbound_message_info: Option<ThreadMessageInfo>,
    pub last_outbound_message_info: Option<ThreadMessageInfo>,
}

#[derive(cynic::QueryVariables)]
pub struct ThreadByIdVariables {
    pub thread_id: Id,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ThreadByIdVariables")]
pub struct ThreadById {
    #[arguments(threadId: $thread_id)]
    pub thread: Option<Thread>,
}

impl ThreadById {
    pub fn operation(id: &str) -> Operation<Self, ThreadByIdVariables> {
        Self::build(ThreadByIdVariables {
            thread_id: Id::new(id),
        })
    }
}

#[derive(cynic::QueryVariables)]
pub struct ThreadByRefVariables<'a> {
    pub thread_ref: &'a str,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ThreadByRefVariables")]
pub struct ThreadByRef {
    #[arguments(ref: $thread_ref)]
    pub thread_by_ref: Option<Thread>,
}

impl ThreadByRef {
    pub fn operation(thread_ref: &str) -> Operation<Self, ThreadByRefVariables<'_>> {
        Self::build(ThreadByRefVariables { thread_ref })
    }
}

#[derive(cynic::QueryVariables)]
pub struct ThreadByExternalIdVariables {
    pub customer_id: Id,
    pub external_id: Id,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ThreadByExternalIdVariables")]
pub struct ThreadByExternalId {
    #[arguments(customerId: $customer_id, externalId: $external_id)]
    pub thread_by_external_id: Option<Thread>,
}

impl ThreadByExternalId {
    pub fn operation(
        customer_id: &str,
        external_id: &str,
    ) -> Operation<Self, ThreadByExternalIdVariables> {
        Self::build(ThreadByExternalIdVariables {
            customer_id: Id::new(customer_id),
            external_id: Id::new(external_id),
        })
    }
}

#[derive(cynic::InputObject, Debug)]
pub struct ComponentTextInput<'a> {
    pub text: &'a str,
}

#[derive(cynic::InputObject, Debug)]
pub struct ComponentInput<'a> {
    pub component_text: Option<ComponentTextInput<'a>>,
}

impl<'a> ComponentInput<'a> {
    /// A markdown text of 1 to 10,000 characters.
    pub fn text(text: &'a str) -> Self {
        Self {
            component_text: Some(ComponentTextInput { text }),
        }
    }
}

#[derive(cynic::InputObject, Debug)]
pub struct CreateThreadInput<'a> {
    pub customer_identifier: CustomerIdentifierInput,
    pub title: Option<&'a str>,
    pub components: Option<Vec<ComponentInput<'a>>>,
    pub external_id: Option<Id>,
    pub tenant_identifier: Option<TenantIdentifierInput>,
    pub attachment_ids: Option<Vec<Id>>,
}

#[derive(cynic::QueryVariables)]
pub struct CreateThreadVariables<'a> {
    pub input: CreateThreadInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CreateThreadVariables")]
pub struct CreateThread {
    #[arguments(input: $input)]
    pub create_thread: CreateThreadOutput,
}

impl CreateThread {
    pub fn operation(input: CreateThreadInput<'_>) -> Operation<Self, CreateThreadVariables<'_>> {
        Self::build(CreateThreadVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct CreateThreadOutput {
    pub thread: Option<ThreadId>,
    pub error: Option<MutationError>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Thread")]
pub struct ThreadId {
    pub id: Id,
}

#[derive(cynic::InputObject, Debug)]
pub struct CustomerImpersonationInput {
    pub customer_identifier: CustomerIdentifierInput,
}

#[derive(cynic::InputObject, Debug)]
pub struct ImpersonationInput {
    pub as_customer: CustomerImpersonationInput,
}

#[derive(cynic::InputObject, Debug)]
pub struct ReplyToThreadInput<'a> {
    pub thread_id: Id,
    pub text_content: &'a str,
    pub markdown_content: Option<&'a str>,
    pub impersonation: Option<ImpersonationInput>,
    pub attachment_ids: Option<Vec<Id>>,
}

#[derive(cynic::QueryVariables)]
pub struct ReplyToThreadVariables<'a> {
    pub input: ReplyToThreadInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ReplyToThreadVariables")]
pub struct ReplyToThread {
    #[arguments(input: $input)]
    pub reply_to_thread: ReplyToThreadOutput,
}

impl ReplyToThread {
    pub fn operation<'a>(
        thread_id: &str,
        customer_id: &str,
        markdown: &'a str,
        attachment_ids: Option<Vec<Id>>,
    ) -> Operation<Self, ReplyToThreadVariables<'a>> {
        let customer_identifier = CustomerIdentifierInput::by_id(customer_id);
        Self::build(ReplyToThreadVariables {
            input: ReplyToThreadInput {
                thread_id: Id::new(thread_id),
                text_content: markdown,
                markdown_content: Some(markdown),
                impersonation: Some(ImpersonationInput {
                    as_customer: CustomerImpersonationInput {
                        customer_identifier,
                    },
                }),
                attachment_ids,
            },
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct ReplyToThreadOutput {
    pub error: Option<MutationError>,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(non_exhaustive)]
pub enum DoneStatusDetail {
    DoneManuallySet,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::InputObject, Debug)]
pub struct MarkThreadAsDoneInput {
    pub thread_id: Id,
    pub status_detail: Option<DoneStatusDetail>,
}

#[derive(cynic::QueryVariables)]
pub struct MarkThreadAsDoneVariables {
    pub input: MarkThreadAsDoneInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "MarkThreadAsDoneVariables")]
pub struct MarkThreadAsDone {
    #[arguments(input: $input)]
    pub mark_thread_as_done: MarkThreadAsDoneOutput,
}

impl MarkThreadAsDone {
    pub fn operation(thread_id: &str) -> Operation<Self, MarkThreadAsDoneVariables> {
        let input = MarkThreadAsDoneInput {
            thread_id: Id::new(thread_id),
            status_detail: Some(DoneStatusDetail::DoneManuallySet),
        };
        Self::build(MarkThreadAsDoneVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct MarkThreadAsDoneOutput {
    pub error: Option<MutationError>,
}

#[derive(cynic::InputObject, Debug)]
pub struct MarkThreadAsTodoInput {
    pub thread_id: Id,
}

#[derive(cynic::QueryVariables)]
pub struct MarkThreadAsTodoVariables {
    pub input: MarkThreadAsTodoInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "MarkThreadAsTodoVariables")]
pub struct MarkThreadAsTodo {
    #[arguments(input: $input)]
    pub mark_thread_as_todo: MarkThreadAsTodoOutput,
}

impl MarkThreadAsTodo {
    pub fn operation(thread_id: &str) -> Operation<Self, MarkThreadAsTodoVariables> {
        Self::build(MarkThreadAsTodoVariables {
            input: MarkThreadAsTodoInput {
                thread_id: Id::new(thread_id),
            },
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct MarkThreadAsTodoOutput {
    pub error: Option<MutationError>,
}
