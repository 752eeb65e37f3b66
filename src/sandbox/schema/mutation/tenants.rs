//! Mutations of tenants and of who belongs to them.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::OptionalStringInput;
use crate::sandbox::{
    enums::UpsertResult,
    errors::{MutationError, Refusal},
    schema::{
        customer::{Customer, Tenant},
        identifiers::{CustomerIdentifierInput, TenantIdentifierInput},
    },
    state::State,
    store::store,
};

#[derive(InputObject)]
pub struct UpsertTenantInput {
    identifier: TenantIdentifierInput,
    name: String,
    external_id: String,
    url: Option<OptionalStringInput>,
}

#[derive(SimpleObject, Default)]
pub struct UpsertTenantOutput {
    tenant: Option<Tenant>,
    result: Option<UpsertResult>,
    error: Option<MutationError>,
}

#[derive(InputObject)]
pub struct AddCustomerToTenantsInput {
    customer_identifier: CustomerIdentifierInput,
    tenant_identifiers: Vec<TenantIdentifierInput>,
}

#[derive(SimpleObject, Default)]
pub struct AddCustomerToTenantsOutput {
    customer: Option<Customer>,
    error: Option<MutationError>,
}

#[derive(InputObject)]
pub struct RemoveCustomerFromTenantsInput {
    customer_identifier: CustomerIdentifierInput,
    tenant_identifiers: Vec<TenantIdentifierInput>,
}

#[derive(SimpleObject, Default)]
pub struct RemoveCustomerFromTenantsOutput {
    customer: Option<Customer>,
    error: Option<MutationError>,
}

#[derive(Default)]
pub struct TenantMutations;

#[Object]
impl TenantMutations {
    /// Keyed by the identifier; by `tenantId` it only updates.
    async fn upsert_tenant(
        &self,
        ctx: &Context<'_>,
        input: UpsertTenantInput,
    ) -> UpsertTenantOutput {
        let mut state = store(ctx).lock();
        match upsert_tenant(&mut state, input) {
            Ok((id, result)) => UpsertTenantOutput {
                tenant: state.tenants.get(&id).map(Tenant::from),
                result: Some(result),
                error: None,
            },
            Err(refusal) => UpsertTenantOutput {
                error: Some(refusal.into()),
                ..Default::default()
            },
        }
    }

    /// All tenants must exist. Nothing changes for those that the customer is in.
    async fn add_customer_to_tenants(
        &self,
        ctx: &Context<'_>,
        input: AddCustomerToTenantsInput,
    ) -> AddCustomerToTenantsOutput {
        let mut state = store(ctx).lock();
        let done = change_tenants(
            &mut state,
            &input.customer_identifier,
            &input.tenant_identifiers,
            true,
        );
        match done {
            Ok(id) => AddCustomerToTenantsOutput {
                customer: state.customers.get(&id).map(Customer::from),
                error: None,
            },
            Err(refusal) => AddCustomerToTenantsOutput {
                customer: None,
                error: Some(refusal.into()),
            },
        }
    }

    /// All tenants must exist. Nothing changes for those that the customer is not in.
    async fn remove_customer_from_tenants(
        &self,
        ctx: &Context<'_>,
        input: RemoveCustomerFromTenantsInput,
    ) -> RemoveCustomerFromTenantsOutput {
        let mut state = store(ctx).lock();
        let done = change_tenants(
            &mut state,
            &input.customer_identifier,
            &input.tenant_identifiers,
            false,
        );
        match done {
            Ok(id) => RemoveCustomerFromTenantsOutput {
                customer: state.customers.get(&id).map(Customer::from),
                error: None,
            },
            Err(refusal) => RemoveCustomerFromTenantsOutput {
                customer: None,
                error: Some(refusal.into()),
            },
        }
    }
}

fn upsert_tenant(
    state: &mut State,
    input: UpsertTenantInput,
) -> Result<(String, UpsertResult), Refusal> {
    for (field, value) in [("name", &input.name), ("externalId", &input.external_id)] {
        if value.trim().is_empty() {
            return Err(Refusal::invalid(field, "Must not be empty."));
        }
    }
    let found = input
        .identifier
        .find(state)
        .map_err(|message| Refusal::invalid("identifier", message))?;
    let holder = state.tenant_by_external_id(&input.external_id);
    if holder.is_some_and(|holder| found.as_ref().is_none_or(|found| found.id != holder.id)) {
        return Err(Refusal::invalid(
            "externalId",
            "Another tenant has this external id.",
        ));
    }
    let stamp = state.stamp();
    let Some(tenant) = found else {
        if input.identifier.tenant_id.is_some() {
            return Err(Refusal::not_found("identifier", "There is no such tenant."));
        }
        let url = input.url.and_then(|url| url.value);
        let id = state.add_tenant(stamp, &input.external_id, &input.name, url);
        return Ok((id, UpsertResult::Created));
    };
    let url = input
        .url
        .map_or_else(|| tenant.url.clone(), |url| url.value);
    let same =
        (&tenant.name, &tenant.external_id, &tenant.url) == (&input.name, &input.external_id, &url);
    if same {
        return Ok((tenant.id.clone(), UpsertResult::Noop));
    }
    if let Some(row) = state.tenants.edit(&tenant.id) {
        row.name = input.name;
        row.external_id = input.external_id;
        row.url = url;
        row.updated = stamp;
    }
    Ok((tenant.id.clone(), UpsertResult::Updated))
}

fn change_tenants(
    state: &mut State,
    customer: &CustomerIdentifierInput,
    tenants: &[TenantIdentifierInput],
    join: bool,
) -> Result<String, Refusal> {
    let id = customer.need(state, "customerIdentifier")?.id.clone();
    let mut tenant_ids = Vec::new();
    for (place, tenant) in tenants.iter().enumerate() {
        let found = tenant.need(state, &format!("tenantIdentifiers[{place}]"))?;
        tenant_ids.push(found.id.clone());
    }
    if join {
        let stamp = state.stamp();
        for tenant_id in tenant_ids {
            state.join(stamp.clone(), &id, &tenant_id);
        }
    } else if let Some(row) = state.customers.edit(&id) {
        row.memberships
            .retain(|it| !tenant_ids.contains(&it.tenant_id));
    }
    Ok(id)
}
