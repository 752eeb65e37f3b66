//! What a token says, and what has to be true of it (RFC 7519, 4.1, and the contract with hosts in docs/handoff.md).

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::{
    config, content,
    identity::strict_json::{objects, some_object},
};

/// RFC 7519 lets a few minutes pass for clock skew; we allow one.
pub const LEEWAY_SECONDS: i64 = 60;
/// A token travels through a browser: it must not be good for long.
pub const MAX_LIFETIME_SECONDS: i64 = 300;
const MAX_JTI: usize = 256;
const MAX_CLAIM: usize = 512;
/// How many tenants to switch to, and how many groups, a token may name.
const MAX_LIST: usize = 100;

/// What a valid token says about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub external_id: String,
    pub email: String,
    pub email_verified: bool,
    pub name: String,
    /// The tenant that the person comes for; `None` only where the configuration allows a token without one.
    pub tenant: Option<TenantRef>,
    /// Others that the person may switch to: each once, and never `tenant`.
    pub tenants: Vec<TenantRef>,
    /// Keys of customer groups, each once.
    pub groups: Vec<String>,
    /// A language tag (BCP 47).
    pub locale: Option<String>,
    /// An IANA time zone that we know.
    pub zone: Option<String>,
    /// The token's own id, to be used once.
    pub jti: String,
    /// Until when `jti` has to be remembered: `exp` and the leeway.
    pub remember_until: Timestamp,
}

/// A tenant as the host names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRef {
    pub external_id: String,
    pub name: String,
}

/// The claims as the contract with hosts names them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    pub email: String,
    #[serde(default)]
    pub email_verified: bool,
    pub name: String,
    // `null` is refused: what a host left out by mistake must not show more than it meant to.
    #[serde(
        default,
        deserialize_with = "some_object",
        skip_serializing_if = "Option::is_none"
    )]
    pub tenant: Option<TenantClaim>,
    #[serde(
        default,
        deserialize_with = "objects",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub tenants: Vec<TenantClaim>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    #[serde(serialize_with = "whole")]
    pub iat: f64,
    #[serde(serialize_with = "whole")]
    pub exp: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<f64>,
    pub jti: String,
}

/// Hosts may write fractions of a second; we write none.
fn whole<S: serde::Serializer>(seconds: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(*seconds as i64)
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TenantClaim {
    pub external_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Claims {
    /// Checks what the claims say; that the token is genuine has been checked before.
    ///
    /// # Errors
    /// The first rule that a claim breaks.
    pub(super) fn check(
        self,
        handoff: &config::Handoff,
        now: Timestamp,
    ) -> Result<Identity, Error> {
        if self.iss != handoff.issuer {
            return Err(Error::Claim(
                "iss",
                format!("is not {:?} (PORTAL_HANDOFF_ISSUER)", handoff.issuer),
            ));
        }
        if self.aud != handoff.audience {
            return Err(Error::Claim(
                "aud",
                format!("is not {:?} (PORTAL_PUBLIC_URL)", handoff.audience),
            ));
        }
        self.check_times(now)?;
        text("sub", &self.sub, MAX_CLAIM)?;
        text("email", &self.email, MAX_CLAIM)?;
        text("name", &self.name, MAX_CLAIM)?;
        text("jti", &self.jti, MAX_JTI)?;
        let email = self.email.trim();
        if !is_address(email) {
            return Err(wrong("email", "is not an e-mail address"));
        }
        let tenant = self
            .tenant
            .map(|tenant| tenant.check("tenant.external_id"))
            .transpose()?;
        if tenant.is_none() && handoff.tenant_required {
            return Err(wrong(
                "tenant",
                "is missing, and PORTAL_VISIBILITY is `tenant`",
            ));
        }
        let remember_until =
            Timestamp::from_second((self.exp + LEEWAY_SECONDS as f64).ceil() as i64)
                .map_err(|_| wrong("exp", "is out of range"))?;
        Ok(Identity {
            email: email.to_owned(),
            email_verified: self.email_verified,
            name: content::line(&self.name),
            tenants: others(self.tenants, tenant.as_ref())?,
            tenant,
            groups: groups(self.groups)?,
            locale: self.locale.as_deref().and_then(language_tag),
            zone: self
                .zone
                .filter(|zone| jiff::tz::TimeZone::get(zone).is_ok()),
            external_id: self.sub,
            jti: self.jti,
            remember_until,
        })
    }

    fn check_times(&self, now: Timestamp) -> Result<(), Error> {
        let now = now.as_second() as f64;
        let leeway = LEEWAY_SECONDS as f64;
        let (iat, exp) = (self.iat, self.exp);
        if exp < iat {
            return Err(wrong("exp", "is before `iat`"));
        }
        if exp - iat > MAX_LIFETIME_SECONDS as f64 {
            return Err(Error::Claim(
                "exp",
                format!("is more than {MAX_LIFETIME_SECONDS} s after `iat`"),
            ));
        }
        if exp + leeway <= now {
            return Err(wrong("exp", "is past"));
        }
        if iat > now + leeway {
            return Err(wrong("iat", "is in the future"));
        }
        if self.nbf.is_some_and(|nbf| nbf > now + leeway) {
            return Err(wrong("nbf", "is in the future"));
        }
        Ok(())
    }
}

impl TenantClaim {
    /// A tenant without a name is called by its id.
    fn check(self, claim: &'static str) -> Result<TenantRef, Error> {
        text(claim, &self.external_id, MAX_CLAIM)?;
        let name = self.name.as_deref().map(content::line);
        Ok(TenantRef {
            name: name
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| content::line(&self.external_id)),
            external_id: self.external_id,
        })
    }
}

fn wrong(claim: &'static str, problem: &str) -> Error {
    Error::Claim(claim, problem.to_owned())
}

/// Refuses what is blank, too long, or has control characters.
fn text(claim: &'static str, value: &str, longest: usize) -> Result<(), Error> {
    if content::line(value).is_empty() {
        return Err(wrong(claim, "is empty"));
    }
    if value.chars().any(char::is_control) {
        return Err(wrong(claim, "has control characters"));
    }
    if value.chars().count() > longest {
        return Err(Error::Claim(
            claim,
            format!("is longer than {longest} characters"),
        ));
    }
    Ok(())
}

/// Only what is certainly none is refused; whether mail arrives there is for the host to know.
fn is_address(email: &str) -> bool {
    !email.contains(char::is_whitespace)
        && matches!(email.split_once('@'), Some((local, domain)) if !local.is_empty() && !domain.is_empty())
}

fn others(claimed: Vec<TenantClaim>, active: Option<&TenantRef>) -> Result<Vec<TenantRef>, Error> {
    check_length("tenants", claimed.len())?;
    let mut seen: HashSet<String> = active
        .map(|tenant| tenant.external_id.clone())
        .into_iter()
        .collect();
    let mut others = vec![];
    for tenant in claimed {
        let tenant = tenant.check("tenants")?;
        if seen.insert(tenant.external_id.clone()) {
            others.push(tenant);
        }
    }
    Ok(others)
}

fn groups(claimed: Vec<String>) -> Result<Vec<String>, Error> {
    check_length("groups", claimed.len())?;
    let mut groups: Vec<String> = vec![];
    for group in claimed {
        text("groups", &group, MAX_CLAIM)?;
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    Ok(groups)
}

fn check_length(claim: &'static str, length: usize) -> Result<(), Error> {
    if length > MAX_LIST {
        return Err(Error::Claim(claim, format!("has more than {MAX_LIST}")));
    }
    Ok(())
}

/// The tag when it is well-formed enough for an attribute (RFC 5646, 2.1, by its outline). Some hosts write `en_GB`.
fn language_tag(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let language = parts.next()?;
    let well_formed = tag.len() <= 35
        && (2..=8).contains(&language.len())
        && language.chars().all(|c| c.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        });
    well_formed.then_some(tag)
}
