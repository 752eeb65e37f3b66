//! The workspace's customers, as an operator keeps them.

mod by_key;
mod change;
mod find;
mod upsert;

pub use by_key::*;
pub use change::*;
pub use find::*;
pub use upsert::*;

use super::*;
