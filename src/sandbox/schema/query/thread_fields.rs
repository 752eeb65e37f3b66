//! Queries of thread fields.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use crate::sandbox::{
    records,
    schema::{
        paging::{PageArguments, page},
        thread_field::{ThreadFieldSchema, ThreadFieldSchemaConnection},
    },
    store::store,
};

/// Queries of thread fields.
#[derive(Default)]
pub struct ThreadFieldQueries;

#[Object]
impl ThreadFieldQueries {
    /// By their `order`; those of one order as they were made.
    async fn thread_field_schemas(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<ThreadFieldSchemaConnection> {
        let state = store(ctx).lock();
        let place = |(age, schema): (i64, &Arc<records::ThreadFieldSchema>)| {
            ((i64::from(schema.order), age), Arc::clone(schema))
        };
        let rows = (0..).zip(state.thread_field_schemas.iter()).map(place);
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page("thread-field-schemas", rows.collect(), arguments)?.into())
    }

    async fn thread_field_schema(
        &self,
        ctx: &Context<'_>,
        thread_field_schema_id: ID,
    ) -> Option<ThreadFieldSchema> {
        let state = store(ctx).lock();
        let found = state.thread_field_schemas.get(&thread_field_schema_id);
        found.cloned().map(ThreadFieldSchema::from)
    }
}
