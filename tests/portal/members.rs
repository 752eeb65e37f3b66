//! People who do not belong to a team any more, or are marked as spam.

use std::time::Duration;

use axum::http::StatusCode;
use plain_portal::{plain::permissions, sandbox::faults::Fault};
use serde_json::{Value, json};

use crate::{
    app::{Browser, Page, TestApp, submission, until},
    outages::refuse_mutations,
};

const GONE: &str = "You no longer have access to this team";
const CHECK: &str = "CustomerStandingById";
const PAGES: [&str; 4] = ["/", "/?status=all", "/threads/T-34", "/threads/new"];

/// Does one of Plain's mutations as the support team; its error must be null.
async fn mutate(app: &TestApp, mutation: &str, input: Value) {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ error {{ message }} }} }}"
    );
    let answer = app.plain(&query, json!({ "input": input })).await;
    assert_eq!(answer[mutation]["error"], Value::Null, "{mutation}");
}

pub async fn take_out(app: &TestApp, external_id: &str, tenant: &str) {
    let input = json!({
        "customerIdentifier": { "externalId": external_id },
        "tenantIdentifiers": [{ "externalId": tenant }],
    });
    mutate(app, "removeCustomerFromTenants", input).await;
}

pub async fn put_back(app: &TestApp, external_id: &str, tenant: &str) {
    let input = json!({
        "customerIdentifier": { "externalId": external_id },
        "tenantIdentifiers": [{ "externalId": tenant }],
    });
    mutate(app, "addCustomerToTenants", input).await;
}

pub async fn customer_id(app: &TestApp, external_id: &str) -> Value {
    let query = "query ($id: ID!) { customerByExternalId(externalId: $id) { id } }";
    let answer = app.plain(query, json!({ "id": external_id })).await;
    answer["customerByExternalId"]["id"].clone()
}

pub async fn mark_as_spam(app: &TestApp, external_id: &str) {
    let input = json!({ "customerId": customer_id(app, external_id).await });
    mutate(app, "markCustomerAsSpam", input).await;
}

async fn is_closed(browser: &mut Browser) {
    for path in PAGES {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(page.h1(), GONE, "{path}");
        let shown = page.texts(".request__ref, .message, form[action^='/api']");
        assert!(shown.is_empty(), "{path}: {}", page.body);
        let link = page.attributes(".notice a", "href").pop().unwrap();
        assert!(link.starts_with("https://host.example/sign-in"), "{link}");
    }
}

async fn reply(browser: &mut Browser, page: &Page, text: &str) -> Page {
    let (thread_id, submission) = (page.field("thread_id"), page.field("submission"));
    let fields = [
        ("thread_id", thread_id.as_str()),
        ("submission", submission.as_str()),
        ("text", text),
    ];
    browser.post("/api/reply", &fields).await
}

#[tokio::test]
async fn who_is_taken_out_of_the_team_sees_nothing_and_loses_no_words() {
    let app = TestApp::rechecking(|_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    let form = ines.get("/threads/T-34").await;
    assert_eq!(form.status, StatusCode::OK);
    take_out(&app, "usr_ines", "acct_northwind").await;
    is_closed(&mut ines).await;

    let refused = reply(&mut ines, &form, "Words & more").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.h1(), GONE);
    assert_eq!(refused.field("text"), "Words & more");
    assert_eq!(refused.field("submission"), form.field("submission"));
    let fields = [
        ("title", "Still a question"),
        ("message", "x"),
        ("submission", &submission()),
    ];
    let asked = ines.post("/api/ask", &fields).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert_eq!(asked.field("title"), "Still a question");
    let id = form.field("thread_id");
    for (path, fields) in [
        ("/api/set-status", [("thread_id", &*id), ("status", "done")]),
        ("/api/discard", [("thread_id", &*id), ("submission", "")]),
    ] {
        let page = ines.post(path, &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(app.messages_with("T-34", "Words & more").await, 0);
    assert_eq!(app.threads_titled("Still a question").await, 0);
    assert_ne!(app.thread("T-34").await["status"], "DONE");

    // The host vouches for her again, with the very token of before but for its id; her words are still in the page.
    let page = ines.hand_off(&app.token("usr_ines")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let sent = reply(&mut ines, &refused, "Words & more").await;
    assert_eq!(ines.follow(&sent).await.status, StatusCode::OK);
    assert_eq!(app.messages_with("T-34", "Words & more").await, 1);
}

#[tokio::test]
async fn who_is_gone_can_sign_out_and_others_notice_nothing() {
    let app = TestApp::rechecking(|_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    let mut tom = app.signed_in("usr_tom").await;
    take_out(&app, "usr_ines", "acct_northwind").await;
    is_closed(&mut ines).await;
    assert_eq!(tom.get("/threads/T-34").await.status, StatusCode::OK);
    let out = ines.post("/auth/sign-out", &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert_eq!(ines.get("/").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_is_deleted_sees_nothing_until_the_host_vouches_again() {
    let app = TestApp::rechecking(|_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    let input = json!({ "customerId": customer_id(&app, "usr_ines").await });
    mutate(&app, "deleteCustomer", input).await;
    is_closed(&mut ines).await;
    ines.hand_off(&app.token("usr_ines")).await;
    assert_eq!(ines.get("/?status=all").await.status, StatusCode::OK);
}

#[tokio::test]
async fn it_is_noticed_once_the_last_answer_is_old_enough() {
    let app = TestApp::configured(
        plain_portal::sandbox::Seed::Story,
        |_| {},
        |config| config.recheck = Duration::from_millis(300),
    )
    .await;
    let mut ines = app.signed_in("usr_ines").await;
    take_out(&app, "usr_ines", "acct_northwind").await;
    until("noticed", async || {
        ines.get("/").await.status == StatusCode::FORBIDDEN
    })
    .await;
    put_back(&app, "usr_ines", "acct_northwind").await;
    until("noticed that she is back", async || {
        ines.get("/").await.status == StatusCode::OK
    })
    .await;
}

#[tokio::test]
async fn while_plain_cannot_be_asked_what_it_said_last_holds() {
    let app = TestApp::rechecking(|_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    let mut tom = app.signed_in("usr_tom").await;
    let broken = || Fault::status(StatusCode::BAD_GATEWAY).on(CHECK);

    app.sandbox.inject(broken());
    take_out(&app, "usr_tom", "acct_northwind").await;
    for browser in [&mut ines, &mut tom] {
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
    }
    app.sandbox.clear_faults();
    is_closed(&mut tom).await;
    assert_eq!(ines.get("/").await.status, StatusCode::OK);

    // Who was out stays out, also in another process.
    app.sandbox.inject(broken());
    is_closed(&mut tom).await;
    let cookies = [&ines, &tom].map(|browser| browser.cookie.clone().unwrap());
    drop((ines, tom));
    let app = app.restart().await;
    let [mut ines, mut tom] = cookies.map(|cookie| app.browser().with_cookie(&cookie));
    is_closed(&mut tom).await;
    let page = ines.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_in_again_does_not_make_an_old_answer_young() {
    let app = TestApp::rechecking(|_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    take_out(&app, "usr_ines", "acct_northwind").await;
    app.calls();
    // The same token as before: nothing that Plain has to be asked for, and so nothing that Plain is told.
    ines.hand_off(&app.token("usr_ines")).await;
    assert!(app.calls().is_empty());
    is_closed(&mut ines).await;
}

#[tokio::test]
async fn a_team_is_found_beyond_the_first_hundred() {
    let app = TestApp::rechecking(|_| {}).await;
    take_out(&app, "usr_ines", "acct_northwind").await;
    let others: Vec<String> = (0..230).map(|n| format!("acct_other_{n}")).collect();
    for other in &others {
        let input =
            json!({ "identifier": { "externalId": other }, "externalId": other, "name": other });
        mutate(&app, "upsertTenant", input).await;
    }
    let identifiers: Vec<Value> = others
        .iter()
        .map(|id| json!({ "externalId": id }))
        .collect();
    let input = json!({ "customerIdentifier": { "externalId": "usr_ines" }, "tenantIdentifiers": identifiers });
    mutate(&app, "addCustomerToTenants", input).await;

    let mut ines = app.signed_in("usr_ines").await;
    app.calls();
    assert_eq!(ines.get("/threads/T-34").await.status, StatusCode::OK);
    assert_eq!(app.calls(), [CHECK, CHECK, CHECK, "ThreadPageByRef"]);
    take_out(&app, "usr_ines", "acct_northwind").await;
    is_closed(&mut ines).await;
}

#[tokio::test]
async fn who_is_marked_as_spam_reads_on_and_cannot_write() {
    let app = TestApp::rechecking(|_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    let form = ines.get("/threads/T-34").await;
    mark_as_spam(&app, "usr_ines").await;

    assert_eq!(ines.get("/").await.status, StatusCode::OK);
    let page = ines.get("/threads/T-34").await;
    assert!(page.text("#reply").contains("on hold"), "{}", page.body);
    assert!(page.attributes("form[action^='/api']", "action").is_empty());
    let new = ines.get("/threads/new").await;
    assert_eq!(new.status, StatusCode::OK);
    assert!(new.text("#reply").contains("on hold"));
    assert!(new.attributes("form[action^='/api']", "action").is_empty());

    app.calls();
    let answer = reply(&mut ines, &form, "Blocked words").await;
    let kept = ines.follow(&answer).await;
    assert_eq!(kept.status, StatusCode::OK);
    assert!(kept.text("textarea[readonly]").contains("Blocked words"));
    let fields = [
        ("title", "Blocked title"),
        ("message", "Blocked message"),
        ("submission", &submission()),
    ];
    let answer = ines.post("/api/ask", &fields).await;
    let kept = ines.follow(&answer).await;
    let text = kept.text("textarea[readonly]");
    assert!(text.contains("Blocked title") && text.contains("Blocked message"));
    let id = form.field("thread_id");
    let answer = ines
        .post("/api/set-status", &[("thread_id", &id), ("status", "done")])
        .await;
    assert!(ines.follow(&answer).await.body.contains("not changed"));
    let writes = ["ReplyToThread", "CreateThread", "MarkThreadAsDone"];
    assert!(!app.calls().iter().any(|call| writes.contains(&&**call)));

    // Another's thread stays as if it were not there.
    let foreign = app.thread_id("T-30").await;
    let fields = [
        ("thread_id", foreign.as_str()),
        ("text", "x"),
        ("submission", &submission()),
    ];
    let answer = ines.post("/api/reply", &fields).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);

    let input = json!({ "customerId": customer_id(&app, "usr_ines").await });
    mutate(&app, "unmarkCustomerAsSpam", input).await;
    let page = ines.get("/threads/T-34").await;
    assert_eq!(page.field("text"), "Blocked words");
    let answer = reply(&mut ines, &page, "Blocked words").await;
    ines.follow(&answer).await;
    assert_eq!(app.messages_with("T-34", "Blocked words").await, 1);
}

#[tokio::test]
async fn who_comes_marked_as_spam_is_told_at_once() {
    let app = TestApp::start().await;
    mark_as_spam(&app, "usr_ines").await;
    let mut ines = app.signed_in("usr_ines").await;
    assert!(
        ines.get("/threads/new")
            .await
            .text("#reply")
            .contains("on hold")
    );
}

#[tokio::test]
async fn what_waits_of_somebody_who_is_gone_is_not_sent_and_not_lost() {
    let app = TestApp::rechecking(|_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    let form = ines.get("/threads/T-34").await;
    app.sandbox
        .inject(Fault::rate_limited(Duration::from_secs(1)).on("ReplyToThread"));
    let answer = reply(&mut ines, &form, "Written before").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    take_out(&app, "usr_ines", "acct_northwind").await;
    let asks = async |times: usize| {
        app.calls();
        until("the outbox has asked", async || {
            let calls = app.sandbox.calls();
            calls.iter().filter(|call| *call == CHECK).count() >= times
        })
        .await;
    };
    asks(1).await;
    app.sandbox.clear_faults();
    asks(2).await;
    assert!(!app.calls().iter().any(|call| call == "ReplyToThread"));
    // Nobody whom Plain has named as gone is back because it cannot be asked.
    app.sandbox
        .inject(Fault::status(StatusCode::BAD_GATEWAY).on(CHECK));
    asks(2).await;
    assert!(!app.calls().iter().any(|call| call == "ReplyToThread"));
    app.sandbox.clear_faults();
    assert_eq!(app.messages_with("T-34", "Written before").await, 0);
    put_back(&app, "usr_ines", "acct_northwind").await;
    until("it is sent", async || {
        app.messages_with("T-34", "Written before").await == 1
    })
    .await;
}

#[tokio::test]
async fn groups_of_the_token_are_kept_in_plain_and_unknown_ones_harm_nobody() {
    let app = TestApp::start().await;
    for key in ["beta", "gold"] {
        let input = json!({ "name": key, "key": key, "color": "#aabbcc" });
        mutate(&app, "createCustomerGroup", input).await;
    }
    let groups = async || {
        let query = r#"{ customerByExternalId(externalId: "usr_ines") { customerGroupMemberships(first: 100) {
            edges { node { customerGroup { key } } } } } }"#;
        let customer = app.plain(query, json!({})).await;
        let edges = &customer["customerByExternalId"]["customerGroupMemberships"]["edges"];
        let keys = edges.as_array().unwrap().iter();
        keys.map(|edge| edge["node"]["customerGroup"]["key"].clone())
            .collect::<Vec<Value>>()
    };
    let sign_in = async |groups: &[&str]| {
        let mut claims = app.claims("usr_ines", 0);
        claims.groups = groups.iter().map(|key| (*key).to_owned()).collect();
        app.browser().hand_off(&app.sign(&claims)).await.status
    };

    assert_eq!(sign_in(&["beta", "nowhere"]).await, StatusCode::SEE_OTHER);
    assert_eq!(groups().await, ["beta"]);
    let many: Vec<String> = (0..40).map(|n| format!("unknown_{n}")).collect();
    let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
    many.push("gold");
    assert_eq!(sign_in(&many).await, StatusCode::SEE_OTHER);
    assert_eq!(groups().await, ["beta", "gold"]);
    // Nobody is taken out of a group: support may have put them there.
    assert_eq!(sign_in(&[]).await, StatusCode::SEE_OTHER);
    assert_eq!(groups().await, ["beta", "gold"]);

    // A key that may not do it keeps nobody out; a Plain that is away is to be asked again.
    app.sandbox
        .inject(Fault::refusal("forbidden").on("AddCustomerToCustomerGroups"));
    assert_eq!(sign_in(&["beta"]).await, StatusCode::SEE_OTHER);
    app.sandbox.clear_faults();
    app.sandbox
        .inject(refuse_mutations().on("AddCustomerToCustomerGroups"));
    assert_eq!(sign_in(&["beta"]).await, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_key_with_the_documented_permissions_can_ask() {
    let app = TestApp::rechecking(|_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    take_out(&app, "usr_ines", "acct_northwind").await;
    let granted = app.plain("{ myPermissions { permissions } }", json!({}));
    let granted = granted.await["myPermissions"]["permissions"].take();
    let denied = granted
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap());
    let denied = denied.filter(|name| !permissions::NEEDED.contains(name));
    let denied = denied.map(|name| name.parse().unwrap()).collect();
    app.sandbox.behave(|it| it.denied_permissions = denied);
    is_closed(&mut ines).await;
}
