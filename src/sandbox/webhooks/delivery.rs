//! How events are delivered: signed, each attempt by itself, and again when it fails.

use std::{sync::Arc, time::Duration};

use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use reqwest::{Client, redirect};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::watch;

use super::{Attempt, Delivery, Target, Webhooks};
use crate::sandbox::{state::State, store::Store};

/// How long a target may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How often to look for what time brings about: replies that arrive, threads that wake up.
const LOOK_AROUND: Duration = Duration::from_secs(1);

/// Delivers until told to stop.
pub async fn run(store: Arc<Store>, webhooks: Arc<Webhooks>, mut stopping: watch::Receiver<bool>) {
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .timeout(TIMEOUT)
        // What is told here is for the target alone.
        .no_proxy()
        .build();
    let Ok(client) = client else { return };
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => return,
            () = webhooks.work.notified() => {}
            () = tokio::time::sleep(rest(&webhooks)) => {}
        }
        let Some(target) = webhooks.target() else {
            continue;
        };
        store.lock().pass_time();
        for delivery in webhooks.take_due(State::now()) {
            let (client, target, webhooks) =
                (client.clone(), target.clone(), Arc::clone(&webhooks));
            tokio::spawn(async move {
                let attempt = attempt(&client, &target, &webhooks, &delivery).await;
                webhooks.attempted(&delivery.id, attempt);
            });
        }
    }
}

fn rest(webhooks: &Webhooks) -> Duration {
    let wait = webhooks
        .next_due()
        .map(|due| due.duration_since(Timestamp::now()));
    let wait = wait.map(|wait| Duration::try_from(wait).unwrap_or_default());
    wait.map_or(LOOK_AROUND, |wait| wait.min(LOOK_AROUND))
}

/// One attempt, with an id and a time of its own. What is no 2xx is a failure, a redirect as well.
async fn attempt(
    client: &Client,
    target: &Target,
    webhooks: &Webhooks,
    delivery: &Delivery,
) -> Attempt {
    let at = State::now();
    let number = delivery.attempts.len() + 1;
    let (attempt_id, target_id, workspace_id) = {
        let mut inner = webhooks.inner();
        let attempt_id = inner.ids.next("whAttempt", at);
        // One target, whatever its URL.
        let target_id = inner.workspace_id.replacen("w_", "whTarget_", 1);
        (attempt_id, target_id, inner.workspace_id.clone())
    };
    let body = json!({
        "id": delivery.id,
        "type": delivery.kind,
        "timestamp": time(delivery.timestamp),
        "workspaceId": workspace_id,
        "payload": delivery.payload,
        "webhookMetadata": {
            "webhookTargetId": target_id,
            "webhookTargetVersion": target.version,
            "webhookDeliveryAttemptId": attempt_id,
            "webhookDeliveryAttemptNumber": number,
            "webhookDeliveryAttemptTimestamp": time(at),
        },
    })
    .to_string();
    let sent = client
        .post(target.url.clone())
        .header("accept", "application/json")
        .header("content-type", "application/json")
        .header(
            "user-agent",
            "Plain-Webhooks/1.0 (the sandbox of plain-portal)",
        )
        .header("plain-workspace-id", &workspace_id)
        .header("plain-webhook-target-id", &target_id)
        .header("plain-webhook-delivery-attempt-id", &attempt_id)
        .header("plain-webhook-delivery-attempt-number", number)
        .header("plain-webhook-delivery-attempt-timestamp", time(at))
        .header("plain-event-type", &delivery.kind)
        .header("plain-event-id", &delivery.id)
        .header("plain-request-signature", signature(target, &body))
        .body(body)
        .send()
        .await;
    match sent {
        Ok(answer) => Attempt {
            at,
            status: Some(answer.status().as_u16()),
            error: None,
        },
        Err(error) => Attempt {
            at,
            status: None,
            error: Some(error.without_url().to_string()),
        },
    }
}

/// HMAC-SHA256 of the body, in hex.
fn signature(target: &Target, body: &str) -> String {
    // A key of any length is one.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(target.secret.expose_secret().as_bytes()) else {
        return String::new();
    };
    hex::encode(mac.chain_update(body).finalize().into_bytes())
}

/// As Plain writes times: always with milliseconds.
pub(super) fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The same, or `null`.
pub(super) fn maybe_time(at: Option<Timestamp>) -> Value {
    at.map(time).into()
}
