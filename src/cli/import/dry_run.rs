//! What an import would do. Plain is only read.

use std::collections::{HashMap, HashSet};

use tokio::sync::{Mutex, OnceCell};

use super::Told;
use crate::{
    cli::{
        Failure,
        apply::{Apply, Outcome, TenantChange, missing_groups, tenant_change},
        entry::{Entry, TenantRef},
    },
    plain::operations::{
        CustomerGroupsFilter, CustomerKey, CustomerWithMemberships, PageArguments,
    },
};

pub struct DryRun {
    apply: Apply,
    set_tenants: bool,
    /// The keys of all groups.
    groups: OnceCell<HashSet<String>>,
    /// The names of the tenants, by external id, as they will be after the rows so far; `None` where there is none.
    tenants: Mutex<HashMap<String, Option<String>>>,
}

impl DryRun {
    pub fn new(apply: Apply, set_tenants: bool) -> Self {
        Self {
            apply,
            set_tenants,
            groups: OnceCell::new(),
            tenants: Mutex::default(),
        }
    }

    /// What the row would come to, and what would change.
    ///
    /// # Errors
    /// As the import itself would be refused, as far as can be read.
    pub async fn entry(&self, entry: &Entry) -> Result<Told, Failure> {
        let mut changes = self.changed_tenants(entry).await?;
        let known = match &entry.external_id {
            Some(id) => self.find(CustomerKey::ExternalId(id.clone())).await?,
            None => None,
        };
        let holder = match &known {
            Some(known) if is_same_address(known, entry) => None,
            _ => self.find(CustomerKey::Email(entry.email.clone())).await?,
        };
        let known = match (known, holder) {
            (Some(known), Some(_)) if entry.email_verified.is_some() => {
                return Err(taken(&known, entry));
            }
            (Some(known), _) => Some(known),
            // Found by the address: theirs if it is verified, or the only thing that they are known by.
            (None, Some(holder)) if entry.external_id.is_some() => {
                let may_adopt = entry.email_verified == Some(true);
                if !may_adopt || holder.customer.external_id.is_some() {
                    return Err(taken(&holder, entry));
                }
                changes.push("external_id".to_owned());
                Some(holder)
            }
            (None, holder) => holder,
        };
        self.check_groups(entry).await?;
        let Some(known) = known else {
            return Ok(Told {
                outcome: Outcome::Created,
                changes,
            });
        };
        changes.extend(differences(entry, &known).map(str::to_owned));
        let missing = missing_groups(entry, &known);
        changes.extend(missing.iter().map(|key| format!("group {key}")));
        match tenant_change(entry, &known, self.set_tenants) {
            Some(TenantChange::Add(ids)) => {
                changes.extend(ids.iter().map(|id| format!("tenant {id}")));
            }
            Some(TenantChange::Set(_)) => changes.push("tenants".to_owned()),
            None => {}
        }
        let outcome = match changes.is_empty() {
            true => Outcome::Unchanged,
            false => Outcome::Updated,
        };
        Ok(Told { outcome, changes })
    }

    async fn find(&self, key: CustomerKey) -> Result<Option<CustomerWithMemberships>, Failure> {
        let plain = self.apply.plain();
        let call = async || plain.full_customer(&key).await;
        self.apply.pace().call(call).await
    }

    async fn check_groups(&self, entry: &Entry) -> Result<(), Failure> {
        if entry.groups().is_empty() {
            return Ok(());
        }
        let groups = self.groups.get_or_try_init(|| self.all_groups()).await?;
        match entry.groups().iter().find(|key| !groups.contains(*key)) {
            Some(key) => Err(Failure::Refused(format!("groups: there is no group {key}"))),
            None => Ok(()),
        }
    }

    async fn all_groups(&self) -> Result<HashSet<String>, Failure> {
        let plain = self.apply.plain();
        let (mut keys, mut after): (_, Option<String>) = (HashSet::new(), None);
        loop {
            let load = async || {
                let page = PageArguments::first(100, after.clone());
                let all = CustomerGroupsFilter::default();
                plain.customer_groups(all, page).await
            };
            let page = self.apply.pace().call(load).await?;
            after = page.next(after.as_deref())?;
            keys.extend(page.rows.into_iter().map(|group| group.key));
            if after.is_none() {
                return Ok(keys);
            }
        }
    }

    /// The tenants of the row that would be made or renamed first. One without a name must be there.
    async fn changed_tenants(&self, entry: &Entry) -> Result<Vec<String>, Failure> {
        let mut changes = Vec::new();
        let mut tenants = self.tenants.lock().await;
        for tenant in entry.tenants() {
            let id = tenant.external_id();
            if !tenants.contains_key(id) {
                let plain = self.apply.plain();
                let call = async || plain.tenant_by_external_id(id).await;
                let found = self.apply.pace().call(call).await?;
                tenants.insert(id.to_owned(), found.map(|tenant| tenant.name));
            }
            let known = tenants.get(id).and_then(Option::as_deref);
            match (tenant, known) {
                (TenantRef::Named(named), Some(name)) if named.name == name => continue,
                (TenantRef::Named(_), Some(_)) => changes.push(format!("name of tenant {id}")),
                (TenantRef::Named(_), None) => changes.push(format!("new tenant {id}")),
                (TenantRef::Known(_), Some(_)) => continue,
                (TenantRef::Known(_), None) => {
                    let told = format!("tenants: there is no tenant {id}");
                    return Err(Failure::Refused(told));
                }
            }
            if let TenantRef::Named(named) = tenant {
                tenants.insert(id.to_owned(), Some(named.name.clone()));
            }
        }
        Ok(changes)
    }
}

fn is_same_address(known: &CustomerWithMemberships, entry: &Entry) -> bool {
    known
        .customer
        .email
        .email
        .eq_ignore_ascii_case(&entry.email)
}

fn taken(holder: &CustomerWithMemberships, entry: &Entry) -> Failure {
    let (email, id) = (&entry.email, holder.customer.id.inner());
    Failure::Refused(format!(
        "email: {email} belongs to another customer, or {id} is not known to be this one"
    ))
}

/// The columns in which Plain has something else.
fn differences(
    entry: &Entry,
    known: &CustomerWithMemberships,
) -> impl Iterator<Item = &'static str> {
    let customer = &known.customer;
    let short_name = entry.short_name.as_ref();
    let verified = entry.email_verified;
    let columns = [
        ("name", customer.full_name != entry.name),
        (
            "short_name",
            short_name.is_some_and(|it| customer.short_name.as_ref() != Some(it)),
        ),
        (
            "email",
            verified.is_some() && customer.email.email != entry.email,
        ),
        (
            "email_verified",
            verified.is_some_and(|it| customer.email.is_verified != it),
        ),
    ];
    columns
        .into_iter()
        .filter_map(|(column, differs)| differs.then_some(column))
}
