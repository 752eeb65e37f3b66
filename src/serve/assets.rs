//! Files that are the same for everybody.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use tower::ServiceBuilder;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use super::Portal;
use crate::app::{
    Assets,
    brand::{BrandFile, BrandFiles},
};

/// For files whose address says what is in them: a browser need never ask again.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// The built files. Their names carry a hash.
pub fn router(assets: &Assets) -> Router {
    let Some(root) = &assets.root else {
        return Router::new();
    };
    let immutable = |response: &Response<_>| {
        let immutable = HeaderValue::from_static(IMMUTABLE);
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
        .service(
            ServeDir::new(root.join("pkg"))
                // A directory's name leads nowhere; a redirect to it would not know the base path.
                .append_index_html_on_directories(false)
                // A release build has compressed them already, and better than there is time for here.
                .precompressed_br()
                .precompressed_gzip(),
        );
    Router::new().nest_service("/pkg", files)
}

/// Or says that the browser's copy of it is still right.
fn has_the_file<B>(response: &Response<B>) -> bool {
    response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED
}

/// The brand's style sheet and logo.
pub fn brand(brand: &BrandFiles) -> Router {
    brand.hashed().cloned().fold(Router::new(), |router, file| {
        let path = file.path.clone();
        router.route(&path, get(move || async move { answer(file, IMMUTABLE) }))
    })
}

/// The brand's icon. Its address stays, because browsers keep it for long.
pub async fn favicon(State(portal): State<Portal>) -> impl IntoResponse {
    answer(portal.site.brand.icon, "public, max-age=86400")
}

fn answer(file: BrandFile, cache: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, file.media_type),
        (header::CACHE_CONTROL, cache),
    ];
    (headers, Bytes::from_owner(file.bytes))
}
