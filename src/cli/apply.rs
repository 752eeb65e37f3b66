//! Makes Plain have of one customer what an [`Entry`] says. Done twice, the second time does nothing.

mod input;

use std::collections::HashMap;

use tokio::sync::Mutex;

use self::input::{By, upsert};
use super::{
    Failure,
    entry::{Entry, TenantRef},
    pace::Pace,
};
use crate::plain::{
    self, Client, Error, Refusal,
    operations::{
        CustomerGroupIdentifier, CustomerIdentifierInput, CustomerKey, CustomerRecord,
        CustomerWithMemberships, TenantIdentifierInput, UpsertResult, UpsertTenantInput,
    },
};

/// As many groups as Plain takes at once.
const GROUPS_AT_ONCE: usize = 25;

/// What came of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Created,
    Updated,
    Unchanged,
}

impl Outcome {
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
        }
    }
}

impl From<UpsertResult> for Outcome {
    fn from(result: UpsertResult) -> Self {
        match result {
            UpsertResult::Created => Self::Created,
            UpsertResult::Noop => Self::Unchanged,
            // A result of the future is at least not nothing.
            UpsertResult::Updated | UpsertResult::Other => Self::Updated,
        }
    }
}

/// What becomes of a customer who is there already. By default all that the entry says.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Plain's id of the customer, who is found by it and must be there.
    pub id: Option<String>,
    /// Names, address and external id stay; groups and tenants are added all the same.
    pub keeps_all: bool,
    pub keeps_name: bool,
    pub clears_short_name: bool,
}

/// Brings entries to Plain.
pub struct Apply {
    plain: Client,
    pace: Pace,
    /// Tenants become exactly those of the entry; otherwise they are only added.
    set_tenants: bool,
    /// What has been made sure of already, by external id: the name.
    tenants: Mutex<HashMap<String, String>>,
}

/// What Plain has of a customer after an upsert, as far as it was asked for.
enum Known {
    Record(CustomerRecord),
    Full(Box<CustomerWithMemberships>),
}

impl Known {
    fn record(&self) -> &CustomerRecord {
        match self {
            Self::Record(record) => record,
            Self::Full(full) => &full.customer,
        }
    }
}

impl Apply {
    pub fn new(plain: Client, pace: Pace, set_tenants: bool) -> Self {
        Self {
            plain: plain.without_retries(),
            pace,
            set_tenants,
            tenants: Mutex::default(),
        }
    }

    pub fn plain(&self) -> &Client {
        &self.plain
    }

    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// Creates or updates the customer, and adds (or sets) what they belong to.
    ///
    /// # Errors
    /// [`Failure::Plain`] when Plain refuses it or cannot be asked, [`Failure::Interrupted`].
    pub async fn entry(
        &self,
        entry: &Entry,
        update: &Update,
    ) -> Result<(Outcome, CustomerRecord), Failure> {
        let mut changed = false;
        for tenant in entry.tenants() {
            changed |= self.make_sure_of(tenant).await?;
        }
        let by = match (&update.id, &entry.external_id) {
            (Some(id), _) => By::Id(id),
            (None, Some(_)) => By::ExternalId,
            (None, None) => By::Email,
        };
        let (result, known) = match self.upsert(entry, update, by).await {
            Err(Failure::Plain(error)) if by == By::ExternalId && is_email_taken(&error) => {
                self.adopt(entry, update, error).await?
            }
            end => end?,
        };
        let mut outcome = Outcome::from(result);
        let record = known.record().clone();
        if let Known::Full(known) = known {
            let joined = self.join_groups(entry, &known).await?;
            let moved = self.change_tenants(entry, &known).await?;
            changed |= joined || moved;
        }
        if outcome == Outcome::Unchanged && changed {
            outcome = Outcome::Updated;
        }
        Ok((outcome, record))
    }

    async fn upsert(
        &self,
        entry: &Entry,
        update: &Update,
        by: By<'_>,
    ) -> Result<(UpsertResult, Known), Failure> {
        let belongs = !entry.groups().is_empty() || entry.tenants.is_some();
        self.pace
            .call(async || {
                let input = upsert(entry, update, by);
                Ok(match belongs {
                    true => {
                        let (result, full) = self.plain.upsert_full_customer(input).await?;
                        (result, Known::Full(Box::new(full)))
                    }
                    false => {
                        let (result, record) = self.plain.upsert_customer_record(input).await?;
                        (result, Known::Record(record))
                    }
                })
            })
            .await
    }

    /// Plain knows the address already, as after an e-mail to support. Whose it is is only sure when it is verified.
    async fn adopt(
        &self,
        entry: &Entry,
        update: &Update,
        taken: Error,
    ) -> Result<(UpsertResult, Known), Failure> {
        if entry.email_verified != Some(true) || update.keeps_all {
            return Err(taken.into());
        }
        let key = CustomerKey::Email(entry.email.clone());
        let known = self
            .pace
            .call(async || self.plain.customer_record(&key).await)
            .await?;
        if known.is_some_and(|known| known.external_id.is_some()) {
            return Err(taken.into());
        }
        self.upsert(entry, update, By::Email).await
    }

    async fn join_groups(
        &self,
        entry: &Entry,
        known: &CustomerWithMemberships,
    ) -> Result<bool, Failure> {
        let missing = missing_groups(entry, known);
        let id = known.customer.id.inner();
        for keys in missing.chunks(GROUPS_AT_ONCE) {
            self.pace
                .call(async || {
                    let groups = keys.iter().map(|key| CustomerGroupIdentifier::by_key(key));
                    self.plain.join_groups(id, groups.collect()).await
                })
                .await?;
        }
        Ok(!missing.is_empty())
    }

    async fn change_tenants(
        &self,
        entry: &Entry,
        known: &CustomerWithMemberships,
    ) -> Result<bool, Failure> {
        let Some(change) = tenant_change(entry, known, self.set_tenants) else {
            return Ok(false);
        };
        let customer = || CustomerIdentifierInput::by_id(known.customer.id.inner());
        let named = |ids: &[&str]| {
            let ids = ids.iter();
            ids.map(|id| TenantIdentifierInput::by_external_id(id))
                .collect()
        };
        self.pace
            .call(async || match &change {
                TenantChange::Add(ids) => self.plain.join_tenants(customer(), named(ids)).await,
                TenantChange::Set(ids) => self.plain.set_tenants(customer(), named(ids)).await,
            })
            .await?;
        Ok(true)
    }

    /// Makes or renames a tenant that came with its name, once for all rows; is it another than before? One that is
    /// new has nobody in it yet, who joins it is another then.
    async fn make_sure_of(&self, tenant: &TenantRef) -> Result<bool, Failure> {
        let TenantRef::Named(tenant) = tenant else {
            return Ok(false);
        };
        let mut tenants = self.tenants.lock().await;
        if tenants.get(&tenant.external_id) == Some(&tenant.name) {
            return Ok(false);
        }
        let (result, _) = self
            .pace
            .call(async || {
                let input = UpsertTenantInput {
                    identifier: TenantIdentifierInput::by_external_id(&tenant.external_id),
                    name: &tenant.name,
                    external_id: &tenant.external_id,
                    url: None,
                };
                self.plain.upsert_tenant_record(input).await
            })
            .await?;
        tenants.insert(tenant.external_id.clone(), tenant.name.clone());
        Ok(matches!(
            result,
            UpsertResult::Updated | UpsertResult::Other
        ))
    }
}

/// The groups of an entry that the customer is not in, as far as Plain said; Plain does nothing with the others.
pub fn missing_groups<'a>(entry: &'a Entry, known: &CustomerWithMemberships) -> Vec<&'a str> {
    let is_in = |key: &&str| {
        let mut groups = known.customer_group_memberships.groups();
        groups.any(|group| group.key == **key)
    };
    let mut missing: Vec<&str> = entry.groups().iter().map(String::as_str).collect();
    missing.retain(|key| !is_in(key));
    missing
}

/// What becomes of a customer's tenants.
pub enum TenantChange<'a> {
    Add(Vec<&'a str>),
    Set(Vec<&'a str>),
}

/// How the customer's tenants have to change; `None` when they need not.
pub fn tenant_change<'a>(
    entry: &'a Entry,
    known: &CustomerWithMemberships,
    set: bool,
) -> Option<TenantChange<'a>> {
    let wanted: Vec<&str> = entry
        .tenants
        .as_ref()?
        .iter()
        .map(TenantRef::external_id)
        .collect();
    let memberships = &known.tenant_memberships;
    let present = |id: &str| memberships.tenants().any(|tenant| tenant.external_id == id);
    let missing: Vec<&str> = wanted.iter().copied().filter(|id| !present(id)).collect();
    let surplus = memberships.page_info.has_next_page
        || memberships
            .tenants()
            .any(|tenant| !wanted.contains(&tenant.external_id.as_str()));
    match set {
        true if surplus || !missing.is_empty() => Some(TenantChange::Set(wanted)),
        false if !missing.is_empty() => Some(TenantChange::Add(missing)),
        _ => None,
    }
}

fn is_email_taken(error: &Error) -> bool {
    let refusal = Refusal::EmailTaken;
    matches!(error, plain::Error::Validation { refusal: it, .. } if *it == refusal)
}
