//! Claims for somebody, as `plain-portal token` and the demo's host product make them.

use std::time::Duration;

use jiff::Timestamp;

use super::{Claims, MAX_LIFETIME_SECONDS, TenantClaim};
use crate::config;

/// Whom to vouch for, as `plain-portal token` and the demo's host product say it.
#[derive(Debug, Clone, clap::Args)]
pub struct Person {
    /// E-mail address
    #[arg(long)]
    pub email: String,
    /// Say that the address has not been verified
    #[arg(long)]
    pub email_unverified: bool,
    /// Full name
    #[arg(long)]
    pub name: String,
    /// The host product's id of the person (`sub`)
    #[arg(long, value_name = "ID")]
    pub external_id: String,
    /// The host product's id of their team
    #[arg(long, value_name = "ID")]
    pub tenant_external_id: String,
    /// Their team's name
    #[arg(long, value_name = "NAME")]
    pub tenant_name: Option<String>,
    /// How long the token is good for, at most 300s
    #[arg(long, default_value = "120s", value_name = "DURATION")]
    pub ttl: Ttl,
}

/// The life of a token.
#[derive(Debug, Clone, Copy)]
pub struct Ttl(Duration);

impl From<Duration> for Ttl {
    fn from(duration: Duration) -> Self {
        Self(duration)
    }
}

impl std::str::FromStr for Ttl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let duration = text
            .parse::<jiff::SignedDuration>()
            .map_err(|_| format!("{text:?} is not a duration such as 120s"))?;
        let seconds = duration.as_secs();
        if !(1..=MAX_LIFETIME_SECONDS).contains(&seconds) {
            return Err(format!("a token lives 1 to {MAX_LIFETIME_SECONDS} seconds"));
        }
        Ok(Self(duration.unsigned_abs()))
    }
}

impl Person {
    /// The claims of a token that is good from `now` on, with a fresh `jti`.
    pub fn claims(self, handoff: &config::Handoff, now: Timestamp) -> Claims {
        let iat = now.as_second() as f64;
        Claims {
            iss: handoff.issuer.clone(),
            aud: handoff.audience.clone(),
            sub: self.external_id,
            email: self.email,
            email_verified: !self.email_unverified,
            name: self.name,
            tenant: TenantClaim {
                external_id: self.tenant_external_id,
                name: self.tenant_name,
            },
            zone: None,
            iat,
            exp: iat + self.ttl.0.as_secs() as f64,
            nbf: None,
            jti: uuid::Uuid::new_v4().to_string(),
        }
    }
}
