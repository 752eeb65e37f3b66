//! What is told of a customer, a group, a tenant. The names are those that `import` reads.

use serde::Serialize;

use super::output::Record;
use crate::plain::operations::{
    CustomerGroup, CustomerRecord, CustomerWithMemberships, DateTime, TenantRecord,
};

#[derive(Serialize)]
pub struct Customer {
    id: String,
    external_id: Option<String>,
    email: String,
    email_verified: bool,
    name: String,
    short_name: Option<String>,
    marked_as_spam_at: Option<String>,
    created_at: String,
    updated_at: String,
}

impl From<CustomerRecord> for Customer {
    fn from(customer: CustomerRecord) -> Self {
        let time = |time: DateTime| time.iso8601;
        Self {
            id: customer.id.into_inner(),
            external_id: customer.external_id.map(cynic::Id::into_inner),
            email: customer.email.email,
            email_verified: customer.email.is_verified,
            name: customer.full_name,
            short_name: customer.short_name,
            marked_as_spam_at: customer.marked_as_spam_at.map(time),
            created_at: time(customer.created_at),
            updated_at: time(customer.updated_at),
        }
    }
}

impl Record for Customer {
    const COLUMNS: &'static [&'static str] = &["ID", "EXTERNAL ID", "EMAIL", "NAME", "NOTES"];

    fn cells(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.email_verified {
            notes.push("unverified");
        }
        if self.marked_as_spam_at.is_some() {
            notes.push("spam");
        }
        vec![
            self.id.clone(),
            self.external_id.clone().unwrap_or_default(),
            self.email.clone(),
            self.name.clone(),
            notes.join(", "),
        ]
    }

    fn more(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SHORT NAME", self.short_name.clone().unwrap_or_default()),
            ("CREATED", self.created_at.clone()),
            ("UPDATED", self.updated_at.clone()),
        ]
    }
}

/// A customer with the first hundred groups and tenants that they are in.
#[derive(Serialize)]
pub struct FullCustomer {
    #[serde(flatten)]
    customer: Customer,
    groups: Vec<String>,
    tenants: Vec<String>,
}

impl From<CustomerWithMemberships> for FullCustomer {
    fn from(full: CustomerWithMemberships) -> Self {
        let groups = full.customer_group_memberships.groups();
        let tenants = full.tenant_memberships.tenants();
        Self {
            groups: groups.map(|group| group.key.clone()).collect(),
            tenants: tenants.map(|tenant| tenant.external_id.clone()).collect(),
            customer: full.customer.into(),
        }
    }
}

impl Record for FullCustomer {
    const COLUMNS: &'static [&'static str] = Customer::COLUMNS;

    fn cells(&self) -> Vec<String> {
        self.customer.cells()
    }

    fn more(&self) -> Vec<(&'static str, String)> {
        let mut more = self.customer.more();
        more.push(("GROUPS", self.groups.join(", ")));
        more.push(("TENANTS", self.tenants.join(", ")));
        more
    }
}

#[derive(Serialize)]
pub struct Group {
    id: String,
    key: String,
    name: String,
    color: String,
    external_id: Option<String>,
}

impl From<CustomerGroup> for Group {
    fn from(group: CustomerGroup) -> Self {
        Self {
            id: group.id.into_inner(),
            key: group.key,
            name: group.name,
            color: group.color,
            external_id: group.external_id,
        }
    }
}

impl Record for Group {
    const COLUMNS: &'static [&'static str] = &["ID", "KEY", "NAME", "COLOR", "EXTERNAL ID"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.key.clone(),
            self.name.clone(),
            self.color.clone(),
            self.external_id.clone().unwrap_or_default(),
        ]
    }
}

#[derive(Serialize)]
pub struct Tenant {
    id: String,
    external_id: String,
    name: String,
    url: Option<String>,
}

impl From<TenantRecord> for Tenant {
    fn from(tenant: TenantRecord) -> Self {
        Self {
            id: tenant.id.into_inner(),
            external_id: tenant.external_id,
            name: tenant.name,
            url: tenant.url,
        }
    }
}

impl Record for Tenant {
    const COLUMNS: &'static [&'static str] = &["ID", "EXTERNAL ID", "NAME", "URL"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.external_id.clone(),
            self.name.clone(),
            self.url.clone().unwrap_or_default(),
        ]
    }
}

/// What an upsert came to, with what it was about.
#[derive(Serialize)]
pub struct Upserted<R> {
    pub result: &'static str,
    #[serde(flatten)]
    pub record: R,
}

impl<R: Record> Record for Upserted<R> {
    const COLUMNS: &'static [&'static str] = R::COLUMNS;

    fn cells(&self) -> Vec<String> {
        self.record.cells()
    }

    fn more(&self) -> Vec<(&'static str, String)> {
        let mut more = self.record.more();
        more.push(("RESULT", self.result.to_owned()));
        more
    }
}
