//! What the host product reports.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, problems, text};

const EVENT: &str =
    "title customerId components { __typename } createdAt { iso8601 } createdBy { __typename }";

/// The titles of a thread's events of a kind, newest first.
async fn titles(client: &Client, thread: &str, kind: &str) -> Vec<String> {
    let query = "query ($id: ID!, $kind: TimelineEntryType!) { thread(threadId: $id) { timelineEntries(first: 100, filters: { entryTypes: [$kind] }) {
        edges { node { entry { ... on ThreadEventEntry { title } ... on CustomerEventEntry { title } } } } } } }";
    let data = client
        .data(query, json!({ "id": thread, "kind": kind }))
        .await;
    let edges = data["thread"]["timelineEntries"]["edges"]
        .as_array()
        .unwrap()
        .clone();
    edges
        .iter()
        .map(|it| text(&it["node"]["entry"]["title"]))
        .collect()
}

fn event(title: &str) -> Value {
    json!({ "title": title, "components": [{ "componentText": { "text": "Key *deleted*" } }, { "componentDivider": {} }] })
}

fn with(mut input: Value, key: &str, value: Value) -> Value {
    input[key] = value;
    input
}

#[tokio::test]
async fn an_event_of_a_thread_is_in_that_thread() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let (thread, other) = (
        client.new_thread(&ada, "API").await,
        client.new_thread(&ada, "API").await,
    );
    client
        .status("markThreadAsDone", json!({ "threadId": thread }))
        .await;
    let before = client.thread(&thread).await;
    let input = with(
        with(event("Key deleted"), "threadId", json!(thread)),
        "externalId",
        json!("ev-1"),
    );
    let selection = format!("threadEvent {{ id threadId {EVENT} }}");
    let made = client
        .mutate("createThreadEvent", &selection, input.clone())
        .await;
    let made = &made["threadEvent"];
    assert_eq!(
        (&made["threadId"], &made["customerId"]),
        (&json!(thread), &json!(ada))
    );
    assert_eq!(
        (&made["title"], made["components"].as_array().unwrap().len()),
        (&json!("Key deleted"), 2)
    );
    assert_eq!(made["createdBy"]["__typename"], "MachineUserActor");
    assert_eq!(
        titles(&client, &thread, "THREAD_EVENT").await,
        ["Key deleted"]
    );
    assert_eq!(titles(&client, &other, "THREAD_EVENT").await, [""; 0]);
    let entry = &client
        .entries(&thread, json!({ "entryTypes": ["THREAD_EVENT"] }))
        .await[0];
    assert_eq!(
        (&entry["entry"]["__typename"], &entry["actor"]["__typename"]),
        (&json!("ThreadEventEntry"), &json!("MachineUserActor"))
    );
    let after = client.thread(&thread).await;
    for same in [
        "status",
        "statusChangedAt",
        "previewText",
        "lastInboundMessageInfo",
        "lastOutboundMessageInfo",
    ] {
        assert_eq!(after[same], before[same]);
    }
    assert_eq!(
        client
            .entries(&thread, json!({ "isMessage": true }))
            .await
            .len(),
        1,
        "it is no message"
    );
    let again = client.mutate("createThreadEvent", "", input).await;
    assert_eq!(problems(&again), ["externalId VALIDATION"]);
    let container = json!({ "threadId": thread, "title": "a", "components": [{ "componentContainer": { "containerContent": [] } }] });
    let query = "mutation ($input: CreateThreadEventInput!) { createThreadEvent(input: $input) { error { code } } }";
    assert_eq!(
        client.error(query, json!({ "input": container })).await.0,
        "BAD_USER_INPUT",
        "events have no containers"
    );
}

#[tokio::test]
async fn an_event_of_a_customer_is_in_all_their_threads_and_the_newest_25_in_new_ones() {
    let client = Client::new(Seed::Empty).await;
    let (ada, bob) = (client.customer("ada").await, client.customer("bob").await);
    let (one, two) = (
        client.new_thread(&ada, "API").await,
        client.new_thread(&ada, "CHAT").await,
    );
    let of_bob = client.new_thread(&bob, "CHAT").await;
    let report = async |title: &str, timestamp: Value| {
        let input = with(
            event(title),
            "customerIdentifier",
            json!({ "externalId": "ada" }),
        );
        let input = with(input, "timestamp", timestamp);
        let selection = format!("customerEvent {{ id {EVENT} }}");
        let made = client
            .mutate("createCustomerEvent", &selection, input)
            .await;
        assert_eq!(
            (&made["error"], &made["customerEvent"]["customerId"]),
            (&Value::Null, &json!(ada))
        );
    };
    for number in 0..27 {
        report(
            &format!("Event {number}"),
            json!(format!("2026-05-{:02}T12:00:00Z", number + 1)),
        )
        .await;
    }
    report("Older", json!("2026-01-01T00:00:00Z")).await;
    assert_eq!(titles(&client, &one, "CUSTOMER_EVENT").await.len(), 28);
    assert_eq!(titles(&client, &two, "CUSTOMER_EVENT").await.len(), 28);
    assert_eq!(titles(&client, &of_bob, "CUSTOMER_EVENT").await, [""; 0]);
    let new = client.new_thread(&ada, "API").await;
    let expected: Vec<String> = (2..27)
        .rev()
        .map(|number| format!("Event {number}"))
        .collect();
    assert_eq!(titles(&client, &new, "CUSTOMER_EVENT").await, expected);
    assert_eq!(
        client.entries(&new, Value::Null).await[0]["entry"]["__typename"],
        "CustomEntry",
        "the form is newer"
    );
    report("Today", Value::Null).await;
    assert_eq!(titles(&client, &new, "CUSTOMER_EVENT").await.len(), 26);
    let thread = client.thread(&new).await;
    assert_eq!(
        (&thread["previewText"], &thread["lastOutboundMessageInfo"]),
        (&json!("Hello"), &Value::Null)
    );
}
