//! What becomes of messages that Plain does not take at once.

use std::time::Duration;

use axum::http::StatusCode;
use plain_portal::sandbox::{Seed, faults::Fault};
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    app::{Browser, Page, TestApp, submission, until},
    outages::{app_and_ines, lose_answers_to_mutations, refuse_mutations, send},
};

const LABEL: &str = ".message__delivery";

/// Waits until nothing of the viewer's is beside the conversation.
async fn until_settled(browser: &mut Browser, path: &str) -> Page {
    let mut page = browser.get(path).await;
    until("everything has arrived", async || {
        page = browser.get(path).await;
        page.texts(LABEL).is_empty()
    })
    .await;
    page
}

/// Tom, in a chat: there Plain shows answers as soon as it has them.
async fn in_a_chat(app: &TestApp) -> (Browser, Page) {
    let query = "query { threads(first: 100) { edges { node { ref title } } } }";
    let threads = app.plain(query, json!({})).await;
    let threads = threads["threads"]["edges"].as_array().unwrap();
    let chat = threads
        .iter()
        .map(|edge| &edge["node"])
        .find(|thread| {
            thread["title"]
                .as_str()
                .unwrap()
                .starts_with("Swap two stops")
        })
        .unwrap();
    let mut tom = app.signed_in("usr_tom").await;
    let reference = chat["ref"].as_str().unwrap();
    let page = tom.get(&format!("/threads/{reference}")).await;
    assert_eq!(page.status, StatusCode::OK);
    (tom, page)
}

#[tokio::test]
async fn where_answers_show_at_once_an_absent_one_is_sent_again_by_itself() {
    let app = TestApp::start().await;
    let (mut browser, page) = in_a_chat(&app).await;
    app.sandbox.inject(refuse_mutations().times(1));
    let checking = send(&mut browser, &page, Some("In the chat")).await;
    assert_eq!(checking.texts(LABEL), ["Sending…"]);
    let reference = page.text(".request__ref");
    until_settled(&mut browser, &format!("/threads/{reference}")).await;
    assert_eq!(app.messages_with(&reference, "In the chat").await, 1);
}

#[tokio::test]
async fn an_answer_that_shows_late_is_not_sent_again() {
    let late = Duration::from_secs(60);
    let app = TestApp::settling(Seed::Story, 2 * late, |_| {}).await;
    app.sandbox.behave(|behaviour| behaviour.reply_delay = late);
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/threads/T-34").await;
    app.sandbox.inject(lose_answers_to_mutations().times(1));
    let checking = send(&mut ines, &page, Some("In the post")).await;
    assert_eq!(checking.texts(LABEL), ["Sending…"]);
    // The same form again, by a customer who does not want to wait: asked for, but not before it has settled.
    let again = send(&mut ines, &page, Some("In the post")).await;
    assert_eq!(again.texts(LABEL), ["Sending…"]);
    // It arrives now.
    app.sandbox
        .behave(|behaviour| behaviour.reply_delay = Duration::ZERO);
    until_settled(&mut ines, "/threads/T-34").await;
    assert_eq!(app.messages_with("T-34", "In the post").await, 1);
}

#[tokio::test]
async fn an_answer_that_was_asked_for_again_is_sent_once_it_would_have_shown() {
    let app = TestApp::settling(Seed::Story, Duration::from_secs(5), |_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/threads/T-34").await;
    app.sandbox.inject(refuse_mutations().times(1));
    send(&mut ines, &page, Some("Did not leave")).await;
    let again = send(&mut ines, &page, Some("Did not leave")).await;
    assert_eq!(again.texts(LABEL), ["Sending…"]);
    assert_eq!(app.messages_with("T-34", "Did not leave").await, 0);
    until_settled(&mut ines, "/threads/T-34").await;
    assert_eq!(app.messages_with("T-34", "Did not leave").await, 1);
}

#[tokio::test]
async fn what_plain_refuses_is_said_and_can_be_changed() {
    for (code, words) in [
        ("input_validation", "change it"),
        ("customer_is_marked_as_spam", "not being accepted"),
        ("cannot_reply_to_thread", "does not take answers"),
    ] {
        let (app, mut ines) = app_and_ines().await;
        let page = ines.get("/threads/T-34").await;
        app.sandbox
            .inject(Fault::refusal(code).on("ReplyToThread").times(1));
        let unsent = send(&mut ines, &page, Some("Refuse me")).await;
        assert_eq!(unsent.texts(LABEL), ["Not sent"], "{code}");
        let reason = unsent.text(".message__reason");
        assert!(reason.contains(words), "{code}: {reason}");
        assert_eq!(unsent.field("text"), "Refuse me");
        assert_eq!(
            unsent.texts(".message__actions button"),
            ["Try again", "Discard"]
        );
        let sent = send(&mut ines, &unsent, Some("Changed for you")).await;
        assert!(sent.texts(LABEL).is_empty(), "{code}");
        assert_eq!(app.messages_with("T-34", "Changed for you").await, 1);
        assert_eq!(app.messages_with("T-34", "Refuse me").await, 0);
    }
}

#[tokio::test]
async fn a_request_that_plain_refuses_can_be_changed() {
    let (app, mut ines) = app_and_ines().await;
    let refusal = Fault::refusal("input_validation").on("CreateThread");
    app.sandbox.inject(refusal.times(1));
    let submission = submission();
    let fields = [
        ("title", "Refused at first"),
        ("message", "Some words"),
        ("submission", submission.as_str()),
    ];
    let answer = ines.post("/api/ask", &fields).await;
    let unsent = ines.follow(&answer).await;
    assert_eq!(unsent.texts(LABEL), ["Not sent"]);
    assert_eq!(unsent.field("title"), "Refused at first");
    let changed = [("title", "Better now"), fields[1], fields[2]];
    let answer = ines.post("/api/ask", &changed).await;
    assert_eq!(ines.follow(&answer).await.h1(), "Better now");
    assert!(ines.get("/threads/new").await.texts(LABEL).is_empty());
}

#[tokio::test]
async fn a_key_without_permission_keeps_messages_waiting_until_it_has_it() {
    let (app, mut ines) = app_and_ines().await;
    let mut tom = app.signed_in("usr_tom").await;
    app.sandbox.inject(Fault::error("FORBIDDEN").on_mutations());
    let page = ines.get("/threads/T-34").await;
    let waiting = send(&mut ines, &page, Some("Patience")).await;
    assert_eq!(waiting.texts(LABEL), ["Sending…"]);
    let submission = submission();
    let fields = [
        ("title", "Patience too"),
        ("message", "x"),
        ("submission", submission.as_str()),
    ];
    let answer = ines.post("/api/ask", &fields).await;
    assert_eq!(ines.follow(&answer).await.texts(LABEL), ["Sending…"]);
    let list = ines.get("/").await;
    let id = page.field("thread_id");
    let mut places = list.attributes(".unsent a", "href");
    places.sort();
    assert_eq!(
        places,
        [
            "/threads/new#outgoing".to_owned(),
            format!("/threads/{id}#outgoing")
        ]
    );
    assert!(tom.get("/threads/T-34").await.texts(LABEL).is_empty());
    app.sandbox.clear_faults();
    until_settled(&mut ines, "/threads/T-34").await;
    until_settled(&mut ines, "/threads/new").await;
    assert_eq!(app.messages_with("T-34", "Patience").await, 1);
    assert_eq!(app.threads_titled("Patience too").await, 1);
    assert!(
        ines.get("/")
            .await
            .attributes(".unsent a", "href")
            .is_empty()
    );
}

#[tokio::test]
async fn what_waits_can_be_discarded_by_its_author_alone() {
    let (app, mut ines) = app_and_ines().await;
    let mut tom = app.signed_in("usr_tom").await;
    app.sandbox.inject(Fault::error("FORBIDDEN").on_mutations());
    let page = ines.get("/threads/T-34").await;
    let waiting = send(&mut ines, &page, Some("Better not")).await;
    let id = waiting.field("thread_id");
    let fields = [
        ("submission", waiting.field("submission")),
        ("thread_id", id),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    tom.post("/api/discard", &fields).await;
    assert_eq!(ines.get("/threads/T-34").await.texts(LABEL), ["Sending…"]);
    let answer = ines.post("/api/discard", &fields).await;
    assert!(ines.follow(&answer).await.texts(LABEL).is_empty());
    app.sandbox.clear_faults();
    // Whatever waits goes out with the next message.
    let page = ines.get("/threads/T-34").await;
    send(&mut ines, &page, Some("Rather this")).await;
    until_settled(&mut ines, "/threads/T-34").await;
    assert_eq!(app.messages_with("T-34", "Better not").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_at_once_while_plain_fails_are_one_message() {
    let (app, ines) = app_and_ines().await;
    let id = app.thread_id("T-34").await;
    app.sandbox.inject(
        Fault::status(StatusCode::TOO_MANY_REQUESTS)
            .on_mutations()
            .times(3),
    );
    let submission = submission();
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let (mut ines, id, submission) = (ines.clone(), id.clone(), submission.clone());
        tasks.spawn(async move {
            let fields = [
                ("thread_id", id.as_str()),
                ("submission", &submission),
                ("text", "All together"),
            ];
            ines.post("/api/reply", &fields).await.status
        });
    }
    let answers = tasks.join_all().await;
    assert!(
        answers
            .iter()
            .all(|status| *status == StatusCode::SEE_OTHER)
    );
    until_settled(&mut ines.clone(), "/threads/T-34").await;
    assert_eq!(app.messages_with("T-34", "All together").await, 1);
}

#[tokio::test]
async fn what_waits_outlives_the_process() {
    let (app, mut ines) = app_and_ines().await;
    app.sandbox.inject(Fault::error("FORBIDDEN").on_mutations());
    let page = ines.get("/threads/T-34").await;
    send(&mut ines, &page, Some("See you later")).await;
    let cookie = ines.cookie.clone().unwrap();
    drop(ines);
    let app = app.restart().await;
    let mut ines = app.browser().with_cookie(&cookie);
    assert_eq!(ines.get("/threads/T-34").await.texts(LABEL), ["Sending…"]);
    app.sandbox.clear_faults();
    until_settled(&mut ines, "/threads/T-34").await;
    assert_eq!(app.messages_with("T-34", "See you later").await, 1);
}

#[tokio::test]
async fn words_for_a_request_that_is_gone_become_the_draft_of_a_new_one() {
    let (app, mut ines) = app_and_ines().await;
    app.sandbox.inject(Fault::error("FORBIDDEN").on_mutations());
    let page = ines.get("/threads/T-34").await;
    send(&mut ines, &page, Some("Where did you go?")).await;
    let gone = Fault::answer(StatusCode::OK, r#"{"data":{"thread":null}}"#);
    app.sandbox.inject(gone.on("ThreadById"));
    let mut form = ines.get("/threads/new").await;
    until("the words turn up", async || {
        form = ines.get("/threads/new").await;
        form.field("message") == "Where did you go?"
    })
    .await;
    assert!(form.text("[role=alert]").contains("open a new request"));
}
