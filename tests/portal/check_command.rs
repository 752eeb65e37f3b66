//! `plain-portal check`: what it says of a good configuration, and of each kind of bad one.

use axum::http::StatusCode;
use plain_portal::config::Settings;

use crate::{
    app::{API_KEY, TestApp},
    command_line::{SECRET, assets, errors, run},
    database::TestDatabase,
    host_keys::HostKey,
    jwks::{Answer, JwksServer},
};

// The program is waited for in this thread, while the sandbox answers it in another.
#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_is_right_and_what_is_not() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (site, url) = (assets(folder.path()), app.sandbox.graphql_url());
    let environment = [
        ("PLAIN_API_KEY", API_KEY),
        ("PORTAL_HANDOFF_SECRET", SECRET),
        ("PLAIN_API_URL", &url),
        ("LEPTOS_SITE_ROOT", &site),
    ];
    let output = run(folder.path(), &["check"], &environment);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", errors(&output));
    assert!(text.lines().all(|line| line.starts_with("ok ")), "{text}");
    assert!(
        text.contains("PLAIN_API_KEY") && text.contains("DATABASE_URL") && !text.contains(API_KEY),
        "{text}"
    );

    for setting in Settings::default().each() {
        let line = format!("ok    {}: ", setting.variable);
        assert!(text.contains(&line), "{line}: {text}");
    }

    app.sandbox.stop().await;
    let output = run(folder.path(), &["check"], &environment);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("FAIL  PLAIN_API_URL"), "{text}");
    let output = run(folder.path(), &["check"], &[]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text.contains("FAIL  PLAIN_API_KEY") && text.contains("FAIL  PORTAL_HANDOFF_SECRET"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_reads_public_keys_and_looks_for_the_portal() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (site, url) = (assets(folder.path()), app.sandbox.graphql_url());
    let (ed, rsa) = (HostKey::new("EdDSA", "new"), HostKey::new("RS256", "old"));
    let host = JwksServer::start(&[&ed, &rsa]).await;
    let keys = host.url();
    let check = |more: &[(&str, &str)]| {
        let environment = [
            ("PLAIN_API_KEY", API_KEY),
            ("PORTAL_HANDOFF_JWKS", keys.as_str()),
            ("PLAIN_API_URL", &url),
            ("LEPTOS_SITE_ROOT", &site),
        ];
        let output = run(
            folder.path(),
            &["check"],
            &[environment.as_slice(), more].concat(),
        );
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), text)
    };
    let (code, text) = check(&[
        ("PLAIN_WEBHOOK_SECRETE", "x"),
        ("PLAIN_WEBHOOK_SECRET", "hunter2"),
    ]);
    assert_eq!(code, Some(0), "{text}");
    for told in [
        r#"EdDSA "new", RS256 "old""#,
        "ok    PORTAL_HANDOFF_SECRET: not set",
        "note  PLAIN_WEBHOOK_SECRETE: ",
        "ok    PLAIN_WEBHOOK_SECRET: set; Plain delivers to http://127.0.0.1:3000/webhooks/plain",
        "yet, seen from here",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("hunter2"), "{text}");

    // Whatever answers at the public URL, only the portal is the portal.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let public_url = format!("http://{}", listener.local_addr().unwrap());
    let router = app.router.clone();
    let portal = tokio::spawn(async move { axum::serve(listener, router).await });
    let (_, text) = check(&[("PORTAL_PUBLIC_URL", &public_url)]);
    assert!(text.contains("a portal answers there"), "{text}");
    portal.abort();
    let elsewhere = keys.trim_end_matches("/jwks.json").to_owned();
    let (code, text) = check(&[("PORTAL_PUBLIC_URL", &elsewhere)]);
    assert!(text.contains("is not the portal"), "{text}");
    assert_eq!(code, Some(0), "only a hint: {text}");

    host.answer(Answer::keys(&[&ed]).with_status(StatusCode::NOT_FOUND));
    let (code, text) = check(&[]);
    assert_eq!(code, Some(1));
    assert!(
        text.contains("FAIL  PORTAL_HANDOFF_JWKS: ") && text.contains("404"),
        "{text}"
    );
}

#[test]
fn check_tells_of_either_database_and_never_its_password() {
    let Some(database) = TestDatabase::postgres() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let url = database.url();
    let another = url.replace("postgres@", "somebody:hunter2@");
    for (url, expected) in [
        (url.as_str(), "ok    DATABASE_URL"),
        (another.as_str(), "FAIL  DATABASE_URL"),
        ("postgres://portal:hunter2@[/portal", "FAIL  DATABASE_URL"),
    ] {
        let environment = [
            ("DATABASE_URL", url),
            ("PLAIN_API_KEY", API_KEY),
            ("PLAIN_API_URL", "http://127.0.0.1:1/"),
            ("PORTAL_HANDOFF_SECRET", SECRET),
        ];
        let output = run(folder.path(), &["check"], &environment);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains(expected), "{text}");
        let told = format!("{text}{}", errors(&output));
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_asks_for_what_activity_events_take() {
    let app = TestApp::start().await;
    app.sandbox.behave(|it| {
        it.denied_permissions = ["threadEvent:create".parse().unwrap()].into();
    });
    let folder = tempfile::tempdir().unwrap();
    let (site, url) = (assets(folder.path()), app.sandbox.graphql_url());
    for (setting, code) in [("off", 0), ("on", 1)] {
        let environment = [
            ("PLAIN_API_KEY", API_KEY),
            ("PORTAL_HANDOFF_SECRET", SECRET),
            ("PLAIN_API_URL", &url),
            ("LEPTOS_SITE_ROOT", &site),
            ("PORTAL_ACTIVITY_EVENTS", setting),
        ];
        let output = run(folder.path(), &["check"], &environment);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(code), "{text}");
        let told = text.contains("lacks threadEvent:create");
        assert_eq!(told, code == 1, "{text}");
    }
}
