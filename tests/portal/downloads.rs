//! Files of messages, through the whole portal: from the sandbox's store, and from a store that means no good.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use futures::{StreamExt as _, stream};
use plain_portal::{
    plain::{self, attachments::NewFile, operations::AttachmentType},
    sandbox::{
        behaviour::VirusScan,
        faults::{Fault, Transfer},
    },
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::app::{API_KEY, Browser, Page, TestApp};

/// The smallest picture that there is: one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
const WORDS: &[u8] = b"<!DOCTYPE html><script>alert(1)</script>";

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

async fn ines_sends(app: &TestApp, name: &str, contents: &'static [u8]) -> String {
    send_file(app, "usr_ines", "acct_northwind", name, contents).await
}

/// What the answer to a file's address comes to, in bytes.
async fn fetch(browser: &Browser, path: &str, headers: &[(&str, &str)]) -> Page {
    browser
        .clone()
        .send(Method::GET, path, Body::empty(), headers)
        .await
}

fn said<'a>(page: &'a Page, name: &str) -> &'a str {
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
    assert_eq!(page.attributes(".attachment", "href"), [picture.clone()]);
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
            ("cache-control", "private, no-store"),
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
    let missing = fetch(&ines, "/nowhere", &[]).await;
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

/// A Plain that says what the sandbox says, but for where files are: there it says what a test wants.
async fn with_store(app: &mut TestApp, store: Router) -> Seen {
    let seen = Seen::default();
    let remembered = seen.clone();
    let store = store.layer(axum::middleware::map_request(move |request: Request| {
        remembered.0.lock().unwrap().push(request.headers().clone());
        std::future::ready(request)
    }));
    let real = app.sandbox.graphql_url();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let named = format!("{origin}/file?signature=secret");
    let api = move |body: Bytes| async move {
        let answer = reqwest::Client::new()
            .post(real)
            .bearer_auth(API_KEY)
            .body(body)
            .send()
            .await
            .unwrap();
        let mut answer: Value = answer.json().await.unwrap();
        let place = &mut answer["data"]["createAttachmentDownloadUrl"]["attachmentDownloadUrl"];
        if place.is_object() {
            place["downloadUrl"] = json!(named);
        }
        axum::Json(answer)
    };
    let router = store.route("/graphql/v1", any(api));
    tokio::spawn(async move { axum::serve(listener, router).await });
    app.point_at(format!("{origin}/graphql/v1").parse().unwrap())
        .await;
    seen
}

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<HeaderMap>>>);

async fn from_hostile(
    answer: impl Fn() -> Response + Clone + Send + Sync + 'static,
) -> (TestApp, Browser, String, Seen) {
    let mut app = TestApp::start().await;
    let way = ines_sends(&app, "a.png", PIXEL).await;
    let handler = move || std::future::ready(answer());
    let seen = with_store(&mut app, Router::new().route("/file", any(handler))).await;
    let ines = app.signed_in("usr_ines").await;
    (app, ines, way, seen)
}

#[tokio::test]
async fn a_store_cannot_make_the_portal_say_what_it_wants() {
    let (_app, ines, way, seen) = from_hostile(|| {
        let headers = [
            ("content-type", "text/html"),
            ("content-disposition", "inline; filename=evil.html"),
            ("set-cookie", "a=b"),
            ("content-security-policy", "default-src *"),
            ("cache-control", "public"),
            ("location", "https://evil.example"),
            ("refresh", "0;url=https://evil.example"),
            ("etag", "\"theirs\""),
        ];
        (headers, WORDS).into_response()
    })
    .await;
    let page = fetch(
        &ines,
        &way,
        &[("cookie-x", "1"), ("referer", "https://x.example")],
    )
    .await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(said(&page, "content-type"), "application/octet-stream");
    assert_eq!(
        said(&page, "content-disposition"),
        "attachment; filename=\"a.png\""
    );
    assert_eq!(said(&page, "cache-control"), "private, no-store");
    assert!(said(&page, "content-security-policy").starts_with("sandbox; default-src 'none'"));
    for header in ["location", "refresh"] {
        assert_eq!(said(&page, header), "", "{header}");
    }
    assert!(!said(&page, "set-cookie").contains("a=b"));
    assert!(
        !page
            .headers
            .values()
            .any(|value| value.as_bytes().windows(6).any(|it| it == b"theirs"))
    );
    let seen = seen.0.lock().unwrap().clone();
    let request = seen.last().unwrap();
    for header in [header::AUTHORIZATION, header::COOKIE, header::REFERER] {
        assert!(!request.contains_key(&header), "{header}");
    }
}

#[tokio::test]
async fn a_store_that_redirects_fails_or_lies_gives_no_file() {
    let redirect = || (StatusCode::FOUND, [("location", "/elsewhere")]).into_response();
    let gone = || StatusCode::NOT_FOUND.into_response();
    let part = || StatusCode::PARTIAL_CONTENT.into_response();
    let coded = || ([("content-encoding", "gzip")], WORDS).into_response();
    let broken = || {
        let body = stream::iter([Err::<Bytes, _>(std::io::Error::other("broken"))]);
        Body::from_stream(body).into_response()
    };
    let answers: [fn() -> Response; 5] = [redirect, gone, part, coded, broken];
    for answer in answers {
        let (_app, ines, way, _) = from_hostile(answer).await;
        let page = fetch(&ines, &way, &[]).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(page.h1(), "This file cannot be fetched right now");
        assert!(!page.body.contains("signature"), "{}", page.body);
    }
}

#[tokio::test]
async fn a_file_that_breaks_off_does_not_look_whole() {
    let (app, ines, way, _) = from_hostile(|| {
        let end = stream::once(async {
            tokio::task::yield_now().await;
            Err(std::io::Error::other("broken"))
        });
        let pieces = stream::iter([Ok(Bytes::from_static(PIXEL))]).chain(end);
        let mut answer = Body::from_stream(pieces).into_response();
        answer.headers_mut().insert("content-length", 100.into());
        answer
    })
    .await;
    let request = axum::http::Request::builder()
        .uri(&way)
        .header("cookie", ines.cookie.clone().unwrap())
        .body(Body::empty())
        .unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-length"], "100");
    let pieces: Vec<_> = response.into_body().into_data_stream().collect().await;
    assert!(pieces.last().unwrap().is_err());
}

#[tokio::test]
async fn a_large_file_is_passed_on_piece_by_piece() {
    // The store waits for its first piece to be read before it sends the second: whoever collects a file never ends.
    let passed = Arc::new(tokio::sync::Notify::new());
    let waits = passed.clone();
    let (app, ines, way, _) = from_hostile(move || {
        let waits = waits.clone();
        let second = stream::once(async move {
            waits.notified().await;
            Ok::<_, std::io::Error>(Bytes::from_static(&[b'.'; 1024]))
        });
        let first = stream::iter([Ok(Bytes::from_static(&[b'.'; 1024]))]);
        Body::from_stream(first.chain(second)).into_response()
    })
    .await;
    let request = axum::http::Request::builder()
        .uri(&way)
        .header("cookie", ines.cookie.clone().unwrap())
        .body(Body::empty())
        .unwrap();
    let read = async {
        let response = app.router.clone().oneshot(request).await.unwrap();
        let mut body = response.into_body().into_data_stream();
        let mut length = body.next().await.unwrap().unwrap().len();
        passed.notify_one();
        while let Some(piece) = body.next().await {
            length += piece.unwrap().len();
        }
        length
    };
    let length = tokio::time::timeout(Duration::from_secs(60), read).await;
    assert_eq!(length.unwrap(), 2048);
}
