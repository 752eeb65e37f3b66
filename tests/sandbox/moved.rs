//! Threads that go to another tenant, or go altogether.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::Client;

const TENANT: &str = "thread { tenant { externalId } }";

#[tokio::test]
async fn a_thread_moves_between_tenants_and_to_none() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    for id in ["north", "south"] {
        let input = json!({ "identifier": { "externalId": id }, "externalId": id, "name": id });
        client.mutate("upsertTenant", "tenant { id }", input).await;
    }
    let to = async |tenant: Value| {
        let input = json!({ "threadId": thread, "tenantIdentifier": tenant });
        client.mutate("updateThreadTenant", TENANT, input).await
    };
    for tenant in ["north", "south"] {
        let moved = to(json!({ "externalId": tenant })).await;
        assert_eq!(moved["thread"]["tenant"]["externalId"], tenant);
    }
    assert_eq!(to(Value::Null).await["thread"]["tenant"], Value::Null);
    let nowhere = to(json!({ "externalId": "nowhere" })).await;
    assert_eq!(nowhere["error"]["code"], "not_found");
    let both = to(json!({ "externalId": "north", "tenantId": "te_1" })).await;
    assert_eq!(both["error"]["code"], "input_validation");
}

#[tokio::test]
async fn a_deleted_thread_is_not_there() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    let other = client.new_thread(&ada, "CHAT").await;
    let delete = async || {
        let input = json!({ "threadId": thread });
        client.mutate("deleteThread", "", input).await["error"].take()
    };
    assert_eq!(delete().await, Value::Null);
    let query = "query ($id: ID!) { thread(threadId: $id) { id } }";
    let gone = client.answer(query, json!({ "id": thread })).await;
    assert_eq!(gone["data"]["thread"], Value::Null);
    let there = client.answer(query, json!({ "id": other })).await;
    assert_eq!(there["data"]["thread"]["id"], other.as_str());
    assert_eq!(delete().await["code"], "not_found");
}
