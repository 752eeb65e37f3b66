//! Making a thread.

use async_graphql::{Context, ID, InputObject, Object};

use super::{
    Done,
    assignments::check_assignee,
    labels::new_label_types,
    need_thread, output, refuse_spam,
    thread_fields::{CreateThreadFieldOnThreadInput, check_field},
    threads::check_priority,
};
use crate::sandbox::{
    enums::ThreadChannel,
    errors::{Problems, Refusal},
    records::{Body, FieldValue, SlackPlace, Stamp, Who},
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

output!(CreateThreadOutput { thread: Thread });

#[derive(Default)]
pub struct CreateThreadMutation;

#[Object]
impl CreateThreadMutation {
    /// Makes a thread; its components become a custom entry by the machine user, which counts as the customer's first
    /// message. An external id that the customer's threads have already is a validation error.
    async fn create_thread(
        &self,
        ctx: &Context<'_>,
        input: CreateThreadInput,
    ) -> CreateThreadOutput {
        let mut state = store(ctx).lock();
        create_thread(&mut state, input).into()
    }
}

/// What the input says once its fields are known to be right in themselves.
struct Checked {
    components: Vec<CustomTimelineEntryComponent>,
    fields: Vec<(String, FieldValue)>,
    assignee: Option<Who>,
    priority: Option<i32>,
    channel: ThreadChannel,
    slack: Option<SlackPlace>,
}

/// Checks the fields in the order of Plain's schema. The components are taken out of the input.
fn check(state: &State, input: &mut CreateThreadInput) -> Done<Checked> {
    let mut problems = Problems::default();
    input
        .customer_identifier
        .check(&mut problems, "customerIdentifier");
    let components = input.components.take().unwrap_or_default();
    let components = read_components(state, &mut problems, "components", components);
    let mut fields = Vec::new();
    for (place, field) in input.thread_fields.iter().flatten().enumerate() {
        let path = format!("threadFields[{place}].");
        let places = (&*format!("{path}key"), &*path);
        let value = check_field(state, &mut problems, places, &field.key, &field.value);
        fields.extend(value.map(|value| (field.key.clone(), value)));
    }
    let assigned_to = input.assigned_to.as_ref();
    let assignee = assigned_to.and_then(|it| {
        let (user, machine_user) = (it.user_id.as_ref(), it.machine_user_id.as_ref());
        check_assignee(state, &mut problems, "assignedTo", user, machine_user)
    });
    let external_id = input.external_id.as_ref().map(|id| id.as_str());
    problems.optional_text("externalId", external_id);
    if let Some(priority) = input.priority {
        check_priority(&mut problems, priority);
    }
    if let Some(tenant) = &input.tenant_identifier {
        tenant.check(&mut problems, "tenantIdentifier");
    }
    let channel = input.channel.unwrap_or(ThreadChannel::Api);
    let slack = check_channel(&mut problems, channel, input.channel_details.as_ref());
    problems.finish()?;
    Ok(Checked {
        components,
        fields,
        assignee,
        priority: input.priority,
        channel,
        slack,
    })
}

fn check_channel(
    problems: &mut Problems,
    channel: ThreadChannel,
    details: Option<&ThreadChannelDetailsInput>,
) -> Option<SlackPlace> {
    let slack = details.and_then(|it| it.slack.as_ref());
    let ms_teams = details.and_then(|it| it.ms_teams.as_ref());
    match (channel, slack, ms_teams) {
        (ThreadChannel::Slack, Some(slack), None) => {
            return Some(SlackPlace {
                channel_id: slack.slack_channel_id.to_string(),
                channel_name: "shared-channel".to_owned(),
                team_id: slack.slack_team_id.to_string(),
                team_name: "Shared".to_owned(),
            });
        }
        (ThreadChannel::Slack, ..) => problems.missing("channelDetails.slack"),
        (ThreadChannel::MsTeams, None, Some(_)) => {}
        (ThreadChannel::MsTeams, ..) => problems.missing("channelDetails.msTeams"),
        (ThreadChannel::Discord | ThreadChannel::Import, ..) => problems.invalid(
            "channel",
            "Threads can be made for API, EMAIL, SLACK, MS_TEAMS, CHAT and INTERNAL.",
        ),
        (_, None, None) => {}
        _ => problems.invalid(
            "channelDetails",
            "Only threads in SLACK and MS_TEAMS have channel details.",
        ),
    }
    None
}

fn create_thread(state: &mut State, mut input: CreateThreadInput) -> Done<Thread> {
    let checked = check(state, &mut input)?;
    let customer = input
        .customer_identifier
        .need(state, "customerIdentifier")?;
    refuse_spam(&customer)?;
    let label_type_ids = input.label_type_ids.unwrap_or_default();
    let label_type_ids = new_label_types(state, &[], &label_type_ids)?;
    let external_id = input.external_id.map(|id| id.to_string());
    if let Some(external_id) = &external_id
        && state
            .thread_by_external_id(&customer.id, external_id)
            .is_some()
    {
        return Err(Refusal::invalid(
            "externalId",
            "A thread of this customer with this external id already exists.",
        ));
    }
    let tenant = input
        .tenant_identifier
        .map(|tenant| tenant.need(state, "tenantIdentifier"))
        .transpose()?;
    let files = input.attachment_ids.as_deref();
    let attachments = state.attach(files, &[Some(&customer.id)], checked.channel)?;

    let tenant_id = tenant.map(|tenant| tenant.id.clone());
    let tier = state.tier_for(&customer, tenant_id.as_deref());
    let usual = tier.map_or(2, |tier| tier.priority);
    let text = CustomTimelineEntryComponent::all_text(&checked.components);
    let title = title(input.title, &text);
    let inferred = || (!text.is_empty()).then(|| preview(&text));
    let stamp = state.stamp();
    let new = NewThread {
        customer_id: customer.id.clone(),
        tenant_id,
        external_id,
        title: title.clone(),
        description: input.description.or_else(inferred),
        priority: checked.priority.unwrap_or(usual),
        channel: checked.channel,
        slack: checked.slack,
    };
    let id = state.add_thread(stamp.clone(), new);
    if !checked.components.is_empty() || !attachments.is_empty() {
        let body = Body::Custom {
            title,
            kind: None,
            components: checked.components,
            attachments,
        };
        state.append(&id, stamp.clone(), body);
    }
    for (key, value) in checked.fields {
        state.set_field(&id, stamp.clone(), &key, value);
    }
    let labels = state.new_labels(&stamp, &label_type_ids);
    if let Some(thread) = state.threads.edit(&id) {
        thread.labels = labels;
        let assigned = checked.assignee.map(|by| Stamp { at: stamp.at, by });
        thread.assigned = assigned;
    }
    Ok(need_thread(state, "threadId", &id)?.into())
}

/// The title that was asked for, else the beginning of the first line of the text.
pub fn title(asked: Option<String>, text: &str) -> String {
    let asked = asked.filter(|title| !title.trim().is_empty());
    asked.unwrap_or_else(|| match text.lines().find(|line| !line.trim().is_empty()) {
        Some(line) => line.trim().chars().take(80).collect(),
        None => "New thread".to_owned(),
    })
}
