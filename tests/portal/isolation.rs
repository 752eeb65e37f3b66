//! A tenant never sees another's: a table of every page and server function × who asks × whose it is.

use std::{collections::BTreeSet, time::Duration};

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::axum::server_fn_paths;
use plain_portal::{
    identity::token::TenantClaim,
    sandbox::Seed,
    serve::{PAGE_ROUTES, PLAIN_ROUTES},
};
use serde_json::{Value, json};

use crate::{
    app::{Browser, Page, TestApp, submission},
    downloads::send_file,
    members::{mark_as_spam, take_out},
    sessions::expire_all,
    uploads,
};

/// What a route lets happen.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    /// Shows or changes the thread that its address or form names.
    OneThread,
    /// Gives a file that the rest of its address names, if it belongs there.
    File,
    /// Shows or makes only what is the viewer's own.
    Own,
    /// Leads to one of the viewer's own teams.
    Team,
    /// Takes a file into the viewer's own form.
    Upload,
    /// Needs no session.
    Public,
}

/// Every route. `{id}` stands for the thread in question.
const TABLE: &[(&str, &str, Kind)] = &[
    ("GET", "/", Kind::Own),
    ("GET", "/threads/new", Kind::Own),
    ("GET", "/threads/{id}", Kind::OneThread),
    (
        "GET",
        "/threads/{id}/entries/{entry}/attachments/{attachment}",
        Kind::File,
    ),
    ("POST", "/api/ask", Kind::Own),
    ("POST", "/api/reply", Kind::OneThread),
    ("POST", "/api/set-status", Kind::OneThread),
    ("POST", "/api/discard", Kind::Own),
    ("POST", "/api/switch-team", Kind::Team),
    ("POST", "/api/files", Kind::Upload),
    ("POST", "/api/files/remove", Kind::Own),
    ("GET", "/auth/handoff", Kind::Public),
    ("POST", "/auth/handoff", Kind::Public),
    ("POST", "/auth/sign-out", Kind::Public),
    ("GET", "/healthz", Kind::Public),
    ("GET", "/readyz", Kind::Public),
    ("GET", "/favicon.svg", Kind::Public),
    ("POST", "/webhooks/plain", Kind::Public),
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
    if path == "/api/files" {
        return uploads::add(browser, &id, "Isolation test.txt", b"x").await;
    }
    let fields = [
        ("thread_id", thread),
        ("text", "Isolation test"),
        ("title", "Isolation test"),
        ("message", "Isolation test"),
        ("status", "done"),
        ("submission", &id),
        ("tenant", NORTHWIND),
    ];
    browser.post(&path, &fields).await
}

const NORTHWIND: &str = "acct_northwind";
const HALDEN: &str = "acct_halden";
const MORA: &str = "acct_mora";

/// Who asks.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Who {
    Nobody,
    Forged,
    Tampered,
    Idle,
    TooOld,
    SignedOut,
    Asker,
    Colleague,
    OtherTenant,
    /// Belongs to the asker's tenant as well, and is signed in to the other one.
    WrongTeam,
    /// The asker, whom support has taken out of the team since.
    Removed,
    /// The asker, whom support has marked as spam since.
    Spam,
}

impl Who {
    const EVERY: [Self; 12] = [
        Self::Nobody,
        Self::Forged,
        Self::Tampered,
        Self::Idle,
        Self::TooOld,
        Self::SignedOut,
        Self::Asker,
        Self::Colleague,
        Self::OtherTenant,
        Self::WrongTeam,
        Self::Removed,
        Self::Spam,
    ];

    /// Whose requests they see.
    fn tenant(self) -> Option<&'static str> {
        match self {
            Self::Asker | Self::Colleague | Self::Spam => Some(NORTHWIND),
            Self::OtherTenant => Some(HALDEN),
            Self::WrongTeam => Some(MORA),
            _ => None,
        }
    }

    /// A portal, and their browser at it.
    async fn come(self) -> (TestApp, Browser) {
        let app = TestApp::configured(
            Seed::Story,
            |settings| {
                if self == Self::TooOld {
                    settings.session_max = Some("1ns".into());
                }
            },
            |config| {
                if matches!(self, Self::Removed | Self::Spam) {
                    config.recheck = Duration::ZERO;
                }
            },
        )
        .await;
        let forged = |cookie: &str| app.browser().with_cookie(cookie);
        let browser = match self {
            Self::Nobody => app.browser(),
            Self::Forged => forged("__Host-portal=AAAAAAAAAAAAAAAAAAAAAA"),
            Self::Tampered => {
                let mut cookie = app.signed_in("usr_ines").await.cookie.unwrap();
                let last = if cookie.pop() == Some('A') { 'Q' } else { 'A' };
                forged(&format!("{cookie}{last}"))
            }
            Self::Idle => {
                let browser = app.signed_in("usr_ines").await;
                expire_all(&app).await;
                browser
            }
            Self::SignedOut => {
                let browser = app.signed_in("usr_ines").await;
                browser.clone().post("/auth/sign-out", &[]).await;
                browser
            }
            Self::TooOld | Self::Asker => app.signed_in("usr_ines").await,
            Self::Removed => {
                let browser = app.signed_in("usr_ines").await;
                take_out(&app, "usr_ines", NORTHWIND).await;
                browser
            }
            Self::Spam => {
                let browser = app.signed_in("usr_ines").await;
                mark_as_spam(&app, "usr_ines").await;
                browser
            }
            Self::Colleague => app.signed_in("usr_tom").await,
            Self::OtherTenant => app.signed_in("usr_magnus").await,
            Self::WrongTeam => {
                let mut claims = app.claims("usr_lena", 1);
                claims.tenants = vec![tenant(NORTHWIND)];
                let mut browser = app.browser();
                browser.hand_off(&app.sign(&claims)).await;
                browser
            }
        };
        (app, browser)
    }
}

fn tenant(external_id: &str) -> TenantClaim {
    TenantClaim {
        external_id: external_id.into(),
        name: None,
    }
}

/// What is asked for.
#[derive(Debug)]
struct Thing {
    what: &'static str,
    /// What an address or a form names it by.
    keys: Vec<String>,
    /// The tenant that sees it.
    tenant: Option<&'static str>,
    /// Words of another tenant's that Plain has in it all the same.
    hidden: Option<&'static str>,
}

/// Everything that an address may name, the same in every portal of this test.
async fn things(app: &TestApp) -> Vec<Thing> {
    let thread = async |what, reference: &str, tenant| Thing {
        what,
        keys: vec![reference.to_owned(), app.thread_id(reference).await],
        tenant,
        hidden: None,
    };
    let by_title = async |title: &str| {
        let query = "query { threads(first: 100) { edges { node { ref title } } } }";
        let answer = app.plain(query, json!({})).await;
        let edges = answer["threads"]["edges"].as_array().unwrap().clone();
        let mut nodes = edges.into_iter().map(|mut edge| edge["node"].take());
        let node = nodes.find(|node| node["title"] == title).unwrap();
        node["ref"].as_str().unwrap().to_owned()
    };
    let ask = async |title: &str, external_id: &str, tenant: &str| {
        let query = "mutation ($input: CreateThreadInput!) { createThread(input: $input) { thread { ref } } }";
        let input = json!({
            "title": title,
            "customerIdentifier": { "externalId": external_id },
            "tenantIdentifier": { "externalId": tenant },
            "components": [{ "componentText": { "text": "Isolation" } }],
        });
        let mut answer = app.plain(query, json!({ "input": input })).await;
        let reference = answer["createThread"]["thread"]["ref"].take();
        reference.as_str().unwrap().to_owned()
    };
    let own = "what is one's own";
    let colleagues = ask("A colleague's", "usr_priya", NORTHWIND).await;
    let mut things = vec![
        thread(own, "T-34", Some(NORTHWIND)).await,
        thread("a colleague's", &colleagues, Some(NORTHWIND)).await,
        thread("another tenant's", "T-30", Some(HALDEN)).await,
        thread("a thread without a tenant", "T-26", None).await,
        thread("a thread of the channel INTERNAL", "T-16", None).await,
    ];

    let merged = by_title("Job list takes 20 seconds to open").await;
    let mut merged = thread(
        "a thread with another tenant's merged into it",
        &merged,
        Some(NORTHWIND),
    )
    .await;
    merged.hidden = Some("Second try as the first");
    move_to(app, &merged.keys[1], NORTHWIND).await;
    things.push(merged);

    let moved = ask("Moved", "usr_tom", NORTHWIND).await;
    let moved = thread("a thread that has moved", &moved, Some(HALDEN)).await;
    move_to(app, &moved.keys[1], HALDEN).await;
    things.push(moved);

    let deleted = ask("Deleted", "usr_tom", NORTHWIND).await;
    let deleted = thread("a deleted thread", &deleted, None).await;
    let query =
        "mutation ($input: DeleteThreadInput!) { deleteThread(input: $input) { error { code } } }";
    let answer = app
        .plain(query, json!({ "input": { "threadId": deleted.keys[1] } }))
        .await;
    assert_eq!(answer["deleteThread"]["error"], Value::Null);
    things.push(deleted);

    let entry = app.thread("T-34").await["timelineEntries"]["edges"][0]["node"]["id"].take();
    let customer = app
        .plain(
            "query { customerByExternalId(externalId: \"usr_ines\") { id } }",
            json!({}),
        )
        .await;
    let others = |what, keys: &[&str]| Thing {
        what,
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        tenant: None,
        hidden: None,
    };
    let ids = [&entry, &customer["customerByExternalId"]["id"]].map(|id| id.as_str().unwrap());
    things.push(others("an id of another type", &ids));
    things.push(others(
        "what has never been",
        &["th_01ARZ3NDEKTSV4RRFFQ69G5FAV", "T-99999"],
    ));
    things.push(others(
        "what is no id",
        &["th_", "th_x'%22%3E", "rubbish", "T-"],
    ));
    things
}

async fn move_to(app: &TestApp, thread_id: &str, tenant: &str) {
    let query = "mutation ($input: UpdateThreadTenantInput!) { updateThreadTenant(input: $input) { error { code } } }";
    let input = json!({ "threadId": thread_id, "tenantIdentifier": { "externalId": tenant } });
    let answer = app.plain(query, json!({ "input": input })).await;
    assert_eq!(answer["updateThreadTenant"]["error"], Value::Null);
}

/// What Plain has of things that somebody does not see: it must not change.
async fn unseen(app: &TestApp, things: &[Thing], who: Who) -> Vec<Value> {
    let mut threads = vec![];
    for thing in things
        .iter()
        .filter(|thing| who == Who::Spam || thing.tenant.is_none() || thing.tenant != who.tenant())
    {
        let reference = thing
            .keys
            .iter()
            .find(|key| key.starts_with("T-") && key.len() > 2);
        if let Some(reference) = reference {
            threads.push(app.thread(reference).await);
        }
    }
    threads
}

/// An answer as one would compare it with another: all but the nonce and the request's id.
fn comparable(page: &Page) -> String {
    let differs = ["x-request-id", "content-security-policy", "set-cookie"];
    let headers = page.headers.iter();
    // In an order of their own: theirs depends on whether the session's cookie was due.
    let headers: BTreeSet<_> = headers
        .filter(|(name, _)| !differs.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    format!("{headers:?}\n{}", page.without_nonce())
}

#[tokio::test]
async fn nobody_sees_or_changes_what_is_not_theirs() {
    let rows = futures::future::join_all(Who::EVERY.map(row)).await;
    let cells: usize = rows.into_iter().sum();
    assert!(cells > 1000, "only {cells} cells");
}

/// Everything that one kind of person may try; how many cells of the table that makes.
async fn row(who: Who) -> usize {
    let (app, browser) = who.come().await;
    let things = things(&app).await;
    let files = [
        send_file(&app, "usr_tom", NORTHWIND, "own.txt", b"own").await,
        send_file(&app, "usr_magnus", HALDEN, "foreign.txt", b"foreign").await,
    ];
    let before = unseen(&app, &things, who).await;
    app.calls();
    let mut cells = 0;
    for (method, path, kind) in TABLE {
        // Who may go to a team is somebody else afterwards: tests/portal/switching.rs.
        let switches = *kind == Kind::Team && matches!(who, Who::WrongTeam | Who::Removed);
        if *kind == Kind::Public || switches {
            continue;
        }
        let mut denied = BTreeSet::new();
        for thing in &things {
            for key in &thing.keys {
                let [_, entry, file] = parts(&files[0]);
                let path = path.replace("{entry}", entry);
                let path = path.replace("{attachment}", file);
                let page = ask(&mut browser.clone(), method, &path, key).await;
                let sees = match kind {
                    Kind::File => false,
                    Kind::Team => who.tenant() == Some(NORTHWIND),
                    _ => thing.tenant.is_some() && thing.tenant == who.tenant(),
                };
                let wanted = match (who.tenant(), kind, *method) {
                    _ if who == Who::Removed => StatusCode::FORBIDDEN,
                    (None, ..) => StatusCode::UNAUTHORIZED,
                    (Some(_), Kind::OneThread | Kind::Team | Kind::File, _) if !sees => {
                        StatusCode::NOT_FOUND
                    }
                    (Some(_), Kind::Upload, _) if who == Who::Spam => StatusCode::FORBIDDEN,
                    (Some(_), _, "GET") | (Some(_), Kind::Upload, _) => StatusCode::OK,
                    (Some(_), ..) => StatusCode::SEE_OTHER,
                };
                let cell = format!("{who:?} {method} {path}: {} ({key})", thing.what);
                assert_eq!(page.status, wanted, "{cell}");
                if let Some(hidden) = thing.hidden {
                    assert!(!page.body.contains(hidden), "{cell}");
                }
                if wanted == StatusCode::NOT_FOUND {
                    denied.insert(comparable(&page));
                }
                cells += 1;
            }
        }
        if *kind == Kind::File {
            cells += ways_to_files(&browser, who, &files, &mut denied).await;
        }
        assert!(denied.len() <= 1, "{who:?} {method} {path}: {denied:#?}");
    }
    if who.tenant().is_none() && who != Who::Removed {
        assert_eq!(
            app.calls(),
            Vec::<String>::new(),
            "{who:?}: nobody asked Plain"
        );
    }
    assert_eq!(
        unseen(&app, &things, who).await,
        before,
        "{who:?}: nothing was changed"
    );
    cells
}

/// The thread, the entry and the file of a way to a file.
fn parts(way: &str) -> [&str; 3] {
    let parts: Vec<&str> = way.split('/').collect();
    [parts[2], parts[4], parts[6]]
}

/// Every mixture of the ways to two tenants' files: only a whole way leads anywhere, and only for those whose it is.
async fn ways_to_files(
    browser: &Browser,
    who: Who,
    files: &[String; 2],
    denied: &mut BTreeSet<String>,
) -> usize {
    let whose = [(NORTHWIND, "own"), (HALDEN, "foreign")];
    let mixtures = (0..8).map(|bits| [bits & 1, bits >> 1 & 1, bits >> 2 & 1]);
    for [thread, entry, file] in mixtures {
        let way = format!(
            "/threads/{}/entries/{}/attachments/{}",
            parts(&files[thread])[0],
            parts(&files[entry])[1],
            parts(&files[file])[2],
        );
        let page = browser.clone().get(&way).await;
        let (tenant, contents) = whose[thread];
        let leads_there = thread == entry && entry == file && who.tenant() == Some(tenant);
        let wanted = match who.tenant() {
            _ if who == Who::Removed => StatusCode::FORBIDDEN,
            None => StatusCode::UNAUTHORIZED,
            Some(_) if leads_there => StatusCode::OK,
            Some(_) => StatusCode::NOT_FOUND,
        };
        assert_eq!(page.status, wanted, "{who:?} {way}");
        assert_eq!(page.body == contents, leads_there, "{who:?} {way}");
        if wanted == StatusCode::NOT_FOUND {
            denied.insert(comparable(&page));
        }
    }
    8
}

#[tokio::test]
async fn a_thread_that_moves_while_it_is_open_is_gone_and_the_words_are_not() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let form = ines.get("/threads/T-34").await;
    let id = form.field("thread_id");
    move_to(&app, &id, HALDEN).await;
    let before = app.thread("T-34").await;
    let fields = [
        ("thread_id", id.as_str()),
        ("submission", &form.field("submission")),
        ("text", "Words for a place that has gone"),
    ];
    let answer = ines.post("/api/reply", &fields).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("Words for a place that has gone"));
    let done = [("thread_id", id.as_str()), ("status", "done")];
    let answer = ines.post("/api/set-status", &done).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(
        ines.get("/threads/T-34").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(app.thread("T-34").await, before);
}

#[tokio::test]
async fn another_persons_submission_says_nothing_and_cannot_be_discarded() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let (sent, refused) = (submission(), submission());
    let asked = [
        ("title", "Arrived"),
        ("message", "x"),
        ("submission", sent.as_str()),
    ];
    ines.post("/api/ask", &asked).await;
    let kept = [
        ("title", ""),
        ("message", "Words that wait"),
        ("submission", refused.as_str()),
    ];
    ines.post("/api/ask", &kept).await;
    for who in ["usr_tom", "usr_magnus"] {
        let mut other = app.signed_in(who).await;
        let fresh = other.get("/threads/new").await;
        for id in [&sent, &refused] {
            let page = other.get(&format!("/threads/new?sent={id}")).await;
            assert_eq!(page.status, StatusCode::OK, "{who}");
            assert!(!page.body.contains("Words that wait"), "{who}");
            assert_eq!(page.texts("h1, h2, p"), fresh.texts("h1, h2, p"), "{who}");
            other.post("/api/discard", &[("submission", id)]).await;
        }
    }
    let there = ines.get("/threads/new").await;
    assert_eq!(there.field("message"), "Words that wait");
    let arrived = ines.get(&format!("/threads/new?sent={sent}")).await;
    assert_eq!(arrived.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_foreign_cursor_is_no_cursor() {
    let seed = Seed::Bulk {
        threads: 120,
        tenants: 2,
    };
    let app = TestApp::with(seed, |_| {}).await;
    let mut lists = vec![];
    for (person, team) in [
        ("usr_ines", "bulk_0"),
        ("usr_tom", "bulk_0"),
        ("usr_magnus", "bulk_1"),
    ] {
        let mut claims = app.claims(person, 0);
        claims.tenant = Some(tenant(team));
        let mut browser = app.browser();
        browser.hand_off(&app.sign(&claims)).await;
        let page = browser.get("/?status=all").await;
        let next = page.attributes("a[rel=next]", "href").pop().unwrap();
        lists.push((browser, next, page.texts(".request__ref")));
    }
    let (ines, own, first) = lists[0].clone();
    let mut ines = ines;
    for (_, foreign, _) in &lists[1..] {
        assert_eq!(ines.get(foreign).await.texts(".request__ref"), first);
        let back = foreign.replace("after=", "before=");
        assert_eq!(ines.get(&back).await.texts(".request__ref"), first);
    }
    assert_ne!(ines.get(&own).await.texts(".request__ref"), first);
    let of_another_filter = own.replace("status=all", "status=open");
    let open = ines.get("/?status=open").await.texts(".request__ref");
    assert_eq!(
        ines.get(&of_another_filter).await.texts(".request__ref"),
        open
    );

    // A list's cursor is none of a conversation's either.
    let id = ines
        .get("/")
        .await
        .attributes("main a[href^='/threads/th_']", "href")
        .remove(0);
    let whole = ines.get(&id).await;
    let cursor = own.split("after=").nth(1).unwrap();
    let path = id.split('#').next().unwrap();
    let with_cursor = ines.get(&format!("{path}?before={cursor}")).await;
    assert_eq!(with_cursor.texts("article"), whole.texts("article"));
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
