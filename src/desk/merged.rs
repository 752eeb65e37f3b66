//! Threads that were merged into the one that is shown. Their messages are part of it, but the threads may be somebody
//! else's: an agent can merge what two teams asked, and each of them is to see its own.

use std::collections::{BTreeSet, HashMap};

use super::Desk;
use crate::plain::{
    self,
    operations::{
        Entry, Id, PageArguments, SortDirection, Thread, ThreadChannel, ThreadsFilter, ThreadsSort,
        ThreadsSortField, TimelineEntry, TimelineRow,
    },
};

/// What is known of the threads that messages of a page come from. By default nothing.
#[derive(Default)]
pub struct MergedThreads {
    visible: HashMap<String, Thread>,
    hidden: BTreeSet<String>,
    /// Whatever else was looked for is not there.
    is_all: bool,
}

/// What the viewer may see of a thread that a message comes from; the later, the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Visible,
    /// Plain does not have it any more.
    Gone,
    /// It could not be looked up.
    Unknown,
    Hidden,
}

impl MergedThreads {
    /// The thread, if the viewer may see it.
    pub fn get(&self, id: &str) -> Option<&Thread> {
        self.visible.get(id)
    }

    pub fn origin(&self, id: &str) -> Origin {
        match () {
            () if self.visible.contains_key(id) => Origin::Visible,
            () if self.hidden.contains(id) => Origin::Hidden,
            () if self.is_all => Origin::Gone,
            () => Origin::Unknown,
        }
    }

    /// All that Plain has of those that were looked for; `may_see` says which of them the viewer may see.
    pub fn all(
        threads: impl IntoIterator<Item = Thread>,
        may_see: impl Fn(&Thread) -> bool,
    ) -> Self {
        let (visible, hidden): (Vec<_>, Vec<_>) = threads.into_iter().partition(may_see);
        let by_id = |thread: Thread| (thread.id.inner().to_owned(), thread);
        let id = |thread: Thread| thread.id.into_inner();
        Self {
            visible: visible.into_iter().map(by_id).collect(),
            hidden: hidden.into_iter().map(id).collect(),
            is_all: true,
        }
    }
}

impl Desk {
    /// Looks up the threads that messages of this page come from: one more call to Plain, where there are any.
    ///
    /// `false` beside them: something could not be loaded.
    ///
    /// # Errors
    /// When Plain does not answer.
    pub(super) async fn merged_threads(
        &self,
        into: &Thread,
        rows: &[TimelineRow],
    ) -> Result<(MergedThreads, bool), plain::Error> {
        let mut ids = BTreeSet::new();
        for row in rows {
            if let TimelineRow::Entry(entry) = row {
                add_threads(entry, &mut ids);
            }
        }
        ids.remove(into.id.inner());
        let Some(count) = i32::try_from(ids.len()).ok().filter(|count| *count > 0) else {
            return Ok((MergedThreads::default(), true));
        };
        let filter = ThreadsFilter {
            thread_ids: Some(ids.into_iter().map(Id::new).collect()),
            ..ThreadsFilter::default()
        };
        let sort = ThreadsSort {
            field: ThreadsSortField::CreatedAt,
            direction: SortDirection::Desc,
        };
        let page = PageArguments::first(count.min(MOST), None);
        let found = self.plain.threads(filter, sort, page).await?;
        let whole = !found.partial;
        let connection = found.value;
        let is_all = whole && !connection.page_info.has_next_page && connection.is_readable();
        let threads = connection.into_threads().map(|listed| listed.thread);
        let may_see = |thread: &Thread| self.may_see(thread, whole) || self.is_own(thread, whole);
        let mut merged = MergedThreads::all(threads, may_see);
        merged.is_all = is_all;
        if !whole {
            // What hides them may be what is missing.
            merged.hidden.clear();
        }
        Ok((merged, is_all))
    }

    /// Something that the viewer asked without naming a team, as by e-mail: theirs to see, and not their colleagues'.
    fn is_own(&self, thread: &Thread, whole: bool) -> bool {
        let own = thread.customer.id.inner() == self.viewer().customer_id;
        own && whole && thread.tenant.is_none() && thread.channel != ThreadChannel::Internal
    }
}

/// As many as Plain gives at once.
const MOST: i32 = 100;

/// The threads that this message comes from, by way of each other.
fn add_threads(entry: &TimelineEntry, ids: &mut BTreeSet<String>) {
    if let Entry::MergedThreadMessage(merged) = &entry.entry {
        ids.insert(merged.child_thread_details.id.inner().to_owned());
        if let Some(child) = &merged.child_timeline_entry {
            ids.insert(child.thread_id.inner().to_owned());
            add_threads(child, ids);
        }
    }
}
