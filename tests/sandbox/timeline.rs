//! Timelines.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, millis, nodes};

#[tokio::test]
async fn one_entry_is_found_with_its_customer_only() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let bob = client.customer("bob").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    let entry = client.entries(&thread, Value::Null).await[0]["id"].clone();
    let query = "query ($customerId: ID!, $id: ID!) { timelineEntry(customerId: $customerId, timelineEntryId: $id) { id threadId } }";
    let found = client
        .data(query, json!({ "customerId": ada, "id": entry }))
        .await;
    assert_eq!(
        found["timelineEntry"],
        json!({ "id": entry, "threadId": thread })
    );
    assert_eq!(
        client
            .data(query, json!({ "customerId": bob, "id": entry }))
            .await["timelineEntry"],
        Value::Null
    );
}

#[tokio::test]
async fn a_long_timeline_runs_newest_first_and_pages() {
    let client = Client::new(Seed::Story).await;
    let query = "query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { thread(threadId: $id) {
        timelineEntries(filters: { isMessage: true }, first: $first, after: $after, last: $last, before: $before) {
          pageInfo { hasNextPage endCursor } edges { node { id timestamp { unixTimestamp } } } } } }";
    let mut longest: Vec<Value> = Vec::new();
    for id in client.threads(Value::Null, Value::Null).await.0 {
        let mut entries: Vec<Value> = Vec::new();
        let mut variables = json!({ "id": id, "first": 50 });
        loop {
            let data = client.data(query, variables.clone()).await;
            let list = &data["thread"]["timelineEntries"];
            entries.extend(nodes(list));
            if list["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
            variables["after"] = list["pageInfo"]["endCursor"].clone();
        }
        assert!(
            entries
                .iter()
                .map(|it| millis(&it["timestamp"]))
                .rev()
                .is_sorted(),
            "{id}"
        );
        let oldest = client.data(query, json!({ "id": id, "last": 1 })).await;
        assert_eq!(
            nodes(&oldest["thread"]["timelineEntries"]).last(),
            entries.last()
        );
        if entries.len() > longest.len() {
            longest = entries;
        }
    }
    assert!(longest.len() >= 120, "{}", longest.len());
}
