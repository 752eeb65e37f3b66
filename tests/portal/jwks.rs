//! A host that publishes its keys, and misbehaves when told to.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{app::until_within, host_keys::HostKey};

#[derive(Clone)]
pub struct JwksServer {
    url: String,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
    open: watch::Sender<bool>,
    _task: Arc<Task>,
}

/// Ends with the server.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[derive(Clone)]
pub struct Answer {
    status: StatusCode,
    body: String,
    location: Option<String>,
}

impl Answer {
    pub fn keys(keys: &[&HostKey]) -> Self {
        let keys: Vec<_> = keys.iter().map(|key| key.jwk()).collect();
        Self::text(json!({ "keys": keys }).to_string())
    }

    pub fn text(body: impl Into<String>) -> Self {
        Self {
            status: StatusCode::OK,
            body: body.into(),
            location: None,
        }
    }

    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub fn redirect(to: &str) -> Self {
        Self {
            location: Some(to.to_owned()),
            ..Self::text("").with_status(StatusCode::FOUND)
        }
    }
}

impl JwksServer {
    pub async fn start(keys: &[&HostKey]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(Answer::keys(keys)));
        let asked = Arc::new(AtomicUsize::new(0));
        let open = watch::Sender::new(true);
        let state = (answer.clone(), asked.clone(), open.subscribe());
        let router = Router::new().fallback(respond).with_state(state);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            answer,
            asked,
            open,
            _task: Arc::new(Task(task)),
        }
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// How often somebody has asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub async fn until_asked(&self, times: usize) {
        until_within(
            Duration::from_secs(60),
            "the keys are asked for",
            async || self.asked() >= times,
        )
        .await;
    }

    pub fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// Lets whoever asks wait, until it is opened again.
    pub fn close(&self) {
        self.open.send_replace(false);
    }

    pub fn open(&self) {
        self.open.send_replace(true);
    }
}

type Shared = (Arc<Mutex<Answer>>, Arc<AtomicUsize>, watch::Receiver<bool>);

async fn respond(State((answer, asked, mut open)): State<Shared>) -> Response {
    asked.fetch_add(1, Ordering::SeqCst);
    let _ = open.wait_for(|open| *open).await;
    let answer = answer.lock().unwrap().clone();
    let mut response = (answer.status, answer.body).into_response();
    if let Some(location) = answer.location {
        response
            .headers_mut()
            .insert(header::LOCATION, location.parse().unwrap());
    }
    response
}
