//! Mutations of customer groups and of who belongs to them.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{Done, OptionalStringInput, StringInput, need_customer, output, set};
use crate::sandbox::{
    errors::{MutationError, Problems, Refusal},
    records,
    schema::{
        customer_group::{CustomerGroup, CustomerGroupMembership},
        filter::CustomerGroupIdentifier,
    },
    state::State,
    store::store,
};

/// As many groups as Plain takes at once.
const MOST_AT_ONCE: usize = 25;

#[derive(InputObject)]
pub struct CreateCustomerGroupInput {
    name: String,
    key: String,
    color: String,
    external_id: Option<String>,
}

/// What is left out stays.
#[derive(InputObject)]
pub struct UpdateCustomerGroupInput {
    customer_group_id: ID,
    name: Option<StringInput>,
    key: Option<StringInput>,
    color: Option<StringInput>,
    external_id: Option<OptionalStringInput>,
}

#[derive(InputObject)]
pub struct DeleteCustomerGroupInput {
    customer_group_id: ID,
}

/// The answer of a mutation that leaves nothing to show.
#[derive(SimpleObject)]
pub struct DeleteCustomerGroupOutput {
    error: Option<MutationError>,
}

#[derive(InputObject)]
pub struct RemoveCustomerFromCustomerGroupsInput {
    customer_id: ID,
    customer_group_identifiers: Vec<CustomerGroupIdentifier>,
}

/// The answer of a mutation that leaves nothing to show.
#[derive(SimpleObject)]
pub struct RemoveCustomerFromCustomerGroupsOutput {
    error: Option<MutationError>,
}

#[derive(InputObject)]
pub struct AddCustomerToCustomerGroupsInput {
    customer_id: ID,
    customer_group_identifiers: Vec<CustomerGroupIdentifier>,
}

output!(CreateCustomerGroupOutput {
    customer_group: CustomerGroup
});
output!(UpdateCustomerGroupOutput {
    customer_group: CustomerGroup
});
output!(AddCustomerToCustomerGroupsOutput {
    customer_group_memberships: Vec<CustomerGroupMembership>
});

#[derive(Default)]
pub struct CustomerGroupMutations;

#[Object]
impl CustomerGroupMutations {
    async fn create_customer_group(
        &self,
        ctx: &Context<'_>,
        input: CreateCustomerGroupInput,
    ) -> CreateCustomerGroupOutput {
        let mut state = store(ctx).lock();
        create_group(&mut state, input).into()
    }

    /// Changes what is given, and nothing when that is as it was.
    async fn update_customer_group(
        &self,
        ctx: &Context<'_>,
        input: UpdateCustomerGroupInput,
    ) -> UpdateCustomerGroupOutput {
        let mut state = store(ctx).lock();
        update_group(&mut state, input).into()
    }

    /// The group's customers stay, without it.
    async fn delete_customer_group(
        &self,
        ctx: &Context<'_>,
        input: DeleteCustomerGroupInput,
    ) -> DeleteCustomerGroupOutput {
        let mut state = store(ctx).lock();
        let done = delete_group(&mut state, &input.customer_group_id);
        DeleteCustomerGroupOutput {
            error: done.err().map(MutationError::from),
        }
    }

    /// All groups must exist. Nothing changes for those that the customer is not in.
    async fn remove_customer_from_customer_groups(
        &self,
        ctx: &Context<'_>,
        input: RemoveCustomerFromCustomerGroupsInput,
    ) -> RemoveCustomerFromCustomerGroupsOutput {
        let mut state = store(ctx).lock();
        let done = remove_from_groups(&mut state, &input);
        RemoveCustomerFromCustomerGroupsOutput {
            error: done.err().map(MutationError::from),
        }
    }

    /// All groups must exist. Answers the new memberships only; nothing changes for those that the customer is in.
    async fn add_customer_to_customer_groups(
        &self,
        ctx: &Context<'_>,
        input: AddCustomerToCustomerGroupsInput,
    ) -> AddCustomerToCustomerGroupsOutput {
        let mut state = store(ctx).lock();
        add_to_groups(&mut state, &input).into()
    }
}

fn create_group(state: &mut State, input: CreateCustomerGroupInput) -> Done<CustomerGroup> {
    let mut problems = Problems::default();
    problems.text("name", &input.name);
    problems.text("key", &input.key);
    problems.text("color", &input.color);
    problems.optional_text("externalId", input.external_id.as_deref());
    problems.finish()?;
    check_key(state, None, &input.key)?;
    check_external_id(state, None, input.external_id.as_deref())?;
    let stamp = state.stamp();
    let group = records::CustomerGroup {
        id: state.ids.next("cg", stamp.at),
        name: input.name,
        key: input.key,
        color: input.color,
        external_id: input.external_id,
        created: stamp.clone(),
        updated: stamp,
    };
    Ok(state.customer_groups.add(group).into())
}

fn update_group(state: &mut State, input: UpdateCustomerGroupInput) -> Done<CustomerGroup> {
    let mut problems = Problems::default();
    for (field, value) in [
        ("name.value", &input.name),
        ("key.value", &input.key),
        ("color.value", &input.color),
    ] {
        problems.optional_text(field, value.as_ref().map(|it| it.value.as_str()));
    }
    let external_id = input.external_id.as_ref();
    let external_id = external_id.and_then(|it| it.value.as_deref());
    problems.optional_text("externalId.value", external_id);
    problems.finish()?;
    let id = input.customer_group_id.to_string();
    need_group(state, &id)?;
    if let Some(key) = &input.key {
        check_key(state, Some(&id), &key.value)?;
    }
    check_external_id(state, Some(&id), external_id)?;
    let stamp = state.stamp();
    if let Some(row) = state.customer_groups.edit(&id) {
        let mut changed = false;
        for (place, value) in [
            (&mut row.name, input.name),
            (&mut row.key, input.key),
            (&mut row.color, input.color),
        ] {
            changed |= value.is_some_and(|value| set(place, value.value));
        }
        let external_id = input.external_id;
        changed |= external_id.is_some_and(|it| set(&mut row.external_id, it.value));
        if changed {
            row.updated = stamp;
        }
    }
    Ok(need_group(state, &id)?.into())
}

fn delete_group(state: &mut State, id: &str) -> Done<()> {
    need_group(state, id)?;
    state.customer_groups.remove(id);
    let customers = state.customers.iter();
    let members = customers.filter(|it| it.groups.iter().any(|it| it.group_id == id));
    let members: Vec<String> = members.map(|it| it.id.clone()).collect();
    for member in &members {
        if let Some(row) = state.customers.edit(member) {
            row.groups.retain(|it| it.group_id != id);
        }
    }
    Ok(())
}

fn need_group(state: &State, id: &str) -> Done<Arc<records::CustomerGroup>> {
    let found = state.customer_groups.get(id).cloned();
    found.ok_or_else(|| Refusal::not_found("customerGroupId", "There is no such customer group."))
}

/// Refuses a key that another group has.
fn check_key(state: &State, own: Option<&str>, key: &str) -> Done<()> {
    let mut others = others(state, own);
    match others.any(|group| group.key == key) {
        false => Ok(()),
        true => Err(Refusal::new(
            "customer_group_key_already_exists",
            "A customer group with this key already exists.",
        )),
    }
}

/// Refuses an external id that another group has: it names one.
fn check_external_id(state: &State, own: Option<&str>, external_id: Option<&str>) -> Done<()> {
    let mut others = others(state, own);
    let taken = |group: &Arc<records::CustomerGroup>| {
        external_id.is_some() && group.external_id.as_deref() == external_id
    };
    match others.any(taken) {
        false => Ok(()),
        true => Err(Refusal::invalid(
            "externalId",
            "Another customer group has this external id.",
        )),
    }
}

fn others<'a>(
    state: &'a State,
    own: Option<&str>,
) -> impl Iterator<Item = &'a Arc<records::CustomerGroup>> {
    let groups = state.customer_groups.iter();
    groups.filter(move |group| Some(group.id.as_str()) != own)
}

fn add_to_groups(
    state: &mut State,
    input: &AddCustomerToCustomerGroupsInput,
) -> Done<Vec<CustomerGroupMembership>> {
    let identifiers = &input.customer_group_identifiers;
    check_groups(identifiers)?;
    let customer = need_customer(state, "customerId", &input.customer_id)?;
    let wanted = need_groups(state, FIELD, identifiers)?;
    let stamp = state.stamp();
    let new = state.join_groups(&stamp, &customer.id, wanted);
    let answer = |membership| (customer.id.clone(), membership).into();
    Ok(new.into_iter().map(answer).collect())
}

fn remove_from_groups(
    state: &mut State,
    input: &RemoveCustomerFromCustomerGroupsInput,
) -> Done<()> {
    let identifiers = &input.customer_group_identifiers;
    check_groups(identifiers)?;
    let customer = need_customer(state, "customerId", &input.customer_id)?;
    let unwanted = need_groups(state, FIELD, identifiers)?;
    if let Some(row) = state.customers.edit(&customer.id) {
        row.groups.retain(|it| !unwanted.contains(&it.group_id));
    }
    Ok(())
}

/// Where groups stand in the inputs of this file.
const FIELD: &str = "customerGroupIdentifiers";

fn check_groups(identifiers: &[CustomerGroupIdentifier]) -> Done<()> {
    let mut problems = Problems::default();
    if identifiers.is_empty() {
        problems.missing(FIELD);
    }
    check_group_identifiers(&mut problems, FIELD, identifiers);
    problems.finish()
}

/// Notes what is wrong with a list of groups.
pub fn check_group_identifiers(
    problems: &mut Problems,
    field: &str,
    identifiers: &[CustomerGroupIdentifier],
) {
    if identifiers.len() > MOST_AT_ONCE {
        problems.invalid(field, format!("At most {MOST_AT_ONCE} groups at once."));
    }
    for (place, identifier) in identifiers.iter().enumerate() {
        if !identifier.is_one() {
            problems.invalid(
                format!("{field}[{place}]"),
                "Exactly one of customerGroupId, customerGroupKey and externalId must be given.",
            );
        }
    }
}

/// The ids of a list of groups, which must all be there.
pub fn need_groups(
    state: &State,
    field: &str,
    identifiers: &[CustomerGroupIdentifier],
) -> Done<Vec<String>> {
    let need = |(place, identifier): (usize, &CustomerGroupIdentifier)| {
        let missing = || {
            Refusal::not_found(
                format!("{field}[{place}]"),
                "There is no such customer group.",
            )
        };
        let group = find(state, identifier);
        group.map(|group| group.id.clone()).ok_or_else(missing)
    };
    identifiers.iter().enumerate().map(need).collect()
}

fn find<'a>(
    state: &'a State,
    identifier: &CustomerGroupIdentifier,
) -> Option<&'a Arc<records::CustomerGroup>> {
    if let Some(id) = &identifier.customer_group_id {
        return state.customer_groups.get(id);
    }
    let mut groups = state.customer_groups.iter();
    groups.find(|group| {
        Some(&group.key) == identifier.customer_group_key.as_ref()
            || (group.external_id.is_some() && group.external_id == identifier.external_id)
    })
}
