//! Claims for somebody, as `plain-portal token` and the demo's host product make them.

use std::time::Duration;

use jiff::Timestamp;

use super::{Claims, MAX_LIFETIME_SECONDS, TenantClaim};
use crate::config;

/// Whom to vouch for, as `plain-portal token` and the demo's host product say it.
#[derive(Debug, Clone, Default, clap::Args)]
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
    /// The host product's id of their team; may be left out with PORTAL_VISIBILITY=customer
    #[arg(long, value_name = "ID")]
    pub tenant_external_id: Option<String>,
    /// Their team's name
    #[arg(long, value_name = "NAME", requires = "tenant_external_id")]
    pub tenant_name: Option<String>,
    /// Another team that they may switch to; may be repeated
    #[arg(long, value_name = "ID[=NAME]", value_parser = tenant)]
    pub tenants: Vec<TenantClaim>,
    /// Keys of customer groups in Plain, separated by commas
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    pub groups: Vec<String>,
    /// Their language, such as en-GB
    #[arg(long, value_name = "TAG")]
    pub locale: Option<String>,
    /// Their time zone, such as Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// How long the token is good for, at most 300s
    #[arg(long, default_value = "120s", value_name = "DURATION")]
    pub ttl: Ttl,
}

/// The life of a token.
#[derive(Debug, Clone, Copy)]
pub struct Ttl(Duration);

impl Default for Ttl {
    fn default() -> Self {
        Self(Duration::from_secs(120))
    }
}

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

/// `ID` or `ID=NAME`.
fn tenant(text: &str) -> Result<TenantClaim, std::convert::Infallible> {
    let (external_id, name) = match text.split_once('=') {
        Some((external_id, name)) => (external_id, Some(name)),
        None => (text, None),
    };
    Ok(TenantClaim {
        external_id: external_id.to_owned(),
        name: name.map(str::to_owned),
    })
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
            tenant: self.tenant_external_id.map(|external_id| TenantClaim {
                external_id,
                name: self.tenant_name,
            }),
            tenants: self.tenants,
            groups: self.groups,
            locale: self.locale,
            zone: self.zone,
            iat,
            exp: iat + self.ttl.0.as_secs() as f64,
            nbf: None,
            jti: uuid::Uuid::new_v4().to_string(),
        }
    }
}
