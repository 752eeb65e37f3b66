//! Changes of a request's status, as customers would tell them.

use jiff::Timestamp;

use super::status;
use crate::{
    model::{Author, Event, Happening, Status},
    plain::operations::ThreadStatusTransitionedEntry,
};

/// One or more changes with no message between them: all that counts is what came of them.
pub struct Run {
    id: String,
    at: Option<Timestamp>,
    by: Option<Author>,
    from: Status,
    to: Status,
}

impl Run {
    /// `by`: who did it, where customers may know that.
    pub fn new(
        id: String,
        at: Option<Timestamp>,
        change: &ThreadStatusTransitionedEntry,
        by: Option<Author>,
    ) -> Self {
        Self {
            id,
            at,
            by,
            from: status(
                change.previous_status,
                change.previous_status_detail.as_ref(),
            ),
            to: status(change.next_status, change.next_status_detail.as_ref()),
        }
    }

    /// The two together. What does not change the status in customers' words says nothing of who did what they see.
    pub fn then(self, next: Self) -> Self {
        match next.to == self.to {
            true => self,
            false => Self {
                from: self.from,
                ..next
            },
        }
    }

    /// `None` when nothing has changed that customers have a word for.
    pub fn into_event(self) -> Option<Event> {
        let what = match (self.from, self.to) {
            (from, to) if from == to => return None,
            (_, Status::Done) => Happening::Done(self.by),
            (_, Status::WaitingForYou) => Happening::WaitingForYou(self.by),
            (Status::Done, Status::Open) => Happening::Reopened(self.by),
            // Somebody has answered, and that is there to be read.
            (_, Status::Open) => return None,
        };
        Some(Event {
            id: self.id,
            at: self.at,
            what,
        })
    }
}
