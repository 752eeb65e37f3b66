//! Queries of tiers.

use async_graphql::{Context, ID, Object, Result};

use super::by_age;
use crate::sandbox::{
    schema::{
        paging::{PageArguments, page},
        tier::{Tier, TierConnection},
    },
    store::store,
};

/// Queries of tiers.
#[derive(Default)]
pub struct TierQueries;

#[Object]
impl TierQueries {
    async fn tier(&self, ctx: &Context<'_>, tier_id: ID) -> Option<Tier> {
        let state = store(ctx).lock();
        state.tiers.get(&tier_id).cloned().map(Tier::from)
    }

    /// The oldest first.
    async fn tiers(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<TierConnection> {
        let state = store(ctx).lock();
        let rows = by_age(&state.tiers, |_| true);
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page("tiers", rows, arguments)?.into())
    }
}
