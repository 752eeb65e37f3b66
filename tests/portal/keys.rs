//! A host's public keys: fetched, kept, fetched again, and what becomes of sign-in when they cannot be.

use std::time::Duration;

use axum::http::{StatusCode, header};
use futures::future::join_all;
use plain_portal::{
    config::{HandoffKeys, Refetch},
    sandbox::Seed,
};
use serde_json::{Value, json};

use crate::{
    app::{TestApp, until_within},
    host_keys::HostKey,
    jwks::{Answer, JwksServer},
};

/// Longer than any test.
const LONG: Duration = Duration::from_secs(24 * 60 * 60);

/// May be fetched again at once, and slowly.
const EAGER: Refetch = Refetch {
    pause: Duration::ZERO,
    pause_without_keys: Duration::ZERO,
    timeout: Duration::from_secs(60),
};

const ONCE: Refetch = Refetch {
    pause: LONG,
    pause_without_keys: LONG,
    ..EAGER
};

async fn portal(jwks: &str, refetch: Refetch) -> TestApp {
    TestApp::configured(
        Seed::Empty,
        |settings| {
            settings.handoff_secret = None;
            settings.handoff_jwks = Some(jwks.to_owned());
        },
        |config| {
            if let HandoffKeys::Jwks(jwks) = &mut config.handoff.keys {
                jwks.refetch = refetch;
            }
        },
    )
    .await
}

fn claims(app: &TestApp) -> Value {
    serde_json::to_value(app.claims("usr_ines", 0)).unwrap()
}

async fn enter(app: &TestApp, key: &HostKey) -> StatusCode {
    let token = key.vouch(&claims(app));
    app.browser().hand_off(&token).await.status
}

const IN: StatusCode = StatusCode::SEE_OTHER;
const REFUSED: StatusCode = StatusCode::UNAUTHORIZED;
const UNAVAILABLE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

#[tokio::test]
async fn keys_come_and_go() {
    let (a, b) = (HostKey::new("EdDSA", "a"), HostKey::new("ES256", "b"));
    let server = JwksServer::start(&[&a]).await;
    let app = portal(&server.url(), EAGER).await;
    assert_eq!(enter(&app, &a).await, IN);
    server.answer(Answer::keys(&[&a, &b]));
    assert_eq!(server.asked(), 1, "a known key needs no asking");
    assert_eq!(enter(&app, &b).await, IN, "a new one is asked for");
    assert_eq!(enter(&app, &a).await, IN);
    assert_eq!(server.asked(), 2);
    server.answer(Answer::keys(&[&b]));
    let unknown = HostKey::new("EdDSA", "c");
    assert_eq!(enter(&app, &unknown).await, REFUSED);
    assert_eq!(enter(&app, &a).await, REFUSED, "withdrawn");
    assert_eq!(enter(&app, &b).await, IN);
}

#[tokio::test]
async fn made_up_key_ids_do_not_turn_the_portal_against_the_host() {
    let (known, unknown) = (HostKey::new("EdDSA", "a"), HostKey::new("EdDSA", "x"));
    let server = JwksServer::start(&[&known]).await;
    let app = portal(&server.url(), ONCE).await;
    assert_eq!(enter(&app, &known).await, IN);
    let crowd = join_all((0..20).map(|_| enter(&app, &unknown))).await;
    assert!(crowd.iter().all(|status| *status == REFUSED));
    assert_eq!(server.asked(), 1, "not again within a minute");
}

#[tokio::test]
async fn a_crowd_asks_once_and_nobody_else_waits() {
    let (known, new) = (HostKey::new("EdDSA", "a"), HostKey::new("EdDSA", "b"));
    let server = JwksServer::start(&[&known]).await;
    let app = portal(&server.url(), EAGER).await;
    assert_eq!(enter(&app, &known).await, IN);
    server.answer(Answer::keys(&[&known, &new]));
    server.close();
    let crowd = join_all((0..20).map(|_| enter(&app, &new)));
    let meanwhile = async {
        server.until_asked(2).await;
        let status = enter(&app, &known).await;
        server.open();
        status
    };
    let (crowd, meanwhile) = tokio::join!(crowd, meanwhile);
    assert_eq!(meanwhile, IN, "a known key waits for nothing");
    assert!(crowd.iter().all(|status| *status == IN), "{crowd:?}");
    assert_eq!(server.asked(), 2, "one fetch for all of them");
}

#[tokio::test]
async fn somebody_who_goes_away_stops_nothing() {
    let (known, new) = (HostKey::new("EdDSA", "a"), HostKey::new("EdDSA", "b"));
    let server = JwksServer::start(&[&known]).await;
    let app = portal(&server.url(), EAGER).await;
    assert_eq!(enter(&app, &known).await, IN);
    let before = server.asked();
    server.answer(Answer::keys(&[&known, &new]));
    server.close();
    tokio::select! {
        status = enter(&app, &new) => panic!("{status}"),
        () = server.until_asked(before + 1) => {}
    }
    server.open();
    assert_eq!(enter(&app, &new).await, IN);
    assert_eq!(server.asked(), before + 1, "what was under way went on");
}

#[tokio::test]
async fn a_bad_answer_changes_nothing() {
    let (key, unknown) = (HostKey::new("RS256", "a"), HostKey::new("EdDSA", "x"));
    let server = JwksServer::start(&[&key]).await;
    let elsewhere = JwksServer::start(&[&unknown]).await;
    let app = portal(&server.url(), EAGER).await;
    assert_eq!(enter(&app, &key).await, IN);
    let mut private = unknown.jwk();
    private["d"] = "AAAA".into();
    let symmetric = HostKey::new("HS256", "x").jwk();
    let set = |key: Value| Answer::text(json!({ "keys": [key] }).to_string());
    let padded = format!(
        r#"{{"padding":"{}","keys":[{}]}}"#,
        "x".repeat(1024 * 1024),
        unknown.jwk()
    );
    let bad = [
        Answer::keys(&[&unknown]).with_status(StatusCode::INTERNAL_SERVER_ERROR),
        Answer::keys(&[&unknown]).with_status(StatusCode::NOT_FOUND),
        Answer::redirect(&elsewhere.url()),
        Answer::text(""),
        Answer::text("<html>"),
        Answer::text("[]"),
        Answer::text("{}"),
        Answer::text(r#"{"keys":[]}"#),
        Answer::text(padded),
        set(private),
        set(symmetric),
        Answer::text(format!(r#"{{"keys":[],"keys":[{}]}}"#, unknown.jwk())),
    ];
    for (number, answer) in bad.into_iter().enumerate() {
        let before = server.asked();
        server.answer(answer);
        let status = enter(&app, &unknown).await;
        assert_eq!(
            status, UNAVAILABLE,
            "nobody could be asked: answer {number}"
        );
        assert_eq!(server.asked(), before + 1, "answer {number}");
        assert_eq!(enter(&app, &key).await, IN, "answer {number}");
    }
    assert_eq!(elsewhere.asked(), 0, "redirects are not followed");
    server.answer(Answer::keys(&[&key]));
    assert_eq!(enter(&app, &unknown).await, REFUSED, "now it is known");
}

#[tokio::test]
async fn without_keys_sign_in_waits_and_uses_no_token_up() {
    let key = HostKey::new("ES256", "a");
    let server = JwksServer::start(&[&key]).await;
    server.answer(Answer::text("").with_status(StatusCode::BAD_GATEWAY));
    let app = portal(&server.url(), EAGER).await;
    let token = key.vouch(&claims(&app));
    let mut browser = app.browser();
    let page = browser.hand_off(&token).await;
    assert_eq!(page.status, UNAVAILABLE);
    assert_eq!(page.h1(), "Support cannot be reached right now");
    assert!(page.headers.contains_key(header::RETRY_AFTER));
    assert!(page.headers.get(header::SET_COOKIE).is_none());
    let ready = browser.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK);
    assert!(ready.body.contains("PORTAL_HANDOFF_JWKS"), "{}", ready.body);

    server.answer(Answer::keys(&[&key]));
    assert_eq!(browser.hand_off(&token).await.status, IN, "the same token");
    let ready = browser.get("/readyz").await;
    assert!(
        !ready.body.contains("PORTAL_HANDOFF_JWKS"),
        "{}",
        ready.body
    );
}

#[tokio::test]
async fn a_host_that_does_not_answer_holds_nobody_for_long() {
    let key = HostKey::new("EdDSA", "a");
    let server = JwksServer::start(&[&key]).await;
    server.close();
    let hasty = Refetch {
        timeout: Duration::from_millis(300),
        ..ONCE
    };
    let app = portal(&server.url(), hasty).await;
    for _ in 0..3 {
        assert_eq!(enter(&app, &key).await, UNAVAILABLE);
    }
    assert_eq!(server.asked(), 1, "and is left alone for a while");
    let nowhere = portal("http://127.0.0.1:1/jwks.json", hasty).await;
    assert_eq!(enter(&nowhere, &key).await, UNAVAILABLE);
}

#[tokio::test]
async fn a_file_is_read_again_for_a_new_key() {
    let (a, b) = (HostKey::new("EdDSA", "a"), HostKey::new("RS256", "b"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let write = |keys: &[&HostKey]| {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        std::fs::write(&file, json!({ "keys": keys }).to_string()).unwrap();
    };
    write(&[&a]);
    let app = portal(&file.display().to_string(), EAGER).await;
    assert_eq!(enter(&app, &a).await, IN);
    assert_eq!(enter(&app, &b).await, REFUSED);
    write(&[&a, &b]);
    assert_eq!(enter(&app, &b).await, IN);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(enter(&app, &HostKey::new("EdDSA", "x")).await, UNAVAILABLE);
    assert_eq!(enter(&app, &a).await, IN, "what was read before counts");
}

#[tokio::test]
async fn a_single_key_needs_no_name() {
    let key = HostKey::new("EdDSA", "only");
    let server = JwksServer::start(&[&key]).await;
    let mut jwk = key.jwk();
    jwk.as_object_mut().unwrap().remove("kid");
    server.answer(Answer::text(json!({ "keys": [jwk] }).to_string()));
    let app = portal(&server.url(), ONCE).await;
    let nameless = key.token(r#"{"alg":"EdDSA"}"#, &claims(&app).to_string());
    assert_eq!(app.browser().hand_off(&nameless).await.status, IN);
    assert_eq!(enter(&app, &key).await, REFUSED, "a name that no key has");
}

#[tokio::test]
async fn the_first_fetch_does_not_wait_for_a_customer() {
    let key = HostKey::new("EdDSA", "a");
    let server = JwksServer::start(&[&key]).await;
    let app = portal(&server.url(), ONCE).await;
    server.until_asked(1).await;
    let ready = async || !app.browser().get("/readyz").await.body.contains("handoff");
    until_within(Duration::from_secs(60), "keys are there", ready).await;
}
