//! Queries of customer groups.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::by_age;
use crate::sandbox::{
    schema::{
        customer_group::{CustomerGroup, CustomerGroupConnection},
        filter::listed,
        paging::{PageArguments, page},
    },
    store::store,
};

/// Which groups to answer.
#[derive(InputObject)]
pub struct CustomerGroupsFilter {
    external_ids: Option<Vec<String>>,
}

/// Queries of customer groups.
#[derive(Default)]
pub struct CustomerGroupQueries;

#[Object]
impl CustomerGroupQueries {
    async fn customer_group(
        &self,
        ctx: &Context<'_>,
        customer_group_id: ID,
    ) -> Option<CustomerGroup> {
        let state = store(ctx).lock();
        let group = state.customer_groups.get(&customer_group_id);
        group.map(|group| Arc::clone(group).into())
    }

    /// The oldest first.
    async fn customer_groups(
        &self,
        ctx: &Context<'_>,
        filters: Option<CustomerGroupsFilter>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<CustomerGroupConnection> {
        let wanted = listed("externalIds", filters.and_then(|it| it.external_ids))?;
        let state = store(ctx).lock();
        let rows = by_age(&state.customer_groups, |group| {
            wanted.as_ref().is_none_or(|wanted| {
                let external_id = group.external_id.as_ref();
                external_id.is_some_and(|id| wanted.contains(id))
            })
        });
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page("customerGroups", rows, arguments)?.into())
    }
}
