//! Queries of threads: single ones, lists, and the search.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::search_term;
use crate::sandbox::{
    enums::{SortDirection, ThreadsSortField},
    errors::bad_user_input,
    records,
    schema::{
        filter::{ThreadsFilter, condition},
        paging::{Key, PageArguments, page},
        thread::{Thread, ThreadConnection, ThreadSearchResultConnection},
        timeline::TimelineEntry,
    },
    state::State,
    store::store,
};

/// The order of a list of threads.
#[derive(InputObject)]
pub struct ThreadsSort {
    field: ThreadsSortField,
    direction: SortDirection,
    thread_field_key: Option<String>,
}

impl Default for ThreadsSort {
    /// Plain does not say how it sorts when nobody asks. Here: the thread whose status changed last comes first.
    fn default() -> Self {
        Self {
            field: ThreadsSortField::StatusChangedAt,
            direction: SortDirection::Desc,
            thread_field_key: None,
        }
    }
}

impl ThreadsSort {
    /// Where a thread stands. Threads that are equal stand as they were created, newest first when descending;
    /// threads without the time that is sorted by stand last in both directions.
    fn key(&self, thread: &records::Thread) -> Result<Key> {
        if self.thread_field_key.is_some() {
            return Err(bad_user_input(
                "The sandbox does not sort threads by `threadFieldKey`.",
            ));
        }
        let value = match self.field {
            ThreadsSortField::StatusChangedAt => Some(thread.status_changed.at.as_millisecond()),
            ThreadsSortField::CreatedAt => Some(thread.created.at.as_millisecond()),
            ThreadsSortField::LastInboundMessageAt => {
                thread.last_inbound.map(|info| info.at.as_millisecond())
            }
            ThreadsSortField::Priority => Some(i64::from(thread.priority)),
            ThreadsSortField::ClosestToBreachSla => {
                return Err(bad_user_input(
                    "The sandbox does not sort threads by CLOSEST_TO_BREACH_SLA.",
                ));
            }
            ThreadsSortField::ThreadField => {
                return Err(bad_user_input(
                    "The sandbox does not sort threads by THREAD_FIELD.",
                ));
            }
        };
        let number = i64::try_from(thread.number).unwrap_or(i64::MAX);
        Ok(match self.direction {
            SortDirection::Asc => (value.unwrap_or(i64::MAX), number),
            SortDirection::Desc => (value.map_or(i64::MAX, |value| -value), -number),
        })
    }
}

/// What to search for.
#[derive(InputObject)]
pub struct ThreadsSearchQuery {
    term: String,
}

/// Where the search looks: the title, the description, the messages, and the customer's name and address. Notes are
/// no messages.
fn is_found(state: &State, thread: &records::Thread, words: &[&str]) -> bool {
    let mut texts = vec![thread.title.clone()];
    texts.extend(thread.description.clone());
    if let Some(customer) = state.customers.get(&thread.customer_id) {
        texts.extend([customer.full_name.clone(), customer.email.clone()]);
    }
    let messages = thread.entries.iter().map(|entry| &entry.body);
    let messages = messages.filter(|body| body.message_source().is_some());
    texts.extend(messages.filter_map(records::Body::text));
    let whole = texts.join("\n").to_lowercase();
    words.iter().all(|word| whole.contains(word))
}

/// The threads that a filter and another condition let through, each with its place.
fn listed(
    state: &State,
    filters: Option<ThreadsFilter>,
    sort: &ThreadsSort,
    also: impl Fn(&State, &records::Thread) -> bool,
) -> Result<Vec<(Key, Arc<records::Thread>)>> {
    let wanted = filters.map(|it| condition(state, it)).transpose()?;
    let mut rows = Vec::new();
    for thread in state.threads.iter() {
        if wanted.as_ref().is_none_or(|wanted| wanted(thread)) && also(state, thread) {
            rows.push((sort.key(thread)?, Arc::clone(thread)));
        }
    }
    Ok(rows)
}

/// Queries of threads and of their entries.
#[derive(Default)]
pub struct ThreadQueries;

#[Object]
impl ThreadQueries {
    async fn thread(&self, ctx: &Context<'_>, thread_id: ID) -> Option<Thread> {
        let state = store(ctx).lock();
        state.threads.get(&thread_id).map(Thread::from)
    }

    async fn thread_by_ref(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "ref")] reference: String,
    ) -> Option<Thread> {
        let state = store(ctx).lock();
        state.thread_by_ref(&reference).map(Thread::from)
    }

    async fn thread_by_external_id(
        &self,
        ctx: &Context<'_>,
        customer_id: ID,
        external_id: ID,
    ) -> Option<Thread> {
        let state = store(ctx).lock();
        state
            .thread_by_external_id(&customer_id, &external_id)
            .map(Thread::from)
    }

    /// Without `sortBy`: those whose status changed last come first.
    #[expect(clippy::too_many_arguments, reason = "Plain has so many")]
    async fn threads(
        &self,
        ctx: &Context<'_>,
        filters: Option<ThreadsFilter>,
        sort_by: Option<ThreadsSort>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<ThreadConnection> {
        let sort = sort_by.unwrap_or_default();
        let rows = {
            let state = store(ctx).lock();
            listed(&state, filters, &sort, |_, _| true)?
        };
        let list = format!("threads/{:?}/{:?}", sort.field, sort.direction);
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page(&list, rows, arguments)?.into())
    }

    async fn timeline_entry(
        &self,
        ctx: &Context<'_>,
        customer_id: ID,
        timeline_entry_id: ID,
    ) -> Option<TimelineEntry> {
        let state = store(ctx).lock();
        let mut entries = state
            .threads
            .iter()
            .filter(|thread| *thread.customer_id == **customer_id)
            .flat_map(|thread| &thread.entries);
        entries
            .find(|entry| *entry.id == **timeline_entry_id)
            .map(|entry| Arc::clone(entry).into())
    }

    /// Every word of the term must be somewhere in a thread. Plain does not say in which order it answers: here the
    /// thread whose status changed last comes first.
    #[expect(clippy::too_many_arguments, reason = "Plain has so many")]
    async fn search_threads(
        &self,
        ctx: &Context<'_>,
        search_query: ThreadsSearchQuery,
        filters: Option<ThreadsFilter>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<ThreadSearchResultConnection> {
        let term = search_term(&search_query.term)?;
        let words: Vec<&str> = term.split_whitespace().collect();
        let rows = {
            let state = store(ctx).lock();
            let found = |state: &State, thread: &records::Thread| is_found(state, thread, &words);
            listed(&state, filters, &ThreadsSort::default(), found)?
        };
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page("threads/search", rows, arguments)?.into())
    }
}
