//! The sandbox's memory behind one lock.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_graphql::Context;

use super::{records::Who, state::State};

/// A way to the memory, which all requests share: that of the API key, or that of an agent.
pub struct Store {
    state: Arc<Mutex<State>>,
    agent: Option<Who>,
}

impl Store {
    /// A store that begins with `state`; who changes it is the API key's machine user.
    pub fn new(state: State) -> Self {
        Self {
            state: Arc::new(Mutex::new(state)),
            agent: None,
        }
    }

    /// The same memory, for what this agent does.
    pub fn as_agent(&self, user_id: &str) -> Self {
        Self {
            state: Arc::clone(&self.state),
            agent: Some(Who::User(user_id.to_owned())),
        }
    }

    /// Locks the memory. No resolver may wait for anything while it holds the lock.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.acts = self.agent.clone().unwrap_or_else(|| state.machine());
        state
    }
}

/// The store of the request that is being answered.
pub fn store<'a>(ctx: &Context<'a>) -> &'a Store {
    ctx.data_unchecked::<Arc<Store>>()
}
