//! Pages for what is not a route of Leptos's: nothing here, not allowed, not now.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::{Portal, context};
use crate::app::{
    Site,
    components::{Carried, Notice, NoticePage},
    shell,
};

/// Renders a notice as a whole page, for whoever made the request.
pub async fn notice(
    site: &Site,
    request: Request,
    notice: Notice,
    carried: Option<Carried>,
) -> Response {
    let (parts, _) = request.into_parts();
    let render = leptos_axum::render_app_async_with_context(context(site), move || {
        let carried = carried.clone();
        shell(move || view! { <NoticePage notice=notice carried=carried /> })
    });
    render(Request::from_parts(parts, Body::empty())).await
}

pub async fn not_found() -> Response {
    Notice::NotFound.status().into_response()
}

/// Gives a page to every error that some layer or handler answered without one.
pub async fn no_bare_errors(
    State(portal): State<Portal>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let seen = Request::from_parts(parts.clone(), Body::empty());
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    let has_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if has_page || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (bare, _) = response.into_parts();
    let mut page = notice(&portal.site, seen, Notice::for_status(status), None).await;
    // What the bare answer said to machines (`Allow`, `Set-Cookie`) stays true; its body's own headers do not.
    for (name, value) in &bare.headers {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
            page.headers_mut().append(name, value.clone());
        }
    }
    page
}

/// Leptos ends every document with scripts that prepare hydration. A page without an island has nothing to hydrate.
pub async fn without_loose_scripts(response: Response) -> Response {
    const END: &[u8] = b"</html>";
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(mut page) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let has_island = page.windows(ISLAND.len()).any(|window| window == ISLAND);
    if !has_island && let Some(end) = page.windows(END.len()).rposition(|window| window == END) {
        page.truncate(end + END.len());
    }
    Response::from_parts(parts, Body::from(page))
}

/// How an island begins in a page; what strangers write can never read so, because it is escaped.
const ISLAND: &[u8] = b"<leptos-island";
