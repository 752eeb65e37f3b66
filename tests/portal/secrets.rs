//! The API key, and other secrets, are in nothing that leaves the server.

use std::{
    io::{self, Write},
    sync::{Arc, LazyLock, Mutex},
};

use axum::http::StatusCode;
use tracing::{Dispatch, subscriber::DefaultGuard};

use crate::app::{API_KEY, Page, TestApp, WEBHOOK_SECRET, submission};

/// What would be in the log.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Reads what this thread logs from now on, filtered as `RUST_LOG` would, until the guard is dropped.
    pub fn listen(&self, filter: &str) -> DefaultGuard {
        // With a single subscriber, `tracing` asks whichever thread first comes to a statement whether anybody listens, and
        // remembers the answer: another test would turn it off for this one.
        static ANOTHER: LazyLock<Dispatch> =
            LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));
        LazyLock::force(&ANOTHER);
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(move || log.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "current_thread")]
async fn secrets_stay_inside() {
    let log = Log::default();
    let _guard = log.listen("trace");

    let mut app = TestApp::start().await;
    let mut ines = app.browser();
    let token = app.token("usr_ines");
    let mut pages: Vec<Page> = vec![
        ines.get(&format!("/auth/handoff?token={token}")).await,
        ines.get(&format!("/auth/handoff?token={token}")).await,
    ];
    for path in [
        "/",
        "/?status=all",
        "/threads/new",
        "/threads/T-34",
        "/threads/T-30",
        "/nowhere",
        "/healthz",
        "/readyz",
        "/favicon.svg",
        "/webhooks/plain",
    ] {
        pages.push(ines.get(path).await);
    }
    let form = ines.get("/threads/T-34").await;
    pages.push(
        ines.post(
            "/api/reply",
            &[
                ("thread_id", &form.field("thread_id")),
                ("text", "hello"),
                ("submission", &submission()),
            ],
        )
        .await,
    );
    pages.push(
        ines.post(
            "/api/ask",
            &[
                ("title", ""),
                ("message", "hello"),
                ("submission", &submission()),
            ],
        )
        .await,
    );
    pages.push(ines.get("/threads/new").await);
    app.sandbox.stop().await;
    pages.push(ines.get("/").await);
    pages.push(
        ines.post(
            "/api/reply",
            &[
                ("thread_id", &form.field("thread_id")),
                ("text", "again"),
                ("submission", &submission()),
            ],
        )
        .await,
    );
    pages.push(app.browser().hand_off(&app.token("usr_tom")).await);
    app.restart_sandbox().await;
    pages.push(ines.post("/auth/sign-out", &[]).await);
    assert!(
        pages
            .iter()
            .any(|page| page.status == StatusCode::SERVICE_UNAVAILABLE)
    );

    let log = log.text();
    assert!(
        log.contains("handoff refused") && log.contains("Plain call failed"),
        "the log was read: {log}"
    );
    let cookie = ines.cookie.clone().unwrap_or_default();
    for secret in [
        API_KEY,
        "canary_5f0c1e",
        WEBHOOK_SECRET,
        "a secret of at least thirty-two bytes",
        &token,
        token.rsplit('.').next().unwrap(),
    ] {
        for page in &pages {
            assert!(
                !page.body.contains(secret),
                "{secret} in a page: {}",
                page.body
            );
            assert!(
                !format!("{:?}", page.headers).contains(secret),
                "{secret} in headers"
            );
        }
        assert!(!log.contains(secret), "{secret} in the log");
    }
    assert!(cookie.is_empty() || !log.contains(&cookie));
}
