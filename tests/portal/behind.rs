//! The program behind real proxies, configured as `docs/proxies.md` says.

use std::{
    io::{BufRead, BufReader},
    net::{IpAddr, SocketAddr},
    process::{Child, Stdio},
    sync::{Arc, Mutex},
};

use axum::http::{HeaderMap, Method, StatusCode, header};
use jiff::Timestamp;
use plain_portal::{
    config::{Config, Settings},
    identity::token,
    sandbox::{
        Options, Sandbox, Seed,
        webhooks::{Status, Target},
    },
};
use reqwest::{Client, redirect::Policy};
use serde_json::Value;

use crate::{
    app::{API_KEY, FORM, Page, WEBHOOK_SECRET, database, form, person, submission, until},
    command_line::{assets, portal},
    crawl::{Fetch, crawl, error_pages},
    database::TestDatabase,
    proxy_server::ProxyServer,
};

const SECRET: &str = "a secret of at least thirty-two bytes";
/// Where our browser is; no proxy is there.
const CLIENT: &str = "127.0.0.3";

/// `plain-portal serve` with a sandbox behind it.
struct Served {
    addr: SocketAddr,
    config: Config,
    log: Arc<Mutex<Vec<Value>>>,
    child: Child,
    sandbox: Sandbox,
    _data: TestDatabase,
    _folder: tempfile::TempDir,
}

impl Served {
    async fn start(base: &str) -> Self {
        let options = Options {
            seed: Seed::Story,
            ..Options::default()
        };
        let sandbox = Sandbox::start(([127, 0, 0, 1], 0).into(), options)
            .await
            .unwrap();
        let (folder, data) = (tempfile::tempdir().unwrap(), database());
        let public_url = format!("https://product.example{base}");
        let settings = Settings {
            plain_api_key: Some(API_KEY.into()),
            handoff_secret: Some(SECRET.into()),
            public_url: Some(public_url.clone()),
            ..Settings::default()
        };
        let environment = [
            ("PLAIN_API_KEY", API_KEY),
            ("PLAIN_API_URL", &sandbox.graphql_url()),
            ("PORTAL_HANDOFF_SECRET", SECRET),
            ("PLAIN_WEBHOOK_SECRET", WEBHOOK_SECRET),
            ("PORTAL_PUBLIC_URL", &public_url),
            ("PORTAL_TRUSTED_PROXIES", "127.0.0.1"),
            ("DATABASE_URL", &data.url()),
            ("LEPTOS_SITE_ROOT", &assets(folder.path())),
            ("LEPTOS_SITE_ADDR", "127.0.0.1:0"),
            ("PORTAL_LOG_FORMAT", "json"),
        ];
        let mut child = portal(folder.path(), &["serve"], &environment)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(vec![]));
        let written = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
                written.lock().unwrap().push(line);
            }
        });
        let mut addr = None;
        until("the portal serves", async || {
            let log = log.lock().unwrap();
            addr = log
                .iter()
                .find_map(|line| line["fields"]["addr"].as_str()?.parse().ok());
            addr.is_some()
        })
        .await;
        Self {
            addr: addr.unwrap(),
            config: Config::from_settings(&settings).unwrap(),
            log,
            child,
            sandbox,
            _data: data,
            _folder: folder,
        }
    }

    fn token(&self, external_id: &str) -> String {
        let person = person(external_id);
        let (tenant_external_id, tenant_name) = person.tenants[0];
        let claims = token::Person {
            email: person.email.into(),
            name: person.name.into(),
            external_id: person.external_id.into(),
            tenant_external_id: Some(tenant_external_id.into()),
            tenant_name: Some(tenant_name.into()),
            ..token::Person::default()
        }
        .claims(&self.config.handoff, Timestamp::now());
        token::sign(&self.config.handoff, &claims).unwrap()
    }

    /// The first line of the log with this message.
    async fn logged(&self, message: &str) -> Value {
        let mut found = None;
        until(message, async || {
            let log = self.log.lock().unwrap();
            found = log
                .iter()
                .find(|line| {
                    line["fields"]["message"]
                        .as_str()
                        .is_some_and(|text| text.starts_with(message))
                })
                .cloned();
            found.is_some()
        })
        .await;
        found.unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser on the other side of the proxy.
struct Outside {
    http: Client,
    front: String,
    cookie: Option<String>,
}

impl Outside {
    async fn new(proxy: &ProxyServer) -> Self {
        let http = Client::builder()
            .redirect(Policy::none())
            .local_address(CLIENT.parse::<IpAddr>().unwrap())
            .no_proxy()
            .build()
            .unwrap();
        let front = format!("http://{}", proxy.addr);
        until("the proxy answers", async || {
            http.get(&front).send().await.is_ok()
        })
        .await;
        Self {
            http,
            front,
            cookie: None,
        }
    }

    async fn send(
        &self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Page {
        let mut request = self.http.request(method, format!("{}{uri}", self.front));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, FORM).body(body);
        }
        let answer = request.send().await.unwrap();
        Page {
            status: answer.status(),
            headers: HeaderMap::clone(answer.headers()),
            body: String::from_utf8_lossy(&answer.bytes().await.unwrap()).into_owned(),
        }
    }
}

impl Fetch for Outside {
    async fn fetch(&mut self, method: Method, uri: &str, form: Option<String>) -> Page {
        let own = [
            ("origin", "https://product.example"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(method, uri, &own, form).await
    }
}

/// The code blocks of this language in `docs/proxies.md`: the path stays, and it is removed.
fn documented(language: &str) -> [String; 2] {
    let text = std::fs::read_to_string("docs/proxies.md").unwrap();
    let blocks: Vec<String> = text
        .split(&format!("```{language}\n"))
        .skip(1)
        .map(|rest| rest.split_once("```").unwrap().0.to_owned())
        .collect();
    blocks.try_into().unwrap()
}

fn adapted(configuration: &str, base: &str, portal: SocketAddr) -> String {
    configuration
        .replace("/support", base)
        .replace("127.0.0.1:3000", &portal.to_string())
}

/// Signs in, goes everywhere, asks something, and is seen for who it is.
async fn works_behind(start: fn(&str) -> Option<ProxyServer>, configuration: &str, base: &str) {
    let served = Served::start(base).await;
    let Some(proxy) = start(&adapted(configuration, base, served.addr)) else {
        return;
    };
    let mut ines = Outside::new(&proxy).await;
    error_pages(&mut ines, base).await;

    let token = form(&[("token", &served.token("usr_ines"))]);
    let handoff = format!("{base}/auth/handoff");
    let page = ines.fetch(Method::POST, &handoff, Some(token)).await;
    assert_eq!(
        (page.status, page.location()),
        (StatusCode::SEE_OTHER, base)
    );
    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
    let attributes: Vec<&str> = cookie.split("; ").collect();
    assert!(cookie.starts_with("__Secure-portal="), "{cookie}");
    for wanted in [
        "Secure",
        "HttpOnly",
        "SameSite=Lax",
        &format!("Path={base}"),
    ] {
        assert!(attributes.contains(&wanted), "{cookie}");
    }
    ines.cookie = Some(attributes[0].to_owned());

    // Plain comes the same way, and what it has signed arrives as it was.
    let hook = format!("{}{base}/webhooks/plain", ines.front);
    let target = Target::new(hook.parse().unwrap(), WEBHOOK_SECRET);
    served.sandbox.send_webhooks(Some(target));

    let id = submission();
    let fields = [
        ("title", "Behind a proxy"),
        ("message", "x"),
        ("submission", &id),
    ];
    let ask = format!("{base}/api/ask");
    let answer = ines.fetch(Method::POST, &ask, Some(form(&fields))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = ines.fetch(Method::GET, answer.location(), None).await;
    assert_eq!(
        (page.status, page.h1().as_str()),
        (StatusCode::OK, "Behind a proxy")
    );

    until("the portal has heard of it", async || {
        let told = served.sandbox.webhooks();
        let refused = told
            .iter()
            .find(|it| it.attempts.iter().any(|it| it.status != Some(200)));
        assert!(refused.is_none(), "{refused:?}");
        told.iter()
            .any(|it| it.kind == "thread.thread_created" && it.status == Status::Delivered)
    })
    .await;

    let forged = [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("x-forwarded-for", "198.51.100.7"),
        ("x-forwarded-prefix", "/elsewhere"),
    ];
    let refused = ines
        .send(Method::POST, &ask, &forged, Some(form(&fields)))
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let line = served.logged("form refused").await;
    assert_eq!(line["spans"][0]["client"], CLIENT, "{line}");
    let made_up = [("x-forwarded-prefix", base)];
    let page = ines.send(Method::GET, base, &made_up, None).await;
    assert_eq!(page.status, StatusCode::OK, "as if nothing had been said");

    // The last: it signs out.
    crawl(&mut ines, base, &["", "/", "/nowhere", "/threads/T-6"]).await;
}

#[tokio::test]
async fn nginx_that_keeps_the_path() {
    let [kept, _] = documented("nginx");
    works_behind(ProxyServer::nginx, &kept, "/support").await;
}

#[tokio::test]
async fn nginx_that_removes_the_path() {
    let [_, removed] = documented("nginx");
    works_behind(ProxyServer::nginx, &removed, "/support").await;
}

#[tokio::test]
async fn nginx_that_removes_a_path_of_two() {
    let [_, removed] = documented("nginx");
    works_behind(ProxyServer::nginx, &removed, "/help/support").await;
}

#[tokio::test]
async fn caddy_that_keeps_the_path() {
    let [kept, _] = documented("caddy");
    works_behind(ProxyServer::caddy, &kept, "/support").await;
}

#[tokio::test]
async fn caddy_that_removes_the_path() {
    let [_, removed] = documented("caddy");
    works_behind(ProxyServer::caddy, &removed, "/help/support").await;
}

#[tokio::test]
async fn a_proxy_that_prefers_the_slash_goes_round_in_no_circle() {
    let served = Served::start("/support").await;
    for target in ["", "/"] {
        // nginx itself leads from `/support` to `/support/` here.
        let location = format!(
            "location /support/ {{ proxy_pass http://{}{target}; proxy_set_header X-Forwarded-Prefix {}; }}",
            served.addr,
            if target.is_empty() {
                "\"\""
            } else {
                "/support"
            },
        );
        let Some(proxy) = ProxyServer::nginx(&location) else {
            return;
        };
        let outside = Outside::new(&proxy).await;
        let redirected = outside.send(Method::GET, "/support", &[], None).await;
        assert_eq!(redirected.status, StatusCode::MOVED_PERMANENTLY);
        assert!(redirected.location().ends_with("/support/"));
        let front = outside.send(Method::GET, "/support/", &[], None).await;
        assert_eq!(front.status, StatusCode::UNAUTHORIZED);
        assert_eq!(front.h1(), "You are not signed in");
    }
}
