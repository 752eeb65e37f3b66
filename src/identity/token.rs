//! Handoff tokens (JWT, RFC 7519; checked by the advice of RFC 8725): how a host product vouches for a person.

mod claims;
mod person;
mod strict_json;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use secrecy::ExposeSecret;
use serde::{Deserialize, de::IgnoredAny};

use crate::config;

pub use claims::{Claims, Identity, LEEWAY_SECONDS, MAX_LIFETIME_SECONDS, TenantClaim, TenantRef};
pub use person::{Person, Ttl};
use strict_json::parse;

const MAX_TOKEN: usize = 16 * 1024;

/// Why a token is refused. For the operator's log; the customer sees one page for all of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the token is longer than 16 kB")]
    TooLong,
    #[error("the token is not a JWT: {0}")]
    Malformed(String),
    #[error("header `{0}`: {1}")]
    Header(&'static str, &'static str),
    #[error("the signature does not fit PORTAL_HANDOFF_SECRET")]
    Signature,
    #[error("claim `{0}`: {1}")]
    Claim(&'static str, String),
}

/// Signs claims with HS256, as a host would.
///
/// # Errors
/// When no secret is configured or the crypto backend fails.
pub fn sign(handoff: &config::Handoff, claims: &Claims) -> Result<String, Error> {
    let secret = handoff.signing_secret().ok_or(Error::Signature)?;
    let header = Header::new(Algorithm::HS256);
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret))
        .map_err(|error| Error::Malformed(error.to_string()))
}

/// Checks a token by every rule but one: that its `jti` is used once is the database's to say.
///
/// # Errors
/// The first rule that the token breaks.
pub fn verify(handoff: &config::Handoff, token: &str, now: Timestamp) -> Result<Identity, Error> {
    if token.len() > MAX_TOKEN {
        return Err(Error::TooLong);
    }
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Error::Malformed("it does not have three parts".to_owned()));
    };
    check_header(header)?;
    let signed = &token[..header.len() + 1 + payload.len()];
    let genuine = handoff.secrets.iter().any(|secret| {
        let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
        jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &key, Algorithm::HS256)
            .unwrap_or(false)
    });
    if !genuine {
        return Err(Error::Signature);
    }
    parse::<Claims>(payload)?.check(handoff, now)
}

fn check_header(part: &str) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Seen {
        alg: Option<String>,
        crit: Option<IgnoredAny>,
    }
    let header: Seen = parse(part)?;
    if header.alg.as_deref() != Some("HS256") {
        return Err(Error::Header("alg", "must be HS256"));
    }
    if header.crit.is_some() {
        return Err(Error::Header("crit", "names extensions, and we have none"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
