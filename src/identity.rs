//! Who is at the browser: a host's handoff token becomes a [`Viewer`](crate::model::Viewer), kept in a session cookie.

mod groups;
pub mod keys;
pub mod membership;
pub mod session;
pub mod sign_in;
mod strict_json;
pub mod teams;
pub mod token;
