//! The sandbox's memory behind one lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_graphql::Context;

use super::state::State;

/// The memory, shared by all requests.
pub struct Store(Mutex<State>);

impl Store {
    /// A store that begins with `state`.
    pub fn new(state: State) -> Self {
        Self(Mutex::new(state))
    }

    /// Locks the memory. No resolver may wait for anything while it holds the lock.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The store of the request that is being answered.
pub fn store<'a>(ctx: &Context<'a>) -> &'a Store {
    ctx.data_unchecked::<std::sync::Arc<Store>>()
}
