#![allow(clippy::unwrap_used)]
use axum::{
    body::Body,
    http::{StatusCode, header},
};
use tower::ServiceExt as _;

use super::*;
use crate::config::Settings;

#[tokio::test]
async fn a_panic_is_a_page_with_the_headers_of_every_page() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        plain_api_key: Some("plainApiKey_test".into()),
        plain_api_url: Some("http://127.0.0.1:9".into()),
        handoff_secret: Some("a secret of at least thirty-two bytes".into()),
        public_url: Some("https://product.example/support".into()),
        database_url: Some(format!(
            "sqlite://{}",
            folder.path().join("portal.db").display()
        )),
        ..Settings::default()
    };
    let config = Config::from_settings(&settings).unwrap();
    let portal = Portal::open(config, Assets::default()).await.unwrap();
    let fault = Router::new().route(
        "/fault",
        get(async || -> &'static str { panic!("told to") }),
    );
    let router = portal.around(fault.merge(portal.inside()));
    let answer = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap()
    };

    let panicked = answer("/support/fault").await;
    let refused = answer("/support").await;
    assert_eq!(panicked.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(panicked.headers()[header::CACHE_CONTROL], "no-store");
    for (name, value) in refused.headers() {
        let differ = [
            header::CONTENT_SECURITY_POLICY,
            REQUEST_ID,
            header::CONTENT_LENGTH,
        ];
        if !differ.contains(name) {
            assert_eq!(panicked.headers().get(name), Some(value), "{name}");
        }
    }
    let policy = panicked.headers()[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap();
    assert!(policy.contains("script-src 'nonce-"), "{policy}");
    let body = axum::body::to_bytes(panicked.into_body(), usize::MAX)
        .await
        .unwrap();
    let page = String::from_utf8(body.into()).unwrap();
    assert!(
        page.contains("<h1>Something went wrong on our side</h1>"),
        "{page}"
    );
    assert!(!page.contains("told to"), "{page}");
}
