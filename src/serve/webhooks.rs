//! Where Plain delivers its webhooks: `POST /webhooks/plain`.
//!
//! Programs come here, not people: there is no session, no cross-site check and no page. Whoever cannot sign learns nothing.

use axum::{
    body::Bytes,
    extract::{FromRequest as _, Request, State},
    http::StatusCode,
};
use jiff::Timestamp;

use super::Portal;
use crate::{
    live,
    plain::webhook::{self, Envelope, Forged, Unreadable},
    store,
};

/// More than Plain ever sends: a message of a megabyte comes with its text and its markdown. What is larger is not even hashed.
pub const LARGEST: usize = 8 * 1024 * 1024;

/// Why a delivery was not taken. The log says which; the answer is a status alone.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("{0}")]
    Forged(#[from] Forged),
    #[error("the body is too large, or broke off")]
    Body(StatusCode),
    #[error("{0}")]
    Unreadable(#[from] Unreadable),
    /// Plain tries again.
    #[error("{0}")]
    Store(#[from] store::Error),
}

impl Refused {
    fn status(&self) -> StatusCode {
        match self {
            Self::Forged(_) => StatusCode::UNAUTHORIZED,
            Self::Body(status) => *status,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// 200 for an event that counts, has counted before, or is of no concern; 401 unless it is signed, and of now; 413 for too
/// much; 400 for what cannot be read; 503 while our database does not answer.
pub async fn receive(State(portal): State<Portal>, request: Request) -> StatusCode {
    match accept(&portal, request).await {
        Ok(()) => StatusCode::OK,
        Err(error @ Refused::Store(_)) => {
            tracing::error!(%error, "webhook not taken in");
            error.status()
        }
        Err(error) => {
            tracing::warn!(%error, "webhook refused");
            error.status()
        }
    }
}

async fn accept(portal: &Portal, request: Request) -> Result<(), Refused> {
    let headers = request.headers().clone();
    let signatures: Vec<&[u8]> = headers
        .get_all(webhook::SIGNATURE)
        .iter()
        .map(axum::http::HeaderValue::as_bytes)
        .collect();
    // By what arrives, not by what `Content-Length` says.
    let body = Bytes::from_request(request, &())
        .await
        .map_err(|rejection| Refused::Body(rejection.status()))?;
    webhook::verify(&portal.config.webhook_secrets, &signatures, &body)?;
    let envelope = Envelope::read(&body)?;
    let now = Timestamp::now();
    envelope.is_of(now)?;
    let event = envelope.event()?;
    let first = live::take_in(&portal.store, &portal.supplies.memberships, &event, now).await?;
    tracing::info!(id = event.id, kind = event.kind, first, "webhook");
    Ok(())
}
