//! What Plain delivers to `/webhooks/plain`: who is believed, and what comes of it.

use std::path::PathBuf;

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use hmac::{Hmac, Mac as _};
use jiff::{SignedDuration, Timestamp};
use plain_portal::{sandbox::webhooks::Target, store::Store};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::task::JoinSet;

use crate::{
    app::{Browser, Page, TestApp, WEBHOOK_SECRET, until},
    members::{self, mark_as_spam},
    secrets::Log,
};

const PATH: &str = "/webhooks/plain";

fn signature(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    hex::encode(mac.chain_update(body).finalize().into_bytes())
}

/// As Plain sends it, with this signature: no cookie, and nothing that a browser says of itself.
async fn send(browser: &mut Browser, body: impl Into<Vec<u8>>, signature: &str) -> Page {
    let headers = [
        ("content-type", "application/json"),
        ("plain-request-signature", signature),
    ];
    browser
        .post_raw(PATH, Body::from(body.into()), &headers)
        .await
}

async fn deliver(app: &TestApp, body: impl Into<Vec<u8>>) -> StatusCode {
    let body = body.into();
    let signature = signature(WEBHOOK_SECRET, &body);
    let page = send(&mut app.browser(), body, &signature).await;
    assert_eq!(page.body, "");
    page.status
}

fn envelope(id: &str, kind: &str, payload: Value) -> Value {
    let now = Timestamp::now().to_string();
    json!({
        "id": id,
        "type": kind,
        "timestamp": now,
        "workspaceId": "w_01GST0W989ZNAW53X6XYHAY87P",
        "payload": payload,
        "webhookMetadata": {
            "webhookTargetId": "whTarget_01HD4400VTDJQ646V6RY37SR7K",
            "webhookTargetVersion": "2026-04-21",
            "webhookDeliveryAttemptId": "whAttempt_01HD444M37N1HYFVJ92DA05BQK",
            "webhookDeliveryAttemptNumber": 1,
            "webhookDeliveryAttemptTimestamp": now,
        },
    })
}

fn chat(id: &str, thread_id: &str) -> Value {
    let payload = json!({ "thread": { "id": thread_id }, "chat": { "text": "private-words" } });
    envelope(id, "thread.chat_sent", payload)
}

fn deleted(id: &str, customer_id: &str) -> Value {
    let payload = json!({ "previousCustomer": { "id": customer_id } });
    envelope(id, "customer.customer_deleted", payload)
}

async fn customer_id(app: &TestApp, external_id: &str) -> String {
    let id = members::customer_id(app, external_id).await;
    id.as_str().unwrap().to_owned()
}

async fn changes(app: &TestApp) -> u64 {
    app.in_database("UPDATE thread_changes SET thread_id = thread_id")
        .await
}

async fn events(app: &TestApp) -> u64 {
    app.in_database("UPDATE webhook_events SET id = id").await
}

#[tokio::test]
async fn without_a_secret_it_is_an_address_like_any_that_is_not_there() {
    let app = TestApp::configured(
        Default::default(),
        |settings| settings.plain_webhook_secret = None,
        |_| {},
    )
    .await;
    let body = chat("pEv_1", "th_1").to_string();
    let mut plain = app.browser();
    let here = send(&mut plain, body.clone(), &signature("", body.as_bytes())).await;
    assert_eq!(here.status, StatusCode::NOT_FOUND);
    let nowhere = plain
        .post_raw("/webhooks/nowhere", Body::from(body), &[])
        .await;
    assert_eq!(here.without_nonce(), nowhere.without_nonce());
    assert_eq!(events(&app).await, 0);
}

#[tokio::test]
async fn what_plain_signs_counts_below_the_base_path_whatever_a_browser_would_say() {
    let app = TestApp::with(Default::default(), |settings| {
        settings.public_url = Some("https://product.example/support".into());
    })
    .await;
    let body = chat("pEv_1", "th_1").to_string();
    let signature = signature(WEBHOOK_SECRET, body.as_bytes());
    let mut plain = app.browser();
    let at_root = [("plain-request-signature", signature.as_str())];
    let page = plain
        .send_raw(Method::POST, PATH, Body::from(body.clone()), &at_root)
        .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(events(&app).await, 0);

    let mut ines = app.signed_in("usr_ines").await;
    for browser in [&mut plain, &mut ines] {
        let headers = [
            ("plain-request-signature", signature.as_str()),
            ("origin", "https://elsewhere.example"),
            ("sec-fetch-site", "cross-site"),
        ];
        let page = browser
            .post_raw(PATH, Body::from(body.clone()), &headers)
            .await;
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, ""));
        assert!(!page.headers.contains_key("set-cookie"));
    }
    let page = plain.get(PATH).await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!((events(&app).await, changes(&app).await), (1, 1));
}

#[tokio::test(flavor = "current_thread")]
async fn what_plain_has_not_signed_does_nothing() {
    let log = Log::default();
    let _guard = log.listen("info");
    let app = TestApp::start().await;
    let body = chat("pEv_1", "th_1").to_string();
    let good = signature(WEBHOOK_SECRET, body.as_bytes());
    let mut plain = app.browser();

    let mut forged: Vec<String> = vec![
        String::new(),
        "0".repeat(64),
        good[..63].to_owned(),
        good[1..].to_owned(),
        format!("{good}0"),
        format!("{good}00"),
        format!("0x{good}"),
        format!("sha256={good}"),
        format!("\"{good}\""),
        format!("{good},{good}"),
        format!("{good} {good}"),
        format!("{}zz", &good[..62]),
        good.chars().rev().collect(),
        "é".repeat(32),
        "%00".repeat(21),
        "a".repeat(60_000),
        // Of nothing, of other words, with other secrets.
        signature(WEBHOOK_SECRET, b""),
        signature(WEBHOOK_SECRET, format!("{body}\n").as_bytes()),
        signature(WEBHOOK_SECRET, body.replace("th_1", "th_2").as_bytes()),
        signature("", body.as_bytes()),
        signature(&WEBHOOK_SECRET.to_uppercase(), body.as_bytes()),
        signature(&format!("{WEBHOOK_SECRET}\n"), body.as_bytes()),
        signature(&good, body.as_bytes()),
    ];
    // One bit off, in each digit.
    forged.extend((0..64).map(|place| {
        let digit = u8::from_str_radix(&good[place..=place], 16).unwrap() ^ 1;
        format!("{}{digit:x}{}", &good[..place], &good[place + 1..])
    }));
    let mut answers = vec![];
    for signature in &forged {
        answers.push((
            signature.clone(),
            send(&mut plain, body.clone(), signature).await,
        ));
    }
    let none = plain.post_raw(PATH, Body::from(body.clone()), &[]).await;
    answers.push(("none".into(), none));
    let twice = [
        ("plain-request-signature", good.as_str()),
        ("plain-request-signature", good.as_str()),
    ];
    let twice = plain.post_raw(PATH, Body::from(body.clone()), &twice).await;
    answers.push(("twice".into(), twice));
    // The signature is good, and the bytes are others.
    for mangled in [
        body.replace("th_1", "th_2"),
        format!("{body} "),
        format!("\u{feff}{body}"),
        serde_json::to_string_pretty(&chat("pEv_1", "th_1")).unwrap(),
        String::new(),
    ] {
        answers.push((mangled.clone(), send(&mut plain, mangled, &good).await));
    }
    for (what, page) in &answers {
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{what}");
        assert_eq!(page.body, "", "{what}");
        assert_eq!(page.headers.len(), answers[0].1.headers.len(), "{what}");
    }
    assert_eq!((events(&app).await, changes(&app).await), (0, 0));
    let page = send(&mut plain, body, &good).await;
    assert_eq!(page.status, StatusCode::OK, "it was good all the time");

    let log = log.text();
    for told in [
        "there is no Plain-Request-Signature",
        "is not 64 hexadecimal digits",
        "is not that of PLAIN_WEBHOOK_SECRET",
        "pEv_1",
        "thread.chat_sent",
    ] {
        assert!(log.contains(told), "{told}: {log}");
    }
    for private in ["private-words", &good, WEBHOOK_SECRET] {
        assert!(!log.contains(private), "{private}: {log}");
    }
}

#[tokio::test]
async fn an_attempt_is_of_now_or_refused() {
    let app = TestApp::start().await;
    let attempt = |at: Value| {
        let mut event = chat("pEv_1", "th_1");
        event["webhookMetadata"]["webhookDeliveryAttemptTimestamp"] = at;
        event.to_string()
    };
    // A slow machine takes some of the five minutes.
    for (seconds, status) in [
        (-3600, StatusCode::UNAUTHORIZED),
        (-301, StatusCode::UNAUTHORIZED),
        (-240, StatusCode::OK),
        (0, StatusCode::OK),
        (299, StatusCode::OK),
        (360, StatusCode::UNAUTHORIZED),
        (86_400, StatusCode::UNAUTHORIZED),
    ] {
        let at = Timestamp::now() + SignedDuration::from_secs(seconds);
        let answer = deliver(&app, attempt(at.to_string().into())).await;
        assert_eq!(answer, status, "{seconds}");
    }
    for at in [json!("0000-01-01T00:00:00Z"), json!("9999-12-30T00:00:00Z")] {
        assert_eq!(deliver(&app, attempt(at)).await, StatusCode::UNAUTHORIZED);
    }
    for at in [
        json!(null),
        json!(Timestamp::now().as_second()),
        json!(""),
        json!("now"),
        json!("2026-01-01"),
        json!([Timestamp::now().to_string()]),
    ] {
        let answer = deliver(&app, attempt(at.clone())).await;
        assert_eq!(answer, StatusCode::BAD_REQUEST, "{at}");
    }
    assert_eq!(events(&app).await, 1);
}

#[tokio::test]
async fn what_is_too_much_is_refused_and_what_cannot_be_read_as_well() {
    const LARGEST: usize = 8 * 1024 * 1024;
    let app = TestApp::start().await;
    let mut body = chat("pEv_1", "th_1").to_string().into_bytes();
    body.resize(LARGEST, b' ');
    assert_eq!(deliver(&app, body.clone()).await, StatusCode::OK);
    body.push(b' ');
    assert_eq!(
        deliver(&app, body.clone()).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    // Whatever it claims to be, and also in pieces.
    let signature = signature(WEBHOOK_SECRET, &body);
    for length in ["1", "0", "18446744073709551615"] {
        let pieces = body
            .chunks(64 * 1024)
            .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()));
        let pieces: Vec<_> = pieces.collect();
        let headers = [
            ("plain-request-signature", signature.as_str()),
            ("content-length", length),
        ];
        let stream = Body::from_stream(futures::stream::iter(pieces));
        let page = app.browser().post_raw(PATH, stream, &headers).await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "{length}");
    }

    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    for body in [
        Vec::new(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"\"text\"".to_vec(),
        b"{".to_vec(),
        b"\xff\xfe{}".to_vec(),
        b"id=pEv_1&type=thread.chat_sent".to_vec(),
        deep("[", "]").into_bytes(),
        deep("{\"a\":", "}").into_bytes(),
    ] {
        let answer = deliver(&app, body.clone()).await;
        let start = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(answer, StatusCode::BAD_REQUEST, "{start}");
    }
    for id in [
        json!(null),
        json!(7),
        json!(""),
        json!("pEv \u{0}"),
        json!("x".repeat(129)),
    ] {
        let mut event = chat("pEv_2", "th_1");
        event["id"] = id.clone();
        let answer = deliver(&app, event.to_string()).await;
        assert_eq!(answer, StatusCode::BAD_REQUEST, "{id}");
    }
    assert_eq!(events(&app).await, 1);
}

#[tokio::test]
async fn what_is_unknown_is_accepted_and_ignored() {
    let app = TestApp::start().await;
    let metadata = |event: &mut Value, name: &str, value: Value| {
        event["webhookMetadata"][name] = value;
    };
    let mut of_the_future = chat("pEv_1", "th_1");
    metadata(
        &mut of_the_future,
        "webhookTargetVersion",
        json!("2031-01-01"),
    );
    metadata(
        &mut of_the_future,
        "webhookDeliveryAttemptNumber",
        json!("first"),
    );
    of_the_future["more"] = json!({ "deep": [[[[]]]] });
    assert_eq!(
        deliver(&app, of_the_future.to_string()).await,
        StatusCode::OK
    );
    assert_eq!((events(&app).await, changes(&app).await), (1, 1));

    for (n, (kind, payload)) in [
        (
            "thread.thread_levitated",
            json!({ "thread": { "id": "th_2" } }),
        ),
        ("thread.note_created", json!({ "thread": { "id": "th_2" } })),
        ("thread.chat_sent", json!(null)),
        ("thread.chat_sent", json!({ "thread": { "id": ["th_2"] } })),
        ("customer.customer_deleted", json!({})),
        (
            "customer.customer_deleted",
            json!({ "previousCustomer": { "id": "" } }),
        ),
        ("", json!({})),
    ]
    .into_iter()
    .enumerate()
    {
        let event = envelope(&format!("pEv_x{n}"), kind, payload);
        assert_eq!(
            deliver(&app, event.to_string()).await,
            StatusCode::OK,
            "{event}"
        );
    }
    let mut bare = chat("pEv_bare", "th_3");
    let members = bare.as_object_mut().unwrap();
    members.retain(|name, _| ["id", "webhookMetadata"].contains(&name.as_str()));
    assert_eq!(deliver(&app, bare.to_string()).await, StatusCode::OK);
    assert_eq!((events(&app).await, changes(&app).await), (9, 1));

    // A text that was cut inside an emoji has half a surrogate pair (RFC 8259, section 8.2).
    let mut cut = chat("pEv_cut", "th_4");
    cut["payload"]["chat"]["text"] = json!("cut here");
    let cut = cut.to_string().replace("cut here", r"cut \ud83d");
    assert_eq!(deliver(&app, cut).await, StatusCode::OK);
    assert_eq!((events(&app).await, changes(&app).await), (10, 2));
}

/// The examples of Plain's documents, which are not ours to ship.
#[tokio::test]
async fn plains_own_examples_are_understood() {
    let schema = std::env::var("PLAIN_SCHEMA")
        .unwrap_or_else(|_| "../shared/plain/schema.graphql".to_owned());
    let folder = PathBuf::from(schema).with_file_name("webhooks");
    let Ok(files) = std::fs::read_dir(folder) else {
        use std::io::Write as _;
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no webhooks beside PLAIN_SCHEMA"
        );
        return;
    };
    let app = TestApp::start().await;
    let mut seen = 0;
    for file in files {
        let path = file.unwrap().path();
        let mut event: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        // Some of them are of one and the same event.
        event["id"] = format!("pEv_{seen}").into();
        event["webhookMetadata"]["webhookDeliveryAttemptTimestamp"] =
            Timestamp::now().to_string().into();
        app.in_database("DELETE FROM thread_changes").await;
        let body = serde_json::to_string_pretty(&event).unwrap();
        assert_eq!(deliver(&app, body).await, StatusCode::OK, "{path:?}");
        let kind = event["type"].as_str().unwrap();
        let is_seen = [
            "_received",
            "_sent",
            "thread_created",
            "thread_status_transitioned",
        ]
        .iter()
        .any(|end| kind.ends_with(end));
        assert_eq!(changes(&app).await, u64::from(is_seen), "{kind}");
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

#[tokio::test]
async fn an_event_counts_once_also_after_a_restart() {
    let app = TestApp::start().await;
    let body = deleted("pEv_1", &customer_id(&app, "usr_tom").await).to_string();
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (mut plain, body) = (app.browser(), body.clone());
        let signature = signature(WEBHOOK_SECRET, body.as_bytes());
        tasks.spawn(async move { send(&mut plain, body, &signature).await.status });
    }
    let answers = tasks.join_all().await;
    assert!(
        answers.iter().all(|status| *status == StatusCode::OK),
        "{answers:?}"
    );
    assert_eq!(events(&app).await, 1);

    let app = app.restart().await;
    let mut tom = app.signed_in("usr_tom").await;
    assert_eq!(deliver(&app, body).await, StatusCode::OK);
    assert_eq!(
        tom.get("/").await.status,
        StatusCode::OK,
        "it has counted before"
    );
}

#[tokio::test]
async fn who_is_deleted_in_plain_is_forgotten_and_signed_out() {
    let app = TestApp::start().await;
    let (mut ines, mut elsewhere) = (
        app.signed_in("usr_ines").await,
        app.signed_in("usr_ines").await,
    );
    let mut tom = app.signed_in("usr_tom").await;
    for browser in [&mut ines, &mut tom] {
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
        let fields = [("title", ""), ("message", "words"), ("submission", "s")];
        browser.post("/api/ask", &fields).await;
    }
    let ids = [
        customer_id(&app, "usr_ines").await,
        customer_id(&app, "usr_tom").await,
    ];
    let store = Store::beside(app.config.database_url.expose_secret())
        .await
        .unwrap();
    let kept = store.kept_about(&ids[0]).await.unwrap();
    assert_eq!(kept.0[0], ("sessions", 2));
    assert!(kept.rows() > 3, "{kept:?}");
    let others = store.kept_about(&ids[1]).await.unwrap();

    app.calls();
    assert_eq!(
        deliver(&app, deleted("pEv_1", &ids[0]).to_string()).await,
        StatusCode::OK
    );
    assert_eq!(app.calls(), Vec::<String>::new(), "asks nothing of Plain");
    assert_eq!(store.kept_about(&ids[0]).await.unwrap().rows(), 0);
    assert_eq!(store.kept_about(&ids[1]).await.unwrap(), others);
    for browser in [&mut ines, &mut elsewhere] {
        assert_eq!(browser.get("/").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(tom.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_has_changed_about_a_customer_is_noticed_at_the_next_page() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    mark_as_spam(&app, "usr_ines").await;
    let page = ines.get("/threads/T-34").await;
    assert!(
        page.html()
            .select(&scraper::Selector::parse("textarea").unwrap())
            .next()
            .is_some()
    );
    let customer = json!({ "customer": { "id": customer_id(&app, "usr_ines").await } });
    let event = envelope("pEv_1", "customer.customer_updated", customer);
    assert_eq!(deliver(&app, event.to_string()).await, StatusCode::OK);
    let page = ines.get("/threads/T-34").await;
    assert!(page.text("#reply").contains("on hold"), "{}", page.body);
}

#[tokio::test]
async fn while_our_database_fails_plain_is_to_try_again() {
    let app = TestApp::start().await;
    let body = chat("pEv_1", "th_1").to_string();
    app.in_database("ALTER TABLE thread_changes RENAME TO elsewhere")
        .await;
    for _ in 0..2 {
        assert_eq!(
            deliver(&app, body.clone()).await,
            StatusCode::SERVICE_UNAVAILABLE
        );
    }
    app.in_database("ALTER TABLE elsewhere RENAME TO thread_changes")
        .await;
    assert_eq!((events(&app).await, changes(&app).await), (0, 0));
    assert_eq!(deliver(&app, body).await, StatusCode::OK);
    assert_eq!((events(&app).await, changes(&app).await), (1, 1));
}

#[tokio::test]
async fn the_secret_before_is_accepted_while_it_is_changed() {
    let app = TestApp::with(Default::default(), |settings| {
        settings.plain_webhook_secret_previous = Some("the-one-before".into());
    })
    .await;
    for (n, (secret, status)) in [
        (WEBHOOK_SECRET, StatusCode::OK),
        ("the-one-before", StatusCode::OK),
        ("the-one-before-that", StatusCode::UNAUTHORIZED),
    ]
    .into_iter()
    .enumerate()
    {
        let body = chat(&format!("pEv_{n}"), "th_1").to_string();
        let page = send(
            &mut app.browser(),
            body.clone(),
            &signature(secret, body.as_bytes()),
        )
        .await;
        assert_eq!(page.status, status, "{secret}");
    }
}

#[tokio::test]
async fn the_sandbox_is_heard() {
    let app = TestApp::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}{PATH}", listener.local_addr().unwrap());
    let router = app.router.clone();
    let portal = tokio::spawn(async move { axum::serve(listener, router).await });
    let target = Target::new(url.parse().unwrap(), WEBHOOK_SECRET);
    app.sandbox.send_webhooks(Some(target));

    let mut ines = app.signed_in("usr_ines").await;
    let thread_id = app.thread_id("T-34").await;
    app.agent_replies(&thread_id, "Answer").await;
    until("the thread has changed", async || changes(&app).await == 1).await;
    let customer_id = customer_id(&app, "usr_ines").await;
    let delete =
        "mutation ($id: ID!) { deleteCustomer(input: { customerId: $id }) { error { message } } }";
    app.plain(delete, json!({ "id": customer_id })).await;
    until("she is signed out", async || {
        ines.get("/").await.status == StatusCode::UNAUTHORIZED
    })
    .await;
    assert!(
        app.sandbox
            .webhooks()
            .iter()
            .all(|it| it.attempts.iter().all(|it| it.status == Some(200)))
    );
    portal.abort();
}
