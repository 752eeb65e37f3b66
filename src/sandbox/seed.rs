//! What a sandbox begins with.

mod accounts;
mod bulk;
mod cast;
mod form;
mod plot;
mod plots;
mod story;

use jiff::Timestamp;

pub use cast::{PEOPLE, Person};

use super::{Seed, state::State};

/// The state that a seed describes, as of now.
pub fn plant(seed: &Seed) -> State {
    let now = State::now();
    let mut state = State::new(founded(now));
    cast::add_agents(&mut state, founded(now));
    match seed {
        Seed::Empty => {}
        Seed::Story => story::plant(&mut state, now),
        Seed::Bulk { threads, tenants } => bulk::plant(&mut state, now, *threads, *tenants),
    }
    state.ids.go_live();
    state
}

/// When the workspace was made: before everything in it.
fn founded(now: Timestamp) -> Timestamp {
    State::later(now, -90 * 24 * 3600)
}
