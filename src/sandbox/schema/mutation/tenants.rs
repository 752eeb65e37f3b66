//! Mutations of tenants and of who belongs to them.

use async_graphql::{Context, InputObject, Object};

use super::{Done, OptionalStringInput, Upserted, need_customer, output, upsert_output};
use crate::sandbox::{
    enums::UpsertResult,
    errors::{Problems, Refusal},
    records::Membership,
    schema::{
        customer::{Customer, Tenant},
        identifiers::{
            CustomerIdentifierInput, TenantIdentifierInput, check_tenants, need_tenants,
        },
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

#[derive(InputObject)]
pub struct AddCustomerToTenantsInput {
    customer_identifier: CustomerIdentifierInput,
    tenant_identifiers: Vec<TenantIdentifierInput>,
}

#[derive(InputObject)]
pub struct RemoveCustomerFromTenantsInput {
    customer_identifier: CustomerIdentifierInput,
    tenant_identifiers: Vec<TenantIdentifierInput>,
}

#[derive(InputObject)]
pub struct SetCustomerTenantsInput {
    customer_identifier: CustomerIdentifierInput,
    tenant_identifiers: Vec<TenantIdentifierInput>,
}

#[derive(InputObject)]
pub struct DeleteTenantInput {
    tenant_identifier: TenantIdentifierInput,
}

upsert_output!(UpsertTenantOutput { tenant: Tenant });
output!(AddCustomerToTenantsOutput { customer: Customer });
output!(RemoveCustomerFromTenantsOutput { customer: Customer });
output!(SetCustomerTenantsOutput { customer: Customer });
output!(DeleteTenantOutput { tenant: Tenant });

/// What becomes of a customer's tenants.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    Join,
    Leave,
    Set,
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
        upsert_tenant(&mut state, input).into()
    }

    /// All tenants must exist. Nothing changes for those that the customer is in.
    async fn add_customer_to_tenants(
        &self,
        ctx: &Context<'_>,
        input: AddCustomerToTenantsInput,
    ) -> AddCustomerToTenantsOutput {
        let mut state = store(ctx).lock();
        let (customer, tenants) = (input.customer_identifier, input.tenant_identifiers);
        change_tenants(&mut state, &customer, &tenants, Change::Join).into()
    }

    /// All tenants must exist. Nothing changes for those that the customer is not in.
    async fn remove_customer_from_tenants(
        &self,
        ctx: &Context<'_>,
        input: RemoveCustomerFromTenantsInput,
    ) -> RemoveCustomerFromTenantsOutput {
        let mut state = store(ctx).lock();
        let (customer, tenants) = (input.customer_identifier, input.tenant_identifiers);
        change_tenants(&mut state, &customer, &tenants, Change::Leave).into()
    }

    /// All tenants must exist. The customer is in these and in no others afterwards; memberships that stay are not new.
    async fn set_customer_tenants(
        &self,
        ctx: &Context<'_>,
        input: SetCustomerTenantsInput,
    ) -> SetCustomerTenantsOutput {
        let mut state = store(ctx).lock();
        let (customer, tenants) = (input.customer_identifier, input.tenant_identifiers);
        change_tenants(&mut state, &customer, &tenants, Change::Set).into()
    }

    /// The tenant's customers and threads stay, without it.
    async fn delete_tenant(
        &self,
        ctx: &Context<'_>,
        input: DeleteTenantInput,
    ) -> DeleteTenantOutput {
        let mut state = store(ctx).lock();
        delete_tenant(&mut state, &input.tenant_identifier).into()
    }
}

fn upsert_tenant(state: &mut State, input: UpsertTenantInput) -> Upserted<Tenant> {
    let mut problems = Problems::default();
    input.identifier.check(&mut problems, "identifier");
    problems.text("name", &input.name);
    problems.text("externalId", &input.external_id);
    problems.finish()?;
    let found = input.identifier.find(state);
    let holder = state.tenant_by_external_id(&input.external_id);
    if holder.is_some_and(|holder| found.as_ref().is_none_or(|found| found.id != holder.id)) {
        return Err(Refusal::invalid(
            "externalId",
            "Another tenant has this external id.",
        ));
    }
    let url = input.url.map(|url| url.value);
    let (id, result) = match found {
        None if input.identifier.tenant_id.is_some() => {
            return Err(Refusal::not_found("identifier", "There is no such tenant."));
        }
        None => {
            let stamp = state.stamp();
            let url = url.flatten();
            let id = state.add_tenant(stamp, &input.external_id, &input.name, url);
            (id, UpsertResult::Created)
        }
        Some(tenant) => {
            let url = url.unwrap_or_else(|| tenant.url.clone());
            let result = update_tenant(state, &tenant.id, &input.name, &input.external_id, url);
            (tenant.id.clone(), result)
        }
    };
    let tenant = state.tenants.get(&id);
    let tenant =
        tenant.ok_or_else(|| Refusal::not_found("identifier", "There is no such tenant."))?;
    Ok((tenant.into(), result))
}

fn update_tenant(
    state: &mut State,
    id: &str,
    name: &str,
    external_id: &str,
    url: Option<String>,
) -> UpsertResult {
    let stamp = state.stamp();
    match state.tenants.edit(id) {
        Some(row) if (&*row.name, &*row.external_id, &row.url) != (name, external_id, &url) => {
            row.name = name.to_owned();
            row.external_id = external_id.to_owned();
            row.url = url;
            row.updated = stamp;
            UpsertResult::Updated
        }
        _ => UpsertResult::Noop,
    }
}

fn change_tenants(
    state: &mut State,
    customer: &CustomerIdentifierInput,
    tenants: &[TenantIdentifierInput],
    change: Change,
) -> Done<Customer> {
    let mut problems = Problems::default();
    customer.check(&mut problems, "customerIdentifier");
    check_tenants(&mut problems, "tenantIdentifiers", tenants);
    problems.finish()?;
    let id = customer.need(state, "customerIdentifier")?.id.clone();
    let tenant_ids = need_tenants(state, "tenantIdentifiers", tenants)?;
    let stamp = state.stamp();
    if change != Change::Join
        && let Some(row) = state.customers.edit(&id)
    {
        let named = |it: &Membership| tenant_ids.contains(&it.tenant_id);
        row.memberships
            .retain(|it| named(it) == (change == Change::Set));
    }
    if change != Change::Leave {
        for tenant_id in &tenant_ids {
            state.join(stamp.clone(), &id, tenant_id);
        }
    }
    Ok(need_customer(state, "customerIdentifier", &id)?.into())
}

fn delete_tenant(state: &mut State, identifier: &TenantIdentifierInput) -> Done<Tenant> {
    const FIELD: &str = "tenantIdentifier";
    let mut problems = Problems::default();
    identifier.check(&mut problems, FIELD);
    problems.finish()?;
    let tenant = identifier.need(state, FIELD)?;
    state.delete_tenant(&tenant.id);
    Ok(tenant.into())
}
