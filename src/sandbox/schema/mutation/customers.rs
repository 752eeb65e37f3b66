//! Mutations of customers.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{OptionalStringInput, StringInput};
use crate::sandbox::{
    enums::UpsertResult,
    errors::{MutationError, Refusal},
    schema::{
        customer::Customer,
        filter::CustomerGroupIdentifier,
        identifiers::{
            CustomerIdentifierInput, TenantIdentifierInput, UpsertCustomerIdentifierInput,
        },
    },
    state::{NewCustomer, State},
    store::store,
};

#[derive(InputObject)]
pub struct EmailAddressInput {
    email: String,
    is_verified: bool,
}

#[derive(InputObject)]
pub struct UpsertCustomerOnCreateInput {
    external_id: Option<ID>,
    full_name: String,
    short_name: Option<String>,
    email: EmailAddressInput,
    customer_group_identifiers: Option<Vec<CustomerGroupIdentifier>>,
    tenant_identifiers: Option<Vec<TenantIdentifierInput>>,
}

#[derive(InputObject)]
pub struct UpsertCustomerOnUpdateInput {
    external_id: Option<OptionalStringInput>,
    full_name: Option<StringInput>,
    short_name: Option<OptionalStringInput>,
    email: Option<EmailAddressInput>,
}

#[derive(InputObject)]
pub struct UpsertCustomerInput {
    identifier: UpsertCustomerIdentifierInput,
    on_create: UpsertCustomerOnCreateInput,
    on_update: UpsertCustomerOnUpdateInput,
}

#[derive(SimpleObject, Default)]
pub struct UpsertCustomerOutput {
    result: Option<UpsertResult>,
    customer: Option<Customer>,
    error: Option<MutationError>,
}

#[derive(Default)]
pub struct CustomerMutations;

#[Object]
impl CustomerMutations {
    /// Keyed by the identifier; by `customerId` it only updates. NOOP when nothing differs.
    async fn upsert_customer(
        &self,
        ctx: &Context<'_>,
        input: UpsertCustomerInput,
    ) -> UpsertCustomerOutput {
        let mut state = store(ctx).lock();
        match upsert_customer(&mut state, input) {
            Ok((id, result)) => UpsertCustomerOutput {
                customer: state.customers.get(&id).map(Customer::from),
                result: Some(result),
                error: None,
            },
            Err(refusal) => UpsertCustomerOutput {
                error: Some(refusal.into()),
                ..Default::default()
            },
        }
    }
}

fn upsert_customer(
    state: &mut State,
    input: UpsertCustomerInput,
) -> Result<(String, UpsertResult), Refusal> {
    let identifier = CustomerIdentifierInput::from(input.identifier);
    match identifier.find(state, "identifier")? {
        Some(customer) => update_customer(state, &customer.id, input.on_update),
        None if identifier.customer_id.is_some() => Err(Refusal::not_found(
            "identifier",
            "There is no such customer, and a customer id of Plain's cannot be chosen.",
        )),
        None => create_customer(state, &identifier, input.on_create),
    }
}

fn create_customer(
    state: &mut State,
    identifier: &CustomerIdentifierInput,
    input: UpsertCustomerOnCreateInput,
) -> Result<(String, UpsertResult), Refusal> {
    if input
        .customer_group_identifiers
        .is_some_and(|groups| !groups.is_empty())
    {
        return Err(Refusal::not_in_sandbox("onCreate.customerGroupIdentifiers"));
    }
    check_email("onCreate.email.email", &input.email.email)?;
    check_name("onCreate.fullName", &input.full_name)?;
    // Who is created by an external id has it: otherwise the same call would not find them again.
    let external_id = input
        .external_id
        .or_else(|| identifier.external_id.clone())
        .map(|id| id.to_string());
    check_unique(
        state,
        None,
        Some(&input.email.email),
        external_id.as_deref(),
    )?;
    let mut tenant_ids = Vec::new();
    for (place, tenant) in input.tenant_identifiers.iter().flatten().enumerate() {
        let field = format!("onCreate.tenantIdentifiers[{place}]");
        tenant_ids.push(tenant.need(state, &field)?.id.clone());
    }
    let stamp = state.stamp();
    let new = NewCustomer {
        external_id,
        full_name: input.full_name,
        short_name: input.short_name,
        email: input.email.email,
        is_verified: input.email.is_verified,
    };
    let id = state.add_customer(stamp.clone(), new);
    for tenant_id in tenant_ids {
        state.join(stamp.clone(), &id, &tenant_id);
    }
    Ok((id, UpsertResult::Created))
}

fn update_customer(
    state: &mut State,
    id: &str,
    input: UpsertCustomerOnUpdateInput,
) -> Result<(String, UpsertResult), Refusal> {
    if let Some(email) = &input.email {
        check_email("onUpdate.email.email", &email.email)?;
    }
    if let Some(name) = &input.full_name {
        check_name("onUpdate.fullName", &name.value)?;
    }
    check_unique(
        state,
        Some(id),
        input.email.as_ref().map(|email| email.email.as_str()),
        input
            .external_id
            .as_ref()
            .and_then(|id| id.value.as_deref()),
    )?;
    let stamp = state.stamp();
    let Some(row) = state.customers.edit(id) else {
        return Err(Refusal::not_found(
            "identifier",
            "There is no such customer.",
        ));
    };
    let mut changed = false;
    if let Some(external_id) = input.external_id {
        changed |= set(&mut row.external_id, external_id.value);
    }
    if let Some(full_name) = input.full_name {
        changed |= set(&mut row.full_name, full_name.value);
    }
    if let Some(short_name) = input.short_name {
        changed |= set(&mut row.short_name, short_name.value);
    }
    if let Some(email) = input.email {
        let new_address = set(&mut row.email, email.email);
        if new_address || row.verified_at.is_some() != email.is_verified {
            row.verified_at = email.is_verified.then_some(stamp.at);
            changed = true;
        }
    }
    if !changed {
        return Ok((id.to_owned(), UpsertResult::Noop));
    }
    row.updated = stamp;
    Ok((id.to_owned(), UpsertResult::Updated))
}

/// Sets a value and says whether that made a difference.
fn set<T: PartialEq>(place: &mut T, value: T) -> bool {
    let differs = *place != value;
    *place = value;
    differs
}

fn check_email(field: &str, email: &str) -> Result<(), Refusal> {
    let well_formed = email.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    if well_formed && !email.contains(char::is_whitespace) {
        return Ok(());
    }
    Err(Refusal::invalid(field, "Must be an e-mail address."))
}

fn check_name(field: &str, name: &str) -> Result<(), Refusal> {
    if name.trim().is_empty() {
        return Err(Refusal::invalid(field, "Must not be empty."));
    }
    Ok(())
}

/// Refuses an e-mail address or external id that another customer has.
fn check_unique(
    state: &State,
    own: Option<&str>,
    email: Option<&str>,
    external_id: Option<&str>,
) -> Result<(), Refusal> {
    let other = |found: Option<&std::sync::Arc<crate::sandbox::records::Customer>>| {
        found.is_some_and(|found| Some(found.id.as_str()) != own)
    };
    if other(email.and_then(|email| state.customer_by_email(email))) {
        return Err(Refusal::new(
            "customer_already_exists_with_email",
            "A customer with this email already exists.",
        ));
    }
    if other(external_id.and_then(|id| state.customer_by_external_id(id))) {
        return Err(Refusal::new(
            "customer_already_exists_with_external_id",
            "A customer with this external id already exists.",
        ));
    }
    Ok(())
}
