//! The sandbox's memory behind one lock.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_graphql::Context;

use super::{records::Who, state::State, webhooks::Webhooks};

/// A way to the memory, which all requests share: that of the API key, or that of an agent.
pub struct Store {
    state: Arc<Mutex<State>>,
    webhooks: Arc<Webhooks>,
    agent: Option<Who>,
}

impl Store {
    /// A store that begins with `state`; who changes it is the API key's machine user. What changes is told to `webhooks`.
    pub fn new(state: State, webhooks: Arc<Webhooks>) -> Self {
        Self {
            state: Arc::new(Mutex::new(state)),
            webhooks,
            agent: None,
        }
    }

    /// The same memory, for what this agent does.
    pub fn as_agent(&self, user_id: &str) -> Self {
        Self {
            state: Arc::clone(&self.state),
            webhooks: Arc::clone(&self.webhooks),
            agent: Some(Who::User(user_id.to_owned())),
        }
    }

    /// Locks the memory. No resolver may wait for anything while it holds the lock.
    pub fn lock(&self) -> Locked<'_> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.acts = self.agent.clone().unwrap_or_else(|| state.machine());
        Locked {
            state,
            webhooks: &self.webhooks,
            touched: false,
        }
    }
}

/// The memory in one's hand. When it is given back after it may have changed, webhooks tell what has.
pub struct Locked<'a> {
    state: MutexGuard<'a, State>,
    webhooks: &'a Webhooks,
    touched: bool,
}

impl Deref for Locked<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut State {
        self.touched = true;
        &mut self.state
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        if self.touched {
            self.webhooks.observe(&self.state);
        }
    }
}

/// The store of the request that is being answered.
pub fn store<'a>(ctx: &Context<'a>) -> &'a Store {
    ctx.data_unchecked::<Arc<Store>>()
}
