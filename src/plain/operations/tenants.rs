//! Tenants, and who belongs to them.

use super::*;

/// A tenant as an operator sees it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Tenant")]
pub struct TenantRecord {
    pub id: Id,
    pub name: String,
    pub external_id: String,
    pub url: Option<String>,
}

#[derive(cynic::QueryVariables)]
pub struct TenantByIdVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TenantByIdVariables")]
pub struct TenantById {
    #[arguments(tenantId: $id)]
    pub tenant: Option<TenantRecord>,
}

impl TenantById {
    pub fn operation(id: &str) -> Operation<Self, TenantByIdVariables> {
        Self::build(TenantByIdVariables { id: Id::new(id) })
    }
}

/// A condition on tenants; its parts combine with AND.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct TenantsFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub tenant_ids: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub is_deleted: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DatetimeFilter>,
}

#[derive(cynic::QueryVariables)]
pub struct TenantsVariables {
    pub filters: TenantsFilter,
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TenantsVariables")]
pub struct Tenants {
    #[arguments(first: $first, after: $after, last: $last, before: $before, filters: $filters)]
    pub tenants: TenantConnection,
}

impl Tenants {
    pub fn operation(
        filters: TenantsFilter,
        page: PageArguments,
    ) -> Operation<Self, TenantsVariables> {
        Self::build(TenantsVariables {
            filters,
            first: page.first,
            after: page.after,
            last: page.last,
            before: page.before,
        })
    }
}

#[derive(cynic::QueryFragment, Debug)]
pub struct TenantConnection {
    pub edges: Vec<TenantEdge>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct TenantEdge {
    pub node: TenantRecord,
}

#[derive(cynic::InputObject, Debug, Clone)]
pub struct TenantsSearchQuery {
    pub term: String,
}

#[derive(cynic::QueryVariables)]
pub struct SearchTenantsVariables {
    pub query: TenantsSearchQuery,
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "SearchTenantsVariables")]
pub struct SearchTenants {
    #[arguments(searchQuery: $query, first: $first, after: $after, last: $last, before: $before)]
    pub search_tenants: TenantSearchResultConnection,
}

impl SearchTenants {
    pub fn operation(term: &str, page: PageArguments) -> Operation<Self, SearchTenantsVariables> {
        let query = TenantsSearchQuery {
            term: term.to_owned(),
        };
        Self::build(SearchTenantsVariables {
            query,
            first: page.first,
            after: page.after,
            last: page.last,
            before: page.before,
        })
    }
}

#[derive(cynic::QueryFragment, Debug)]
pub struct TenantSearchResultConnection {
    pub edges: Vec<TenantSearchResultEdge>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct TenantSearchResultEdge {
    pub node: TenantSearchResult,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct TenantSearchResult {
    pub tenant: TenantRecord,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UpsertTenantVariables")]
pub struct UpsertTenantRecord {
    #[arguments(input: $input)]
    pub upsert_tenant: UpsertTenantRecordOutput,
}

impl UpsertTenantRecord {
    pub fn operation(input: UpsertTenantInput<'_>) -> Operation<Self, UpsertTenantVariables<'_>> {
        Self::build(UpsertTenantVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "UpsertTenantOutput")]
pub struct UpsertTenantRecordOutput {
    pub tenant: Option<TenantRecord>,
    pub result: Option<UpsertResult>,
    pub error: Option<MutationError>,
}

/// Takes a customer out of tenants.
#[derive(cynic::InputObject, Debug)]
pub struct RemoveCustomerFromTenantsInput {
    pub customer_identifier: CustomerIdentifierInput,
    pub tenant_identifiers: Vec<TenantIdentifierInput>,
}

#[derive(cynic::QueryVariables)]
pub struct RemoveCustomerFromTenantsVariables {
    pub input: RemoveCustomerFromTenantsInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(
    graphql_type = "Mutation",
    variables = "RemoveCustomerFromTenantsVariables"
)]
pub struct RemoveCustomerFromTenants {
    #[arguments(input: $input)]
    pub remove_customer_from_tenants: RemoveCustomerFromTenantsOutput,
}

impl RemoveCustomerFromTenants {
    pub fn operation(
        input: RemoveCustomerFromTenantsInput,
    ) -> Operation<Self, RemoveCustomerFromTenantsVariables> {
        Self::build(RemoveCustomerFromTenantsVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct RemoveCustomerFromTenantsOutput {
    pub error: Option<MutationError>,
}

/// Makes these the tenants of a customer, and no others.
#[derive(cynic::InputObject, Debug)]
pub struct SetCustomerTenantsInput {
    pub customer_identifier: CustomerIdentifierInput,
    pub tenant_identifiers: Vec<TenantIdentifierInput>,
}

#[derive(cynic::QueryVariables)]
pub struct SetCustomerTenantsVariables {
    pub input: SetCustomerTenantsInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "SetCustomerTenantsVariables")]
pub struct SetCustomerTenants {
    #[arguments(input: $input)]
    pub set_customer_tenants: SetCustomerTenantsOutput,
}

impl SetCustomerTenants {
    pub fn operation(
        input: SetCustomerTenantsInput,
    ) -> Operation<Self, SetCustomerTenantsVariables> {
        Self::build(SetCustomerTenantsVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct SetCustomerTenantsOutput {
    pub error: Option<MutationError>,
}
