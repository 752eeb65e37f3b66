//! Files on their way from a customer to Plain: both doors, every limit, and what becomes of them when something fails.

use std::io;

use axum::{
    body::{Body, Bytes},
    http::{Method, StatusCode},
};
use futures::StreamExt as _;
use plain_portal::sandbox::faults::Fault;
use serde_json::{Value, json};

use crate::{
    app::{Browser, Page, TestApp, submission, until},
    database::TestDatabase,
};

const LABEL: &str = ".message__delivery";
const BOUNDARY: &str = "----boundary-of-a-form";

/// A part of a form as browsers send it.
pub enum Part<'a> {
    Field(&'a str, &'a str),
    File(&'a str, &'a str, &'a [u8]),
}

use Part::{Field, File};

/// What a browser sends for a form with files (RFC 7578), without its end.
fn open(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = vec![];
    for part in parts {
        body.extend_from_slice(format!("--{BOUNDARY}\r\n").as_bytes());
        let (head, content) = match part {
            Field(name, value) => (format!("name=\"{name}\""), value.as_bytes()),
            File(name, file, content) => (
                format!(
                    "name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream"
                ),
                *content,
            ),
        };
        body.extend_from_slice(
            format!("Content-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body
}

fn whole(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = open(parts);
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

async fn send(browser: &mut Browser, path: &str, body: impl Into<Body>) -> Page {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("content-type", kind.as_str()), ("accept", "text/html")];
    browser
        .send(Method::POST, path, body.into(), &headers)
        .await
}

/// A file as the page's script sends it.
pub async fn add(browser: &mut Browser, submission: &str, name: &str, content: &[u8]) -> Page {
    let parts = [Field("submission", submission), File("file", name, content)];
    send(browser, "/api/files", whole(&parts)).await
}

/// The id of a file that is taken.
async fn added(browser: &mut Browser, submission: &str, name: &str, content: &[u8]) -> String {
    let page = add(browser, submission, name, content).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let answer: Value = serde_json::from_str(&page.body).unwrap();
    answer["id"].as_str().unwrap().to_owned()
}

async fn reply(browser: &mut Browser, page: &Page, text: &str, files: &[(&str, &[u8])]) -> Page {
    let (thread_id, submission) = (page.field("thread_id"), page.field("submission"));
    let mut parts = vec![
        Field("thread_id", &thread_id),
        Field("submission", &submission),
        Field("text", text),
    ];
    parts.extend(
        files
            .iter()
            .map(|(name, content)| File("files", name, content)),
    );
    let answer = send(browser, "/api/reply", whole(&parts)).await;
    browser.follow(&answer).await
}

/// How many files lie in the spool, whole or in part.
fn spooled(app: &TestApp) -> usize {
    let entries = std::fs::read_dir(app.files.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with('.')).count()
}

async fn app_and_ines() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    (app, ines)
}

/// The problems that a page names of single files.
fn problems(page: &Page) -> Vec<String> {
    page.texts(".files__problems li")
}

#[tokio::test]
async fn a_file_that_is_not_taken_is_named_and_the_rest_is_kept() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    let files: [(&str, &[u8]); 4] = [
        ("log.txt", b"all is well"),
        ("setup.EXE", b"MZ"),
        ("empty.txt", b""),
        ("..\\evil\u{202e}gpj.exe. ", b"MZ"),
    ];
    let refused = reply(&mut ines, &page, "Here they are", &files).await;
    assert_eq!(refused.field("text"), "Here they are");
    let problems = problems(&refused);
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems[0].contains("setup.EXE: files of this kind"));
    assert!(problems[1].contains("empty.txt: there is nothing"));
    assert!(problems[2].contains("evilgpj.exe") && !problems[2].contains(".."));
    assert_eq!(refused.texts(".files__name"), ["log.txt"]);
    assert_eq!(
        refused
            .attributes("input[type=hidden][name=files]", "value")
            .len(),
        1
    );
    assert!(
        refused
            .text("[role=alert]")
            .contains("Some files do not go")
    );
    assert_eq!(app.messages_with("T-34", "Here they are").await, 0);
    assert_eq!(spooled(&app), 1);

    // Enter in a field sends, and removes nothing.
    let buttons = refused.attributes("form:has(textarea[name=text]) button", "name");
    assert_eq!(buttons, ["remove"]);
    let first = refused.attributes("form:has(textarea[name=text]) button", "class");
    assert_eq!(first[0], "visually-hidden");
}

#[tokio::test]
async fn a_file_can_be_removed_and_what_was_typed_since_stays() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    let files: [(&str, &[u8]); 2] = [("log.txt", b"all is well"), ("setup.exe", b"MZ")];
    let refused = reply(&mut ines, &page, "Here they are", &files).await;
    let id = refused.attributes("button[name=remove]", "value").remove(0);
    let fields = [
        ("thread_id", refused.field("thread_id")),
        ("submission", refused.field("submission")),
        ("text", "Here it was".to_owned()),
        ("files", id.clone()),
        ("remove", id),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    for other in ["usr_tom", "usr_magnus"] {
        let mut other = app.signed_in(other).await;
        other.post("/api/files/remove", &fields).await;
        assert_eq!(spooled(&app), 1, "somebody else's");
    }
    // As the page's script does it.
    let by_script = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
    ];
    let typed = crate::app::form(&[fields[0], fields[1], ("text", "Typed since"), fields[4]]);
    let answer = ines
        .send(Method::POST, "/api/files/remove", typed.into(), &by_script)
        .await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::NO_CONTENT, "")
    );
    let without = ines.get("/threads/T-34").await;
    assert_eq!(without.field("text"), "Typed since");
    assert!(without.texts(".files__name").is_empty());

    let answer = ines.post("/api/files/remove", &fields).await;
    let without = ines.follow(&answer).await;
    assert_eq!(without.field("text"), "Here it was");
    assert!(without.texts(".files__name").is_empty());
    assert_eq!(spooled(&app), 0);

    ines.post("/api/discard", &[fields[0], fields[1]]).await;
    assert_eq!(ines.get("/threads/T-34").await.field("text"), "");
}

#[tokio::test]
async fn discarding_a_message_removes_its_files() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    let files: [(&str, &[u8]); 2] = [("a.txt", b"a"), ("b.exe", b"b")];
    let refused = reply(&mut ines, &page, "x", &files).await;
    assert_eq!(spooled(&app), 1);
    let submission = refused.field("submission");
    ines.post("/api/discard", &[("submission", &submission)])
        .await;
    assert_eq!(spooled(&app), 0);
}

#[tokio::test]
async fn too_many_and_too_large_are_told_apart() {
    let (app, mut ines) = app_and_ines().await;
    let form = ines.get("/threads/new").await;
    let submission = form.field("submission");
    let names: Vec<String> = (0..102).map(|n| format!("{n}.txt")).collect();
    let mut parts = vec![
        Field("submission", &submission),
        Field("title", "Many"),
        Field("message", "Many files"),
    ];
    parts.extend(
        names
            .iter()
            .map(|name| File("files", name, name.as_bytes())),
    );
    let answer = send(&mut ines, "/api/ask", whole(&parts)).await;
    let refused = ines.follow(&answer).await;
    let many = problems(&refused);
    assert_eq!(many.len(), 2, "{many:?}");
    assert!(many[0].contains("100.txt: at most 100 files"), "{many:?}");
    assert_eq!(refused.texts(".files__name").len(), 100);
    ines.post("/api/discard", &[("submission", &submission)])
        .await;
    assert_eq!(spooled(&app), 0);

    // A new request is answered by e-mail: 6 MB.
    let submission = crate::app::submission();
    let large = vec![b'x'; 4_000_000];
    let parts = [
        Field("submission", &submission),
        Field("title", "Large"),
        Field("message", "Large files"),
        File("files", "first.log", &large),
        File("files", "second.log", &large),
        File("files", "third.log", b"small"),
    ];
    let answer = send(&mut ines, "/api/ask", whole(&parts)).await;
    let refused = ines.follow(&answer).await;
    let words = problems(&refused);
    assert_eq!(words.len(), 1, "{words:?}");
    assert!(
        words[0].contains("second.log") && words[0].contains("6 MB"),
        "{words:?}"
    );
    assert_eq!(refused.texts(".files__name"), ["first.log", "third.log"]);
    assert_eq!(app.threads_titled("Large").await, 0);
}

#[tokio::test]
async fn without_a_session_the_words_stay_and_the_files_are_said_to_be_lost() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    ines.post("/auth/sign-out", &[]).await;
    let (thread_id, submission) = (page.field("thread_id"), page.field("submission"));
    let parts = [
        Field("thread_id", &thread_id),
        Field("submission", &submission),
        Field("text", "Words that stay"),
        File("files", "lost.txt", b"lost"),
    ];
    let answer = send(&mut app.browser(), "/api/reply", whole(&parts)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.field("text"), "Words that stay");
    assert!(problems(&answer)[0].contains("lost.txt"), "{}", answer.body);
    assert_eq!(spooled(&app), 0);

    let alone = add(&mut app.browser(), &submission, "lost.txt", b"lost").await;
    assert_eq!(alone.status, StatusCode::UNAUTHORIZED);
    // Nothing says where this comes from: it is read for its words, and nothing is kept.
    let mut ines = app.signed_in("usr_ines").await;
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("content-type", kind.as_str()), ("accept", "text/html")];
    let body = Body::from(whole(&parts));
    let answer = ines
        .send_raw(Method::POST, "/api/reply", body, &headers)
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.text("textarea[readonly]"), "Words that stay");
    assert_eq!(spooled(&app), 0);
}

#[tokio::test]
async fn a_form_that_breaks_off_is_kept_and_not_sent() {
    for (text, files) in [
        (
            "As far as it came",
            vec![("whole.txt", &b"whole"[..]), ("part.txt", &b"part"[..])],
        ),
        ("Only words", vec![]),
    ] {
        let (app, mut ines) = app_and_ines().await;
        let page = ines.get("/threads/T-34").await;
        let (thread_id, submission) = (page.field("thread_id"), page.field("submission"));
        let mut parts = vec![
            Field("thread_id", &thread_id),
            Field("submission", &submission),
            Field("text", text),
        ];
        parts.extend(
            files
                .iter()
                .map(|(name, content)| File("files", name, content)),
        );
        let body = open(&parts);
        let cut = body[..body.len() - 4].to_vec();
        let broken: Vec<io::Result<Bytes>> =
            vec![Ok(cut.into()), Err(io::ErrorKind::ConnectionReset.into())];
        let broken = Body::from_stream(futures::stream::iter(broken));
        let answer = send(&mut ines, "/api/reply", broken).await;
        let kept = ines.follow(&answer).await;
        assert_eq!(app.messages_with("T-34", text).await, 0);
        assert!(
            kept.text("[role=alert]").contains("broke off"),
            "{}",
            kept.body
        );
        if files.is_empty() {
            assert!(
                text.starts_with(&kept.field("text")),
                "{}",
                kept.field("text")
            );
            continue;
        }
        assert_eq!(kept.field("text"), text);
        assert_eq!(kept.texts(".files__name"), ["whole.txt"]);
        assert!(problems(&kept)[0].contains("part.txt: it did not arrive whole"));
        assert_eq!(spooled(&app), 1);
    }
}

#[tokio::test]
async fn when_the_spool_is_full_the_text_stays() {
    let app = TestApp::with(plain_portal::sandbox::Seed::Story, |settings| {
        settings.files_max = Some("1KB".into());
    })
    .await;
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/threads/T-34").await;
    let kept = reply(
        &mut ines,
        &page,
        "Full",
        &[("a.txt", &[b'a'; 2000]), ("b.txt", b"b")],
    )
    .await;
    assert_eq!(kept.field("text"), "Full");
    let words = problems(&kept);
    assert!(words[0].contains("a.txt: there is no room"), "{words:?}");
    assert_eq!(kept.texts(".files__name"), ["b.txt"]);
    assert_eq!(spooled(&app), 1);
}

#[tokio::test]
async fn a_part_that_never_ends_its_head_is_not_held_in_memory() {
    let (app, mut ines) = app_and_ines().await;
    let head =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"");
    let endless = futures::stream::repeat(Bytes::from(vec![b'x'; 64 * 1024])).take(1000);
    let body = futures::stream::iter([Bytes::from(head)])
        .chain(endless)
        .map(io::Result::Ok);
    let answer = send(&mut ines, "/api/ask", Body::from_stream(body)).await;
    let page = ines.follow(&answer).await;
    assert!(page.text("[role=alert]").contains("broke off"));
    assert_eq!(spooled(&app), 0);
}

#[tokio::test]
async fn a_form_of_countless_parts_is_too_much() {
    let app = TestApp::start().await;
    let parts: Vec<_> = (0..20_000).map(|_| Field("", "")).collect();
    let page = send(&mut app.browser(), "/api/ask", whole(&parts)).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn no_file_is_dropped_for_its_name() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    let (thread_id, submission) = (page.field("thread_id"), page.field("submission"));
    let mut body = open(&[
        Field("thread_id", &thread_id),
        Field("submission", &submission),
        Field("text", "Unusual names"),
    ]);
    for (head, content) in [
        ("name=files; filename*=UTF-8''%C3%BCber.txt", "1"),
        ("name=\"files\"; FileName=\"upper.txt\"", "22"),
        ("name=\"files\"\r\nContent-Type: text/plain", "333"),
    ] {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    send(&mut ines, "/api/reply", body).await;
    assert_eq!(app.messages_with("T-34", "Unusual names").await, 1);
    let arrived = [("file", 3), ("upper.txt", 2), ("über.txt", 1)];
    let arrived = arrived.map(|(name, size)| (name.to_owned(), size));
    assert_eq!(attachments(&app, "T-34").await, arrived);

    // A form that was sent without its files has only their names.
    let page = ines.get("/threads/T-34").await;
    let fields = [
        ("thread_id", page.field("thread_id")),
        ("submission", page.field("submission")),
        ("text", "Only a name".to_owned()),
        ("files", "log.txt".to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let answer = ines.post("/api/reply", &fields).await;
    let kept = ines.follow(&answer).await;
    assert!(problems(&kept)[0].contains("log.txt"), "{}", kept.body);
    assert_eq!(app.messages_with("T-34", "Only a name").await, 0);
}

#[tokio::test]
async fn ids_of_others_are_worth_nothing() {
    let (app, mut ines) = app_and_ines().await;
    let mut tom = app.signed_in("usr_tom").await;
    let toms = added(&mut tom, &submission(), "toms.txt", b"of Tom").await;
    let page = ines.get("/threads/T-34").await;
    let (thread_id, id) = (page.field("thread_id"), page.field("submission"));
    for files in [toms.as_str(), "00000000-0000-4000-8000-000000000000"] {
        let fields = [
            ("thread_id", thread_id.as_str()),
            ("submission", &id),
            ("text", "With a stranger's file"),
            ("files", files),
        ];
        let answer = ines.post("/api/reply", &fields).await;
        let kept = ines.follow(&answer).await;
        assert!(
            problems(&kept)[0].contains("no longer here"),
            "{}",
            kept.body
        );
        assert!(!kept.body.contains("toms.txt"));
    }
    assert_eq!(spooled(&app), 1);
}

#[tokio::test]
async fn drafts_that_nobody_sends_are_swept_and_so_is_what_was_left_behind() {
    let (app, mut ines) = app_and_ines().await;
    added(&mut ines, &submission(), "forgotten.txt", b"forgotten").await;
    let stray = app
        .files
        .path()
        .join("11111111-2222-4333-8444-555555555555.part");
    std::fs::write(&stray, "left by a process that died").unwrap();
    std::fs::write(app.files.path().join("README"), "not ours").unwrap();
    let day = 24 * 60 * 60 * 1000;
    let sql = format!("UPDATE files SET added_at = added_at - {day}");
    assert_eq!(app.in_database(&sql).await, 1);
    drop(ines);
    let app = app.restart().await;
    until("the draft is swept", async || {
        app.in_database("UPDATE files SET id = id").await == 0
    })
    .await;
    assert!(app.files.path().join("README").exists());
    // With PostgreSQL it could be another process's, for an hour.
    if matches!(app.data, TestDatabase::Sqlite(_)) {
        assert!(!stray.exists());
    }
}

async fn attachments(app: &TestApp, reference: &str) -> Vec<(String, u64)> {
    let query = "query ($ref: String!) { threadByRef(ref: $ref) { timelineEntries(first: 100, filters: { isMessage: true }) { edges { node { entry {
        ... on ChatEntry { attachments { fileName fileSize { bytes } } } ... on EmailEntry { attachments { fileName fileSize { bytes } } }
        ... on CustomEntry { attachments { fileName fileSize { bytes } } } } } } } } }";
    let answer = app.plain(query, json!({ "ref": reference })).await;
    let edges = answer["threadByRef"]["timelineEntries"]["edges"]
        .as_array()
        .unwrap();
    let mut all = vec![];
    for edge in edges {
        let files = edge["node"]["entry"]["attachments"].as_array();
        for file in files.into_iter().flatten() {
            let name = file["fileName"].as_str().unwrap().to_owned();
            all.push((name, file["fileSize"]["bytes"].as_u64().unwrap()));
        }
    }
    all.sort();
    all
}

#[tokio::test]
async fn files_arrive_with_an_answer_through_either_door() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    let files: [(&str, &[u8]); 2] = [
        ("log.txt", b"all is well"),
        ("Übersicht 山.png", b"\x89PNG"),
    ];
    reply(&mut ines, &page, "By the form", &files).await;
    assert_eq!(app.messages_with("T-34", "By the form").await, 1);
    let both = [
        ("log.txt".to_owned(), 11),
        ("Übersicht 山.png".to_owned(), 4),
    ];
    assert_eq!(attachments(&app, "T-34").await, both);
    assert_eq!(spooled(&app), 0, "nothing is kept that Plain has");

    let page = ines.get("/threads/T-34").await;
    let (thread_id, submission) = (page.field("thread_id"), page.field("submission"));
    let one = added(&mut ines, &submission, "one.txt", b"1").await;
    let two = added(&mut ines, &submission, "two.txt", b"22").await;
    let fields = [
        ("thread_id", thread_id.as_str()),
        ("submission", &submission),
        ("text", "By the script"),
        ("files", &one),
        ("files", &two),
    ];
    let answer = ines.post("/api/reply", &fields).await;
    ines.follow(&answer).await;
    assert_eq!(app.messages_with("T-34", "By the script").await, 1);
    assert_eq!(attachments(&app, "T-34").await.len(), 4);
    // The same form once more, when its files are long gone.
    let answer = ines.post("/api/reply", &fields).await;
    let again = ines.follow(&answer).await;
    assert!(problems(&again).is_empty());
    assert_eq!(app.messages_with("T-34", "By the script").await, 1);
}

#[tokio::test]
async fn a_new_request_may_have_files_and_no_words() {
    let (app, mut ines) = app_and_ines().await;
    let form = ines.get("/threads/new").await;
    let submission = form.field("submission");
    let parts = [
        Field("submission", &submission),
        Field("title", "See the pictures"),
        Field("message", ""),
        File("files", "front.png", b"front"),
        File("files", "back.png", b"back"),
        // As from a field in which nothing was picked.
        File("files", "", b""),
    ];
    let answer = send(&mut ines, "/api/ask", whole(&parts)).await;
    let page = ines.follow(&answer).await;
    assert_eq!(page.h1(), "See the pictures");
    let reference = page.text(".request__ref");
    assert_eq!(
        app.messages_with(&reference, "front.png, back.png").await,
        1
    );
    assert_eq!(attachments(&app, &reference).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_with_files_is_one_message() {
    let (app, ines) = app_and_ines().await;
    let page = ines.clone().get("/threads/T-34").await;
    let (thread_id, submission) = (page.field("thread_id"), page.field("submission"));
    let body = whole(&[
        Field("thread_id", &thread_id),
        Field("submission", &submission),
        Field("text", "Clicked twice"),
        File("files", "log.txt", b"all is well"),
    ]);
    let clicks = (0..5).map(|_| {
        let (mut ines, body) = (ines.clone(), body.clone());
        async move { send(&mut ines, "/api/reply", body).await.status }
    });
    let answers = futures::future::join_all(clicks).await;
    assert_eq!(answers, [StatusCode::SEE_OTHER; 5]);
    until("it has arrived", async || {
        app.messages_with("T-34", "Clicked twice").await == 1
    })
    .await;
    assert_eq!(attachments(&app, "T-34").await.len(), 1);
    until("nothing is left", async || spooled(&app) == 0).await;
}

#[tokio::test]
async fn files_wait_with_their_message_and_outlive_the_process() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    app.sandbox.inject(Fault::error("FORBIDDEN").on_mutations());
    let waiting = reply(
        &mut ines,
        &page,
        "With a log",
        &[("log.txt", b"all is well")],
    )
    .await;
    assert_eq!(waiting.texts(LABEL), ["Sending…"]);
    assert_eq!(waiting.texts(".message--mine .files__name"), ["log.txt"]);
    let cookie = ines.cookie.clone().unwrap();
    drop(ines);
    let app = app.restart().await;
    assert_eq!(spooled(&app), 1);
    let mut ines = app.browser().with_cookie(&cookie);
    let waiting = ines.get("/threads/T-34").await;
    assert_eq!(waiting.texts(".message--mine .files__name"), ["log.txt"]);
    app.sandbox.clear_faults();
    until("it has arrived", async || {
        app.messages_with("T-34", "With a log").await == 1
    })
    .await;
    assert_eq!(
        attachments(&app, "T-34").await,
        [("log.txt".to_owned(), 11)]
    );
    until("nothing is left", async || spooled(&app) == 0).await;
}

#[tokio::test]
async fn one_file_that_plain_refuses_loses_neither_the_others_nor_the_text() {
    for (code, words) in [
        ("attachment_file_type_not_allowed", "files of this kind"),
        ("attachment_file_size_too_large", "larger than"),
        ("input_validation", "did not take it"),
    ] {
        let (app, mut ines) = app_and_ines().await;
        let page = ines.get("/threads/T-34").await;
        let refusal = Fault::refusal(code)
            .on("CreateAttachmentUploadUrl")
            .times(1);
        app.sandbox.inject(refusal);
        let files: [(&str, &[u8]); 2] = [("refused.bin2", b"x"), ("taken.txt", b"y")];
        let kept = reply(&mut ines, &page, "Two files", &files).await;
        assert_eq!(kept.texts(LABEL), ["Not sent"], "{code}");
        assert_eq!(kept.field("text"), "Two files");
        let named = problems(&kept);
        assert!(
            named[0].contains("refused.bin2") && named[0].contains(words),
            "{named:?}"
        );
        assert_eq!(app.messages_with("T-34", "Two files").await, 0);

        // Sent as it stands now, which is without it.
        let item = "li.conversation__item form[action='/api/reply'] input[type=hidden][name=files]";
        let ids = kept.attributes(item, "value");
        assert_eq!(ids.len(), 1);
        let fields = [
            ("thread_id", kept.field("thread_id")),
            ("submission", kept.field("submission")),
            ("text", kept.field("text")),
            ("files", ids[0].clone()),
        ];
        let fields = fields
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        ines.post("/api/reply", &fields).await;
        assert_eq!(app.messages_with("T-34", "Two files").await, 1);
        assert_eq!(
            attachments(&app, "T-34").await,
            [("taken.txt".to_owned(), 1)]
        );
    }
}

#[tokio::test]
async fn a_file_that_plain_has_lost_is_uploaded_anew() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    let lost = Fault::refusal("attachment_not_uploaded");
    app.sandbox.inject(lost.on("ReplyToThread").times(1));
    let waiting = reply(
        &mut ines,
        &page,
        "Lost and found",
        &[("log.txt", b"all is well")],
    )
    .await;
    assert_eq!(waiting.texts(LABEL), ["Sending…"]);
    until("it has arrived", async || {
        app.messages_with("T-34", "Lost and found").await == 1
    })
    .await;
    let uploads = app.calls();
    let uploads = uploads
        .iter()
        .filter(|call| *call == "CreateAttachmentUploadUrl");
    assert_eq!(uploads.count(), 2);
}

#[tokio::test]
async fn an_upload_is_not_repeated_while_it_is_good() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    app.sandbox
        .inject(Fault::error("FORBIDDEN").on("ReplyToThread").times(1));
    reply(&mut ines, &page, "Once", &[("log.txt", b"all is well")]).await;
    until("it has arrived", async || {
        app.messages_with("T-34", "Once").await == 1
    })
    .await;
    let uploads = app.calls();
    let uploads = uploads
        .iter()
        .filter(|call| *call == "CreateAttachmentUploadUrl");
    assert_eq!(uploads.count(), 1);
}

#[tokio::test]
async fn files_that_plain_loses_behind_an_unclear_attempt_are_uploaded_anew() {
    let (app, mut ines) = app_and_ines().await;
    let page = ines.get("/threads/T-34").await;
    let unclear = Fault::status(StatusCode::BAD_GATEWAY).on("ReplyToThread");
    app.sandbox.inject(unclear.times(1));
    let files: [(&str, &[u8]); 1] = [("log.txt", b"all is well")];
    reply(&mut ines, &page, "Once more", &files).await;
    until("nobody can tell whether it arrived", async || {
        let page = ines.clone().get("/threads/T-34").await;
        page.texts(".message__actions button") == ["Send again", "Discard"]
    })
    .await;
    let unsure = ines.get("/threads/T-34").await;
    let lost = Fault::refusal("attachment_not_uploaded").on("ReplyToThread");
    app.sandbox.inject(lost.times(1));
    let form = "li.conversation__item form[action='/api/reply'] input";
    let names = unsure.attributes(form, "name");
    let values = unsure.attributes(form, "value");
    let fields: Vec<_> = names
        .iter()
        .zip(&values)
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert!(names.iter().any(|name| name == "files"), "{names:?}");
    ines.post("/api/reply", &fields).await;
    until("it has arrived", async || {
        app.messages_with("T-34", "Once more").await == 1
    })
    .await;
    let uploads = app.calls();
    let uploads = uploads
        .iter()
        .filter(|call| *call == "CreateAttachmentUploadUrl");
    assert_eq!(uploads.count(), 2);
}
