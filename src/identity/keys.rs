//! The keys that tell whether a handoff token is genuine: secrets shared with the host, or its public keys (RFC 7517).

mod cache;
mod jwk_set;
mod signing;
mod source;
mod verifying;

use std::{sync::Arc, time::Duration};

use secrecy::ExposeSecret as _;

use crate::config::{self, JwksLocation};

use cache::Cache;
pub use jwk_set::KeySet;
pub use signing::SigningKey;
pub use verifying::{Algorithm, VerifyingKey};

/// Why there is no key for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The token has no `kid`, and several keys are there to choose from.
    NoKid,
    /// No key has the token's `kid`, also not after asking again, as far as that was allowed.
    UnknownKid,
    /// The keys could not be read, and those that are known, if any, do not have the token's `kid`.
    Unavailable { retry_after: Duration },
}

/// The configured keys. Cheap to clone; clones share what has been fetched.
#[derive(Clone)]
pub struct Keys(Kind);

#[derive(Clone)]
enum Kind {
    Secrets(Arc<[VerifyingKey]>),
    Jwks(Arc<Cache>),
}

impl Keys {
    /// Takes the configured secrets; reads a file with keys; begins to fetch keys from a URL and does not wait for them.
    ///
    /// # Errors
    /// A sentence for the operator, when the file cannot be used.
    pub async fn open(keys: &config::HandoffKeys) -> Result<Self, String> {
        let jwks = match keys {
            config::HandoffKeys::Secrets(secrets) => {
                let keys = secrets
                    .iter()
                    .map(|secret| VerifyingKey::secret(secret.expose_secret().as_bytes()));
                return Ok(Self(Kind::Secrets(keys.collect())));
            }
            config::HandoffKeys::Jwks(jwks) => jwks,
        };
        let cache = Arc::new(Cache::new(jwks)?);
        match jwks.location {
            JwksLocation::File(_) => cache.load().await?,
            JwksLocation::Url(_) => drop(cache.begin_refresh()),
        }
        Ok(Self(Kind::Jwks(cache)))
    }

    /// The keys that may have signed a token with this `kid`: either secret, or the one key that it names.
    ///
    /// # Errors
    /// See [`Missing`].
    pub async fn candidates(&self, kid: Option<&str>) -> Result<Vec<VerifyingKey>, Missing> {
        match &self.0 {
            Kind::Secrets(secrets) => Ok(secrets.to_vec()),
            Kind::Jwks(cache) => cache.key(kid).await.map(|key| vec![key]),
        }
    }

    /// Are there keys to verify a token with, as new as they can be?
    pub async fn are_well(&self) -> bool {
        match &self.0 {
            Kind::Secrets(_) => true,
            Kind::Jwks(cache) => cache.is_well().await,
        }
    }
}

/// Reads the keys once, as `plain-portal check` does.
///
/// # Errors
/// A sentence for the operator.
pub async fn read_once(jwks: &config::Jwks) -> Result<KeySet, String> {
    let source = source::Source::new(jwks)?;
    KeySet::parse(&source.read().await?.bytes)
}
