//! Plain's GraphQL schema, as much of it as the sandbox has. What is here is named and typed exactly as in Plain's.

pub mod actor;
pub mod company;
pub mod component;
pub mod component_input;
pub mod customer;
pub mod customer_group;
pub mod email;
pub mod entry;
pub mod filter;
pub mod identifiers;
pub mod label;
pub mod mutation;
pub mod paging;
pub mod query;
pub mod status;
pub mod thread;
pub mod thread_field;
pub mod tier;
pub mod time;
pub mod timeline;

use std::sync::Arc;

use async_graphql::{EmptySubscription, SchemaBuilder};

use super::{store::Store, strict::Strict, typed::Record};
use mutation::Mutation;
use query::Query;

/// The schema that answers requests.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

type Builder = SchemaBuilder<Query, Mutation, EmptySubscription>;

/// The schema over a store.
pub fn schema(store: Arc<Store>) -> Schema {
    builder().extension(Strict).data(store).finish()
}

/// The schema over a store, for requests with a [`Recorder`](super::typed::Recorder).
pub fn recorded(store: Arc<Store>) -> Schema {
    builder()
        .extension(Strict)
        .extension(Record)
        .data(store)
        .finish()
}

/// The schema in GraphQL's own language.
pub fn sdl() -> String {
    builder().finish().sdl()
}

fn builder() -> Builder {
    async_graphql::Schema::build(Query::default(), Mutation::default(), EmptySubscription)
}
