//! A row of the table, and how it is read.

use jiff::Timestamp;
use sqlx::FromRow;

use super::{Charge, Content, LEASE, Unclear};
use crate::model::{DraftFile, Problem, Viewer};

#[derive(FromRow)]
pub struct Row {
    pub id: String,
    pub tenant_id: String,
    pub thread_id: Option<String>,
    pub title: String,
    pub text: String,
    pub state: String,
    pub problem: Option<String>,
    pub sent_to: Option<String>,
    pub tried_at: i64,
    pub unclear_since: Option<i64>,
    pub author: String,
    pub first_at: i64,
    pub charges: i64,
    pub due_at: Option<i64>,
    pub settles_at: Option<i64>,
    pub again: i64,
    pub files: String,
}

impl Row {
    /// Had somebody charge of it, and died?
    pub fn is_abandoned(&self, now: Timestamp) -> bool {
        self.state == "sending" && self.tried_at <= now.as_millisecond() - lease_milliseconds()
    }

    /// Has the time come to try it again?
    pub fn is_due(&self, now: Timestamp) -> bool {
        let waited = self.due_at.is_some_and(|due| due <= now.as_millisecond());
        (self.state == "waiting" && waited) || self.is_abandoned(now)
    }

    /// Since when it may have arrived, if it may.
    pub fn unclear(&self) -> Option<Unclear> {
        Some(Unclear {
            since: time(self.unclear_since?),
            settles_at: self.settles_at.map(time),
            again: self.again != 0,
        })
    }

    pub fn content(&self) -> Content {
        Content {
            thread_id: self.thread_id.clone(),
            title: self.title.clone(),
            text: self.text.clone(),
            files: self.files(),
        }
    }

    pub fn files(&self) -> Vec<DraftFile> {
        serde_json::from_str(&self.files).unwrap_or_default()
    }

    pub fn author(&self) -> Option<Viewer> {
        serde_json::from_str(&self.author).ok()
    }

    pub fn problem(&self) -> Problem {
        Problem::from_code(self.problem.as_deref().unwrap_or_default())
    }

    /// The charge with the next number; `None` when nobody can read who wrote it.
    pub fn charge(self, now: Timestamp) -> Option<Charge> {
        Some(Charge {
            author: self.author()?,
            unclear: self.unclear(),
            content: self.content(),
            first_at: time(self.first_at),
            tried_at: now,
            number: self.charges + 1,
            id: self.id,
        })
    }
}

pub fn time(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(millisecond).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub fn lease_milliseconds() -> i64 {
    i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX)
}
