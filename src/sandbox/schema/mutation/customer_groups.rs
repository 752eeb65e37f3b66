//! Mutations of customer groups and of who belongs to them.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use super::{Done, need_customer, output};
use crate::sandbox::{
    errors::{Problems, Refusal},
    records::{self, GroupMembership},
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

#[derive(InputObject)]
pub struct AddCustomerToCustomerGroupsInput {
    customer_id: ID,
    customer_group_identifiers: Vec<CustomerGroupIdentifier>,
}

output!(CreateCustomerGroupOutput {
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
    if state
        .customer_groups
        .iter()
        .any(|group| group.key == input.key)
    {
        return Err(Refusal::new(
            "customer_group_key_already_exists",
            "A customer group with this key already exists.",
        ));
    }
    let stamp = state.stamp();
    let group = records::CustomerGroup {
        id: state.ids.next("cg", stamp.at),
        name: input.name,
        key: input.key,
        color: input.color,
        external_id: input.external_id,
        created: stamp,
    };
    Ok(state.customer_groups.add(group).into())
}

fn add_to_groups(
    state: &mut State,
    input: &AddCustomerToCustomerGroupsInput,
) -> Done<Vec<CustomerGroupMembership>> {
    const FIELD: &str = "customerGroupIdentifiers";
    let identifiers = &input.customer_group_identifiers;
    let mut problems = Problems::default();
    if identifiers.is_empty() {
        problems.missing(FIELD);
    }
    if identifiers.len() > MOST_AT_ONCE {
        problems.invalid(FIELD, format!("At most {MOST_AT_ONCE} groups at once."));
    }
    for (place, identifier) in identifiers.iter().enumerate() {
        if !identifier.is_one() {
            problems.invalid(
                format!("{FIELD}[{place}]"),
                "Exactly one of customerGroupId, customerGroupKey and externalId must be given.",
            );
        }
    }
    problems.finish()?;
    let customer = need_customer(state, "customerId", &input.customer_id)?;
    let need = |(place, identifier): (usize, &CustomerGroupIdentifier)| {
        let group = find(state, identifier);
        let missing = || {
            Refusal::not_found(
                format!("{FIELD}[{place}]"),
                "There is no such customer group.",
            )
        };
        group.map(|group| group.id.clone()).ok_or_else(missing)
    };
    let wanted: Vec<String> = identifiers
        .iter()
        .enumerate()
        .map(need)
        .collect::<Result<_, _>>()?;
    let stamp = state.stamp();
    let mut new = Vec::new();
    if let Some(row) = state.customers.edit(&customer.id) {
        for group_id in wanted {
            if row.groups.iter().any(|it| it.group_id == group_id) {
                continue;
            }
            let membership = GroupMembership {
                group_id,
                created: stamp.clone(),
            };
            row.groups.push(membership.clone());
            new.push((customer.id.clone(), membership).into());
        }
    }
    Ok(new)
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
