//! Unread marks: each person's own, and never in the way.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};

use crate::app::{Browser, TestApp, submission};

/// What the viewer's list marks as unread, done requests too.
async fn unread(browser: &mut Browser) -> Vec<String> {
    let page = browser.get("/?status=all").await;
    assert_eq!(page.status, StatusCode::OK);
    let marked = page.texts(".request--unread .request__ref");
    let words = page.texts(".request__title .visually-hidden");
    assert_eq!(words, vec!["Unread:"; marked.len()]);
    marked
}

async fn team(app: &TestApp) -> (Browser, Browser) {
    let (mut ines, mut tom) = (
        app.signed_in("usr_ines").await,
        app.signed_in("usr_tom").await,
    );
    assert_eq!(unread(&mut ines).await, [""; 0]);
    assert_eq!(unread(&mut tom).await, [""; 0]);
    (ines, tom)
}

async fn agent_replies(app: &TestApp, reference: &str) {
    app.agent_replies(&app.thread_id(reference).await, "A word from us.")
        .await;
}

#[tokio::test]
async fn at_the_first_visit_nothing_is_unread() {
    let app = TestApp::start().await;
    agent_replies(&app, "T-34").await;
    let mut ines = app.signed_in("usr_ines").await;
    assert_eq!(unread(&mut ines).await, [""; 0]);
    agent_replies(&app, "T-34").await;
    assert_eq!(unread(&mut ines).await, ["T-34"]);
}

#[tokio::test]
async fn what_is_new_is_unread_until_this_person_opens_it() {
    let app = TestApp::start().await;
    let (mut ines, mut tom) = team(&app).await;
    agent_replies(&app, "T-34").await;
    agent_replies(&app, "T-29").await;
    assert_eq!(unread(&mut ines).await, ["T-34", "T-29"]);
    ines.get("/threads/T-34").await;
    assert_eq!(unread(&mut ines).await, ["T-29"]);
    assert_eq!(unread(&mut tom).await, ["T-34", "T-29"]);
    agent_replies(&app, "T-34").await;
    assert_eq!(unread(&mut ines).await, ["T-34", "T-29"]);
    // By its id as by its ref.
    let id = app.thread_id("T-34").await;
    ines.get(&format!("/threads/{id}")).await;
    assert_eq!(unread(&mut ines).await, ["T-29"]);
}

#[tokio::test]
async fn what_waits_is_marked_in_its_section_as_well() {
    let app = TestApp::start().await;
    let (mut ines, _) = team(&app).await;
    agent_replies(&app, "T-29").await;
    let query = "mutation ($input: SnoozeThreadInput!) { snoozeThread(input: $input) { error { message } } }";
    let input =
        json!({ "threadId": app.thread_id("T-29").await, "statusDetail": "WAITING_FOR_CUSTOMER" });
    app.plain(query, json!({ "input": input })).await;
    let page = ines.get("/").await;
    let marked = page.texts("[aria-labelledby=waiting-title] .request--unread .request__ref");
    assert_eq!(marked, ["T-29"]);
}

#[tokio::test]
async fn only_a_page_that_somebody_looks_at_counts() {
    let app = TestApp::start().await;
    let (_, mut tom) = team(&app).await;
    // T-6 has earlier pages.
    let earlier = tom
        .get("/threads/T-6")
        .await
        .attributes(".conversation__more a", "href")
        .remove(0);
    agent_replies(&app, "T-6").await;
    assert_eq!(unread(&mut tom).await, ["T-6"]);
    for header in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
    ] {
        let page = tom
            .send(Method::GET, "/threads/T-6", Body::empty(), &[header])
            .await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(unread(&mut tom).await, ["T-6"], "{header:?}");
    }
    let head = tom
        .send(Method::HEAD, "/threads/T-6", Body::empty(), &[])
        .await;
    assert_eq!(head.status, StatusCode::OK);
    assert_eq!(unread(&mut tom).await, ["T-6"], "HEAD");
    assert_eq!(tom.get(&earlier).await.status, StatusCode::OK);
    assert_eq!(unread(&mut tom).await, ["T-6"], "earlier messages");
    tom.get("/threads/T-6").await;
    assert_eq!(unread(&mut tom).await, [""; 0]);
}

#[tokio::test]
async fn ones_own_words_are_new_to_the_others_alone() {
    let app = TestApp::start().await;
    let (mut ines, mut tom) = team(&app).await;
    // By API, whose replies travel as e-mail, and by chat.
    for reference in ["T-34", "T-24"] {
        let page = ines.get(&format!("/threads/{reference}")).await;
        let fields = [
            ("thread_id", page.field("thread_id")),
            ("submission", page.field("submission")),
            ("text", "A word from Ines.".to_owned()),
        ];
        let fields = fields
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        ines.post("/api/reply", &fields).await;
        assert_eq!(unread(&mut ines).await, [""; 0], "{reference}");
        assert_eq!(unread(&mut tom).await, [reference]);
        tom.get(&format!("/threads/{reference}")).await;
        assert_eq!(unread(&mut tom).await, [""; 0]);
    }
}

#[tokio::test]
async fn what_one_wrote_elsewhere_is_ones_own_as_well() {
    let app = TestApp::start().await;
    let (mut ines, mut tom) = team(&app).await;
    let query = "mutation ($input: ReplyToThreadInput!) { replyToThread(input: $input) { error { message } } }";
    let customer = json!({ "customerIdentifier": { "externalId": "usr_ines" } });
    let input = json!({
        "threadId": app.thread_id("T-34").await,
        "textContent": "From my mail program.",
        "impersonation": { "asCustomer": customer },
    });
    let answer = app.plain(query, json!({ "input": input })).await;
    assert_eq!(answer["replyToThread"]["error"], Value::Null);
    assert_eq!(unread(&mut ines).await, [""; 0]);
    assert_eq!(unread(&mut tom).await, ["T-34"]);
}

#[tokio::test]
async fn a_new_request_is_new_to_the_others_alone() {
    let app = TestApp::start().await;
    let (mut ines, mut tom) = team(&app).await;
    let fields = [
        ("title", "Asked just now"),
        ("message", "Hello"),
        ("submission", &submission()),
    ];
    let answer = ines.post("/api/ask", &fields).await;
    assert_eq!(unread(&mut ines).await, [""; 0], "before it is opened");
    ines.follow(&answer).await;
    assert_eq!(unread(&mut ines).await, [""; 0]);
    assert_eq!(unread(&mut tom).await.len(), 1);
}

#[tokio::test]
async fn work_that_customers_do_not_see_makes_nothing_unread() {
    let app = TestApp::start().await;
    let (mut ines, _) = team(&app).await;
    let thread_id = app.thread_id("T-34").await;
    let customer = app
        .plain(
            "query { customerByExternalId(externalId: \"usr_ines\") { id } }",
            json!({}),
        )
        .await;
    let customer_id = &customer["customerByExternalId"]["id"];
    let note =
        "mutation ($input: CreateNoteInput!) { createNote(input: $input) { error { message } } }";
    let input = json!({ "customerId": customer_id, "threadId": thread_id, "text": "Internal." });
    let answer = app.plain(note, json!({ "input": input })).await;
    assert_eq!(answer["createNote"]["error"], Value::Null);
    let done = "mutation ($input: MarkThreadAsDoneInput!) { markThreadAsDone(input: $input) { error { message } } }";
    app.plain(done, json!({ "input": { "threadId": thread_id } }))
        .await;
    assert_eq!(unread(&mut ines).await, [""; 0]);
}

#[tokio::test]
async fn without_the_marks_the_pages_are_still_there() {
    let app = TestApp::start().await;
    let (mut ines, _) = team(&app).await;
    agent_replies(&app, "T-34").await;
    app.in_database("DROP TABLE read_marks").await;
    assert_eq!(unread(&mut ines).await, [""; 0], "none can be told");
    for path in ["/", "/?q=route", "/threads/T-34"] {
        assert_eq!(ines.get(path).await.status, StatusCode::OK, "{path}");
    }
}
