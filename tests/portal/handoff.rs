//! Signing in and out.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use plain_portal::sandbox::Seed;
use serde_json::json;

use crate::app::{TestApp, person};

#[tokio::test]
async fn a_token_signs_in_once_by_link_and_by_form() {
    let app = TestApp::start().await;
    let token = app.token("usr_ines");
    let mut browser = app.browser();
    let page = browser
        .get(&format!(
            "/auth/handoff?token={token}&return_to=/threads/T-34%3Fx%3D1"
        ))
        .await;
    assert_eq!(
        (page.status, page.location()),
        (StatusCode::SEE_OTHER, "/threads/T-34?x=1")
    );
    assert_eq!(browser.get("/threads/T-34").await.status, StatusCode::OK);

    let mut other = app.browser();
    for again in [
        other.get(&format!("/auth/handoff?token={token}")).await,
        other.hand_off(&token).await,
    ] {
        assert_eq!(again.status, StatusCode::UNAUTHORIZED);
        assert_eq!(again.h1(), "We could not sign you in");
    }
    assert_eq!(other.get("/").await.status, StatusCode::UNAUTHORIZED);

    let page = other.hand_off(&app.token("usr_tom")).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/"));
    assert!(
        other
            .get("/")
            .await
            .text(".account__name")
            .contains(person("usr_tom").name)
    );
}

#[tokio::test]
async fn the_cookie_is_locked_down_and_new_at_each_sign_in() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = browser.hand_off(&app.token("usr_ines")).await;
    let cookie = page.headers[header::SET_COOKIE]
        .to_str()
        .unwrap()
        .to_owned();
    let attributes: Vec<&str> = cookie.split("; ").collect();
    assert!(cookie.starts_with("__Host-"), "{cookie}");
    for wanted in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(attributes.contains(&wanted), "{wanted} in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let first = browser.clone();
    browser.hand_off(&app.token("usr_ines")).await;
    assert_ne!(browser.cookie, first.cookie);
    assert_eq!(
        first.clone().get("/").await.status,
        StatusCode::UNAUTHORIZED,
        "the id before is worth nothing"
    );
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn return_to_leads_only_to_our_own_pages() {
    let app = TestApp::start().await;
    for (return_to, location) in [
        ("/threads/new", "/threads/new"),
        ("/?status=done", "/?status=done"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        ("threads/new", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ] {
        let page = app
            .browser()
            .post(
                "/auth/handoff",
                &[("token", &app.token("usr_ines")), ("return_to", return_to)],
            )
            .await;
        assert_eq!(
            (page.status, page.location()),
            (StatusCode::SEE_OTHER, location),
            "{return_to:?}"
        );
        assert_eq!(page.headers.get_all(header::LOCATION).iter().count(), 1);
    }
}

#[tokio::test]
async fn a_form_comes_only_from_the_hosts_origin() {
    let app = TestApp::start().await;
    let post = async |headers: &[(&str, &str)]| {
        let token = app.token("usr_ines");
        app.browser()
            .post_with("/auth/handoff", &[("token", &token)], headers)
            .await
    };
    assert_eq!(
        post(&[
            ("origin", "https://host.example"),
            ("sec-fetch-site", "cross-site")
        ])
        .await
        .status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(post(&[]).await.status, StatusCode::SEE_OTHER, "no browser");
    let no_referrer = [("origin", "null"), ("sec-fetch-site", "same-origin")];
    assert_eq!(
        post(&no_referrer).await.status,
        StatusCode::SEE_OTHER,
        "our own page, without referrers"
    );
    for headers in [
        [
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ]
        .as_slice(),
        &[("origin", "https://host.example.evil.example")],
        &[("origin", "null")],
        &[("origin", "null"), ("sec-fetch-site", "same-site")],
        &[("origin", "")],
        &[("sec-fetch-site", "cross-site")],
    ] {
        let page = post(headers).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(page.h1(), "This page was opened from somewhere else");
        assert!(page.headers.get(header::SET_COOKIE).is_none());
    }
}

#[tokio::test]
async fn rubbish_is_answered_with_a_page() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for path in [
        "/auth/handoff",
        "/auth/handoff?token=",
        "/auth/handoff?token=a.b.c",
        "/auth/handoff?return_to=/x",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(page.h1(), "We could not sign you in");
        assert!(!page.body.contains("claim"), "what is wrong is for the log");
    }
    let twice = browser.get("/auth/handoff?token=a&token=b").await;
    assert!(
        twice.status.is_client_error() && twice.body.contains("<h1>"),
        "{}",
        twice.status
    );
    let json = browser
        .send(
            Method::POST,
            "/auth/handoff",
            Body::from("{}"),
            &[("content-type", "application/json")],
        )
        .await;
    assert!(
        json.status.is_client_error() && json.body.contains("<h1>"),
        "{}",
        json.status
    );
    let head = browser
        .send(
            Method::HEAD,
            &format!("/auth/handoff?token={}", app.token("usr_ines")),
            Body::empty(),
            &[],
        )
        .await;
    assert_eq!(head.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(head.headers[header::ALLOW], "GET, POST");
    assert!(browser.cookie.is_none());
    let delete = browser
        .send(Method::DELETE, "/auth/handoff", Body::empty(), &[])
        .await;
    assert_eq!(delete.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn plain_learns_of_a_new_person_and_team_and_only_of_changes() {
    let app = TestApp::with(Seed::Empty, |_| {}).await;
    let mut browser = app.browser();
    browser.hand_off(&app.token("usr_ines")).await;
    assert_eq!(app.calls(), ["UpsertTenant", "UpsertCustomer"]);
    browser.hand_off(&app.token("usr_ines")).await;
    assert_eq!(
        app.calls(),
        Vec::<String>::new(),
        "nothing changed within the session"
    );
    let mut renamed = app.claims("usr_ines", 0);
    renamed.name = "Ines the Second".into();
    browser.hand_off(&app.sign(&renamed)).await;
    assert_eq!(
        app.calls(),
        ["UpsertTenant", "UpsertCustomer", "AddCustomerToTenants"]
    );
    app.browser()
        .hand_off(&app.sign(&app.claims("usr_ines", 0)))
        .await;

    let query = "query ($id: ID!) { customerByExternalId(externalId: $id) { fullName email { email isVerified }
        tenantMemberships { edges { node { tenant { externalId name } } } } } }";
    let customer =
        app.plain(query, json!({ "id": "usr_ines" })).await["customerByExternalId"].take();
    assert_eq!(customer["fullName"], person("usr_ines").name);
    assert_eq!(
        customer["email"],
        json!({ "email": person("usr_ines").email, "isVerified": true })
    );
    let (id, name) = person("usr_ines").tenants[0];
    assert_eq!(
        customer["tenantMemberships"]["edges"],
        json!([{ "node": { "tenant": { "externalId": id, "name": name } } }])
    );
}

#[tokio::test]
async fn a_person_in_two_teams_sees_the_one_they_came_for() {
    let app = TestApp::start().await;
    let mut lists = vec![];
    for tenant in 0..2 {
        let mut lena = app.browser();
        lena.hand_off(&app.sign(&app.claims("usr_lena", tenant)))
            .await;
        let page = lena.get("/?status=all").await;
        assert_eq!(
            page.text(".account__team"),
            person("usr_lena").tenants[tenant].1
        );
        lists.push(page.texts(".request__ref"));
    }
    assert!(
        !lists[0].is_empty()
            && lists[0]
                .iter()
                .all(|reference| !lists[1].contains(reference))
    );
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let before = ines.clone();
    let page = ines.post("/auth/sign-out", &[]).await;
    let front = ines.follow(&page).await;
    assert_eq!(
        (front.status, front.h1().as_str()),
        (StatusCode::UNAUTHORIZED, "You are not signed in")
    );
    assert_eq!(
        before.clone().get("/").await.status,
        StatusCode::UNAUTHORIZED,
        "the cookie of before"
    );
    let get = before.clone().get("/auth/sign-out").await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn sign_in_survives_an_outage_of_plain() {
    let mut app = TestApp::start().await;
    app.sandbox.stop().await;
    let token = app.token("usr_ines");
    let mut browser = app.browser();
    let page = browser.hand_off(&token).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.h1(), "Support cannot be reached right now");
    app.restart_sandbox().await;
    assert_eq!(
        browser.hand_off(&token).await.status,
        StatusCode::SEE_OTHER,
        "the same token, while it lives"
    );
}
