//! Queries of tenants: single ones, lists, and the search.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{by_age, search_term};
use crate::sandbox::{
    schema::{
        customer::{Tenant, TenantConnection, TenantSearchResultConnection},
        filter::{DatetimeFilter, listed},
        paging::{PageArguments, page},
    },
    store::store,
};

/// Which tenants to answer: those for which all conditions hold.
#[derive(InputObject)]
pub struct TenantsFilter {
    tenant_ids: Option<Vec<ID>>,
    is_deleted: Option<bool>,
    updated_at: Option<DatetimeFilter>,
}

/// What to search for.
#[derive(InputObject)]
pub struct TenantsSearchQuery {
    term: String,
}

/// Queries of tenants.
#[derive(Default)]
pub struct TenantQueries;

#[Object]
impl TenantQueries {
    async fn tenant(&self, ctx: &Context<'_>, tenant_id: ID) -> Option<Tenant> {
        let state = store(ctx).lock();
        state.tenants.get(&tenant_id).map(Tenant::from)
    }

    /// The oldest first. What is deleted is gone for good.
    async fn tenants(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        filters: Option<TenantsFilter>,
    ) -> Result<TenantConnection> {
        let (ids, deleted, updated) = match filters {
            Some(it) => (it.tenant_ids, it.is_deleted, it.updated_at),
            None => (None, None, None),
        };
        let ids = listed("tenantIds", ids)?;
        let updated = updated.map(|it| it.condition("updatedAt")).transpose()?;
        let state = store(ctx).lock();
        let rows = by_age(&state.tenants, |it| {
            ids.as_ref()
                .is_none_or(|ids| ids.iter().any(|id| **id == it.id))
                && deleted != Some(true)
                && updated.as_ref().is_none_or(|holds| holds(it.updated.at))
        });
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page("tenants", rows, arguments)?.into())
    }

    /// The term is a part of the name, or the whole external id; case does not matter. The oldest first.
    async fn search_tenants(
        &self,
        ctx: &Context<'_>,
        search_query: TenantsSearchQuery,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<TenantSearchResultConnection> {
        let term = search_term(&search_query.term)?;
        let state = store(ctx).lock();
        let rows = by_age(&state.tenants, |it| {
            it.name.to_lowercase().contains(&term) || it.external_id.to_lowercase() == term
        });
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page("tenants/search", rows, arguments)?.into())
    }
}
