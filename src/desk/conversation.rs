//! One request with a page of its conversation.

use super::{
    Desk, Error, cursor, merged::MergedThreads, none_if_not_an_id, own_copy, thread_key, translate,
};
use crate::{
    model::{Conversation, Message, Outgoing},
    plain::{
        self, Loaded,
        operations::{ThreadKey, ThreadWithTimeline, TimelineEntryConnection, TimelinePage},
    },
};

/// So many entries at a time; fewer where an answer would be too large. Messages may have a megabyte each, and Plain tells
/// of an e-mail text and markdown.
const ENTRIES_A_PAGE: [i32; 4] = [50, 10, 3, 1];

/// Which part of a conversation.
#[derive(Debug, Clone, Copy, Default)]
pub struct View<'a> {
    /// A cursor to earlier messages; the latest without one.
    pub before: Option<&'a str>,
    /// E-mails with all that they quote.
    pub whole_mails: bool,
}

impl Desk {
    /// A request by its id or ref, with its latest messages or, given a cursor, earlier ones.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn conversation(&self, id: &str, view: View<'_>) -> Result<Conversation, Error> {
        let key = thread_key(id).ok_or(Error::NotFound)?;
        let place = cursor::Place::Timeline {
            viewer: &self.viewer,
            id,
        };
        let before = view
            .before
            .and_then(|sealed| self.cursor_key.open(place, sealed));
        let whole_mails = view.whole_mails;
        let (found, before) = match self.page(&key, before.as_deref(), whole_mails).await {
            // Plain has forgotten the cursor.
            Err(plain::Error::BadInput { .. }) if before.is_some() => {
                (self.page(&key, None, whole_mails).await, None)
            }
            found => (found, before),
        };
        let found = found.or_else(none_if_not_an_id)?.ok_or(Error::NotFound)?;
        let Loaded { value, mut partial } = found;
        let (thread, timeline) = value.into_parts();
        let thread = self.visible(thread).ok_or(Error::NotFound)?;
        let TimelineEntryConnection { edges, page_info } = timeline;
        let merged = match self.merged_threads(&thread, &edges).await {
            Ok((merged, whole)) => {
                partial |= !whole;
                merged
            }
            // The rest of the conversation is there.
            Err(error) => {
                tracing::warn!(%error, "merged threads could not be looked up");
                partial = true;
                MergedThreads::default()
            }
        };
        let rows = edges.into_iter();
        let from_the_beginning = !page_info.has_next_page;
        let entries = translate::entries(rows, from_the_beginning, &thread, &merged, &self.viewer)?;
        let messages = entries.iter().filter_map(|entry| entry.message());
        let outgoing = match before {
            Some(_) => vec![],
            None => {
                self.outgoing_answers(thread.id.inner(), messages, page_info.has_next_page)
                    .await?
            }
        };
        let earlier = page_info
            .end_cursor
            .filter(|_| page_info.has_next_page)
            .map(|cursor| self.cursor_key.seal(place, &cursor));
        Ok(Conversation {
            thread: translate::thread(thread, &self.viewer)?,
            entries,
            earlier,
            is_latest: before.is_none(),
            outgoing,
            partial,
        })
    }

    /// As much of a thread's timeline as one answer can hold: fewer entries before e-mails are cut, one cut e-mail before
    /// nothing.
    async fn page(
        &self,
        key: &ThreadKey,
        after: Option<&str>,
        whole_mails: bool,
    ) -> Result<Option<Loaded<ThreadWithTimeline>>, plain::Error> {
        let whole = ENTRIES_A_PAGE.map(|first| (first, true));
        let cut = ENTRIES_A_PAGE.map(|first| (first, false));
        let parts = whole.into_iter().filter(|_| whole_mails).chain(cut);
        let mut found = Ok(None);
        for (first, whole_mails) in parts {
            let page = TimelinePage {
                first,
                after,
                whole_mails,
            };
            found = self.plain.thread_with_timeline(key, page).await;
            if !matches!(found, Err(plain::Error::TooLarge { .. })) {
                break;
            }
        }
        found
    }

    /// The viewer's answers to a thread that are not among its latest messages. What turns up there was sent, whatever
    /// we had heard of it.
    async fn outgoing_answers(
        &self,
        thread_id: &str,
        messages: impl Iterator<Item = &Message> + Clone + Send,
        there_are_earlier: bool,
    ) -> Result<Vec<Outgoing>, Error> {
        let answers = self
            .outbox
            .on_their_way(&self.viewer, Some(thread_id))
            .await?;
        // What Plain took before the oldest message of this page is further up.
        let from = messages
            .clone()
            .next()
            .filter(|_| there_are_earlier)
            .map(|oldest| oldest.at);
        let compared = own_copy::compare(messages, answers, from);
        for submission in compared.turned_up() {
            self.outbox.turned_up(&self.viewer, submission).await?;
        }
        Ok(compared.missing())
    }
}
