//! The portal's HTTP behaviour: through its real router, against the sandbox over real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod addresses;
mod app;
mod asking;
mod base_path;
mod calls;
mod canary;
mod check_command;
mod command_line;
#[path = "../support/database.rs"]
mod database;
mod documents;
mod drift;
mod errors;
mod fault_table;
mod forgeries;
mod handoff;
mod health;
mod host_keys;
mod isolation;
mod jwks;
mod keys;
mod kills;
mod list;
mod outages;
mod outbox;
mod partial;
mod permissions;
mod processes;
mod reading;
mod search;
mod secrets;
mod sessions;
mod snippets;
mod token_command;
mod unread;
