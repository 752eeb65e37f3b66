//! The portal's HTTP behaviour: through its real router, against the sandbox over real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod addresses;
mod app;
mod asking;
mod base_path;
mod behind;
mod brand;
mod calls;
mod canary;
mod check_command;
mod command_line;
mod content;
mod crawl;
mod cross_origin;
#[path = "../support/database.rs"]
mod database;
mod documents;
mod downloads;
mod drift;
mod errors;
mod fault_table;
mod forgeries;
mod handoff;
mod headers;
mod health;
mod host_keys;
mod hostile_store;
mod isolation;
mod jwks;
mod keys;
mod kills;
mod large_files;
mod list;
#[path = "../support/markup.rs"]
mod markup;
mod members;
mod outages;
mod outbox;
mod partial;
mod permissions;
mod processes;
mod proxies;
#[path = "../support/proxy_server.rs"]
mod proxy_server;
mod reading;
mod search;
mod secrets;
mod sessions;
mod snippets;
mod switching;
mod teams;
mod token_command;
mod unread;
mod uploads;
mod visibility;
