//! What `/readyz` says of Plain, and `check` to an operator, fault by fault.

use std::time::Duration;

use axum::http::StatusCode;
use plain_portal::sandbox::faults::Fault;

use crate::{
    app::{API_KEY, TestApp},
    command_line::{assets, portal},
};

const SECRET: &str = "a secret of at least thirty-two bytes";

/// Each fault, what `/readyz` says of it, and with which setting `check` begins and what it says.
fn faults() -> Vec<(Fault, &'static str, &'static str, &'static str)> {
    let status = |number| Fault::status(StatusCode::from_u16(number).unwrap());
    let limited = Fault::rate_limited(Duration::from_secs(60));
    vec![
        (
            status(401),
            "refuses PLAIN_API_KEY",
            "PLAIN_API_KEY",
            "HTTP 401",
        ),
        (
            status(403),
            "denies PLAIN_API_KEY a permission",
            "PLAIN_API_KEY",
            "Grant the permission",
        ),
        (
            Fault::error("FORBIDDEN"),
            "denies PLAIN_API_KEY a permission",
            "PLAIN_API_KEY",
            "Grant the permission",
        ),
        (limited, "limits our rate", "PLAIN_API_URL", "rate limit"),
        (status(502), "fails for now", "PLAIN_API_URL", "HTTP 502"),
        (
            Fault::error("INTERNAL_SERVER_ERROR"),
            "fails for now",
            "PLAIN_API_URL",
            "failed for now",
        ),
        (
            Fault::html(StatusCode::OK),
            "answers something that is not its API",
            "PLAIN_API_URL",
            "not Plain's API",
        ),
        (
            Fault::empty(),
            "answers something that is not its API",
            "PLAIN_API_URL",
            "not Plain's API",
        ),
        (
            status(404),
            "answers in a way that this version does not understand",
            "PLAIN_API_URL",
            "HTTP 404",
        ),
        (
            Fault::reset(),
            "does not answer",
            "PLAIN_API_URL",
            "did not answer",
        ),
    ]
}

#[tokio::test]
async fn readyz_says_what_is_wrong_with_plain_and_is_ready() {
    for (fault, words, _, _) in faults() {
        let app = TestApp::start().await;
        app.sandbox.inject(fault);
        let ready = app.browser().get("/readyz").await;
        assert_eq!(ready.status, StatusCode::OK);
        assert!(
            ready.body.contains(&format!(r#""plain":"{words}""#)),
            "{words}: {}",
            ready.body
        );
        assert_eq!(
            app.calls().len(),
            1,
            "{words}: whoever asks does not wait for retries"
        );
    }
}

#[tokio::test]
async fn readyz_names_a_missing_permission() {
    let app = TestApp::start().await;
    let granted = r#"{"data":{"myPermissions":{"permissions":["thread:read"]}}}"#;
    app.sandbox.inject(Fault::answer(StatusCode::OK, granted));
    let ready = app.browser().get("/readyz").await;
    assert!(
        ready.body.contains("PLAIN_API_KEY lacks tenant:read"),
        "{}",
        ready.body
    );
}

// The program is waited for in this thread, while the sandbox answers it in another.
#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_is_wrong_with_plain_and_goes_on() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (site, url) = (assets(folder.path()), app.sandbox.graphql_url());
    let environment = [
        ("PLAIN_API_KEY", API_KEY),
        ("PLAIN_API_URL", &url),
        ("LEPTOS_SITE_ROOT", &site),
        // Wrong, and no reason to leave out the rest.
        ("PORTAL_HANDOFF_SECRET", "short"),
    ];
    let check = || {
        let output = portal(folder.path(), &["check"], &environment)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for (fault, _, setting, words) in faults() {
        app.sandbox.inject(fault);
        let text = check();
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("FAIL  {setting}:")));
        assert!(
            line.is_some_and(|line| line.contains(words)),
            "{words}: {text}"
        );
        assert!(
            text.contains("FAIL  PORTAL_HANDOFF_SECRET") && text.contains("ok    DATABASE_URL"),
            "{text}"
        );
        app.sandbox.clear_faults();
    }
    let granted = r#"{"data":{"myPermissions":{"permissions":["thread:read"]}}}"#;
    app.sandbox.inject(Fault::answer(StatusCode::OK, granted));
    let text = check();
    assert!(text.contains("lacks tenant:read"), "{text}");
    app.sandbox.clear_faults();
    let text = check();
    assert!(
        text.contains("ok    PLAIN_API_KEY") && text.contains("ok    LEPTOS_SITE_ROOT"),
        "{text}"
    );
    let failed = text.lines().filter(|line| line.starts_with("FAIL")).count();
    assert_eq!(failed, 1, "{text}");
    let with_secret = [
        environment[0],
        environment[1],
        environment[2],
        ("PORTAL_HANDOFF_SECRET", SECRET),
    ];
    let output = portal(folder.path(), &["check"], &with_secret)
        .output()
        .unwrap();
    assert!(output.status.success());
}
