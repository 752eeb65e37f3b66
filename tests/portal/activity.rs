//! What support is told of what people do in the portal: by setting, and in nobody's way.

use axum::http::StatusCode;
use plain_portal::sandbox::{
    Seed,
    faults::{Fault, Gate},
};
use serde_json::{Value, json};

use crate::app::{TestApp, until};

async fn portal(activity: Option<&str>) -> TestApp {
    let activity = activity.map(str::to_owned);
    TestApp::with(Seed::Story, |settings| settings.activity_events = activity).await
}

/// The titles of a thread's events with their texts, newest first.
async fn events(app: &TestApp, reference: &str) -> Vec<String> {
    let query = "query ($ref: String!) { threadByRef(ref: $ref) { timelineEntries(first: 100, filters: { entryTypes: [THREAD_EVENT, CUSTOMER_EVENT] }) {
        edges { node { entry {
          ... on ThreadEventEntry { title components { ... on ComponentPlainText { plainText } } }
          ... on CustomerEventEntry { title components { ... on ComponentPlainText { plainText } } } } } } } } }";
    let data = app.plain(query, json!({ "ref": reference })).await;
    let edges = &data["threadByRef"]["timelineEntries"]["edges"];
    let shown = |edge: &Value| {
        let entry = &edge["node"]["entry"];
        format!(
            "{}: {}",
            entry["title"], entry["components"][0]["plainText"]
        )
    };
    let shown = edges.as_array().unwrap().iter().map(shown);
    shown.filter(|it| it.contains("support portal")).collect()
}

#[tokio::test]
async fn signing_in_and_done_are_told_once() {
    let app = portal(Some("on")).await;
    let mut ines = app.signed_in("usr_ines").await;
    app.signed_in("usr_ines").await;
    let page = ines.get("/threads/T-34").await;
    let id = page.field("thread_id");
    for status in ["done", "done", "open"] {
        let fields = [("thread_id", &*id), ("status", status)];
        let answer = ines.post("/api/set-status", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    until("three events", async || {
        events(&app, "T-34").await.len() >= 3
    })
    .await;
    let events = events(&app, "T-34").await;
    assert_eq!(events.len(), 3, "{events:?}");
    assert!(
        events[0].contains("Opened again") && events[0].contains("By "),
        "{events:?}"
    );
    assert!(events[1].contains("Marked as done"), "{events:?}");
    assert!(
        events[2].contains("Signed in") && events[2].contains("Team: "),
        "{events:?}"
    );
}

#[tokio::test]
async fn nothing_is_told_unless_it_is_wanted() {
    for setting in [None, Some("off")] {
        let app = portal(setting).await;
        let mut ines = app.signed_in("usr_ines").await;
        let id = ines.get("/threads/T-34").await.field("thread_id");
        ines.post(
            "/api/set-status",
            &[("thread_id", &*id), ("status", "done")],
        )
        .await;
        let calls = app.sandbox.calls();
        assert!(
            !calls.iter().any(|call| call.contains("Event")),
            "{calls:?}"
        );
    }
}

#[tokio::test]
async fn nobody_waits_for_it_or_fails_by_it() {
    let app = portal(Some("on")).await;
    let gate = Gate::default();
    app.sandbox
        .inject(Fault::hold(&gate).on("CreateCustomerEvent").times(1));
    let mut ines = app.signed_in("usr_ines").await;
    gate.arrived().await;
    // While one is held, everything works, and the next one waits for its turn.
    let id = ines.get("/threads/T-34").await.field("thread_id");
    let fields = [("thread_id", &*id), ("status", "done")];
    let answer = ines.post("/api/set-status", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(events(&app, "T-34").await.is_empty());
    gate.open();
    until("both", async || events(&app, "T-34").await.len() == 2).await;

    // A key that may not: pages know nothing of it.
    app.sandbox.behave(|it| {
        it.denied_permissions = ["threadEvent:create".parse().unwrap()].into();
    });
    let fields = [("thread_id", &*id), ("status", "open")];
    let answer = ines.post("/api/set-status", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(ines.get("/threads/T-34").await.status, StatusCode::OK);
}
