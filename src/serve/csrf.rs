//! Cross-origin protection: a form of ours is sent from one of our own pages, or not taken.
//!
//! tower-http's layer decides by what browsers say of where a request comes from (`Sec-Fetch-Site`, `Origin`), as Go's
//! `CrossOriginProtection` does. It lets pass what may be another program, or an old browser behind a proxy; where a session is at
//! stake, that is refused here as well.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_sessions::Session;

use super::{Portal, forms};
use crate::config::PublicUrl;

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Refuses with 403 what a browser says comes from another origin.
pub fn layer(public_url: &PublicUrl) -> CsrfLayer {
    let csrf = CsrfLayer::new();
    // Our own origin by name, because a proxy may rewrite `Host`.
    csrf.clone()
        .add_trusted_origin(public_url.origin().as_str())
        .unwrap_or(csrf)
}

/// Around [`layer`]: refuses with 403 also what says nothing of where it comes from and carries a session, and what says so only by
/// an `Origin` that is not ours by name; `Host`, which the layer compares it with, tells neither `http` from `https` nor who wrote it.
pub async fn refuse_unclear(
    State(portal): State<Portal>,
    session: Session,
    request: Request,
    next: Next,
) -> Response {
    // What the layer takes for harmless; each of our routes does.
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method()) {
        return next.run(request).await;
    }
    let site = text(request.headers(), SEC_FETCH_SITE);
    let origin = text(request.headers(), header::ORIGIN.as_str());
    let path = request.uri().path().to_owned();
    match (&site, &origin) {
        // Browsers say one of the two of every form since 2020.
        (None, None) if session.id().is_some() => {
            tracing::warn!(
                path,
                "form refused: neither Sec-Fetch-Site nor Origin; a proxy in front must pass both on"
            );
            forms::give_back(&portal, request).await
        }
        (None, Some(origin)) if *origin != portal.site.public_url.origin().as_str() => {
            refused(&path, None, Some(origin));
            StatusCode::FORBIDDEN.into_response()
        }
        _ => {
            let response = next.run(request).await;
            if response.extensions().get::<ProtectionError>().is_some() {
                refused(&path, site.as_deref(), origin.as_deref());
            }
            response
        }
    }
}

fn refused(path: &str, site: Option<&str>, origin: Option<&str>) {
    tracing::warn!(
        path,
        site,
        origin,
        "form refused: it comes from another origin than PORTAL_PUBLIC_URL's"
    );
}

/// A header that is there and not empty, which is how the layer reads these as well.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.as_bytes();
    (!value.is_empty()).then(|| String::from_utf8_lossy(value).into_owned())
}
