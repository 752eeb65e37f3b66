//! Handoff tokens (JWT, RFC 7519; checked by the advice of RFC 8725): how a host product vouches for a person.

mod person;
mod strict_json;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{config, content};

pub use person::{Person, Ttl};
use strict_json::{object, parse};

/// RFC 7519 lets a few minutes pass for clock skew; we allow one.
pub const LEEWAY_SECONDS: i64 = 60;
/// A token travels through a browser: it must not be good for long.
pub const MAX_LIFETIME_SECONDS: i64 = 300;
const MAX_TOKEN: usize = 16 * 1024;
const MAX_JTI: usize = 256;
const MAX_CLAIM: usize = 512;

/// What a valid token says about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub external_id: String,
    pub email: String,
    pub email_verified: bool,
    pub name: String,
    pub tenant_external_id: String,
    pub tenant_name: String,
    pub zone: Option<String>,
    /// The token's own id, to be used once.
    pub jti: String,
    /// Until when `jti` has to be remembered: `exp` and the leeway.
    pub remember_until: Timestamp,
}

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
    #[serde(deserialize_with = "object")]
    pub tenant: TenantClaim,
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
    check_claims(handoff, parse(payload)?, now)
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

fn check_claims(
    handoff: &config::Handoff,
    claims: Claims,
    now: Timestamp,
) -> Result<Identity, Error> {
    let wrong = |claim: &'static str, problem: &str| Error::Claim(claim, problem.to_owned());
    if claims.iss != handoff.issuer {
        return Err(Error::Claim(
            "iss",
            format!("is not {:?} (PORTAL_HANDOFF_ISSUER)", handoff.issuer),
        ));
    }
    if claims.aud != handoff.audience {
        return Err(Error::Claim(
            "aud",
            format!("is not {:?} (PORTAL_PUBLIC_URL)", handoff.audience),
        ));
    }
    let now = now.as_second() as f64;
    let leeway = LEEWAY_SECONDS as f64;
    let (iat, exp) = (claims.iat, claims.exp);
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
    if claims.nbf.is_some_and(|nbf| nbf > now + leeway) {
        return Err(wrong("nbf", "is in the future"));
    }
    let named = [
        ("sub", &claims.sub),
        ("email", &claims.email),
        ("name", &claims.name),
        ("tenant.external_id", &claims.tenant.external_id),
        ("jti", &claims.jti),
    ];
    for (claim, value) in named {
        if content::line(value).is_empty() {
            return Err(wrong(claim, "is empty"));
        }
        if value.chars().any(char::is_control) {
            return Err(wrong(claim, "has control characters"));
        }
        let longest = if claim == "jti" { MAX_JTI } else { MAX_CLAIM };
        if value.chars().count() > longest {
            return Err(Error::Claim(
                claim,
                format!("is longer than {longest} characters"),
            ));
        }
    }
    let email = claims.email.trim();
    if !matches!(email.split_once('@'), Some((local, domain)) if !local.is_empty() && !domain.is_empty() && !email.contains(char::is_whitespace))
    {
        return Err(wrong("email", "is not an e-mail address"));
    }
    let tenant_name = claims
        .tenant
        .name
        .as_deref()
        .map(content::line)
        .filter(|name| !name.is_empty());
    let remember_until = Timestamp::from_second((exp + leeway).ceil() as i64)
        .map_err(|_| wrong("exp", "is out of range"))?;
    Ok(Identity {
        email: email.to_owned(),
        email_verified: claims.email_verified,
        name: content::line(&claims.name),
        tenant_name: tenant_name.unwrap_or_else(|| content::line(&claims.tenant.external_id)),
        tenant_external_id: claims.tenant.external_id,
        zone: claims
            .zone
            .filter(|zone| jiff::tz::TimeZone::get(zone).is_ok()),
        external_id: claims.sub,
        jti: claims.jti,
        remember_until,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use hmac::{Hmac, Mac};
    use secrecy::SecretString;
    use serde_json::{Value, json};
    use sha2::Sha256;

    use super::*;

    const NOW: i64 = 1_800_000_000;
    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn handoff() -> config::Handoff {
        config::Handoff {
            secrets: vec![
                SecretString::from(SECRET),
                SecretString::from("previous previous previous previous"),
            ],
            issuer: "host".into(),
            audience: "https://p.example/support".into(),
            origins: vec![],
        }
    }

    fn claims() -> Value {
        json!({
            "iss": "host", "aud": "https://p.example/support", "sub": "u1", "email": "ada@example.com", "email_verified": true,
            "name": "Ada", "tenant": {"external_id": "t1", "name": "Team"}, "iat": NOW, "exp": NOW + 120, "jti": "j1",
        })
    }

    /// Signs by hand, so that the test does not lean on the library under test.
    fn raw(header: &str, payload: &str, secret: &str) -> String {
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(payload)
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(signed.as_bytes());
        format!(
            "{signed}.{}",
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    }

    fn token(claims: &Value) -> String {
        raw(
            r#"{"alg":"HS256","typ":"JWT"}"#,
            &claims.to_string(),
            SECRET,
        )
    }

    fn check(token: &str) -> Result<Identity, Error> {
        verify(&handoff(), token, Timestamp::from_second(NOW).unwrap())
    }

    fn with(member: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[member] = value;
        claims
    }

    fn without(member: &str) -> Value {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(member);
        claims
    }

    #[test]
    fn a_good_token_says_who_it_is() {
        let identity = check(&token(&claims())).unwrap();
        assert_eq!(identity.external_id, "u1");
        assert_eq!(identity.tenant_name, "Team");
        assert!(identity.email_verified);
        assert_eq!(identity.remember_until.as_second(), NOW + 180);
        let previous = raw(
            r#"{"alg":"HS256"}"#,
            &claims().to_string(),
            "previous previous previous previous",
        );
        assert!(check(&previous).is_ok());
        assert!(
            !check(&token(&without("email_verified")))
                .unwrap()
                .email_verified
        );
        assert_eq!(
            check(&token(&with("tenant", json!({"external_id": "t1"}))))
                .unwrap()
                .tenant_name,
            "t1"
        );
        assert_eq!(
            check(&token(&with("zone", json!("Europe/Berlin"))))
                .unwrap()
                .zone
                .as_deref(),
            Some("Europe/Berlin")
        );
        assert_eq!(
            check(&token(&with("zone", json!("Mars/Olympus"))))
                .unwrap()
                .zone,
            None
        );
    }

    #[test]
    fn what_we_sign_we_accept() {
        let claims: Claims = serde_json::from_value(claims()).unwrap();
        assert_eq!(
            check(&sign(&handoff(), &claims).unwrap()).unwrap().jti,
            "j1"
        );
    }

    #[test]
    fn times_have_sixty_seconds_of_leeway() {
        for (member, value, accepted) in [
            ("iat", json!(NOW + 60), true),
            ("iat", json!(NOW + 61), false),
            ("nbf", json!(NOW + 60), true),
            ("nbf", json!(NOW + 61), false),
            ("nbf", json!(NOW - 1), true),
        ] {
            let mut claims = with(member, value);
            claims["exp"] = json!(NOW + 120);
            assert_eq!(check(&token(&claims)).is_ok(), accepted, "{claims}");
        }
        for (iat, exp, accepted) in [
            (NOW - 300, NOW, true),
            (NOW - 300, NOW - 59, true),
            (NOW - 300, NOW - 60, false),
            (NOW, NOW + 300, true),
            (NOW, NOW + 301, false),
            (NOW, NOW - 1, false),
        ] {
            let mut claims = with("iat", json!(iat));
            claims["exp"] = json!(exp);
            assert_eq!(check(&token(&claims)).is_ok(), accepted, "{iat} {exp}");
        }
    }

    #[test]
    fn forged_and_broken_tokens_are_refused() {
        let good = token(&claims());
        let (head, signature) = good.rsplit_once('.').unwrap();
        let mut forged = vec![
            String::new(),
            "a.b".into(),
            "a.b.c".into(),
            format!("{good}."),
            format!("{good}.x"),
            format!("{head}."),
            format!("{head}.{}", URL_SAFE_NO_PAD.encode("x")),
            format!("{head}.{}A", &signature[..signature.len() - 1]),
            format!(" {good}"),
            good.replace('.', "=."),
            raw(
                r#"{"alg":"HS256"}"#,
                &claims().to_string(),
                "another secret of thirty-two bytes",
            ),
            raw(r#"{"alg":"none"}"#, &claims().to_string(), SECRET),
            format!(
                "{}.{}.",
                URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#),
                URL_SAFE_NO_PAD.encode(claims().to_string())
            ),
            raw(r#"{"alg":"HS512"}"#, &claims().to_string(), SECRET),
            raw(r#"{"alg":"hs256"}"#, &claims().to_string(), SECRET),
            raw(r#"{"alg":"RS256"}"#, &claims().to_string(), SECRET),
            raw(r#"{"typ":"JWT"}"#, &claims().to_string(), SECRET),
            raw(
                r#"{"alg":"HS256","crit":["exp"]}"#,
                &claims().to_string(),
                SECRET,
            ),
            raw(
                r#"{"alg":"HS256","alg":"HS256"}"#,
                &claims().to_string(),
                SECRET,
            ),
            raw(
                r#"{"alg":"HS256","x":{"y":1,"y":1}}"#,
                &claims().to_string(),
                SECRET,
            ),
            raw(
                r#"{"alg":"HS256"}"#,
                &claims().to_string().replacen('{', r#"{"sub":"u2","#, 1),
                SECRET,
            ),
            raw(
                r#"{"alg":"HS256"}"#,
                &claims()
                    .to_string()
                    .replacen('{', r#"{"other":1,"other":1,"#, 1),
                SECRET,
            ),
            raw(r#"{"alg":"HS256"}"#, "not json", SECRET),
            raw(r#"{"alg":"HS256"}"#, "[]", SECRET),
            token(&with("padding", json!("x".repeat(20_000)))),
        ];
        for member in [
            "iss", "aud", "sub", "email", "name", "tenant", "iat", "exp", "jti",
        ] {
            forged.push(token(&without(member)));
            forged.push(token(&with(member, json!(null))));
            forged.push(token(&with(member, json!(""))));
            forged.push(token(&with(member, json!(["https://p.example/support"]))));
        }
        for (member, value) in [
            ("iss", json!("Host")),
            ("aud", json!("https://p.example/support/")),
            ("aud", json!("https://p.example")),
            ("exp", json!((NOW + 120).to_string())),
            ("iat", json!(NOW.to_string())),
            ("nbf", json!(NOW.to_string())),
            ("exp", json!(1e300)),
            ("email_verified", json!("true")),
            ("email_verified", json!(1)),
            ("email", json!("nobody")),
            ("email", json!("a b@example.com")),
            ("email", json!("a@example.com\nb@example.com")),
            ("name", json!("\u{202e}")),
            ("jti", json!("x".repeat(257))),
            ("sub", json!("x".repeat(513))),
            ("tenant", json!("t1")),
            ("tenant", json!({"name": "Team"})),
            ("tenant", json!({"external_id": ""})),
        ] {
            forged.push(token(&with(member, value)));
        }
        assert!(forged.len() >= 40);
        for token in &forged {
            assert!(check(token).is_err(), "{token}");
        }
        assert!(check(&token(&with("jti", json!("x".repeat(256))))).is_ok());
    }

    #[test]
    fn the_log_names_the_claim_and_not_what_it_holds() {
        let error = check(&token(&without("email"))).unwrap_err().to_string();
        assert!(error.contains("email"), "{error}");
        let error = check(&token(&with("email_verified", json!("secret value"))))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("email_verified") && !error.contains("secret value"),
            "{error}"
        );
        let error = check(&token(&with("aud", json!("https://p.example/support/"))))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("aud") && error.contains("PORTAL_PUBLIC_URL"),
            "{error}"
        );
    }
}
