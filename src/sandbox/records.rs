//! What the sandbox remembers. Plain records, without any knowledge of GraphQL's resolvers.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    enums::{
        EmailAuthenticity, MessageSource, StatusDetailType, ThreadChannel, ThreadStatus,
        TimelineEntryType,
    },
    schema::component::{CustomTimelineEntryComponent, EventComponent},
    table::Row,
};

/// Who did something: the id of the one who acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// An agent, by id.
    User(String),
    /// A customer, by id.
    Customer(String),
    /// The holder of the API key, by id.
    MachineUser(String),
    /// Plain itself.
    System,
}

/// When something was done, and by whom.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub at: Timestamp,
    pub by: Who,
}

/// An agent.
#[derive(Clone)]
pub struct User {
    pub id: String,
    pub full_name: String,
    pub public_name: String,
    pub email: String,
    pub created: Stamp,
}

/// The machine user to whom every API key belongs.
#[derive(Clone)]
pub struct MachineUser {
    pub id: String,
    pub full_name: String,
    pub public_name: String,
    pub created: Stamp,
}

/// A tenant: one account in the host product.
#[derive(Clone)]
pub struct Tenant {
    pub id: String,
    pub external_id: String,
    pub name: String,
    pub url: Option<String>,
    pub created: Stamp,
    pub updated: Stamp,
}

/// A customer's place in a tenant.
#[derive(Clone)]
pub struct Membership {
    pub tenant_id: String,
    pub created: Stamp,
}

/// A customer: one person.
#[derive(Clone)]
pub struct Customer {
    pub id: String,
    pub external_id: Option<String>,
    pub full_name: String,
    pub short_name: Option<String>,
    pub email: String,
    /// When the address was confirmed; none while it is not.
    pub verified_at: Option<Timestamp>,
    pub memberships: Vec<Membership>,
    pub created: Stamp,
    pub updated: Stamp,
}

/// A kind of label that agents put on threads.
#[derive(Clone)]
pub struct LabelType {
    pub id: String,
    pub name: String,
    pub color: String,
    pub position: usize,
    pub created: Stamp,
}

/// A label on a thread.
#[derive(Clone)]
pub struct Label {
    pub id: String,
    pub label_type_id: String,
    pub created: Stamp,
}

/// When the first or the last message came or went, and how.
#[derive(Clone, Copy)]
pub struct MessageInfo {
    pub at: Timestamp,
    pub source: MessageSource,
}

/// The detail of a thread's status, with what only some details have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Detail {
    pub kind: StatusDetailType,
    pub changed_at: Timestamp,
    /// When a thread that waits for a duration wakes up.
    pub until: Option<Timestamp>,
}

/// Where in Slack a thread lives.
#[derive(Clone)]
pub struct SlackPlace {
    pub channel_id: String,
    pub channel_name: String,
    pub team_id: String,
    pub team_name: String,
}

/// A thread with its timeline.
#[derive(Clone)]
pub struct Thread {
    pub id: String,
    /// The number in the ref: 12 for `T-12`.
    pub number: usize,
    pub customer_id: String,
    pub tenant_id: Option<String>,
    pub external_id: Option<String>,
    pub title: String,
    pub description: Option<String>,
    pub preview_text: Option<String>,
    pub priority: i32,
    pub status: ThreadStatus,
    pub detail: Detail,
    pub status_changed: Stamp,
    pub channel: ThreadChannel,
    pub slack: Option<SlackPlace>,
    pub assigned: Option<Stamp>,
    pub labels: Vec<Label>,
    pub first_inbound: Option<MessageInfo>,
    pub last_inbound: Option<MessageInfo>,
    pub first_outbound: Option<MessageInfo>,
    pub last_outbound: Option<MessageInfo>,
    pub created: Stamp,
    pub updated: Stamp,
    /// Oldest first; `timelineEntries` answers newest first.
    pub entries: Vec<Arc<Entry>>,
}

/// One entry of a timeline.
#[derive(Clone)]
pub struct Entry {
    pub id: String,
    pub thread_id: String,
    pub customer_id: String,
    /// The place in the thread, from 0.
    pub place: usize,
    pub at: Timestamp,
    pub actor: Who,
    pub body: Body,
}

/// A file of a message. The sandbox has no files, only what Plain says about them.
#[derive(Clone)]
pub struct Attachment {
    pub id: String,
    pub file_name: String,
    pub bytes: i32,
    pub mime_type: String,
    pub created: Stamp,
}

/// A sender or receiver of an e-mail.
#[derive(Clone)]
pub struct Participant {
    pub name: Option<String>,
    pub email: String,
    pub actor: Option<EmailActor>,
}

/// Whom Plain knows an address to belong to.
#[derive(Clone)]
pub enum EmailActor {
    Customer(String),
    User(String),
    Support,
}

/// An e-mail.
#[derive(Clone)]
pub struct Email {
    pub id: String,
    pub from: Participant,
    pub to: Participant,
    pub cc: Vec<Participant>,
    pub bcc: Vec<Participant>,
    pub subject: String,
    pub text: String,
    pub markdown: Option<String>,
    /// The older messages that the e-mail quotes, shown only in the full content.
    pub quoted: Option<String>,
    pub authenticity: EmailAuthenticity,
    /// Sent by the support side, not received by it.
    pub outbound: bool,
    pub starts_thread: bool,
    pub attachments: Vec<Attachment>,
}

/// What an entry says.
#[derive(Clone)]
pub enum Body {
    Note {
        id: String,
        text: String,
        markdown: Option<String>,
    },
    Chat {
        id: String,
        text: String,
        attachments: Vec<Attachment>,
    },
    Email(Box<Email>),
    Custom {
        title: String,
        kind: Option<String>,
        components: Vec<CustomTimelineEntryComponent>,
    },
    SlackMessage {
        text: String,
    },
    SlackReply {
        text: String,
    },
    MsTeamsMessage {
        id: String,
        text: String,
        markdown: Option<String>,
    },
    Status {
        from: (ThreadStatus, Detail),
        to: (ThreadStatus, Detail),
    },
    Assignment {
        from: Option<Who>,
        to: Option<Who>,
    },
    Priority {
        from: i32,
        to: i32,
    },
    Labels {
        from: Vec<Label>,
        to: Vec<Label>,
    },
    /// A message of another thread that was merged into this one.
    Merged {
        child_thread_id: String,
        child_entry: Arc<Entry>,
    },
    /// Something that the host product reported about the thread.
    ThreadEvent {
        id: String,
        title: String,
        components: Vec<EventComponent>,
    },
}

impl Body {
    /// The entry's kind, as the timeline filter names it.
    pub fn kind(&self) -> TimelineEntryType {
        match self {
            Self::Note { .. } => TimelineEntryType::Note,
            Self::Chat { .. } => TimelineEntryType::Chat,
            Self::Email(_) => TimelineEntryType::Email,
            Self::Custom { .. } => TimelineEntryType::Custom,
            Self::SlackMessage { .. } => TimelineEntryType::SlackMessage,
            Self::SlackReply { .. } => TimelineEntryType::SlackReply,
            Self::MsTeamsMessage { .. } => TimelineEntryType::MsTeamsMessage,
            Self::Status { .. } => TimelineEntryType::ThreadStatusTransitioned,
            Self::Assignment { .. } => TimelineEntryType::ThreadAssignmentTransitioned,
            Self::Priority { .. } => TimelineEntryType::ThreadPriorityChanged,
            Self::Labels { .. } => TimelineEntryType::ThreadLabelsChanged,
            Self::Merged { .. } => TimelineEntryType::MergedThreadMessage,
            Self::ThreadEvent { .. } => TimelineEntryType::ThreadEvent,
        }
    }

    /// How the message came or went; none when the entry is no message.
    pub fn message_source(&self) -> Option<MessageSource> {
        match self {
            Self::Chat { .. } => Some(MessageSource::Chat),
            Self::Email(_) => Some(MessageSource::Email),
            Self::Custom { .. } => Some(MessageSource::Api),
            Self::SlackMessage { .. } | Self::SlackReply { .. } => Some(MessageSource::Slack),
            Self::MsTeamsMessage { .. } => Some(MessageSource::MsTeams),
            Self::Merged { child_entry, .. } => child_entry.body.message_source(),
            _ => None,
        }
    }

    /// The words of a message or note; none for entries without words.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Note { text, .. }
            | Self::Chat { text, .. }
            | Self::SlackMessage { text }
            | Self::SlackReply { text }
            | Self::MsTeamsMessage { text, .. } => Some(text.clone()),
            Self::Email(email) => Some(email.text.clone()),
            Self::Custom { components, .. } => {
                CustomTimelineEntryComponent::all_text(components).into()
            }
            Self::Merged { child_entry, .. } => child_entry.body.text(),
            _ => None,
        }
    }
}

macro_rules! rows {
    ($($record:ty),*) => {
        $(impl Row for $record {
            fn id(&self) -> &str {
                &self.id
            }
        })*
    };
}

rows!(User, Tenant, Customer, LabelType, Thread);
