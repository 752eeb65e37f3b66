//! How far a person has read. It helps to find what is new, and is never in the way: without the database's answer
//! a page is shown without marks.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Desk;
use crate::{
    model::{Conversation, Thread},
    store,
};

/// The viewer's marks on some threads; none when they could not be read.
#[derive(Default)]
pub struct ReadMarks(Option<Known>);

struct Known {
    /// Whatever is older counts as read.
    since: Timestamp,
    marks: HashMap<String, Timestamp>,
}

impl ReadMarks {
    /// Has something happened in this thread after the viewer last looked?
    pub fn is_unread(&self, thread: &Thread) -> bool {
        self.0.as_ref().is_some_and(|known| {
            let mark = known.marks.get(&thread.id).copied();
            thread.last_activity > mark.unwrap_or(known.since).max(known.since)
        })
    }
}

impl Desk {
    /// Marks a request as read by the viewer up to this time; a mark never moves back. Says nothing when it fails.
    pub async fn mark_read(&self, thread_id: &str, at: Timestamp) {
        let viewer = self.viewer();
        let marked = self.store.mark_read(&viewer.customer_id, thread_id, at);
        if let Err(error) = marked.await {
            tracing::warn!(%error, "a read mark was not kept");
        }
    }

    /// The viewer has the newest page of this conversation before them: marks all that it shows as read.
    pub async fn mark_seen(&self, conversation: &Conversation) {
        // Of what could not be loaded nobody has seen anything.
        if !conversation.is_latest || conversation.partial {
            return;
        }
        let thread = &conversation.thread;
        let messages = conversation.messages().map(|message| message.at);
        let newest = messages.fold(thread.last_activity, Timestamp::max);
        self.mark_read(&thread.id, newest).await;
    }

    pub(super) async fn read_marks(&self, thread_ids: impl Iterator<Item = &str>) -> ReadMarks {
        let ids: Vec<&str> = thread_ids.collect();
        match self.known_marks(&ids).await {
            Ok(known) => ReadMarks(Some(known)),
            Err(error) => {
                tracing::warn!(%error, "a list is shown without read marks");
                ReadMarks::default()
            }
        }
    }

    async fn known_marks(&self, thread_ids: &[&str]) -> Result<Known, store::Error> {
        let viewer = self.viewer();
        let since = self
            .store
            .read_since(&viewer.customer_id, viewer.scope.key(), Timestamp::now())
            .await?;
        let marks = self
            .store
            .read_marks(&viewer.customer_id, thread_ids)
            .await?;
        Ok(Known { since, marks })
    }
}
