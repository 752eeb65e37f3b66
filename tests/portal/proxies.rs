//! What is believed of a proxy, and of whom it is believed.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use plain_portal::sandbox::Seed;

use crate::app::{Browser, Page, Proxy, TestApp};

const OURS: &str = "10.1.2.3";
const A_STRANGER: &str = "203.0.113.9";

async fn app_at(public_url: &str) -> TestApp {
    TestApp::with(Seed::Story, |settings| {
        settings.public_url = Some(public_url.to_owned());
        settings.trusted_proxies = Some("10.0.0.0/8".to_owned());
    })
    .await
}

async fn get(browser: &Browser, from: &str, uri: &str, headers: &[(&str, &str)]) -> Page {
    let proxy = Proxy {
        addr: from.parse().unwrap(),
        strips: false,
    };
    let mut browser = browser.clone().behind(proxy);
    browser
        .send_raw(Method::GET, uri, Body::empty(), headers)
        .await
}

#[tokio::test]
async fn a_removed_prefix_counts_from_a_trusted_proxy_only() {
    for base in ["/support", "/help/desk"] {
        let app = app_at(&format!("https://product.example{base}")).await;
        let ines = app.signed_in("usr_ines").await;
        let slash = format!("{base}/");
        let removed = ("x-forwarded-prefix", base);
        let list = get(&ines, OURS, base, &[]).await;
        assert_eq!(list.h1(), "Your requests");
        for (from, uri, headers, status) in [
            (OURS, "/", &[removed][..], StatusCode::OK),
            (OURS, "/?status=all", &[removed], StatusCode::OK),
            (OURS, "/threads/T-34", &[removed], StatusCode::OK),
            (OURS, "/healthz", &[removed], StatusCode::OK),
            (OURS, "/", &[("x-forwarded-prefix", &slash)], StatusCode::OK),
            // Not removed, or removed by nobody whom we believe.
            (OURS, "/", &[], StatusCode::NOT_FOUND),
            (OURS, base, &[removed], StatusCode::NOT_FOUND),
            (A_STRANGER, "/", &[removed], StatusCode::NOT_FOUND),
            (A_STRANGER, base, &[removed], StatusCode::OK),
            // Another prefix is as good as none.
            (
                OURS,
                "/",
                &[("x-forwarded-prefix", "/")],
                StatusCode::NOT_FOUND,
            ),
            (
                OURS,
                "/",
                &[("x-forwarded-prefix", "/other")],
                StatusCode::NOT_FOUND,
            ),
            (
                OURS,
                base,
                &[("x-forwarded-prefix", "/other")],
                StatusCode::OK,
            ),
            (
                OURS,
                base,
                &[("x-forwarded-prefix", "//evil.example")],
                StatusCode::OK,
            ),
            (OURS, base, &[("x-forwarded-prefix", "")], StatusCode::OK),
        ] {
            let page = get(&ines, from, uri, headers).await;
            assert_eq!(page.status, status, "{base}: {from} {uri} {headers:?}");
        }
        let stripped = get(&ines, OURS, "/", &[removed]).await;
        assert_eq!(stripped.without_nonce(), list.without_nonce(), "{base}");
    }
}

#[tokio::test]
async fn nobody_without_an_address_is_believed() {
    let app = app_at("https://product.example/support").await;
    let mut ines = app.signed_in("usr_ines").await;
    let removed = [("x-forwarded-prefix", "/support")];
    let page = ines
        .send_raw(Method::GET, "/", Body::empty(), &removed)
        .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_header_of_a_proxys_gets_into_an_answer() {
    let app = app_at("https://product.example/support").await;
    let ines = app.signed_in("usr_ines").await;
    let told = [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-for", "evil.example"),
        ("x-forwarded-port", "4711"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-url", "/evil.example"),
        ("x-rewrite-url", "/evil.example"),
    ];
    for uri in [
        "/support",
        "/support/",
        "/support?status=all",
        "/support/nowhere",
        "/",
    ] {
        for from in [OURS, A_STRANGER] {
            let page = get(&ines, from, uri, &told).await;
            let usual = get(&ines, from, uri, &[]).await;
            assert_eq!(page.status, usual.status, "{uri}");
            assert_eq!(page.without_nonce(), usual.without_nonce(), "{uri}");
            assert!(!format!("{:?}", page.headers).contains("evil"), "{uri}");
        }
    }
    let removed = ("x-forwarded-prefix", "/support");
    let page = get(
        &ines,
        OURS,
        "/threads/T-34",
        &[&told[..], &[removed]].concat(),
    )
    .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("evil.example"));
}
