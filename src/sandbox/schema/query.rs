//! The queries that the sandbox answers.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::{
    actor::{InternalActor, MachineUser, User},
    customer::{Customer, Tenant},
    filter::{ThreadsFilter, condition},
    paging::{Key, PageArguments, page},
    thread::{Thread, ThreadConnection},
    time::DateTime,
    timeline::TimelineEntry,
};
use crate::sandbox::{
    enums::{SortDirection, ThreadsSortField},
    errors::bad_user_input,
    permissions::Permission,
    records,
    state::WORKSPACE,
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

/// What the API key may do.
#[derive(SimpleObject)]
pub struct Permissions {
    permissions: Vec<&'static str>,
}

/// The workspace of the API key.
#[derive(SimpleObject)]
pub struct Workspace {
    id: ID,
    name: String,
    public_name: String,
    is_demo_workspace: bool,
    domain_names: Vec<String>,
    created_by: InternalActor,
    created_at: DateTime,
    updated_by: InternalActor,
    updated_at: DateTime,
}

/// The root of all queries.
pub struct Query;

#[Object]
impl Query {
    async fn customer(&self, ctx: &Context<'_>, customer_id: ID) -> Option<Customer> {
        let state = store(ctx).lock();
        state.customers.get(&customer_id).map(Customer::from)
    }

    async fn customer_by_email(&self, ctx: &Context<'_>, email: String) -> Option<Customer> {
        let state = store(ctx).lock();
        state.customer_by_email(&email).map(Customer::from)
    }

    async fn customer_by_external_id(
        &self,
        ctx: &Context<'_>,
        external_id: ID,
    ) -> Option<Customer> {
        let state = store(ctx).lock();
        state
            .customer_by_external_id(&external_id)
            .map(Customer::from)
    }

    async fn tenant(&self, ctx: &Context<'_>, tenant_id: ID) -> Option<Tenant> {
        let state = store(ctx).lock();
        state.tenants.get(&tenant_id).map(Tenant::from)
    }

    async fn user(&self, ctx: &Context<'_>, user_id: ID) -> Option<User> {
        let state = store(ctx).lock();
        state.users.get(&user_id).map(User::from)
    }

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
        let mut rows: Vec<(Key, Arc<records::Thread>)> = Vec::new();
        {
            let state = store(ctx).lock();
            let wanted = filters.map(|it| condition(&state, it)).transpose()?;
            for thread in state.threads.iter() {
                if wanted.as_ref().is_none_or(|wanted| wanted(thread)) {
                    rows.push((sort.key(thread)?, Arc::clone(thread)));
                }
            }
        }
        rows.sort_unstable_by_key(|(key, _)| *key);
        let total = rows.len();
        let list = format!("threads/{:?}/{:?}", sort.field, sort.direction);
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = page(&list, rows, |(key, _)| *key, arguments)?;
        Ok(ThreadConnection::new(page, total))
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

    /// All that the sandbox knows, but for what it was told to deny.
    async fn my_permissions(&self, ctx: &Context<'_>) -> Permissions {
        let permissions = store(ctx).lock().behaviour.permissions();
        Permissions {
            permissions: permissions.into_iter().map(Permission::name).collect(),
        }
    }

    async fn my_machine_user(&self, ctx: &Context<'_>) -> Option<MachineUser> {
        Some(store(ctx).lock().machine_user.clone().into())
    }

    async fn my_workspace(&self, ctx: &Context<'_>) -> Option<Workspace> {
        let state = store(ctx).lock();
        let created = &state.machine_user.created;
        Some(Workspace {
            id: (&state.workspace_id).into(),
            name: format!("{WORKSPACE} (sandbox)"),
            public_name: WORKSPACE.to_owned(),
            is_demo_workspace: true,
            domain_names: vec!["fieldnote.example".to_owned()],
            created_by: InternalActor::of(created),
            created_at: created.at.into(),
            updated_by: InternalActor::of(created),
            updated_at: created.at.into(),
        })
    }
}
