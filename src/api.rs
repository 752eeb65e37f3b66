//! Server functions, one file per noun. Each is a door: find the viewer's desk, ask it, redirect. No logic.
//!
//! They take plain form posts, with and without JavaScript, and answer every success with 303 (RFC 9110, 15.4.4). Arguments are
//! optional because a form can miss any of them; the desk checks what is inside. What is no success gets its page,
//! with the typed text in it, from a layer of `serve`.

mod draft;
mod file;
mod team;
mod thread;

use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::{
    desk::{self, Desk},
    href::href,
    model::Picked,
};

pub use draft::Discard;
pub use file::RemoveFile;
pub use team::SwitchTeam;
pub use thread::{Ask, Reply, SetStatus, StatusNotice};

/// The desk of whoever is signed in. Authorisation happens here, in each function's body.
fn desk() -> Option<Desk> {
    let desk = use_context::<Desk>();
    if desk.is_none() {
        answer(StatusCode::UNAUTHORIZED);
    }
    desk
}

/// Sends the browser to one of our own pages.
pub fn see_other(path: &str) {
    answer(StatusCode::SEE_OTHER);
    if let (Some(response), Ok(location)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&href(path)),
    ) {
        response.insert_header(header::LOCATION, location);
    }
}

/// What the form says of its files: `serve` has read them, and took them in.
fn picked() -> Picked {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Picked>().cloned())
        .unwrap_or_default()
}

/// Does the page's own script ask, which goes to no other page?
fn is_by_script() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(header::ACCEPT);
        accept.is_some_and(|accept| accept == "application/json")
    })
}

fn refuse(error: &desk::Error) {
    answer(match error {
        desk::Error::NotFound => StatusCode::NOT_FOUND,
        desk::Error::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
    });
}

fn answer(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}
