//! Files that are the same for everybody.

use axum::{
    Router,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use tower::ServiceBuilder;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use crate::app::Assets;

/// The built files. Their names carry a hash, so a browser need never ask again.
pub fn router(assets: &Assets) -> Router {
    let Some(root) = &assets.root else {
        return Router::new();
    };
    let immutable = |response: &Response<_>| {
        let immutable = HeaderValue::from_static("public, max-age=31536000, immutable");
        has_the_file(response).then_some(immutable)
    };
    let vary = |response: &Response<_>| {
        has_the_file(response).then_some(HeaderValue::from_static("accept-encoding"))
    };
    let files = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            immutable,
        ))
        // Compression says so itself, but not of an answer without a body (RFC 9110, 15.4.5).
        .layer(SetResponseHeaderLayer::if_not_present(header::VARY, vary))
        // A directory's name leads nowhere; a redirect to it would not know the base path.
        .service(ServeDir::new(root.join("pkg")).append_index_html_on_directories(false));
    Router::new().nest_service("/pkg", files)
}

/// Or says that the browser's copy of it is still right.
fn has_the_file<B>(response: &Response<B>) -> bool {
    response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED
}

/// A small icon, until an operator brings one.
pub async fn favicon() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    (headers, include_str!("../../public/favicon.svg"))
}
