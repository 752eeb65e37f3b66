//! When Plain can load a part only: what is there is shown, and said not to be all.

use axum::http::StatusCode;
use plain_portal::sandbox::faults::Fault;
use serde_json::{Value, json};

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
async fn a_list_shows_its_threads_beside_odd_ones() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let query = "{ threadByRef(ref: \"T-34\") { tenant { id } } }";
    let tenant = app.plain(query, json!({})).await["threadByRef"]["tenant"].take();
    let at = |time: &str| json!({ "iso8601": time });
    let thread = |id: &str, created: &str, actor: Value| {
        json!({ "node": {
            "id": format!("th_{id}"), "ref": format!("T-{id}"), "title": "Hello", "customer": { "id": "c_1", "fullName": "Bo" },
            "tenant": tenant, "channel": "CHAT", "status": "TODO", "statusDetail": null, "createdAt": at(created),
            "lastInboundMessageInfo": null, "lastOutboundMessageInfo": null,
            "last_message": { "edges": [{ "node": { "actor": actor } }] },
        } })
    };
    let good = "2026-01-02T03:04:05Z";
    let robot = || json!({ "__typename": "RobotActor" });
    let mut untitled = thread("4", good, robot());
    untitled["node"]["title"] = json!(7);
    let rows = [
        thread("1", good, robot()),
        Value::Null,
        json!({ "node": null }),
        untitled,
        thread("2", "yesterday", robot()),
        thread("3", good, Value::Null),
    ];
    let info = json!({ "hasPreviousPage": false, "hasNextPage": false, "startCursor": null, "endCursor": null });
    let body = json!({ "data": { "threads": { "edges": rows, "pageInfo": info } } });
    app.sandbox
        .inject(Fault::answer(StatusCode::OK, body.to_string()).on("Threads"));
    let page = ines.get("/?status=all").await;
    assert_eq!((page.status, notice(&page)), (StatusCode::OK, true));
    assert_eq!(page.texts(".request__ref"), ["T-1", "T-3"]);
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
