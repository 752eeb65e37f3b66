//! What is in the sandbox, and the few ways in which it changes. Whether a change is allowed is the mutations' business.

mod accounts;
mod deletion;
mod events;
mod files;
mod timeline;

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};

use super::{
    behaviour::Behaviour,
    enums::{StatusDetailType, ThreadChannel, ThreadStatus, UpsertResult},
    ids::Ids,
    mail::Mail,
    records::{
        Company, Customer, CustomerEvent, CustomerGroup, Detail, FieldValue, GroupMembership,
        Label, LabelType, MachineUser, Membership, SlackPlace, Stamp, Tenant, Thread, ThreadField,
        ThreadFieldSchema, Tier, TierMembership, User, Who,
    },
    table::Table,
};

pub use files::{Announced, Files, kind_for};

/// The address that the workspace's e-mails come from and go to.
pub const SUPPORT_EMAIL: &str = "support@fieldnote.example";
/// The workspace's name, as customers see it.
pub const WORKSPACE: &str = "Fieldnote";

/// Everything in the sandbox's workspace.
pub struct State {
    pub behaviour: Behaviour,
    /// Who changes it at this moment.
    pub acts: Who,
    pub ids: Ids,
    pub workspace_id: String,
    pub machine_user: MachineUser,
    pub users: Table<User>,
    pub tenants: Table<Tenant>,
    pub companies: Table<Company>,
    pub tiers: Table<Tier>,
    pub tier_memberships: Table<TierMembership>,
    pub customers: Table<Customer>,
    pub customer_groups: Table<CustomerGroup>,
    pub label_types: Table<LabelType>,
    pub thread_field_schemas: Table<ThreadFieldSchema>,
    pub threads: Table<Thread>,
    pub customer_events: Table<CustomerEvent>,
    pub mail: Mail,
    pub files: Files,
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
            acts: Who::MachineUser(machine_user.id.clone()),
            ids,
            workspace_id,
            machine_user,
            users: Table::default(),
            tenants: Table::default(),
            companies: Table::default(),
            tiers: Table::default(),
            tier_memberships: Table::default(),
            customers: Table::default(),
            customer_groups: Table::default(),
            label_types: Table::default(),
            thread_field_schemas: Table::default(),
            threads: Table::default(),
            customer_events: Table::default(),
            mail: Mail::default(),
            files: Files::default(),
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

    /// Who acts, now.
    pub fn stamp(&self) -> Stamp {
        Stamp {
            at: Self::now(),
            by: self.acts.clone(),
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

    /// Adds a customer and gives the id. They work at the company whose domain their address has, if there is one.
    pub fn add_customer(&mut self, stamp: Stamp, new: NewCustomer) -> String {
        let id = self.ids.next("c", stamp.at);
        let domain = new.email.rsplit_once('@').map(|(_, domain)| domain);
        let company = domain.and_then(|domain| self.company_by_domain(domain));
        let company_id = company.map(|company| company.id.clone());
        self.customers.add(Customer {
            id: id.clone(),
            external_id: new.external_id,
            full_name: new.full_name,
            short_name: new.short_name,
            email: new.email,
            verified_at: new.is_verified.then_some(stamp.at),
            memberships: Vec::new(),
            groups: Vec::new(),
            company_id,
            spam: None,
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

    /// Adds the customer to groups and gives the new memberships; nothing changes for those that they are in.
    pub fn join_groups(
        &mut self,
        stamp: &Stamp,
        customer_id: &str,
        group_ids: Vec<String>,
    ) -> Vec<GroupMembership> {
        let mut new = Vec::new();
        let Some(customer) = self.customers.edit(customer_id) else {
            return new;
        };
        for group_id in group_ids {
            if customer.groups.iter().all(|it| it.group_id != group_id) {
                let membership = GroupMembership {
                    group_id,
                    created: stamp.clone(),
                };
                customer.groups.push(membership.clone());
                new.push(membership);
            }
        }
        new
    }

    /// Adds a thread, to do and created, and gives its id. Its only entries are the customer's newest events.
    pub fn add_thread(&mut self, stamp: Stamp, new: NewThread) -> String {
        let id = self.ids.next("th", stamp.at);
        let customer_id = new.customer_id.clone();
        let tier = self
            .customers
            .get(&customer_id)
            .and_then(|customer| self.tier_for(customer, new.tenant_id.as_deref()));
        let tier_id = tier.map(|tier| tier.id.clone());
        self.threads.add(Thread {
            id: id.clone(),
            number: self.threads.next_place() + 1,
            customer_id: new.customer_id,
            tenant_id: new.tenant_id,
            tier_id,
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
            also_assigned: Vec::new(),
            locked: None,
            labels: Vec::new(),
            fields: Vec::new(),
            first_inbound: None,
            last_inbound: None,
            first_outbound: None,
            last_outbound: None,
            created: stamp.clone(),
            updated: stamp,
            entries: Vec::new(),
        });
        self.recall_events(&id, &customer_id);
        id
    }

    /// The field that threads have under this key.
    pub fn thread_field_schema(&self, key: &str) -> Option<&Arc<ThreadFieldSchema>> {
        self.thread_field_schemas
            .iter()
            .find(|schema| schema.key == key)
    }

    /// The fields that must still be filled in before the thread is done.
    pub fn missing_fields(&self, thread: &Thread) -> Vec<String> {
        let missing = |schema: &&Arc<ThreadFieldSchema>| {
            let depends_on = schema.depends_on_field.as_ref();
            let depends_on = depends_on.and_then(|(id, _)| self.thread_field_schemas.get(id));
            schema.is_required
                && thread.field(&schema.key).is_none()
                && schema.applies_to(thread, depends_on.map(Arc::as_ref))
        };
        let schemas = self.thread_field_schemas.iter().filter(missing);
        schemas.map(|schema| schema.key.clone()).collect()
    }

    /// Gives a thread's field a value, and says what that was. The key must be a field's.
    pub fn set_field(
        &mut self,
        thread_id: &str,
        stamp: Stamp,
        key: &str,
        value: FieldValue,
    ) -> UpsertResult {
        let id = self.ids.next("tf", stamp.at);
        let Some(kind) = self.thread_field_schema(key).map(|schema| schema.kind) else {
            return UpsertResult::Noop;
        };
        let Some(thread) = self.threads.edit(thread_id) else {
            return UpsertResult::Noop;
        };
        let result = match thread.fields.iter_mut().find(|field| field.key == key) {
            Some(field) if field.value == value => return UpsertResult::Noop,
            Some(field) => {
                field.value = value;
                field.updated = stamp.clone();
                UpsertResult::Updated
            }
            None => {
                thread.fields.push(ThreadField {
                    id,
                    key: key.to_owned(),
                    kind,
                    value,
                    created: stamp.clone(),
                    updated: stamp.clone(),
                });
                UpsertResult::Created
            }
        };
        thread.updated = stamp;
        result
    }

    /// The label type with this external id.
    pub fn label_type_by_external_id(&self, external_id: &str) -> Option<&Arc<LabelType>> {
        self.label_types
            .iter()
            .find(|it| it.external_id.as_deref() == Some(external_id))
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
