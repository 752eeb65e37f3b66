//! Tokens that somebody made up: for each kind of key, none signs anybody in, and the log says what is wrong with it.

use axum::http::{StatusCode, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::{
    app::TestApp,
    host_keys::{ALL, HostKey, hmac_sha256, signed},
    jwks::JwksServer,
    secrets::Log,
};

/// A token, and what the log has to name.
type Forgery = (String, &'static str);

/// Headers that ask for something else than they may.
fn headers(host: &HostKey, other: &HostKey, trap: &str, claims: &str) -> Vec<Forgery> {
    let mut forgeries = vec![];
    let mut forge = |change: Value, named: &'static str| {
        let mut header = host.header();
        for (name, value) in change.as_object().unwrap() {
            header[name] = value.clone();
        }
        forgeries.push((host.token(&header.to_string(), claims), named));
    };
    for alg in [
        "none", "None", "HS512", "RS512", "PS256", "ES384", "hs256", "",
    ] {
        forge(json!({ "alg": alg }), "`alg`");
    }
    for alg in ALL.into_iter().filter(|alg| *alg != host.alg()) {
        forge(json!({ "alg": alg }), "`alg`");
    }
    for alg in [json!(null), json!(["HS256"]), json!(1)] {
        forge(json!({ "alg": alg }), "`alg`");
    }
    for (change, named) in [
        (json!({ "crit": ["exp"] }), "`crit`"),
        (json!({ "crit": [] }), "`crit`"),
        (json!({ "crit": null }), "`crit`"),
        (json!({ "b64": false }), "`b64`"),
        (json!({ "b64": true }), "`b64`"),
        (json!({ "cty": "JWT" }), "`cty`"),
        (json!({ "zip": "DEF" }), "`zip`"),
        (json!({ "enc": "A256GCM" }), "`enc`"),
        (json!({ "typ": "at+jwt" }), "`typ`"),
        (json!({ "typ": 1 }), "`typ`"),
        (json!({ "kid": 1 }), "`kid`"),
        (json!({ "kid": "k".repeat(300) }), "`kid`"),
    ] {
        forge(change, named);
    }
    // A forger's own key, offered in the header.
    for offer in [
        json!({ "jwk": other.jwk() }),
        json!({ "jku": trap }),
        json!({ "x5u": trap }),
        json!({ "x5c": [URL_SAFE_NO_PAD.encode("certificate")] }),
    ] {
        let mut header = host.header();
        for (name, value) in offer.as_object().unwrap() {
            header[name] = value.clone();
        }
        forgeries.push((other.token(&header.to_string(), claims), "signature"));
    }
    let twice = format!(r#"{{"alg":"none",{}"#, &host.header().to_string()[1..]);
    forgeries.push((host.token(&twice, claims), "twice"));
    forgeries.push((host.token("not json", claims), "not a JWT"));
    forgeries.push((host.token("[]", claims), "not a JWT"));
    forgeries.push((host.token(r#"{"typ":"JWT"}"#, claims), "`alg`"));
    if host.secret().is_none() {
        let mut unknown = host.header();
        unknown["kid"] = "unknown".into();
        forgeries.push((host.token(&unknown.to_string(), claims), "`kid`"));
        unknown.as_object_mut().unwrap().remove("kid");
        forgeries.push((host.token(&unknown.to_string(), claims), "`kid`"));
    }
    forgeries
}

/// Signatures that are none, or somebody else's.
fn signatures(host: &HostKey, other: &HostKey, claims: &str) -> Vec<Forgery> {
    let header = host.header().to_string();
    let good = host.token(&header, claims);
    let (head, signature) = good.rsplit_once('.').unwrap();
    let bytes = host.signature(head);
    let with = |signature: &[u8]| format!("{head}.{}", URL_SAFE_NO_PAD.encode(signature));
    let mut flipped = bytes.clone();
    flipped[0] ^= 1;
    let mut longer = bytes.clone();
    longer.push(0);
    let mut forgeries: Vec<Forgery> = [
        with(&[]),
        with(&flipped),
        with(&longer),
        with(&bytes[1..]),
        // r = s = 0 and the like.
        with(&vec![0; bytes.len()]),
        with(&vec![0xff; bytes.len()]),
        // DER, where fixed length is due.
        with(&[0x30, 6, 2, 1, 1, 2, 1, 1]),
        other.token(&header, claims),
        // A good signature of something else.
        format!(
            "{}.{signature}",
            signed(&header, &claims.replacen("true", "false", 1))
        ),
        format!(
            "{}.{signature}",
            signed(r#"{"alg":"none","kid":"current"}"#, claims)
        ),
    ]
    .into_iter()
    .map(|token| (token, "signature"))
    .collect();
    // The last one changes the header as well.
    forgeries.last_mut().unwrap().1 = "`alg`";
    for broken in [
        format!("{good}="),
        format!("{good}."),
        format!("{good}.x.y"),
        format!(" {good}"),
        head.to_owned(),
        good.replacen('.', "=.", 1),
        good.replace('.', ".."),
        signature.to_owned(),
        "a.b.c".to_owned(),
        format!("{head}.{}", "A".repeat(17_000)),
    ] {
        forgeries.push((broken, "the token"));
    }
    // What is public, taken for a secret (RFC 8725, 2.1).
    for public in host.public_forms() {
        let mut header = host.header();
        header["alg"] = "HS256".into();
        let head = signed(&header.to_string(), claims);
        let signature = hmac_sha256(&public, head.as_bytes());
        forgeries.push((
            format!("{head}.{}", URL_SAFE_NO_PAD.encode(signature)),
            "`alg`",
        ));
    }
    forgeries
}

/// Claims that say less, or more, than they may, signed well.
fn claims(host: &HostKey, claims: &Value) -> Vec<Forgery> {
    let mut forgeries = vec![];
    for member in [
        "iss", "aud", "sub", "email", "name", "tenant", "iat", "exp", "jti",
    ] {
        let mut without = claims.clone();
        without.as_object_mut().unwrap().remove(member);
        forgeries.push((host.vouch(&without), member));
        for value in [json!(null), json!(""), json!([claims[member]]), json!({})] {
            let mut changed = claims.clone();
            changed[member] = value;
            forgeries.push((host.vouch(&changed), member));
        }
    }
    let iat = claims["iat"].as_i64().unwrap();
    for (member, value) in [
        ("iss", json!("Host")),
        (
            "aud",
            json!(format!("{}/", claims["aud"].as_str().unwrap())),
        ),
        ("aud", json!("https://elsewhere.example")),
        ("exp", json!((iat + 120).to_string())),
        ("exp", json!(iat - 61)),
        ("exp", json!(iat + 301)),
        ("exp", json!(1e300)),
        ("iat", json!(iat.to_string())),
        ("iat", json!(iat + 3600)),
        ("nbf", json!(iat + 3600)),
        ("nbf", json!(iat.to_string())),
        ("email_verified", json!("true")),
        ("email_verified", json!(1)),
        ("email", json!("nobody")),
        ("email", json!("a@example.com\nb@example.com")),
        ("name", json!("\u{202e}")),
        ("sub", json!("x".repeat(513))),
        ("jti", json!("x".repeat(257))),
        ("tenant", json!("t1")),
        ("tenant", json!({ "name": "Team" })),
        ("tenants", json!(["t2"])),
        ("groups", json!("vip")),
    ] {
        let mut changed = claims.clone();
        changed[member] = value;
        if member == "iat" {
            changed["exp"] = json!(iat + 3700);
        }
        forgeries.push((host.vouch(&changed), member));
    }
    let text = claims.to_string();
    for (payload, named) in [
        (text.replacen('{', r#"{"sub":"somebody","#, 1), "twice"),
        (text.replacen('{', r#"{"x":{"y":1,"y":2},"#, 1), "twice"),
        ("not json".to_owned(), "not a JWT"),
        ("[]".to_owned(), "not a JWT"),
        (format!("{text}{text}"), "not a JWT"),
        (
            text.replacen('{', &format!(r#"{{"x":"{}","#, "x".repeat(20_000)), 1),
            "16 kB",
        ),
    ] {
        forgeries.push((host.token(&host.header().to_string(), &payload), named));
    }
    forgeries
}

#[tokio::test]
async fn no_forged_token_signs_anybody_in() {
    let log = Log::default();
    let _guard = log.listen("info");
    for alg in ALL {
        let (host, other) = (HostKey::new(alg, "current"), HostKey::new(alg, "current"));
        let second = HostKey::new(if alg == "HS256" { alg } else { "EdDSA" }, "second");
        let trap = JwksServer::start(&[&other]).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.json");
        let app = TestApp::with(Seed::Empty, |settings| match host.secret() {
            Some(secret) => {
                settings.handoff_secret = Some(secret.to_owned());
                settings.handoff_secret_previous = second.secret().map(str::to_owned);
            }
            None => {
                let keys = json!({ "keys": [host.jwk(), second.jwk()] });
                std::fs::write(&file, keys.to_string()).unwrap();
                settings.handoff_secret = None;
                settings.handoff_jwks = Some(file.display().to_string());
            }
        })
        .await;
        let fresh = || serde_json::to_value(app.claims("usr_ines", 0)).unwrap();
        let good = fresh();
        let text = good.to_string();
        let forgeries = [
            headers(&host, &other, &trap.url(), &text),
            signatures(&host, &other, &text),
            claims(&host, &good),
        ]
        .concat();
        assert!(forgeries.len() >= 40, "{alg}: {}", forgeries.len());
        for (token, named) in &forgeries {
            let seen = log.text().len();
            let mut browser = app.browser();
            let page = browser.hand_off(token).await;
            let told = log.text()[seen..].to_owned();
            let context = format!("{alg}, {named}: {token}\n{told}");
            assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{context}");
            assert_eq!(page.h1(), "We could not sign you in", "{context}");
            assert!(page.headers.get(header::SET_COOKIE).is_none(), "{context}");
            assert!(
                told.contains("handoff refused") && told.contains(named),
                "{context}"
            );
            for inner in [
                "claim",
                "header",
                "signature",
                "alg",
                "kid",
                "jti",
                "PORTAL_",
            ] {
                assert!(
                    !page.text("main").contains(inner),
                    "{inner} on the page: {context}"
                );
            }
        }
        assert_eq!(app.calls(), Vec::<String>::new(), "Plain heard of none");
        assert_eq!(
            app.in_database("DELETE FROM tower_sessions").await,
            0,
            "{alg}: a session"
        );
        assert_eq!(trap.asked(), 0, "{alg}: nobody fetches what a token names");

        // And the portal has not merely refused everything.
        for key in [&host, &second] {
            let page = app.browser().hand_off(&key.vouch(&fresh())).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{alg}: {}", log.text());
        }
    }
}
