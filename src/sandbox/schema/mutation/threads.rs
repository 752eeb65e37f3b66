//! Mutations of threads themselves: their priority and tenant, locking and deleting them.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{Done, need_thread, output};
use crate::sandbox::{
    errors::{MutationError, Problems},
    schema::{identifiers::TenantIdentifierInput, thread::Thread},
    state::State,
    store::store,
};

#[derive(InputObject)]
pub struct ChangeThreadPriorityInput {
    thread_id: ID,
    priority: i32,
}

#[derive(InputObject)]
pub struct LockThreadInput {
    thread_id: ID,
}

#[derive(InputObject)]
pub struct UpdateThreadTenantInput {
    thread_id: ID,
    tenant_identifier: Option<TenantIdentifierInput>,
}

#[derive(InputObject)]
pub struct UpdateThreadTitleInput {
    thread_id: ID,
    title: String,
}

#[derive(InputObject)]
pub struct DeleteThreadInput {
    thread_id: ID,
}

/// The answer of a mutation that leaves nothing to show.
#[derive(SimpleObject)]
pub struct DeleteThreadOutput {
    error: Option<MutationError>,
}

output!(ChangeThreadPriorityOutput { thread: Thread });
output!(LockThreadOutput { thread: Thread });
output!(UpdateThreadTenantOutput { thread: Thread });
output!(UpdateThreadTitleOutput { thread: Thread });

#[derive(Default)]
pub struct ThreadMutations;

#[Object]
impl ThreadMutations {
    /// 0 is the most urgent, 3 the least.
    async fn change_thread_priority(
        &self,
        ctx: &Context<'_>,
        input: ChangeThreadPriorityInput,
    ) -> ChangeThreadPriorityOutput {
        let mut state = store(ctx).lock();
        change_priority(&mut state, &input).into()
    }

    /// Nobody can write in a locked thread any more; its status can still change. Plain's API has no way back.
    async fn lock_thread(&self, ctx: &Context<'_>, input: LockThreadInput) -> LockThreadOutput {
        let mut state = store(ctx).lock();
        lock(&mut state, &input.thread_id).into()
    }

    /// Moves a thread to another tenant; to none without an identifier.
    async fn update_thread_tenant(
        &self,
        ctx: &Context<'_>,
        input: UpdateThreadTenantInput,
    ) -> UpdateThreadTenantOutput {
        let mut state = store(ctx).lock();
        move_to_tenant(&mut state, &input).into()
    }

    async fn update_thread_title(
        &self,
        ctx: &Context<'_>,
        input: UpdateThreadTitleInput,
    ) -> UpdateThreadTitleOutput {
        let mut state = store(ctx).lock();
        rename(&mut state, input).into()
    }

    async fn delete_thread(
        &self,
        ctx: &Context<'_>,
        input: DeleteThreadInput,
    ) -> DeleteThreadOutput {
        let mut state = store(ctx).lock();
        let found = need_thread(&state, "threadId", &input.thread_id);
        let error = found.map(|thread| state.threads.remove(&thread.id));
        DeleteThreadOutput {
            error: error.err().map(MutationError::from),
        }
    }
}

fn change_priority(state: &mut State, input: &ChangeThreadPriorityInput) -> Done<Thread> {
    let mut problems = Problems::default();
    check_priority(&mut problems, input.priority);
    problems.finish()?;
    need_thread(state, "threadId", &input.thread_id)?;
    let stamp = state.stamp();
    state.set_priority(&input.thread_id, stamp, input.priority);
    Ok(need_thread(state, "threadId", &input.thread_id)?.into())
}

/// Notes a priority that there is not.
pub fn check_priority(problems: &mut Problems, priority: i32) {
    check_priority_at(problems, "priority", priority);
}

/// The same, for one that stands elsewhere in the input.
pub fn check_priority_at(problems: &mut Problems, field: &str, priority: i32) {
    if !(0..=3).contains(&priority) {
        problems.invalid(field, "Must be 0, 1, 2 or 3.");
    }
}

fn rename(state: &mut State, input: UpdateThreadTitleInput) -> Done<Thread> {
    let mut problems = Problems::default();
    problems.text("title", &input.title);
    problems.finish()?;
    need_thread(state, "threadId", &input.thread_id)?;
    let stamp = state.stamp();
    if let Some(thread) = state.threads.edit(&input.thread_id)
        && thread.title != input.title
    {
        thread.title = input.title;
        thread.updated = stamp;
    }
    Ok(need_thread(state, "threadId", &input.thread_id)?.into())
}

fn lock(state: &mut State, thread_id: &str) -> Done<Thread> {
    need_thread(state, "threadId", thread_id)?;
    let stamp = state.stamp();
    if let Some(thread) = state.threads.edit(thread_id)
        && thread.locked.is_none()
    {
        thread.locked = Some(stamp.clone());
        thread.updated = stamp;
    }
    Ok(need_thread(state, "threadId", thread_id)?.into())
}

fn move_to_tenant(state: &mut State, input: &UpdateThreadTenantInput) -> Done<Thread> {
    const TENANT: &str = "tenantIdentifier";
    let mut problems = Problems::default();
    if let Some(tenant) = &input.tenant_identifier {
        tenant.check(&mut problems, TENANT);
    }
    problems.finish()?;
    need_thread(state, "threadId", &input.thread_id)?;
    let tenant_id = match &input.tenant_identifier {
        Some(tenant) => Some(tenant.need(state, TENANT)?.id.clone()),
        None => None,
    };
    let stamp = state.stamp();
    if let Some(thread) = state.threads.edit(&input.thread_id) {
        thread.tenant_id = tenant_id;
        thread.updated = stamp;
    }
    Ok(need_thread(state, "threadId", &input.thread_id)?.into())
}
