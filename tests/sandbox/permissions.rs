//! What an API key may do, and how Plain says that it may not.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, text};

fn deny(client: &Client, permissions: &[&str]) {
    client.sandbox.behave(|it| {
        it.denied_permissions = permissions.iter().map(|it| it.parse().unwrap()).collect();
    });
}

async fn permissions(client: &Client) -> Vec<String> {
    let data = client
        .data("{ myPermissions { permissions } }", json!({}))
        .await;
    let permissions = data["myPermissions"]["permissions"].as_array().unwrap();
    permissions.iter().map(text).collect()
}

#[tokio::test]
async fn a_key_knows_what_it_may_do() {
    let client = Client::new(Seed::Empty).await;
    let all = permissions(&client).await;
    for name in [
        "thread:read",
        "thread:reply",
        "customer:impersonate",
        "timeline:read",
        "email:read",
    ] {
        assert!(all.iter().any(|it| it == name), "{name}");
    }
    deny(&client, &["thread:reply", "email:read"]);
    let left = permissions(&client).await;
    assert_eq!(left.len(), all.len() - 2);
    assert!(
        !left
            .iter()
            .any(|it| it == "thread:reply" || it == "email:read")
    );
}

#[tokio::test]
async fn a_denied_query_names_the_permission() {
    let client = Client::new(Seed::Story).await;
    let threads = "query { threads(first: 1) { edges { node { id } } } }";
    let thread = r#"query { threadByRef(ref: "T-34") { ref tenant { name }
        timelineEntries(first: 5) { edges { node { id entry { ... on EmailEntry { textContent } } } } } } }"#;
    for (permission, query, data, path) in [
        ("thread:read", threads, Value::Null, json!(["threads"])),
        (
            "thread:read",
            thread,
            json!({ "threadByRef": null }),
            json!(["threadByRef"]),
        ),
        (
            "timeline:read",
            thread,
            json!({ "threadByRef": null }),
            json!(["threadByRef", "timelineEntries"]),
        ),
    ] {
        deny(&client, &[permission]);
        let answer = client.answer(query, json!({})).await;
        let message = format!("Insufficient permissions, missing \"{permission}\".");
        let error =
            json!({ "message": message, "path": path, "extensions": { "code": "FORBIDDEN" } });
        assert_eq!(answer, json!({ "data": data, "errors": [error] }));
    }

    // What may be null is null; all else is there.
    deny(&client, &["tenant:read"]);
    let answer = client.answer(thread, json!({})).await;
    assert_eq!(
        answer["errors"][0]["path"],
        json!(["threadByRef", "tenant"])
    );
    assert_eq!(answer["data"]["threadByRef"]["tenant"], Value::Null);
    assert_eq!(answer["data"]["threadByRef"]["ref"], "T-34");

    let customer = client.customer("ada").await;
    let id = client.new_thread(&customer, "EMAIL").await;
    client.reply(&id, None, json!({})).await;
    deny(&client, &["email:read"]);
    let entries =
        "query ($id: ID!) { thread(threadId: $id) { timelineEntries(first: 5) { edges { node {
        entry { __typename ... on EmailEntry { textContent } } } } } } }";
    let answer = client.answer(entries, json!({ "id": id })).await;
    let path = json!([
        "thread",
        "timelineEntries",
        "edges",
        0,
        "node",
        "entry",
        "textContent"
    ]);
    assert_eq!(answer["errors"][0]["path"], path);
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    let email = &answer["data"]["thread"]["timelineEntries"]["edges"][0]["node"]["entry"];
    assert_eq!(
        *email,
        json!({ "__typename": "EmailEntry", "textContent": null })
    );
}

#[tokio::test]
async fn a_denied_mutation_is_refused_and_not_carried_out() {
    let client = Client::new(Seed::Empty).await;
    client.customer("ada").await;
    deny(&client, &["thread:create"]);
    let input = json!({ "customerIdentifier": { "externalId": "ada" }, "title": "No" });
    let refused = client.create_thread(input).await;
    let message = "Insufficient permissions, missing \"thread:create\".";
    let error =
        json!({ "message": message, "type": "FORBIDDEN", "code": "forbidden", "fields": [] });
    assert_eq!(refused, json!({ "thread": null, "error": error }));
    deny(&client, &[]);
    assert_eq!(client.threads(json!({}), Value::Null).await.1, 0);
}

#[tokio::test]
async fn writing_in_a_customers_name_is_a_permission_of_its_own() {
    let client = Client::new(Seed::Empty).await;
    let customer = client.customer("ada").await;
    let thread = client.new_thread(&customer, "CHAT").await;
    deny(&client, &["customer:impersonate"]);
    let error = client.reply(&thread, Some("ada"), json!({})).await;
    assert_eq!(
        (&error["code"], &error["type"]),
        (&json!("forbidden"), &json!("FORBIDDEN"))
    );
    assert!(text(&error["message"]).contains("\"customer:impersonate\""));
    assert_eq!(
        client
            .reply(&thread, None, json!({ "impersonation": null }))
            .await,
        Value::Null
    );
    deny(&client, &["thread:reply"]);
    let error = client.reply(&thread, None, json!({})).await;
    assert!(text(&error["message"]).contains("\"thread:reply\""));

    // Also when the input stands in the document.
    deny(&client, &["customer:impersonate"]);
    let query = "mutation ($id: ID!, $who: ID!) { replyToThread(input: { threadId: $id, textContent: \"x\",
        impersonation: { asCustomer: { customerIdentifier: { externalId: $who } } } }) { error { code } } }";
    let answer = client
        .data(query, json!({ "id": thread, "who": "ada" }))
        .await;
    assert_eq!(answer["replyToThread"]["error"]["code"], "forbidden");
}

#[tokio::test]
async fn a_key_can_be_refused_by_status_as_well() {
    let client = Client::new(Seed::Empty).await;
    deny(&client, &["thread:read", "tenant:create"]);
    client.sandbox.behave(|it| it.deny_with_403 = true);
    let query = "query { threads(first: 1) { edges { node { id } } } }";
    let mutation = "mutation { upsertTenant(input: { identifier: { externalId: \"a\" }, externalId: \"a\", name: \"a\" }) { result } }";
    for query in [query, mutation] {
        let body = json!({ "query": query }).to_string();
        let answer = client.post(Some("Bearer plainApiKey_x"), body).await;
        assert_eq!(answer, (403, json!({ "message": "Forbidden" })));
    }
    assert!(
        !permissions(&client).await.is_empty(),
        "what is not denied has its answer"
    );
}

#[tokio::test]
async fn behaviour_can_be_changed_from_outside() {
    let client = Client::new(Seed::Empty).await;
    let url = format!("http://{}/sandbox/behaviour", client.sandbox.addr());
    let post = async |body: Value| {
        let answer = client.http.post(&url).json(&body).send().await.unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let (status, now) = post(json!({ "deniedPermissions": ["thread:reply"] })).await;
    assert_eq!(
        (status, &now["deniedPermissions"]),
        (200, &json!(["thread:reply"]))
    );
    let (_, now) = post(json!({ "denyWith403": true })).await;
    assert_eq!(
        now["deniedPermissions"],
        json!(["thread:reply"]),
        "the rest stays"
    );
    for (wrong, why) in [
        (
            json!({ "deniedPermissions": ["thread:shout"] }),
            "`thread:shout` is no permission",
        ),
        (json!({ "latencyMs": -1 }), "invalid value"),
        (json!({ "mood": "bad" }), "unknown field `mood`"),
        (json!([]), "invalid type"),
    ] {
        let (status, answer) = post(wrong).await;
        assert!(
            status == 400 && text(&answer["error"]).contains(why),
            "{answer}"
        );
    }
    let told: Value = client
        .http
        .get(&url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(told, now);
    assert_eq!(
        serde_json::to_value(client.sandbox.behaviour()).unwrap(),
        now
    );
    assert!(client.sandbox.behaviour().deny_with_403);
}
