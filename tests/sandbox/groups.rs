//! Groups of customers, and customers who are deleted.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, nodes, person, problems, text};

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

const GROUP: &str =
    "customerGroup { id key name color externalId createdAt { iso8601 } updatedAt { iso8601 } }";

#[tokio::test]
async fn groups_are_changed_listed_and_deleted() {
    let client = Client::new(Seed::Empty).await;
    let beta = text(&group(&client, "beta").await["customerGroup"]["id"]);
    group(&client, "gold").await;
    let update = async |mut input: Value| {
        input["customerGroupId"] = json!(beta);
        client.mutate("updateCustomerGroup", GROUP, input).await
    };
    let same = update(json!({ "key": { "value": "beta" }, "externalId": { "value": "ext_beta" } }))
        .await["customerGroup"]
        .take();
    assert_eq!(same["createdAt"], same["updatedAt"], "nothing has changed");
    let renamed = update(json!({ "name": { "value": "Beta" }, "externalId": { "value": null } }))
        .await["customerGroup"]
        .take();
    assert_eq!(
        (&renamed["name"], &renamed["key"], &renamed["externalId"]),
        (&json!("Beta"), &json!("beta"), &Value::Null)
    );
    let taken = update(json!({ "key": { "value": "gold" } })).await;
    assert_eq!(taken["error"]["code"], "customer_group_key_already_exists");
    let taken = update(json!({ "externalId": { "value": "ext_gold" } })).await;
    assert_eq!(problems(&taken), ["externalId VALIDATION"]);
    let blank = update(json!({ "key": { "value": " " }, "color": { "value": "" } })).await;
    assert_eq!(
        problems(&blank),
        ["key.value REQUIRED", "color.value REQUIRED"]
    );

    let list =
        "query ($filters: CustomerGroupsFilter) { customerGroups(filters: $filters, first: 1) {
        pageInfo { hasNextPage } edges { node { key } } } }";
    for (filters, keys, more) in [
        (Value::Null, vec!["beta"], true),
        (json!({ "externalIds": ["ext_gold"] }), vec!["gold"], false),
        (json!({ "externalIds": ["ext_beta"] }), vec![], false),
    ] {
        let data = client.data(list, json!({ "filters": filters })).await;
        let found: Vec<String> = nodes(&data["customerGroups"])
            .iter()
            .map(|it| text(&it["key"]))
            .collect();
        assert_eq!(found, keys, "{filters}");
        assert_eq!(data["customerGroups"]["pageInfo"]["hasNextPage"], more);
    }

    let ada = client.customer("ada").await;
    let both = json!([{ "customerGroupKey": "beta" }, { "customerGroupKey": "gold" }]);
    join(&client, &ada, both).await;
    let input = json!({ "customerGroupId": beta });
    let deleted = client
        .mutate("deleteCustomerGroup", "", input.clone())
        .await;
    assert_eq!(deleted["error"], Value::Null);
    assert_eq!(groups_of(&client, &ada, Value::Null).await, ["gold"]);
    let one = "query ($id: ID!) { customerGroup(customerGroupId: $id) { key } }";
    let found = client.data(one, json!({ "id": beta })).await;
    assert_eq!(found["customerGroup"], Value::Null);
    for (mutation, selection) in [("deleteCustomerGroup", ""), ("updateCustomerGroup", GROUP)] {
        let gone = client.mutate(mutation, selection, input.clone()).await;
        assert_eq!(gone["error"]["code"], "not_found", "{mutation}");
    }
}

#[tokio::test]
async fn a_customer_leaves_groups_and_is_created_in_some() {
    let client = Client::new(Seed::Empty).await;
    for key in ["beta", "gold"] {
        group(&client, key).await;
    }
    let key = json!({ "externalId": "eve" });
    let with = |groups: Value| {
        let mut new = person("eve");
        new["customerGroupIdentifiers"] = groups;
        new
    };
    let lost = with(json!([{ "customerGroupKey": "beta" }, { "customerGroupKey": "nowhere" }]));
    let lost = client.upsert_customer(key.clone(), lost, json!({})).await;
    assert_eq!(lost["error"]["code"], "not_found");
    assert_eq!(
        lost["error"]["fields"][0]["field"],
        "onCreate.customerGroupIdentifiers[1]"
    );
    let both = json!([{ "customerGroupKey": "beta" }, { "externalId": "ext_gold" }]);
    let eve = client
        .upsert_customer(key.clone(), with(both), json!({}))
        .await;
    let eve = text(&eve["customer"]["id"]);
    assert_eq!(
        groups_of(&client, &eve, Value::Null).await,
        ["beta", "gold"]
    );
    let filtered = "query ($filters: CustomersFilter) { customers(filters: $filters) { edges { node { id } } } }";
    client.customer("bob").await;
    for (filters, found) in [
        (json!({ "customerGroupKeys": ["gold", "nowhere"] }), 1),
        (json!({ "customerGroupKeys": ["nowhere"] }), 0),
        (
            json!({ "customerGroupKeys": ["gold"], "customerGroupIds": ["cg_none"] }),
            0,
        ),
    ] {
        let data = client.data(filtered, json!({ "filters": filters })).await;
        assert_eq!(nodes(&data["customers"]).len(), found, "{filters}");
    }

    let leave = async |groups: Value| {
        let input = json!({ "customerId": eve, "customerGroupIdentifiers": groups });
        client
            .mutate("removeCustomerFromCustomerGroups", "", input)
            .await
    };
    let lost = leave(json!([{ "customerGroupKey": "beta" }, { "customerGroupKey": "nowhere" }]));
    assert_eq!(lost.await["error"]["code"], "not_found");
    assert_eq!(
        problems(&leave(json!([])).await),
        ["customerGroupIdentifiers REQUIRED"]
    );
    for _ in 0..2 {
        let left = leave(json!([{ "customerGroupKey": "beta" }])).await;
        assert_eq!(left["error"], Value::Null);
        assert_eq!(groups_of(&client, &eve, Value::Null).await, ["gold"]);
    }
}
