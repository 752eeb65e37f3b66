//! When Plain fails: every page is true, and no message is lost or doubled.

use std::time::Duration;

use axum::http::{StatusCode, header};
use plain_portal::sandbox::faults::{Fault, Gate};

use crate::app::{Browser, Page, TestApp, submission, until};

/// Lets Plain carry mutations out, and says 502.
pub fn lose_answers_to_mutations() -> Fault {
    Fault::status(StatusCode::BAD_GATEWAY)
        .after()
        .on_mutations()
}

/// Says 502 to mutations without carrying them out.
pub fn refuse_mutations() -> Fault {
    Fault::status(StatusCode::BAD_GATEWAY).on_mutations()
}

pub async fn app_and_ines() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    (app, ines)
}

/// Sends the reply box of this page, as it is or with other text.
pub async fn send(browser: &mut Browser, page: &Page, text: Option<&str>) -> Page {
    let text = text.map_or_else(|| page.field("text"), str::to_owned);
    let (thread_id, submission) = (page.field("thread_id"), page.field("submission"));
    let answer = browser
        .post(
            "/api/reply",
            &[
                ("thread_id", &thread_id),
                ("submission", &submission),
                ("text", &text),
            ],
        )
        .await;
    browser.follow(&answer).await
}

#[tokio::test]
async fn while_plain_is_away_text_waits_and_goes_out_once() {
    let mut app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/threads/T-34").await;
    app.sandbox.stop().await;

    for path in ["/", "/threads/T-34", "/?status=done"] {
        let page = ines.get(path).await;
        assert_eq!(
            (page.status, page.h1().as_str()),
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "Support cannot be reached right now"
            ),
            "{path}"
        );
        assert_eq!(
            page.attributes(".notice a", "href"),
            [path],
            "try again leads here"
        );
    }
    let waiting = send(&mut ines, &page, Some("Written during the outage")).await;
    assert_eq!(waiting.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(waiting.text(".message__delivery"), "Sending…");
    assert_eq!(waiting.field("text"), "Written during the outage");
    let asked = [
        ("title", "Asked in the dark"),
        ("message", "Hello?"),
        ("submission", &submission()),
    ];
    let answer = ines.post("/api/ask", &asked).await;
    let form = ines.follow(&answer).await;
    assert_eq!(form.status, StatusCode::OK);
    assert_eq!(form.text(".message__delivery"), "Sending…");
    assert_eq!(
        (form.field("title"), form.field("message")),
        ("Asked in the dark".into(), "Hello?".into())
    );

    app.restart_sandbox().await;
    until("the answer is sent by itself", async || {
        let page = ines.get("/threads/T-34").await;
        page.status == StatusCode::OK && page.texts(".message__delivery").is_empty()
    })
    .await;
    until("the request is sent by itself", async || {
        ines.get("/threads/new")
            .await
            .texts(".message__delivery")
            .is_empty()
    })
    .await;
    let led_on = ines.follow(&answer).await;
    assert_eq!(led_on.status, StatusCode::SEE_OTHER, "to the new thread");
    assert_eq!(ines.follow(&led_on).await.h1(), "Asked in the dark");
    // What the pages of before offered to send again.
    ines.post("/api/ask", &asked).await;
    send(&mut ines, &waiting, None).await;
    assert_eq!(app.threads_titled("Asked in the dark").await, 1);
    assert_eq!(
        app.messages_with("T-34", "Written during the outage").await,
        1
    );
}

#[tokio::test]
async fn an_answer_with_an_unclear_end_is_not_doubled() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    app.sandbox.inject(lose_answers_to_mutations());
    let settled = send(&mut ines, &page, Some("Did this arrive?")).await;
    assert!(
        settled.texts("[role=alert]").is_empty(),
        "it is in the conversation"
    );
    assert!(settled.field("text").is_empty());
    app.sandbox.clear_faults();
    let again = send(&mut ines, &page, Some("Did this arrive?")).await;
    assert!(again.texts("[role=alert]").is_empty() && again.field("text").is_empty());
    assert_eq!(app.messages_with("T-34", "Did this arrive?").await, 1);
}

#[tokio::test]
async fn sending_again_before_looking_does_not_double_either() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    let (id, submission) = (page.field("thread_id"), page.field("submission"));
    let fields = [
        ("thread_id", id.as_str()),
        ("submission", &submission),
        ("text", "Again at once"),
    ];
    app.sandbox.inject(lose_answers_to_mutations());
    ines.post("/api/reply", &fields).await;
    app.sandbox.clear_faults();
    let answer = ines.post("/api/reply", &fields).await;
    assert!(ines.follow(&answer).await.texts("[role=alert]").is_empty());
    assert_eq!(app.messages_with("T-34", "Again at once").await, 1);
}

#[tokio::test]
async fn an_answer_that_did_not_arrive_is_sent_on_request() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    app.sandbox.inject(refuse_mutations());
    let checking = send(&mut ines, &page, Some("Knock knock")).await;
    assert_eq!(checking.text(".message__delivery"), "Sending…");
    assert!(
        checking
            .text(".message__reason")
            .contains("whether it arrived")
    );
    app.sandbox.clear_faults();
    let unsure = unsure(&mut ines).await;
    assert_eq!(
        unsure.texts(".message__actions button"),
        ["Send again", "Discard"]
    );
    assert_eq!(
        app.messages_with("T-34", "Knock knock").await,
        0,
        "as e-mail it may come yet: never sent again by itself"
    );
    let sent = send(&mut ines, &unsure, None).await;
    assert!(sent.texts(".message__delivery").is_empty());
    assert_eq!(app.messages_with("T-34", "Knock knock").await, 1);
}

/// The page of T-34, once we know that we cannot know.
async fn unsure(browser: &mut Browser) -> Page {
    let mut page = browser.get("/threads/T-34").await;
    until("we are not sure", async || {
        page = browser.get("/threads/T-34").await;
        page.texts(".message__delivery") == ["We are not sure"]
    })
    .await;
    page
}

#[tokio::test]
async fn a_request_with_an_unclear_end_is_found_again() {
    let (app, mut ines) = app_and_ines().await;
    app.sandbox.inject(lose_answers_to_mutations());
    let id = submission();
    let fields = [
        ("title", "Lost and found"),
        ("message", "x"),
        ("submission", id.as_str()),
    ];
    let answer = ines.post("/api/ask", &fields).await;
    assert_eq!(ines.follow(&answer).await.h1(), "Lost and found");
    assert_eq!(app.threads_titled("Lost and found").await, 1);

    app.sandbox.clear_faults();
    app.sandbox.inject(refuse_mutations());
    let id = submission();
    let fields = [
        ("title", "Not yet"),
        ("message", "x"),
        ("submission", id.as_str()),
    ];
    let answer = ines.post("/api/ask", &fields).await;
    assert_eq!(ines.follow(&answer).await.field("title"), "Not yet");
    app.sandbox.clear_faults();
    let answer = ines.post("/api/ask", &fields).await;
    assert_eq!(ines.follow(&answer).await.h1(), "Not yet");
    assert_eq!(app.threads_titled("Not yet").await, 1);
}

#[tokio::test]
async fn whatever_plain_answers_the_customer_gets_a_true_page() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    for (status, text) in [
        (500, ""),
        (502, "<html>bad gateway</html>"),
        (503, ""),
        (429, ""),
        (
            401,
            r#"{"errors":[{"message":"plainApiKey_canary is invalid"}]}"#,
        ),
        (403, ""),
        (404, ""),
        (302, ""),
        (200, ""),
        (200, "null"),
        (200, "not json"),
        (200, "<html></html>"),
        (200, "{}"),
        (200, r#"{"data":null}"#),
        (
            200,
            r#"{"data":{"threads":null,"thread":7,"threadByRef":7}}"#,
        ),
        (
            200,
            r#"{"errors":[{"message":"secret detail","extensions":{"code":"FORBIDDEN"}}]}"#,
        ),
        (
            200,
            r#"{"errors":[{"message":"secret detail","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#,
        ),
        (200, r#"{"errors":[{"message":"secret detail"}]}"#),
    ] {
        app.sandbox.clear_faults();
        app.sandbox.inject(match status {
            429 => Fault::rate_limited(Duration::from_secs(7)),
            _ => Fault::answer(StatusCode::from_u16(status).unwrap(), text),
        });
        for path in ["/", "/threads/T-34"] {
            let page = ines.get(path).await;
            assert_eq!(
                page.status,
                StatusCode::SERVICE_UNAVAILABLE,
                "{status} {text}"
            );
            assert!(!page.body.contains("secret detail") && !page.body.contains("canary"));
            assert_eq!(
                page.headers.contains_key(header::RETRY_AFTER),
                status == 429,
                "{status} {text}"
            );
        }
        let id = submission();
        let answer = ines
            .post(
                "/api/reply",
                &[
                    ("thread_id", &page.field("thread_id")),
                    ("submission", &id),
                    ("text", "Kept"),
                ],
            )
            .await;
        let kept = ines.follow(&answer).await;
        assert_eq!(
            (kept.status, kept.field("text").as_str()),
            (StatusCode::SERVICE_UNAVAILABLE, "Kept"),
            "{status} {text}"
        );
        let answer = ines
            .post(
                "/api/set-status",
                &[("thread_id", &page.field("thread_id")), ("status", "done")],
            )
            .await;
        assert!(
            answer.location().contains("notice=done-unanswered"),
            "{status} {text}"
        );
        let token = app.token("usr_tom");
        assert_eq!(
            app.browser().hand_off(&token).await.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{status} {text}"
        );
    }
    app.sandbox.clear_faults();
    assert_eq!(app.messages_with("T-34", "Kept").await, 0);
    let notice = ines.get("/threads/T-34?notice=done-unanswered").await;
    assert!(
        notice
            .text("[role=alert]")
            .contains("status was not changed")
    );
}

#[tokio::test]
async fn health_tells_of_plain_and_does_not_need_it() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    let ready = browser.get("/readyz").await;
    assert_eq!(
        (ready.status, ready.body.contains(r#""plain":"ok""#)),
        (StatusCode::OK, true),
        "{}",
        ready.body
    );
    let app = TestApp::start().await;
    app.sandbox.stop().await;
    let ready = app.browser().get("/readyz").await;
    assert_eq!(
        (
            ready.status,
            ready.body.contains(r#""plain":"cannot be reached""#)
        ),
        (StatusCode::OK, true),
        "{}",
        ready.body
    );
}

#[tokio::test]
async fn an_answer_that_plain_shows_later_is_shown_by_us_until_then() {
    let (app, mut ines) = app_and_ines().await;
    let mut tom = app.signed_in("usr_tom").await;
    let page = ines.get("/threads/T-34").await;
    // Plain takes the answer, and does not show it yet.
    let taken = r#"{"data":{"replyToThread":{"error":null}}}"#;
    app.sandbox
        .inject(Fault::answer(StatusCode::OK, taken).on("ReplyToThread"));
    let sent = send(&mut ines, &page, Some("On **its** way")).await;
    assert!(sent.texts("[role=alert]").is_empty());
    assert_eq!(sent.texts(".message__delivery"), ["Sent, arriving"]);
    assert!(
        sent.texts("article .prose")
            .contains(&"On its way".to_owned())
    );
    assert!(
        !tom.get("/threads/T-34")
            .await
            .body
            .contains("its</strong> way"),
        "a colleague waits for Plain"
    );
    assert!(
        ines.get("/threads/T-29")
            .await
            .texts(".message__delivery")
            .is_empty(),
        "another request"
    );

    app.sandbox.clear_faults();
    let query = "mutation ($input: ReplyToThreadInput!) { replyToThread(input: $input) { error { message } } }";
    let input = serde_json::json!({ "threadId": page.field("thread_id"), "textContent": "On its way", "markdownContent": "On **its**  way\n",
        "impersonation": { "asCustomer": { "customerIdentifier": { "externalId": "usr_ines" } } } });
    app.plain(query, serde_json::json!({ "input": input }))
        .await;
    let arrived = ines.get("/threads/T-34").await;
    assert!(arrived.texts(".message__delivery").is_empty());
    assert_eq!(
        arrived
            .texts("article .prose")
            .iter()
            .filter(|text| *text == "On its way")
            .count(),
        1
    );
}

#[tokio::test]
async fn words_changed_after_an_unclear_end_are_not_lost() {
    let (app, mut ines) = app_and_ines().await;
    app.sandbox.inject(refuse_mutations());
    let id = submission();
    ines.post(
        "/api/ask",
        &[
            ("title", "Changed"),
            ("message", "First words"),
            ("submission", &id),
        ],
    )
    .await;
    app.sandbox.clear_faults();
    // The first attempt arrives late, behind our back.
    let query = "mutation ($input: CreateThreadInput!) { createThread(input: $input) { thread { ref } error { message } } }";
    let input = serde_json::json!({ "title": "Changed", "externalId": id, "customerIdentifier": { "externalId": "usr_ines" },
        "tenantIdentifier": { "externalId": "acct_northwind" }, "components": [{ "componentText": { "text": "First words" } }] });
    let created = app
        .plain(query, serde_json::json!({ "input": input }))
        .await;
    assert!(
        created["createThread"]["thread"]["ref"].is_string(),
        "{created}"
    );
    let answer = ines
        .post(
            "/api/ask",
            &[
                ("title", "Changed"),
                ("message", "Better words"),
                ("submission", &id),
            ],
        )
        .await;
    let page = ines.follow(&answer).await;
    assert_eq!(page.h1(), "Changed");
    assert!(page.body.contains("Better words"));
    until("the first attempt is found", async || {
        let page = ines.get("/threads/new").await;
        page.texts(".message__delivery").is_empty()
    })
    .await;
    assert_eq!(
        app.threads_titled("Changed").await,
        2,
        "other words are another message"
    );
}

#[tokio::test]
async fn a_browser_that_goes_away_does_not_take_the_message_with_it() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    let gate = Gate::default();
    app.sandbox.inject(Fault::hold(&gate).on_mutations());
    let fields = [
        ("thread_id", page.field("thread_id")),
        ("submission", page.field("submission")),
        ("text", "Clicked twice".to_owned()),
    ];
    let mut first = ines.clone();
    let posted = fields.clone();
    let first = tokio::spawn(async move {
        let posted = posted
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        first.post("/api/reply", &posted).await
    });
    gate.arrived().await;
    // What a browser does with the first of two clicks.
    first.abort();
    assert!(first.await.is_err());
    app.sandbox.clear_faults();
    gate.open();
    let posted = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let second = ines.post("/api/reply", &posted).await;
    let page = ines.follow(&second).await;
    assert!(page.texts(".message__delivery").is_empty() && page.texts("[role=alert]").is_empty());
    assert_eq!(app.messages_with("T-34", "Clicked twice").await, 1);
}

#[tokio::test]
async fn a_second_message_under_the_same_submission_is_not_doubled_either() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    send(&mut ines, &page, Some("Sent and done")).await;
    app.sandbox.inject(lose_answers_to_mutations());
    let (id, submission) = (page.field("thread_id"), page.field("submission"));
    let fields = [
        ("thread_id", id.as_str()),
        ("submission", &submission),
        ("text", "Back, and changed"),
    ];
    ines.post("/api/reply", &fields).await;
    app.sandbox.clear_faults();
    let answer = ines.post("/api/reply", &fields).await;
    let sent = ines.follow(&answer).await;
    assert!(sent.texts("[role=alert]").is_empty() && sent.field("text").is_empty());
    assert_eq!(app.messages_with("T-34", "Back, and changed").await, 1);
}

#[tokio::test]
async fn the_same_words_said_twice_are_two_messages() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    let page = send(&mut ines, &page, Some("Any news?")).await;
    app.sandbox.inject(refuse_mutations());
    send(&mut ines, &page, Some("Any news?")).await;
    app.sandbox.clear_faults();
    let unsure = unsure(&mut ines).await;
    let sent = send(&mut ines, &unsure, None).await;
    assert!(sent.texts(".message__delivery").is_empty());
    assert_eq!(app.messages_with("T-34", "Any news?").await, 2);
}

#[tokio::test]
async fn a_status_that_plain_refuses_is_not_promised() {
    let (app, mut ines) = app_and_ines().await;
    let id = app.thread_id("T-34").await;
    app.sandbox
        .inject(Fault::refusal("input_validation").on("MarkThreadAsDone"));
    let answer = ines
        .post("/api/set-status", &[("thread_id", &id), ("status", "done")])
        .await;
    let page = ines.follow(&answer).await;
    assert!(page.text("[role=alert]").contains("ask us for it"));
    assert_eq!(page.text(".page__head .status"), "Open");
}

#[tokio::test]
async fn a_limited_rate_says_when_to_come_back() {
    let (app, mut ines) = app_and_ines().await;
    app.sandbox
        .inject(Fault::rate_limited(Duration::from_secs(7)));
    let token = app.token("usr_tom");
    for page in [
        ines.get("/").await,
        ines.get("/threads/T-34").await,
        app.browser().hand_off(&token).await,
    ] {
        assert_eq!(page.headers[header::RETRY_AFTER], "7", "{}", page.h1());
    }
}
