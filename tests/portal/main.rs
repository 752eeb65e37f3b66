//! The portal's HTTP behaviour: through its real router, against the sandbox over real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod app;
mod asking;
mod base_path;
mod brand;
mod calls;
mod canary;
mod command_line;
#[path = "../support/database.rs"]
mod database;
mod documents;
mod drift;
mod errors;
mod fault_table;
mod handoff;
mod health;
mod isolation;
mod kills;
mod list;
mod outages;
mod outbox;
mod partial;
mod processes;
mod reading;
mod search;
mod secrets;
mod sessions;
mod unread;
