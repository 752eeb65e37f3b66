//! Mutations that report what happened in the host product.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{Done, need_thread, output};
use crate::sandbox::{
    errors::Problems,
    records::{Event, Stamp},
    schema::{
        actor::Actor,
        component::EventComponent,
        component_input::{EventComponentInput, read_event_components},
        identifiers::CustomerIdentifierInput,
        time::DateTime,
    },
    state::State,
    store::store,
};

#[derive(InputObject)]
pub struct CreateThreadEventInput {
    thread_id: ID,
    external_id: Option<ID>,
    title: String,
    components: Vec<EventComponentInput>,
    timestamp: Option<String>,
}

#[derive(InputObject)]
pub struct CreateCustomerEventInput {
    customer_identifier: CustomerIdentifierInput,
    external_id: Option<ID>,
    title: String,
    components: Vec<EventComponentInput>,
    timestamp: Option<String>,
}

/// Something that happened to a thread.
#[derive(SimpleObject)]
pub struct ThreadEvent {
    id: ID,
    customer_id: ID,
    thread_id: ID,
    title: String,
    components: Vec<EventComponent>,
    created_at: DateTime,
    created_by: Actor,
    updated_at: DateTime,
    updated_by: Actor,
}

/// Something that happened to a customer.
#[derive(SimpleObject)]
pub struct CustomerEvent {
    id: ID,
    customer_id: ID,
    title: String,
    components: Vec<EventComponent>,
    created_at: DateTime,
    created_by: Actor,
    updated_at: DateTime,
    updated_by: Actor,
}

output!(CreateThreadEventOutput {
    thread_event: ThreadEvent
});
output!(CreateCustomerEventOutput {
    customer_event: CustomerEvent
});

#[derive(Default)]
pub struct EventMutations;

#[Object]
impl EventMutations {
    /// Shown in this thread. An event is no message and moves no status.
    async fn create_thread_event(
        &self,
        ctx: &Context<'_>,
        input: CreateThreadEventInput,
    ) -> CreateThreadEventOutput {
        let mut state = store(ctx).lock();
        create_thread_event(&mut state, input).into()
    }

    /// Shown in all threads that the customer has, and with the 24 other newest ones in each that is made later.
    async fn create_customer_event(
        &self,
        ctx: &Context<'_>,
        input: CreateCustomerEventInput,
    ) -> CreateCustomerEventOutput {
        let mut state = store(ctx).lock();
        create_customer_event(&mut state, input).into()
    }
}

/// Checks what both kinds of events have, and answers the event and when it was.
fn read_event(
    state: &State,
    mut problems: Problems,
    external_id: Option<ID>,
    title: String,
    components: Vec<EventComponentInput>,
    timestamp: Option<&str>,
) -> Done<(Event, Stamp)> {
    let external_id = external_id.map(|id| id.to_string());
    problems.optional_text("externalId", external_id.as_deref());
    if external_id.as_deref().is_some_and(|id| state.has_event(id)) {
        problems.invalid("externalId", "Another event has this external id.");
    }
    problems.text("title", &title);
    let components = read_event_components(state, &mut problems, "components", components);
    let at = problems.past("timestamp", timestamp);
    problems.finish()?;
    let mut stamp = state.stamp();
    stamp.at = at.unwrap_or(stamp.at);
    let event = Event {
        title,
        components,
        external_id,
    };
    Ok((event, stamp))
}

fn create_thread_event(state: &mut State, input: CreateThreadEventInput) -> Done<ThreadEvent> {
    let (event, stamp) = read_event(
        state,
        Problems::default(),
        input.external_id,
        input.title,
        input.components,
        input.timestamp.as_deref(),
    )?;
    let thread = need_thread(state, "threadId", &input.thread_id)?;
    let id = state.add_thread_event(&thread.id, stamp.clone(), event.clone());
    Ok(ThreadEvent {
        id: id.into(),
        customer_id: (&thread.customer_id).into(),
        thread_id: (&thread.id).into(),
        title: event.title,
        components: event.components,
        created_at: stamp.at.into(),
        created_by: (&stamp.by).into(),
        updated_at: stamp.at.into(),
        updated_by: (&stamp.by).into(),
    })
}

fn create_customer_event(
    state: &mut State,
    input: CreateCustomerEventInput,
) -> Done<CustomerEvent> {
    let mut problems = Problems::default();
    input
        .customer_identifier
        .check(&mut problems, "customerIdentifier");
    let (event, stamp) = read_event(
        state,
        problems,
        input.external_id,
        input.title,
        input.components,
        input.timestamp.as_deref(),
    )?;
    let customer = input
        .customer_identifier
        .need(state, "customerIdentifier")?;
    let made = state.add_customer_event(&customer.id, stamp.clone(), event.clone());
    Ok(CustomerEvent {
        id: (&made.id).into(),
        customer_id: (&customer.id).into(),
        title: event.title,
        components: event.components,
        created_at: stamp.at.into(),
        created_by: (&stamp.by).into(),
        updated_at: stamp.at.into(),
        updated_by: (&stamp.by).into(),
    })
}
