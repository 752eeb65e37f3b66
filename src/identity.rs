//! Who is at the browser: a host's handoff token becomes a [`Viewer`](crate::model::Viewer), kept in a session cookie.

pub mod keys;
pub mod session;
pub mod sign_in;
mod strict_json;
pub mod token;
