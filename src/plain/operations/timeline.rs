//! One thread with a page of its timeline. Only kinds of entries that a customer may see are asked for.

use super::*;

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(non_exhaustive)]
pub enum TimelineEntryType {
    Chat,
    Custom,
    Email,
    SlackMessage,
    SlackReply,
    MsTeamsMessage,
    DiscordMessage,
    #[cynic(fallback)]
    Other,
}

/// The kinds of entries that are messages between the customer and the support team.
const MESSAGES: [TimelineEntryType; 7] = [
    TimelineEntryType::Chat,
    TimelineEntryType::Custom,
    TimelineEntryType::Email,
    TimelineEntryType::SlackMessage,
    TimelineEntryType::SlackReply,
    TimelineEntryType::MsTeamsMessage,
    TimelineEntryType::DiscordMessage,
];

#[derive(cynic::InputObject, Debug)]
pub struct ThreadTimelineEntriesFilter {
    pub entry_types: Option<Vec<TimelineEntryType>>,
}

impl ThreadTimelineEntriesFilter {
    fn messages() -> Self {
        Self {
            entry_types: Some(MESSAGES.to_vec()),
        }
    }
}

/// Serves both ways to name a thread: a query declares only the variable that it uses, the other stays empty and is not sent.
#[derive(cynic::QueryVariables)]
pub struct ThreadPageVariables<'a> {
    #[cynic(skip_serializing_if = "is_empty")]
    pub thread_id: Id,
    #[cynic(skip_serializing_if = "str::is_empty")]
    pub thread_ref: &'a str,
    pub entries: ThreadTimelineEntriesFilter,
    pub first: i32,
    pub after: Option<&'a str>,
}

fn is_empty(id: &Id) -> bool {
    id.inner().is_empty()
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ThreadPageVariables")]
pub struct ThreadPageById {
    #[arguments(threadId: $thread_id)]
    pub thread: Option<ThreadWithTimeline>,
}

impl ThreadPageById {
    pub fn operation<'a>(
        id: &str,
        after: Option<&'a str>,
        first: i32,
    ) -> Operation<Self, ThreadPageVariables<'a>> {
        let entries = ThreadTimelineEntriesFilter::messages();
        Self::build(ThreadPageVariables {
            thread_id: Id::new(id),
            thread_ref: "",
            entries,
            first,
            after,
        })
    }
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ThreadPageVariables")]
pub struct ThreadPageByRef {
    #[arguments(ref: $thread_ref)]
    pub thread_by_ref: Option<ThreadWithTimeline>,
}

impl ThreadPageByRef {
    pub fn operation<'a>(
        thread_ref: &'a str,
        after: Option<&'a str>,
        first: i32,
    ) -> Operation<Self, ThreadPageVariables<'a>> {
        let entries = ThreadTimelineEntriesFilter::messages();
        Self::build(ThreadPageVariables {
            thread_id: Id::new(""),
            thread_ref,
            entries,
            first,
            after,
        })
    }
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Thread", variables = "ThreadPageVariables")]
pub struct ThreadWithTimeline {
    #[cynic(spread)]
    pub thread: Thread,
    #[arguments(filters: $entries, first: $first, after: $after)]
    pub timeline_entries: TimelineEntryConnection,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct TimelineEntryConnection {
    pub edges: Vec<TimelineEntryEdge>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct TimelineEntryEdge {
    pub node: TimelineEntry,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct TimelineEntry {
    pub id: Id,
    pub timestamp: DateTime,
    pub entry: Entry,
    pub actor: Actor,
}

/// One entry by itself, with the thread that it stands in.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "TimelineEntry")]
pub struct PlacedEntry {
    pub thread_id: Id,
    #[cynic(spread)]
    pub entry: TimelineEntry,
}

#[derive(cynic::QueryVariables)]
pub struct TimelineEntryVariables {
    pub customer_id: Id,
    pub timeline_entry_id: Id,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TimelineEntryVariables")]
pub struct TimelineEntryById {
    #[arguments(customerId: $customer_id, timelineEntryId: $timeline_entry_id)]
    pub timeline_entry: Option<PlacedEntry>,
}

impl TimelineEntryById {
    pub fn operation(customer_id: &str, entry_id: &str) -> Operation<Self, TimelineEntryVariables> {
        Self::build(TimelineEntryVariables {
            customer_id: Id::new(customer_id),
            timeline_entry_id: Id::new(entry_id),
        })
    }
}

/// Who did it. An agent is known to customers by the public name alone.
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
    pub user: User,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct User {
    pub public_name: String,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerActor {
    pub customer_id: Id,
    pub customer: CustomerName,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct DeletedCustomerActor {
    pub customer_id: Id,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct MachineUserActor {
    pub machine_user: MachineUser,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct MachineUser {
    pub public_name: String,
}

/// What happened; kinds that we did not ask for, and kinds of the future, are `Other` and not shown.
#[derive(cynic::InlineFragments, Debug)]
pub enum Entry {
    Chat(ChatEntry),
    Email(EmailEntry),
    Custom(CustomEntry),
    SlackMessage(SlackMessageEntry),
    SlackReply(SlackReplyEntry),
    MsTeamsMessage(MsTeamsMessageEntry),
    DiscordMessage(DiscordMessageEntry),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ChatEntry {
    // An alias: `text` of the other kinds cannot be null, so one selection cannot hold them under one name.
    #[cynic(alias, rename = "text")]
    pub chat_text: Option<String>,
    pub attachments: Vec<Attachment>,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(non_exhaustive)]
pub enum EmailCategory {
    Messaging,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct EmailEntry {
    pub subject: Option<String>,
    pub text_content: Option<String>,
    pub markdown_content: Option<String>,
    pub category: EmailCategory,
    pub attachments: Vec<Attachment>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct SlackMessageEntry {
    pub text: String,
    pub deleted_on_slack_at: Option<DateTime>,
    pub attachments: Vec<Attachment>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct SlackReplyEntry {
    pub text: String,
    pub deleted_on_slack_at: Option<DateTime>,
    pub attachments: Vec<Attachment>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "MSTeamsMessageEntry")]
pub struct MsTeamsMessageEntry {
    pub text: String,
    pub markdown_content: Option<String>,
    pub deleted_on_ms_teams_at: Option<DateTime>,
    pub attachments: Vec<Attachment>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct DiscordMessageEntry {
    pub markdown_content: Option<String>,
    pub deleted_on_discord_at: Option<DateTime>,
    pub attachments: Vec<Attachment>,
}

/// A message put together from UI components, as forms make them.
#[derive(cynic::QueryFragment, Debug)]
pub struct CustomEntry {
    pub components: Vec<Component>,
    pub attachments: Vec<Attachment>,
}

#[derive(cynic::InlineFragments, Debug)]
#[cynic(graphql_type = "CustomTimelineEntryComponent")]
pub enum Component {
    Text(ComponentText),
    PlainText(ComponentPlainText),
    Divider(ComponentDivider),
    LinkButton(ComponentLinkButton),
    Badge(ComponentBadge),
    CopyButton(ComponentCopyButton),
    DateTime(ComponentDateTime),
    Row(ComponentRow),
    Container(ComponentContainer),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::InlineFragments, Debug)]
#[cynic(graphql_type = "ComponentContainerContent")]
pub enum ContainerContent {
    Text(ComponentText),
    PlainText(ComponentPlainText),
    Divider(ComponentDivider),
    LinkButton(ComponentLinkButton),
    Badge(ComponentBadge),
    CopyButton(ComponentCopyButton),
    DateTime(ComponentDateTime),
    Row(ComponentRow),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::InlineFragments, Debug)]
#[cynic(graphql_type = "ComponentRowContent")]
pub enum RowContent {
    Text(ComponentText),
    PlainText(ComponentPlainText),
    Divider(ComponentDivider),
    LinkButton(ComponentLinkButton),
    Badge(ComponentBadge),
    CopyButton(ComponentCopyButton),
    DateTime(ComponentDateTime),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentText {
    pub text: String,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentPlainText {
    pub plain_text: String,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentDivider {
    pub __typename: String,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentLinkButton {
    pub link_button_url: String,
    pub link_button_label: String,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentBadge {
    pub badge_label: String,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentCopyButton {
    pub copy_button_value: String,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentDateTime {
    #[cynic(rename = "dateTimeIso8601")]
    pub date_time: DateTime,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentRow {
    pub row_main_content: Vec<RowContent>,
    pub row_aside_content: Vec<RowContent>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentContainer {
    pub container_content: Vec<ContainerContent>,
}
