//! Handoff tokens (JWT, RFC 7519; checked by the advice of RFC 8725): how a host product vouches for a person.

mod claims;
mod issue;
mod person;

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

use super::{
    keys::{Keys, Missing, SigningKey, VerifyingKey},
    strict_json,
};
use crate::config::{self, HandoffKeys};

pub use claims::{Claims, Identity, LEEWAY_SECONDS, MAX_LIFETIME_SECONDS, TenantClaim, TenantRef};
pub use issue::{Signer, issue};
pub use person::{Person, Ttl};

const MAX_TOKEN: usize = 16 * 1024;
const MAX_KID: usize = 256;

/// Why a token is refused. For the operator's log; the customer sees one page for all of them but the last.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the token is longer than 16 kB")]
    TooLong,
    #[error("the token is not a JWT: {0}")]
    Malformed(String),
    #[error("header `{0}`: {1}")]
    Header(&'static str, String),
    #[error("the signature does not fit {0}")]
    Signature(&'static str),
    #[error("claim `{0}`: {1}")]
    Claim(&'static str, String),
    /// Nothing is wrong with the token, as far as anybody can say. The customer sees the 503 page and can try again.
    #[error("PORTAL_HANDOFF_JWKS cannot be read, so that nothing can be said of the token")]
    NoKeys { retry_after: Duration },
}

/// Signs claims with the configured secret (HS256), as a host would.
///
/// # Errors
/// When no secret is configured or the cryptography library fails.
pub fn sign(handoff: &config::Handoff, claims: &Claims) -> Result<String, Error> {
    let current = match &handoff.keys {
        HandoffKeys::Secrets(secrets) => secrets.first(),
        HandoffKeys::Jwks(_) => None,
    };
    let secret = current.ok_or(Error::Signature("PORTAL_HANDOFF_SECRET, which is not set"))?;
    let key = SigningKey::secret(secret.expose_secret().as_bytes());
    sign_with(&key, None, claims)
}

/// Signs claims with this key, which the header names by `kid` when it is given.
///
/// # Errors
/// When the cryptography library fails.
pub fn sign_with(key: &SigningKey, kid: Option<&str>, claims: &Claims) -> Result<String, Error> {
    let mut header = json!({ "alg": key.algorithm().name(), "typ": "JWT" });
    if let Some(kid) = kid {
        header["kid"] = kid.into();
    }
    let claims =
        serde_json::to_string(claims).map_err(|error| Error::Malformed(error.to_string()))?;
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let signature = key
        .sign(signed.as_bytes())
        .map_err(|_| Error::Signature("any key: signing has failed"))?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Checks a token by every rule but one: that its `jti` is used once is the database's to say.
///
/// # Errors
/// The first rule that the token breaks, or [`Error::NoKeys`].
pub async fn verify(
    keys: &Keys,
    handoff: &config::Handoff,
    token: &str,
    now: Timestamp,
) -> Result<Identity, Error> {
    let token = Unverified::parse(token)?;
    let candidates = keys
        .candidates(token.kid())
        .await
        .map_err(|missing| match missing {
            Missing::NoKid => Error::Header(
                "kid",
                "is required, because PORTAL_HANDOFF_JWKS has several keys".to_owned(),
            ),
            Missing::UnknownKid => Error::Header(
                "kid",
                format!(
                    "{:?} is no key's of PORTAL_HANDOFF_JWKS",
                    token.kid().unwrap_or_default()
                ),
            ),
            Missing::Unavailable { retry_after } => Error::NoKeys { retry_after },
        })?;
    token.verify(&candidates, handoff, now)
}

/// A token that has the form of one, and may be anybody's.
pub struct Unverified<'a> {
    algorithm: String,
    kid: Option<String>,
    /// What the signature is over: header and payload as they came.
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// Takes a JWS in compact form (RFC 7515, 3.1) and looks at its header. Keys or addresses of keys in it are not even read.
    ///
    /// # Errors
    /// When the token is too long, in another form, or asks for something that we do not do.
    pub fn parse(token: &'a str) -> Result<Self, Error> {
        if token.len() > MAX_TOKEN {
            return Err(Error::TooLong);
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::Malformed("it does not have three parts".to_owned()));
        };
        let signed = &token[..header.len() + 1 + payload.len()];
        let header: Map<String, Value> = strict_json::decode(header).map_err(Error::Malformed)?;
        let text = |name: &'static str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() <= MAX_KID => Ok(Some(text.clone())),
            Some(_) => Err(Error::Header(name, "is not a short string".to_owned())),
        };
        for (name, problem) in [
            ("crit", "names extensions, and we have none"),
            ("b64", "changes what is signed, and must not"),
            ("enc", "is for encrypted tokens, and we read none"),
            ("zip", "is for compressed tokens, and we read none"),
            ("cty", "is for tokens within tokens, and we read none"),
        ] {
            if header.contains_key(name) {
                return Err(Error::Header(name, problem.to_owned()));
            }
        }
        if text("typ")?.is_some_and(|kind| !kind.eq_ignore_ascii_case("JWT")) {
            return Err(Error::Header("typ", "is not JWT".to_owned()));
        }
        Ok(Self {
            algorithm: text("alg")?.ok_or_else(|| Error::Header("alg", "is missing".to_owned()))?,
            kid: text("kid")?,
            signed,
            payload,
            signature: URL_SAFE_NO_PAD
                .decode(signature)
                .map_err(|_| Error::Malformed("a part is not base64url".to_owned()))?,
        })
    }

    /// Which key the token says that it was signed with.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Checks signature and claims. The keys decide about the algorithm; the header has to agree.
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn verify(
        &self,
        keys: &[VerifyingKey],
        handoff: &config::Handoff,
        now: Timestamp,
    ) -> Result<Identity, Error> {
        if let Some(key) = keys
            .iter()
            .find(|key| key.algorithm().name() != self.algorithm)
        {
            return Err(Error::Header(
                "alg",
                format!("is not {}, which the key is for", key.algorithm()),
            ));
        }
        if !keys
            .iter()
            .any(|key| key.verifies(self.signed.as_bytes(), &self.signature))
        {
            return Err(Error::Signature(handoff.keys.setting()));
        }
        let claims: Claims = strict_json::decode(self.payload).map_err(Error::Malformed)?;
        claims.check(handoff, now)
    }
}

#[cfg(test)]
mod tests;
