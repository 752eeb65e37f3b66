//! The sandbox over real HTTP: what a client of Plain's API may rely on.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod client;
mod faults;
mod lists;
mod mail;
mod new_threads;
mod people;
mod permissions;
mod replies;
mod status;
mod story;
mod timeline;
mod transport;
mod validation;
