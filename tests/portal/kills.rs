//! A process that dies at any moment: what customers were told, held against what Plain has.
//!
//! `KILLS` says how often (30 unless told), `SEED` repeats a run's random choices.

use std::{
    collections::HashMap,
    net::TcpListener,
    process::{Child, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;
use jiff::Timestamp;
use plain_portal::{
    config::{Config, Settings},
    identity::token,
    sandbox::{Options, Sandbox, Seed, behaviour::Behaviour, seed::PEOPLE},
};
use reqwest::{Client, StatusCode, header, redirect};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    app::{API_KEY, FORM, database, form, until, until_within},
    command_line::{assets, portal},
    database::TestDatabase,
};

const SECRET: &str = "a secret of at least thirty-two bytes";
/// In PostgreSQL another process could live: what a dead one was sending is its own for a minute.
const SETTLED: Duration = Duration::from_secs(150);

/// The program, killed whenever this is dropped.
pub struct Process(Child);

impl Process {
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Everything that outlives the processes.
pub struct Stage {
    folder: tempfile::TempDir,
    data: TestDatabase,
    sandbox: Sandbox,
    base: String,
    config: Config,
}

/// What one customer sent, and what they were told of it.
#[derive(Debug, Clone)]
struct Message {
    text: String,
    /// `None`: a new request with this title.
    thread_id: Option<String>,
    submission: String,
    /// The portal answered that it has it.
    acknowledged: bool,
}

/// Somebody at a browser without patience for a portal that is away.
#[derive(Clone)]
pub struct Customer {
    http: Client,
    base: String,
    cookie: String,
    external_id: &'static str,
}

/// A port that nobody takes between two processes: systems give ports from 32768 on to whoever asks for any.
fn free_port() -> u16 {
    std::iter::repeat_with(|| fastrand::u16(10_000..32_000))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}

impl Stage {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            seed: Seed::Story,
            behaviour: Behaviour {
                latency: Duration::from_millis(15),
                ..Behaviour::default()
            },
            ..Options::default()
        };
        let sandbox = Sandbox::start(([127, 0, 0, 1], 0).into(), options)
            .await
            .unwrap();
        let base = format!("http://127.0.0.1:{}", free_port());
        let settings = Settings {
            plain_api_key: Some(API_KEY.into()),
            handoff_secret: Some(SECRET.into()),
            public_url: Some(base.clone()),
            site_addr: Some(base.trim_start_matches("http://").into()),
            ..Settings::default()
        };
        let config = Config::from_settings(&settings).unwrap();
        Self {
            folder,
            data: database(),
            sandbox,
            base,
            config,
        }
    }

    /// Starts the program, and resolves when it answers.
    pub async fn start(&self) -> Process {
        let folder = self.folder.path();
        let site = assets(folder);
        let url = self.sandbox.graphql_url();
        let database_url = self.data.url();
        let environment = [
            ("DATABASE_URL", database_url.as_str()),
            ("PLAIN_API_KEY", API_KEY),
            ("PLAIN_API_URL", url.as_str()),
            ("PORTAL_HANDOFF_SECRET", SECRET),
            ("LEPTOS_SITE_ADDR", self.base.trim_start_matches("http://")),
            ("LEPTOS_SITE_ROOT", site.as_str()),
            ("RUST_LOG", "error"),
        ];
        let mut command = portal(folder, &["serve"], &environment);
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let process = Process(child);
        let health = format!("{}/healthz", self.base);
        until("the portal answers", async || {
            reqwest::get(&health).await.is_ok()
        })
        .await;
        process
    }

    pub async fn sign_in(&self, external_id: &'static str) -> Customer {
        let person = crate::app::person(external_id);
        let (tenant_external_id, tenant_name) = person.tenants[0];
        let claims = token::Person {
            email: person.email.into(),
            email_unverified: false,
            name: person.name.into(),
            external_id: person.external_id.into(),
            tenant_external_id: Some(tenant_external_id.into()),
            tenant_name: Some(tenant_name.into()),
            ..token::Person::default()
        }
        .claims(&self.config.handoff, Timestamp::now());
        let token = token::sign(&self.config.handoff, &claims).unwrap();
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        let answer = http
            .post(format!("{}/auth/handoff", self.base))
            .header(header::CONTENT_TYPE, FORM)
            .body(form(&[("token", token.as_str())]))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        Customer {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            base: self.base.clone(),
            http,
            external_id,
        }
    }

    async fn plain(&self, query: &str, variables: Value) -> Value {
        let answer = Client::new()
            .post(self.sandbox.graphql_url())
            .bearer_auth(API_KEY)
            .json(&json!({ "query": query, "variables": variables }))
            .send()
            .await
            .unwrap();
        let mut answer: Value = answer.json().await.unwrap();
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].take()
    }

    /// How often Plain has each text: titles of threads, and texts of messages.
    async fn what_plain_has(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        let query = "query ($after: String) { threads(first: 100, after: $after) { pageInfo { hasNextPage endCursor }
            edges { node { id title } } } }";
        let mut after = Value::Null;
        loop {
            let answer = self.plain(query, json!({ "after": after })).await;
            let threads = &answer["threads"];
            for edge in threads["edges"].as_array().unwrap() {
                *counts.entry(text(&edge["node"]["title"])).or_default() += 1;
                self.count_messages(&edge["node"]["id"], &mut counts).await;
            }
            if threads["pageInfo"]["hasNextPage"] != true {
                return counts;
            }
            after = threads["pageInfo"]["endCursor"].clone();
        }
    }

    async fn count_messages(&self, thread_id: &Value, counts: &mut HashMap<String, usize>) {
        let query = "query ($id: ID!, $after: String) { thread(threadId: $id) {
            timelineEntries(first: 100, after: $after, filters: { isMessage: true }) { pageInfo { hasNextPage endCursor }
              edges { node { entry { ... on ChatEntry { chatText: text } ... on EmailEntry { textContent }
                ... on SlackReplyEntry { slackText: text } } } } } } }";
        let mut after = Value::Null;
        loop {
            let answer = self
                .plain(query, json!({ "id": thread_id, "after": after }))
                .await;
            let entries = &answer["thread"]["timelineEntries"];
            for entry in entries["edges"].as_array().unwrap() {
                let entry = &entry["node"]["entry"];
                for field in ["chatText", "textContent", "slackText"] {
                    *counts.entry(text(&entry[field])).or_default() += 1;
                }
            }
            if entries["pageInfo"]["hasNextPage"] != true {
                return;
            }
            after = entries["pageInfo"]["endCursor"].clone();
        }
    }

    /// The id of the chat whose title begins so.
    pub async fn chat_titled(&self, title: &str) -> String {
        let query = "query { threads(first: 100) { edges { node { id title } } } }";
        let answer = self.plain(query, json!({})).await;
        let edges = answer["threads"]["edges"].as_array().unwrap();
        let found = edges.iter().map(|edge| &edge["node"]);
        let mut found = found.filter(|node| text(&node["title"]).starts_with(title));
        text(&found.next().unwrap()["id"])
    }

    /// How large the newest file in a chat is.
    pub async fn attached_bytes(&self, thread_id: &str) -> Option<u64> {
        let query = "query ($id: ID!) { thread(threadId: $id) { timelineEntries(first: 1, filters: { isMessage: true }) {
            edges { node { entry { ... on ChatEntry { attachments { fileSize { bytes } } } } } } } } }";
        let answer = self.plain(query, json!({ "id": thread_id })).await;
        let entry = &answer["thread"]["timelineEntries"]["edges"][0]["node"]["entry"];
        entry["attachments"][0]["fileSize"]["bytes"].as_u64()
    }

    async fn thread_id(&self, reference: &str) -> String {
        let query = "query ($ref: String!) { threadByRef(ref: $ref) { id } }";
        let answer = self.plain(query, json!({ "ref": reference })).await;
        text(&answer["threadByRef"]["id"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().trim().to_owned()
}

impl Customer {
    /// `None` when nobody answered: then nobody was told anything.
    async fn post(&self, message: &Message) -> Option<(StatusCode, String)> {
        let (path, fields) = match &message.thread_id {
            None => (
                "/api/ask",
                vec![("title", message.text.as_str()), ("message", "x")],
            ),
            Some(id) => (
                "/api/reply",
                vec![("thread_id", id.as_str()), ("text", message.text.as_str())],
            ),
        };
        let fields = [fields, vec![("submission", &message.submission)]].concat();
        let answer = self
            .http
            .post(format!("{}{path}", self.base))
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, FORM)
            .body(form(&fields))
            .send()
            .await
            .ok()?;
        let location = answer.headers().get(header::LOCATION);
        let location = location.map(|to| to.to_str().unwrap().to_owned());
        Some((answer.status(), location.unwrap_or_default()))
    }

    /// Posts a body of any kind.
    pub async fn send(&self, path: &str, kind: &str, body: reqwest::Body) -> StatusCode {
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, kind);
        request.body(body).send().await.unwrap().status()
    }

    pub async fn get(&self, path: &str) -> Option<String> {
        let answer = self
            .http
            .get(format!("{}{path}", self.base))
            .header(header::COOKIE, &self.cookie)
            .send()
            .await
            .ok()?;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.ok()
    }

    /// Writes until told to stop: a new request, some answers to it and to `elsewhere`, and so on.
    async fn write(
        self,
        elsewhere: Option<String>,
        mut random: Rng,
        stop: Arc<AtomicBool>,
    ) -> Vec<Message> {
        let mut messages: Vec<Message> = vec![];
        let mut current = None;
        while !stop.load(Ordering::Relaxed) {
            let number = messages.len();
            let thread_id = match (number % 12, &elsewhere) {
                (0, _) => None,
                (n, Some(thread)) if n % 4 == 0 => Some(thread.clone()),
                _ => current.clone(),
            };
            let mut message = Message {
                text: format!("{} {number} {:x}", self.external_id, random.u64(..)),
                thread_id,
                submission: uuid::Uuid::new_v4().to_string(),
                acknowledged: false,
            };
            // Some send again until somebody answers; the others go away.
            let persistent = random.bool();
            loop {
                // A machine that is too slow to store it in time says so, and promises nothing.
                let answer = self.post(&message).await;
                let answer =
                    answer.filter(|(status, _)| *status != StatusCode::SERVICE_UNAVAILABLE);
                if let Some((status, location)) = answer {
                    assert_eq!(status, StatusCode::SEE_OTHER, "{message:?}");
                    message.acknowledged = true;
                    if message.thread_id.is_none()
                        && let Some(id) = location.strip_prefix("/threads/th_")
                    {
                        current = Some(format!("th_{id}"));
                    }
                    // Told once, and asked once more: still one message.
                    if random.u8(..) < 16 {
                        self.post(&message).await;
                    }
                }
                if message.acknowledged || !persistent || stop.load(Ordering::Relaxed) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            messages.push(message);
            tokio::time::sleep(Duration::from_millis(random.u64(10..60))).await;
        }
        messages
    }

    /// The customer's own messages that this page shows beside the conversation: what is said of them, with their page.
    async fn outgoing(&self, path: &str) -> Vec<(String, String)> {
        let page = Html::parse_document(&self.get(path).await.unwrap());
        let select = |selector| Selector::parse(selector).unwrap();
        let (article, label) = (select("article"), select(".message__delivery"));
        page.select(&article)
            .filter_map(|article| {
                let label = article.select(&label).next()?.text().collect();
                Some((label, article.html()))
            })
            .collect()
    }
}

/// The pages on which a customer finds what they wrote.
fn pages(messages: &[Message]) -> Vec<String> {
    let mut pages: Vec<String> = messages
        .iter()
        .map(|message| match &message.thread_id {
            Some(id) => format!("/threads/{id}"),
            None => "/threads/new".to_owned(),
        })
        .collect();
    pages.sort();
    pages.dedup();
    pages
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_moment_nothing_is_lost_or_doubled() {
    let kills: u32 = std::env::var("KILLS").map_or(30, |kills| kills.parse().unwrap());
    let seed =
        std::env::var("SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    let mut random = Rng::with_seed(seed);
    let stage = Stage::new().await;
    let mut process = stage.start().await;

    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    let slack = stage.thread_id("T-25").await;
    for person in PEOPLE {
        let customer = stage.sign_in(person.external_id).await;
        let sees_slack = customer
            .http
            .get(format!("{}/threads/{slack}", stage.base))
            .header(header::COOKIE, &customer.cookie)
            .send();
        let sees_slack = sees_slack.await.unwrap().status() == StatusCode::OK;
        let elsewhere = sees_slack.then(|| slack.clone());
        let (random, stop) = (random.fork(), Arc::clone(&stop));
        writers.spawn(async move {
            let messages = customer.clone().write(elsewhere, random, stop).await;
            (customer, messages)
        });
    }
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(random.u64(50..600))).await;
        drop(process);
        process = stage.start().await;
    }
    stop.store(true, Ordering::Relaxed);
    let written = writers.join_all().await;

    // The portal settles what it can by itself.
    let (mut unsure, mut acknowledged, mut all) = (0, 0, 0);
    for (customer, messages) in &written {
        all += messages.len();
        acknowledged += messages
            .iter()
            .filter(|message| message.acknowledged)
            .count();
        for page in pages(messages) {
            until_within(SETTLED, "nothing is being sent any more", async || {
                let outgoing = customer.outgoing(&page).await;
                !outgoing.iter().any(|(label, _)| label == "Sending…")
            })
            .await;
        }
    }
    let before = stage.what_plain_has().await;
    for (customer, messages) in &written {
        let mut shown = vec![];
        for page in pages(messages) {
            shown.extend(customer.outgoing(&page).await);
        }
        for message in messages {
            let label = shown
                .iter()
                .find(|(_, html)| html.contains(&message.text))
                .map(|(label, _)| label.as_str());
            let times = before.get(&message.text).copied().unwrap_or_default();
            assert!(times <= 1, "doubled, SEED={seed}: {message:?}");
            match (label, times) {
                // Where nobody was told anything, nothing is owed.
                (None, 0) => assert!(!message.acknowledged, "lost, SEED={seed}: {message:?}"),
                (None, _) => {}
                (Some("We are not sure"), _) => {
                    unsure += 1;
                    assert!(message.thread_id.is_some(), "SEED={seed}: {message:?}");
                    // It is not there: the customer has it sent again.
                    customer.post(message).await.unwrap();
                }
                (Some(label), _) => panic!("{label}, SEED={seed}: {message:?}"),
            }
        }
    }
    let after = stage.what_plain_has().await;
    for message in written.iter().flat_map(|(_, messages)| messages) {
        let times = after.get(&message.text).copied().unwrap_or_default();
        assert!(
            times == 1 || (times == 0 && !message.acknowledged),
            "{times} times, SEED={seed}: {message:?}"
        );
    }
    eprintln!(
        "{kills} kills, {all} messages, {acknowledged} acknowledged, {unsure} unsure (SEED={seed})"
    );
    // Otherwise the kills met nobody who was writing.
    assert!(acknowledged >= kills as usize, "{acknowledged}");
}
