//! Files of messages, through the whole portal and from the sandbox's store.

use axum::{
    body::{Body, Bytes},
    http::{Method, StatusCode},
};
use futures::stream;
use plain_portal::{
    plain::{self, attachments::NewFile, operations::AttachmentType},
    sandbox::{
        behaviour::VirusScan,
        faults::{Fault, Transfer},
    },
};
use serde_json::json;

use crate::app::{API_KEY, Browser, Page, TestApp};

/// The smallest picture that there is: one pixel.
pub const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
pub const WORDS: &[u8] = b"<!DOCTYPE html><script>alert(1)</script>";

/// Sends a file as a customer, in a new chat of their team's; returns the way to it.
pub async fn send_file(
    app: &TestApp,
    person: &str,
    tenant: &str,
    name: &str,
    contents: &'static [u8],
) -> String {
    let query = "query ($id: ID!) { customerByExternalId(externalId: $id) { id } }";
    let found = app.plain(query, json!({ "id": person })).await;
    let customer = found["customerByExternalId"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let url = app.sandbox.graphql_url().parse().unwrap();
    let client = plain::Client::new(url, API_KEY.into()).unwrap();
    let file = NewFile {
        name,
        size_bytes: contents.len() as u64,
        kind: AttachmentType::Chat,
    };
    let body = stream::iter([Ok(Bytes::from_static(contents))]);
    let id = client.upload(&customer, &file, body).await.unwrap();
    let query = "mutation ($input: CreateThreadInput!) { createThread(input: $input) { thread { id } error { message } } }";
    let input = json!({
        "title": "With a file", "channel": "CHAT", "customerIdentifier": { "customerId": customer },
        "tenantIdentifier": { "externalId": tenant }, "attachmentIds": [id],
        "components": [{ "componentText": { "text": "See below" } }],
    });
    let made = app.plain(query, json!({ "input": input })).await;
    let thread = made["createThread"]["thread"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let query = "query ($id: ID!) { thread(threadId: $id) { timelineEntries(first: 1) { edges { node { id } } } } }";
    let timeline = app.plain(query, json!({ "id": thread })).await;
    let entry = &timeline["thread"]["timelineEntries"]["edges"][0]["node"]["id"];
    let entry = entry.as_str().unwrap();
    app.calls();
    format!("/threads/{thread}/entries/{entry}/attachments/{id}")
}

pub async fn ines_sends(app: &TestApp, name: &str, contents: &'static [u8]) -> String {
    send_file(app, "usr_ines", "acct_northwind", name, contents).await
}

/// What the answer to a file's address comes to, in bytes.
pub async fn fetch(browser: &Browser, path: &str, headers: &[(&str, &str)]) -> Page {
    browser
        .clone()
        .send(Method::GET, path, Body::empty(), headers)
        .await
}

pub fn said<'a>(page: &'a Page, name: &str) -> &'a str {
    page.headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_page_links_to_the_files_of_its_messages() {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    let picture = ines_sends(&app, "<b>pixel</b>.gif", PIXEL).await;
    let thread = picture.split("/entries/").next().unwrap();
    let page = fetch(&ines, thread, &[]).await;
    assert_eq!(page.attributes(".attachment", "href"), [picture.as_str()]);
    assert_eq!(page.attributes(".attachment img", "src"), [picture]);
    assert_eq!(page.attributes(".attachment img", "loading"), ["lazy"]);
    assert_eq!(
        page.texts(".attachment"),
        ["<b>pixel</b>.gif Image, 43 bytes"]
    );
    let report = ines_sends(&app, "report.html", WORDS).await;
    let page = fetch(&ines, report.split("/entries/").next().unwrap(), &[]).await;
    assert_eq!(page.attributes(".attachment", "href"), [report]);
    assert_eq!(
        page.attributes(".attachment img", "src"),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_file_comes_whole_as_itself_and_harmless() {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    for (name, contents, kind, disposition) in [
        (
            "pixel.gif",
            PIXEL,
            "image/gif",
            "inline; filename=\"pixel.gif\"",
        ),
        (
            "pixel.exe.txt",
            PIXEL,
            "image/gif",
            "inline; filename=\"pixel.exe.txt\"",
        ),
        (
            "page.html",
            WORDS,
            "application/octet-stream",
            "attachment; filename=\"page.html\"",
        ),
        (
            "page.png",
            WORDS,
            "application/octet-stream",
            "attachment; filename=\"page.png\"",
        ),
        (
            "../ü\".svg",
            WORDS,
            "application/octet-stream",
            "attachment; filename=\"___.svg\"; filename*=UTF-8''_%C3%BC_.svg",
        ),
    ] {
        let way = ines_sends(&app, name, contents).await;
        let page = fetch(&ines, &way, &[("accept-encoding", "gzip, br")]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert_eq!(page.body, String::from_utf8_lossy(contents));
        let id = way.rsplit('/').next().unwrap();
        let cache = match disposition.starts_with("inline") {
            true => "private, max-age=300",
            false => "private, no-store",
        };
        for (header, value) in [
            ("content-type", kind),
            ("content-disposition", disposition),
            ("content-length", &contents.len().to_string()),
            (
                "content-security-policy",
                "sandbox; default-src 'none'; frame-ancestors 'none'",
            ),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", cache),
            ("accept-ranges", "bytes"),
            ("content-encoding", ""),
            ("etag", &format!("\"{id}\"")),
        ] {
            assert_eq!(said(&page, header), value, "{name}: {header}");
        }
        let calls = app.calls();
        assert_eq!(
            calls,
            [
                "ThreadById",
                "TimelineEntryById",
                "CreateAttachmentDownloadUrl",
                "download"
            ]
        );
    }
}

#[tokio::test]
async fn parts_and_heads_are_as_http_says() {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    let way = ines_sends(&app, "page.html", WORDS).await;
    let size = WORDS.len();
    let tag = format!("\"{}\"", way.rsplit('/').next().unwrap());
    let part = |first: usize, last: usize| {
        let range = format!("bytes {first}-{last}/{size}");
        (
            StatusCode::PARTIAL_CONTENT,
            WORDS[first..=last].to_vec(),
            range,
        )
    };
    let whole = || (StatusCode::OK, WORDS.to_vec(), String::new());
    for (range, if_range, (status, contents, content_range)) in [
        ("bytes=0-4", "", part(0, 4)),
        ("bytes=5-", "", part(5, size - 1)),
        ("bytes=-3", "", part(size - 3, size - 1)),
        ("bytes=5-999", "", part(5, size - 1)),
        ("bytes=5-9", tag.as_str(), part(5, 9)),
        ("bytes=5-9", "\"other\"", whole()),
        ("bytes=0-1,5-9", "", whole()),
        ("bytes=9-5", "", whole()),
        ("pages=1-2", "", whole()),
    ] {
        let mut headers = vec![("range", range)];
        if !if_range.is_empty() {
            headers.push(("if-range", if_range));
        }
        let page = fetch(&ines, &way, &headers).await;
        assert_eq!(page.status, status, "{range}");
        assert_eq!(page.body.as_bytes(), contents, "{range}");
        assert_eq!(said(&page, "content-range"), content_range, "{range}");
        assert_eq!(
            said(&page, "content-length"),
            contents.len().to_string(),
            "{range}"
        );
    }
    let beyond = fetch(&ines, &way, &[("range", "bytes=999-")]).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(said(&beyond, "content-range"), format!("bytes */{size}"));
    let head = ines
        .clone()
        .send(Method::HEAD, &way, Body::empty(), &[("range", "bytes=0-1")])
        .await;
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(said(&head, "content-length"), size.to_string());
}

#[tokio::test]
async fn a_picture_that_a_browser_has_is_not_fetched_again() {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    let way = ines_sends(&app, "pixel.gif", PIXEL).await;
    let first = fetch(&ines, &way, &[]).await;
    let tag = said(&first, "etag");
    let varies: Vec<_> = first.headers.get_all("vary").iter().collect();
    assert!(varies.iter().any(|name| *name == "cookie"), "{varies:?}");
    app.calls();
    let again = fetch(&ines, &way, &[("if-none-match", tag)]).await;
    assert_eq!(
        (again.status, again.body.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
    for name in ["etag", "cache-control"] {
        assert_eq!(said(&again, name), said(&first, name));
    }
    assert_eq!(app.calls(), ["ThreadById", "TimelineEntryById"]);
    // Who may not have it is told nothing by its tag.
    let magnus = app.signed_in("usr_magnus").await;
    let other = fetch(&magnus, &way, &[("if-none-match", tag)]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_large_picture_is_no_preview() {
    static LARGE: [u8; 2_000_001] = [b'x'; 2_000_001];
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    let way = ines_sends(&app, "large.png", &LARGE).await;
    let page = fetch(&ines, way.split("/entries/").next().unwrap(), &[]).await;
    assert_eq!(page.attributes(".attachment", "href"), [way]);
    let previews = page.attributes(".attachment img", "src");
    assert_eq!(previews, Vec::<String>::new());
}

#[tokio::test]
async fn a_file_is_had_by_its_own_way_alone() {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    let own = ines_sends(&app, "own.txt", WORDS).await;
    let second = ines_sends(&app, "second.txt", WORDS).await;
    let foreign = send_file(&app, "usr_magnus", "acct_halden", "foreign.txt", WORDS).await;
    let ids = |way: &str| -> Vec<String> {
        let parts: Vec<&str> = way.split('/').collect();
        [2, 4, 6].map(|place| parts[place].to_owned()).to_vec()
    };
    let (own_ids, second, foreign) = (ids(&own), ids(&second), ids(&foreign));
    let missing = fetch(&ines, "/threads/T-99999", &[]).await;
    let made = |thread: &str, entry: &str, file: &str| {
        format!("/threads/{thread}/entries/{entry}/attachments/{file}")
    };
    let [thread, entry, file] = [&own_ids[0], &own_ids[1], &own_ids[2]];
    for way in [
        made(&foreign[0], &foreign[1], &foreign[2]),
        made(thread, &foreign[1], &foreign[2]),
        made(thread, entry, &foreign[2]),
        made(thread, entry, &second[2]),
        made(thread, &second[1], &second[2]),
        made(&second[0], entry, file),
        made(thread, entry, "att_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        made(thread, "t_01ARZ3NDEKTSV4RRFFQ69G5FAV", file),
        made("th_01ARZ3NDEKTSV4RRFFQ69G5FAV", entry, file),
        made(thread, entry, "..%2f..%2fsecret"),
        made(thread, entry, "%ff"),
        made(thread, "x'%22%3E", file),
    ] {
        let page = fetch(&ines, &way, &[]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{way}");
        assert_eq!(page.without_nonce(), missing.without_nonce(), "{way}");
    }
    assert!(
        !app.calls()
            .contains(&"CreateAttachmentDownloadUrl".to_owned())
    );
    let tom = app.signed_in("usr_tom").await;
    assert_eq!(
        fetch(&tom, &own, &[]).await.status,
        StatusCode::OK,
        "a colleague"
    );
    let by_ref = app.plain(
        "query ($id: ID!) { thread(threadId: $id) { ref } }",
        json!({ "id": thread }),
    );
    let by_ref = by_ref.await["thread"]["ref"].as_str().unwrap().to_owned();
    let by_ref = fetch(&ines, &made(&by_ref, entry, file), &[]).await;
    assert_eq!(by_ref.status, StatusCode::OK);
    let nobody = fetch(&app.browser(), &own, &[]).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn files_of_notes_are_not_to_be_had() {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    let way = ines_sends(&app, "a.txt", WORDS).await;
    let thread = way.split('/').nth(2).unwrap();
    let (customer, file) = upload(&app, "usr_ines", "note.txt").await;
    let query = "mutation ($input: CreateNoteInput!) { createNote(input: $input) { error { message } note { attachments { id } } } }";
    let input = json!({ "customerId": customer, "threadId": thread, "text": "Internal", "attachmentIds": [file] });
    let noted = app.plain(query, json!({ "input": input })).await;
    assert_eq!(
        noted["createNote"]["note"]["attachments"][0]["id"],
        json!(file)
    );
    let query = "query ($id: ID!) { thread(threadId: $id) { timelineEntries(first: 9) { edges { node { id entry { __typename } } } } } }";
    let timeline = app.plain(query, json!({ "id": thread })).await;
    let edges = timeline["thread"]["timelineEntries"]["edges"]
        .as_array()
        .unwrap()
        .clone();
    let note = edges
        .iter()
        .find(|edge| edge["node"]["entry"]["__typename"] == "NoteEntry")
        .unwrap();
    let entry = note["node"]["id"].as_str().unwrap();
    let page = fetch(
        &ines,
        &format!("/threads/{thread}/entries/{entry}/attachments/{file}"),
        &[],
    )
    .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

/// A file of a customer's that no message has: the customer's id and the file's.
async fn upload(app: &TestApp, person: &str, name: &str) -> (String, String) {
    let query = "query ($id: ID!) { customerByExternalId(externalId: $id) { id } }";
    let found = app.plain(query, json!({ "id": person })).await;
    let customer = found["customerByExternalId"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let url = app.sandbox.graphql_url().parse().unwrap();
    let client = plain::Client::new(url, API_KEY.into()).unwrap();
    let size_bytes = WORDS.len() as u64;
    let kind = AttachmentType::Chat;
    let body = stream::iter([Ok(Bytes::from_static(WORDS))]);
    let file = NewFile {
        name,
        size_bytes,
        kind,
    };
    let id = client.upload(&customer, &file, body).await.unwrap();
    (customer, id)
}

#[tokio::test]
async fn what_the_scanner_has_not_passed_is_not_handed_out() {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    let way = ines_sends(&app, "a.txt", WORDS).await;
    for (scan, status, title) in [
        (VirusScan::Infected, 403, "This file is not safe"),
        (VirusScan::Failed, 403, "This file could not be checked"),
        (VirusScan::Pending, 503, "This file is being checked"),
    ] {
        app.sandbox.behave(|it| it.virus_scan = Some(scan));
        let page = fetch(&ines, &way, &[]).await;
        assert_eq!((page.status.as_u16(), page.h1().as_str()), (status, title));
    }
    app.sandbox
        .behave(|it| it.virus_scan = Some(VirusScan::Clean));
    assert_eq!(fetch(&ines, &way, &[]).await.status, StatusCode::OK);
    assert_eq!(app.calls().iter().filter(|it| *it == "download").count(), 1);
}

#[tokio::test]
async fn when_plain_or_its_store_is_away_a_page_says_so() {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    let way = ines_sends(&app, "a.txt", WORDS).await;
    let down = Fault::status(StatusCode::INTERNAL_SERVER_ERROR);
    app.sandbox
        .inject(down.clone().on("createAttachmentDownloadUrl"));
    let page = fetch(&ines, &way, &[]).await;
    assert_eq!(
        (page.status.as_u16(), page.h1().as_str()),
        (503, "Support cannot be reached right now")
    );
    app.sandbox.clear_faults();
    let away = "This file cannot be fetched right now";
    for fault in [down, Fault::reset(), Fault::status(StatusCode::FOUND)] {
        app.sandbox.inject(fault.on_store(None));
        let page = fetch(&ines, &way, &[]).await;
        assert_eq!((page.status.as_u16(), page.h1().as_str()), (503, away));
        app.sandbox.clear_faults();
    }
    // An address that is refused is asked for once more.
    let expired = Fault::status(StatusCode::FORBIDDEN).times(1);
    app.sandbox
        .inject(expired.on_store(Some(Transfer::Download)));
    app.calls();
    assert_eq!(fetch(&ines, &way, &[]).await.status, StatusCode::OK);
    let again = ["CreateAttachmentDownloadUrl", "download"];
    assert_eq!(app.calls()[2..], [again, again].concat());
}
