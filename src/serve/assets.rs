//! Files that are the same for everybody.

use axum::{
    Router,
    http::{HeaderValue, Response, header},
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
        response.status().is_success().then_some(immutable)
    };
    let files = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            immutable,
        ))
        .service(ServeDir::new(root.join("pkg")));
    Router::new().nest_service("/pkg", files)
}

/// A small icon, until an operator brings one.
pub async fn favicon() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    (headers, include_str!("../../public/favicon.svg"))
}
