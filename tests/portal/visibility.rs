//! `PORTAL_VISIBILITY`: the same people, teams and requests, seen by each rule.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use plain_portal::{
    config::{Settings, Visibility},
    sandbox::{Seed, faults::Fault},
};
use serde_json::{Value, json};

use crate::app::{Browser, Page, TestApp, person, submission};

/// Two colleagues, somebody with two teams, and somebody of a third.
const WHO: [&str; 4] = ["usr_ines", "usr_tom", "usr_lena", "usr_magnus"];

fn customer(settings: &mut Settings) {
    settings.visibility = Some("customer".into());
}

/// Somebody of the story, signed in to their tenant of this position, or to none.
async fn signed_in(app: &TestApp, external_id: &str, tenant: Option<usize>) -> Browser {
    let mut claims = app.claims(external_id, tenant.unwrap_or_default());
    if tenant.is_none() {
        claims.tenant = None;
    }
    let mut browser = app.browser();
    let page = browser.hand_off(&app.sign(&claims)).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    browser
}

/// Every thread of the sandbox's.
async fn threads(app: &TestApp) -> Vec<Value> {
    let query = "query { threads(first: 100) { edges { node { ref channel tenant { externalId } customer { externalId } } }
        pageInfo { hasNextPage } } }";
    let answer = app.plain(query, json!({})).await;
    assert_eq!(answer["threads"]["pageInfo"]["hasNextPage"], false);
    let edges = answer["threads"]["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"].clone()).collect()
}

/// The refs of a list, all its pages together.
async fn listed(browser: &mut Browser) -> BTreeSet<String> {
    let mut refs = BTreeSet::new();
    let mut address = "/?status=all".to_owned();
    loop {
        let page = browser.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        refs.extend(page.texts(".request__ref"));
        match page.attributes("a[rel=next]", "href").pop() {
            Some(next) => address = next,
            None => return refs,
        }
    }
}

/// Compares what somebody is shown with what the rule says, in the list and request by request.
async fn sees(
    app: &TestApp,
    browser: &mut Browser,
    who: &str,
    rule: impl Fn(Option<&str>, bool) -> bool,
) {
    let mut expected = BTreeSet::new();
    for thread in threads(app).await {
        let reference = thread["ref"].as_str().unwrap();
        let own = thread["customer"]["externalId"] == who;
        let visible =
            rule(thread["tenant"]["externalId"].as_str(), own) && thread["channel"] != "INTERNAL";
        let page = browser.get(&format!("/threads/{reference}")).await;
        let status = if visible {
            expected.insert(reference.to_owned());
            StatusCode::OK
        } else {
            StatusCode::NOT_FOUND
        };
        assert_eq!(page.status, status, "{who}: {thread}");
    }
    assert_eq!(listed(browser).await, expected, "{who}");
}

#[tokio::test]
async fn by_tenant_each_sees_their_teams_and_nothing_else() {
    let app = TestApp::start().await;
    for person in WHO.map(person) {
        for (place, (tenant, _)) in person.tenants.iter().enumerate() {
            let mut browser = signed_in(&app, person.external_id, Some(place)).await;
            sees(&app, &mut browser, person.external_id, |it, _| {
                it == Some(*tenant)
            })
            .await;
        }
    }
}

#[tokio::test]
async fn by_customer_each_sees_their_own_of_the_team_and_of_none() {
    let app = TestApp::with(Seed::Story, customer).await;
    for person in WHO.map(person) {
        for (place, (tenant, _)) in person.tenants.iter().enumerate() {
            let mut browser = signed_in(&app, person.external_id, Some(place)).await;
            sees(&app, &mut browser, person.external_id, |it, own| {
                own && it.is_none_or(|it| it == *tenant)
            })
            .await;
        }
        let mut browser = signed_in(&app, person.external_id, None).await;
        sees(&app, &mut browser, person.external_id, |_, own| own).await;
    }
    // The story has what the rules are told apart by.
    let threads = threads(&app).await;
    let of = |who: &str, tenant: Value| {
        let mut threads = threads.iter();
        threads
            .any(|it| it["customer"]["externalId"] == who && it["tenant"]["externalId"] == tenant)
    };
    assert!(of("usr_lena", json!("acct_northwind")) && of("usr_lena", json!("acct_mora")));
    assert!(WHO.iter().any(|who| of(who, Value::Null)));
}

async fn ask(browser: &mut Browser, title: &str) -> Page {
    let form = browser.get("/threads/new").await;
    let (submission, tenant) = (form.field("submission"), form.field("tenant"));
    let fields = [
        ("title", title),
        ("message", "x"),
        ("submission", submission.as_str()),
        ("tenant", tenant.as_str()),
    ];
    let answer = browser.post("/api/ask", &fields).await;
    browser.follow(&answer).await
}

#[tokio::test]
async fn a_new_request_is_the_teams_or_nobodys() {
    let app = TestApp::with(Seed::Story, customer).await;
    for (tenant, expected) in [(Some(0), json!("acct_northwind")), (None, Value::Null)] {
        let mut ines = signed_in(&app, "usr_ines", tenant).await;
        let form = ines.get("/threads/new").await;
        assert!(!form.body.contains("Everybody at"));
        let page = ask(&mut ines, "Whose is it?").await;
        assert_eq!(page.h1(), "Whose is it?");
        let reference = page.text(".request__ref");
        let thread = app.thread(&reference).await;
        assert_eq!(thread["tenant"]["externalId"], expected);
        let mut tom = signed_in(&app, "usr_tom", Some(0)).await;
        let page = tom.get(&format!("/threads/{reference}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn words_typed_without_a_team_are_not_told_a_team() {
    let app = TestApp::with(Seed::Story, customer).await;
    let mut ines = signed_in(&app, "usr_ines", None).await;
    let form = ines.get("/threads/new").await;
    ines.hand_off(&app.token("usr_ines")).await;
    let fields = [
        ("title", "For nobody else"),
        ("message", "x"),
        ("submission", &form.field("submission")),
        ("tenant", &form.field("tenant")),
    ];
    let answer = ines.post("/api/ask", &fields).await;
    let kept = ines.follow(&answer).await;
    assert!(kept.text("[role=alert]").contains("another team"));
    assert_eq!(app.threads_titled("For nobody else").await, 0);
}

#[tokio::test]
async fn whose_requests_is_no_question_where_only_ones_own_are_seen() {
    let app = TestApp::with(Seed::Story, customer).await;
    let mut ines = signed_in(&app, "usr_ines", Some(0)).await;
    let list = ines.get("/?status=all").await;
    assert!(list.attributes("[name=who]", "name").is_empty());
    let refs = list.texts(".request__ref");
    for who in ["team", "mine"] {
        let page = ines.get(&format!("/?status=all&who={who}")).await;
        assert_eq!(page.texts(".request__ref"), refs, "{who}");
    }
    let found = ines.get("/?status=all&q=the").await;
    assert_eq!(found.status, StatusCode::OK);
    let found: BTreeSet<String> = found.texts(".request__ref").into_iter().collect();
    assert!(found.iter().all(|it| refs.contains(it)), "{found:?}");

    let app = TestApp::start().await;
    let list = app.signed_in("usr_ines").await.get("/").await;
    assert_eq!(list.attributes("[name=who]", "name"), ["who"]);
}

#[tokio::test]
async fn a_tenant_that_could_not_be_loaded_is_not_the_same_as_none() {
    let app = TestApp::with(Seed::Story, customer).await;
    let mut lena = signed_in(&app, "usr_lena", Some(0)).await;
    let shown = listed(&mut lena).await;
    let mut threads = threads(&app).await;
    threads.retain(|thread| shown.contains(thread["ref"].as_str().unwrap()));
    let (without, with): (Vec<Value>, Vec<Value>) =
        threads.into_iter().partition(|it| it["tenant"].is_null());
    assert!(!without.is_empty() && !with.is_empty());
    app.sandbox.inject(Fault::partial_at("tenant"));
    let list = lena.get("/?status=all").await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.texts(".request__ref").is_empty());
    for (threads, status) in [
        (with, StatusCode::SERVICE_UNAVAILABLE),
        // Nothing could fail where there is none.
        (without, StatusCode::OK),
    ] {
        for thread in threads {
            let reference = thread["ref"].as_str().unwrap();
            let page = lena.get(&format!("/threads/{reference}")).await;
            assert_eq!(page.status, status, "{thread}");
        }
    }
}

#[tokio::test]
async fn a_change_of_the_setting_holds_for_who_is_signed_in() {
    let mut app = TestApp::start().await;
    let tom = signed_in(&app, "usr_tom", Some(0)).await.cookie.unwrap();
    app.config.visibility = Visibility::Customer;
    app.config.handoff.tenant_required = false;
    let mut app = app.restart().await;
    let mut tom = app.browser().with_cookie(&tom);
    sees(&app, &mut tom, "usr_tom", |tenant, own| {
        own && tenant.is_none_or(|it| it == "acct_northwind")
    })
    .await;
    let cookie = tom.cookie.clone().unwrap();
    drop(tom);
    let ines = signed_in(&app, "usr_ines", None).await.cookie.unwrap();

    app.config.visibility = Visibility::Tenant;
    let app = app.restart().await;
    let mut tom = app.browser().with_cookie(&cookie);
    sees(&app, &mut tom, "usr_tom", |tenant, _| {
        tenant == Some("acct_northwind")
    })
    .await;
    let mut ines = app.browser().with_cookie(&ines);
    assert_eq!(ines.get("/").await.status, StatusCode::UNAUTHORIZED);
    let fields = [
        ("title", "Not lost"),
        ("message", "x"),
        ("submission", &submission()),
    ];
    let page = ines.post("/api/ask", &fields).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(page.field("title"), "Not lost");
}
