//! What the sandbox tells by webhook: in Plain's words, signed, and until it is heard.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use hmac::{Hmac, Mac as _};
use plain_portal::sandbox::{
    Seed,
    webhooks::{Delivery, Status, Target},
};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::client::{Client, text};

const SECRET: &str = "a secret of webhooks";

/// Somebody who listens, and at first answers what a test wants.
#[derive(Clone, Default)]
struct Listener {
    heard: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    refusals: Arc<Mutex<Vec<StatusCode>>>,
}

impl Listener {
    /// Starts to listen; answers the URL.
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/hook", post(hear))
            .route("/elsewhere", post(|| async { StatusCode::OK }))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn bodies(&self) -> Vec<Value> {
        let heard = self.heard.lock().unwrap();
        heard
            .iter()
            .map(|(_, body)| serde_json::from_slice(body).unwrap())
            .collect()
    }
}

async fn hear(State(listener): State<Listener>, headers: HeaderMap, body: Bytes) -> Response {
    listener.heard.lock().unwrap().push((headers, body));
    match listener.refusals.lock().unwrap().pop() {
        Some(status) => (status, [(header::LOCATION, "/elsewhere")]).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

async fn listening(seed: Seed) -> (Client, Listener) {
    let (client, listener) = (Client::new(seed).await, Listener::default());
    let url = listener.start().await;
    aim(&client, &url, 0.0);
    (client, listener)
}

fn aim(client: &Client, url: &str, retry_scale: f64) {
    client.sandbox.send_webhooks(Some(Target {
        retry_scale,
        ..Target::new(url.parse().unwrap(), SECRET)
    }));
}

/// Waits until nothing is on its way any more.
async fn settled(client: &Client) -> Vec<Delivery> {
    let waiting = async {
        loop {
            let all = client.sandbox.webhooks();
            if all.iter().all(|it| it.status != Status::Pending) {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .expect("deliveries without an end")
}

/// Everything that there is a webhook for.
async fn much(client: &Client) {
    let group = client
        .mutate(
            "createCustomerGroup",
            "customerGroup { id }",
            json!({ "name": "Beta", "key": "beta", "color": "#00ff00" }),
        )
        .await;
    assert_eq!(group["error"], Value::Null, "{group}");
    let ada = client.customer("ada").await;
    client.tenant("team").await;
    let input =
        json!({ "customerId": ada, "customerGroupIdentifiers": [{ "customerGroupKey": "beta" }] });
    let done = client
        .mutate("addCustomerToCustomerGroups", "__typename", input)
        .await;
    assert_eq!(done["error"], Value::Null, "{done}");
    let update = json!({ "fullName": { "value": "Ada Lovelace" } });
    let by_id = json!({ "externalId": "ada" });
    client
        .upsert_customer(by_id, crate::client::person("ada"), update)
        .await;

    let (mail, chat) = (
        client.new_thread(&ada, "EMAIL").await,
        client.new_thread(&ada, "CHAT").await,
    );
    let slack = client.new_thread(&ada, "SLACK").await;
    let teams = client.new_thread(&ada, "MS_TEAMS").await;
    for thread in [&mail, &chat, &slack] {
        for author in [None, Some("ada")] {
            assert_eq!(client.reply(thread, author, json!({})).await, Value::Null);
        }
    }
    assert_eq!(client.reply(&teams, None, json!({})).await, Value::Null);

    let label_type = client
        .mutate(
            "createLabelType",
            "labelType { id }",
            json!({ "name": "Bug", "icon": "bug" }),
        )
        .await;
    let label_type = text(&label_type["labelType"]["id"]);
    let labelled = client
        .mutate(
            "addLabels",
            "labels { id }",
            json!({ "threadId": mail, "labelTypeIds": [label_type] }),
        )
        .await;
    let label = text(&labelled["labels"][0]["id"]);
    for (mutation, input) in [
        ("removeLabels", json!({ "labelIds": [label] })),
        (
            "createNote",
            json!({ "customerId": ada, "threadId": mail, "text": "Internal", "markdown": "**Internal**" }),
        ),
        (
            "changeThreadPriority",
            json!({ "threadId": mail, "priority": 0 }),
        ),
        (
            "updateThreadTenant",
            json!({ "threadId": mail, "tenantIdentifier": { "externalId": "team" } }),
        ),
        ("markThreadAsDone", json!({ "threadId": mail })),
        (
            "snoozeThread",
            json!({ "threadId": chat, "durationSeconds": 3600 }),
        ),
        ("markThreadAsTodo", json!({ "threadId": mail })),
        ("markCustomerAsSpam", json!({ "customerId": ada })),
        ("unmarkCustomerAsSpam", json!({ "customerId": ada })),
    ] {
        let done = client.mutate(mutation, "__typename", input).await;
        assert_eq!(done["error"], Value::Null, "{mutation}: {done}");
    }
    client.customer("tom").await;
    let tom = client
        .data(
            "query { customerByExternalId(externalId: \"tom\") { id } }",
            json!({}),
        )
        .await;
    let tom = text(&tom["customerByExternalId"]["id"]);
    let done = client
        .mutate("deleteCustomer", "__typename", json!({ "customerId": tom }))
        .await;
    assert_eq!(done["error"], Value::Null, "{done}");
}

/// Plain's JSON schema of webhooks, which is not ours to ship, and its examples beside it.
fn plains() -> Option<(Value, PathBuf)> {
    let schema = std::env::var("PLAIN_SCHEMA")
        .unwrap_or_else(|_| "../shared/plain/schema.graphql".to_owned());
    let folder = PathBuf::from(schema).parent()?.to_owned();
    let Ok(text) = std::fs::read(folder.join("webhook-schema.json")) else {
        use std::io::Write as _;
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no webhook-schema.json beside PLAIN_SCHEMA"
        );
        return None;
    };
    Some((
        serde_json::from_slice(&text).unwrap(),
        folder.join("webhooks"),
    ))
}

/// What is wrong with an event. Its payload has to be of the kind that it says, not only any of thirty.
fn faults(schema: &Value, event: &Value) -> Vec<String> {
    let mut exact = schema.clone();
    let kind = &event["payload"]["eventType"];
    let definitions = schema["definitions"].as_object().unwrap();
    let payload = definitions.iter().find(|(_, definition)| {
        let either = definition["anyOf"].as_array().cloned().unwrap_or_default();
        let first = either.first().unwrap_or(definition);
        first["properties"]["eventType"]["const"] == *kind
    });
    let (name, _) = payload.unwrap_or_else(|| panic!("no such event: {kind}"));
    exact["properties"]["payload"] = json!({ "$ref": format!("#/definitions/{name}") });
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&exact)
        .unwrap();
    validator
        .iter_errors(event)
        .map(|error| format!("{kind}: {} {error}", error.instance_path()))
        .collect()
}

#[tokio::test]
async fn what_is_told_is_as_in_plains_schema_and_signed() {
    let (client, listener) = listening(Seed::Empty).await;
    much(&client).await;
    let deliveries = settled(&client).await;
    assert!(deliveries.iter().all(|it| it.status == Status::Delivered));

    let mut kinds: Vec<String> = deliveries.iter().map(|it| it.kind.clone()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(
        kinds,
        [
            "customer.customer_created",
            "customer.customer_deleted",
            "customer.customer_group_changed",
            "customer.customer_group_memberships_changed",
            "customer.customer_updated",
            "thread.chat_received",
            "thread.chat_sent",
            "thread.email_received",
            "thread.email_sent",
            "thread.ms_teams_message_sent",
            "thread.note_created",
            "thread.slack_message_received",
            "thread.slack_message_sent",
            "thread.thread_created",
            "thread.thread_labels_changed",
            "thread.thread_priority_changed",
            "thread.thread_status_transitioned",
            "thread.thread_tenant_updated",
        ]
    );
    let heard = listener.heard.lock().unwrap().clone();
    assert_eq!(heard.len(), deliveries.len());
    for (headers, body) in &heard {
        let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        let signature = hex::encode(mac.chain_update(body).finalize().into_bytes());
        assert_eq!(headers["plain-request-signature"], signature.as_str());
        let event: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(headers["plain-event-id"], text(&event["id"]).as_str());
        assert_eq!(headers["plain-event-type"], text(&event["type"]).as_str());
        assert_eq!(event["type"], event["payload"]["eventType"]);
    }
    let Some((schema, _)) = plains() else { return };
    for event in listener.bodies() {
        assert_eq!(faults(&schema, &event), Vec::<String>::new(), "{event:#}");
    }
}

/// The validator finds no fault with Plain's own examples, which are of an older version, and one with what is wrong.
#[test]
fn plains_own_examples_are_as_in_plains_schema() {
    let Some((schema, folder)) = plains() else {
        return;
    };
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let mut event: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        event["webhookMetadata"]["webhookTargetVersion"] = "2026-04-21".into();
        assert_eq!(faults(&schema, &event), Vec::<String>::new(), "{path:?}");
        event["payload"] = json!({ "eventType": event["type"] });
        assert_ne!(faults(&schema, &event), Vec::<String>::new(), "{path:?}");
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

#[tokio::test]
async fn an_event_tells_what_was_before() {
    let (client, listener) = listening(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    let input = json!({ "threadId": thread });
    client.mutate("markThreadAsDone", "__typename", input).await;
    settled(&client).await;
    let events = listener.bodies();
    let of = |kind: &str| -> &Value {
        let mut found = events.iter().filter(|event| event["type"] == kind);
        let event = found.next().unwrap_or_else(|| panic!("no {kind}"));
        assert!(found.next().is_none(), "{kind} twice");
        &event["payload"]
    };
    let status = of("thread.thread_status_transitioned");
    assert_eq!(status["previousThread"]["status"], "TODO");
    assert_eq!(status["thread"]["status"], "DONE");
    assert_eq!(status["thread"]["id"], thread);
    assert_eq!(of("customer.customer_created")["customer"]["id"], ada);
    assert_eq!(events.len(), 3, "{events:#?}");
}

#[tokio::test]
async fn what_is_refused_is_tried_again_with_the_same_id() {
    let (client, listener) = listening(Seed::Empty).await;
    // The last comes first.
    *listener.refusals.lock().unwrap() = vec![
        StatusCode::PERMANENT_REDIRECT,
        StatusCode::SEE_OTHER,
        StatusCode::UNAUTHORIZED,
        StatusCode::SERVICE_UNAVAILABLE,
    ];
    client.customer("ada").await;
    let deliveries = settled(&client).await;
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].status, Status::Delivered);
    let answers: Vec<Option<u16>> = deliveries[0].attempts.iter().map(|it| it.status).collect();
    assert_eq!(answers, [503, 401, 303, 308, 204].map(Some));
    let attempts = listener.bodies();
    for (n, attempt) in attempts.iter().enumerate() {
        let metadata = &attempt["webhookMetadata"];
        assert_eq!(attempt["id"], attempts[0]["id"]);
        assert_eq!(metadata["webhookDeliveryAttemptNumber"], n + 1);
        let ids = |it: &Value| it["webhookMetadata"]["webhookDeliveryAttemptId"].clone();
        assert_eq!(
            attempts.iter().filter(|it| ids(it) == ids(attempt)).count(),
            1
        );
    }
    assert_eq!(attempts.len(), 5);
}

#[tokio::test]
async fn after_twelve_retries_it_is_given_up_and_the_api_never_waits() {
    let client = Client::new(Seed::Empty).await;
    // Nobody listens where a listener has just been.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", gone.local_addr().unwrap());
    drop(gone);
    aim(&client, &url, 0.0);
    client.customer("ada").await;
    let deliveries = settled(&client).await;
    assert_eq!(deliveries[0].status, Status::Failed);
    assert_eq!(deliveries[0].attempts.len(), 13);
    assert!(deliveries[0].attempts.iter().all(|it| it.error.is_some()));

    // At Plain's own pace: the first retry after ten seconds.
    aim(&client, &url, 1.0);
    client.customer("tom").await;
    let waiting = async {
        loop {
            let last = client.sandbox.webhooks().pop().unwrap();
            match (last.attempts.first(), last.next_attempt_at) {
                (Some(first), Some(next)) => return next.duration_since(first.at),
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    let pause = tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .unwrap();
    assert!(pause.as_secs() >= 10, "{pause}");
}

#[tokio::test]
async fn what_time_brings_about_is_told_although_nobody_asks() {
    let (client, listener) = listening(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "EMAIL").await;
    client
        .sandbox
        .behave(|it| it.reply_delay = Duration::from_millis(300));
    assert_eq!(
        client.reply(&thread, Some("ada"), json!({})).await,
        Value::Null
    );
    let waiting = async {
        while !listener
            .bodies()
            .iter()
            .any(|it| it["type"] == "thread.email_received")
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .unwrap();
}

#[tokio::test]
async fn they_can_be_aimed_from_outside() {
    let (client, listener) = (Client::new(Seed::Empty).await, Listener::default());
    let hook = listener.start().await;
    let url = format!("http://{}/sandbox/webhooks", client.sandbox.addr());
    let tell = || async {
        client
            .http
            .get(&url)
            .send()
            .await
            .unwrap()
            .json::<Value>()
            .await
            .unwrap()
    };
    assert_eq!(tell().await, json!({ "target": null, "deliveries": [] }));
    client.customer("ada").await;
    for bad in [
        json!({}),
        json!({ "url": "nowhere", "secret": "s" }),
        json!({ "url": hook }),
    ] {
        let answer = client
            .http
            .post(&url)
            .body(bad.to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 400, "{bad}");
    }
    let good = json!({ "url": hook, "secret": SECRET, "retryScale": 0, "version": "2026-02-27" });
    let answer = client
        .http
        .post(&url)
        .body(good.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    client.customer("tom").await;
    settled(&client).await;
    let told = tell().await;
    assert_eq!(
        told["target"],
        json!({ "url": hook, "retryScale": 0.0, "version": "2026-02-27" })
    );
    assert_eq!(told["deliveries"].as_array().unwrap().len(), 1);
    assert_eq!(told["deliveries"][0]["type"], "customer.customer_created");
    assert_eq!(told["deliveries"][0]["status"], "delivered");
    assert!(!told.to_string().contains(SECRET));
    assert_eq!(client.http.delete(&url).send().await.unwrap().status(), 204);
    client.customer("eve").await;
    assert_eq!(tell().await["deliveries"].as_array().unwrap().len(), 1);
}
