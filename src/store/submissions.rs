//! What customers sent, from before we acknowledge it until it is surely in Plain.
//!
//! One row is one message. Whoever sends it takes charge of its row first, by a compare-and-set on the number of
//! charges so far: of any number of requests, tasks and processes one gets it.

mod charge;
mod outgoing;
mod rows;

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;

use crate::model::{DraftFile, Viewer};

pub use outgoing::{OnItsWay, State};
pub(super) use rows::time;

/// After this long, whoever has charge of a submission counts as dead. It begins anew when the sending begins, and whoever
/// comes too late for that sends nothing.
pub const LEASE: Duration = Duration::from_secs(60);

/// What one submission says, and where. Two submissions with the same id and other content are two messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// `None` for a new request.
    pub thread_id: Option<String>,
    /// Empty for an answer.
    pub title: String,
    pub text: String,
    pub files: Vec<DraftFile>,
}

/// A stored submission that is the holder's to send, and nobody else's until the lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    pub id: String,
    pub author: Viewer,
    pub content: Content,
    /// When it was stored.
    pub first_at: Timestamp,
    /// When this attempt began.
    pub tried_at: Timestamp,
    /// Set when an earlier attempt may have arrived.
    pub unclear: Option<Unclear>,
    number: i64,
}

/// An attempt of which nobody knows whether it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclear {
    /// When the first of such attempts began: what has arrived is from then or later.
    pub since: Timestamp,
    /// From when on it would be in the conversation; `None` until somebody has looked.
    pub settles_at: Option<Timestamp>,
    /// Did the customer ask to send it again if it is not there?
    pub again: bool,
}

/// What became of an attempt to take charge of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    Ours(Box<Charge>),
    /// Somebody is sending it at this moment.
    InFlight,
    /// It has arrived, in this thread.
    Sent {
        thread_id: String,
    },
    /// The id belongs to other words, or another place, that were sent, are being sent, or may have arrived.
    OtherContent,
}

impl Charge {
    /// Has nobody had charge of it before, and nothing been promised of it?
    pub fn is_first(&self) -> bool {
        self.number == 1
    }
}

impl Unclear {
    /// An attempt that began then and of which nothing has been heard.
    pub fn since(since: Timestamp) -> Self {
        Self {
            since,
            settles_at: None,
            again: false,
        }
    }
}
