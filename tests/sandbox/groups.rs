//! Groups of customers, and customers who are deleted.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, nodes, problems, text};

async fn group(client: &Client, key: &str) -> Value {
    let input =
        json!({ "name": key, "key": key, "color": "#aabbcc", "externalId": format!("ext_{key}") });
    client
        .mutate(
            "createCustomerGroup",
            "customerGroup { id key name color externalId }",
            input,
        )
        .await
}

async fn join(client: &Client, customer_id: &str, groups: Value) -> Value {
    let input = json!({ "customerId": customer_id, "customerGroupIdentifiers": groups });
    let selection = "customerGroupMemberships { customerId customerGroup { key } }";
    client
        .mutate("addCustomerToCustomerGroups", selection, input)
        .await
}

/// The keys of the customer's groups; `filters` as the query takes them.
async fn groups_of(client: &Client, customer_id: &str, filters: Value) -> Vec<String> {
    let query = "query ($id: ID!, $filters: CustomerGroupMembershipsFilter) { customer(customerId: $id) {
        customerGroupMemberships(filters: $filters, first: 100) { edges { node { customerGroup { key } } } } } }";
    let data = client
        .data(query, json!({ "id": customer_id, "filters": filters }))
        .await;
    nodes(&data["customer"]["customerGroupMemberships"])
        .iter()
        .map(|it| text(&it["customerGroup"]["key"]))
        .collect()
}

#[tokio::test]
async fn a_customer_joins_groups_by_any_name_of_theirs() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let first = group(&client, "beta").await;
    assert_eq!(first["customerGroup"]["color"], "#aabbcc");
    group(&client, "gold").await;
    group(&client, "north").await;
    assert_eq!(
        group(&client, "beta").await["error"]["code"],
        "customer_group_key_already_exists"
    );

    let by_each_name = json!([
        { "customerGroupId": first["customerGroup"]["id"] },
        { "customerGroupKey": "gold" },
        { "externalId": "ext_north" },
    ]);
    let joined = join(&client, &ada, by_each_name.clone()).await;
    let new = joined["customerGroupMemberships"].as_array().unwrap();
    assert_eq!(new.len(), 3, "{joined}");
    assert_eq!(new[0]["customerId"], json!(ada));
    let again = join(&client, &ada, by_each_name).await;
    assert_eq!(again["customerGroupMemberships"], json!([]));
    assert_eq!(
        groups_of(&client, &ada, Value::Null).await,
        ["beta", "gold", "north"]
    );
    let filter = json!({ "customerGroupExternalIds": ["ext_gold"] });
    assert_eq!(groups_of(&client, &ada, filter).await, ["gold"]);
}

#[tokio::test]
async fn one_group_that_is_not_there_refuses_all() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    group(&client, "beta").await;
    let mixed = json!([{ "customerGroupKey": "beta" }, { "customerGroupKey": "nowhere" }]);
    let refused = join(&client, &ada, mixed).await;
    assert_eq!(refused["error"]["code"], "not_found");
    assert_eq!(
        refused["error"]["fields"][0]["field"],
        "customerGroupIdentifiers[1]"
    );
    assert!(groups_of(&client, &ada, Value::Null).await.is_empty());

    let many: Vec<Value> = vec![json!({ "customerGroupKey": "beta" }); 26];
    assert_eq!(
        problems(&join(&client, &ada, json!(many)).await),
        ["customerGroupIdentifiers VALIDATION"]
    );
    let two_names = json!([{ "customerGroupKey": "beta", "externalId": "ext_beta" }]);
    assert_eq!(
        problems(&join(&client, &ada, two_names).await),
        ["customerGroupIdentifiers[0] VALIDATION"]
    );
}

#[tokio::test]
async fn a_deleted_customer_takes_their_threads_along() {
    let client = Client::new(Seed::Story).await;
    let query = r#"{ customerByExternalId(externalId: "usr_ines") { id } }"#;
    let ines = client.data(query, json!({})).await["customerByExternalId"]["id"].take();
    let list = json!({ "customerIds": [ines] });
    assert!(client.threads(list.clone(), Value::Null).await.1 > 0);
    let (before, _) = client.threads(Value::Null, Value::Null).await;

    let input = json!({ "customerId": ines });
    let deleted = client.mutate("deleteCustomer", "", input.clone()).await;
    assert_eq!(deleted, json!({ "error": null }));
    assert_eq!(
        client.data(query, json!({})).await["customerByExternalId"],
        Value::Null
    );
    assert_eq!(client.threads(list, Value::Null).await.1, 0);
    let (after, _) = client.threads(Value::Null, Value::Null).await;
    assert!(!after.is_empty() && after.len() < before.len());
    // What is left can be read whole, whoever wrote in it.
    for id in &after {
        client.entries(id, Value::Null).await;
    }
    let again = client.mutate("deleteCustomer", "", input).await;
    assert_eq!(again["error"]["code"], "not_found");

    // The next thread has a number of its own.
    let magnus = r#"{ customerByExternalId(externalId: "usr_magnus") { id } }"#;
    let magnus = client.data(magnus, json!({})).await;
    let id = client
        .new_thread(&text(&magnus["customerByExternalId"]["id"]), "CHAT")
        .await;
    let thread = client.thread(&id).await;
    let by_ref = "query ($ref: String!) { threadByRef(ref: $ref) { id } }";
    let found = client.data(by_ref, json!({ "ref": thread["ref"] })).await;
    assert_eq!(found["threadByRef"]["id"], json!(id));
}

#[tokio::test]
async fn what_a_deleted_customer_wrote_elsewhere_stays() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let bob = client.customer("bob").await;
    let id = client.new_thread(&ada, "EMAIL").await;
    assert_eq!(client.reply(&id, Some("bob"), json!({})).await, Value::Null);
    client
        .mutate("deleteCustomer", "", json!({ "customerId": bob }))
        .await;
    let entries = client.entries(&id, json!({ "isMessage": true })).await;
    assert_eq!(entries[0]["actor"]["__typename"], "DeletedCustomerActor");
    assert_eq!(entries[0]["entry"]["textContent"], "Any **news**?");
}
