//! The sandbox over real HTTP: what a client of Plain's API may rely on.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod agent;
mod client;
mod drift;
mod faults;
mod input_errors;
mod lists;
mod mail;
mod new_threads;
mod people;
mod permissions;
mod replies;
mod search;
mod status;
mod story;
mod timeline;
mod transport;
mod validation;
