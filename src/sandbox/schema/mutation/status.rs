//! Mutations of a thread's status.

use async_graphql::{Context, ID, InputObject, Object};

use super::{Done, need_thread, output};
use crate::sandbox::{
    enums::{
        DoneStatusDetail, SnoozeStatusDetail, StatusDetailType, ThreadStatus, TodoStatusDetail,
    },
    errors::Refusal,
    schema::thread::Thread,
    state::State,
    store::store,
};

#[derive(InputObject)]
pub struct MarkThreadAsDoneInput {
    thread_id: ID,
    status_detail: Option<DoneStatusDetail>,
}

#[derive(InputObject)]
pub struct MarkThreadAsTodoInput {
    thread_id: ID,
    status_detail: Option<TodoStatusDetail>,
}

#[derive(InputObject)]
pub struct SnoozeThreadInput {
    thread_id: ID,
    duration_seconds: Option<i32>,
    status_detail: Option<SnoozeStatusDetail>,
}

output!(MarkThreadAsDoneOutput { thread: Thread });
output!(MarkThreadAsTodoOutput { thread: Thread });
output!(SnoozeThreadOutput { thread: Thread });

#[derive(Default)]
pub struct StatusMutations;

#[Object]
impl StatusMutations {
    /// Without a detail: done by hand. The thread fields that are required must have been filled in.
    async fn mark_thread_as_done(
        &self,
        ctx: &Context<'_>,
        input: MarkThreadAsDoneInput,
    ) -> MarkThreadAsDoneOutput {
        let mut state = store(ctx).lock();
        mark_as_done(&mut state, &input).into()
    }

    /// Without a detail: in progress.
    async fn mark_thread_as_todo(
        &self,
        ctx: &Context<'_>,
        input: MarkThreadAsTodoInput,
    ) -> MarkThreadAsTodoOutput {
        use TodoStatusDetail as Detail;
        let mut state = store(ctx).lock();
        let kind = match input.status_detail {
            None | Some(Detail::InProgress) => StatusDetailType::InProgress,
            Some(Detail::Created) => StatusDetailType::Created,
            Some(Detail::NewReply) => StatusDetailType::NewReply,
            Some(Detail::ThreadLinkUpdated) => StatusDetailType::ThreadLinkUpdated,
            Some(Detail::ThreadDiscussionResolved) => StatusDetailType::ThreadDiscussionResolved,
        };
        mark(&mut state, &input.thread_id, ThreadStatus::Todo, kind, None).into()
    }

    /// With a duration: waits for so long, then is to do again. Without one: waits for the customer.
    async fn snooze_thread(
        &self,
        ctx: &Context<'_>,
        input: SnoozeThreadInput,
    ) -> SnoozeThreadOutput {
        let mut state = store(ctx).lock();
        snooze(&mut state, &input).into()
    }
}

fn mark(
    state: &mut State,
    thread_id: &str,
    status: ThreadStatus,
    kind: StatusDetailType,
    seconds: Option<i32>,
) -> Done<Thread> {
    need_thread(state, "threadId", thread_id)?;
    let stamp = state.stamp();
    let until = seconds.map(|seconds| State::later(stamp.at, seconds));
    state.set_status(thread_id, stamp, status, kind, until);
    Ok(need_thread(state, "threadId", thread_id)?.into())
}

/// Plain documents that required fields must be filled in, but no code of its own for it.
fn mark_as_done(state: &mut State, input: &MarkThreadAsDoneInput) -> Done<Thread> {
    let thread = need_thread(state, "threadId", &input.thread_id)?;
    let missing = state.missing_fields(&thread);
    if !missing.is_empty() {
        let keys = missing.join(", ");
        return Err(Refusal::invalid(
            "threadId",
            format!("These thread fields must be set before the thread is done: {keys}."),
        ));
    }
    let kind = match input.status_detail {
        None | Some(DoneStatusDetail::DoneManuallySet) => StatusDetailType::DoneManuallySet,
        Some(DoneStatusDetail::Ignored) => StatusDetailType::Ignored,
        Some(DoneStatusDetail::DoneAutomaticallySet | DoneStatusDetail::TimerExpired) => {
            StatusDetailType::DoneAutomaticallySet
        }
    };
    mark(state, &input.thread_id, ThreadStatus::Done, kind, None)
}

fn snooze(state: &mut State, input: &SnoozeThreadInput) -> Done<Thread> {
    use SnoozeStatusDetail::{WaitingForCustomer, WaitingForDuration};
    let kind = match (input.status_detail, input.duration_seconds) {
        (None | Some(WaitingForCustomer), None) => StatusDetailType::WaitingForCustomer,
        (None | Some(WaitingForDuration), Some(1..)) => StatusDetailType::WaitingForDuration,
        (Some(WaitingForCustomer), Some(_)) => {
            return Err(Refusal::invalid(
                "durationSeconds",
                "The sandbox does not end a wait for the customer after a time: leave it out.",
            ));
        }
        _ => {
            return Err(Refusal::invalid(
                "durationSeconds",
                "A wait for a duration needs a positive number of seconds.",
            ));
        }
    };
    let seconds = input.duration_seconds;
    mark(
        state,
        &input.thread_id,
        ThreadStatus::Snoozed,
        kind,
        seconds,
    )
}
