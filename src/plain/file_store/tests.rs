//! Uploads and downloads with a store that does what a test tells it.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::to_bytes,
    extract::Request,
    response::{IntoResponse, Response as Answer},
    routing::any,
};
use futures::StreamExt as _;
use tokio::net::TcpListener;

use super::*;
use crate::plain::operations::{AttachmentId, AttachmentType, Id, UploadFormData};

/// A store that answers all requests alike and remembers the last, as head and body.
struct Store {
    origin: String,
    seen: Arc<Mutex<String>>,
}

impl Store {
    async fn start<A: IntoResponse + 'static>(
        answer: impl Fn() -> A + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(String::new()));
        let remembered = seen.clone();
        let handler = move |request: Request| async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let body = String::from_utf8_lossy(&body).into_owned();
            *remembered.lock().unwrap() = format!("{:?}\n{body}", parts.headers);
            answer().into_response()
        };
        let router = Router::new().fallback(any(handler));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, seen }
    }

    fn place(&self) -> AttachmentUploadUrl {
        let field = |key: &str, value: &str| UploadFormData {
            key: key.to_owned(),
            value: value.to_owned(),
        };
        AttachmentUploadUrl {
            attachment: AttachmentId {
                id: Id::new("att_1"),
            },
            upload_form_url: format!("{}/form?x=1", self.origin),
            upload_form_data: vec![
                field("key", "k/1"),
                field("policy", "eyJ9"),
                field("a", "z"),
            ],
        }
    }

    async fn take(&self, idle: Duration) -> Result<(), Error> {
        let body = stream::iter(["one ", "two"].map(|it| Ok(Bytes::from_static(it.as_bytes()))));
        store()
            .with_idle(idle)
            .upload(&self.place(), &FILE, body)
            .await
    }

    async fn give(&self, part: Option<Part>) -> Result<Download, Error> {
        store().download(&self.origin, part).await
    }
}

const FILE: NewFile<'_> = NewFile {
    name: "a \"b\"\r\nx: y.txt",
    size_bytes: 7,
    kind: AttachmentType::Chat,
};

/// Long enough for a busy machine.
const PATIENT: Duration = Duration::from_secs(30);

fn store() -> FileStore {
    FileStore::new(false).unwrap()
}

fn answer(
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
) -> Answer {
    let mut answer = (StatusCode::from_u16(status).unwrap(), body).into_response();
    for (name, value) in headers {
        answer.headers_mut().insert(*name, value.parse().unwrap());
    }
    answer
}

#[tokio::test]
async fn a_form_has_its_fields_in_order_and_the_file_last() {
    let store = Store::start(|| StatusCode::NO_CONTENT).await;
    store.take(PATIENT).await.unwrap();
    let seen = store.seen.lock().unwrap().clone();
    let (head, body) = seen.split_once('\n').unwrap();
    let length = format!("\"content-length\": \"{}\"", body.len());
    assert!(head.contains(&length), "{head}");
    for secret in ["authorization", "cookie", "transfer-encoding"] {
        assert!(!head.contains(secret), "{head}");
    }
    let names: Vec<&str> = body
        .split("; name=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(names, ["key", "policy", "a", "file"]);
    let file = "filename=\"a \\\"b\\\"x: y.txt\"\r\n\r\none two\r\n--";
    assert!(body.contains(file), "{body}");
}

#[tokio::test]
async fn refusals_of_the_store_have_their_kinds() {
    let refusal = Refusal::AttachmentTooLarge;
    for (status, body, large, away) in [
        (413, "", true, false),
        (
            400,
            "<Error><Code>EntityTooLarge</Code></Error>",
            true,
            false,
        ),
        (400, "no", false, false),
        (
            403,
            "<Error><Code>AccessDenied</Code></Error>",
            false,
            false,
        ),
        (302, "", false, false),
        (408, "", false, true),
        (429, "", false, true),
        (500, "", false, true),
        (503, "", false, true),
    ] {
        let headers = &[("location", "http://127.0.0.1:1/elsewhere")];
        let store = Store::start(move || answer(status, headers, body)).await;
        let error = store.take(PATIENT).await.unwrap_err();
        match error {
            Error::Validation { refusal: it, .. } if large => assert_eq!(it, refusal),
            Error::FileStoreAway { .. } if away => {}
            Error::FileStoreRefused { .. } if !large && !away => {}
            error => panic!("{status}: {error:?}"),
        }
        assert!(!store.take(PATIENT).await.unwrap_err().maybe_done());
    }
}

#[tokio::test]
async fn a_store_that_takes_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let store = Store {
        origin: format!("http://{}", listener.local_addr().unwrap()),
        seen: Arc::default(),
    };
    let idle = Duration::from_millis(200);
    assert_eq!(store.take(idle).await, Err(stalled(idle)));
    let ended = super::FileStore::new(false).unwrap().with_idle(idle);
    let ended = ended.download(&store.origin, None).await.map(drop);
    assert_eq!(ended, Err(stalled(idle)));
}

#[tokio::test]
async fn a_slow_file_may_take_longer_than_the_idle_time() {
    let store = Store::start(|| StatusCode::NO_CONTENT).await;
    let idle = Duration::from_secs(2);
    let file = NewFile {
        size_bytes: 30,
        ..FILE
    };
    let drops = stream::iter(0..30).then(|_| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok(Bytes::from_static(b"."))
    });
    let sender = super::FileStore::new(false).unwrap().with_idle(idle);
    sender.upload(&store.place(), &file, drops).await.unwrap();
}

#[tokio::test]
async fn only_safe_addresses_are_called() {
    for url in [
        "http://files.example/a",
        "http://169.254.169.254/latest/meta-data",
        "https://user:secret@files.example/a",
        "https://user@files.example/a",
        "ftp://files.example/a",
        "file:///etc/passwd",
        "//files.example",
        "",
    ] {
        let refused = store().download(url, None).await.map(drop);
        assert!(matches!(refused, Err(Error::NotUnderstood { .. })), "{url}");
    }
}

#[tokio::test]
async fn a_part_is_the_one_that_was_asked_for() {
    let asked = Some(Part::From(2, Some(4)));
    for (status, range, taken) in [
        (206, "bytes 2-4/10", true),
        (206, "bytes 2-3/*", false),
        (206, "bytes 0-2/10", false),
        (206, "bytes 2-5/10", false),
        (206, "bytes 4-2/10", false),
        (206, "bytes 2-4/3", false),
        (206, "lines 2-4/10", false),
        (206, "bytes */10", false),
        (200, "", true),
        (204, "", false),
        (304, "", false),
    ] {
        let store = Store::start(move || {
            let mut answer = answer(status, &[], "abc");
            answer
                .headers_mut()
                .insert("content-range", range.parse().unwrap());
            answer
        });
        let store = store.await;
        let given = store.give(asked).await;
        assert_eq!(given.is_ok(), taken, "{status} {range}");
        let head = store.seen.lock().unwrap().clone();
        assert!(head.contains("\"range\": \"bytes=2-4\""), "{head}");
        assert_eq!(
            store.give(None).await.is_ok(),
            status == 200,
            "{status} {range}"
        );
    }
    let store = Store::start(|| answer(416, &[("content-range", "bytes */10")], "")).await;
    let whole = Some(10);
    let content = store.give(asked).await.unwrap().content;
    assert_eq!(content, Content::Unsatisfiable { whole });
    assert!(store.give(None).await.is_err());
}

#[tokio::test]
async fn codings_that_were_not_asked_for_are_refused() {
    let store = Store::start(|| answer(200, &[("content-encoding", "gzip")], "abc")).await;
    assert!(store.give(None).await.is_err());
    let store = Store::start(|| answer(200, &[("content-encoding", "identity")], "abc")).await;
    assert!(store.give(None).await.is_ok());
}
