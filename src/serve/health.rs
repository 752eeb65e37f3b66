//! For whoever keeps the portal running.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde_json::json;
use tokio::sync::Mutex;

use super::Portal;
use crate::plain;

/// Plain is asked this often at most, however often the portal is.
const ASK_EVERY: Duration = Duration::from_secs(30);
const DEADLINE: Duration = Duration::from_secs(2);

/// What Plain last said, and when. Cheap to clone.
#[derive(Clone)]
pub struct PlainState {
    plain: plain::Client,
    last: Arc<Mutex<Option<(Instant, &'static str)>>>,
}

impl PlainState {
    pub fn new(plain: plain::Client) -> Self {
        Self {
            plain,
            last: Arc::default(),
        }
    }

    async fn words(&self) -> &'static str {
        let mut last = self.last.lock().await;
        if let Some((at, words)) = *last
            && at.elapsed() < ASK_EVERY
        {
            return words;
        }
        let words = match tokio::time::timeout(DEADLINE, self.plain.my_permissions()).await {
            Ok(Ok(_)) => "ok",
            Ok(Err(plain::Error::Unauthenticated { .. } | plain::Error::Forbidden { .. })) => {
                "refuses PLAIN_API_KEY"
            }
            _ => "does not answer",
        };
        *last = Some((Instant::now(), words));
        words
    }
}

/// The process is alive.
pub async fn alive() -> &'static str {
    "ok"
}

/// Ready when the database answers. Plain's state is told and not required: pages say it to customers themselves.
pub async fn ready(State(portal): State<Portal>) -> impl IntoResponse {
    match portal.store.ping().await {
        Ok(()) => (
            StatusCode::OK,
            Json(json!({ "database": "ok", "plain": portal.health.words().await })),
        ),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                Json(json!({ "database": "does not answer" })),
            )
        }
    }
}
