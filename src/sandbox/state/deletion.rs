//! What goes when a customer or a tenant is deleted.

use std::sync::Arc;

use super::State;
use crate::sandbox::records::{Body, EmailActor, Entry, TierMember, Who};

impl State {
    /// Deletes a tenant. Its customers stay, and so do its threads, which are in no tenant then.
    pub fn delete_tenant(&mut self, id: &str) {
        self.tenants.remove(id);
        self.leave_tier(&TierMember::Tenant(id.to_owned()));
        let members = self.customers.iter();
        let members = members.filter(|it| it.memberships.iter().any(|it| it.tenant_id == id));
        let members: Vec<String> = members.map(|it| it.id.clone()).collect();
        for member in &members {
            if let Some(customer) = self.customers.edit(member) {
                customer.memberships.retain(|it| it.tenant_id != id);
            }
        }
        let threads = self.threads.iter();
        let theirs = threads.filter(|thread| thread.tenant_id.as_deref() == Some(id));
        let theirs: Vec<String> = theirs.map(|thread| thread.id.clone()).collect();
        for thread_id in &theirs {
            if let Some(thread) = self.threads.edit(thread_id) {
                thread.tenant_id = None;
            }
        }
    }

    /// Deletes a customer with their threads and events. What they wrote to others' threads stays there, as a deleted
    /// customer's.
    pub fn delete_customer(&mut self, id: &str) {
        self.customers.remove(id);
        let threads = self.threads.iter();
        let theirs = threads.filter(|thread| thread.customer_id == id);
        let theirs: Vec<String> = theirs.map(|thread| thread.id.clone()).collect();
        for thread_id in &theirs {
            self.threads.remove(thread_id);
        }
        let events = self.customer_events.iter();
        let events = events.filter(|event| event.customer_id == id);
        let events: Vec<String> = events.map(|event| event.id.clone()).collect();
        for event_id in &events {
            self.customer_events.remove(event_id);
        }
        let others: Vec<String> = self.threads.iter().map(|it| it.id.clone()).collect();
        for thread_id in &others {
            let Some(thread) = self.threads.edit(thread_id) else {
                continue;
            };
            for stamp in [
                &mut thread.created,
                &mut thread.updated,
                &mut thread.status_changed,
            ] {
                forget(&mut stamp.by, id);
            }
            for entry in &mut thread.entries {
                forget_in(Arc::make_mut(entry), id);
            }
        }
    }
}

fn forget(who: &mut Who, id: &str) {
    if *who == Who::Customer(id.to_owned()) {
        *who = Who::DeletedCustomer(id.to_owned());
    }
}

fn forget_in(entry: &mut Entry, id: &str) {
    forget(&mut entry.actor, id);
    match &mut entry.body {
        Body::Email(email) => {
            let ends = [&mut email.from, &mut email.to];
            let copies = email.cc.iter_mut().chain(&mut email.bcc);
            for participant in ends.into_iter().chain(copies) {
                if participant.actor == Some(EmailActor::Customer(id.to_owned())) {
                    participant.actor = Some(EmailActor::DeletedCustomer(id.to_owned()));
                }
            }
        }
        Body::Merged { child_entry, .. } => forget_in(Arc::make_mut(child_entry), id),
        _ => {}
    }
}
