//! The portal below a path of the host's site.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use plain_portal::sandbox::Seed;

use crate::app::{Browser, TestApp};

async fn app_at(public_url: &str) -> TestApp {
    TestApp::with(Seed::Story, |settings| {
        settings.public_url = Some(public_url.to_owned())
    })
    .await
}

async fn get(browser: &mut Browser, uri: &str) -> crate::app::Page {
    browser.send_raw(Method::GET, uri, Body::empty(), &[]).await
}

#[tokio::test]
async fn the_cookie_is_for_the_base_path_alone() {
    for base in ["/support", "/help/desk"] {
        let app = app_at(&format!("https://product.example{base}")).await;
        let mut ines = app.browser();
        let page = ines.hand_off(&app.token("usr_ines")).await;
        assert_eq!(
            (page.status, page.location()),
            (StatusCode::SEE_OTHER, base)
        );
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
        let attributes: Vec<&str> = cookie.split("; ").collect();
        assert!(cookie.starts_with("__Secure-"), "{cookie}");
        for wanted in [
            "Secure",
            "HttpOnly",
            "SameSite=Lax",
            &format!("Path={base}"),
        ] {
            assert!(attributes.contains(&wanted), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn with_and_without_the_slash() {
    let app = app_at("https://product.example/support").await;
    let mut ines = app.browser();
    let page = ines
        .post(
            "/auth/handoff",
            &[
                ("token", &app.token("usr_ines")),
                ("return_to", "/support/threads/T-34"),
            ],
        )
        .await;
    assert_eq!(page.location(), "/support/threads/T-34");
    assert_eq!(get(&mut ines, "/support").await.status, StatusCode::OK);
    let without = get(&mut ines, "/support?status=done").await;
    let with = get(&mut ines, "/support/?status=done").await;
    assert_eq!(with.status, StatusCode::OK);
    assert_eq!(with.without_nonce(), without.without_nonce());
    for not_the_front in ["/support//", "/support/threads/new/"] {
        let page = get(&mut ines, not_the_front).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{not_the_front}");
    }
    for outside in ["/", "/threads/new", "/supporters", "/api/ask"] {
        assert_eq!(
            get(&mut ines, outside).await.status,
            StatusCode::NOT_FOUND,
            "{outside}"
        );
    }
    for health in ["/healthz", "/support/healthz", "/readyz", "/support/readyz"] {
        assert_eq!(
            get(&mut ines, health).await.status,
            StatusCode::OK,
            "{health}"
        );
    }
    let mut nobody = app.browser();
    let link = get(&mut nobody, "/support/threads/T-34?x=1")
        .await
        .attributes(".notice a", "href")
        .pop()
        .unwrap();
    assert_eq!(
        link,
        "https://host.example/sign-in?return_to=%2Fsupport%2Fthreads%2FT-34%3Fx%3D1"
    );
}

#[tokio::test]
async fn a_token_for_another_address_does_not_fit() {
    let app = app_at("https://product.example/support").await;
    let mut claims = app.claims("usr_ines", 0);
    for audience in [
        "https://product.example",
        "https://product.example/support/",
        "https://other.example/support",
    ] {
        claims.aud = audience.into();
        assert_eq!(
            app.browser().hand_off(&app.sign(&claims)).await.status,
            StatusCode::UNAUTHORIZED,
            "{audience}"
        );
    }
}
