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

/// The merged threads that the viewer may see.
#[derive(Default)]
pub struct MergedThreads(HashMap<String, Thread>);

impl MergedThreads {
    pub fn get(&self, id: &str) -> Option<&Thread> {
        self.0.get(id)
    }
}

impl FromIterator<Thread> for MergedThreads {
    fn from_iter<T: IntoIterator<Item = Thread>>(threads: T) -> Self {
        let by_id = |thread: Thread| (thread.id.inner().to_owned(), thread);
        Self(threads.into_iter().map(by_id).collect())
    }
}

impl Desk {
    /// Looks up the threads that messages of this page come from: one more call to Plain, where there are any.
    ///
    /// `false` beside them: something could not be loaded, and what is not known counts as not the viewer's.
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
        let threads = found.value.edges.into_iter().map(|edge| edge.node.thread);
        let visible =
            threads.filter(|thread| self.may_see(thread, whole) || self.is_own(thread, whole));
        Ok((visible.collect(), whole))
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
