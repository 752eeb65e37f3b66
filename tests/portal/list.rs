//! The list: what waits first, whose requests, order, and the links between.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::app::{Browser, Page, TestApp, submission};

pub fn refs(page: &Page) -> Vec<String> {
    page.texts(".request__ref")
}

pub fn set(refs: &[String]) -> BTreeSet<&String> {
    refs.iter().collect()
}

/// The references in the section whose heading has this id.
fn refs_below(page: &Page, heading: &str) -> Vec<String> {
    page.texts(&format!("[aria-labelledby={heading}] .request__ref"))
}

/// As many threads as the sandbox makes for load tests, and a browser of their customer's team.
pub async fn bulk(threads: usize) -> (TestApp, Browser) {
    let app = TestApp::with(
        Seed::Bulk {
            threads,
            tenants: 1,
        },
        |_| {},
    )
    .await;
    let mut claims = app.claims("usr_ines", 0);
    claims.tenant.as_mut().unwrap().external_id = "bulk_0".into();
    let mut browser = app.browser();
    browser.hand_off(&app.sign(&claims)).await;
    (app, browser)
}

/// The support team now waits for the customer.
async fn wait_for_customer(app: &TestApp, reference: &str) {
    let query = "mutation ($input: SnoozeThreadInput!) { snoozeThread(input: $input) { error { message } } }";
    let input = json!({ "threadId": app.thread_id(reference).await, "statusDetail": "WAITING_FOR_CUSTOMER" });
    let answer = app.plain(query, json!({ "input": input })).await;
    assert_eq!(answer["snoozeThread"]["error"], Value::Null);
}

#[tokio::test]
async fn what_waits_for_the_customer_comes_first_and_is_counted() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/").await;
    assert_eq!(page.text("title"), "(1) Your requests · Support");
    assert_eq!(page.text("#waiting-title"), "Waiting for you (1)");
    assert_eq!(refs_below(&page, "waiting-title"), ["T-29"]);
    assert_eq!(page.text("#list-title"), "Open");
    let open = refs(&ines.get("/?status=open").await);
    assert_eq!(refs_below(&page, "list-title"), open);
    assert_eq!(refs(&page), [vec!["T-29".to_owned()], open].concat());

    wait_for_customer(&app, "T-34").await;
    let page = ines.get("/").await;
    assert_eq!(page.text("title"), "(2) Your requests · Support");
    assert_eq!(refs_below(&page, "waiting-title"), ["T-34", "T-29"]);
    assert!(!refs_below(&page, "list-title").contains(&"T-34".to_owned()));

    // Elsewhere nothing is taken out of its order.
    let all = ines.get("/?status=all").await;
    assert!(all.texts("#waiting-title").is_empty());
    assert!(refs(&all).contains(&"T-34".to_owned()));
    assert_eq!(all.text("title"), "Your requests · Support");
}

#[tokio::test]
async fn where_nothing_waits_there_is_no_section_and_no_count() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let id = app.thread_id("T-29").await;
    ines.post("/api/set-status", &[("thread_id", &id), ("status", "done")])
        .await;
    let page = ines.get("/").await;
    assert_eq!(page.text("title"), "Your requests · Support");
    assert!(page.texts("#waiting-title, #list-title").is_empty());
    assert!(!refs(&page).is_empty());
}

#[tokio::test]
async fn what_the_customer_may_not_see_is_not_counted() {
    let app = TestApp::start().await;
    let mut magnus = app.signed_in("usr_magnus").await;
    let before = magnus.get("/").await;
    let waiting = refs_below(&before, "waiting-title");
    // T-16 is internal, and of Magnus's own tenant.
    wait_for_customer(&app, "T-16").await;
    let after = magnus.get("/").await;
    assert_eq!(refs_below(&after, "waiting-title"), waiting);
    assert_eq!(after.text("title"), before.text("title"));
    assert_eq!(
        after.text("#waiting-title"),
        format!("Waiting for you ({})", waiting.len())
    );
}

#[tokio::test]
async fn more_than_a_page_that_waits_is_counted_as_such_and_linked() {
    let (_app, mut browser) = bulk(240).await;
    let page = browser.get("/").await;
    assert_eq!(page.text("title"), "(25+) Your requests · Support");
    assert_eq!(page.text("#waiting-title"), "Waiting for you (25+)");
    assert_eq!(refs_below(&page, "waiting-title").len(), 25);
    let all = page.attributes("[aria-labelledby=waiting-title] > p a", "href");
    assert_eq!(all, ["/?status=waiting"]);

    let next = page.attributes("a[rel=next]", "href").pop().unwrap();
    let second = browser.get(&next).await;
    assert!(second.texts("#waiting-title").is_empty());
    assert_eq!(second.text("title"), "(25+) Your requests · Support");
    assert_eq!(second.texts(".status"), vec!["Open"; 25]);
    let back = second.attributes("a[rel=prev]", "href").pop().unwrap();
    let first = browser.get(&back).await;
    assert_eq!(
        refs(&first),
        refs(&page),
        "the first page is the first page"
    );
    assert!(first.attributes("a[rel=prev]", "href").is_empty());
}

#[tokio::test]
async fn mine_are_those_that_i_asked() {
    let app = TestApp::start().await;
    let mut priya = app.signed_in("usr_priya").await;
    let all = priya.get("/?status=all").await;
    let mine = priya.get("/?status=all&who=mine").await;
    let asked_by = all.texts(".request__meta span:last-child");
    let own: Vec<String> = refs(&all)
        .into_iter()
        .zip(asked_by)
        .filter(|(_, by)| by == "Asked by you")
        .map(|(reference, _)| reference)
        .collect();
    assert!(!own.is_empty() && own.len() < refs(&all).len());
    assert_eq!(refs(&mine), own);
    assert_eq!(mine.attributes("#who option[selected]", "value"), ["mine"]);

    // T-29 is Priya's, and waits; for Ines, it is a colleague's.
    let page = priya.get("/?who=mine").await;
    assert_eq!(page.text("title"), "(1) Your requests · Support");
    assert_eq!(refs_below(&page, "waiting-title"), ["T-29"]);
    let page = app.signed_in("usr_ines").await.get("/?who=mine").await;
    assert_eq!(page.text("title"), "Your requests · Support");
    assert!(!refs(&page).is_empty() && !refs(&page).contains(&"T-29".to_owned()));
}

#[tokio::test]
async fn each_order_is_the_order_that_it_says() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    // What tells the orders apart: an old one is done now, and another one was answered.
    let done = [("thread_id", "T-29"), ("status", "done")];
    ines.post("/api/set-status", &done).await;
    let fields = [
        ("thread_id", "T-6"),
        ("text", "Still so."),
        ("submission", &submission()),
    ];
    ines.post("/api/reply", &fields).await;

    let query = "query { threads(first: 100) { edges { node { ref createdAt { iso8601 } statusChangedAt { iso8601 }
        lastInboundMessageInfo { timestamp { iso8601 } } } } } }";
    let threads = app.plain(query, json!({})).await;
    let threads: Vec<Value> = threads["threads"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"].clone())
        .collect();
    let mut orders = BTreeSet::new();
    for (sort, time) in [
        ("newest", "/createdAt/iso8601"),
        ("status", "/statusChangedAt/iso8601"),
        (
            "my-last-message",
            "/lastInboundMessageInfo/timestamp/iso8601",
        ),
    ] {
        let page = ines.get(&format!("/?status=all&sort={sort}")).await;
        let shown = refs(&page);
        let times: Vec<String> = shown
            .iter()
            .map(|reference| {
                let thread = threads.iter().find(|it| it["ref"] == **reference).unwrap();
                thread.pointer(time).unwrap().as_str().unwrap().to_owned()
            })
            .collect();
        assert!(times.is_sorted_by(|a, b| a >= b), "{sort}: {times:?}");
        assert_eq!(page.attributes("#sort option[selected]", "value"), [sort]);
        orders.insert(shown);
    }
    assert_eq!(orders.len(), 3);
}

#[tokio::test]
async fn links_change_one_thing_and_keep_the_others() {
    let (_app, mut browser) = bulk(120).await;
    let address = "/?status=all&who=team&sort=my-last-message";
    let page = browser.get(address).await;
    let next = page.attributes("a[rel=next]", "href").pop().unwrap();
    assert!(
        next.starts_with("/?status=all&sort=my-last-message&after="),
        "{next}"
    );
    for (words, href) in page
        .texts(".filters a")
        .into_iter()
        .zip(page.attributes(".filters a", "href"))
    {
        let status = match words.as_str() {
            "Open and waiting" => "",
            "Open" => "status=open&",
            "Waiting for you" => "status=waiting&",
            "Done" => "status=done&",
            "All" => "status=all&",
            _ => panic!("{words}"),
        };
        assert_eq!(href, format!("/?{status}sort=my-last-message"));
    }
    assert_eq!(page.texts(".filters [aria-current]"), ["All"]);
}

#[tokio::test]
async fn each_empty_list_says_why() {
    let app = TestApp::with(Seed::Empty, |_| {}).await;
    let mut ines = app.signed_in("usr_ines").await;
    let mut sentences = BTreeSet::new();
    for who in ["team", "mine"] {
        for status in ["", "open", "waiting", "done", "all"] {
            let page = ines.get(&format!("/?who={who}&status={status}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert_eq!(page.text("title"), "Your requests · Support");
            sentences.insert(page.text(".empty p"));
            assert_eq!(page.attributes(".empty a", "href"), ["/threads/new"]);
        }
    }
    assert_eq!(sentences.len(), 10, "{sentences:?}");

    let only = [("title", "The only one"), ("message", "Hello")];
    ines.post("/api/ask", &only).await;
    let reference = refs(&ines.get("/").await).pop().unwrap();
    wait_for_customer(&app, &reference).await;
    let page = ines.get("/").await;
    assert_eq!(refs_below(&page, "waiting-title"), [reference]);
    assert_eq!(page.text(".empty p"), "Nothing else is open.");
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_query_and_person_only() {
    let (app, mut browser) = bulk(240).await;
    let query = "/?status=all&who=team&sort=newest&q=visit";
    for query in [query, &query.replace("&q=visit", "")] {
        let first = browser.get(query).await;
        let next = first.attributes("a[rel=next]", "href").pop().unwrap();
        let (_, cursor) = next.split_once("after=").unwrap();
        let second = refs(&browser.get(&format!("{query}&after={cursor}")).await);
        assert_eq!(second.len(), 25);
        assert!(set(&second).is_disjoint(&set(&refs(&first))));
        for other in [
            query.replace("all", "open"),
            query.replace("sort=newest", "sort=status"),
            query.replace("who=team", "who=mine"),
            query.replace("q=visit", "q=visits"),
            format!("{query}&q=phones"),
        ] {
            if other == query {
                continue;
            }
            let start = browser.get(&other).await;
            for name in ["after", "before"] {
                let page = browser.get(&format!("{other}&{name}={cursor}")).await;
                assert_eq!(page.status, StatusCode::OK);
                assert_eq!(refs(&page), refs(&start), "{other}&{name}");
                assert!(page.attributes("a[rel=prev]", "href").is_empty(), "{other}");
            }
        }
        let mut colleague = app.browser();
        let mut claims = app.claims("usr_tom", 0);
        claims.tenant.as_mut().unwrap().external_id = "bulk_0".into();
        colleague.hand_off(&app.sign(&claims)).await;
        let page = colleague.get(&format!("{query}&after={cursor}")).await;
        assert_eq!(refs(&page), refs(&first), "a colleague's cursor");
    }
}

#[tokio::test]
async fn each_view_of_the_list_asks_plain_once() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    app.calls();
    for (address, operation) in [
        ("/", "ThreadsAfterWaiting"),
        ("/?who=mine&sort=status", "ThreadsAfterWaiting"),
        ("/?status=done", "Threads"),
        ("/?status=waiting&who=mine", "Threads"),
        ("/?q=invoice", "SearchThreads"),
        ("/?status=all&who=mine&q=invoice", "SearchThreads"),
    ] {
        ines.get(address).await;
        assert_eq!(app.calls(), [operation], "{address}");
    }
}

#[tokio::test]
async fn the_form_works_by_itself_and_says_what_each_field_is() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/?status=done").await;
    assert_eq!(page.attributes(".list-form", "method"), ["get"]);
    assert_eq!(page.attributes(".list-form", "action"), ["/"]);
    assert_eq!(
        page.attributes(".list-form label", "for"),
        page.attributes(".list-form :is(input:not([type=hidden]), select)", "id")
    );
    assert_eq!(page.field("status"), "done");
    // As a browser sends it, with every field.
    let sent = ines.get("/?status=done&q=&who=team&sort=newest").await;
    assert_eq!(refs(&sent), refs(&page));
    assert!(!page.body.contains("<leptos-island"));
}
