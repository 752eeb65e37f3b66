//! The pages on which one plays the support team.

use plain_portal::sandbox::Seed;
use reqwest::{
    multipart::{Form, Part},
    redirect::Policy,
};
use scraper::{ElementRef, Html, Selector};
use serde_json::{Value, json};

use crate::client::{Client, text};

struct Agent {
    client: Client,
    http: reqwest::Client,
}

impl Agent {
    async fn new(seed: Seed) -> Self {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            client: Client::new(seed).await,
            http,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.client.sandbox.addr())
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let answer = self.http.get(self.url(path)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// Presses a button; answers the status, and where it leads to or the page.
    async fn press(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .http
            .post(self.url(path))
            .header("origin", self.url(""));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(form).send().await.unwrap();
        let status = answer.status().as_u16();
        match answer.headers().get("location") {
            Some(location) => (status, location.to_str().unwrap().to_owned()),
            None => (status, answer.text().await.unwrap()),
        }
    }
}

fn all(page: &str, selector: &str) -> Vec<String> {
    let (html, selector) = (
        Html::parse_document(page),
        Selector::parse(selector).unwrap(),
    );
    let text = |it: ElementRef<'_>| it.text().collect::<String>().trim().to_owned();
    html.select(&selector).map(text).collect()
}

fn attribute(page: &str, selector: &str, attribute: &str) -> String {
    let (html, selector) = (
        Html::parse_document(page),
        Selector::parse(selector).unwrap(),
    );
    let found = html.select(&selector).next().unwrap();
    found.attr(attribute).unwrap().to_owned()
}

#[tokio::test]
async fn an_agent_answers_and_the_api_tells_of_it() {
    let agent = Agent::new(Seed::Empty).await;
    let customer = agent.client.customer("ada").await;
    let id = agent.client.new_thread(&customer, "CHAT").await;
    let (status, page) = agent.get(&format!("/threads/{id}")).await;
    assert_eq!(
        (status, all(&page, "h1")),
        (200, vec!["T-1 Hello".to_owned()])
    );
    let names = all(&page, "[name=agent] option");
    let user = attribute(&page, "option:nth-child(2)", "value");
    let user = user.as_str();
    let path = &attribute(&page, "form", "action");

    let mut said = Vec::new();
    for (action, words, done) in [
        (
            "reply",
            "One\r\nmoment",
            ("TODO", "ThreadStatusDetailInProgress"),
        ),
        (
            "waiting",
            "",
            ("SNOOZED", "ThreadStatusDetailWaitingForCustomer"),
        ),
        (
            "note",
            "Is she <b>important</b>?",
            ("SNOOZED", "ThreadStatusDetailWaitingForCustomer"),
        ),
        ("done", "", ("DONE", "ThreadStatusDetailDoneManuallySet")),
        ("reopen", "", ("TODO", "ThreadStatusDetailInProgress")),
    ] {
        let fields = [("agent", user), ("action", action), ("text", words)];
        let there = format!("/threads/T-1?agent={user}#act");
        assert_eq!(agent.press(path, &fields).await, (303, there), "{action}");
        let thread = agent.client.thread(&id).await;
        let detail = text(&thread["statusDetail"]["__typename"]);
        assert_eq!((text(&thread["status"]).as_str(), detail.as_str()), done);
        let newest = agent.client.entries(&id, json!({})).await.remove(0);
        assert_eq!(newest["actor"]["user"]["fullName"], names[1], "{action}");
        said.push(newest["entry"]["__typename"].clone());
    }
    let fields = [("agent", user), ("action", "priority"), ("priority", "0")];
    assert_eq!(agent.press(path, &fields).await.0, 303);
    assert_eq!(agent.client.thread(&id).await["priority"], 0);
    let status = "ThreadStatusTransitionedEntry";
    assert_eq!(said, ["ChatEntry", status, "NoteEntry", status, status]);
    assert_eq!(
        agent
            .client
            .entries(&id, json!({ "entryTypes": ["CHAT"] }))
            .await[0]["entry"]["text"],
        "One\nmoment"
    );

    let (_, page) = agent.get(&format!("/threads/T-1?agent={user}")).await;
    let words = all(&page, ".timeline .words");
    assert_eq!(words[..2], ["Hello", "One\nmoment"]);
    assert!(
        words.contains(&"Is she <b>important</b>?".to_owned()),
        "escaped"
    );
    let chosen = [names[1].clone(), "Urgent".to_owned()];
    assert_eq!(all(&page, "option[selected]"), chosen);
}

#[tokio::test]
async fn what_is_refused_is_said_and_the_text_is_kept() {
    let agent = Agent::new(Seed::Empty).await;
    let customer = agent.client.customer("ada").await;
    agent.client.new_thread(&customer, "INTERNAL").await;
    let (_, page) = agent.get("/threads/T-1").await;
    let user = attribute(&page, "option", "value");
    let user = user.as_str();
    let words = "\n</textarea><script>alert(1)</script>";
    let fields = [("agent", user), ("action", "reply"), ("text", words)];
    let (status, page) = agent.press("/threads/T-1", &fields).await;
    assert_eq!(status, 422);
    assert!(
        all(&page, "[role=alert]")[0].contains("not possible"),
        "{page}"
    );
    assert!(all(&page, "script").is_empty());
    assert_eq!(all(&page, "textarea"), [words.trim()]);
    assert!(page.contains("<textarea id=\"text\" name=\"text\">\n\n&lt;/textarea&gt;"));

    let fields = [("agent", "u_nobody"), ("action", "done")];
    let (status, page) = agent.press("/threads/T-1", &fields).await;
    assert_eq!(
        (status, all(&page, "[role=alert]")),
        (422, vec!["There is no such agent.".to_owned()])
    );
    assert_eq!(agent.get("/threads/T-9").await.0, 404);
    assert_eq!(agent.press("/threads/T-9", &fields).await.0, 404);
}

#[tokio::test]
async fn the_list_is_by_status_and_can_be_searched() {
    let agent = Agent::new(Seed::Story).await;
    let all_threads = agent.client.threads(json!({}), Value::Null).await.1;
    let mut sum = 0;
    for (name, status) in [("todo", "TODO"), ("snoozed", "SNOOZED"), ("done", "DONE")] {
        let (_, page) = agent.get(&format!("/?status={name}")).await;
        let count = agent
            .client
            .threads(json!({ "statuses": [status] }), Value::Null)
            .await
            .1;
        assert_eq!(all(&page, ".threads li").len() as u64, count, "{name}");
        assert_eq!(all(&page, "nav [aria-current]").len(), 1);
        sum += count;
    }
    assert_eq!(sum, all_threads);
    let (_, page) = agent.get("/?status=all&q=NORTHWIND").await;
    let found = all(&page, ".threads li");
    assert!(!found.is_empty() && found.len() < all_threads as usize);
    assert!(
        found
            .iter()
            .all(|row| row.to_lowercase().contains("northwind"))
    );
    let (_, page) = agent.get("/?q=%22%3E%3Cscript%3E").await;
    assert!(all(&page, "script").is_empty() && all(&page, ".threads li").is_empty());
}

#[tokio::test]
async fn the_pages_are_for_people_on_this_machine() {
    let agent = Agent::new(Seed::Empty).await;
    let customer = agent.client.customer("ada").await;
    let id = agent.client.new_thread(&customer, "CHAT").await;
    let answer = agent.http.get(agent.url("/")).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));

    for (header, value, status) in [
        ("origin", "https://evil.example", 403),
        ("sec-fetch-site", "same-site", 403),
        ("host", "evil.example:4010", 421),
    ] {
        let form = agent
            .http
            .post(agent.url("/threads/T-1"))
            .header(header, value);
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        let answer = form.body("agent=x&action=done").send().await.unwrap();
        assert_eq!(answer.status(), status, "{header}");
    }
    let page = agent
        .http
        .get(agent.url("/"))
        .header("host", "evil.example");
    assert_eq!(page.send().await.unwrap().status(), 421);
    assert_eq!(agent.client.thread(&id).await["status"], "TODO");
}

#[tokio::test]
async fn the_support_team_is_not_bound_by_what_is_denied_and_what_fails() {
    let agent = Agent::new(Seed::Empty).await;
    let customer = agent.client.customer("ada").await;
    let id = agent.client.new_thread(&customer, "API").await;
    agent.client.sandbox.inject("503".parse().unwrap());
    agent.client.sandbox.behave(|it| {
        it.denied_permissions = ["thread:reply".parse().unwrap()].into();
        it.reply_delay = std::time::Duration::MAX;
    });
    let (_, page) = agent.get(&format!("/threads/{id}")).await;
    let user = attribute(&page, "option", "value");
    let user = user.as_str();
    let fields = [("agent", user), ("action", "reply"), ("text", "By mail")];
    assert_eq!(agent.press("/threads/T-1", &fields).await.0, 303);
    let (_, page) = agent.get("/threads/T-1").await;
    assert!(page.contains("Replies on their way: 1"));
    agent
        .client
        .sandbox
        .behave(|it| it.reply_delay = std::time::Duration::ZERO);
    let (_, page) = agent.get("/threads/T-1").await;
    assert_eq!(all(&page, ".timeline .agent .words"), ["By mail"]);
}

#[tokio::test]
async fn an_agent_sends_files_and_has_those_of_customers() {
    let agent = Agent::new(Seed::Empty).await;
    let customer = agent.client.customer("ada").await;
    let id = agent.client.new_thread(&customer, "CHAT").await;
    let (_, page) = agent.get("/threads/T-1").await;
    let user = attribute(&page, "option", "value");
    let send = async |action: &str, name: &'static str| {
        let file = Part::bytes(b"The <log>".as_slice()).file_name(name);
        let form = Form::new()
            .text("agent", user.clone())
            .text("text", "See\r\nthis")
            .text("priority", "2")
            .part("files", file)
            .text("action", action.to_owned());
        let request = agent
            .http
            .post(agent.url("/threads/T-1"))
            .header("origin", agent.url(""));
        let answer = request.multipart(form).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(send("reply", "a&b.log").await.0, 303);
    assert_eq!(send("note", "note.txt").await.0, 303);
    // An empty part is what browsers send when no file is chosen.
    assert_eq!(send("note", "").await.0, 303);
    let (status, page) = send("reply", "virus.exe").await;
    assert_eq!(status, 422);
    assert!(all(&page, "[role=alert]")[0].contains(".exe"), "{page}");

    let (_, page) = agent.get("/threads/T-1").await;
    assert_eq!(all(&page, ".file a"), ["a&b.log", "note.txt"]);
    let path = attribute(&page, ".file a", "href");
    let (status, contents) = agent.get(&path).await;
    assert_eq!((status, contents.as_str()), (303, ""));
    let followed = reqwest::get(agent.url(&path)).await.unwrap();
    assert_eq!(followed.text().await.unwrap(), "The <log>");
    assert_eq!(agent.get("/attachments/att_1").await.0, 404);
    let entries = agent.client.entries(&id, json!({ "entryTypes": ["CHAT"] }));
    assert_eq!(entries.await[0]["entry"]["text"], "See\nthis");
}

#[tokio::test]
async fn a_thread_tells_whose_it_is_and_how_it_is_labelled() {
    let agent = Agent::new(Seed::Empty).await;
    let client = &agent.client;
    let company = json!({ "identifier": { "companyDomainName": "x.example" }, "name": "Example & Co", "domainName": "x.example" });
    client.mutate("upsertCompany", "", company).await;
    let tier = json!({ "name": "Gold", "externalId": "gold", "color": "#FABADA", "memberIdentifiers": [], "isDefault": true });
    client.mutate("createTier", "", tier).await;
    let customer = client.customer("ada").await;
    let id = client.new_thread(&customer, "API").await;
    let facts = async || {
        let (_, page) = agent.get(&format!("/threads/{id}")).await;
        all(&page, "h1 + p")[0].clone()
    };
    let before = facts().await;
    assert!(
        before.ends_with("Not assigned · Company: Example & Co · Tier: Gold"),
        "{before}"
    );

    let user = client
        .data(
            "{ userByEmail(email: \"t.brandvold@fieldnote-staff.example\") { id } }",
            Value::Null,
        )
        .await;
    let assignment = json!({ "threadId": id, "userId": user["userByEmail"]["id"] });
    client.mutate("assignThread", "", assignment).await;
    let label = client
        .mutate(
            "createLabelType",
            "labelType { id }",
            json!({ "name": "Bug" }),
        )
        .await;
    let labels = json!({ "threadId": id, "labelTypeIds": [label["labelType"]["id"]] });
    client.mutate("addLabels", "", labels).await;
    let after = facts().await;
    assert!(
        after.ends_with(
            "Assigned to Theodor Brandvold · Labels: Bug · Company: Example & Co · Tier: Gold"
        ),
        "{after}"
    );
}
