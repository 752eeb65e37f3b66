//! One file per route, and what they share: who is looking, and what to show when there is nothing to show.

mod new_request;
mod not_found;
mod request;
mod requests;

use axum::http::{HeaderMap, Method, request::Parts};
use leptos::prelude::*;

use super::components::{Notice, NoticePage};
use crate::desk::{self, Desk};

pub use new_request::NewRequest;
pub use not_found::NotFound;
pub use request::{DiscardForm, Facts, ReplyForm, RequestPage, StatusForm, no_form};
pub use requests::{Requests, waiting_first};

/// Shows a page to somebody who is signed in, and the 401 page to anybody else.
fn signed_in<F, P>(page: P) -> AnyView
where
    P: FnOnce(Desk) -> F,
    F: Future<Output = Result<AnyView, desk::Error>> + Send + 'static,
{
    let Some(desk) = use_context::<Desk>() else {
        return view! { <NoticePage notice=Notice::SignedOut carried=None /> }.into_any();
    };
    let page = page(desk);
    Suspend::new(async move {
        page.await.unwrap_or_else(|error| {
            view! { <NoticePage notice=Notice::from(&error) carried=None /> }.into_any()
        })
    })
    .into_any()
}

/// Does somebody look at this page? Not when only its headers are asked for, nor when a browser fetches it ahead of time
/// (`Sec-Purpose` of the Fetch standard, `Purpose` before it).
fn has_a_reader() -> bool {
    let ahead_of_time = |headers: &HeaderMap| {
        let purposes = ["sec-purpose", "purpose"].map(|name| headers.get(name));
        purposes
            .into_iter()
            .flatten()
            .any(|purpose| purpose.as_bytes().starts_with(b"prefetch"))
    };
    use_context::<Parts>()
        .is_some_and(|request| request.method == Method::GET && !ahead_of_time(&request.headers))
}

impl From<&desk::Error> for Notice {
    fn from(error: &desk::Error) -> Self {
        match error {
            desk::Error::NotFound => Self::NotFound,
            desk::Error::Unavailable { retry_after, .. } => Self::Unavailable {
                retry_after: retry_after.map(|wait| wait.as_secs()),
            },
        }
    }
}
