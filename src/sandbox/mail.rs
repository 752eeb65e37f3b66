//! Replies that travel as e-mail: they are taken at once, and appear in the timeline when they arrive.

use std::{collections::VecDeque, time::Duration};

use jiff::Timestamp;

use super::{
    enums::StatusDetailType,
    records::{Body, Stamp},
    state::State,
};

/// A reply on its way.
pub struct Letter {
    pub thread_id: String,
    /// When it was sent, and by whom.
    pub sent: Stamp,
    pub body: Body,
    /// What the thread's status says once it has arrived.
    pub detail: StatusDetailType,
}

/// The letters that have not arrived, oldest first.
pub type Mail = VecDeque<Letter>;

impl State {
    /// Sends a letter. With no delay it arrives here and now.
    pub fn send(&mut self, letter: Letter) {
        let now = letter.sent.at;
        self.mail.push_back(letter);
        self.deliver(now);
    }

    /// Delivers what is due by the delay of this moment: a shorter one brings in at once what a longer one kept away.
    pub fn deliver(&mut self, now: Timestamp) {
        let delay = self.behaviour.reply_delay;
        while let Some(letter) = self.mail.pop_front_if(|letter| due(letter, delay) <= now) {
            let thread = self.threads.get(&letter.thread_id);
            let newest = thread.map_or(Timestamp::MIN, |thread| thread.updated.at);
            let arrival = Stamp {
                at: due(&letter, delay).max(newest),
                by: letter.sent.by,
            };
            self.append(&letter.thread_id, arrival.clone(), letter.body);
            self.answered(&letter.thread_id, arrival, letter.detail);
        }
    }
}

/// When a letter arrives; a delay without end has no arrival.
fn due(letter: &Letter, delay: Duration) -> Timestamp {
    let arrival = letter.sent.at.checked_add(delay);
    arrival.unwrap_or(Timestamp::MAX)
}
