//! What Plain tells us between two looks: a webhook's event becomes what the portal does about it.

use jiff::Timestamp;

use crate::{
    identity::membership::Memberships,
    plain::webhook::{About, Event},
    store::{Effect, Error, Store},
};

/// Lets an event count, once in all processes; says whether it was the first of its id. Asks nothing of Plain, and so is quick.
///
/// # Errors
/// When the database fails; then nothing has happened, and Plain is to deliver it again.
pub async fn take_in(
    store: &Store,
    memberships: &Memberships,
    event: &Event,
    now: Timestamp,
) -> Result<bool, Error> {
    if let About::Customer { customer_id } | About::CustomerDeleted { customer_id } = &event.about {
        // Also when it is delivered again: this process may not have heard of it.
        memberships.doubt(customer_id).await;
    }
    store.take_in(&event.id, &effect(event), now).await
}

fn effect(event: &Event) -> Effect {
    match &event.about {
        About::Thread { thread_id } => Effect::ThreadChanged {
            thread_id: thread_id.clone(),
            at: event.at,
            event: event.kind.clone(),
        },
        About::CustomerDeleted { customer_id } => Effect::CustomerDeleted {
            customer_id: customer_id.clone(),
        },
        About::Customer { .. } | About::Other => Effect::Nothing,
    }
}
