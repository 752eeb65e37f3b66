//! The workspace's customers, as an operator keeps them.

mod change;
mod find;
mod upsert;

pub use change::*;
pub use find::*;
pub use upsert::*;

use super::*;
