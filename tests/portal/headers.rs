//! What every answer says besides its content, whatever it is an answer to.

use std::collections::{BTreeSet, HashSet};

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use plain_portal::{
    sandbox::Seed,
    serve::{PAGE_ROUTES, PLAIN_ROUTES},
};
use scraper::{Html, Selector};

use crate::{
    app::{Browser, FORM, Page, TestApp, form, submission},
    command_line::assets,
    downloads::send_file,
};

const FILE: &str = "private, no-store";
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

struct Case {
    method: Method,
    path: String,
    headers: Vec<(&'static str, &'static str)>,
    body: String,
    status: u16,
    cache: &'static str,
    signed_in: bool,
}

fn case(method: &str, path: &str, status: u16) -> Case {
    Case {
        method: method.parse().unwrap(),
        path: path.to_owned(),
        headers: vec![("sec-fetch-site", "same-origin"), ("accept", "text/html")],
        body: String::new(),
        status,
        cache: "no-store",
        signed_in: true,
    }
}

impl Case {
    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
        self
    }

    fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = form(fields);
        Self { body, ..self }.with("content-type", FORM)
    }

    fn cached(self, cache: &'static str) -> Self {
        Self { cache, ..self }
    }

    fn nobody(self) -> Self {
        Self {
            signed_in: false,
            ..self
        }
    }
}

/// Every route, with every kind of answer that it gives. `file` is the way to a file.
fn cases(token: &str, file: &str) -> Vec<Case> {
    let ask = [("title", "A title"), ("message", "x")];
    let id = submission();
    let whole = [&ask[..], &[("submission", &id)]].concat();
    let handoff = |path: &str| path.replace("TOKEN", token);
    let mut cases = vec![
        case("GET", "/nowhere", 404),
        case("GET", "/threads/T-30", 404),
        case("GET", "/?after=rubbish", 200),
        case("GET", file, 200).cached(FILE),
        case("HEAD", file, 200).cached(FILE),
        case("GET", file, 206)
            .with("range", "bytes=0-1")
            .cached(FILE),
        case("GET", file, 416).with("range", "bytes=99-"),
        case("GET", file, 401).nobody(),
        case("POST", file, 405),
        case("GET", &file.replace("th_", "T-"), 404),
        case("GET", "/auth/handoff", 401).nobody(),
        case("GET", "/auth/handoff?token=a&token=b", 400).nobody(),
        case("HEAD", "/auth/handoff?token=x", 405).nobody(),
        case("GET", &handoff("/auth/handoff?token=TOKEN"), 303),
        case("POST", "/auth/handoff", 401).form(&[("token", "rubbish")]),
        case("POST", "/auth/handoff", 403)
            .form(&[("token", "rubbish")])
            .with("origin", "https://evil.example"),
        case("POST", "/auth/handoff", 415),
        case("POST", "/api/ask", 303).form(&whole),
        case("POST", "/api/ask", 303).form(&[]),
        case("POST", "/api/ask", 401).form(&ask).nobody(),
        case("POST", "/api/ask", 403)
            .form(&ask)
            .with("sec-fetch-site", "cross-site"),
        case("POST", "/api/ask", 403)
            .form(&ask)
            .with("sec-fetch-site", ""),
        case("POST", "/api/ask", 400).form(&[("title", "a"), ("title", "b")]),
        case("POST", "/api/ask", 413).form(&[("message", &"x".repeat(600 * 1024))]),
        case("POST", "/api/reply", 404).form(&[("thread_id", "th_x"), ("text", "x")]),
        case("POST", "/api/nothing", 404).form(&ask),
        case("POST", "/api/files", 415).form(&ask),
        case("POST", "/api/files", 401).form(&ask).nobody(),
        case("GET", "/pkg/plain-portal.a.css", 200).cached(IMMUTABLE),
        case("HEAD", "/pkg/plain-portal.a.css", 200).cached(IMMUTABLE),
        case("GET", "/pkg/plain-portal.b.js", 200).cached(IMMUTABLE),
        case("GET", "/pkg/plain-portal.c.wasm", 200).cached(IMMUTABLE),
        case("GET", "/pkg/plain-portal.a.css", 304)
            .with("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")
            .cached(IMMUTABLE),
        case("GET", "/pkg/plain-portal.a.css", 206)
            .with("range", "bytes=0-9")
            .cached(IMMUTABLE),
        case("GET", "/pkg/plain-portal.a.css", 416).with("range", "bytes=9999999-"),
        case("POST", "/pkg/plain-portal.a.css", 405),
        case("GET", "/pkg/none.js", 404),
        case("GET", "/pkg", 404),
        case("GET", "/pkg/", 404),
        case("GET", "/pkg/folder", 404),
        case("GET", "/pkg/..%2f..%2fetc/passwd", 404),
        case("GET", "/favicon.svg", 200).cached("public, max-age=86400"),
        case("POST", "/healthz", 405),
        case("POST", "/favicon.svg", 405),
        case("POST", "/auth/sign-out", 403)
            .with("origin", "https://evil.example")
            .with("sec-fetch-site", "cross-site"),
        case("GET", "/auth/sign-out", 405),
        case("POST", "/webhooks/plain", 401),
        case("POST", "/webhooks/plain", 401).nobody(),
        case("GET", "/webhooks/plain", 405),
        case("DELETE", "/", 405),
        case("OPTIONS", "/", 405),
        case("GET", "/healthz", 200),
        case("GET", "/readyz", 200),
    ];
    for route in PAGE_ROUTES.iter() {
        let path = route.path().replace("{id}", "T-34");
        cases.push(case("GET", &path, 200));
        cases.push(case("HEAD", &path, 200));
        cases.push(case("GET", &path, 401).nobody());
        cases.push(case("POST", &path, 405));
    }
    // Last, because it ends the session.
    cases.push(case("POST", "/auth/sign-out", 303));
    cases
}

async fn answer(browser: &mut Browser, base: &str, case: &Case) -> Page {
    let uri = match case.path.as_str() {
        "/" if !base.is_empty() => base.to_owned(),
        path => format!("{base}{path}"),
    };
    let body = Body::from(case.body.clone());
    let page = browser
        .send_raw(case.method.clone(), &uri, body, &case.headers)
        .await;
    assert_eq!(page.status, case.status, "{} {uri}", case.method);
    page
}

struct Expected {
    https: bool,
    frame_ancestors: &'static str,
}

impl Expected {
    /// Checks the headers of one answer; returns its nonce when it is a page.
    fn check(&self, what: &str, cache: &str, page: &Page) -> Option<String> {
        let header = |name: &str| {
            let mut values = page.headers.get_all(name).iter();
            let value = values.next().map(|value| value.to_str().unwrap());
            assert_eq!(values.next(), None, "{what}: {name} twice");
            value
        };
        let empty_policy = format!("default-src 'none'; {}", self.frame_ancestors);
        let policy = header("content-security-policy").unwrap();
        let is_page = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        let nonce = is_page.then(|| {
            let (_, rest) = policy.split_once("'nonce-").unwrap();
            let nonce = rest.split_once('\'').unwrap().0.to_owned();
            let wanted = format!(
                "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
                 img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; {}",
                self.frame_ancestors
            );
            assert_eq!(policy, wanted, "{what}");
            let bytes = URL_SAFE_NO_PAD.decode(&nonce).unwrap();
            assert!(bytes.len() * 8 >= 128, "{what}: {nonce}");
            fits_the_policy(what, &page.body, &nonce);
            nonce
        });
        if nonce.is_none() {
            let sandbox = if cache == FILE { "sandbox; " } else { "" };
            assert_eq!(policy, format!("{sandbox}{empty_policy}"), "{what}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("origin-agent-cluster", "?1"),
            ("cache-control", cache),
        ] {
            assert_eq!(header(name), Some(value), "{what}: {name}");
        }
        let permissions = header("permissions-policy").unwrap();
        for feature in ["camera", "microphone", "geolocation", "payment", "usb"] {
            let denied = permissions
                .split(", ")
                .any(|part| part == format!("{feature}=()"));
            assert!(denied, "{what}: {feature}");
        }
        assert!(permissions.split(", ").all(|part| part.ends_with("=()")));
        let https = self.https.then_some("max-age=31536000");
        assert_eq!(header("strict-transport-security"), https, "{what}");
        let id = header("x-request-id").unwrap();
        assert!(!id.is_empty(), "{what}");
        for name in [
            "server",
            "x-powered-by",
            "x-frame-options",
            "access-control-allow-origin",
        ] {
            assert_eq!(header(name), None, "{what}: {name}");
        }
        nonce
    }
}

/// Nothing in this page would break the policy with this nonce.
fn fits_the_policy(what: &str, body: &str, nonce: &str) {
    let html = Html::parse_document(body);
    let all = |selector: &str| {
        html.select(&Selector::parse(selector).unwrap())
            .collect::<Vec<_>>()
    };
    for script in all("script, [nonce]") {
        assert_eq!(script.attr("nonce"), Some(nonce), "{what}");
    }
    assert!(
        all("style, [style], base, object, embed, iframe").is_empty(),
        "{what}"
    );
    for element in all("*") {
        let handler = element
            .value()
            .attrs()
            .find(|(name, _)| name.starts_with("on"));
        assert_eq!(handler, None, "{what}");
    }
}

async fn every_answer(public_url: &str, embed_origins: Option<&str>, expected: Expected) {
    let folder = tempfile::tempdir().unwrap();
    let site = assets(folder.path());
    std::fs::create_dir(folder.path().join("site/pkg/folder")).unwrap();
    let app = TestApp::with(Seed::Story, |settings| {
        settings.public_url = Some(public_url.to_owned());
        settings.embed_origins = embed_origins.map(str::to_owned);
        settings.host_origins = None;
        settings.site_root = Some(site);
    })
    .await;
    let base = app.config.server.public_url.base_path().to_owned();
    let mut nonces = HashSet::new();
    let mut check = |case: &Case, page: &Page| {
        let what = format!("{} {} {}", case.method, case.path, case.status);
        if let Some(nonce) = expected.check(&what, case.cache, page) {
            assert!(nonces.insert(nonce), "{what}: a nonce for the second time");
        }
    };
    let token = app.token("usr_ines");
    let (team, name) = ("acct_northwind", "a.txt");
    let file = send_file(&app, "usr_ines", team, name, b"A file").await;
    let all = cases(&token, &file);
    let (mut ines, mut nobody) = (app.signed_in("usr_ines").await, app.browser());
    for case in &all {
        let browser = match case.signed_in {
            true => &mut ines,
            false => &mut nobody,
        };
        let page = answer(browser, &base, case).await;
        check(case, &page);
    }
    let tried: BTreeSet<(&str, &str)> = all
        .iter()
        .map(|case| (case.method.as_str(), case.path.split('?').next().unwrap()))
        .collect();
    for route in PLAIN_ROUTES {
        let path = match route.path.contains("{attachment}") {
            true => file.as_str(),
            false => route.path,
        };
        assert!(
            tried.contains(&(route.method, path)),
            "{} {}",
            route.method,
            route.path
        );
    }

    let mut ines = app.signed_in("usr_ines").await;
    app.sandbox.stop().await;
    for away in [
        case("GET", "/", 503),
        case("GET", "/threads/T-34", 503),
        case("HEAD", "/threads/T-34", 503),
        case("POST", "/auth/handoff", 503).form(&[("token", &app.token("usr_tom"))]),
    ] {
        let page = answer(&mut ines, &base, &away).await;
        check(&away, &page);
    }
    if !base.is_empty() {
        for outside in ["/", "/elsewhere", "/api/ask"] {
            let page = ines
                .send_raw(Method::GET, outside, Body::empty(), &[])
                .await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{outside}");
            assert_eq!(expected.check(outside, "no-store", &page), None);
        }
    }
    assert!(nonces.len() > 30, "{}", nonces.len());
}

#[tokio::test]
async fn every_answer_below_a_path_that_may_be_framed() {
    let expected = Expected {
        https: true,
        frame_ancestors: "frame-ancestors https://product.example https://app.example:8443",
    };
    let origins = "https://product.example https://app.example:8443";
    every_answer("https://product.example/support", Some(origins), expected).await;
}

#[tokio::test]
async fn every_answer_at_the_root_of_this_machine() {
    let expected = Expected {
        https: false,
        frame_ancestors: "frame-ancestors 'none'",
    };
    every_answer("http://127.0.0.1:3000", None, expected).await;
}

#[tokio::test]
async fn what_differs_by_encoding_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let site = assets(folder.path());
    let app = TestApp::with(Seed::Empty, |settings| settings.site_root = Some(site)).await;
    let path = "/pkg/plain-portal.a.css";
    for (headers, status) in [
        (&[("accept-encoding", "br")][..], 200),
        (&[("accept-encoding", "identity")], 200),
        (&[], 200),
        (
            &[("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")],
            304,
        ),
    ] {
        let mut browser = app.browser();
        let answer = browser
            .send(Method::GET, path, Body::empty(), headers)
            .await;
        assert_eq!(answer.status, status, "{headers:?}");
        assert_eq!(answer.headers["vary"], "accept-encoding", "{headers:?}");
    }
}
