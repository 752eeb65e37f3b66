//! Who has which e-mail address in Plain: what a sign-in changes there, what it leaves, and when it is refused.

use axum::http::StatusCode;
use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::{
    app::{Page, TestApp, person},
    secrets::Log,
};

const IN: StatusCode = StatusCode::SEE_OTHER;
const REFUSED: StatusCode = StatusCode::UNAUTHORIZED;

/// Somebody of the story comes with this address.
async fn comes(app: &TestApp, external_id: &str, email: &str, verified: bool) -> Page {
    let mut claims = app.claims(external_id, 0);
    claims.email = email.into();
    claims.email_verified = verified;
    app.browser().hand_off(&app.sign(&claims)).await
}

/// What Plain has of the customer with this external id.
async fn known(app: &TestApp, external_id: &str) -> Value {
    let query = "query ($id: ID!) { customerByExternalId(externalId: $id) { id email { email isVerified } } }";
    app.plain(query, json!({ "id": external_id })).await["customerByExternalId"].take()
}

/// Somebody writes to support from this address; returns whom Plain has made of them.
async fn writes_a_mail(app: &TestApp, email: &str) -> Value {
    let upsert = "mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { customer { id } error { message } } }";
    let input = json!({ "identifier": { "emailAddress": email },
        "onCreate": { "fullName": "By Mail", "email": { "email": email, "isVerified": true } }, "onUpdate": {} });
    app.plain(upsert, json!({ "input": input })).await["upsertCustomer"]["customer"]["id"].take()
}

/// Whom Plain has with this address.
async fn holder(app: &TestApp, email: &str) -> Value {
    let query = "query ($email: String!) { customerByEmail(email: $email) { id externalId email { isVerified } } }";
    app.plain(query, json!({ "email": email })).await["customerByEmail"].take()
}

fn address(email: &str, verified: bool) -> Value {
    json!({ "email": email, "isVerified": verified })
}

#[tokio::test]
async fn only_a_verified_address_becomes_verified() {
    let app = TestApp::with(Seed::Empty, |_| {}).await;
    let email = async || known(&app, "usr_ines").await["email"].take();
    assert_eq!(
        comes(&app, "usr_ines", "i@example.com", false).await.status,
        IN
    );
    assert_eq!(email().await, address("i@example.com", false), "created");
    assert_eq!(
        comes(&app, "usr_ines", "i@example.com", false).await.status,
        IN
    );
    assert_eq!(email().await, address("i@example.com", false), "again");
    assert_eq!(
        comes(&app, "usr_ines", "ines@example.com", false)
            .await
            .status,
        IN
    );
    assert_eq!(
        email().await,
        address("ines@example.com", false),
        "corrected"
    );
    assert_eq!(
        comes(&app, "usr_ines", "ines@example.com", true)
            .await
            .status,
        IN
    );
    assert_eq!(email().await, address("ines@example.com", true), "verified");
}

#[tokio::test]
async fn a_claim_left_out_is_no_verification() {
    let app = TestApp::with(Seed::Empty, |_| {}).await;
    let mut claims = serde_json::to_value(app.claims("usr_ines", 0)).unwrap();
    claims.as_object_mut().unwrap().remove("email_verified");
    let claims = serde_json::from_value(claims).unwrap();
    assert_eq!(app.browser().hand_off(&app.sign(&claims)).await.status, IN);
    assert_eq!(
        known(&app, "usr_ines").await["email"],
        address(person("usr_ines").email, false)
    );
}

#[tokio::test]
async fn what_is_verified_stays_so_and_gives_way_only_to_a_verified_address() {
    let app = TestApp::with(Seed::Empty, |_| {}).await;
    let email = async || known(&app, "usr_ines").await["email"].take();
    assert_eq!(
        comes(&app, "usr_ines", "ines@example.com", true)
            .await
            .status,
        IN
    );
    app.calls();
    assert_eq!(
        comes(&app, "usr_ines", "Ines@example.com", false)
            .await
            .status,
        IN
    );
    assert_eq!(email().await, address("ines@example.com", true), "the same");
    assert_eq!(
        comes(&app, "usr_ines", "new@example.com", false)
            .await
            .status,
        IN
    );
    assert_eq!(email().await, address("ines@example.com", true), "not yet");
    assert_eq!(
        comes(&app, "usr_ines", "new@example.com", true)
            .await
            .status,
        IN
    );
    assert_eq!(email().await, address("new@example.com", true));
}

#[tokio::test]
async fn a_customer_known_by_mail_is_adopted_only_when_that_is_safe() {
    let app = TestApp::with(Seed::Empty, |_| {}).await;
    let log = Log::default();
    let _guard = log.listen("info");
    let by_mail = writes_a_mail(&app, "ines@example.com").await;
    let page = comes(&app, "usr_ines", "ines@example.com", false).await;
    assert_eq!(page.status, REFUSED);
    assert_eq!(page.h1(), "We could not sign you in");
    assert!(!page.text("main").contains("verified"));
    assert!(log.text().contains("email_verified"), "{}", log.text());
    assert_eq!(known(&app, "usr_ines").await, Value::Null);
    assert_eq!(
        holder(&app, "ines@example.com").await["externalId"],
        Value::Null
    );

    assert_eq!(
        comes(&app, "usr_ines", "ines@example.com", true)
            .await
            .status,
        IN
    );
    assert_eq!(known(&app, "usr_ines").await["id"], by_mail);
}

#[tokio::test]
async fn nobody_takes_anothers_address() {
    let app = TestApp::with(Seed::Empty, |_| {}).await;
    let log = Log::default();
    let _guard = log.listen("info");
    assert_eq!(
        comes(&app, "usr_ines", "ines@example.com", true)
            .await
            .status,
        IN
    );
    assert_eq!(
        comes(&app, "usr_tom", "tom@example.com", true).await.status,
        IN
    );
    assert_eq!(
        comes(&app, "usr_oda", "oda@example.com", false)
            .await
            .status,
        IN
    );
    // New to Plain, and known to it with a verified and with an unverified address of their own.
    for thief in ["usr_lena", "usr_tom", "usr_oda"] {
        let before = known(&app, thief).await;
        for verified in [true, false] {
            let seen = log.text().len();
            let page = comes(&app, thief, "ines@example.com", verified).await;
            assert_eq!(page.status, REFUSED, "{thief}, {verified}");
            assert!(log.text()[seen..].contains("e-mail address"), "{thief}");
        }
        assert_eq!(known(&app, thief).await, before, "{thief}");
    }
    assert_eq!(
        holder(&app, "ines@example.com").await["externalId"],
        "usr_ines"
    );
}

#[tokio::test]
async fn a_new_address_that_plain_knows_from_a_mail_locks_nobody_out() {
    let app = TestApp::with(Seed::Empty, |_| {}).await;
    assert_eq!(
        comes(&app, "usr_ines", "ines@example.com", true)
            .await
            .status,
        IN
    );
    let ines = known(&app, "usr_ines").await;
    let by_mail = writes_a_mail(&app, "new@example.com").await;
    assert_eq!(
        comes(&app, "usr_ines", "new@example.com", true)
            .await
            .status,
        IN
    );
    assert_eq!(known(&app, "usr_ines").await, ines, "with the old address");
    assert_eq!(holder(&app, "new@example.com").await["id"], by_mail);
}
