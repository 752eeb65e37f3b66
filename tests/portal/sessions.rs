//! Sessions that end, and what somebody had typed by then.

use axum::http::StatusCode;

use crate::app::{TestApp, submission};

/// Makes every session idle for too long, as the clock would.
pub async fn expire_all(app: &TestApp) {
    let expired = app
        .in_database("UPDATE tower_sessions SET expiry_date = '1970-01-01T00:00:00Z'")
        .await;
    assert!(expired > 0);
}

#[tokio::test]
async fn nobody_is_signed_in_without_a_session() {
    let app = TestApp::start().await;
    let forged = app
        .browser()
        .with_cookie("__Host-portal=AAAAAAAAAAAAAAAAAAAAAA");
    let rubbish = app.browser().with_cookie("__Host-portal=%00%ff; x=y");
    for mut browser in [app.browser(), forged, rubbish] {
        for path in ["/", "/threads/new", "/threads/T-34", "/?status=done"] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
            let link = page.attributes(".notice a", "href").pop().unwrap();
            let expected: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("return_to", path)
                .finish();
            assert_eq!(link, format!("https://host.example/sign-in?{expected}"));
        }
    }
    assert!(app.calls().is_empty());
}

#[tokio::test]
async fn an_idle_session_ends_and_the_text_does_not() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/threads/T-34").await;
    let fields = [
        ("thread_id", page.field("thread_id")),
        ("submission", page.field("submission")),
    ];
    let text = "Three lines\n</textarea><script>alert(1)</script>\n& more";
    expire_all(&app).await;
    assert_eq!(ines.get("/").await.status, StatusCode::UNAUTHORIZED);

    let refused = ines
        .post(
            "/api/reply",
            &[
                (fields[0].0, &fields[0].1),
                (fields[1].0, &fields[1].1),
                ("text", text),
            ],
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.field("text"), text);
    assert_eq!(refused.field("submission"), fields[1].1);
    assert!(!refused.body.contains("<script>alert"));
    assert_eq!(app.messages_with("T-34", "Three lines").await, 0);

    ines.hand_off(&app.token("usr_ines")).await;
    let action = refused
        .attributes("form[action^='/api']", "action")
        .pop()
        .unwrap();
    let carried = [
        ("thread_id", refused.field("thread_id")),
        ("submission", refused.field("submission")),
        ("text", refused.field("text")),
    ];
    let sent = ines
        .post(
            &action,
            &carried
                .each_ref()
                .map(|(name, value)| (*name, value.as_str())),
        )
        .await;
    assert_eq!(ines.follow(&sent).await.status, StatusCode::OK);
    assert_eq!(app.messages_with("T-34", "Three lines").await, 1);
}

#[tokio::test]
async fn a_new_request_survives_the_end_of_a_session() {
    let app = TestApp::start().await;
    let mut nobody = app.browser();
    let submission = submission();
    let fields = [
        ("title", "A \"quoted\" title"),
        ("message", "Line one\nLine two"),
        ("submission", submission.as_str()),
    ];
    let refused = nobody.post("/api/ask", &fields).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    for (name, value) in fields {
        assert_eq!(refused.field(name), value);
    }
    let empty = nobody
        .post("/api/ask", &[("submission", &submission)])
        .await;
    assert_eq!(empty.status, StatusCode::UNAUTHORIZED);
    assert!(
        empty
            .attributes("form[action^='/api']", "action")
            .is_empty(),
        "nothing was typed, nothing is offered"
    );
}

#[tokio::test]
async fn no_session_lives_longer_than_its_absolute_age() {
    // Shorter than a second: over as soon as it has begun.
    let app = TestApp::with(plain_portal::sandbox::Seed::Story, |settings| {
        settings.session_max = Some("1ms".into())
    })
    .await;
    let mut ines = app.signed_in("usr_ines").await;
    assert!(ines.cookie.is_some());
    assert_eq!(ines.get("/").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn sessions_outlive_the_process() {
    let app = TestApp::start().await;
    let cookie = app.signed_in("usr_ines").await.cookie.unwrap();
    let app = app.restart().await;
    let mut ines = app.browser().with_cookie(&cookie);
    assert_eq!(ines.get("/").await.status, StatusCode::OK);
}
