//! Customers listed and searched for.

use super::*;

/// A customer as an operator sees them.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Customer")]
pub struct CustomerRecord {
    pub id: Id,
    pub external_id: Option<Id>,
    pub full_name: String,
    pub short_name: Option<String>,
    pub email: EmailAddress,
    pub marked_as_spam_at: Option<DateTime>,
    pub created_at: DateTime,
    pub updated_at: DateTime,
}

/// A customer with what they belong to: the first hundred groups and tenants.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Customer")]
pub struct CustomerWithMemberships {
    #[cynic(spread)]
    pub customer: CustomerRecord,
    #[arguments(first: 100)]
    pub customer_group_memberships: GroupMemberships,
    #[arguments(first: 100)]
    pub tenant_memberships: TenantMemberships,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "CustomerGroupMembershipConnection")]
pub struct GroupMemberships {
    pub edges: Vec<GroupMembershipEdge>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "CustomerGroupMembershipEdge")]
pub struct GroupMembershipEdge {
    pub node: GroupMembership,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "CustomerGroupMembership")]
pub struct GroupMembership {
    pub customer_group: CustomerGroup,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "CustomerTenantMembershipConnection")]
pub struct TenantMemberships {
    pub edges: Vec<TenantMembershipEdge>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "CustomerTenantMembershipEdge")]
pub struct TenantMembershipEdge {
    pub node: TenantMembership,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "CustomerTenantMembership")]
pub struct TenantMembership {
    pub tenant: TenantRecord,
}

impl GroupMemberships {
    /// The groups, and whether these are all.
    pub fn groups(&self) -> impl Iterator<Item = &CustomerGroup> {
        self.edges.iter().map(|edge| &edge.node.customer_group)
    }
}

impl TenantMemberships {
    pub fn tenants(&self) -> impl Iterator<Item = &TenantRecord> {
        self.edges.iter().map(|edge| &edge.node.tenant)
    }
}

/// A span of time in ISO 8601, `after` included and `before` not.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct DatetimeFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

/// Names a company by Plain's id or by its domain; exactly one is set.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct CompanyIdentifierInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub company_id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub company_domain_name: Option<String>,
}

/// A condition on customers; its parts combine with AND, the members of a list with OR.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct CustomersFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub is_marked_as_spam: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_group_ids: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_group_keys: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub company_identifiers: Option<Vec<CompanyIdentifierInput>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub tenant_identifiers: Option<Vec<TenantIdentifierInput>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DatetimeFilter>,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomersSortField {
    FullName,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::InputObject, Debug, Clone, Copy)]
pub struct CustomersSort {
    pub field: CustomersSortField,
    pub direction: SortDirection,
}

#[derive(cynic::QueryVariables)]
pub struct CustomersVariables {
    pub filters: CustomersFilter,
    pub sort_by: Option<CustomersSort>,
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomersVariables")]
pub struct Customers {
    #[arguments(filters: $filters, sortBy: $sort_by, first: $first, after: $after, last: $last, before: $before)]
    pub customers: CustomerConnection,
}

impl Customers {
    pub fn operation(
        filters: CustomersFilter,
        sort_by: Option<CustomersSort>,
        page: PageArguments,
    ) -> Operation<Self, CustomersVariables> {
        Self::build(CustomersVariables {
            filters,
            sort_by,
            first: page.first,
            after: page.after,
            last: page.last,
            before: page.before,
        })
    }
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerConnection {
    pub edges: Vec<CustomerEdge>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerEdge {
    pub node: CustomerRecord,
}

#[derive(cynic::InputObject, Debug, Clone)]
pub struct StringSearchExpression {
    pub case_insensitive_contains: Option<String>,
}

/// What is looked for in one field; the others are left out.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct CustomerSearchCondition {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<StringSearchExpression>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub short_name: Option<StringSearchExpression>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub email: Option<StringSearchExpression>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<StringSearchExpression>,
}

#[derive(cynic::InputObject, Debug, Clone)]
pub struct CustomersSearchQuery {
    pub or: Option<Vec<CustomerSearchCondition>>,
}

impl CustomersSearchQuery {
    /// The term in any of a customer's names, the address or the external id.
    pub fn anywhere(term: &str) -> Self {
        let has = || {
            Some(StringSearchExpression {
                case_insensitive_contains: Some(term.to_owned()),
            })
        };
        let nothing = CustomerSearchCondition::default;
        Self {
            or: Some(vec![
                CustomerSearchCondition {
                    full_name: has(),
                    ..nothing()
                },
                CustomerSearchCondition {
                    short_name: has(),
                    ..nothing()
                },
                CustomerSearchCondition {
                    email: has(),
                    ..nothing()
                },
                CustomerSearchCondition {
                    external_id: has(),
                    ..nothing()
                },
            ]),
        }
    }
}

#[derive(cynic::QueryVariables)]
pub struct SearchCustomersVariables {
    pub query: CustomersSearchQuery,
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "SearchCustomersVariables")]
pub struct SearchCustomers {
    #[arguments(searchQuery: $query, first: $first, after: $after, last: $last, before: $before)]
    pub search_customers: CustomerSearchConnection,
}

impl SearchCustomers {
    pub fn operation(
        query: CustomersSearchQuery,
        page: PageArguments,
    ) -> Operation<Self, SearchCustomersVariables> {
        Self::build(SearchCustomersVariables {
            query,
            first: page.first,
            after: page.after,
            last: page.last,
            before: page.before,
        })
    }
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerSearchConnection {
    pub edges: Vec<CustomerSearchEdge>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerSearchEdge {
    pub node: CustomerRecord,
}
