//! Files from a store that means no good, or works badly.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::{
    app::{API_KEY, Browser, TestApp},
    downloads::{PIXEL, WORDS, fetch, ines_sends, said},
};

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
