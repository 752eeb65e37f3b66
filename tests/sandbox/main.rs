//! The sandbox over real HTTP: what a client of Plain's API may rely on.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod absent;
mod accounts;
mod agent;
mod assignment;
mod chats;
mod client;
mod drift;
mod events;
mod faults;
mod files;
mod fragments;
mod groups;
mod input_errors;
mod labels;
mod lists;
mod mail;
mod moved;
mod new_threads;
mod people;
mod permissions;
mod refusals;
mod replies;
mod search;
mod status;
mod story;
mod thread_fields;
mod timeline;
mod transport;
mod validation;
mod webhooks;
