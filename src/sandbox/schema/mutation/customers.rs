//! Mutations of customers.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{
    Done, OptionalStringInput, StringInput, Upserted,
    customer_groups::{check_group_identifiers, need_groups},
    need_customer, output, set, upsert_output,
};
use crate::sandbox::{
    enums::UpsertResult,
    errors::{MutationError, Problems, Refusal},
    schema::{
        customer::Customer,
        filter::CustomerGroupIdentifier,
        identifiers::{
            CustomerIdentifierInput, TenantIdentifierInput, UpsertCustomerIdentifierInput,
            check_tenants, need_tenants,
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

#[derive(InputObject)]
pub struct MarkCustomerAsSpamInput {
    customer_id: ID,
}

#[derive(InputObject)]
pub struct UnmarkCustomerAsSpamInput {
    customer_id: ID,
}

#[derive(InputObject)]
pub struct DeleteCustomerInput {
    customer_id: ID,
}

/// The answer of a mutation that leaves nothing to show.
#[derive(SimpleObject)]
pub struct DeleteCustomerOutput {
    error: Option<MutationError>,
}

upsert_output!(UpsertCustomerOutput { customer: Customer });
output!(MarkCustomerAsSpamOutput { customer: Customer });
output!(UnmarkCustomerAsSpamOutput { customer: Customer });

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
        upsert_customer(&mut state, input).into()
    }

    /// Nothing changes for one who is marked already. Nothing can be written as, or to, a marked customer.
    async fn mark_customer_as_spam(
        &self,
        ctx: &Context<'_>,
        input: MarkCustomerAsSpamInput,
    ) -> MarkCustomerAsSpamOutput {
        let mut state = store(ctx).lock();
        mark(&mut state, &input.customer_id, true).into()
    }

    /// Nothing changes for one who is not marked.
    async fn unmark_customer_as_spam(
        &self,
        ctx: &Context<'_>,
        input: UnmarkCustomerAsSpamInput,
    ) -> UnmarkCustomerAsSpamOutput {
        let mut state = store(ctx).lock();
        mark(&mut state, &input.customer_id, false).into()
    }

    /// Takes the customer's threads along, at once: Plain takes its time.
    async fn delete_customer(
        &self,
        ctx: &Context<'_>,
        input: DeleteCustomerInput,
    ) -> DeleteCustomerOutput {
        let mut state = store(ctx).lock();
        let found = need_customer(&state, "customerId", &input.customer_id);
        let error = found.map(|customer| state.delete_customer(&customer.id));
        DeleteCustomerOutput {
            error: error.err().map(MutationError::from),
        }
    }
}

impl UpsertCustomerOnCreateInput {
    fn check(&self, problems: &mut Problems) {
        let external_id = self.external_id.as_ref().map(|id| id.as_str());
        problems.optional_text("onCreate.externalId", external_id);
        problems.text("onCreate.fullName", &self.full_name);
        problems.email("onCreate.email.email", &self.email.email);
        problems.optional_text("onCreate.shortName", self.short_name.as_deref());
        if let Some(groups) = &self.customer_group_identifiers {
            check_group_identifiers(problems, "onCreate.customerGroupIdentifiers", groups);
        }
        if let Some(tenants) = &self.tenant_identifiers {
            check_tenants(problems, "onCreate.tenantIdentifiers", tenants);
        }
    }
}

impl UpsertCustomerOnUpdateInput {
    fn check(&self, problems: &mut Problems) {
        let external_id = self.external_id.as_ref();
        let external_id = external_id.and_then(|id| id.value.as_deref());
        problems.optional_text("onUpdate.externalId.value", external_id);
        if let Some(name) = &self.full_name {
            problems.text("onUpdate.fullName.value", &name.value);
        }
        let short_name = self.short_name.as_ref();
        let short_name = short_name.and_then(|it| it.value.as_deref());
        problems.optional_text("onUpdate.shortName.value", short_name);
        if let Some(email) = &self.email {
            problems.email("onUpdate.email.email", &email.email);
        }
    }
}

fn upsert_customer(state: &mut State, input: UpsertCustomerInput) -> Upserted<Customer> {
    let identifier = CustomerIdentifierInput::from(input.identifier);
    let mut problems = Problems::default();
    identifier.check(&mut problems, "identifier");
    input.on_create.check(&mut problems);
    input.on_update.check(&mut problems);
    problems.finish()?;
    let (id, result) = match identifier.find(state) {
        Some(customer) => update_customer(state, &customer.id, input.on_update)?,
        None if identifier.customer_id.is_some() => {
            return Err(Refusal::not_found(
                "identifier",
                "There is no such customer, and a customer id of Plain's cannot be chosen.",
            ));
        }
        None => create_customer(state, &identifier, input.on_create)?,
    };
    Ok((need_customer(state, "identifier", &id)?.into(), result))
}

fn create_customer(
    state: &mut State,
    identifier: &CustomerIdentifierInput,
    input: UpsertCustomerOnCreateInput,
) -> Upserted<String> {
    // Who is created by an external id has it: otherwise the same call would not find them again.
    let external_id = input.external_id.or_else(|| identifier.external_id.clone());
    let external_id = external_id.map(|id| id.to_string());
    let email = input.email.email;
    check_unique(state, None, Some(&email), external_id.as_deref())?;
    let tenants = input.tenant_identifiers.unwrap_or_default();
    let tenant_ids = need_tenants(state, "onCreate.tenantIdentifiers", &tenants)?;
    let groups = input.customer_group_identifiers.unwrap_or_default();
    let group_ids = need_groups(state, "onCreate.customerGroupIdentifiers", &groups)?;
    let stamp = state.stamp();
    let new = NewCustomer {
        external_id,
        full_name: input.full_name,
        short_name: input.short_name,
        email,
        is_verified: input.email.is_verified,
    };
    let id = state.add_customer(stamp.clone(), new);
    for tenant_id in tenant_ids {
        state.join(stamp.clone(), &id, &tenant_id);
    }
    state.join_groups(&stamp, &id, group_ids);
    Ok((id, UpsertResult::Created))
}

fn update_customer(
    state: &mut State,
    id: &str,
    input: UpsertCustomerOnUpdateInput,
) -> Upserted<String> {
    let email = input.email.as_ref().map(|email| email.email.as_str());
    let external_id = input.external_id.as_ref();
    let external_id = external_id.and_then(|id| id.value.as_deref());
    check_unique(state, Some(id), email, external_id)?;
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

/// Refuses an e-mail address or external id that another customer has.
fn check_unique(
    state: &State,
    own: Option<&str>,
    email: Option<&str>,
    external_id: Option<&str>,
) -> Done<()> {
    let holder = email.and_then(|email| state.customer_by_email(email));
    if holder.is_some_and(|holder| Some(holder.id.as_str()) != own) {
        return Err(Refusal::new(
            "customer_already_exists_with_email",
            "A customer with this email already exists.",
        ));
    }
    let holder = external_id.and_then(|id| state.customer_by_external_id(id));
    if holder.is_some_and(|holder| Some(holder.id.as_str()) != own) {
        return Err(Refusal::new(
            "customer_already_exists_with_external_id",
            "A customer with this external id already exists.",
        ));
    }
    Ok(())
}

fn mark(state: &mut State, id: &str, is_spam: bool) -> Done<Customer> {
    let customer = need_customer(state, "customerId", id)?;
    if customer.spam.is_some() == is_spam {
        return Ok(customer.into());
    }
    let stamp = state.stamp();
    if let Some(row) = state.customers.edit(id) {
        row.spam = is_spam.then(|| stamp.clone());
        row.updated = stamp;
    }
    Ok(need_customer(state, "customerId", id)?.into())
}
