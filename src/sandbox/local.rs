//! The sandbox's own pages and endpoints have no key: whoever reaches them may use them. So pages from elsewhere that are
//! open in a browser on this machine must not.

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, StatusCode, Uri, header::HOST},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use tower_http::csrf::CsrfLayer;

/// Refuses requests that pages of other sites send, and those that reach us by a name that is not this machine's: behind
/// such a name any site could stand (DNS rebinding).
pub fn only<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes.layer(CsrfLayer::new()).layer(from_fn(by_our_name))
}

async fn by_our_name(request: Request, next: Next) -> Response {
    if is_ours(request.headers()) {
        return next.run(request).await;
    }
    let why = "The sandbox answers here to localhost and to IP addresses only.\n";
    (StatusCode::MISDIRECTED_REQUEST, why).into_response()
}

fn is_ours(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let host: Option<Uri> = host.and_then(|host| host.parse().ok());
    match host.as_ref().and_then(Uri::host) {
        Some("localhost") => true,
        // An address cannot be rebound to another.
        Some(host) => host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_can_be_rebound_and_addresses_cannot() {
        for (host, ours) in [
            ("localhost:4010", true),
            ("127.0.0.1:4010", true),
            ("127.0.0.1", true),
            ("[::1]:4010", true),
            ("localhost.evil.example:4010", false),
            ("evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
            assert_eq!(is_ours(&headers), ours, "{host}");
        }
        assert!(!is_ours(&HeaderMap::new()));
    }
}
