//! A Plain of the future: more of everything, and nothing taken away.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, nodes, person, text};

const VALUE: &str = "VALUE_OF_THE_FUTURE";
const THREADS: &str = "query { threads(first: 100) { edges { node { id ref status channel
    statusDetail { kind: __typename ... on ThreadStatusDetailCreated { createdAt { iso8601 } } } } } } }";
const THREAD: &str = "query thread($ref: String!) { threadByRef(ref: $ref) { id status channel
    statusDetail { kind: __typename }
    timelineEntries(first: 100) { pageInfo { startCursor endCursor } edges { cursor node { id llmText
      who: actor { __typename ... on UserActor { userId } ... on CustomerActor { customerId } }
      timestamp { iso8601 }
      entry { __typename ... on ChatEntry { chatText: text } ... on EmailEntry { textContent category authenticity }
        ... on CustomEntry { components { __typename ... on ComponentText { text } } } } } } } } }";

async fn both(client: &Client, query: &str, variables: Value) -> (Value, Value) {
    client.sandbox.behave(|it| it.drift = false);
    let now = client.data(query, variables.clone()).await;
    client.sandbox.behave(|it| it.drift = true);
    (now, client.data(query, variables).await)
}

#[tokio::test]
async fn values_of_threads_become_unknown_here_and_there_and_always_the_same_ones() {
    let client = Client::new(Seed::Story).await;
    let (now, future) = both(&client, THREADS, json!({})).await;
    let (now, future) = (nodes(&now["threads"]), nodes(&future["threads"]));
    assert_eq!(now.len(), future.len());
    let (mut kept, mut turned) = ([0; 3], [0; 3]);
    for (now, future) in now.iter().zip(&future) {
        for field in ["id", "ref"] {
            assert_eq!(now[field], future[field]);
        }
        let kind = json!({ "kind": "ThreadStatusDetailOfTheFuture" });
        let unknown = [json!(VALUE), json!(VALUE), kind];
        for (place, field) in ["status", "channel", "statusDetail"]
            .into_iter()
            .enumerate()
        {
            let mut value = future[field].clone();
            if value == unknown[place] {
                turned[place] += 1;
            } else {
                kept[place] += 1;
                if let Some(object) = value.as_object_mut() {
                    assert_eq!(
                        object.remove("fieldOfTheFuture"),
                        Some(json!({ "kind": VALUE }))
                    );
                    if let Some(created) = object.get_mut("createdAt") {
                        created.as_object_mut().unwrap().remove("fieldOfTheFuture");
                    }
                }
                assert_eq!(value, now[field]);
            }
        }
        assert_eq!(future["fieldOfTheFuture"]["kind"], VALUE);
        if now["channel"] == "INTERNAL" {
            assert_eq!(future["channel"], "INTERNAL", "no secret is renamed");
        }
        let page = client.data(THREAD, json!({ "ref": now["ref"] })).await;
        for field in ["status", "channel"] {
            assert_eq!(
                page["threadByRef"][field], future[field],
                "the page says the same"
            );
        }
    }
    assert!(now.iter().any(|thread| thread["channel"] == "INTERNAL"));
    for place in 0..3 {
        assert!(kept[place] > 5 && turned[place] > 5, "{kept:?} {turned:?}");
    }
}

#[tokio::test]
async fn timelines_have_one_more_entry_and_customers_words_stay() {
    let client = Client::new(Seed::Story).await;
    let threads = client.data(THREADS, json!({})).await;
    let (mut unknown_actors, mut categories, mut own) = (0, 0, 0);
    for thread in nodes(&threads["threads"]) {
        let (now, future) = both(&client, THREAD, json!({ "ref": thread["ref"] })).await;
        let (now, future) = (
            &now["threadByRef"]["timelineEntries"],
            &future["threadByRef"]["timelineEntries"],
        );
        for cursor in ["startCursor", "endCursor"] {
            assert_eq!(now["pageInfo"][cursor], future["pageInfo"][cursor]);
        }
        let mut edges = future["edges"].as_array().unwrap().clone();
        let new = edges.remove(1);
        assert_eq!(new["cursor"], edges[0]["cursor"]);
        assert_eq!(
            new["node"]["entry"],
            json!({ "__typename": "EntryOfTheFuture" })
        );
        assert_eq!(
            new["node"]["who"],
            json!({ "__typename": "ActorOfTheFuture" })
        );
        assert!(
            new["node"]["timestamp"]["iso8601"].is_string() && new["node"]["llmText"].is_null()
        );
        assert!(
            edges
                .iter()
                .all(|edge| edge["node"]["id"] != new["node"]["id"])
        );

        for (now, future) in nodes(now)
            .iter()
            .zip(edges.iter().map(|edge| &edge["node"]))
        {
            assert_eq!(
                (&now["id"], &now["llmText"]),
                (&future["id"], &future["llmText"])
            );
            let (entry, later) = (&now["entry"], &future["entry"]);
            assert_eq!(entry["__typename"], later["__typename"]);
            for words in ["chatText", "textContent", "authenticity"] {
                assert!(
                    entry[words] == later[words] || later[words] == VALUE,
                    "{later}"
                );
            }
            if now["who"]["__typename"] == "CustomerActor" {
                assert_eq!(now["who"]["customerId"], future["who"]["customerId"]);
                assert_eq!(entry["category"], later["category"]);
                own += 1;
            }
            if entry["__typename"] == "CustomEntry" {
                let (components, mut grown) = (
                    entry["components"].as_array().unwrap(),
                    later["components"].as_array().unwrap().clone(),
                );
                assert_eq!(
                    grown.remove(1),
                    json!({ "__typename": "CustomTimelineEntryComponentOfTheFuture" })
                );
                assert_eq!(components[0]["text"], grown[0]["text"]);
                assert_eq!(components.len(), grown.len());
            }
            unknown_actors +=
                usize::from(future["who"] == json!({ "__typename": "ActorOfTheFuture" }));
            categories += usize::from(later["category"] == VALUE);
        }
    }
    assert!(
        own > 20 && unknown_actors > 20 && categories > 3,
        "{own} {unknown_actors} {categories}"
    );
}

#[tokio::test]
async fn results_and_kinds_of_errors_become_unknown_and_codes_stay() {
    let client = Client::new(Seed::Empty).await;
    client.sandbox.behave(|it| it.drift = true);
    let done = client
        .upsert_customer(json!({ "externalId": "ada" }), person("ada"), json!({}))
        .await;
    assert_eq!(
        (&done["result"], &done["customer"]["externalId"]),
        (&json!(VALUE), &json!("ada"))
    );
    let error = client.reply("th_nothing", None, json!({})).await;
    assert_eq!(
        (&error["type"], &error["code"]),
        (&json!(VALUE), &json!("not_found"))
    );
    let (code, _) = client.error("{ nothing }", json!({})).await;
    assert_eq!(code, "GRAPHQL_VALIDATION_FAILED");
    let ids =
        "query ($id: ID!) { thread(threadId: $id) { timelineEntries { edges { node { id } } } } }";
    let thread = client
        .new_thread(&text(&done["customer"]["id"]), "CHAT")
        .await;
    let data = client.data(ids, json!({ "id": thread })).await;
    assert_eq!(
        nodes(&data["thread"]["timelineEntries"]).len(),
        1,
        "nobody could see that more was unknown"
    );
}
