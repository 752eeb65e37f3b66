//! What stands in a timeline.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Attachment, Detail, Internal, InternalKind, Label, Who};
use crate::sandbox::{
    enums::{
        EmailAuthenticity, EmailCategory, EmailSendStatus, MessageSource, ThreadStatus,
        TimelineEntryType,
    },
    schema::component::{CustomTimelineEntryComponent, EventComponent},
};

/// One entry of a timeline.
#[derive(Clone)]
pub struct Entry {
    pub id: String,
    pub thread_id: String,
    pub customer_id: String,
    /// How many entries the thread had when this one was added. It need not stand behind them: messages and events can
    /// be backdated.
    pub number: usize,
    pub at: Timestamp,
    pub actor: Who,
    pub body: Body,
}

impl Entry {
    /// Where it stands in the timeline: by its time, and among those of one time as they were added.
    pub fn key(&self) -> (Timestamp, usize) {
        (self.at, self.number)
    }
}

/// Something that the host product reported.
#[derive(Clone)]
pub struct Event {
    pub title: String,
    pub components: Vec<EventComponent>,
    pub external_id: Option<String>,
}

/// A sender or receiver of an e-mail.
#[derive(Clone)]
pub struct Participant {
    pub name: Option<String>,
    pub email: String,
    pub actor: Option<EmailActor>,
}

/// Whom Plain knows an address to belong to.
#[derive(Clone, PartialEq, Eq)]
pub enum EmailActor {
    Customer(String),
    /// By the id that they had.
    DeletedCustomer(String),
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
    /// How far it has come, if it was sent.
    pub send_status: EmailSendStatus,
    pub category: EmailCategory,
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
        attachments: Vec<Attachment>,
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
        attachments: Vec<Attachment>,
    },
    SlackMessage {
        text: String,
        attachments: Vec<Attachment>,
    },
    SlackReply {
        text: String,
        attachments: Vec<Attachment>,
    },
    MsTeamsMessage {
        id: String,
        text: String,
        markdown: Option<String>,
        attachments: Vec<Attachment>,
    },
    Discord {
        text: String,
    },
    /// Said in a conversation with the help centre's assistant.
    HelpCenter {
        text: String,
    },
    /// A message of another product that its author has changed, or taken back.
    Changed {
        body: Box<Body>,
        edited: Option<Timestamp>,
        deleted: Option<Timestamp>,
    },
    Internal(Internal),
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
        event: Event,
    },
    /// Something that the host product reported about the thread's customer.
    CustomerEvent {
        id: String,
        event: Event,
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
            Self::Discord { .. } => TimelineEntryType::DiscordMessage,
            Self::HelpCenter { .. } => TimelineEntryType::HelpCenterAiConversationMessage,
            Self::Changed { body, .. } => body.kind(),
            Self::Internal(internal) => internal.kind.entry_type(),
            Self::Status { .. } => TimelineEntryType::ThreadStatusTransitioned,
            Self::Assignment { .. } => TimelineEntryType::ThreadAssignmentTransitioned,
            Self::Priority { .. } => TimelineEntryType::ThreadPriorityChanged,
            Self::Labels { .. } => TimelineEntryType::ThreadLabelsChanged,
            Self::Merged { .. } => TimelineEntryType::MergedThreadMessage,
            Self::ThreadEvent { .. } => TimelineEntryType::ThreadEvent,
            Self::CustomerEvent { .. } => TimelineEntryType::CustomerEvent,
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
            Self::Discord { .. } => Some(MessageSource::Discord),
            Self::Changed { body, .. } => body.message_source(),
            Self::Merged { child_entry, .. } => child_entry.body.message_source(),
            _ => None,
        }
    }

    /// The files of a message or note.
    pub fn attachments(&self) -> &[Attachment] {
        match self {
            Self::Note { attachments, .. }
            | Self::Chat { attachments, .. }
            | Self::Custom { attachments, .. }
            | Self::SlackMessage { attachments, .. }
            | Self::SlackReply { attachments, .. }
            | Self::MsTeamsMessage { attachments, .. } => attachments,
            Self::Email(email) => &email.attachments,
            Self::Merged { child_entry, .. } => child_entry.body.attachments(),
            Self::Changed { body, .. } => body.attachments(),
            _ => &[],
        }
    }

    /// The same with these files, if it can have any.
    pub fn with_attachments(mut self, files: Vec<Attachment>) -> Self {
        match &mut self {
            Self::Note { attachments, .. }
            | Self::Chat { attachments, .. }
            | Self::Custom { attachments, .. }
            | Self::SlackMessage { attachments, .. }
            | Self::SlackReply { attachments, .. }
            | Self::MsTeamsMessage { attachments, .. } => *attachments = files,
            Self::Email(email) => email.attachments = files,
            _ => {}
        }
        self
    }

    /// The words of a message or note; none for entries without words.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Note { text, .. }
            | Self::Chat { text, .. }
            | Self::SlackMessage { text, .. }
            | Self::SlackReply { text, .. }
            | Self::MsTeamsMessage { text, .. }
            | Self::Discord { text }
            | Self::HelpCenter { text } => Some(text.clone()),
            Self::Email(email) => Some(email.text.clone()),
            Self::Custom { components, .. } => {
                CustomTimelineEntryComponent::all_text(components).into()
            }
            Self::Changed { body, .. } => body.text(),
            Self::Merged { child_entry, .. } => child_entry.body.text(),
            _ => None,
        }
    }
}

impl InternalKind {
    fn entry_type(self) -> TimelineEntryType {
        match self {
            Self::LinearState => TimelineEntryType::LinearIssueThreadLinkStateTransitioned,
            Self::AdditionalAssignees => TimelineEntryType::ThreadAdditionalAssigneesTransitioned,
            Self::Discussion => TimelineEntryType::ThreadDiscussion,
            Self::DiscussionMessage => TimelineEntryType::ThreadDiscussionMessage,
            Self::DiscussionResolved => TimelineEntryType::ThreadDiscussionResolved,
            Self::ServiceLevel => TimelineEntryType::ServiceLevelAgreementStatusTransitioned,
            Self::LinkCreated => TimelineEntryType::ThreadLinkCreated,
            Self::LinkUpdated => TimelineEntryType::ThreadLinkUpdated,
            Self::LinkDeleted => TimelineEntryType::ThreadLinkDeleted,
            Self::LinkTargetCreated => TimelineEntryType::ThreadLinkTargetCreated,
            Self::LinkTargetDeleted => TimelineEntryType::ThreadLinkTargetDeleted,
            Self::Survey => TimelineEntryType::CustomerSurveyRequested,
        }
    }
}
