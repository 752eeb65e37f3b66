//! The rules of a token, one by one, at a time that stands still.
#![allow(clippy::unwrap_used)]

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::Sha256;

use super::*;

const NOW: i64 = 1_800_000_000;
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const PREVIOUS: &str = "previous previous previous previous";

fn handoff() -> config::Handoff {
    config::Handoff {
        keys: HandoffKeys::Secrets(vec![
            SecretString::from(SECRET),
            SecretString::from(PREVIOUS),
        ]),
        issuer: "host".into(),
        audience: "https://p.example/support".into(),
        origins: vec![],
        tenant_required: true,
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
    check_with(&handoff(), token)
}

fn check_with(handoff: &config::Handoff, token: &str) -> Result<Identity, Error> {
    let keys = [SECRET, PREVIOUS].map(|secret| VerifyingKey::secret(secret.as_bytes()));
    let now = Timestamp::from_second(NOW).unwrap();
    Unverified::parse(token)?.verify(&keys, handoff, now)
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
    assert_eq!(identity.tenant, Some(tenant("t1", "Team")));
    assert!(identity.email_verified);
    assert_eq!(identity.remember_until.as_second(), NOW + 180);
    let previous = raw(r#"{"alg":"HS256"}"#, &claims().to_string(), PREVIOUS);
    assert!(check(&previous).is_ok());
    assert!(
        !check(&token(&without("email_verified")))
            .unwrap()
            .email_verified
    );
    assert_eq!(
        check(&token(&with("tenant", json!({"external_id": "t1"}))))
            .unwrap()
            .tenant,
        Some(tenant("t1", "t1"))
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

fn tenant(external_id: &str, name: &str) -> TenantRef {
    TenantRef {
        external_id: external_id.to_owned(),
        name: name.to_owned(),
    }
}

#[test]
fn a_token_may_say_where_else_a_person_belongs() {
    let mut said = claims();
    said["tenants"] = json!([
        {"external_id": "t2"}, {"external_id": "t1", "name": "Team"}, {"external_id": "t2", "name": "Twice"}, {"external_id": "t3", "name": " Third \u{202e}"},
    ]);
    said["groups"] = json!(["beta", "vip", "beta"]);
    let identity = check(&token(&said)).unwrap();
    assert_eq!(
        identity.tenants,
        [tenant("t2", "t2"), tenant("t3", "Third")]
    );
    assert_eq!(identity.groups, ["beta", "vip"]);
    let none = check(&token(&claims())).unwrap();
    assert!(none.tenants.is_empty() && none.groups.is_empty());

    let many = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|n| json!({ "external_id": format!("o{n}") }))
            .collect()
    };
    assert!(check(&token(&with("tenants", json!(many(100))))).is_ok());
    let keys = |count: usize| -> Vec<String> { (0..count).map(|n| format!("g{n}")).collect() };
    assert!(check(&token(&with("groups", json!(keys(100))))).is_ok());
    for (member, value) in [
        ("tenants", json!(many(101))),
        ("tenants", json!(null)),
        ("tenants", json!({"external_id": "t2"})),
        ("tenants", json!(["t2"])),
        ("tenants", json!([["t2", "Second"]])),
        ("tenants", json!([{"external_id": ""}])),
        ("tenants", json!([{"name": "Second"}])),
        ("groups", json!(keys(101))),
        ("groups", json!("vip")),
        ("groups", json!([""])),
        ("groups", json!([1])),
    ] {
        let error = check(&token(&with(member, value.clone())))
            .unwrap_err()
            .to_string();
        assert!(error.contains(member), "{value}: {error}");
    }
}

#[test]
fn a_language_that_is_none_is_ignored() {
    for (said, understood) in [
        ("de", Some("de")),
        ("en-GB", Some("en-GB")),
        ("pt_BR", Some("pt-BR")),
        ("zh-Hant-TW", Some("zh-Hant-TW")),
        ("", None),
        ("e", None),
        ("\"><script>", None),
        ("de-", None),
        ("123", None),
    ] {
        let identity = check(&token(&with("locale", json!(said)))).unwrap();
        assert_eq!(identity.locale.as_deref(), understood, "{said:?}");
    }
}

#[test]
fn only_the_configuration_can_do_without_a_tenant() {
    let missing = token(&without("tenant"));
    let error = check(&missing).unwrap_err().to_string();
    assert!(
        error.contains("`tenant`") && error.contains("PORTAL_VISIBILITY"),
        "{error}"
    );
    let lenient = config::Handoff {
        tenant_required: false,
        ..handoff()
    };
    assert_eq!(check_with(&lenient, &missing).unwrap().tenant, None);
    let null = token(&with("tenant", json!(null)));
    assert!(check_with(&lenient, &null).is_err());
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
            r#"{"alg":"HS256","crit":null}"#,
            &claims().to_string(),
            SECRET,
        ),
        raw(
            r#"{"alg":"HS256","b64":true}"#,
            &claims().to_string(),
            SECRET,
        ),
        raw(
            r#"{"alg":"HS256","cty":"JWT"}"#,
            &claims().to_string(),
            SECRET,
        ),
        raw(
            r#"{"alg":"HS256","zip":"DEF"}"#,
            &claims().to_string(),
            SECRET,
        ),
        raw(
            r#"{"alg":"HS256","typ":"at+jwt"}"#,
            &claims().to_string(),
            SECRET,
        ),
        raw(r#"{"alg":"HS256","kid":1}"#, &claims().to_string(), SECRET),
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
