//! `plain-portal token`: what it prints signs somebody in.

use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use plain_portal::sandbox::Seed;
use serde_json::json;

use crate::{
    app::TestApp,
    command_line::{SECRET, errors, run},
    host_keys::HostKey,
};

#[tokio::test]
async fn a_printed_token_signs_somebody_in() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "token",
        "--email",
        "ines@example.com",
        "--name",
        "Ines",
        "--external-id",
        "usr_new",
        "--tenant-external-id",
        "acct_new",
        "--tenant-name",
        "New",
    ];
    let output = run(
        folder.path(),
        &arguments,
        &[("PORTAL_HANDOFF_SECRET", SECRET)],
    );
    assert!(output.status.success(), "{}", errors(&output));
    let token = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        app.browser().hand_off(token.trim()).await.status,
        StatusCode::SEE_OTHER
    );
    for ttl in ["0s", "301s", "soon"] {
        let output = run(
            folder.path(),
            &[arguments.as_slice(), &["--ttl", ttl]].concat(),
            &[("PORTAL_HANDOFF_SECRET", SECRET)],
        );
        assert!(!output.status.success(), "{ttl}");
    }
}

#[tokio::test]
async fn a_printed_token_says_all_that_it_is_told() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "token",
        "--email=ines@example.com",
        "--email-unverified",
        "--name=Ines",
        "--external-id=usr_new",
        "--tenant-external-id=acct_new",
        "--tenants=acct_a",
        "--tenants=acct_b=Bee & Sons",
        "--groups=vip,beta",
        "--locale=de-AT",
        "--zone=Europe/Vienna",
        "--ttl=300s",
    ];
    let output = run(
        folder.path(),
        &arguments,
        &[("PORTAL_HANDOFF_SECRET", SECRET)],
    );
    assert!(output.status.success(), "{}", errors(&output));
    let token = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let claims: serde_json::Value = serde_json::from_slice(
        &URL_SAFE_NO_PAD
            .decode(token.split('.').nth(1).unwrap())
            .unwrap(),
    )
    .unwrap();
    for (claim, value) in [
        ("email_verified", json!(false)),
        ("tenant", json!({ "external_id": "acct_new" })),
        (
            "tenants",
            json!([{ "external_id": "acct_a" }, { "external_id": "acct_b", "name": "Bee & Sons" }]),
        ),
        ("groups", json!(["vip", "beta"])),
        ("locale", json!("de-AT")),
        ("zone", json!("Europe/Vienna")),
    ] {
        assert_eq!(claims[claim], value, "{claim}");
    }
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!(lifetime, 300);
    let page = app.browser().hand_off(&token).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    // What the portal would refuse is not printed.
    let nobody = [&arguments[1..], &["--email=nobody"]].concat();
    let output = run(
        folder.path(),
        &[&["token"], nobody.as_slice()].concat(),
        &[("PORTAL_HANDOFF_SECRET", SECRET)],
    );
    assert!(!output.status.success() && output.stdout.is_empty());
}

#[tokio::test]
async fn a_token_is_signed_with_a_private_key_where_the_portal_has_public_ones() {
    let folder = tempfile::tempdir().unwrap();
    let jwks = folder.path().join("keys.json").display().to_string();
    let hosts = ["EdDSA", "ES256", "RS256"].map(|alg| HostKey::new(alg, alg));
    let keys: Vec<_> = hosts.iter().map(HostKey::jwk).collect();
    std::fs::write(&jwks, json!({ "keys": keys }).to_string()).unwrap();
    let app = TestApp::with(Seed::Empty, |settings| {
        settings.handoff_secret = None;
        settings.handoff_jwks = Some(jwks.clone());
    })
    .await;
    let token = |more: &[&str], environment: &[(&str, &str)]| {
        let person = [
            "token",
            "--email=ines@example.com",
            "--name=Ines",
            "--external-id=usr_new",
            "--tenant-external-id=acct_new",
        ];
        run(
            folder.path(),
            &[person.as_slice(), more].concat(),
            environment,
        )
    };
    let configured = [("PORTAL_HANDOFF_JWKS", jwks.as_str())];
    for host in &hosts {
        std::fs::write(folder.path().join("key.pem"), host.private_pem()).unwrap();
        let output = token(&["--key=key.pem", "--kid", &host.kid], &configured);
        assert!(output.status.success(), "{}", errors(&output));
        let printed = String::from_utf8(output.stdout).unwrap();
        let page = app.browser().hand_off(printed.trim()).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", host.kid);
    }
    let secret = [("PORTAL_HANDOFF_SECRET", SECRET)];
    std::fs::write(folder.path().join("text"), "no key").unwrap();
    for (more, environment, named) in [
        (&[][..], configured, "--key"),
        (&["--key=key.pem"], configured, "`kid`"),
        (&["--key=key.pem", "--kid=other"], configured, "`kid`"),
        (&["--key=key.pem", "--kid=EdDSA"], configured, "`alg`"),
        (&["--key=nowhere", "--kid=RS256"], configured, "nowhere"),
        (&["--key=text", "--kid=RS256"], configured, "PKCS#8"),
        (&["--key=key.pem"], secret, "PORTAL_HANDOFF_SECRET"),
    ] {
        let output = token(more, &environment);
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(
            errors(&output).contains(named),
            "{more:?}: {}",
            errors(&output)
        );
    }
}
