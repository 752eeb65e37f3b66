//! Nothing is done for a form that another site's page has sent, and nothing by a link.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::axum::server_fn_paths;
use plain_portal::{sandbox::Seed, serve::PLAIN_ROUTES};
use serde_json::Value;

use crate::app::{Browser, Page, TestApp, submission};

/// Below a path of a product whose pages have the same `Host`.
async fn app() -> TestApp {
    TestApp::with(Seed::Story, |settings| {
        settings.public_url = Some("https://product.example/support".into());
    })
    .await
}

/// Everything that takes a form, but for the one way in that has an origin check of its own, and what Plain signs. Signing out
/// comes last.
fn forms() -> Vec<String> {
    let functions = server_fn_paths().map(|(path, _)| path.to_owned());
    let plain = PLAIN_ROUTES
        .iter()
        .filter(|route| route.method == "POST")
        .filter(|route| !["/auth/handoff", "/webhooks/plain"].contains(&route.path));
    let mut all: Vec<String> = functions
        .chain(plain.map(|route| route.path.to_owned()))
        .collect();
    all.sort_unstable_by_key(|path| (path == "/auth/sign-out", path.clone()));
    assert!(all.len() >= 5, "{all:?}");
    all
}

async fn send(browser: &mut Browser, path: &str, thread_id: &str, from: &[(&str, &str)]) -> Page {
    let submission = submission();
    let fields = [
        ("thread_id", thread_id),
        ("text", "Forged words"),
        ("title", "Forged words"),
        ("message", "Forged words"),
        ("status", "done"),
        ("submission", &submission),
        ("tenant", "acct_northwind"),
    ];
    browser.post_with(path, &fields, from).await
}

/// What a forged form could have changed: in Plain, and in our own tables.
async fn state(app: &TestApp) -> (Value, usize, Vec<u64>) {
    let mut rows = vec![];
    for column in [
        "submissions SET id = id",
        "used_tokens SET jti = jti",
        "read_marks SET customer_id = customer_id",
        "visits SET customer_id = customer_id",
        "files SET id = id",
        "tower_sessions SET id = id",
        "webhook_events SET id = id",
        "thread_changes SET thread_id = thread_id",
    ] {
        rows.push(app.in_database(&format!("UPDATE {column}")).await);
    }
    let threads = app.threads_titled("Forged words").await;
    (app.thread("T-34").await, threads, rows)
}

#[tokio::test]
async fn a_form_from_elsewhere_does_nothing() {
    let app = app().await;
    let thread_id = app.thread_id("T-34").await;
    let mut ines = app.signed_in("usr_ines").await;
    let before = state(&app).await;
    app.calls();
    for from in [
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ][..],
        &[("origin", "https://evil.example")],
        &[("origin", "null"), ("sec-fetch-site", "cross-site")],
        &[("origin", "null"), ("sec-fetch-site", "same-site")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        // A sibling, another port, and the same host without TLS.
        &[
            ("origin", "https://a.product.example"),
            ("sec-fetch-site", "same-site"),
        ],
        &[("origin", "https://a.product.example")],
        &[
            ("origin", "https://product.example:8443"),
            ("sec-fetch-site", "same-site"),
        ],
        &[("origin", "https://product.example:8443")],
        &[
            ("origin", "http://product.example"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[("origin", "http://product.example")],
        &[
            ("origin", "http://product.example"),
            ("host", "product.example"),
        ],
        &[("origin", "https://product.example.evil.example")],
        &[("origin", "https://evil.example"), ("host", "evil.example")],
        &[
            ("origin", "https://evil.example"),
            ("x-forwarded-host", "evil.example"),
        ],
        // May hand somebody off, and nothing else.
        &[
            ("origin", "https://host.example"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[("origin", "https://host.example")],
        // Nothing a browser says.
        &[("sec-fetch-site", "SAME-ORIGIN")],
        &[("sec-fetch-site", "cross-site, same-origin")],
        &[
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-origin"),
        ],
        // Nothing at all, from whoever has a cookie.
        &[],
        &[("origin", ""), ("sec-fetch-site", "")],
        &[("referer", "https://product.example/support")],
    ] {
        for path in forms() {
            let page = send(&mut ines, &path, &thread_id, from).await;
            assert_eq!(
                (page.status, page.h1().as_str()),
                (
                    StatusCode::FORBIDDEN,
                    "This page was opened from somewhere else"
                ),
                "{path} {from:?}"
            );
            let actions = page.attributes("form", "action");
            assert!(actions.is_empty(), "{path} {from:?}: {actions:?}");
        }
    }
    assert_eq!(app.calls(), Vec::<String>::new());
    assert_eq!(state(&app).await, before);
    assert_eq!(ines.get("/").await.status, StatusCode::OK, "signed in");
}

#[tokio::test]
async fn words_of_an_unknown_sender_are_given_back_and_those_of_another_site_are_not() {
    let app = app().await;
    let mut ines = app.signed_in("usr_ines").await;
    let fields = [("title", "A title"), ("message", "A </textarea> message")];
    let page = ines.post_with("/api/ask", &fields, &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.text("textarea[readonly]"), "A </textarea> message");
    let from = [("origin", "https://evil.example")];
    let page = ines.post_with("/api/ask", &fields, &from).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(!page.body.contains("A title") && !page.body.contains("message</"));
    assert!(page.texts("textarea").is_empty());
    // Without a session there is nothing to protect, and the words come back as always.
    let page = app.browser().post_with("/api/ask", &fields, &[]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(page.field("message"), "A </textarea> message");
}

#[tokio::test]
async fn a_form_of_our_own_is_taken_and_leads_to_our_own_pages() {
    for from in [
        &[("sec-fetch-site", "same-origin")][..],
        &[
            ("origin", "https://product.example"),
            ("sec-fetch-site", "same-origin"),
        ],
        // By an old browser, and behind a proxy that rewrites `Host`.
        &[("origin", "https://product.example")],
        &[
            ("origin", "https://product.example"),
            ("host", "portal.internal"),
        ],
        // From a page with `Referrer-Policy: no-referrer`; and sent by a person, by no page.
        &[("origin", "null"), ("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
    ] {
        let app = app().await;
        let thread_id = app.thread_id("T-34").await;
        let mut ines = app.signed_in("usr_ines").await;
        let elsewhere = [
            ("referer", "https://evil.example/"),
            ("x-forwarded-host", "evil.example"),
        ];
        // The script's files lead nowhere: tests/portal/uploads.rs.
        for path in forms().iter().filter(|path| *path != "/api/files") {
            let page = send(&mut ines, path, &thread_id, &[from, &elsewhere].concat()).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{path} {from:?}");
            let to = page.location();
            let below = to
                .strip_prefix("/support")
                .unwrap_or_else(|| panic!("{path}: {to}"));
            assert!(
                below.is_empty() || below.starts_with(['/', '?']),
                "{path}: {to}"
            );
        }
        assert_eq!(app.messages_with("T-34", "Forged words").await, 1);
        assert_eq!(ines.get("/").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn no_link_does_what_a_form_does() {
    let app = app().await;
    let thread_id = app.thread_id("T-34").await;
    let mut ines = app.signed_in("usr_ines").await;
    let before = state(&app).await;
    app.calls();
    let query = crate::app::form(&[
        ("thread_id", &thread_id),
        ("text", "Forged words"),
        ("title", "Forged words"),
        ("message", "Forged words"),
        ("status", "done"),
        ("submission", &submission()),
    ]);
    for path in forms() {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::OPTIONS,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ] {
            let uri = format!("{path}?{query}");
            let page = ines.send(method.clone(), &uri, Body::empty(), &[]).await;
            assert_eq!(
                page.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}"
            );
        }
    }
    assert_eq!(app.calls(), Vec::<String>::new());
    assert_eq!(state(&app).await, before);
    assert_eq!(ines.get("/").await.status, StatusCode::OK, "signed in");
}
