//! What of Plain's reaches a browser or the log: every text that Plain answers says which field it comes from, and the
//! fields that are found outside are held against docs/security.md.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write as _,
};

use plain_portal::sandbox::{canary::PREFIX, faults::Fault, seed::PEOPLE};

use serde_json::{Value, json};

use crate::{
    app::{Browser, Page, TestApp, submission},
    secrets::Log,
};

const PATH: &str = "docs/security.md";
const UPDATE: &str = "UPDATE_DOCS=1 cargo test --features ssr --test portal canary";
const BEGIN: &str = "<!-- what reaches a browser: begin -->\n";
const END: &str = "<!-- what reaches a browser: end -->\n";

/// The fields, as `Type.field`, whose values stand in this text.
fn found(text: &str, kept: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut fields: BTreeSet<String> = text
        .split(PREFIX)
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.');
            let name = &rest[..end.unwrap_or(rest.len())];
            let mut words = name.split('.');
            Some(format!("{}.{}", words.next()?, words.next()?))
        })
        .collect();
    for (value, of) in kept {
        if text.contains(value) {
            // One value that several fields had may stand there on behalf of any of them.
            fields.insert(of.iter().cloned().collect::<Vec<_>>().join(", "));
        }
    }
    fields
}

fn whole(page: &Page) -> String {
    format!("{:?}\n{}", page.headers, page.body)
}

/// Every page that can be reached by links from the front page, and what the forms answer.
async fn crawl(browser: &mut Browser) -> Vec<Page> {
    let mut waiting: VecDeque<String> = [
        "/",
        "/?status=all",
        "/?status=all&q=ca",
        "/?who=mine",
        "/nowhere",
    ]
    .map(str::to_owned)
    .into();
    let mut known: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut pages = vec![];
    while let Some(path) = waiting.pop_front() {
        let page = browser.get(&path).await;
        let links = page.attributes("a[href]", "href");
        for link in links.into_iter().filter(|link| link.starts_with('/')) {
            let link = link.split('#').next().unwrap().to_owned();
            if known.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
        pages.push(page);
    }
    pages
}

/// Answers, asks, solves: once as it should be, once refused.
async fn write(app: &TestApp, browser: &mut Browser, thread: &str) -> Vec<Page> {
    let mut pages = vec![];
    for refused in [false, true] {
        let fields: [(&str, &[(&str, &str)]); 3] = [
            (
                "/api/reply",
                &[("thread_id", thread), ("text", "An answer")],
            ),
            (
                "/api/ask",
                &[("title", "A question"), ("message", "In full")],
            ),
            (
                "/api/set-status",
                &[("thread_id", thread), ("status", "done")],
            ),
        ];
        for (path, fields) in fields {
            if refused {
                let fault = "refusal,code=input_validation,on=mutations,times=1";
                app.sandbox.inject(fault.parse::<Fault>().unwrap());
            }
            let id = submission();
            let fields = [fields, &[("submission", id.as_str())]].concat();
            let page = browser.post(path, &fields).await;
            if page.status.is_redirection() {
                pages.push(browser.follow(&page).await);
            }
            pages.push(page);
            app.sandbox.clear_faults();
        }
    }
    pages
}

/// A request with every kind of component that a form may send.
async fn with_every_component(app: &TestApp, external_id: &str, tenant: &str) {
    let query = "mutation ($input: CreateThreadInput!) { createThread(input: $input) { error { message } } }";
    let components = json!([
        { "componentText": { "text": "x" } },
        { "componentPlainText": { "plainText": "x" } },
        { "componentBadge": { "badgeLabel": "x" } },
        { "componentCopyButton": { "copyButtonValue": "x", "copyButtonTooltipLabel": "x" } },
        { "componentLinkButton": { "linkButtonLabel": "x", "linkButtonUrl": "https://host.example/" } },
        { "componentDivider": { "dividerSpacingSize": "M" } },
        { "componentRow": {
            "rowMainContent": [{ "componentText": { "text": "x" } }],
            "rowAsideContent": [{ "componentBadge": { "badgeLabel": "x" } }],
        } },
    ]);
    let input = json!({
        "title": "Every component",
        "customerIdentifier": { "externalId": external_id },
        "tenantIdentifier": { "externalId": tenant },
        "components": components,
    });
    let answer = app.plain(query, json!({ "input": input })).await;
    assert_eq!(answer["createThread"]["error"], Value::Null);
}

fn table(seen: &BTreeMap<String, [bool; 2]>) -> String {
    let mut text = String::from("| Plain's field | in a page | in the log |\n|---|---|---|\n");
    let yes = |there: bool| if there { "yes" } else { "" };
    for (field, [page, log]) in seen {
        writeln!(text, "| `{field}` | {} | {} |", yes(*page), yes(*log)).unwrap();
    }
    text
}

#[tokio::test(flavor = "current_thread")]
async fn canary() {
    let log = Log::default();
    let _guard = log.listen("plain_portal=trace,info");

    let app = TestApp::start().await;
    with_every_component(&app, PEOPLE[0].external_id, PEOPLE[0].tenants[0].0).await;
    assert!(app.sandbox.add_every_kind("T-34"));
    app.sandbox.behave(|it| it.canaries = true);
    let mut pages = vec![];
    for person in PEOPLE {
        let mut browser = app.signed_in(person.external_id).await;
        let seen = crawl(&mut browser).await;
        let mut links = seen
            .iter()
            .flat_map(|page| page.attributes("main a", "href"));
        let thread = links.find_map(|link| Some(link.strip_prefix("/threads/th_")?.to_owned()));
        pages.extend(seen.clone());
        if let Some(thread) = thread {
            let thread = format!("th_{}", thread.split(['?', '#']).next().unwrap());
            pages.extend(write(&app, &mut browser, &thread).await);
        }
        pages.extend(crawl(&mut browser).await);
    }

    let kept = app.sandbox.kept_values();
    let mut seen: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for page in &pages {
        for field in found(&whole(page), &kept) {
            seen.entry(field).or_default()[0] = true;
        }
    }
    for field in found(&log.text(), &kept) {
        seen.entry(field).or_default()[1] = true;
    }
    assert!(
        seen.contains_key("Thread.title"),
        "the canaries are there: {seen:?}"
    );

    let table = table(&seen);
    let document = std::fs::read_to_string(PATH).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let updated = [before, BEGIN, &table, END, after].concat();
        std::fs::write(PATH, updated).unwrap();
        return;
    }
    assert!(
        written == table,
        "{PATH} says otherwise; when each line is meant: {UPDATE}\n{table}"
    );
}
