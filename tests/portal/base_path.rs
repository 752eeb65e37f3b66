//! The portal below a path of the host's site.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use plain_portal::sandbox::Seed;

use crate::app::{Browser, TestApp, submission};

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
async fn nothing_leads_out_of_the_base_path() {
    for base in ["/support", "/help/desk"] {
        let app = app_at(&format!("https://product.example{base}")).await;
        let mut ines = app.browser();
        let page = ines.hand_off(&app.token("usr_ines")).await;
        assert_eq!(
            (page.status, page.location()),
            (StatusCode::SEE_OTHER, base)
        );
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(
            cookie.starts_with("__Secure-") && cookie.contains(&format!("Path={base};"))
                || cookie.ends_with(&format!("Path={base}")),
            "{cookie}"
        );
        assert!(page.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));

        let mut pages = vec![];
        for path in [
            "/",
            "/?status=all",
            "/threads/new",
            "/threads/T-34",
            "/threads/T-6",
            "/nowhere",
        ] {
            pages.push(ines.send(Method::GET, path, Body::empty(), &[]).await);
        }
        pages.push(app.browser().get("/").await);
        let mut addresses = 0;
        for page in &pages {
            for (selector, attribute) in [
                ("[href]", "href"),
                ("[src]", "src"),
                ("form[method=get]", "action"),
                ("form[method=post]", "action"),
            ] {
                for address in page.attributes(selector, attribute) {
                    if address.starts_with('#')
                        || address.contains("://")
                        || address.starts_with("mailto:")
                        || address.starts_with("tel:")
                    {
                        continue;
                    }
                    addresses += 1;
                    let below = address
                        .strip_prefix(base)
                        .unwrap_or_else(|| panic!("{address} escapes {base}"));
                    assert!(
                        below.is_empty() || below.starts_with(['/', '?', '#']),
                        "{address}"
                    );
                    let answer = get(&mut ines, &address).await;
                    let wanted = if selector == "form[method=post]" {
                        StatusCode::METHOD_NOT_ALLOWED
                    } else {
                        StatusCode::OK
                    };
                    assert_eq!(answer.status, wanted, "{address}");
                }
            }
        }
        assert!(addresses > 30, "{addresses}");

        let answer = ines
            .post(
                "/api/ask",
                &[
                    ("title", "Below"),
                    ("message", "x"),
                    ("submission", &submission()),
                ],
            )
            .await;
        assert!(
            answer
                .location()
                .starts_with(&format!("{base}/threads/th_"))
        );
        assert_eq!(ines.follow(&answer).await.h1(), "Below");
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
