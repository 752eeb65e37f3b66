//! Mutations of whom a thread is assigned to.

use async_graphql::{Context, ID, InputObject, Object};

use super::{Done, need_thread, output};
use crate::sandbox::{
    errors::Problems, records::Who, schema::thread::Thread, state::State, store::store,
};

#[derive(InputObject)]
pub struct AssignThreadInput {
    thread_id: ID,
    user_id: Option<ID>,
    machine_user_id: Option<ID>,
}

#[derive(InputObject)]
pub struct UnassignThreadInput {
    thread_id: ID,
}

#[derive(InputObject)]
pub struct AddAdditionalAssigneesInput {
    thread_id: ID,
    user_ids: Option<Vec<ID>>,
    machine_user_ids: Option<Vec<ID>>,
}

#[derive(InputObject)]
pub struct RemoveAdditionalAssigneesInput {
    thread_id: ID,
    user_ids: Option<Vec<ID>>,
    machine_user_ids: Option<Vec<ID>>,
}

output!(AddAdditionalAssigneesOutput { thread: Thread });
output!(RemoveAdditionalAssigneesOutput { thread: Thread });
output!(AssignThreadOutput { thread: Thread });
output!(UnassignThreadOutput { thread: Thread });

#[derive(Default)]
pub struct AssignmentMutations;

#[Object]
impl AssignmentMutations {
    /// Takes the place of whoever it was assigned to. Nothing changes when that is the same one.
    async fn assign_thread(
        &self,
        ctx: &Context<'_>,
        input: AssignThreadInput,
    ) -> AssignThreadOutput {
        let mut state = store(ctx).lock();
        assign(&mut state, &input).into()
    }

    /// Nothing changes for a thread that is assigned to nobody.
    async fn unassign_thread(
        &self,
        ctx: &Context<'_>,
        input: UnassignThreadInput,
    ) -> UnassignThreadOutput {
        let mut state = store(ctx).lock();
        unassign(&mut state, &input.thread_id).into()
    }

    /// All or none. Nothing changes for those who are among them already.
    async fn add_additional_assignees(
        &self,
        ctx: &Context<'_>,
        input: AddAdditionalAssigneesInput,
    ) -> AddAdditionalAssigneesOutput {
        let mut state = store(ctx).lock();
        let (users, machine_users) = (input.user_ids, input.machine_user_ids);
        change_others(&mut state, &input.thread_id, users, machine_users, true).into()
    }

    /// All must be there. Nothing changes for those who are not among them.
    async fn remove_additional_assignees(
        &self,
        ctx: &Context<'_>,
        input: RemoveAdditionalAssigneesInput,
    ) -> RemoveAdditionalAssigneesOutput {
        let mut state = store(ctx).lock();
        let (users, machine_users) = (input.user_ids, input.machine_user_ids);
        change_others(&mut state, &input.thread_id, users, machine_users, false).into()
    }
}

/// The user or machine user of whom one must be named; notes what is wrong. `field` is where they stand in the input.
pub fn check_assignee(
    state: &State,
    problems: &mut Problems,
    field: &str,
    user_id: Option<&ID>,
    machine_user_id: Option<&ID>,
) -> Option<Who> {
    let found = match (user_id, machine_user_id) {
        (Some(id), None) => state.users.get(id).map(|user| Who::User(user.id.clone())),
        (None, Some(id)) => (**id == state.machine_user.id).then(|| state.machine()),
        _ => {
            let message = "Exactly one of userId and machineUserId must be given.";
            problems.invalid(field, message);
            return None;
        }
    };
    if found.is_none() {
        problems.not_found(field, "There is no such user.");
    }
    found
}

fn assign(state: &mut State, input: &AssignThreadInput) -> Done<Thread> {
    let mut problems = Problems::default();
    let (user, machine_user) = (input.user_id.as_ref(), input.machine_user_id.as_ref());
    let field = match machine_user {
        Some(_) => "machineUserId",
        None => "userId",
    };
    let assignee = check_assignee(state, &mut problems, field, user, machine_user);
    problems.finish()?;
    need_thread(state, "threadId", &input.thread_id)?;
    let stamp = state.stamp();
    state.assign(&input.thread_id, stamp, assignee);
    Ok(need_thread(state, "threadId", &input.thread_id)?.into())
}

fn unassign(state: &mut State, thread_id: &str) -> Done<Thread> {
    need_thread(state, "threadId", thread_id)?;
    let stamp = state.stamp();
    state.assign(thread_id, stamp, None);
    Ok(need_thread(state, "threadId", thread_id)?.into())
}

fn change_others(
    state: &mut State,
    thread_id: &str,
    users: Option<Vec<ID>>,
    machine_users: Option<Vec<ID>>,
    join: bool,
) -> Done<Thread> {
    let (users, machine_users) = (users.unwrap_or_default(), machine_users.unwrap_or_default());
    let mut problems = Problems::default();
    if users.is_empty() && machine_users.is_empty() {
        problems.missing("userIds");
    }
    let mut named = Vec::new();
    for (place, id) in users.iter().enumerate() {
        let field = format!("userIds[{place}]");
        named.extend(check_assignee(state, &mut problems, &field, Some(id), None));
    }
    for (place, id) in machine_users.iter().enumerate() {
        let field = format!("machineUserIds[{place}]");
        named.extend(check_assignee(state, &mut problems, &field, None, Some(id)));
    }
    problems.finish()?;
    need_thread(state, "threadId", thread_id)?;
    let stamp = state.stamp();
    if let Some(thread) = state.threads.edit(thread_id) {
        let mut others = thread.also_assigned.clone();
        others.retain(|who| !named.contains(who));
        if join {
            // In the order in which they joined.
            named.retain(|who| !thread.also_assigned.contains(who));
            others = thread.also_assigned.iter().cloned().chain(named).collect();
        }
        if others != thread.also_assigned {
            thread.also_assigned = others;
            thread.updated = stamp;
        }
    }
    Ok(need_thread(state, "threadId", thread_id)?.into())
}
