//! Groups of customers.

use super::*;

/// A group: by its key hosts name it.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct CustomerGroup {
    pub id: Id,
    pub name: String,
    pub key: String,
    pub color: String,
    pub external_id: Option<String>,
}

#[derive(cynic::QueryVariables)]
pub struct CustomerGroupByIdVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerGroupByIdVariables")]
pub struct CustomerGroupById {
    #[arguments(customerGroupId: $id)]
    pub customer_group: Option<CustomerGroup>,
}

impl CustomerGroupById {
    pub fn operation(id: &str) -> Operation<Self, CustomerGroupByIdVariables> {
        Self::build(CustomerGroupByIdVariables { id: Id::new(id) })
    }
}

#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct CustomerGroupsFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub external_ids: Option<Vec<String>>,
}

#[derive(cynic::QueryVariables)]
pub struct CustomerGroupsVariables {
    pub filters: CustomerGroupsFilter,
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerGroupsVariables")]
pub struct CustomerGroups {
    #[arguments(filters: $filters, first: $first, after: $after, last: $last, before: $before)]
    pub customer_groups: CustomerGroupConnection,
}

impl CustomerGroups {
    pub fn operation(
        filters: CustomerGroupsFilter,
        page: PageArguments,
    ) -> Operation<Self, CustomerGroupsVariables> {
        Self::build(CustomerGroupsVariables {
            filters,
            first: page.first,
            after: page.after,
            last: page.last,
            before: page.before,
        })
    }
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerGroupConnection {
    pub edges: Vec<CustomerGroupEdge>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerGroupEdge {
    pub node: CustomerGroup,
}

/// A new group; its key must be free.
#[derive(cynic::InputObject, Debug)]
pub struct CreateCustomerGroupInput<'a> {
    pub name: &'a str,
    pub key: &'a str,
    pub color: &'a str,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<&'a str>,
}

#[derive(cynic::QueryVariables)]
pub struct CreateCustomerGroupVariables<'a> {
    pub input: CreateCustomerGroupInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CreateCustomerGroupVariables")]
pub struct CreateCustomerGroup {
    #[arguments(input: $input)]
    pub create_customer_group: CreateCustomerGroupOutput,
}

impl CreateCustomerGroup {
    pub fn operation(
        input: CreateCustomerGroupInput<'_>,
    ) -> Operation<Self, CreateCustomerGroupVariables<'_>> {
        Self::build(CreateCustomerGroupVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct CreateCustomerGroupOutput {
    pub customer_group: Option<CustomerGroup>,
    pub error: Option<MutationError>,
}

/// What becomes different for a group; what is left out stays.
#[derive(cynic::InputObject, Debug)]
pub struct UpdateCustomerGroupInput<'a> {
    pub customer_group_id: Id,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub name: Option<StringInput<'a>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub key: Option<StringInput<'a>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub color: Option<StringInput<'a>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<OptionalStringInput<'a>>,
}

#[derive(cynic::QueryVariables)]
pub struct UpdateCustomerGroupVariables<'a> {
    pub input: UpdateCustomerGroupInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UpdateCustomerGroupVariables")]
pub struct UpdateCustomerGroup {
    #[arguments(input: $input)]
    pub update_customer_group: UpdateCustomerGroupOutput,
}

impl UpdateCustomerGroup {
    pub fn operation(
        input: UpdateCustomerGroupInput<'_>,
    ) -> Operation<Self, UpdateCustomerGroupVariables<'_>> {
        Self::build(UpdateCustomerGroupVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct UpdateCustomerGroupOutput {
    pub customer_group: Option<CustomerGroup>,
    pub error: Option<MutationError>,
}

/// Deletes the group; its customers stay.
#[derive(cynic::InputObject, Debug)]
pub struct DeleteCustomerGroupInput {
    pub customer_group_id: Id,
}

#[derive(cynic::QueryVariables)]
pub struct DeleteCustomerGroupVariables {
    pub input: DeleteCustomerGroupInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "DeleteCustomerGroupVariables")]
pub struct DeleteCustomerGroup {
    #[arguments(input: $input)]
    pub delete_customer_group: DeleteCustomerGroupOutput,
}

impl DeleteCustomerGroup {
    pub fn operation(customer_group_id: &str) -> Operation<Self, DeleteCustomerGroupVariables> {
        let customer_group_id = Id::new(customer_group_id);
        Self::build(DeleteCustomerGroupVariables {
            input: DeleteCustomerGroupInput { customer_group_id },
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct DeleteCustomerGroupOutput {
    pub error: Option<MutationError>,
}

/// Takes a customer out of groups.
#[derive(cynic::InputObject, Debug)]
pub struct RemoveCustomerFromCustomerGroupsInput<'a> {
    pub customer_id: Id,
    pub customer_group_identifiers: Vec<CustomerGroupIdentifier<'a>>,
}

#[derive(cynic::QueryVariables)]
pub struct RemoveCustomerFromCustomerGroupsVariables<'a> {
    pub input: RemoveCustomerFromCustomerGroupsInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(
    graphql_type = "Mutation",
    variables = "RemoveCustomerFromCustomerGroupsVariables"
)]
pub struct RemoveCustomerFromCustomerGroups {
    #[arguments(input: $input)]
    pub remove_customer_from_customer_groups: RemoveCustomerFromCustomerGroupsOutput,
}

impl RemoveCustomerFromCustomerGroups {
    pub fn operation(
        input: RemoveCustomerFromCustomerGroupsInput<'_>,
    ) -> Operation<Self, RemoveCustomerFromCustomerGroupsVariables<'_>> {
        Self::build(RemoveCustomerFromCustomerGroupsVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct RemoveCustomerFromCustomerGroupsOutput {
    pub error: Option<MutationError>,
}
