//! Webhooks as Plain sends them (<https://www.plain.com/docs/api-reference/webhooks>): what happens in the sandbox is told to a URL,
//! signed, at least once and in no certain order.
//!
//! Nothing in the sandbox has to report what it does. Whenever somebody has had the memory in hand, what it holds is compared
//! with what it held before; see `changes.rs`.

mod changes;
mod delivery;
mod payload;

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Notify;
use url::Url;

use super::{ids::Ids, state::State};
use changes::{Event, Snapshot};
pub(super) use delivery::run;

/// How many deliveries are remembered, besides those that are on their way.
const REMEMBERED: usize = 1_000;

/// The pauses before each of Plain's twelve retries, in seconds: five days in all.
const PAUSES: [u32; 12] = [
    10, 30, 300, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400, 86_400, 86_400,
];

/// The version whose schema a test holds every payload against.
pub const VERSION: &str = "2026-04-21";

/// Where webhooks go.
#[derive(Clone, Debug)]
pub struct Target {
    pub url: Url,
    /// Signs them.
    pub secret: SecretString,
    /// What the pauses before a retry are multiplied by: 1 is Plain's own pace, 0 tries again at once.
    pub retry_scale: f64,
    /// Which of Plain's versions they say they are of. The payload is the same for all.
    pub version: String,
}

impl Target {
    /// A target at Plain's own pace.
    pub fn new(url: Url, secret: impl Into<SecretString>) -> Self {
        Self {
            url,
            secret: secret.into(),
            retry_scale: 1.0,
            version: VERSION.to_owned(),
        }
    }
}

/// One event on its way.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// The event's id: the same at every attempt.
    pub id: String,
    /// Such as `thread.chat_sent`.
    #[serde(rename = "type")]
    pub kind: String,
    pub timestamp: Timestamp,
    pub payload: Value,
    pub status: Status,
    pub attempts: Vec<Attempt>,
    /// When it is tried again; none when it has arrived, or is given up.
    pub next_attempt_at: Option<Timestamp>,
}

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Pending,
    Delivered,
    /// Thirteen attempts, none of them answered with 2xx.
    Failed,
}

/// One attempt to deliver an event.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    pub at: Timestamp,
    /// What the target answered; none when it did not.
    pub status: Option<u16>,
    pub error: Option<String>,
}

/// The webhooks of a sandbox.
#[derive(Default)]
pub struct Webhooks {
    on: AtomicBool,
    inner: Mutex<Inner>,
    work: Notify,
}

#[derive(Default)]
struct Inner {
    target: Option<Target>,
    seen: Snapshot,
    ids: Ids,
    workspace_id: String,
    deliveries: VecDeque<Delivery>,
}

impl Webhooks {
    /// Sends what happens from now on there, or nowhere. What is on its way goes there as well.
    pub fn aim(&self, target: Option<Target>, state: &State) {
        let mut inner = self.inner();
        inner.ids.go_live();
        inner.workspace_id.clone_from(&state.workspace_id);
        inner.seen = Snapshot::of(state);
        self.on.store(target.is_some(), Ordering::SeqCst);
        inner.target = target;
        self.work.notify_one();
    }

    /// Where they go.
    pub fn target(&self) -> Option<Target> {
        self.inner().target.clone()
    }

    /// Notes what has changed since the last time.
    pub fn observe(&self, state: &State) {
        if !self.on.load(Ordering::SeqCst) {
            return;
        }
        let mut inner = self.inner();
        let now = Snapshot::of(state);
        let events = inner.seen.changes_to(&now, state);
        inner.seen = now;
        if events.is_empty() {
            return;
        }
        for Event { kind, payload } in events {
            let timestamp = State::now();
            let id = inner.ids.next("pEv", timestamp);
            inner.deliveries.push_back(Delivery {
                id,
                kind: kind.to_owned(),
                timestamp,
                payload,
                status: Status::Pending,
                attempts: Vec::new(),
                next_attempt_at: Some(timestamp),
            });
        }
        let mut surplus = inner.deliveries.len().saturating_sub(REMEMBERED);
        // What has not arrived is not forgotten.
        inner.deliveries.retain(|it| {
            let goes = surplus > 0 && it.status != Status::Pending;
            surplus -= usize::from(goes);
            !goes
        });
        self.work.notify_one();
    }

    /// The last thousand, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.inner().deliveries.iter().cloned().collect()
    }

    /// Takes what is due at this time: until its attempt has ended it is not due again.
    fn take_due(&self, now: Timestamp) -> Vec<Delivery> {
        let mut inner = self.inner();
        if inner.target.is_none() {
            return Vec::new();
        }
        let due = |delivery: &&mut Delivery| delivery.next_attempt_at.is_some_and(|at| at <= now);
        let due = inner.deliveries.iter_mut().filter(due);
        due.map(|delivery| {
            delivery.next_attempt_at = None;
            delivery.clone()
        })
        .collect()
    }

    /// Records how an attempt has ended, and when there will be another.
    fn attempted(&self, id: &str, attempt: Attempt) {
        let mut inner = self.inner();
        let scale = inner
            .target
            .as_ref()
            .map_or(1.0, |target| target.retry_scale);
        let Some(delivery) = inner.deliveries.iter_mut().find(|it| it.id == id) else {
            return;
        };
        let arrived = attempt
            .status
            .is_some_and(|status| (200..300).contains(&status));
        let ended_at = State::now();
        delivery.attempts.push(attempt);
        let pause = PAUSES.get(delivery.attempts.len() - 1);
        (delivery.status, delivery.next_attempt_at) = match pause {
            _ if arrived => (Status::Delivered, None),
            None => (Status::Failed, None),
            Some(seconds) => {
                let pause = Duration::try_from_secs_f64(f64::from(*seconds) * scale);
                let pause = pause.ok().and_then(|it| SignedDuration::try_from(it).ok());
                let at = ended_at.checked_add(pause.unwrap_or(SignedDuration::MAX));
                (Status::Pending, Some(at.unwrap_or(Timestamp::MAX)))
            }
        };
        self.work.notify_one();
    }

    /// When the next attempt is due.
    fn next_due(&self) -> Option<Timestamp> {
        let inner = self.inner();
        inner.target.as_ref()?;
        let dues = inner.deliveries.iter().filter_map(|it| it.next_attempt_at);
        dues.min()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
