//! The only code that also runs in the browser. Each island is small, and each page works without it.

mod composer;

pub use composer::Composer;
