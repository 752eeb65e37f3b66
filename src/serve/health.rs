//! For whoever keeps the portal running.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde_json::json;
use tokio::sync::Mutex;

use super::Portal;
use crate::plain::{self, permissions};

/// Plain is asked this often at most, however often the portal is.
const ASK_EVERY: Duration = Duration::from_secs(30);
const DEADLINE: Duration = Duration::from_secs(2);

/// What Plain last said, and when. Cheap to clone.
#[derive(Clone)]
pub struct PlainState {
    plain: plain::Client,
    last: Arc<Mutex<Option<(Instant, String)>>>,
}

impl PlainState {
    pub fn new(plain: plain::Client) -> Self {
        Self {
            plain: plain.without_retries(),
            last: Arc::default(),
        }
    }

    async fn words(&self) -> String {
        let mut last = self.last.lock().await;
        if let Some((at, words)) = &*last
            && at.elapsed() < ASK_EVERY
        {
            return words.clone();
        }
        let words = match tokio::time::timeout(DEADLINE, self.plain.my_permissions()).await {
            Ok(Ok(granted)) => match permissions::missing(&granted).as_slice() {
                [] => "ok".to_owned(),
                missing => format!("PLAIN_API_KEY lacks {}", missing.join(", ")),
            },
            Ok(Err(error)) => error.words().to_owned(),
            Err(_) => "does not answer".to_owned(),
        };
        *last = Some((Instant::now(), words.clone()));
        words
    }
}

/// The process is alive.
pub async fn alive() -> &'static str {
    "ok"
}

/// Ready when the database answers. Plain's state and missing handoff keys are told and not required: pages say it to
/// customers themselves.
pub async fn ready(State(portal): State<Portal>) -> impl IntoResponse {
    match portal.store.ping().await {
        Ok(()) => {
            let mut state = json!({ "database": "ok", "plain": portal.health.words().await });
            if !portal.keys.are_well().await {
                state["handoff"] = "PORTAL_HANDOFF_JWKS cannot be read".into();
            }
            (StatusCode::OK, Json(state))
        }
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                Json(json!({ "database": "does not answer" })),
            )
        }
    }
}
