//! What the host product reports: events of one thread, and of a customer, which all of the customer's threads show.

use std::sync::Arc;

use super::State;
use crate::sandbox::records::{Body, CustomerEvent, Event, Stamp};

/// How many events of its customer a new thread shows, the newest.
const RECALLED: usize = 25;

impl State {
    /// Adds an event to a thread and gives the event's id.
    pub fn add_thread_event(&mut self, thread_id: &str, stamp: Stamp, event: Event) -> String {
        let id = self.ids.next("tev", stamp.at);
        let body = Body::ThreadEvent {
            id: id.clone(),
            event,
        };
        self.append(thread_id, stamp, body);
        id
    }

    /// Adds an event to a customer and to all threads that the customer has.
    pub fn add_customer_event(
        &mut self,
        customer_id: &str,
        stamp: Stamp,
        event: Event,
    ) -> Arc<CustomerEvent> {
        let event = self.customer_events.add(CustomerEvent {
            id: self.ids.next("cev", stamp.at),
            customer_id: customer_id.to_owned(),
            event,
            created: stamp,
        });
        let threads = self.threads.iter();
        let own = threads.filter(|thread| thread.customer_id == customer_id);
        let ids: Vec<String> = own.map(|thread| thread.id.clone()).collect();
        for thread_id in ids {
            self.show(&thread_id, &event);
        }
        event
    }

    /// Shows the customer's newest events in a new thread.
    pub(super) fn recall_events(&mut self, thread_id: &str, customer_id: &str) {
        let events = self.customer_events.iter();
        let mut own: Vec<_> = events
            .filter(|event| event.customer_id == customer_id)
            .cloned()
            .collect();
        own.sort_by_key(|event| event.created.at);
        for event in own.iter().skip(own.len().saturating_sub(RECALLED)) {
            self.show(thread_id, event);
        }
    }

    fn show(&mut self, thread_id: &str, event: &CustomerEvent) {
        let body = Body::CustomerEvent {
            id: event.id.clone(),
            event: event.event.clone(),
        };
        self.append(thread_id, event.created.clone(), body);
    }

    /// Whether an event of a thread, or of a customer, has this external id.
    pub fn has_event(&self, external_id: &str) -> bool {
        let has = |event: &Event| event.external_id.as_deref() == Some(external_id);
        let of_thread = |body: &Body| matches!(body, Body::ThreadEvent { event, .. } if has(event));
        let entries = self.threads.iter().flat_map(|thread| &thread.entries);
        self.customer_events.iter().any(|it| has(&it.event))
            || entries.map(|entry| &entry.body).any(of_thread)
    }
}
