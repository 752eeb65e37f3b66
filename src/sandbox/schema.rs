//! Plain's GraphQL schema, as much of it as the sandbox has. What is here is named and typed exactly as in Plain's.

pub mod actor;
pub mod component;
pub mod component_input;
pub mod customer;
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
pub mod time;
pub mod timeline;

use std::sync::Arc;

use async_graphql::{EmptySubscription, MergedObject, SchemaBuilder};

use super::{store::Store, strict::Strict, typed::Record};
use mutation::{
    customers::CustomerMutations, replies::ReplyMutations, tenants::TenantMutations,
    threads::ThreadMutations,
};

/// The root of all mutations.
#[derive(MergedObject)]
pub struct Mutation(
    TenantMutations,
    CustomerMutations,
    ThreadMutations,
    ReplyMutations,
);

/// The schema that answers requests.
pub type Schema = async_graphql::Schema<query::Query, Mutation, EmptySubscription>;

type Builder = SchemaBuilder<query::Query, Mutation, EmptySubscription>;

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
    let mutation = Mutation(
        TenantMutations,
        CustomerMutations,
        ThreadMutations,
        ReplyMutations,
    );
    async_graphql::Schema::build(query::Query, mutation, EmptySubscription)
}
