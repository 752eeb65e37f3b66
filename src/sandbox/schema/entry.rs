//! What timeline entries say: the members of Plain's `Entry` union.

mod internal;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};

use internal::*;

use super::{
    actor::{Actor, InternalActor, ThreadAssignee},
    component::{CustomTimelineEntryComponent, EventComponent},
    email::{Attachment, EmailEntry, attachments},
    label::Label,
    status::ThreadStatusDetail,
    time::DateTime,
    timeline::TimelineEntry,
};
use crate::sandbox::{
    enums::ThreadStatus,
    errors::lost,
    records::{self, Body},
    store::store,
};

/// A note among agents. Not for customers.
#[derive(SimpleObject)]
pub struct NoteEntry {
    note_id: ID,
    text: String,
    markdown: Option<String>,
    attachments: Vec<Attachment>,
    is_edited: bool,
    edited_at: Option<DateTime>,
    edited_by: Option<InternalActor>,
}

/// A chat message.
#[derive(SimpleObject)]
pub struct ChatEntry {
    chat_id: ID,
    text: Option<String>,
    customer_read_at: Option<DateTime>,
    attachments: Vec<Attachment>,
}

/// A message made of components, from a form or from the API.
#[derive(SimpleObject)]
pub struct CustomEntry {
    external_id: Option<ID>,
    title: String,
    #[graphql(name = "type")]
    kind: Option<String>,
    components: Vec<CustomTimelineEntryComponent>,
    attachments: Vec<Attachment>,
}

/// A reaction to a Slack message.
#[derive(SimpleObject)]
pub struct SlackReaction {
    name: String,
    actors: Vec<Actor>,
    image_url: Option<String>,
}

/// The thread that a Slack message belongs to.
#[derive(SimpleObject)]
pub struct SlackMessageEntryRelatedThread {
    thread_id: ID,
}

/// The first message of a Slack thread.
#[derive(SimpleObject)]
pub struct SlackMessageEntry {
    slack_message_link: Option<String>,
    slack_web_message_link: String,
    text: String,
    customer_id: ID,
    related_thread: Option<SlackMessageEntryRelatedThread>,
    attachments: Vec<Attachment>,
    last_edited_on_slack_at: Option<DateTime>,
    deleted_on_slack_at: Option<DateTime>,
    reactions: Vec<SlackReaction>,
}

/// A later message of a Slack thread.
#[derive(SimpleObject)]
pub struct SlackReplyEntry {
    slack_message_link: Option<String>,
    slack_web_message_link: String,
    customer_id: ID,
    text: String,
    attachments: Vec<Attachment>,
    last_edited_on_slack_at: Option<DateTime>,
    deleted_on_slack_at: Option<DateTime>,
    reactions: Vec<SlackReaction>,
}

/// A message in Microsoft Teams.
#[derive(SimpleObject)]
#[graphql(name = "MSTeamsMessageEntry")]
pub struct MsTeamsMessageEntry {
    text: String,
    customer_id: ID,
    markdown_content: Option<String>,
    ms_teams_message_id: ID,
    ms_teams_message_link: String,
    attachments: Vec<Attachment>,
    has_unprocessed_attachments: bool,
    last_edited_on_ms_teams_at: Option<DateTime>,
    deleted_on_ms_teams_at: Option<DateTime>,
}

/// A message in Discord.
#[derive(SimpleObject)]
pub struct DiscordMessageEntry {
    customer_id: ID,
    discord_message_id: ID,
    markdown_content: Option<String>,
    attachments: Vec<Attachment>,
    last_edited_on_discord_at: Option<DateTime>,
    deleted_on_discord_at: Option<DateTime>,
    discord_message_link: String,
}

/// A message to the help centre's assistant, or of it.
#[derive(SimpleObject)]
pub struct HelpCenterAiConversationMessageEntry {
    help_center_id: ID,
    help_center_ai_conversation_id: ID,
    message_id: ID,
    markdown: String,
}

/// The thread that was merged into another.
#[derive(SimpleObject)]
pub struct ChildThreadDetails {
    id: ID,
    #[graphql(name = "ref")]
    reference: String,
    title: Option<String>,
}

/// A message of a thread that was merged into this one.
#[derive(SimpleObject)]
pub struct MergedThreadMessageEntry {
    thread_link_id: ID,
    child_thread_details: ChildThreadDetails,
    child_timeline_entry: Option<TimelineEntry>,
}

/// The status has changed.
#[derive(SimpleObject)]
pub struct ThreadStatusTransitionedEntry {
    previous_status: ThreadStatus,
    previous_status_detail: Option<ThreadStatusDetail>,
    next_status: ThreadStatus,
    next_status_detail: Option<ThreadStatusDetail>,
}

/// Somebody else has the thread. Not for customers.
#[derive(SimpleObject)]
pub struct ThreadAssignmentTransitionedEntry {
    previous_assignee: Option<ThreadAssignee>,
    next_assignee: Option<ThreadAssignee>,
}

/// The priority has changed. Not for customers.
#[derive(SimpleObject)]
pub struct ThreadPriorityChangedEntry {
    previous_priority: i32,
    next_priority: i32,
}

/// The labels have changed. Not for customers.
pub struct ThreadLabelsChangedEntry {
    from: Vec<records::Label>,
    to: Vec<records::Label>,
}

#[Object]
impl ThreadLabelsChangedEntry {
    async fn previous_labels(&self) -> Vec<Label> {
        self.from.iter().cloned().map(Label::from).collect()
    }

    async fn next_labels(&self) -> Vec<Label> {
        self.to.iter().cloned().map(Label::from).collect()
    }
}

/// Something that the host product reported about a thread.
#[derive(SimpleObject)]
pub struct ThreadEventEntry {
    timeline_event_id: ID,
    title: String,
    components: Vec<EventComponent>,
    customer_id: ID,
    external_id: Option<ID>,
}

/// Something that the host product reported about a customer.
#[derive(SimpleObject)]
pub struct CustomerEventEntry {
    timeline_event_id: ID,
    title: String,
    components: Vec<EventComponent>,
    customer_id: ID,
    external_id: Option<ID>,
}

/// What an entry says.
#[derive(Union)]
pub enum Entry {
    Note(NoteEntry),
    Chat(ChatEntry),
    Email(EmailEntry),
    Custom(CustomEntry),
    SlackMessage(SlackMessageEntry),
    SlackReply(SlackReplyEntry),
    MsTeamsMessage(MsTeamsMessageEntry),
    DiscordMessage(DiscordMessageEntry),
    HelpCenterAiConversationMessage(HelpCenterAiConversationMessageEntry),
    MergedThreadMessage(MergedThreadMessageEntry),
    Status(ThreadStatusTransitionedEntry),
    Assignment(ThreadAssignmentTransitionedEntry),
    Priority(ThreadPriorityChangedEntry),
    Labels(ThreadLabelsChangedEntry),
    ThreadEvent(ThreadEventEntry),
    CustomerEvent(CustomerEventEntry),
    LinearState(LinearIssueThreadLinkStateTransitionedEntry),
    AdditionalAssignees(ThreadAdditionalAssigneesTransitionedEntry),
    Discussion(ThreadDiscussionEntry),
    DiscussionMessage(ThreadDiscussionMessageEntry),
    DiscussionResolved(ThreadDiscussionResolvedEntry),
    ServiceLevel(ServiceLevelAgreementStatusTransitionedEntry),
    LinkCreated(ThreadLinkCreatedEntry),
    LinkUpdated(ThreadLinkUpdatedEntry),
    LinkDeleted(ThreadLinkDeletedEntry),
    LinkTargetCreated(ThreadLinkTargetCreatedEntry),
    LinkTargetDeleted(ThreadLinkTargetDeletedEntry),
    Survey(CustomerSurveyRequestedEntry),
}

impl Entry {
    /// What a recorded entry says.
    pub fn of(ctx: &Context<'_>, entry: &Arc<records::Entry>) -> Result<Self> {
        Self::saying(ctx, entry, entry.body.clone())
    }

    fn saying(ctx: &Context<'_>, entry: &Arc<records::Entry>, body: Body) -> Result<Self> {
        let attachments = attachments(body.attachments());
        Ok(match body {
            Body::Note {
                id, text, markdown, ..
            } => Self::Note(NoteEntry {
                note_id: id.into(),
                text,
                markdown,
                attachments,
                is_edited: false,
                edited_at: None,
                edited_by: None,
            }),
            Body::Chat { id, text, .. } => Self::Chat(ChatEntry {
                chat_id: id.into(),
                text: Some(text),
                customer_read_at: None,
                attachments,
            }),
            Body::Email(email) => Self::Email(EmailEntry {
                email,
                at: entry.at,
            }),
            Body::Custom {
                title,
                kind,
                components,
                ..
            } => Self::Custom(CustomEntry {
                external_id: None,
                title,
                kind,
                components,
                attachments,
            }),
            Body::SlackMessage { text, .. } => Self::SlackMessage(SlackMessageEntry {
                slack_message_link: None,
                slack_web_message_link: slack_link(entry),
                text,
                customer_id: (&entry.customer_id).into(),
                related_thread: Some(SlackMessageEntryRelatedThread {
                    thread_id: (&entry.thread_id).into(),
                }),
                attachments,
                last_edited_on_slack_at: None,
                deleted_on_slack_at: None,
                reactions: Vec::new(),
            }),
            Body::SlackReply { text, .. } => Self::SlackReply(SlackReplyEntry {
                slack_message_link: None,
                slack_web_message_link: slack_link(entry),
                customer_id: (&entry.customer_id).into(),
                text,
                attachments,
                last_edited_on_slack_at: None,
                deleted_on_slack_at: None,
                reactions: Vec::new(),
            }),
            Body::MsTeamsMessage {
                id, text, markdown, ..
            } => Self::MsTeamsMessage(MsTeamsMessageEntry {
                text,
                customer_id: (&entry.customer_id).into(),
                markdown_content: markdown,
                ms_teams_message_link: format!("https://teams.example/messages/{id}"),
                ms_teams_message_id: id.into(),
                attachments,
                has_unprocessed_attachments: false,
                last_edited_on_ms_teams_at: None,
                deleted_on_ms_teams_at: None,
            }),
            Body::Discord { text } => Self::DiscordMessage(DiscordMessageEntry {
                customer_id: (&entry.customer_id).into(),
                discord_message_id: (&entry.id).into(),
                markdown_content: Some(text),
                attachments: Vec::new(),
                last_edited_on_discord_at: None,
                deleted_on_discord_at: None,
                discord_message_link: format!("https://discord.example/messages/{}", entry.id),
            }),
            Body::HelpCenter { text } => {
                Self::HelpCenterAiConversationMessage(HelpCenterAiConversationMessageEntry {
                    help_center_id: "hc_1".into(),
                    help_center_ai_conversation_id: (&entry.thread_id).into(),
                    message_id: (&entry.id).into(),
                    markdown: text,
                })
            }
            Body::Changed {
                body,
                edited,
                deleted,
            } => {
                let (edited, deleted) = (edited.map(Into::into), deleted.map(Into::into));
                Self::saying(ctx, entry, *body)?.changed(edited, deleted)
            }
            Body::Internal(internal) => internal::entry(entry, &internal),
            Body::Status { from, to } => Self::Status(ThreadStatusTransitionedEntry {
                previous_status: from.0,
                previous_status_detail: Some(from.1.into()),
                next_status: to.0,
                next_status_detail: Some(to.1.into()),
            }),
            Body::Assignment { from, to } => {
                let find = |who: Option<records::Who>| {
                    who.map(|who| ThreadAssignee::find(ctx, &who)).transpose()
                };
                Self::Assignment(ThreadAssignmentTransitionedEntry {
                    previous_assignee: find(from)?,
                    next_assignee: find(to)?,
                })
            }
            Body::Priority { from, to } => Self::Priority(ThreadPriorityChangedEntry {
                previous_priority: from,
                next_priority: to,
            }),
            Body::Labels { from, to } => Self::Labels(ThreadLabelsChangedEntry { from, to }),
            Body::Merged {
                child_thread_id,
                child_entry,
            } => {
                let state = store(ctx).lock();
                let child = state.threads.get(&child_thread_id);
                let child = child.ok_or_else(|| lost("thread"))?;
                Self::MergedThreadMessage(MergedThreadMessageEntry {
                    thread_link_id: format!("tl_{}", child.number).into(),
                    child_thread_details: ChildThreadDetails {
                        id: (&child.id).into(),
                        reference: format!("T-{}", child.number),
                        title: Some(child.title.clone()),
                    },
                    child_timeline_entry: Some(child_entry.into()),
                })
            }
            Body::ThreadEvent { id, event } => Self::ThreadEvent(ThreadEventEntry {
                timeline_event_id: id.into(),
                title: event.title,
                components: event.components,
                customer_id: (&entry.customer_id).into(),
                external_id: event.external_id.map(ID::from),
            }),
            Body::CustomerEvent { id, event } => Self::CustomerEvent(CustomerEventEntry {
                timeline_event_id: id.into(),
                title: event.title,
                components: event.components,
                customer_id: (&entry.customer_id).into(),
                external_id: event.external_id.map(ID::from),
            }),
        })
    }
}

impl Entry {
    /// The same, as its author has changed it or taken it back; other products' messages alone know that.
    fn changed(mut self, edited: Option<DateTime>, deleted: Option<DateTime>) -> Self {
        let (last_edited, deleted_at) = match &mut self {
            Self::SlackMessage(it) => {
                (&mut it.last_edited_on_slack_at, &mut it.deleted_on_slack_at)
            }
            Self::SlackReply(it) => (&mut it.last_edited_on_slack_at, &mut it.deleted_on_slack_at),
            Self::MsTeamsMessage(it) => (
                &mut it.last_edited_on_ms_teams_at,
                &mut it.deleted_on_ms_teams_at,
            ),
            Self::DiscordMessage(it) => (
                &mut it.last_edited_on_discord_at,
                &mut it.deleted_on_discord_at,
            ),
            _ => return self,
        };
        *last_edited = edited;
        *deleted_at = deleted;
        self
    }
}

fn slack_link(entry: &records::Entry) -> String {
    let moment = entry.at.as_microsecond();
    format!("https://fieldnote-customers.slack.example/archives/C04FIELDOPS/p{moment}")
}
