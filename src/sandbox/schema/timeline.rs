//! Timeline entries.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{
    actor::Actor,
    entry::Entry,
    paging::{PageArguments, connection, page},
    time::DateTime,
};
use crate::sandbox::{
    enums::TimelineEntryType,
    records::{self, Thread, Who},
    state::State,
    store::store,
};

/// One entry of a thread's timeline.
pub struct TimelineEntry(Arc<records::Entry>);

impl From<Arc<records::Entry>> for TimelineEntry {
    fn from(entry: Arc<records::Entry>) -> Self {
        Self(entry)
    }
}

#[Object]
impl TimelineEntry {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn customer_id(&self) -> ID {
        (&self.0.customer_id).into()
    }

    async fn thread_id(&self) -> ID {
        (&self.0.thread_id).into()
    }

    async fn timestamp(&self) -> DateTime {
        self.0.at.into()
    }

    async fn entry(&self, ctx: &Context<'_>) -> Result<Entry> {
        Entry::of(ctx, &self.0)
    }

    async fn actor(&self) -> Actor {
        (&self.0.actor).into()
    }

    /// What Plain feeds to its models. It holds agents' full names, as a portal must not.
    async fn llm_text(&self, ctx: &Context<'_>) -> Option<String> {
        let state = store(ctx).lock();
        let text = self.0.body.text()?;
        Some(format!("{}: {text}", full_name(&state, &self.0.actor)))
    }
}

fn full_name(state: &State, who: &Who) -> String {
    match who {
        Who::User(id) => state.users.get(id).map(|user| user.full_name.clone()),
        Who::Customer(id) => state.customers.get(id).map(|it| it.full_name.clone()),
        Who::MachineUser(_) => Some(state.machine_user.full_name.clone()),
        Who::DeletedCustomer(_) | Who::System => None,
    }
    .unwrap_or_else(|| "System".to_owned())
}

connection!(TimelineEntryConnection, TimelineEntryEdge, TimelineEntry);

/// Which entries of a timeline to answer; both conditions must hold.
#[derive(InputObject)]
pub struct ThreadTimelineEntriesFilter {
    is_message: Option<bool>,
    entry_types: Option<Vec<TimelineEntryType>>,
}

/// One page of a thread's timeline, newest first.
pub fn entries(
    thread: &Thread,
    filter: Option<ThreadTimelineEntriesFilter>,
    arguments: PageArguments,
) -> Result<TimelineEntryConnection> {
    let wanted = |entry: &&Arc<records::Entry>| {
        let Some(filter) = &filter else { return true };
        let is_message = entry.body.message_source().is_some();
        filter.is_message.is_none_or(|want| want == is_message)
            && filter
                .entry_types
                .as_ref()
                .is_none_or(|types| types.contains(&entry.body.kind()))
    };
    let newest_first = |entry: &Arc<records::Entry>| {
        let (at, number) = entry.key();
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        ((-at.as_millisecond(), -number), Arc::clone(entry))
    };
    let rows = thread.entries.iter().filter(wanted).map(newest_first);
    let list = format!("timeline/{}", thread.id);
    Ok(page(&list, rows.collect(), arguments)?.into())
}
