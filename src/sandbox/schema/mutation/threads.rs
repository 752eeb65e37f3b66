//! Mutations of threads themselves: making one, and its status.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::sandbox::{
    enums::{
        DoneStatusDetail, SnoozeStatusDetail, StatusDetailType, ThreadChannel,
        ThreadFieldSchemaType, ThreadStatus, TodoStatusDetail,
    },
    errors::{MutationError, Refusal},
    records::{Body, SlackPlace, Stamp, Who},
    schema::{
        component::CustomTimelineEntryComponent,
        component_input::{ComponentInput, read_components},
        identifiers::{CustomerIdentifierInput, TenantIdentifierInput},
        thread::Thread,
    },
    state::{NewThread, State, preview},
    store::store,
};

#[derive(InputObject)]
pub struct CreateThreadFieldOnThreadInput {
    key: String,
    #[graphql(name = "type")]
    kind: ThreadFieldSchemaType,
    string_value: Option<String>,
    boolean_value: Option<bool>,
    number_value: Option<f64>,
    date_value: Option<String>,
}

#[derive(InputObject)]
pub struct CreateThreadAssignedToInput {
    user_id: Option<ID>,
    machine_user_id: Option<ID>,
}

#[derive(InputObject)]
pub struct SlackThreadChannelDetailsInput {
    slack_channel_id: ID,
    slack_team_id: ID,
}

#[derive(InputObject)]
#[graphql(name = "MSTeamsThreadChannelDetailsInput")]
pub struct MsTeamsThreadChannelDetailsInput {
    ms_teams_team_id: ID,
    ms_teams_channel_id: ID,
}

#[derive(InputObject)]
pub struct ThreadChannelDetailsInput {
    slack: Option<SlackThreadChannelDetailsInput>,
    ms_teams: Option<MsTeamsThreadChannelDetailsInput>,
}

#[derive(InputObject)]
pub struct CreateThreadInput {
    customer_identifier: CustomerIdentifierInput,
    title: Option<String>,
    components: Option<Vec<ComponentInput>>,
    attachment_ids: Option<Vec<ID>>,
    label_type_ids: Option<Vec<ID>>,
    thread_fields: Option<Vec<CreateThreadFieldOnThreadInput>>,
    assigned_to: Option<CreateThreadAssignedToInput>,
    external_id: Option<ID>,
    description: Option<String>,
    priority: Option<i32>,
    tenant_identifier: Option<TenantIdentifierInput>,
    channel: Option<ThreadChannel>,
    channel_details: Option<ThreadChannelDetailsInput>,
}

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

/// Answers that hold a thread or an error.
macro_rules! thread_outputs {
    ($($name:ident),*) => {
        $(#[derive(SimpleObject)]
        pub struct $name {
            thread: Option<Thread>,
            error: Option<MutationError>,
        }

        impl $name {
            fn of(state: &State, done: Result<String, Refusal>) -> Self {
                match done {
                    Ok(id) => Self { thread: state.threads.get(&id).map(Thread::from), error: None },
                    Err(refusal) => Self { thread: None, error: Some(refusal.into()) },
                }
            }
        })*
    };
}

thread_outputs!(
    CreateThreadOutput,
    MarkThreadAsDoneOutput,
    MarkThreadAsTodoOutput,
    SnoozeThreadOutput
);

#[derive(Default)]
pub struct ThreadMutations;

#[Object]
impl ThreadMutations {
    /// Makes a thread; its components become a custom entry by the machine user, which counts as the customer's first
    /// message. An external id that the customer's threads have already is a validation error.
    async fn create_thread(
        &self,
        ctx: &Context<'_>,
        input: CreateThreadInput,
    ) -> CreateThreadOutput {
        let mut state = store(ctx).lock();
        let done = create_thread(&mut state, input);
        CreateThreadOutput::of(&state, done)
    }

    /// Without a detail: done by hand.
    async fn mark_thread_as_done(
        &self,
        ctx: &Context<'_>,
        input: MarkThreadAsDoneInput,
    ) -> MarkThreadAsDoneOutput {
        let mut state = store(ctx).lock();
        let kind = match input.status_detail {
            None | Some(DoneStatusDetail::DoneManuallySet) => StatusDetailType::DoneManuallySet,
            Some(DoneStatusDetail::Ignored) => StatusDetailType::Ignored,
            Some(DoneStatusDetail::DoneAutomaticallySet | DoneStatusDetail::TimerExpired) => {
                StatusDetailType::DoneAutomaticallySet
            }
        };
        let done = mark(&mut state, &input.thread_id, ThreadStatus::Done, kind, None);
        MarkThreadAsDoneOutput::of(&state, done)
    }

    /// Without a detail: in progress.
    async fn mark_thread_as_todo(
        &self,
        ctx: &Context<'_>,
        input: MarkThreadAsTodoInput,
    ) -> MarkThreadAsTodoOutput {
        let mut state = store(ctx).lock();
        let kind = match input.status_detail {
            None | Some(TodoStatusDetail::InProgress) => StatusDetailType::InProgress,
            Some(TodoStatusDetail::Created) => StatusDetailType::Created,
            Some(TodoStatusDetail::NewReply) => StatusDetailType::NewReply,
            Some(TodoStatusDetail::ThreadLinkUpdated) => StatusDetailType::ThreadLinkUpdated,
            Some(TodoStatusDetail::ThreadDiscussionResolved) => {
                StatusDetailType::ThreadDiscussionResolved
            }
        };
        let done = mark(&mut state, &input.thread_id, ThreadStatus::Todo, kind, None);
        MarkThreadAsTodoOutput::of(&state, done)
    }

    /// With a duration: waits for so long, then is to do again. Without one: waits for the customer.
    async fn snooze_thread(
        &self,
        ctx: &Context<'_>,
        input: SnoozeThreadInput,
    ) -> SnoozeThreadOutput {
        let mut state = store(ctx).lock();
        let done = snooze(&mut state, &input);
        SnoozeThreadOutput::of(&state, done)
    }
}

fn mark(
    state: &mut State,
    thread_id: &str,
    status: ThreadStatus,
    kind: StatusDetailType,
    seconds: Option<i32>,
) -> Result<String, Refusal> {
    if state.threads.get(thread_id).is_none() {
        return Err(Refusal::not_found("threadId", "There is no such thread."));
    }
    let stamp = state.stamp();
    let until = seconds.map(|seconds| State::later(stamp.at, seconds));
    state.set_status(thread_id, stamp, status, kind, until);
    Ok(thread_id.to_owned())
}

fn snooze(state: &mut State, input: &SnoozeThreadInput) -> Result<String, Refusal> {
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
    mark(
        state,
        &input.thread_id,
        ThreadStatus::Snoozed,
        kind,
        input.duration_seconds,
    )
}

fn create_thread(state: &mut State, input: CreateThreadInput) -> Result<String, Refusal> {
    if input.attachment_ids.is_some_and(|ids| !ids.is_empty()) {
        return Err(Refusal::new(
            "attachment_not_uploaded",
            "The sandbox has no attachments: leave `attachmentIds` out.",
        ));
    }
    if input.thread_fields.is_some_and(|fields| !fields.is_empty()) {
        return Err(Refusal::not_in_sandbox("threadFields"));
    }
    let customer = input
        .customer_identifier
        .need(state, "customerIdentifier")?;
    let tenant = input
        .tenant_identifier
        .map(|tenant| tenant.need(state, "tenantIdentifier"))
        .transpose()?;
    if let Some(external_id) = &input.external_id
        && state
            .thread_by_external_id(&customer.id, external_id)
            .is_some()
    {
        return Err(Refusal::invalid(
            "externalId",
            "A thread of this customer with this external id already exists.",
        ));
    }
    let priority = input.priority.unwrap_or(2);
    if !(0..=3).contains(&priority) {
        return Err(Refusal::invalid("priority", "Must be 0, 1, 2 or 3."));
    }
    let channel = input.channel.unwrap_or(ThreadChannel::Api);
    let slack = slack_place(channel, input.channel_details)?;
    let label_type_ids = label_types(state, input.label_type_ids)?;
    let assignee = assignee(state, input.assigned_to)?;
    let components = read_components(state, input.components.unwrap_or_default())?;
    let text = CustomTimelineEntryComponent::all_text(&components);
    let title = title(input.title, &text);
    let description = input
        .description
        .or_else(|| (!text.is_empty()).then(|| preview(&text)));

    let stamp = state.stamp();
    let new = NewThread {
        customer_id: customer.id.clone(),
        tenant_id: tenant.map(|tenant| tenant.id.clone()),
        external_id: input.external_id.map(|id| id.to_string()),
        title: title.clone(),
        description,
        priority,
        channel,
        slack,
    };
    let id = state.add_thread(stamp.clone(), new);
    if !components.is_empty() {
        let body = Body::Custom {
            title,
            kind: None,
            components,
        };
        state.append(&id, stamp.clone(), body);
    }
    let labels = state.new_labels(&stamp, &label_type_ids);
    if let Some(thread) = state.threads.edit(&id) {
        thread.labels = labels;
        thread.assigned = assignee.map(|by| Stamp { at: stamp.at, by });
    }
    Ok(id)
}

/// The title that was asked for, else the beginning of the first line of the text.
fn title(asked: Option<String>, text: &str) -> String {
    let asked = asked.filter(|title| !title.trim().is_empty());
    asked.unwrap_or_else(|| match text.lines().find(|line| !line.trim().is_empty()) {
        Some(line) => line.trim().chars().take(80).collect(),
        None => "New thread".to_owned(),
    })
}

fn slack_place(
    channel: ThreadChannel,
    details: Option<ThreadChannelDetailsInput>,
) -> Result<Option<SlackPlace>, Refusal> {
    let (slack, ms_teams) = details.map_or((None, None), |it| (it.slack, it.ms_teams));
    match (channel, slack, ms_teams) {
        (ThreadChannel::Slack, Some(slack), None) => Ok(Some(SlackPlace {
            channel_id: slack.slack_channel_id.to_string(),
            channel_name: "shared-channel".to_owned(),
            team_id: slack.slack_team_id.to_string(),
            team_name: "Shared".to_owned(),
        })),
        (ThreadChannel::Slack, ..) => Err(Refusal::invalid(
            "channelDetails.slack",
            "Is required for the channel SLACK.",
        )),
        (ThreadChannel::MsTeams, None, Some(_)) => Ok(None),
        (ThreadChannel::MsTeams, ..) => Err(Refusal::invalid(
            "channelDetails.msTeams",
            "Is required for the channel MS_TEAMS.",
        )),
        (ThreadChannel::Discord | ThreadChannel::Import, ..) => Err(Refusal::invalid(
            "channel",
            "Threads can be made for API, EMAIL, SLACK, MS_TEAMS, CHAT and INTERNAL.",
        )),
        (_, None, None) => Ok(None),
        _ => Err(Refusal::invalid(
            "channelDetails",
            "Only threads in SLACK and MS_TEAMS have channel details.",
        )),
    }
}

fn label_types(state: &State, ids: Option<Vec<ID>>) -> Result<Vec<String>, Refusal> {
    let known = |id: ID| match state.label_types.get(&id) {
        Some(found) => Ok(found.id.clone()),
        None => Err(Refusal::not_found(
            "labelTypeIds",
            "There is no such label type.",
        )),
    };
    ids.into_iter().flatten().map(known).collect()
}

fn assignee(
    state: &State,
    input: Option<CreateThreadAssignedToInput>,
) -> Result<Option<Who>, Refusal> {
    let Some(input) = input else { return Ok(None) };
    match (input.user_id, input.machine_user_id) {
        (Some(id), None) if state.users.get(&id).is_some() => Ok(Some(Who::User(id.to_string()))),
        (None, Some(id)) if *id == state.machine_user.id => Ok(Some(state.machine())),
        (Some(_), None) | (None, Some(_)) => {
            Err(Refusal::not_found("assignedTo", "There is no such user."))
        }
        _ => Err(Refusal::invalid(
            "assignedTo",
            "Exactly one of userId and machineUserId must be given.",
        )),
    }
}
