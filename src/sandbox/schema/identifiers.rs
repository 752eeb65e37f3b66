//! The ways to name a tenant or a customer: exactly one of the fields.

use std::sync::Arc;

use async_graphql::{ID, InputObject};

use crate::sandbox::{
    errors::{Problems, Refusal, bad_user_input},
    records::{Customer, Tenant},
    state::State,
};

#[derive(InputObject)]
pub struct TenantIdentifierInput {
    pub tenant_id: Option<ID>,
    pub external_id: Option<String>,
}

impl TenantIdentifierInput {
    /// Whether it names a tenant in one way, as it must.
    fn is_one(&self) -> bool {
        self.tenant_id.is_some() != self.external_id.is_some()
    }

    /// Notes what is wrong with it. `field` is where it stands in the input.
    pub fn check(&self, problems: &mut Problems, field: impl Into<String>) {
        if !self.is_one() {
            let message = "Exactly one of tenantId and externalId must be given.";
            problems.invalid(field, message);
        } else {
            problems.optional_text(field, self.external_id.as_deref());
        }
    }

    /// The tenant that a query asks for, if there is one; an error if it is not named in one way.
    pub fn ask(&self, state: &State) -> async_graphql::Result<Option<Arc<Tenant>>> {
        if !self.is_one() {
            let message = "A tenant identifier needs exactly one of tenantId and externalId.";
            return Err(bad_user_input(message));
        }
        Ok(self.find(state))
    }

    /// The tenant, if there is one.
    pub fn find(&self, state: &State) -> Option<Arc<Tenant>> {
        let by_id = self.tenant_id.as_ref().map(|id| state.tenants.get(id));
        let by_external_id = || state.tenant_by_external_id(self.external_id.as_deref()?);
        by_id.unwrap_or_else(by_external_id).cloned()
    }

    /// The tenant, which must be there. `field` is where the identifier stands in the input.
    pub fn need(&self, state: &State, field: impl Into<String>) -> Result<Arc<Tenant>, Refusal> {
        let missing = || Refusal::not_found(field, "There is no such tenant.");
        self.find(state).ok_or_else(missing)
    }
}

/// Notes what is wrong with a list of tenants.
pub fn check_tenants(problems: &mut Problems, field: &str, tenants: &[TenantIdentifierInput]) {
    for (place, tenant) in tenants.iter().enumerate() {
        tenant.check(problems, format!("{field}[{place}]"));
    }
}

/// The ids of a list of tenants, which must all be there.
pub fn need_tenants(
    state: &State,
    field: &str,
    tenants: &[TenantIdentifierInput],
) -> Result<Vec<String>, Refusal> {
    let need = |(place, tenant): (usize, &TenantIdentifierInput)| {
        let found = tenant.need(state, format!("{field}[{place}]"))?;
        Ok(found.id.clone())
    };
    tenants.iter().enumerate().map(need).collect()
}

#[derive(InputObject)]
pub struct CustomerIdentifierInput {
    pub external_id: Option<ID>,
    pub email_address: Option<String>,
    pub customer_id: Option<ID>,
}

#[derive(InputObject)]
pub struct UpsertCustomerIdentifierInput {
    pub external_id: Option<ID>,
    pub email_address: Option<String>,
    pub customer_id: Option<ID>,
}

impl From<UpsertCustomerIdentifierInput> for CustomerIdentifierInput {
    fn from(input: UpsertCustomerIdentifierInput) -> Self {
        Self {
            external_id: input.external_id,
            email_address: input.email_address,
            customer_id: input.customer_id,
        }
    }
}

impl CustomerIdentifierInput {
    /// Notes what is wrong with it. `field` is where it stands in the input.
    pub fn check(&self, problems: &mut Problems, field: &str) {
        let given = [
            self.customer_id.is_some(),
            self.external_id.is_some(),
            self.email_address.is_some(),
        ];
        if given.iter().filter(|it| **it).count() != 1 {
            problems.invalid(
                field,
                "Exactly one of customerId, externalId and emailAddress must be given.",
            );
            return;
        }
        let external_id = self.external_id.as_ref().map(|id| id.as_str());
        problems.optional_text(format!("{field}.externalId"), external_id);
        if let Some(email) = &self.email_address {
            problems.email(format!("{field}.emailAddress"), email);
        }
    }

    /// The customer, if there is one.
    pub fn find(&self, state: &State) -> Option<Arc<Customer>> {
        let found = match (&self.customer_id, &self.external_id, &self.email_address) {
            (Some(id), _, _) => state.customers.get(id),
            (None, Some(id), _) => state.customer_by_external_id(id),
            (None, None, Some(email)) => state.customer_by_email(email),
            (None, None, None) => None,
        };
        found.cloned()
    }

    /// The customer, who must be there. `field` is where the identifier stands in the input.
    pub fn need(&self, state: &State, field: &str) -> Result<Arc<Customer>, Refusal> {
        let missing = || Refusal::not_found(field, "There is no such customer.");
        self.find(state).ok_or_else(missing)
    }
}
