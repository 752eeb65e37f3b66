//! What is in the sandbox, and the few ways in which it changes. Whether a change is allowed is the mutations' business.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};

use super::{
    behaviour::Behaviour,
    enums::{StatusDetailType, ThreadChannel, ThreadStatus},
    ids::Ids,
    mail::Mail,
    records::{
        Body, Customer, Detail, Entry, Label, LabelType, MachineUser, Membership, MessageInfo,
        SlackPlace, Stamp, Tenant, Thread, User, Who,
    },
    table::Table,
};

/// The address that the workspace's e-mails come from and go to.
pub const SUPPORT_EMAIL: &str = "support@fieldnote.example";
/// The workspace's name, as customers see it.
pub const WORKSPACE: &str = "Fieldnote";

/// Everything in the sandbox's workspace.
pub struct State {
    pub behaviour: Behaviour,
    pub ids: Ids,
    pub workspace_id: String,
    pub machine_user: MachineUser,
    pub users: Table<User>,
    pub tenants: Table<Tenant>,
    pub customers: Table<Customer>,
    pub label_types: Table<LabelType>,
    pub threads: Table<Thread>,
    pub mail: Mail,
}

/// What a new customer has.
pub struct NewCustomer {
    pub external_id: Option<String>,
    pub full_name: String,
    pub short_name: Option<String>,
    pub email: String,
    pub is_verified: bool,
}

/// What a new thread has.
pub struct NewThread {
    pub customer_id: String,
    pub tenant_id: Option<String>,
    pub external_id: Option<String>,
    pub title: String,
    pub description: Option<String>,
    pub priority: i32,
    pub channel: ThreadChannel,
    pub slack: Option<SlackPlace>,
}

impl State {
    /// A workspace with its machine user and nobody else.
    pub fn new(at: Timestamp) -> Self {
        let mut ids = Ids::default();
        let workspace_id = ids.next("w", at);
        let machine_user = MachineUser {
            id: ids.next("mu", at),
            full_name: "Portal API key (production)".to_owned(),
            public_name: WORKSPACE.to_owned(),
            created: Stamp {
                at,
                by: Who::System,
            },
        };
        Self {
            behaviour: Behaviour::default(),
            ids,
            workspace_id,
            machine_user,
            users: Table::default(),
            tenants: Table::default(),
            customers: Table::default(),
            label_types: Table::default(),
            threads: Table::default(),
            mail: Mail::default(),
        }
    }

    /// Now, as exactly as the API tells times: to the millisecond.
    pub fn now() -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// The machine user as an actor: who acts when nobody is impersonated.
    pub fn machine(&self) -> Who {
        Who::MachineUser(self.machine_user.id.clone())
    }

    /// The machine user, now.
    pub fn stamp(&self) -> Stamp {
        Stamp {
            at: Self::now(),
            by: self.machine(),
        }
    }

    /// The tenant with this external id.
    pub fn tenant_by_external_id(&self, external_id: &str) -> Option<&Arc<Tenant>> {
        self.tenants
            .iter()
            .find(|tenant| tenant.external_id == external_id)
    }

    /// The customer with this external id.
    pub fn customer_by_external_id(&self, external_id: &str) -> Option<&Arc<Customer>> {
        self.customers
            .iter()
            .find(|customer| customer.external_id.as_deref() == Some(external_id))
    }

    /// The customer with this e-mail address, whatever its case.
    pub fn customer_by_email(&self, email: &str) -> Option<&Arc<Customer>> {
        self.customers
            .iter()
            .find(|customer| customer.email.eq_ignore_ascii_case(email))
    }

    /// The thread with this ref, `T-12`.
    pub fn thread_by_ref(&self, reference: &str) -> Option<&Arc<Thread>> {
        let number: usize = reference.strip_prefix("T-")?.parse().ok()?;
        self.threads.at(number.checked_sub(1)?)
    }

    /// The customer's thread with this external id.
    pub fn thread_by_external_id(
        &self,
        customer_id: &str,
        external_id: &str,
    ) -> Option<&Arc<Thread>> {
        self.threads.iter().find(|thread| {
            thread.customer_id == customer_id && thread.external_id.as_deref() == Some(external_id)
        })
    }

    /// Adds a tenant and gives its id.
    pub fn add_tenant(
        &mut self,
        stamp: Stamp,
        external_id: &str,
        name: &str,
        url: Option<String>,
    ) -> String {
        let id = self.ids.next("te", stamp.at);
        self.tenants.add(Tenant {
            id: id.clone(),
            external_id: external_id.to_owned(),
            name: name.to_owned(),
            url,
            created: stamp.clone(),
            updated: stamp,
        });
        id
    }

    /// Adds a customer and gives the id.
    pub fn add_customer(&mut self, stamp: Stamp, new: NewCustomer) -> String {
        let id = self.ids.next("c", stamp.at);
        self.customers.add(Customer {
            id: id.clone(),
            external_id: new.external_id,
            full_name: new.full_name,
            short_name: new.short_name,
            email: new.email,
            verified_at: new.is_verified.then_some(stamp.at),
            memberships: Vec::new(),
            created: stamp.clone(),
            updated: stamp,
        });
        id
    }

    /// Makes the customer a member of the tenant; nothing changes for one that is.
    pub fn join(&mut self, stamp: Stamp, customer_id: &str, tenant_id: &str) {
        let Some(customer) = self.customers.edit(customer_id) else {
            return;
        };
        if customer
            .memberships
            .iter()
            .all(|it| it.tenant_id != tenant_id)
        {
            customer.memberships.push(Membership {
                tenant_id: tenant_id.to_owned(),
                created: stamp,
            });
        }
    }

    /// Adds a thread without entries, to do and created, and gives its id.
    pub fn add_thread(&mut self, stamp: Stamp, new: NewThread) -> String {
        let id = self.ids.next("th", stamp.at);
        self.threads.add(Thread {
            id: id.clone(),
            number: self.threads.len() + 1,
            customer_id: new.customer_id,
            tenant_id: new.tenant_id,
            external_id: new.external_id,
            title: new.title,
            preview_text: new.description.clone(),
            description: new.description,
            priority: new.priority,
            status: ThreadStatus::Todo,
            detail: Detail {
                kind: StatusDetailType::Created,
                changed_at: stamp.at,
                until: None,
            },
            status_changed: stamp.clone(),
            channel: new.channel,
            slack: new.slack,
            assigned: None,
            labels: Vec::new(),
            first_inbound: None,
            last_inbound: None,
            first_outbound: None,
            last_outbound: None,
            created: stamp.clone(),
            updated: stamp,
            entries: Vec::new(),
        });
        id
    }

    /// Adds an entry at the end of a timeline and gives its id. A message also moves the thread's message times; a
    /// custom entry counts as a message from the customer, whoever wrote it down.
    pub fn append(&mut self, thread_id: &str, stamp: Stamp, body: Body) -> String {
        let id = self.ids.next("t", stamp.at);
        let Some(thread) = self.threads.edit(thread_id) else {
            return id;
        };
        if let Some(source) = body.message_source() {
            let info = MessageInfo {
                at: stamp.at,
                source,
            };
            let inbound =
                matches!(stamp.by, Who::Customer(_)) || matches!(body, Body::Custom { .. });
            let (first, last) = if inbound {
                (&mut thread.first_inbound, &mut thread.last_inbound)
            } else {
                (&mut thread.first_outbound, &mut thread.last_outbound)
            };
            first.get_or_insert(info);
            *last = Some(info);
        }
        // Notes move the preview too, as any other activity may: one more thing that a portal must not show.
        if let Some(text) = body.text() {
            thread.preview_text = Some(preview(&text));
        }
        thread.entries.push(Arc::new(Entry {
            id: id.clone(),
            thread_id: thread_id.to_owned(),
            customer_id: thread.customer_id.clone(),
            place: thread.entries.len(),
            at: stamp.at,
            actor: stamp.by.clone(),
            body,
        }));
        thread.updated = stamp;
        id
    }

    /// New labels of these types.
    pub fn new_labels(&mut self, stamp: &Stamp, label_type_ids: &[String]) -> Vec<Label> {
        let ids = &mut self.ids;
        let label = |label_type_id: &String| Label {
            id: ids.next("l", stamp.at),
            label_type_id: label_type_id.clone(),
            created: stamp.clone(),
        };
        label_type_ids.iter().map(label).collect()
    }

    /// Gives a thread a status and adds the transition to the timeline; nothing changes if it has both already.
    pub fn set_status(
        &mut self,
        thread_id: &str,
        stamp: Stamp,
        status: ThreadStatus,
        kind: StatusDetailType,
        until: Option<Timestamp>,
    ) {
        let Some(thread) = self.threads.edit(thread_id) else {
            return;
        };
        let before = (thread.status, thread.detail);
        if (before.0, before.1.kind, before.1.until) == (status, kind, until) {
            return;
        }
        thread.status = status;
        thread.detail = Detail {
            kind,
            changed_at: stamp.at,
            until,
        };
        thread.status_changed = stamp.clone();
        let to = (status, thread.detail);
        self.append(thread_id, stamp, Body::Status { from: before, to });
    }

    /// What a message does to its thread's status: it is to do again. If it is to do already, only the detail changes,
    /// and that is not worth a line in the timeline.
    pub fn answered(&mut self, thread_id: &str, stamp: Stamp, kind: StatusDetailType) {
        match self.threads.edit(thread_id) {
            Some(thread) if thread.status == ThreadStatus::Todo => {
                if thread.detail.kind != kind {
                    thread.detail.kind = kind;
                    thread.detail.changed_at = stamp.at;
                    thread.status_changed = stamp;
                }
            }
            _ => self.set_status(thread_id, stamp, ThreadStatus::Todo, kind, None),
        }
    }

    /// Lets happen what is due: replies arrive, threads wake up.
    pub fn pass_time(&mut self) {
        let now = Self::now();
        self.deliver(now);
        self.wake(now);
    }

    /// Wakes the threads whose time of waiting is over: they are to do again, in progress.
    fn wake(&mut self, now: Timestamp) {
        let due: Vec<(String, Timestamp)> = self
            .threads
            .iter()
            .filter(|thread| thread.status == ThreadStatus::Snoozed)
            .filter_map(|thread| Some((thread.id.clone(), thread.detail.until?)))
            .filter(|(_, until)| *until <= now)
            .collect();
        for (thread_id, at) in due {
            let by = Who::System;
            self.answered(&thread_id, Stamp { at, by }, StatusDetailType::InProgress);
        }
    }

    /// The end of a wait of so many seconds from `from`.
    pub fn later(from: Timestamp, seconds: i32) -> Timestamp {
        from.checked_add(i64::from(seconds).seconds())
            .unwrap_or(Timestamp::MAX)
    }
}

/// The beginning of a text in one line.
pub fn preview(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(160).collect()
}
