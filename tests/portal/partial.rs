//! When Plain can load a part only: what is there is shown, and said not to be all.

use axum::http::StatusCode;
use plain_portal::sandbox::faults::Fault;

use crate::app::{Page, TestApp};

fn notice(page: &Page) -> bool {
    page.texts("[role=status]")
        .iter()
        .any(|text| text.contains("could not be loaded"))
}

#[tokio::test]
async fn a_list_shows_what_is_there() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let whole = ines.get("/").await;
    assert!(!notice(&whole));
    app.sandbox
        .inject(Fault::partial_at("lastInboundMessageInfo"));
    let page = ines.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(notice(&page));
    assert_eq!(page.attributes("[role=status] a", "href"), ["/"]);
    assert_eq!(page.texts(".request__ref"), whole.texts(".request__ref"));
}

#[tokio::test]
async fn a_request_whose_team_is_not_known_is_not_shown() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    app.sandbox.inject(Fault::partial_at("tenant"));
    let list = ines.get("/").await;
    assert_eq!((list.status, notice(&list)), (StatusCode::OK, true));
    assert!(list.texts(".request__ref").is_empty());
    let page = ines.get("/threads/T-34").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "not a 404");
}

#[tokio::test]
async fn a_conversation_shows_the_messages_that_are_there() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let whole = ines.get("/threads/T-29").await;
    assert!(!notice(&whole));
    app.sandbox
        .inject(Fault::partial_at("statusDetail").times(1));
    let page = ines.get("/threads/T-29").await;
    assert_eq!((page.status, notice(&page)), (StatusCode::OK, true));
    assert_eq!(page.texts("article .prose"), whole.texts("article .prose"));
    app.sandbox.inject(Fault::partial_at("subject").times(1));
    let page = ines.get("/threads/T-29").await;
    assert_eq!((page.status, notice(&page)), (StatusCode::OK, true));
    assert!(page.texts(".message__subject").is_empty());
    assert!(!whole.texts(".message__subject").is_empty());
    assert_eq!(page.texts("article .prose"), whole.texts("article .prose"));
}

#[tokio::test]
async fn a_reply_that_plain_took_is_sent_whatever_else_failed() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/threads/T-34").await;
    app.sandbox.inject(Fault::partial_at("statusDetail"));
    let fields = [
        ("thread_id", page.field("thread_id")),
        ("submission", page.field("submission")),
        ("text", "Said in part".to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let answer = ines.post("/api/reply", &fields).await;
    let page = ines.follow(&answer).await;
    assert!(notice(&page));
    assert!(page.texts(".message__delivery").is_empty());
    app.sandbox.clear_faults();
    assert_eq!(app.messages_with("T-34", "Said in part").await, 1);
}
