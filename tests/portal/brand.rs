//! The operator's name, logo and colours, as a browser gets them.

use axum::http::{StatusCode, header};
use plain_portal::{
    config::{Config, Settings},
    sandbox::Seed,
};

use crate::app::{Page, TestApp};

const LOGO: &str = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";

fn header(page: &Page, name: header::HeaderName) -> &str {
    page.headers[name].to_str().unwrap()
}

#[tokio::test]
async fn a_page_wears_the_brand() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("logo.txt");
    std::fs::write(&logo, LOGO).unwrap();
    let app = TestApp::with(Seed::Story, |settings| {
        settings.public_url = Some("https://product.example/support".into());
        settings.brand_name = Some("Brand & \"Co\"".into());
        settings.brand_logo = Some(logo.display().to_string());
        settings.brand_accent = Some("#ffd400".into());
        settings.brand_radius = Some("0".into());
        settings.brand_font = Some("IBM Plex Sans".into());
    })
    .await;
    let mut browser = app.browser();
    for path in ["/", "/nowhere"] {
        let page = browser.get(path).await;
        assert_eq!(page.attributes(".brand img", "alt"), ["Brand & \"Co\""]);
        assert!(!page.body.contains("style="), "{path}");
    }

    let page = browser.get("/").await;
    let addresses = [
        page.attributes("link[rel=stylesheet]", "href"),
        page.attributes(".brand img", "src"),
        page.attributes("link[rel=icon]", "href"),
    ]
    .concat();
    let [style, logo, icon] = &addresses[..] else {
        panic!("{addresses:?}");
    };
    let below = |address: &str| address.strip_prefix("/support").unwrap().to_owned();
    let sheet = browser.get(&below(style)).await;
    assert_eq!(
        header(&sheet, header::CONTENT_TYPE),
        "text/css; charset=utf-8"
    );
    assert!(
        sheet.body.contains("--brand:#ffd400;--on-brand:#000000;"),
        "{}",
        sheet.body
    );
    assert!(
        sheet
            .body
            .contains("--radius:0px;--font:\"IBM Plex Sans\","),
        "{}",
        sheet.body
    );
    let image = browser.get(&below(logo)).await;
    assert_eq!(image.body, LOGO);
    for file in [&image, &sheet] {
        assert_eq!(file.status, StatusCode::OK);
        assert!(header(file, header::CACHE_CONTROL).contains("immutable"));
        assert_eq!(header(file, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    }
    let icon = browser.get(&below(icon)).await;
    assert!(icon.body.contains(">B</text>"), "{}", icon.body);
    for drawing in [&image, &icon] {
        assert_eq!(header(drawing, header::CONTENT_TYPE), "image/svg+xml");
        // Opened as a page of its own, it runs nothing.
        let policy = header(drawing, header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("script-src"),
            "{policy}"
        );
    }
}

#[test]
fn what_cannot_be_worn_keeps_the_portal_from_starting() {
    let settings = Settings {
        plain_api_key: Some("plainApiKey_test".into()),
        handoff_secret: Some("0123456789abcdef0123456789abcdef".into()),
        brand_logo: Some("Cargo.toml".into()),
        brand_accent: Some("red;}".into()),
        brand_radius: Some("100px".into()),
        brand_font: Some("a}*{display:none".into()),
        ..Settings::default()
    };
    let problems = Config::from_settings(&settings).err().unwrap();
    let named: Vec<&str> = problems.iter().map(|problem| problem.setting).collect();
    assert_eq!(
        named,
        [
            "PORTAL_BRAND_LOGO",
            "PORTAL_BRAND_ACCENT",
            "PORTAL_BRAND_RADIUS",
            "PORTAL_BRAND_FONT"
        ]
    );
}
