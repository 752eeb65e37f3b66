//! Follows everything that pages lead to: no address leaves the base path, and each of them is answered.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use plain_portal::sandbox::Seed;
use scraper::{ElementRef, Html, Selector};

use crate::{
    app::{Browser, FORM, Page, Proxy, TestApp, form},
    command_line::assets,
};

/// Whatever takes a browser's requests to the portal.
pub trait Fetch {
    async fn fetch(&mut self, method: Method, uri: &str, form: Option<String>) -> Page;
}

impl Fetch for Browser {
    async fn fetch(&mut self, method: Method, uri: &str, form: Option<String>) -> Page {
        let own = ("sec-fetch-site", "same-origin");
        let headers: &[_] = match form {
            Some(_) => &[own, ("content-type", FORM)],
            None => &[own],
        };
        let body = form.map_or_else(Body::empty, Body::from);
        self.send_raw(method, uri, body, headers).await
    }
}

/// A POST form as it stands on a page, with what a browser would send when nobody had typed anything.
#[derive(Clone, Debug)]
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

/// What one walk through the portal has found.
#[derive(Default)]
pub struct Found {
    /// Addresses below the base path and what they were answered with.
    answers: BTreeMap<String, StatusCode>,
    waiting: VecDeque<String>,
    forms: Vec<Form>,
    /// Actions with the names of their fields: one form of each kind is sent.
    kinds: BTreeSet<(String, Vec<String>)>,
}

impl Found {
    /// Notes where a page leads to.
    fn read(&mut self, base: &str, at: &str, page: &Page) {
        let kind = page.headers.get("content-type");
        let kind = kind.map_or("", |kind| kind.to_str().unwrap());
        if kind.starts_with("text/css") {
            for url in page.body.split("url(").skip(1) {
                let url = url.split(')').next().unwrap().trim_matches(['"', '\'']);
                self.address(base, at, url);
            }
        }
        if !kind.starts_with("text/html") {
            return;
        }
        let html = Html::parse_document(&page.body);
        for (selector, attribute) in [
            ("[href]", "href"),
            ("[src]", "src"),
            ("[formaction]", "formaction"),
            ("[data-src]", "data-src"),
        ] {
            for element in all(&html, selector) {
                let address = element.attr(attribute).unwrap();
                let elsewhere = ["https://", "http://", "mailto:", "tel:"]
                    .iter()
                    .any(|scheme| address.starts_with(scheme));
                // A link in a message, or to the host's sign-in page: nothing that a browser would load by itself.
                if elsewhere && element.value().name() == "a" {
                    assert!(!address.contains("product.example/"), "{at}: {address}");
                    continue;
                }
                self.address(base, at, address);
            }
        }
        for script in all(&html, "script:not([src])") {
            // Our start script ends with the names of what it loads, as JSON strings.
            let text: String = script.text().collect();
            for name in text.split('"').filter(|part| part.starts_with('/')) {
                self.address(base, at, name);
            }
        }
        assert!(all(&html, "base, meta[http-equiv], [srcset], [style], style").is_empty());
        for element in all(&html, "form:not([method=post])") {
            let fields = fields(element);
            let query = form(&pairs(&fields));
            let action = element.attr("action").unwrap();
            self.address(base, at, &format!("{action}?{query}"));
        }
        for element in all(&html, "form[method=post]") {
            let form = Form {
                action: element.attr("action").unwrap().to_owned(),
                fields: fields(element),
            };
            below(base, at, &form.action);
            let names = form.fields.iter().map(|(name, _)| name.clone()).collect();
            if self.kinds.insert((form.action.clone(), names)) {
                self.forms.push(form);
            }
        }
    }

    fn address(&mut self, base: &str, at: &str, address: &str) {
        let whole = match address.split('#').next().unwrap() {
            "" => return,
            address if address.starts_with('?') => {
                format!("{}{address}", at.split('?').next().unwrap())
            }
            address => address.to_owned(),
        };
        below(base, at, &whole);
        if !self.answers.contains_key(&whole) && !self.waiting.contains(&whole) {
            self.waiting.push_back(whole);
        }
    }
}

/// Fails for an address that is not below the base path.
fn below(base: &str, at: &str, address: &str) {
    let below = address
        .strip_prefix(base)
        .unwrap_or_else(|| panic!("{at}: {address} is not below {base:?}"));
    let fits = match base {
        "" => below.starts_with('/') && !below.starts_with("//"),
        _ => below.is_empty() || below.starts_with(['/', '?']),
    };
    assert!(fits, "{at}: {address} is not below {base:?}");
}

fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

/// As a browser sends them when the form's first button is pressed.
fn fields(form: ElementRef) -> Vec<(String, String)> {
    let mut fields = vec![];
    let mut pressed = false;
    for control in form.select(&Selector::parse("input, textarea, button").unwrap()) {
        let value = match control.value().name() {
            "textarea" => control
                .text()
                .collect::<String>()
                .trim_start_matches('\n')
                .to_owned(),
            "button" if pressed => continue,
            name => {
                pressed |= name == "button";
                control.attr("value").unwrap_or_default().to_owned()
            }
        };
        if let Some(name) = control.attr("name") {
            fields.push((name.to_owned(), value));
        }
    }
    fields
}

/// Walks through everything that leads on from these addresses, sends one form of each kind, and signs out at the end.
pub async fn crawl(browser: &mut impl Fetch, base: &str, from: &[&str]) -> Found {
    let mut found = Found::default();
    found
        .waiting
        .extend(from.iter().map(|path| format!("{base}{path}")));
    let mut forms_sent = 0;
    loop {
        while let Some(uri) = found.waiting.pop_front() {
            let page = browser.fetch(Method::GET, &uri, None).await;
            let wanted = match uri.ends_with("/nowhere") {
                true => StatusCode::NOT_FOUND,
                false => StatusCode::OK,
            };
            assert_eq!(page.status, wanted, "{uri}");
            found.read(base, &uri, &page);
            found.answers.insert(uri, page.status);
            assert!(found.answers.len() < 1000, "there is no end to it");
        }
        let Some(next) = found.forms.iter().position(|form| !signs_out(form)) else {
            break;
        };
        let next = found.forms.remove(next);
        submit(browser, base, &mut found, &next).await;
        forms_sent += 1;
    }
    let out = found.forms.pop().expect("no way to sign out");
    submit(browser, base, &mut found, &out).await;
    assert!(forms_sent >= 3, "{forms_sent}");
    found
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

fn signs_out(form: &Form) -> bool {
    form.action.ends_with("/auth/sign-out")
}

/// What a form is answered with leads on as well.
async fn submit(browser: &mut impl Fetch, base: &str, found: &mut Found, sent: &Form) {
    let text = form(&pairs(&sent.fields));
    let page = browser.fetch(Method::POST, &sent.action, Some(text)).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{sent:?}");
    below(base, &sent.action, page.location());
    if !signs_out(sent) {
        found.address(base, &sent.action, page.location());
    }
}

/// Pages that say that something does not work lead on to what does.
pub async fn error_pages(browser: &mut impl Fetch, base: &str) {
    // As little too much as can be: what nobody reads any more may end the connection before the answer is read.
    let large = "x".repeat(513 * 1024);
    let text = form(&[("title", "A title"), ("message", "A message")]);
    for (method, path, body, status) in [
        (Method::GET, "/", None, StatusCode::UNAUTHORIZED),
        (Method::GET, "/threads/T-34", None, StatusCode::UNAUTHORIZED),
        (
            Method::GET,
            "/auth/handoff?token=x",
            None,
            StatusCode::UNAUTHORIZED,
        ),
        (Method::GET, "/nowhere", None, StatusCode::NOT_FOUND),
        (Method::GET, "/pkg/none.js", None, StatusCode::NOT_FOUND),
        (Method::GET, "/pkg", None, StatusCode::NOT_FOUND),
        (
            Method::GET,
            "/api/ask",
            None,
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (
            Method::POST,
            "/api/ask",
            Some(text),
            StatusCode::UNAUTHORIZED,
        ),
        (
            Method::POST,
            "/api/ask",
            Some(large),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        let uri = format!("{base}{path}");
        let page = browser.fetch(method.clone(), &uri, body).await;
        assert_eq!(page.status, status, "{method} {uri}");
        let mut found = Found::default();
        found.read(base, &uri, &page);
        let front = if base.is_empty() { "/" } else { base };
        assert!(
            found.waiting.contains(&front.to_owned()),
            "{uri}: no way on"
        );
        for form in &found.forms {
            assert!(form.action.starts_with(&format!("{base}/api/")));
        }
        for address in found.waiting.clone() {
            let page = browser.fetch(Method::GET, &address, None).await;
            let there = [StatusCode::OK, StatusCode::UNAUTHORIZED];
            assert!(
                there.contains(&page.status),
                "{uri}: {address}: {}",
                page.status
            );
        }
    }
}

async fn everywhere(base: &str, strips: bool) {
    let folder = tempfile::tempdir().unwrap();
    let site = assets(folder.path());
    let app = TestApp::with(Seed::Story, |settings| {
        settings.public_url = Some(format!("https://product.example{base}"));
        settings.trusted_proxies = Some("10.0.0.1".to_owned());
        settings.site_root = Some(site);
    })
    .await;
    let proxy = Proxy {
        addr: "10.0.0.1".parse().unwrap(),
        strips,
    };
    let mut nobody = app.browser().behind(proxy);
    let mut ines = nobody.clone();
    let token = app.token("usr_ines");
    let page = ines.hand_off(&token).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    below(base, "signing in", page.location());

    // The front page with and without its slash.
    let mut starts = vec!["/", "/nowhere", "/threads/T-6"];
    if !base.is_empty() {
        starts.push("");
    }
    let found = crawl(&mut ines, base, &starts).await;
    for kind in [".css", ".js", ".wasm", "/favicon.svg", "/threads/new"] {
        let is_there = found.answers.keys().any(|address| address.ends_with(kind));
        assert!(is_there, "{kind} {:?}", found.answers.keys());
    }
    assert!(found.answers.len() > 25, "{:?}", found.answers.keys());

    error_pages(&mut nobody, base).await;

    let mut ines = app.signed_in("usr_ines").await.behind(proxy);
    app.sandbox.stop().await;
    for path in ["/", "/threads/T-34", "/threads/T-34?x=1"] {
        let uri = format!("{base}{path}");
        let page = ines.fetch(Method::GET, &uri, None).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{uri}");
        Found::default().read(base, &uri, &page);
    }
}

#[tokio::test]
async fn at_the_root() {
    everywhere("", false).await;
}

#[tokio::test]
async fn below_a_path() {
    everywhere("/support", false).await;
}

#[tokio::test]
async fn below_two() {
    everywhere("/help/support", false).await;
}

#[tokio::test]
async fn below_a_path_that_the_proxy_removes() {
    everywhere("/support", true).await;
}

#[tokio::test]
async fn below_two_that_the_proxy_removes() {
    everywhere("/help/support", true).await;
}
