//! Queries of label types.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::by_age;
use crate::sandbox::{
    schema::{
        label::{LabelType, LabelTypeConnection},
        paging::{PageArguments, page},
    },
    store::store,
};

/// Which label types to answer.
#[derive(InputObject)]
pub struct LabelTypeFilter {
    is_archived: Option<bool>,
}

/// Queries of label types.
#[derive(Default)]
pub struct LabelQueries;

#[Object]
impl LabelQueries {
    /// Archived ones too, unless the filter says otherwise. In their order.
    async fn label_types(
        &self,
        ctx: &Context<'_>,
        filters: Option<LabelTypeFilter>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<LabelTypeConnection> {
        let archived = filters.and_then(|it| it.is_archived);
        let state = store(ctx).lock();
        let rows = by_age(&state.label_types, |it| {
            archived.is_none_or(|wanted| it.archived.is_some() == wanted)
        });
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page("label-types", rows, arguments)?.into())
    }

    async fn label_type(&self, ctx: &Context<'_>, label_type_id: ID) -> Option<LabelType> {
        let state = store(ctx).lock();
        state
            .label_types
            .get(&label_type_id)
            .cloned()
            .map(LabelType::from)
    }

    async fn label_type_by_external_id(
        &self,
        ctx: &Context<'_>,
        external_id: ID,
    ) -> Option<LabelType> {
        let state = store(ctx).lock();
        let found = state.label_type_by_external_id(&external_id).cloned();
        found.map(LabelType::from)
    }
}
