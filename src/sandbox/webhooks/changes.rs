//! What has happened between two looks at the memory, as the events that Plain has for it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::payload::Words;
use crate::sandbox::{
    records::{Body, Customer, CustomerGroup, Entry, Label, Thread, Who},
    state::State,
    table::Row,
};

/// What the memory held at one time. Rows that nobody has changed are the same ones.
#[derive(Default)]
pub struct Snapshot {
    threads: Rows<Thread>,
    customers: Rows<Customer>,
    groups: Rows<CustomerGroup>,
}

type Rows<T> = Vec<Option<Arc<T>>>;

/// An event, without what only a delivery has.
pub struct Event {
    pub kind: &'static str,
    pub payload: Value,
}

/// What became of a row.
enum Change<'a, T> {
    Added(&'a T),
    Updated(&'a T, &'a T),
    Removed(&'a T),
}

impl Snapshot {
    pub fn of(state: &State) -> Self {
        Self {
            threads: state.threads.rows().to_vec(),
            customers: state.customers.rows().to_vec(),
            groups: state.customer_groups.rows().to_vec(),
        }
    }

    /// What happened between this and a later snapshot, which is that of `state`.
    pub fn changes_to(&self, later: &Self, state: &State) -> Vec<Event> {
        let mut events = Events {
            words: Words { state },
            found: Vec::new(),
        };
        for change in changes(&self.groups, &later.groups) {
            events.group(&change);
        }
        for change in changes(&self.customers, &later.customers) {
            events.customer(&change);
        }
        for change in changes(&self.threads, &later.threads) {
            match change {
                Change::Added(thread) => events.new_thread(thread),
                Change::Updated(before, thread) => events.thread(before, thread),
                // Plain has no event for it.
                Change::Removed(_) => {}
            }
        }
        events.found
    }
}

/// Rows keep their places.
fn changes<'a, T: Row>(before: &'a Rows<T>, after: &'a Rows<T>) -> Vec<Change<'a, T>> {
    let length = before.len().max(after.len());
    let at = |rows: &'a Rows<T>, place: usize| rows.get(place).and_then(Option::as_ref);
    let change = |place| match (at(before, place), at(after, place)) {
        (None, Some(row)) => Some(Change::Added(row.as_ref())),
        (Some(row), None) => Some(Change::Removed(row.as_ref())),
        (Some(old), Some(new)) if !Arc::ptr_eq(old, new) => {
            Some(Change::Updated(old.as_ref(), new.as_ref()))
        }
        _ => None,
    };
    (0..length).filter_map(change).collect()
}

struct Events<'a> {
    words: Words<'a>,
    found: Vec<Event>,
}

impl Events<'_> {
    fn add(&mut self, kind: &'static str, mut payload: Value) {
        payload["eventType"] = kind.into();
        self.found.push(Event { kind, payload });
    }

    fn group(&mut self, change: &Change<'_, CustomerGroup>) {
        let group = |it: &CustomerGroup| self.words.group(it);
        let payload = match change {
            Change::Added(it) => json!({ "changeType": "ADDED", "customerGroup": group(it) }),
            Change::Updated(before, it) => {
                json!({ "changeType": "UPDATED", "customerGroup": group(it), "previousCustomerGroup": group(before) })
            }
            Change::Removed(it) => {
                json!({ "changeType": "REMOVED", "previousCustomerGroup": group(it) })
            }
        };
        self.add("customer.customer_group_changed", payload);
    }

    fn customer(&mut self, change: &Change<'_, Customer>) {
        match change {
            Change::Added(customer) => {
                let payload = json!({ "customer": self.words.customer(customer) });
                self.add("customer.customer_created", payload);
            }
            Change::Removed(customer) => {
                let payload = json!({ "previousCustomer": self.words.customer(customer) });
                self.add("customer.customer_deleted", payload);
            }
            Change::Updated(before, customer) => {
                let (before, customer) =
                    (self.words.customer(before), self.words.customer(customer));
                self.updated_customer(&before, &customer);
            }
        }
    }

    /// Of a customer's tenants webhooks say nothing.
    fn updated_customer(&mut self, before: &Value, customer: &Value) {
        const GROUPS: &str = "customerGroupMemberships";
        let ids = |customer: &Value| -> Vec<Value> {
            let memberships = customer[GROUPS].as_array().into_iter().flatten();
            memberships
                .map(|it| it["customerGroupId"].clone())
                .collect()
        };
        let (old, new) = (ids(before), ids(customer));
        let added = new.iter().any(|id| !old.contains(id));
        let removed = old.iter().any(|id| !new.contains(id));
        for (changed, change_type) in [(added, "ADDED"), (removed, "REMOVED")] {
            if changed {
                let payload = json!({ "changeType": change_type, "customer": customer, "previousCustomer": before });
                self.add("customer.customer_group_memberships_changed", payload);
            }
        }
        let mut same_groups = before.clone();
        same_groups[GROUPS] = customer[GROUPS].clone();
        if same_groups != *customer {
            let payload = json!({ "customer": customer, "previousCustomer": before });
            self.add("customer.customer_updated", payload);
        }
    }

    fn new_thread(&mut self, thread: &Thread) {
        let payload = json!({ "thread": self.words.thread(thread) });
        self.add("thread.thread_created", payload);
        self.new_entries(thread, 0);
    }

    fn thread(&mut self, before: &Thread, thread: &Thread) {
        self.new_entries(thread, before.entries.len());
        let (old, new) = (self.words.thread(before), self.words.thread(thread));
        let both = || json!({ "thread": new, "previousThread": old });
        if old["status"] != new["status"] || old["statusDetail"] != new["statusDetail"] {
            self.add("thread.thread_status_transitioned", both());
        }
        if old["assignee"] != new["assignee"] {
            self.add("thread.thread_assignment_transitioned", both());
        }
        if before.priority != thread.priority {
            self.add("thread.thread_priority_changed", both());
        }
        let has = |labels: &[Label], id: &str| labels.iter().any(|label| label.id == id);
        let added = thread.labels.iter().any(|it| !has(&before.labels, &it.id));
        let removed = before.labels.iter().any(|it| !has(&thread.labels, &it.id));
        for (changed, change_type) in [(added, "ADDED"), (removed, "REMOVED")] {
            if changed {
                let mut payload = both();
                payload["changeType"] = change_type.into();
                self.add("thread.thread_labels_changed", payload);
            }
        }
        if before.tenant_id != thread.tenant_id {
            let mut payload = both();
            payload["tenant"] = self.words.tenant(thread.tenant_id.as_deref());
            payload["previousTenant"] = self.words.tenant(before.tenant_id.as_deref());
            self.add("thread.thread_tenant_updated", payload);
        }
        self.fields(before, thread, &new);
    }

    fn fields(&mut self, before: &Thread, thread: &Thread, told: &Value) {
        for field in &thread.fields {
            let new = self.words.field(thread, field);
            match before.field(&field.key) {
                None => {
                    let payload = json!({ "thread": told, "threadField": new });
                    self.add("thread.thread_field_created", payload);
                }
                Some(old) if old.value != field.value => {
                    let old = self.words.field(thread, old);
                    let payload =
                        json!({ "thread": told, "threadField": new, "previousThreadField": old });
                    self.add("thread.thread_field_updated", payload);
                }
                Some(_) => {}
            }
        }
        for old in before
            .fields
            .iter()
            .filter(|it| thread.field(&it.key).is_none())
        {
            let old = self.words.field(thread, old);
            let payload = json!({ "thread": told, "previousThreadField": old });
            self.add("thread.thread_field_deleted", payload);
        }
    }

    /// The messages and notes beyond so many entries. What was written down elsewhere, and events, are no message here.
    fn new_entries(&mut self, thread: &Thread, known: usize) {
        let mut new: Vec<&Arc<Entry>> = thread
            .entries
            .iter()
            .filter(|it| it.number >= known)
            .collect();
        new.sort_by_key(|entry| entry.number);
        for entry in new {
            let by_customer = matches!(entry.actor, Who::Customer(_) | Who::DeletedCustomer(_));
            let (kind, member) = match (&entry.body, by_customer) {
                (Body::Chat { .. }, true) => ("thread.chat_received", "chat"),
                (Body::Chat { .. }, false) => ("thread.chat_sent", "chat"),
                (Body::Email(email), _) if email.outbound => ("thread.email_sent", "email"),
                (Body::Email(_), _) => ("thread.email_received", "email"),
                (Body::SlackMessage { .. } | Body::SlackReply { .. }, true) => {
                    ("thread.slack_message_received", "slackMessage")
                }
                (Body::SlackMessage { .. } | Body::SlackReply { .. }, false) => {
                    ("thread.slack_message_sent", "slackMessage")
                }
                (Body::MsTeamsMessage { .. }, true) => {
                    ("thread.ms_teams_message_received", "msTeamsMessage")
                }
                (Body::MsTeamsMessage { .. }, false) => {
                    ("thread.ms_teams_message_sent", "msTeamsMessage")
                }
                (Body::Note { .. }, _) => ("thread.note_created", "note"),
                _ => continue,
            };
            let mut payload = json!({ "thread": self.words.thread(thread) });
            payload[member] = self.words.message(thread, entry);
            self.add(kind, payload);
        }
    }
}
