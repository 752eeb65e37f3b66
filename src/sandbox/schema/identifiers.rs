//! The ways to name a tenant or a customer: exactly one of the fields.

use std::sync::Arc;

use async_graphql::{ID, InputObject};

use crate::sandbox::{
    errors::Refusal,
    records::{Customer, Tenant},
    state::State,
};

#[derive(InputObject)]
pub struct TenantIdentifierInput {
    pub tenant_id: Option<ID>,
    pub external_id: Option<String>,
}

impl TenantIdentifierInput {
    /// The tenant, if there is one; an error if not exactly one field is given.
    pub fn find(&self, state: &State) -> Result<Option<Arc<Tenant>>, &'static str> {
        match (&self.tenant_id, &self.external_id) {
            (Some(id), None) => Ok(state.tenants.get(id).cloned()),
            (None, Some(external_id)) => Ok(state.tenant_by_external_id(external_id).cloned()),
            _ => Err("A tenant identifier needs exactly one of tenantId and externalId."),
        }
    }

    /// The tenant, which must be there. `field` is where the identifier stands in the input.
    pub fn need(&self, state: &State, field: &str) -> Result<Arc<Tenant>, Refusal> {
        self.find(state)
            .map_err(|message| Refusal::invalid(field, message))?
            .ok_or_else(|| Refusal::not_found(field, "There is no such tenant."))
    }
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
    /// The customer, if there is one. `field` is where the identifier stands in the input.
    pub fn find(&self, state: &State, field: &str) -> Result<Option<Arc<Customer>>, Refusal> {
        match (&self.customer_id, &self.external_id, &self.email_address) {
            (Some(id), None, None) => Ok(state.customers.get(id).cloned()),
            (None, Some(id), None) => Ok(state.customer_by_external_id(id).cloned()),
            (None, None, Some(email)) => Ok(state.customer_by_email(email).cloned()),
            _ => Err(Refusal::invalid(
                field,
                "A customer identifier needs exactly one of customerId, externalId and emailAddress.",
            )),
        }
    }

    /// The customer, who must be there. `field` is where the identifier stands in the input.
    pub fn need(&self, state: &State, field: &str) -> Result<Arc<Customer>, Refusal> {
        self.find(state, field)?
            .ok_or_else(|| Refusal::not_found(field, "There is no such customer."))
    }
}
