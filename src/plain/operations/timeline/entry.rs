//! What stands in a timeline: the members of Plain's `Entry` that [`KINDS`] lets through, and of them what may be shown.

use super::*;

#[derive(cynic::QueryFragment, Debug)]
#[cynic(variables = "TimelineVariables")]
pub struct TimelineEntry {
    pub id: Id,
    pub thread_id: Id,
    pub timestamp: DateTime,
    pub entry: Entry,
    pub actor: Option<Actor>,
}

/// What happened; kinds that we did not ask for, and kinds of the future, are `Other` and not shown.
#[derive(cynic::InlineFragments, Debug)]
#[cynic(variables = "TimelineVariables")]
pub enum Entry {
    Chat(ChatEntry),
    Email(Box<EmailEntry>),
    Custom(CustomEntry),
    SlackMessage(SlackMessageEntry),
    SlackReply(SlackReplyEntry),
    MsTeamsMessage(MsTeamsMessageEntry),
    DiscordMessage(DiscordMessageEntry),
    HelpCenterAiConversationMessage(HelpCenterAiConversationMessageEntry),
    MergedThreadMessage(MergedThreadMessageEntry),
    ThreadStatusTransitioned(ThreadStatusTransitionedEntry),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ChatEntry {
    // An alias: `text` of the other kinds cannot be null, so one selection cannot hold them under one name.
    #[cynic(alias, rename = "text")]
    pub chat_text: Option<String>,
    pub attachments: Option<Vec<Option<Attachment>>>,
}

/// A message put together from UI components, as forms make them.
#[derive(cynic::QueryFragment, Debug)]
pub struct CustomEntry {
    pub components: Vec<Component>,
    pub attachments: Option<Vec<Option<Attachment>>>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct SlackMessageEntry {
    pub text: String,
    pub last_edited_on_slack_at: Option<DateTime>,
    pub deleted_on_slack_at: Option<DateTime>,
    pub attachments: Option<Vec<Option<Attachment>>>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct SlackReplyEntry {
    pub text: String,
    pub last_edited_on_slack_at: Option<DateTime>,
    pub deleted_on_slack_at: Option<DateTime>,
    pub attachments: Option<Vec<Option<Attachment>>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "MSTeamsMessageEntry")]
pub struct MsTeamsMessageEntry {
    pub text: String,
    pub markdown_content: Option<String>,
    pub last_edited_on_ms_teams_at: Option<DateTime>,
    pub deleted_on_ms_teams_at: Option<DateTime>,
    pub attachments: Option<Vec<Option<Attachment>>>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct DiscordMessageEntry {
    pub markdown_content: Option<String>,
    pub last_edited_on_discord_at: Option<DateTime>,
    pub deleted_on_discord_at: Option<DateTime>,
    pub attachments: Option<Vec<Option<Attachment>>>,
}

/// What was said in a conversation with the help centre's assistant.
#[derive(cynic::QueryFragment, Debug)]
pub struct HelpCenterAiConversationMessageEntry {
    pub markdown: String,
}

/// How many times over a message may have been merged for its contents to be asked for.
pub const MERGES_ASKED_FOR: u8 = 2;

/// A message of a thread that was merged into this one; the message may itself have come by merging, and what has come
/// so more often than [`MERGES_ASKED_FOR`] has no entry here.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(variables = "TimelineVariables")]
pub struct MergedThreadMessageEntry {
    pub child_thread_details: ChildThreadDetails,
    #[cynic(recurse = "2")]
    pub child_timeline_entry: Option<Box<TimelineEntry>>,
}

/// The thread that was merged into another. Its title and ref are that thread's viewers' to see.
#[derive(cynic::QueryFragment, Debug)]
pub struct ChildThreadDetails {
    pub id: Id,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ThreadStatusTransitionedEntry {
    pub previous_status: ThreadStatus,
    pub previous_status_detail: Option<ThreadStatusDetail>,
    pub next_status: ThreadStatus,
    pub next_status_detail: Option<ThreadStatusDetail>,
}
