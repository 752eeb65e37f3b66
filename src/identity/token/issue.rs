//! `plain-portal token`: signs somebody in by hand, as the host product would.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{Person, sign, sign_with, verify};
use crate::{
    config::{self, HandoffKeys},
    identity::keys::{Keys, SigningKey},
};

/// Who signs, where the portal knows public keys alone.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Signer {
    /// With PORTAL_HANDOFF_JWKS: the private key to sign with, as unencrypted PKCS#8 PEM
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// With PORTAL_HANDOFF_JWKS: the `kid` of that key
    #[arg(long, value_name = "ID", requires = "key")]
    pub kid: Option<String>,
}

/// Signs a token for this person, and checks that the portal would take it.
///
/// # Errors
/// A sentence for the operator: without a key that fits the configuration, and when the portal would refuse the token.
pub async fn issue(
    handoff: &config::Handoff,
    person: Person,
    signer: Signer,
    now: Timestamp,
) -> Result<String, String> {
    let claims = person.claims(handoff, now);
    let token = match (&handoff.keys, &signer.key) {
        (HandoffKeys::Secrets(_), None) => sign(handoff, &claims),
        (HandoffKeys::Secrets(_), Some(_)) => {
            return Err(
                "--key: tokens are signed with PORTAL_HANDOFF_SECRET, because PORTAL_HANDOFF_JWKS is not set"
                    .to_owned(),
            );
        }
        (HandoffKeys::Jwks(_), None) => {
            return Err(
                "--key: is needed, because PORTAL_HANDOFF_JWKS has the public halves of your keys alone"
                    .to_owned(),
            );
        }
        (HandoffKeys::Jwks(_), Some(file)) => {
            let pem = std::fs::read(file)
                .map_err(|error| format!("--key: {} cannot be read: {error}", file.display()))?;
            let key = SigningKey::from_pem(&pem).map_err(|problem| format!("--key: {problem}"))?;
            sign_with(&key, signer.kid.as_deref(), &claims)
        }
    };
    let token = token.map_err(|error| error.to_string())?;
    let keys = Keys::open(&handoff.keys)
        .await
        .map_err(|problem| format!("PORTAL_HANDOFF_JWKS: {problem}"))?;
    verify(&keys, handoff, &token, now)
        .await
        .map_err(|error| format!("the portal would refuse this token: {error}"))?;
    Ok(token)
}
