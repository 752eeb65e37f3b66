//! Around the server functions: whatever becomes of a form, its text comes back to the person who typed it.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use leptos::server_fn::ServerFn as _;

use super::{Portal, pages, uploads, viewer::NoDesk};
use crate::{
    api,
    app::components::{Carried, Notice},
    desk::Desk,
    href::FILES,
};

/// The longest title and message are a fraction of this, also when each character is escaped as nine.
pub const MAX_FORM: usize = 512 * 1024;

/// Answers whatever is not a redirect of ours with a page that still has the typed text in its form.
///
/// server_fn alone would answer a form that it cannot read with 302 to the Referer and the error in the address.
pub async fn keep_text(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if request.method() != Method::POST || !path.starts_with("/api/") || path == FILES {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let seen = Request::from_parts(parts.clone(), Body::empty());
    let Ok(bytes) = to_bytes(body, MAX_FORM).await else {
        return pages::notice(
            &portal.site,
            seen,
            Notice::Refused(StatusCode::PAYLOAD_TOO_LARGE),
            None,
        )
        .await;
    };
    let carried = carried(parts.uri.path(), &bytes).map(|carried| Carried {
        files: parts.extensions.get().cloned().unwrap_or_default(),
        ..carried
    });
    let why_not = match parts.extensions.get::<NoDesk>() {
        // Who has to leave one team may go to another.
        Some(NoDesk::Gone) if parts.uri.path() == api::SwitchTeam::PATH => None,
        Some(reason) => Some(Notice::from(*reason)),
        None if parts.extensions.get::<Desk>().is_none() => Some(Notice::SignedOut),
        None => None,
    };
    if let Some(notice) = why_not {
        return pages::notice(&portal.site, seen, notice, carried).await;
    }
    let response = next
        .run(Request::from_parts(parts, Body::from(bytes)))
        .await;
    match response.status() {
        StatusCode::SEE_OTHER => response,
        // For the page's own script; server_fn adds a body.
        StatusCode::NO_CONTENT => StatusCode::NO_CONTENT.into_response(),
        StatusCode::NOT_FOUND => {
            let words = carried.map(Carried::words_only);
            pages::notice(&portal.site, seen, Notice::NotFound, words).await
        }
        StatusCode::FORBIDDEN => pages::notice(&portal.site, seen, Notice::NoAccess, carried).await,
        StatusCode::UNAUTHORIZED => {
            pages::notice(&portal.site, seen, Notice::SignedOut, carried).await
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            pages::notice(
                &portal.site,
                seen,
                Notice::Unavailable { retry_after: None },
                carried,
            )
            .await
        }
        _ => {
            pages::notice(
                &portal.site,
                seen,
                Notice::Refused(StatusCode::BAD_REQUEST),
                carried,
            )
            .await
        }
    }
}

/// Refuses a form of unclear origin: its words are there to be copied, and no button sends them.
pub async fn give_back(portal: &Portal, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let typed = uploads::typed(&parts.headers, body).await;
    let words = carried(parts.uri.path(), &typed).map(Carried::words_only);
    let seen = Request::from_parts(parts, Body::empty());
    pages::notice(&portal.site, seen, Notice::WrongOrigin, words).await
}

/// The fields that somebody typed, when there is text among them.
fn carried(action: &str, form: &[u8]) -> Option<Carried> {
    let mut carried = Carried {
        action: action.to_owned(),
        ..Carried::default()
    };
    for (name, value) in url::form_urlencoded::parse(form) {
        let field = match name.as_ref() {
            "thread_id" => &mut carried.thread_id,
            "submission" => &mut carried.submission,
            "tenant" => &mut carried.tenant,
            "title" => &mut carried.title,
            "text" => &mut carried.text,
            "message" => &mut carried.message,
            _ => continue,
        };
        *field = Some(value.into_owned());
    }
    let typed = [&carried.title, &carried.text, &carried.message]
        .into_iter()
        .flatten()
        .any(|text| !text.trim().is_empty());
    typed.then_some(carried)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn text_is_carried_and_empty_forms_are_not() {
        let kept = carried("/api/reply", b"thread_id=th_1&text=a+%26+b&other=x").unwrap();
        assert_eq!(kept.text.as_deref(), Some("a & b"));
        assert_eq!(kept.thread_id.as_deref(), Some("th_1"));
        assert_eq!(carried("/api/reply", b"thread_id=th_1&text=+"), None);
        assert_eq!(
            carried("/api/set-status", b"thread_id=th_1&status=done"),
            None
        );
    }
}
