//! What a customer belongs to: tenants, which decide what they see, and groups, which help support to sort.

use super::*;

/// As many as Plain gives at once.
const MEMBERSHIPS_A_PAGE: i32 = 100;

/// How a customer stands with support, and one page of their tenants.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Customer", variables = "CustomerStandingVariables")]
pub struct CustomerStanding {
    pub marked_as_spam_at: Option<DateTime>,
    #[arguments(first: $first, after: $after)]
    pub tenant_memberships: CustomerTenantMembershipConnection,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerTenantMembershipConnection {
    pub edges: Vec<CustomerTenantMembershipEdge>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerTenantMembershipEdge {
    pub node: CustomerTenantMembership,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerTenantMembership {
    pub tenant: Tenant,
}

#[derive(cynic::QueryVariables)]
pub struct CustomerStandingVariables<'a> {
    pub customer_id: Id,
    pub first: i32,
    pub after: Option<&'a str>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerStandingVariables")]
pub struct CustomerStandingById {
    #[arguments(customerId: $customer_id)]
    pub customer: Option<CustomerStanding>,
}

impl CustomerStandingById {
    pub fn operation<'a>(
        customer_id: &str,
        after: Option<&'a str>,
    ) -> Operation<Self, CustomerStandingVariables<'a>> {
        Self::build(CustomerStandingVariables {
            customer_id: Id::new(customer_id),
            first: MEMBERSHIPS_A_PAGE,
            after,
        })
    }
}

/// Names a customer group by its key, as hosts do, or by Plain's id; exactly one is set.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct CustomerGroupIdentifier<'a> {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_group_id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_group_key: Option<&'a str>,
}

impl<'a> CustomerGroupIdentifier<'a> {
    pub fn by_key(key: &'a str) -> Self {
        Self {
            customer_group_key: Some(key),
            ..Self::default()
        }
    }
}

#[derive(cynic::InputObject, Debug)]
pub struct AddCustomerToCustomerGroupsInput<'a> {
    pub customer_id: Id,
    pub customer_group_identifiers: Vec<CustomerGroupIdentifier<'a>>,
}

#[derive(cynic::QueryVariables)]
pub struct AddCustomerToCustomerGroupsVariables<'a> {
    pub input: AddCustomerToCustomerGroupsInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(
    graphql_type = "Mutation",
    variables = "AddCustomerToCustomerGroupsVariables"
)]
pub struct AddCustomerToCustomerGroups {
    #[arguments(input: $input)]
    pub add_customer_to_customer_groups: AddCustomerToCustomerGroupsOutput,
}

impl AddCustomerToCustomerGroups {
    pub fn operation<'a>(
        customer_id: &str,
        groups: Vec<CustomerGroupIdentifier<'a>>,
    ) -> Operation<Self, AddCustomerToCustomerGroupsVariables<'a>> {
        Self::build(AddCustomerToCustomerGroupsVariables {
            input: AddCustomerToCustomerGroupsInput {
                customer_id: Id::new(customer_id),
                customer_group_identifiers: groups,
            },
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct AddCustomerToCustomerGroupsOutput {
    pub error: Option<MutationError>,
}
