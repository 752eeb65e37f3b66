//! From one team to another, among those that the token names.

use axum::http::{StatusCode, header};
use plain_portal::{
    identity::token::TenantClaim,
    sandbox::faults::{Fault, Gate},
};
use serde_json::{Value, json};

use crate::{
    app::{Browser, Page, TestApp, submission},
    members::take_out,
};

const NORTHWIND: &str = "acct_northwind";
const MORA: &str = "acct_mora";
const MENU: &str = "header form[action='/api/switch-team'] button[name=tenant]";

/// Somebody of the story in their first team, free to go to these others.
async fn free_to(app: &TestApp, external_id: &str, others: &[&str]) -> Browser {
    let mut claims = app.claims(external_id, 0);
    let team = |id: &&str| TenantClaim {
        external_id: (*id).to_owned(),
        name: Some(format!("Team {id}")),
    };
    claims.tenants = others.iter().map(team).collect();
    let mut browser = app.browser();
    let page = browser.hand_off(&app.sign(&claims)).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    browser
}

async fn switch(browser: &mut Browser, tenant: &str) -> Page {
    browser
        .post("/api/switch-team", &[("tenant", tenant)])
        .await
}

/// Is the portal's, as far as one can tell, a customer in this tenant of Plain's?
async fn is_member(app: &TestApp, external_id: &str, tenant: &str) -> bool {
    let query =
        "query ($id: ID!) { customerByExternalId(externalId: $id) { tenantMemberships(first: 100) {
        edges { node { tenant { externalId } } } } } }";
    let answer = app.plain(query, json!({ "id": external_id })).await;
    let edges = &answer["customerByExternalId"]["tenantMemberships"]["edges"];
    let mut edges = edges.as_array().unwrap().iter();
    edges.any(|edge| edge["node"]["tenant"]["externalId"] == tenant)
}

#[tokio::test]
async fn the_menu_leads_to_the_other_team_and_back() {
    let app = TestApp::start().await;
    let mut lena = free_to(&app, "usr_lena", &[MORA]).await;
    let list = lena.get("/").await;
    assert_eq!(list.attributes(MENU, "value"), [MORA]);
    assert_eq!(list.texts(MENU), ["Team acct_mora"]);
    assert!(list.text("header").contains("Northwind"));
    let form = lena.get("/threads/T-29").await;
    let before = lena.cookie.clone().unwrap();

    let answer = switch(&mut lena, MORA).await;
    assert_eq!(answer.location(), "/");
    let after = lena.cookie.clone().unwrap();
    assert_ne!(before, after, "another session id");
    let mut stale = app.browser().with_cookie(&before);
    assert_eq!(stale.get("/").await.status, StatusCode::UNAUTHORIZED);
    let list = lena.follow(&answer).await;
    assert_eq!(list.attributes(MENU, "value"), [NORTHWIND]);
    assert_eq!(lena.get("/threads/T-27").await.status, StatusCode::OK);

    // The old team is another team now, for what was left open as well.
    assert_eq!(
        lena.get("/threads/T-29").await.status,
        StatusCode::NOT_FOUND
    );
    let (id, submission_of_form) = (form.field("thread_id"), form.field("submission"));
    let fields = [
        ("thread_id", id.as_str()),
        ("submission", submission_of_form.as_str()),
        ("text", "Left open"),
    ];
    let lost = lena.post("/api/reply", &fields).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(lost.text("textarea[readonly]").contains("Left open"));
    let fields = [
        ("title", "Asked in Mora"),
        ("message", "x"),
        ("submission", &submission()),
        ("tenant", MORA),
    ];
    let asked = lena.post("/api/ask", &fields).await;
    let page = lena.follow(&asked).await;
    let thread = app.thread(&page.text(".request__ref")).await;
    assert_eq!(thread["tenant"]["externalId"], MORA);

    switch(&mut lena, NORTHWIND).await;
    assert_eq!(lena.get("/threads/T-29").await.status, StatusCode::OK);
    assert_eq!(
        lena.get("/threads/T-27").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn nobody_switches_to_what_the_token_does_not_name() {
    let app = TestApp::start().await;
    // In Plain she is a member of Mora; her token does not say so.
    let mut lena = app.signed_in("usr_lena").await;
    assert!(lena.get("/").await.attributes(MENU, "value").is_empty());
    app.calls();
    let before = lena.cookie.clone();
    let mut seen = std::collections::BTreeSet::new();
    for tenant in [MORA, "acct_halden", "acct_nowhere", "", "te_1", "\u{0}"] {
        let page = switch(&mut lena, tenant).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{tenant:?}");
        seen.insert(page.without_nonce());
    }
    assert_eq!(seen.len(), 1, "the same page for all of them");
    assert!(app.calls().is_empty(), "nobody asked Plain");
    assert_eq!(lena.cookie, before);
    assert_eq!(lena.get("/threads/T-29").await.status, StatusCode::OK);

    let same = switch(&mut lena, NORTHWIND).await;
    assert_eq!((same.status, same.location()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(lena.cookie, before);
    let nobody = switch(&mut app.browser(), MORA).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_team_is_made_in_plain_when_somebody_first_goes_there() {
    let app = TestApp::start().await;
    let mut ines = free_to(&app, "usr_ines", &["acct_new"]).await;
    assert!(!is_member(&app, "usr_ines", "acct_new").await);

    // While Plain is away nothing is switched.
    app.sandbox
        .inject(Fault::status(StatusCode::BAD_GATEWAY).on_mutations());
    let page = switch(&mut ines, "acct_new").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ines.get("/threads/T-34").await.status, StatusCode::OK);
    app.sandbox.clear_faults();

    app.calls();
    let answer = switch(&mut ines, "acct_new").await;
    assert_eq!(app.calls(), ["UpsertTenant", "AddCustomerToTenants"]);
    let list = ines.follow(&answer).await;
    assert!(list.text("header").contains("Team acct_new"));
    assert!(is_member(&app, "usr_ines", "acct_new").await);
}

#[tokio::test]
async fn switching_to_and_fro_does_not_bring_back_who_was_taken_out() {
    let app = TestApp::start().await;
    let mut lena = free_to(&app, "usr_lena", &[MORA]).await;
    switch(&mut lena, MORA).await;
    take_out(&app, "usr_lena", NORTHWIND).await;
    let answer = switch(&mut lena, NORTHWIND).await;
    let page = lena.follow(&answer).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(!is_member(&app, "usr_lena", NORTHWIND).await);

    // That page leads to the team that she still has.
    let others = page.attributes("form[action='/api/switch-team'] button", "value");
    assert_eq!(others, [MORA]);
    let answer = switch(&mut lena, MORA).await;
    assert_eq!(lena.follow(&answer).await.status, StatusCode::OK);

    app.sandbox
        .inject(Fault::status(StatusCode::BAD_GATEWAY).on("CustomerStandingById"));
    let page = switch(&mut lena, NORTHWIND).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(lena.get("/threads/T-27").await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_was_deleted_cannot_go_anywhere() {
    let app = TestApp::start().await;
    let mut ines = free_to(&app, "usr_ines", &[MORA]).await;
    let query = r#"{ customerByExternalId(externalId: "usr_ines") { id } }"#;
    let id = app.plain(query, json!({})).await["customerByExternalId"]["id"].take();
    let query =
        "mutation ($id: ID!) { deleteCustomer(input: { customerId: $id }) { error { code } } }";
    let deleted = app.plain(query, json!({ "id": id })).await;
    assert_eq!(deleted["deleteCustomer"]["error"], Value::Null);
    let page = switch(&mut ines, MORA).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_switch_under_way_does_not_bring_back_who_signs_out() {
    let app = TestApp::start().await;
    let mut lena = free_to(&app, "usr_lena", &[MORA]).await;
    let gate = Gate::default();
    app.sandbox.inject(Fault::hold(&gate).on("UpsertTenant"));
    let mut other_tab = lena.clone();
    let switching = async {
        let answer = switch(&mut lena, MORA).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers.get(header::SET_COOKIE), None);
    };
    let signing_out = async {
        gate.arrived().await;
        let page = other_tab.post("/auth/sign-out", &[]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        gate.open();
    };
    tokio::join!(switching, signing_out);
    assert_eq!(lena.get("/").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_page_under_way_leaves_the_new_session_alone() {
    let app = TestApp::rechecking(|_| {}).await;
    let mut lena = free_to(&app, "usr_lena", &[MORA]).await;
    // This page keeps what it has found out of her, and so sets the cookie once more.
    let page = lena.get("/").await;
    assert!(page.headers.contains_key(header::SET_COOKIE));
    let gate = Gate::default();
    app.sandbox.inject(Fault::hold(&gate).on("ThreadPageByRef"));
    let mut other_tab = lena.clone();
    let reading = async {
        let page = other_tab.get("/threads/T-29").await;
        assert_eq!(page.headers.get(header::SET_COOKIE), None);
    };
    let switching = async {
        gate.arrived().await;
        assert_eq!(switch(&mut lena, MORA).await.status, StatusCode::SEE_OTHER);
        gate.open();
    };
    tokio::join!(reading, switching);
    assert_eq!(lena.get("/").await.status, StatusCode::OK);
}
