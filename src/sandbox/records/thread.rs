//! Threads.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Entry, Label, Stamp, ThreadField, Who};
use crate::sandbox::enums::{MessageSource, StatusDetailType, ThreadChannel, ThreadStatus};

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
    pub tier_id: Option<String>,
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
    /// Who else looks after it.
    pub also_assigned: Vec<Who>,
    /// Since when, and by whom, nobody can write in it any more.
    pub locked: Option<Stamp>,
    pub labels: Vec<Label>,
    pub fields: Vec<ThreadField>,
    pub first_inbound: Option<MessageInfo>,
    pub last_inbound: Option<MessageInfo>,
    pub first_outbound: Option<MessageInfo>,
    pub last_outbound: Option<MessageInfo>,
    pub created: Stamp,
    pub updated: Stamp,
    /// Oldest first, in the order of their keys; `timelineEntries` answers newest first.
    pub entries: Vec<Arc<Entry>>,
}
