//! How often Plain is asked: each page has its price.

use crate::app::{TestApp, submission};

#[tokio::test]
async fn each_page_and_each_form_makes_the_calls_it_needs() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    assert_eq!(
        app.calls(),
        ["UpsertTenant", "UpsertCustomer", "AddCustomerToTenants"],
        "sign-in"
    );
    ines.get("/").await;
    assert_eq!(app.calls().len(), 1, "the list");
    let page = ines.get("/threads/T-34").await;
    assert_eq!(app.calls().len(), 1, "a request by its ref");
    let id = page.field("thread_id");
    ines.get(&format!("/threads/{id}")).await;
    assert_eq!(app.calls().len(), 1, "a request by its id");
    ines.get("/threads/new").await;
    assert_eq!(app.calls().len(), 0, "the empty form");
    let answer = ines
        .post(
            "/api/reply",
            &[
                ("thread_id", &id),
                ("text", "Counted"),
                ("submission", &page.field("submission")),
            ],
        )
        .await;
    assert_eq!(app.calls(), ["ThreadById", "ReplyToThread"], "a reply");
    ines.follow(&answer).await;
    assert_eq!(app.calls().len(), 1, "the page after it");
    let answer = ines
        .post(
            "/api/ask",
            &[
                ("title", "Counted"),
                ("message", "x"),
                ("submission", &submission()),
            ],
        )
        .await;
    assert_eq!(app.calls(), ["CreateThread"], "a new request");
    ines.follow(&answer).await;
    assert_eq!(app.calls().len(), 1, "the page after it");
    ines.post("/api/set-status", &[("thread_id", &id), ("status", "done")])
        .await;
    assert_eq!(app.calls(), ["ThreadById", "MarkThreadAsDone"], "done");
    for path in [
        "/threads/rubbish",
        "/threads/c_01ABC",
        "/nowhere",
        "/threads/th_%2e%2e",
    ] {
        ines.get(path).await;
    }
    assert_eq!(app.calls().len(), 0, "what names nothing is not asked for");
}

#[tokio::test]
async fn a_membership_check_that_is_due_costs_one_call_more() {
    const CHECK: &str = "CustomerStandingById";
    let app = TestApp::rechecking(|_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    app.calls();
    ines.get("/").await;
    assert_eq!(app.calls(), [CHECK, "ThreadsAfterWaiting"], "the list");
    let page = ines.get("/threads/T-34").await;
    assert_eq!(app.calls(), [CHECK, "ThreadPageByRef"], "a request");
    let (id, submission) = (page.field("thread_id"), page.field("submission"));
    let fields = [
        ("thread_id", id.as_str()),
        ("text", "Counted"),
        ("submission", submission.as_str()),
    ];
    ines.post("/api/reply", &fields).await;
    assert_eq!(
        app.calls(),
        [CHECK, "ThreadById", "ReplyToThread"],
        "a reply"
    );
    ines.post("/auth/sign-out", &[]).await;
    assert!(app.calls().is_empty(), "to go, nobody is asked");
}
