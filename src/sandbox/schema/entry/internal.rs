//! Entries that are not for customers, but for notes and changes of a thread's labels, priority and assignee.

// The interface's fields: several have the same type.
#![allow(clippy::duplicated_attributes)]

use async_graphql::{ID, Interface, SimpleObject};

use super::{ChildThreadDetails, Entry};
use crate::sandbox::{
    enums::{
        ServiceLevelAgreementStatus, StatusDetailType, ThreadDiscussionMessageType,
        ThreadDiscussionType, ThreadLinkLinkType, ThreadLinkStatus,
    },
    records::{self, Internal, InternalKind, Stamp},
    schema::{
        actor::{Actor, InternalActor, ThreadAssignee},
        email::Attachment,
        time::DateTime,
    },
};

/// A linked issue in Linear has another state.
#[derive(SimpleObject)]
pub struct LinearIssueThreadLinkStateTransitionedEntry {
    linear_issue_id: ID,
    previous_linear_state_id: ID,
    next_linear_state_id: ID,
}

/// Others help with the thread.
#[derive(SimpleObject)]
pub struct ThreadAdditionalAssigneesTransitionedEntry {
    previous_assignees: Vec<ThreadAssignee>,
    next_assignees: Vec<ThreadAssignee>,
}

/// Agents discuss the thread.
#[derive(SimpleObject)]
pub struct ThreadDiscussionEntry {
    customer_id: ID,
    thread_discussion_id: ID,
    discussion_type: ThreadDiscussionType,
    email_recipients: Vec<String>,
    slack_channel_name: Option<String>,
    slack_message_link: Option<String>,
}

/// A reaction to a message of a discussion.
#[derive(SimpleObject)]
pub struct ThreadDiscussionMessageReaction {
    name: String,
    actors: Vec<Actor>,
    image_url: Option<String>,
}

/// A message of agents' own.
#[derive(SimpleObject)]
pub struct ThreadDiscussionMessageEntry {
    customer_id: ID,
    thread_discussion_id: ID,
    thread_discussion_message_id: ID,
    discussion_type: ThreadDiscussionType,
    text: String,
    resolved_text: String,
    #[graphql(name = "type")]
    kind: ThreadDiscussionMessageType,
    slack_message_link: Option<String>,
    slack_message_timestamp: Option<String>,
    attachments: Vec<Attachment>,
    has_unprocessed_attachments: bool,
    last_edited_on_slack_at: Option<DateTime>,
    deleted_on_slack_at: Option<DateTime>,
    reactions: Vec<ThreadDiscussionMessageReaction>,
}

/// A discussion has come to an end.
#[derive(SimpleObject)]
pub struct ThreadDiscussionResolvedEntry {
    customer_id: ID,
    thread_discussion_id: ID,
    discussion_type: ThreadDiscussionType,
    email_recipients: Vec<String>,
    slack_channel_name: Option<String>,
    slack_message_link: Option<String>,
    resolved_at: DateTime,
}

/// How a promise stands.
#[derive(SimpleObject)]
pub struct ServiceLevelAgreementStatusTransitionedEntry {
    previous_status: ServiceLevelAgreementStatus,
    next_status: ServiceLevelAgreementStatus,
}

/// A link to another thread. Plain has more kinds of them, in tools that the sandbox has not.
#[derive(SimpleObject)]
pub struct PlainThreadThreadLink {
    id: ID,
    thread_id: ID,
    source_id: String,
    source_type: String,
    title: String,
    description: Option<String>,
    url: String,
    status: ThreadLinkStatus,
    link_type: ThreadLinkLinkType,
    created_at: DateTime,
    created_by: InternalActor,
    updated_at: DateTime,
    updated_by: InternalActor,
    plain_thread_id: ID,
    plain_thread_status_detail_type: StatusDetailType,
}

/// A link from a thread to something else.
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "&ID"),
    field(name = "thread_id", ty = "&ID"),
    field(name = "source_id", ty = "&String"),
    field(name = "source_type", ty = "&String"),
    field(name = "title", ty = "&String"),
    field(name = "description", ty = "&Option<String>"),
    field(name = "url", ty = "&String"),
    field(name = "status", ty = "&ThreadLinkStatus"),
    field(name = "link_type", ty = "&ThreadLinkLinkType"),
    field(name = "created_at", ty = "&DateTime"),
    field(name = "created_by", ty = "&InternalActor"),
    field(name = "updated_at", ty = "&DateTime"),
    field(name = "updated_by", ty = "&InternalActor")
)]
pub enum ThreadLink {
    Thread(Box<PlainThreadThreadLink>),
}

macro_rules! link_entries {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* }),* $(,)?) => {
        $($(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            thread_link: ThreadLink,
            $($field: $type,)*
        })*
    };
}

link_entries!(
    /// The thread has a link.
    ThreadLinkCreatedEntry {},
    /// What a link leads to has changed.
    ThreadLinkUpdatedEntry { previous_thread_link: ThreadLink },
    /// The thread has a link no more.
    ThreadLinkDeletedEntry {},
    /// Another thread has a link to this one.
    ThreadLinkTargetCreatedEntry { source_thread: ChildThreadDetails },
    /// Another thread has no link to this one any more.
    ThreadLinkTargetDeletedEntry { source_thread: ChildThreadDetails },
);

/// The customer was asked how it was.
#[derive(SimpleObject)]
pub struct CustomerSurveyRequestedEntry {
    customer_id: ID,
    thread_id: ID,
    customer_survey_id: ID,
    survey_response_id: ID,
    survey_response_public_id: String,
}

/// The entry of this kind, with these words wherever there are words.
pub fn entry(entry: &records::Entry, internal: &Internal) -> Entry {
    let text = || internal.text.clone();
    let customer_id = ID::from(&entry.customer_id);
    let id = |prefix: &str| ID::from(format!("{prefix}_{}", entry.id));
    let link = || link(entry, &internal.text);
    let source_thread = || ChildThreadDetails {
        id: (&entry.thread_id).into(),
        reference: text(),
        title: Some(text()),
    };
    match internal.kind {
        InternalKind::LinearState => {
            Entry::LinearState(LinearIssueThreadLinkStateTransitionedEntry {
                linear_issue_id: id("linear"),
                previous_linear_state_id: id("before"),
                next_linear_state_id: id("after"),
            })
        }
        InternalKind::AdditionalAssignees => {
            Entry::AdditionalAssignees(ThreadAdditionalAssigneesTransitionedEntry {
                previous_assignees: Vec::new(),
                next_assignees: Vec::new(),
            })
        }
        InternalKind::Discussion => Entry::Discussion(ThreadDiscussionEntry {
            customer_id,
            thread_discussion_id: id("td"),
            discussion_type: ThreadDiscussionType::Slack,
            email_recipients: vec![text()],
            slack_channel_name: Some(text()),
            slack_message_link: None,
        }),
        InternalKind::DiscussionMessage => Entry::DiscussionMessage(ThreadDiscussionMessageEntry {
            customer_id,
            thread_discussion_id: id("td"),
            thread_discussion_message_id: id("tdm"),
            discussion_type: ThreadDiscussionType::Slack,
            text: text(),
            resolved_text: text(),
            kind: ThreadDiscussionMessageType::Outbound,
            slack_message_link: None,
            slack_message_timestamp: None,
            attachments: Vec::new(),
            has_unprocessed_attachments: false,
            last_edited_on_slack_at: None,
            deleted_on_slack_at: None,
            reactions: Vec::new(),
        }),
        InternalKind::DiscussionResolved => {
            Entry::DiscussionResolved(ThreadDiscussionResolvedEntry {
                customer_id,
                thread_discussion_id: id("td"),
                discussion_type: ThreadDiscussionType::Email,
                email_recipients: vec![text()],
                slack_channel_name: None,
                slack_message_link: None,
                resolved_at: entry.at.into(),
            })
        }
        InternalKind::ServiceLevel => {
            Entry::ServiceLevel(ServiceLevelAgreementStatusTransitionedEntry {
                previous_status: ServiceLevelAgreementStatus::Pending,
                next_status: ServiceLevelAgreementStatus::Breached,
            })
        }
        InternalKind::LinkCreated => Entry::LinkCreated(ThreadLinkCreatedEntry {
            thread_link: link(),
        }),
        InternalKind::LinkUpdated => Entry::LinkUpdated(ThreadLinkUpdatedEntry {
            thread_link: link(),
            previous_thread_link: link(),
        }),
        InternalKind::LinkDeleted => Entry::LinkDeleted(ThreadLinkDeletedEntry {
            thread_link: link(),
        }),
        InternalKind::LinkTargetCreated => Entry::LinkTargetCreated(ThreadLinkTargetCreatedEntry {
            thread_link: link(),
            source_thread: source_thread(),
        }),
        InternalKind::LinkTargetDeleted => Entry::LinkTargetDeleted(ThreadLinkTargetDeletedEntry {
            thread_link: link(),
            source_thread: source_thread(),
        }),
        InternalKind::Survey => Entry::Survey(CustomerSurveyRequestedEntry {
            customer_id,
            thread_id: (&entry.thread_id).into(),
            customer_survey_id: id("cs"),
            survey_response_id: id("sr"),
            survey_response_public_id: text(),
        }),
    }
}

fn link(entry: &records::Entry, text: &str) -> ThreadLink {
    let stamp = Stamp {
        at: entry.at,
        by: entry.actor.clone(),
    };
    ThreadLink::Thread(Box::new(PlainThreadThreadLink {
        id: format!("tl_{}", entry.id).into(),
        thread_id: (&entry.thread_id).into(),
        source_id: text.to_owned(),
        source_type: "PLAIN_THREAD".to_owned(),
        title: text.to_owned(),
        description: Some(text.to_owned()),
        url: "https://app.plain.example/".to_owned(),
        status: ThreadLinkStatus::Todo,
        link_type: ThreadLinkLinkType::RelatedTo,
        created_at: entry.at.into(),
        created_by: InternalActor::of(&stamp),
        updated_at: entry.at.into(),
        updated_by: InternalActor::of(&stamp),
        plain_thread_id: (&entry.thread_id).into(),
        plain_thread_status_detail_type: StatusDetailType::InProgress,
    }))
}
