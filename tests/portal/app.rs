//! One `TestApp` for all tests: a sandbox and a portal, and browsers that hold one cookie each.

use std::{
    net::{IpAddr, SocketAddr},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use jiff::Timestamp;
use plain_portal::{
    app::Assets,
    config::{Config, Settings, Settle},
    identity::token::{self, Claims},
    sandbox::{
        Options, Sandbox, Seed,
        seed::{PEOPLE, Person},
    },
    serve::Portal,
};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tokio::{sync::watch, task::JoinHandle};
use tower::ServiceExt;

use crate::database::TestDatabase;

/// With which Plain signs its webhooks here.
pub const WEBHOOK_SECRET: &str = "webhook_canary_77a1d0";

/// A canary: it must be in nothing that leaves the server.
pub const API_KEY: &str = "plainApiKey_canary_5f0c1e";

pub struct TestApp {
    pub sandbox: Sandbox,
    pub config: Config,
    pub router: Router,
    pub data: TestDatabase,
    /// Where customers' files wait.
    pub files: TempDir,
    behind: Behind,
}

/// The work behind the pages; it ends with the app.
struct Behind {
    stop: watch::Sender<bool>,
    ended: JoinHandle<()>,
}

impl TestApp {
    /// The story's sandbox, and a portal at the root.
    pub async fn start() -> Self {
        Self::with(Seed::Story, |_| {}).await
    }

    pub async fn with(seed: Seed, change: impl FnOnce(&mut Settings)) -> Self {
        Self::configured(seed, change, |_| {}).await
    }

    /// A portal that waits so long for what may have arrived as e-mail.
    pub async fn settling(
        seed: Seed,
        relayed: Duration,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        Self::configured(seed, change, |config| config.settle.relayed = relayed).await
    }

    /// A portal that asks Plain at every page whether somebody still belongs there.
    pub async fn rechecking(change: impl FnOnce(&mut Settings)) -> Self {
        Self::configured(Seed::Story, change, |config| {
            config.recheck = Duration::ZERO;
        })
        .await
    }

    /// A portal with a configuration that also has what no setting says.
    pub async fn configured(
        seed: Seed,
        change: impl FnOnce(&mut Settings),
        adjust: impl FnOnce(&mut Config),
    ) -> Self {
        let sandbox = start_sandbox(seed).await;
        let data = database();
        let files = tempfile::tempdir().unwrap();
        let mut settings = Settings {
            plain_api_key: Some(API_KEY.into()),
            plain_api_url: Some(sandbox.graphql_url()),
            plain_webhook_secret: Some(WEBHOOK_SECRET.into()),
            handoff_secret: Some("a secret of at least thirty-two bytes".into()),
            sign_in_url: Some("https://host.example/sign-in".into()),
            host_origins: Some("https://host.example".into()),
            database_url: Some(data.url()),
            files: Some(files.path().display().to_string()),
            ..Settings::default()
        };
        change(&mut settings);
        let mut config = Config::from_settings(&settings).unwrap();
        config.settle = Settle {
            direct: Duration::from_millis(200),
            relayed: Duration::from_millis(400),
        };
        adjust(&mut config);
        let (router, behind) = open(&config).await;
        Self {
            sandbox,
            router,
            config,
            data,
            files,
            behind,
        }
    }

    /// The sandbox again at the same address, with the same story, after it was stopped.
    pub async fn restart_sandbox(&mut self) {
        let addr: SocketAddr = self.sandbox.addr();
        self.sandbox = Sandbox::start(addr, Options::default()).await.unwrap();
    }

    /// The same portal in a new process, as far as one can tell from outside. Browsers of before must be gone.
    pub async fn restart(self) -> Self {
        let Self {
            sandbox,
            config,
            router,
            data,
            files,
            behind,
        } = self;
        drop(router);
        behind.stop.send_replace(true);
        behind.ended.await.unwrap();
        let (router, behind) = open(&config).await;
        Self {
            sandbox,
            router,
            config,
            data,
            files,
            behind,
        }
    }

    /// The same portal with another Plain, such as one that stands before the sandbox. Browsers of before must be gone.
    pub async fn point_at(&mut self, api_url: url::Url) {
        self.config.plain.api_url = api_url;
        self.behind.stop.send_replace(true);
        (&mut self.behind.ended).await.unwrap();
        // Its database is one process's.
        self.router = Router::new();
        (self.router, self.behind) = open(&self.config).await;
    }

    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookie: None,
            base: self.config.server.public_url.base_path().to_owned(),
            proxy: None,
        }
    }

    /// Somebody of the story, signed in to their first tenant.
    pub async fn signed_in(&self, external_id: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.hand_off(&self.token(external_id)).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        browser
    }

    pub fn token(&self, external_id: &str) -> String {
        self.sign(&self.claims(external_id, 0))
    }

    /// Good claims for somebody of the story, in the tenant of this position.
    pub fn claims(&self, external_id: &str, tenant: usize) -> Claims {
        let person = person(external_id);
        let (tenant_external_id, tenant_name) = person.tenants[tenant];
        token::Person {
            email: person.email.into(),
            email_unverified: false,
            name: person.name.into(),
            external_id: person.external_id.into(),
            tenant_external_id: Some(tenant_external_id.into()),
            tenant_name: Some(tenant_name.into()),
            ..token::Person::default()
        }
        .claims(&self.config.handoff, Timestamp::now())
    }

    pub fn sign(&self, claims: &Claims) -> String {
        token::sign(&self.config.handoff, claims).unwrap()
    }

    /// Asks the sandbox something directly, as the support team's own tools would.
    pub async fn plain(&self, query: &str, variables: Value) -> Value {
        let response = reqwest::Client::new()
            .post(self.sandbox.graphql_url())
            .bearer_auth(API_KEY)
            .json(&json!({ "query": query, "variables": variables }))
            .send()
            .await
            .unwrap();
        let mut answer: Value = response.json().await.unwrap();
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].take()
    }

    /// What the sandbox holds of a thread: its tenant, status and messages, newest first.
    pub async fn thread(&self, reference: &str) -> Value {
        let query = "query ($ref: String!) { threadByRef(ref: $ref) { id ref title status externalId tenant { externalId } customer { externalId }
            timelineEntries(first: 100, filters: { isMessage: true }) { edges { node { id actor { __typename ... on CustomerActor { customer { externalId } } }
              entry { __typename ... on ChatEntry { chatText: text } ... on EmailEntry { textContent markdownContent }
                ... on SlackMessageEntry { slackText: text } ... on SlackReplyEntry { slackText: text }
                ... on CustomEntry { components { __typename ... on ComponentText { text } } } } } } } } }";
        self.plain(query, json!({ "ref": reference })).await["threadByRef"].take()
    }

    pub async fn thread_id(&self, reference: &str) -> String {
        self.thread(reference).await["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// How many threads the sandbox holds with this title.
    pub async fn threads_titled(&self, title: &str) -> usize {
        let query = "query { threads(first: 100) { edges { node { title } } } }";
        let threads = self.plain(query, json!({})).await;
        let edges = threads["threads"]["edges"].as_array().unwrap();
        edges
            .iter()
            .filter(|edge| edge["node"]["title"] == title)
            .count()
    }

    /// How many messages of this thread hold this text.
    pub async fn messages_with(&self, reference: &str, text: &str) -> usize {
        let thread = self.thread(reference).await;
        let edges = thread["timelineEntries"]["edges"].as_array().unwrap();
        edges
            .iter()
            .filter(|edge| edge["node"]["entry"].to_string().contains(text))
            .count()
    }

    /// Answers as the support team.
    pub async fn agent_replies(&self, thread_id: &str, text: &str) {
        let query = "mutation ($input: ReplyToThreadInput!) { replyToThread(input: $input) { error { message } } }";
        let input = json!({ "threadId": thread_id, "textContent": text, "markdownContent": text });
        let answer = self.plain(query, json!({ "input": input })).await;
        assert_eq!(answer["replyToThread"]["error"], Value::Null);
    }

    /// Does something in the portal's database behind its back; returns how many rows it concerned.
    pub async fn in_database(&self, sql: &str) -> u64 {
        let url = self.data.url();
        match &self.data {
            TestDatabase::Sqlite(_) => {
                let mut database = SqliteConnection::connect(&url).await.unwrap();
                let done = sqlx::query(sql).execute(&mut database).await.unwrap();
                database.close().await.unwrap();
                done.rows_affected()
            }
            TestDatabase::Postgres(_) => {
                let mut database = PgConnection::connect(&url).await.unwrap();
                let done = sqlx::query(sql).execute(&mut database).await.unwrap();
                done.rows_affected()
            }
        }
    }

    /// Calls that the portal made since the last time somebody asked.
    pub fn calls(&self) -> Vec<String> {
        let calls = self.sandbox.calls();
        self.sandbox.forget_calls();
        calls
    }
}

/// The media type of [`form`].
pub const FORM: &str = "application/x-www-form-urlencoded";

/// Fields as a browser's form sends them.
pub fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// Waits for something that the work behind the pages brings about.
pub async fn until(what: &str, is_so: impl AsyncFnMut() -> bool) {
    until_within(Duration::from_secs(30), what, is_so).await;
}

pub async fn until_within(patience: Duration, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(patience, waiting)
        .await
        .unwrap_or_else(|_| panic!("waited in vain: {what}"));
}

/// A fresh database of the kind that `PORTAL_TEST_DATABASE` names: `sqlite`, as without it, or `postgres`.
pub fn database() -> TestDatabase {
    let kind = std::env::var("PORTAL_TEST_DATABASE").unwrap_or_else(|_| "sqlite".to_owned());
    let database = match kind.as_str() {
        "sqlite" => TestDatabase::sqlite(),
        "postgres" => TestDatabase::postgres(),
        other => panic!("PORTAL_TEST_DATABASE: {other:?}"),
    };
    database.expect("PORTAL_TEST_DATABASE asks for what is not here")
}

async fn open(config: &Config) -> (Router, Behind) {
    let assets = match &config.server.site_root {
        Some(root) => Assets::find(root).unwrap(),
        None => Assets::default(),
    };
    let portal = Portal::open(config.clone(), assets).await.unwrap();
    let router = portal.router();
    let (stop, stopping) = watch::channel(false);
    let ended = tokio::spawn(portal.work_behind(stopping));
    (router, Behind { stop, ended })
}

async fn start_sandbox(seed: Seed) -> Sandbox {
    let options = Options {
        seed,
        ..Options::default()
    };
    Sandbox::start("127.0.0.1:0".parse().unwrap(), options)
        .await
        .unwrap()
}

pub fn person(external_id: &str) -> &'static Person {
    PEOPLE
        .iter()
        .find(|person| person.external_id == external_id)
        .unwrap()
}

/// A submission as a form would have it; distinct each time.
pub fn submission() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!(
        "00000000-0000-4000-8000-{:012x}",
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookie: Option<String>,
    base: String,
    proxy: Option<Proxy>,
}

/// What stands between a browser and the portal.
#[derive(Clone, Copy, Debug)]
pub struct Proxy {
    pub addr: IpAddr,
    /// Removes the base path, and says so.
    pub strips: bool,
}

#[derive(Debug, Clone)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    /// The same browser with another cookie, as a thief or a forger would have it.
    pub fn with_cookie(self, cookie: &str) -> Self {
        Self {
            cookie: Some(cookie.to_owned()),
            ..self
        }
    }

    /// The same browser behind a proxy.
    pub fn behind(self, proxy: Proxy) -> Self {
        Self {
            proxy: Some(proxy),
            ..self
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, Body::empty(), &[]).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = form(fields);
        let kind = ("content-type", FORM);
        let html = ("accept", "text/html,application/xhtml+xml");
        self.send(Method::POST, path, Body::from(form), &[kind, html])
            .await
    }

    /// A form with headers of its own, such as another `Origin`; says nothing else of where it comes from.
    pub async fn post_with(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Page {
        let form = form(fields);
        let mut all = vec![("content-type", FORM), ("accept", "text/html")];
        all.extend_from_slice(headers);
        let uri = self.at_base(path);
        self.send_raw(Method::POST, &uri, Body::from(form), &all)
            .await
    }

    pub async fn hand_off(&mut self, token: &str) -> Page {
        self.post("/auth/handoff", &[("token", token)]).await
    }

    /// What one of our own pages asks for. `path` is below the base path.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Body,
        headers: &[(&str, &str)],
    ) -> Page {
        let own = [&[("sec-fetch-site", "same-origin")], headers].concat();
        let uri = self.at_base(path);
        self.send_raw(method, &uri, body, &own).await
    }

    /// What a program sends, which says nothing of where it comes from. `path` is below the base path.
    pub async fn post_raw(&mut self, path: &str, body: Body, headers: &[(&str, &str)]) -> Page {
        let uri = self.at_base(path);
        self.send_raw(Method::POST, &uri, body, headers).await
    }

    fn at_base(&self, path: &str) -> String {
        match path {
            "/" if !self.base.is_empty() => self.base.clone(),
            path => format!("{}{path}", self.base),
        }
    }

    pub async fn send_raw(
        &mut self,
        method: Method,
        uri: &str,
        body: Body,
        headers: &[(&str, &str)],
    ) -> Page {
        let strips = self.proxy.is_some_and(|proxy| proxy.strips);
        let seen = match strips {
            true => uri.strip_prefix(self.base.as_str()).expect("not for us"),
            false => uri,
        };
        let seen = match seen.starts_with('/') {
            true => seen.to_owned(),
            false => format!("/{seen}"),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(seen)
            .header(header::HOST, "127.0.0.1:3000");
        if let Some(proxy) = self.proxy {
            request = request.extension(ConnectInfo(SocketAddr::from((proxy.addr, 40_000))));
        }
        if strips {
            request = request.header("x-forwarded-prefix", &self.base);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        Page {
            status: parts.status,
            headers: parts.headers,
            // A file may be anything.
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Follows a 303 to one of our own pages.
    pub async fn follow(&mut self, page: &Page) -> Page {
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let location = page.location();
        assert!(
            location.starts_with('/') && !location.starts_with("//"),
            "{location}"
        );
        let path = location.split('#').next().unwrap().to_owned();
        self.send_raw(Method::GET, &path, Body::empty(), &[]).await
    }
}

impl Page {
    pub fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }

    pub fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// The text of every element that fits, with white space folded.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let html = self.html();
        html.select(&Selector::parse(selector).unwrap())
            .map(|element| fold(&element.text().collect::<String>()))
            .collect()
    }

    pub fn text(&self, selector: &str) -> String {
        self.texts(selector)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no {selector} in {}", self.body))
    }

    pub fn attributes(&self, selector: &str, attribute: &str) -> Vec<String> {
        let html = self.html();
        html.select(&Selector::parse(selector).unwrap())
            .filter_map(|element| element.attr(attribute))
            .map(str::to_owned)
            .collect()
    }

    /// The value of a form's field, as a browser would send it.
    pub fn field(&self, name: &str) -> String {
        let html = self.html();
        let input = Selector::parse(&format!("input[name={name}]")).unwrap();
        if let Some(input) = html.select(&input).next() {
            return input.attr("value").unwrap_or_default().to_owned();
        }
        let area = Selector::parse(&format!("textarea[name={name}]")).unwrap();
        let area = html
            .select(&area)
            .next()
            .unwrap_or_else(|| panic!("no field {name} in {}", self.body));
        // scraper keeps the first line end, which browsers drop.
        let text: String = area.text().collect();
        text.strip_prefix('\n').unwrap_or(&text).to_owned()
    }

    pub fn h1(&self) -> String {
        self.text("h1")
    }

    /// The page without what differs from one answer to the next: the nonce.
    pub fn without_nonce(&self) -> String {
        let nonces = self.attributes("[nonce]", "nonce");
        nonces.iter().fold(self.body.clone(), |body, nonce| {
            body.replace(nonce.as_str(), "NONCE")
        })
    }
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
