//! One GraphQL operation over HTTP: there and back, within its time and its size.

use std::{sync::Arc, time::Duration};

use cynic::Operation;
use reqwest::{StatusCode, header, redirect, retry};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::timeout;
use url::Url;

use super::{
    answer::{Answer, Received},
    budget::Budget,
    error::Error,
    retry::{Patience, late},
    retry_after,
};
use crate::config::public_url::is_loopback;

/// What a call may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub connect: Duration,
    pub read: Patience,
    pub write: Duration,
    /// In bytes. A page of usual messages is far smaller.
    pub answer: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            read: Patience::default(),
            write: Duration::from_secs(15),
            answer: 8 * 1024 * 1024,
        }
    }
}

/// Usual load balancers and proxies close a quiet connection after a minute. A call that meets such an end has an
/// unclear one, so that ours are closed well before.
const KEEP_IDLE: Duration = Duration::from_secs(30);

/// The way to one Plain workspace with one API key. Clones share connections and the budget.
#[derive(Clone)]
pub(super) struct Transport {
    http: reqwest::Client,
    url: Url,
    key: SecretString,
    limits: Limits,
    budget: Arc<Budget>,
}

impl Transport {
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub fn new(url: Url, key: SecretString, limits: Limits) -> Result<Self, reqwest::Error> {
        // A proxy of the company's does not know what listens on this machine.
        let builder = match is_loopback(&url) {
            true => reqwest::Client::builder().no_proxy(),
            false => reqwest::Client::builder(),
        };
        let http = builder
            .connect_timeout(limits.connect)
            .pool_idle_timeout(KEEP_IDLE)
            .redirect(redirect::Policy::none())
            // A mutation that was written to a connection must not go out a second time by itself.
            .retry(retry::never())
            // Each call has a connection to itself: one that hangs or is reset takes no other call with it.
            .http1_only()
            // What is small on the wire stays small here.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .user_agent(concat!("plain-portal/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            http,
            url,
            key,
            limits,
            budget: Arc::default(),
        })
    }

    /// The same, for calls that are made once.
    pub fn without_retries(mut self) -> Self {
        self.limits.read.retries = 0;
        self
    }

    /// Asks; again where that may help (`retry.rs`).
    #[tracing::instrument(name = "plain", skip_all, fields(operation = operation.operation_name.as_deref()))]
    pub async fn read<Q: DeserializeOwned, V: Serialize>(
        &self,
        operation: Operation<Q, V>,
    ) -> Result<Answer<Q>, Error> {
        let body = body(&operation)?;
        let patience = self.limits.read;
        let asked = patience.read(&self.budget, || self.exchange(&body));
        self.told(asked).await
    }

    /// Asks for a change, once.
    #[tracing::instrument(name = "plain", skip_all, fields(operation = operation.operation_name.as_deref()))]
    pub async fn write<Q: DeserializeOwned, V: Serialize>(
        &self,
        operation: Operation<Q, V>,
    ) -> Result<Answer<Q>, Error> {
        let body = body(&operation)?;
        let limit = self.limits.write;
        self.budget.call();
        let asked = async {
            let answered = timeout(limit, self.exchange(&body)).await;
            answered.unwrap_or_else(|_| Err(late(limit)))
        };
        self.told(asked).await
    }

    /// Writes to the log what an operator has to know of a call.
    async fn told<Q>(
        &self,
        asked: impl Future<Output = Result<Answer<Q>, Error>>,
    ) -> Result<Answer<Q>, Error> {
        let started = std::time::Instant::now();
        let asked = asked.await;
        let milliseconds = started.elapsed().as_millis();
        match &asked {
            Ok(answer) => match answer.missing() {
                None => tracing::debug!(milliseconds, "Plain answered"),
                Some(error) => {
                    let error = error.fit_for_the_log(self.key.expose_secret());
                    tracing::warn!(milliseconds, %error, advice = error.advice(), "Plain left out a part of its answer");
                }
            },
            Err(error) => {
                tracing::warn!(milliseconds, %error, advice = error.advice(), "Plain call failed");
            }
        }
        asked
    }

    async fn exchange<Q: DeserializeOwned>(&self, body: &[u8]) -> Result<Answer<Q>, Error> {
        let answered = async { self.send(body).await?.answer() }.await;
        answered.map_err(|error: Error| error.fit_for_the_log(self.key.expose_secret()))
    }

    async fn send(&self, body: &[u8]) -> Result<Received, Error> {
        let mut response = self
            .http
            .post(self.url.clone())
            .bearer_auth(self.key.expose_secret())
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_vec())
            .send()
            .await
            .map_err(Error::from_transport)?;
        let status = response.status();
        let retry_after = retry_after::read(response.headers());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= self.limits.answer => {
                    body.extend_from_slice(&chunk);
                }
                // What follows the status of a failure is for the log alone.
                _ if status != StatusCode::OK => break,
                Ok(None) => break,
                Ok(Some(_)) => {
                    let limit = self.limits.answer;
                    let detail = format!("the answer has more than {limit} bytes");
                    return Err(Error::TooLarge { detail });
                }
                Err(error) => return Err(Error::from_transport(error)),
            }
        }
        Ok(Received {
            status,
            retry_after,
            body,
        })
    }
}

fn body<Q, V: Serialize>(operation: &Operation<Q, V>) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(operation).map_err(|error| Error::Rejected {
        detail: error.to_string(),
    })
}

#[cfg(test)]
mod tests;
