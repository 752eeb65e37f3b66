//! One file per route, and what they share: who is looking, and what to show when there is nothing to show.

mod new_request;
mod not_found;
mod request;
mod requests;

use leptos::prelude::*;

use super::components::{Notice, NoticePage};
use crate::desk::{self, Desk};

pub use new_request::NewRequest;
pub use not_found::NotFound;
pub use request::RequestPage;
pub use requests::Requests;

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
