//! A host's public keys, kept and fetched again: when they are no longer fresh, and when a token names one that we do not know.
//!
//! One fetch at a time, whoever waits for it; and after one, none for a while. So neither a crowd of people nor somebody who
//! makes up `kid`s can turn the portal against the host. A fetch that fails changes nothing.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::{Mutex, RwLock},
    task::JoinHandle,
};
use tracing::Instrument as _;

use super::{KeySet, Missing, VerifyingKey, source::Source};
use crate::config::{self, Refetch};

pub(super) struct Cache {
    source: Source,
    refetch: Refetch,
    held: RwLock<Held>,
    /// Held by whoever fetches.
    turn: Mutex<()>,
}

#[derive(Default)]
struct Held {
    keys: Option<Arc<KeySet>>,
    stale_at: Option<Instant>,
    /// When the last fetch ended, well or badly.
    asked_at: Option<Instant>,
    failed: bool,
}

impl Held {
    fn is_fresh(&self) -> bool {
        self.stale_at
            .is_some_and(|stale_at| Instant::now() < stale_at)
    }

    /// May the host be asked again, for somebody who has wanted that since `wanted`?
    fn may_ask(&self, wanted: Instant, refetch: Refetch) -> bool {
        let Some(asked_at) = self.asked_at else {
            return true;
        };
        let pause = match self.keys {
            Some(_) => refetch.pause,
            None => refetch.pause_without_keys,
        };
        // What ended while they waited for their turn is the answer to them as well.
        asked_at < wanted && asked_at.elapsed() >= pause
    }
}

impl Cache {
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(jwks: &config::Jwks) -> Result<Self, String> {
        Ok(Self {
            source: Source::new(jwks)?,
            refetch: jwks.refetch,
            held: RwLock::default(),
            turn: Mutex::default(),
        })
    }

    /// The key for a token with this `kid`. Waits for a fetch only when what is here is not fresh or does not know the `kid`.
    ///
    /// # Errors
    /// See [`Missing`].
    pub async fn key(self: &Arc<Self>, kid: Option<&str>) -> Result<VerifyingKey, Missing> {
        if !self.knows(kid).await && self.begin_refresh().await.is_err() {
            tracing::error!("fetching the keys of PORTAL_HANDOFF_JWKS has failed");
        }
        let held = self.held.read().await;
        let (chosen, pause) = match &held.keys {
            Some(keys) => (keys.choose(kid), self.refetch.pause),
            None => (Err(Missing::UnknownKid), self.refetch.pause_without_keys),
        };
        match chosen {
            // The host may well have such a key: we could not ask.
            Err(Missing::UnknownKid) if held.failed || held.keys.is_none() => {
                Err(Missing::Unavailable { retry_after: pause })
            }
            chosen => chosen,
        }
    }

    /// Are there keys, and was the last fetch a good one?
    pub async fn is_well(&self) -> bool {
        let held = self.held.read().await;
        held.keys.is_some() && !held.failed
    }

    async fn knows(&self, kid: Option<&str>) -> bool {
        let held = self.held.read().await;
        let found = held.keys.as_ref().map(|keys| keys.choose(kid));
        held.is_fresh() && matches!(found, Some(Ok(_) | Err(Missing::NoKid)))
    }

    /// Fetches when it is time to. In a task of its own: a browser that goes away must not stop what others wait for.
    pub fn begin_refresh(self: &Arc<Self>) -> JoinHandle<()> {
        let (this, wanted) = (Arc::clone(self), Instant::now());
        let refresh = async move {
            let _turn = this.turn.lock().await;
            if this.held.read().await.may_ask(wanted, this.refetch)
                && let Err(problem) = this.load().await
            {
                tracing::error!(
                    problem,
                    "PORTAL_HANDOFF_JWKS could not be read; what was known before counts"
                );
            }
        };
        tokio::spawn(refresh.in_current_span())
    }

    /// Reads the keys, and keeps them when they can be used.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn load(&self) -> Result<(), String> {
        let read = self.read().await;
        let mut held = self.held.write().await;
        held.asked_at = Some(Instant::now());
        held.failed = read.is_err();
        let (keys, fresh) = read?;
        for reason in &keys.left_out {
            tracing::warn!(reason, "PORTAL_HANDOFF_JWKS: a key is not used");
        }
        tracing::info!(keys = keys.summary(), "read PORTAL_HANDOFF_JWKS");
        held.stale_at = Instant::now().checked_add(fresh);
        held.keys = Some(Arc::new(keys));
        Ok(())
    }

    async fn read(&self) -> Result<(KeySet, Duration), String> {
        let document = self.source.read().await?;
        Ok((KeySet::parse(&document.bytes)?, document.fresh))
    }
}
