//! A tenant never sees another's: a table of every page and server function × who asks × whose it is.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::axum::server_fn_paths;
use plain_portal::serve::{PAGE_ROUTES, PLAIN_ROUTES};

use crate::{
    app::{Browser, Page, TestApp, submission},
    sessions::expire_all,
};

/// What a route lets happen.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    /// Shows or changes the thread that its address or form names.
    OneThread,
    /// Shows or makes only what is the viewer's own.
    Own,
    /// Needs no session.
    Public,
}

/// Every route. `{id}` stands for the thread in question.
const TABLE: &[(&str, &str, Kind)] = &[
    ("GET", "/", Kind::Own),
    ("GET", "/threads/new", Kind::Own),
    ("GET", "/threads/{id}", Kind::OneThread),
    ("POST", "/api/ask", Kind::Own),
    ("POST", "/api/reply", Kind::OneThread),
    ("POST", "/api/set-status", Kind::OneThread),
    ("POST", "/api/discard", Kind::Own),
    ("POST", "/api/switch-team", Kind::Own),
    ("GET", "/auth/handoff", Kind::Public),
    ("POST", "/auth/handoff", Kind::Public),
    ("POST", "/auth/sign-out", Kind::Public),
    ("GET", "/healthz", Kind::Public),
    ("GET", "/readyz", Kind::Public),
    ("GET", "/favicon.svg", Kind::Public),
];

#[tokio::test]
async fn the_table_has_every_route() {
    let table: BTreeSet<(String, String)> = TABLE
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    let pages = PAGE_ROUTES
        .iter()
        .map(|route| ("GET".to_owned(), route.path().to_owned()));
    let functions = server_fn_paths().map(|(path, method)| (method.to_string(), path.to_owned()));
    let plain = PLAIN_ROUTES
        .iter()
        .map(|route| (route.method.to_owned(), route.path.to_owned()));
    let mounted: BTreeSet<(String, String)> = pages.chain(functions).chain(plain).collect();
    assert_eq!(table, mounted);
}

#[tokio::test]
async fn no_server_function_is_called_by_get() {
    assert!(server_fn_paths().all(|(_, method)| method == Method::POST));
}

async fn ask(browser: &mut Browser, method: &str, path: &str, thread: &str) -> Page {
    let path = path.replace("{id}", thread);
    if method == "GET" {
        return browser.get(&path).await;
    }
    let id = submission();
    let fields = [
        ("thread_id", thread),
        ("text", "Isolation test"),
        ("title", "Isolation test"),
        ("message", "Isolation test"),
        ("status", "done"),
        ("submission", &id),
        ("tenant", "acct_northwind"),
    ];
    browser.post(&path, &fields).await
}

/// Threads that are not Ines's to see, and what is wrong with them.
async fn foreign(app: &TestApp) -> Vec<(String, &'static str)> {
    let mut threads = vec![
        ("T-30".to_owned(), "another tenant's ref"),
        ("T-26".to_owned(), "without a tenant"),
        ("T-16".to_owned(), "internal"),
        (app.thread_id("T-30").await, "another tenant's"),
        (app.thread_id("T-26").await, "without a tenant"),
        (app.thread_id("T-16").await, "internal"),
        ("th_01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned(), "unknown"),
        ("T-99999".to_owned(), "unknown"),
        ("th_".to_owned(), "malformed"),
        ("th_x'%22%3E".to_owned(), "malformed"),
        ("rubbish".to_owned(), "malformed"),
        ("T-".to_owned(), "malformed"),
    ];
    let thread = app.thread("T-34").await;
    let entry = thread["timelineEntries"]["edges"][0]["node"]["id"]
        .as_str()
        .unwrap();
    threads.push((entry.to_owned(), "an id of another type"));
    threads
}

#[tokio::test]
async fn without_a_session_nothing_is_seen_or_done() {
    let app = TestApp::start().await;
    let own = app.thread_id("T-34").await;
    let expired = app.signed_in("usr_ines").await;
    expire_all(&app).await;
    let forged = app
        .browser()
        .with_cookie("__Host-portal=AAAAAAAAAAAAAAAAAAAAAA");
    app.calls();
    for (who, browser) in [
        ("none", app.browser()),
        ("forged", forged),
        ("expired", expired),
    ] {
        for (method, path, kind) in TABLE {
            if *kind == Kind::Public {
                continue;
            }
            let page = ask(&mut browser.clone(), method, path, &own).await;
            assert_eq!(
                page.status,
                StatusCode::UNAUTHORIZED,
                "{who} {method} {path}"
            );
            assert_eq!(page.h1(), "You are not signed in");
        }
    }
    assert_eq!(app.calls(), Vec::<String>::new(), "nobody asked Plain");
}

#[tokio::test]
async fn what_is_not_ours_and_what_is_not_there_are_the_same_404() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let lists = async |app: &TestApp| {
        (
            app.thread("T-30").await,
            app.thread("T-26").await,
            app.thread("T-16").await,
        )
    };
    let before = lists(&app).await;
    for (method, path, kind) in TABLE {
        if *kind != Kind::OneThread {
            continue;
        }
        let mut seen = BTreeSet::new();
        for (thread, what) in foreign(&app).await {
            let page = ask(&mut ines, method, path, &thread).await;
            assert_eq!(
                page.status,
                StatusCode::NOT_FOUND,
                "{method} {path}: {thread} ({what})"
            );
            let mut headers = page.headers.clone();
            headers.remove("x-request-id");
            headers.remove("content-security-policy");
            headers.remove("set-cookie");
            seen.insert((page.without_nonce(), format!("{headers:?}")));
        }
        assert_eq!(seen.len(), 1, "{method} {path}: {seen:#?}");
    }
    assert_eq!(lists(&app).await, before, "nothing was changed");
}

#[tokio::test]
async fn what_is_ones_own_works_for_the_whole_team() {
    for who in ["usr_ines", "usr_tom"] {
        let app = TestApp::start().await;
        let own = app.thread_id("T-34").await;
        for (method, path, kind) in TABLE {
            if *kind == Kind::Public {
                continue;
            }
            let page = ask(&mut app.signed_in(who).await, method, path, &own).await;
            let wanted = if *method == "GET" {
                StatusCode::OK
            } else {
                StatusCode::SEE_OTHER
            };
            assert_eq!(page.status, wanted, "{who} {method} {path}");
        }
    }
}

#[tokio::test]
async fn the_other_team_of_the_same_person_is_another_team() {
    let app = TestApp::start().await;
    for (tenant, own, other) in [(0, "T-29", "T-27"), (1, "T-27", "T-29")] {
        let mut lena = app.browser();
        lena.hand_off(&app.sign(&app.claims("usr_lena", tenant)))
            .await;
        assert_eq!(
            lena.get(&format!("/threads/{own}")).await.status,
            StatusCode::OK,
            "{tenant}"
        );
        assert_eq!(
            lena.get(&format!("/threads/{other}")).await.status,
            StatusCode::NOT_FOUND,
            "{tenant}"
        );
    }
}

#[tokio::test]
async fn a_cursor_of_another_team_leads_nowhere_else() {
    let app = TestApp::with(
        plain_portal::sandbox::Seed::Bulk {
            threads: 120,
            tenants: 2,
        },
        |_| {},
    )
    .await;
    let mut lists = vec![];
    for (person, tenant) in [("usr_ines", "bulk_0"), ("usr_magnus", "bulk_1")] {
        let mut claims = app.claims(person, 0);
        claims.tenant.as_mut().unwrap().external_id = tenant.into();
        let mut browser = app.browser();
        browser.hand_off(&app.sign(&claims)).await;
        let page = browser.get("/?status=all").await;
        lists.push((
            browser,
            page.attributes("a[rel=next]", "href").pop().unwrap(),
            page.texts(".request__ref"),
        ));
    }
    let foreign = lists[1].1.clone();
    let (ines, own, first) = &mut lists[0];
    assert_eq!(ines.get(&foreign).await.texts(".request__ref"), *first);
    assert_ne!(ines.get(own).await.texts(".request__ref"), *first);
    let of_another_filter = own.replace("status=all", "status=open");
    let open = ines.get("/?status=open").await.texts(".request__ref");
    assert_eq!(
        ines.get(&of_another_filter).await.texts(".request__ref"),
        open
    );
}

#[tokio::test]
async fn methods_that_no_route_has_are_refused_with_a_page() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    for path in ["/", "/threads/new", "/threads/T-34"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let page = ines.send(method.clone(), path, Body::empty(), &[]).await;
            assert_eq!(
                page.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}"
            );
            assert!(page.body.contains("<h1>"));
        }
    }
}

#[tokio::test]
async fn words_typed_for_one_team_are_not_told_another() {
    let app = TestApp::start().await;
    let mut lena = app.browser();
    lena.hand_off(&app.sign(&app.claims("usr_lena", 0))).await;
    let form = lena.get("/threads/new").await;
    // In another tab she goes to her other team.
    lena.hand_off(&app.sign(&app.claims("usr_lena", 1))).await;
    let fields = [
        ("title", "For one team"),
        ("message", "Confidential"),
        ("submission", &form.field("submission")),
        ("tenant", &form.field("tenant")),
    ];
    let answer = lena.post("/api/ask", &fields).await;
    let kept = lena.follow(&answer).await;
    assert!(kept.text("[role=alert]").contains("another team"));
    assert_eq!(kept.field("message"), "Confidential");
    assert_eq!(app.threads_titled("For one team").await, 0);
    // She wants it so.
    let again = [
        ("title", "For one team"),
        ("message", "Confidential"),
        ("submission", &kept.field("submission")),
        ("tenant", &kept.field("tenant")),
    ];
    let answer = lena.post("/api/ask", &again).await;
    assert_eq!(lena.follow(&answer).await.h1(), "For one team");
    assert_eq!(app.threads_titled("For one team").await, 1);
}

#[tokio::test]
async fn an_answer_without_a_place_is_given_back() {
    let app = TestApp::start().await;
    let mut lena = app.browser();
    lena.hand_off(&app.sign(&app.claims("usr_lena", 0))).await;
    let page = lena.get("/threads/T-29").await;
    lena.hand_off(&app.sign(&app.claims("usr_lena", 1))).await;
    let text = "A long answer\n</textarea><b>x";
    let fields = [
        ("thread_id", page.field("thread_id")),
        ("submission", page.field("submission")),
        ("text", text.to_owned()),
    ];
    let lost = lena
        .post(
            "/api/reply",
            &fields
                .each_ref()
                .map(|(name, value)| (*name, value.as_str())),
        )
        .await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    let given = lost
        .html()
        .select(&scraper::Selector::parse("textarea[readonly]").unwrap())
        .next()
        .unwrap()
        .text()
        .collect::<String>();
    assert_eq!(given.trim_start_matches('\n'), text);
    assert!(lost.attributes("form[action^='/api']", "action").is_empty());
    assert!(lena.get("/threads/T-29").await.status == StatusCode::NOT_FOUND);
}
