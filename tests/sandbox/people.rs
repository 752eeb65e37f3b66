//! Tenants and customers.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, nodes, person, text};

#[tokio::test]
async fn tenants_are_created_once_and_then_updated() {
    let client = Client::new(Seed::Empty).await;
    let created = client.tenant("acme").await;
    assert_eq!(
        (&created["result"], &created["error"]),
        (&json!("CREATED"), &Value::Null)
    );
    assert!(text(&created["tenant"]["id"]).starts_with("te_"));
    assert_eq!(text(&created["tenant"]["id"]).len(), "te_".len() + 26);
    assert_eq!(client.tenant("acme").await["result"], "NOOP");
    let query = "mutation ($input: UpsertTenantInput!) { upsertTenant(input: $input) { result tenant { id name url } error { code } } }";
    let input = json!({ "identifier": { "tenantId": created["tenant"]["id"] }, "name": "Acme", "externalId": "acme", "url": { "value": "https://acme.example" } });
    let updated = client.data(query, json!({ "input": input })).await;
    let tenant =
        json!({ "id": created["tenant"]["id"], "name": "Acme", "url": "https://acme.example" });
    assert_eq!(
        updated["upsertTenant"],
        json!({ "result": "UPDATED", "tenant": tenant, "error": null })
    );
    let input = json!({ "identifier": { "tenantId": "te_none" }, "name": "x", "externalId": "x" });
    assert_eq!(
        client.data(query, json!({ "input": input })).await["upsertTenant"]["error"]["code"],
        "not_found"
    );
    let input = json!({ "identifier": { "tenantId": "te_none", "externalId": "x" }, "name": "x", "externalId": "x" });
    assert_eq!(
        client.data(query, json!({ "input": input })).await["upsertTenant"]["error"]["code"],
        "input_validation"
    );
}

#[tokio::test]
async fn upserting_a_customer_creates_updates_or_does_nothing() {
    let client = Client::new(Seed::Empty).await;
    client.tenant("acme").await;
    let mut new = person("ada");
    new["tenantIdentifiers"] = json!([{ "externalId": "acme" }]);
    let key = json!({ "externalId": "ada" });
    let created = client
        .upsert_customer(key.clone(), new.clone(), json!({}))
        .await;
    assert_eq!(created["result"], "CREATED");
    assert_eq!(
        nodes(&created["customer"]["tenantMemberships"])[0]["tenant"]["externalId"],
        "acme"
    );
    assert_eq!(
        client
            .upsert_customer(key.clone(), new.clone(), json!({}))
            .await["result"],
        "NOOP"
    );
    let same = json!({ "fullName": { "value": "ada" }, "email": { "email": "ada@x.example", "isVerified": true } });
    assert_eq!(
        client.upsert_customer(key.clone(), new.clone(), same).await["result"],
        "NOOP"
    );
    let other = json!({ "fullName": { "value": "Ada L" }, "shortName": { "value": "Ada" }, "email": { "email": "ada@x.example", "isVerified": false } });
    let updated = client
        .upsert_customer(
            json!({ "emailAddress": "ADA@x.example" }),
            new.clone(),
            other,
        )
        .await;
    assert_eq!(
        (&updated["result"], &updated["customer"]["fullName"]),
        (&json!("UPDATED"), &json!("Ada L"))
    );
    assert_eq!(
        updated["customer"]["email"],
        json!({ "email": "ada@x.example", "isVerified": false, "verifiedAt": null })
    );
    assert_eq!(updated["customer"]["id"], created["customer"]["id"]);
    let by_id = json!({ "customerId": created["customer"]["id"] });
    let cleared = client
        .upsert_customer(
            by_id,
            new.clone(),
            json!({ "shortName": { "value": null } }),
        )
        .await;
    assert_eq!(
        (&cleared["result"], &cleared["customer"]["shortName"]),
        (&json!("UPDATED"), &Value::Null)
    );
    let unknown = client
        .upsert_customer(json!({ "customerId": "c_none" }), person("eve"), json!({}))
        .await;
    assert_eq!(
        (&unknown["error"]["code"], &unknown["customer"]),
        (&json!("not_found"), &Value::Null)
    );
}

#[tokio::test]
async fn addresses_and_external_ids_belong_to_one_customer() {
    let client = Client::new(Seed::Empty).await;
    client.customer("ada").await;
    client.customer("bob").await;
    let code = async |identifier: Value, on_create: Value, on_update: Value| {
        text(
            &client
                .upsert_customer(identifier, on_create, on_update)
                .await["error"]["code"],
        )
    };
    let mut same_mail = person("eve");
    same_mail["email"]["email"] = json!("Ada@x.example");
    let eve = json!({ "externalId": "eve" });
    assert_eq!(
        code(eve.clone(), same_mail, json!({})).await,
        "customer_already_exists_with_email"
    );
    let mut same_id = person("eve");
    same_id["externalId"] = json!("ada");
    let by_mail = json!({ "emailAddress": "eve@x.example" });
    assert_eq!(
        code(by_mail, same_id, json!({})).await,
        "customer_already_exists_with_external_id"
    );
    let bob = json!({ "externalId": "bob" });
    let mail = json!({ "email": { "email": "ada@x.example", "isVerified": true } });
    assert_eq!(
        code(bob.clone(), person("bob"), mail).await,
        "customer_already_exists_with_email"
    );
    let id = json!({ "externalId": { "value": "ada" } });
    assert_eq!(
        code(bob, person("bob"), id).await,
        "customer_already_exists_with_external_id"
    );
    let mut lost = person("eve");
    lost["tenantIdentifiers"] = json!([{ "externalId": "nowhere" }]);
    assert_eq!(code(eve, lost, json!({})).await, "not_found");
    let data = client
        .data(
            "{ customerByExternalId(externalId: \"eve\") { id } }",
            json!({}),
        )
        .await;
    assert_eq!(data["customerByExternalId"], Value::Null);
}

#[tokio::test]
async fn a_customer_joins_and_leaves_several_tenants() {
    let client = Client::new(Seed::Empty).await;
    client.tenant("one").await;
    client.tenant("two").await;
    client.customer("ada").await;
    let run = async |mutation: &str, tenants: Value| {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!("mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ error {{ code fields {{ field }} }}
            customer {{ tenantMemberships {{ edges {{ node {{ tenant {{ externalId }} }} }} }} }} }} }}");
        let input =
            json!({ "customerIdentifier": { "externalId": "ada" }, "tenantIdentifiers": tenants });
        client.data(&query, json!({ "input": input })).await[mutation].take()
    };
    let names = |done: &Value| -> Vec<String> {
        nodes(&done["customer"]["tenantMemberships"])
            .iter()
            .map(|it| text(&it["tenant"]["externalId"]))
            .collect()
    };
    let both = json!([{ "externalId": "one" }, { "externalId": "two" }]);
    assert_eq!(
        names(&run("addCustomerToTenants", both.clone()).await),
        ["one", "two"]
    );
    assert_eq!(
        names(&run("addCustomerToTenants", both).await),
        ["one", "two"]
    );
    assert_eq!(
        names(
            &run(
                "removeCustomerFromTenants",
                json!([{ "externalId": "one" }])
            )
            .await
        ),
        ["two"]
    );
    let lost = run(
        "addCustomerToTenants",
        json!([{ "externalId": "one" }, { "externalId": "nowhere" }]),
    )
    .await;
    assert_eq!(
        lost["error"],
        json!({ "code": "not_found", "fields": [{ "field": "tenantIdentifiers[1]" }] })
    );
    assert_eq!(
        names(
            &run(
                "removeCustomerFromTenants",
                json!([{ "externalId": "one" }])
            )
            .await
        ),
        ["two"]
    );
}

#[tokio::test]
async fn a_customers_tenants_are_set_and_a_tenant_is_deleted() {
    let client = Client::new(Seed::Empty).await;
    for name in ["one", "two", "three"] {
        client.tenant(name).await;
    }
    let ada = client.customer("ada").await;
    let set = async |tenants: Value| {
        let input =
            json!({ "customerIdentifier": { "externalId": "ada" }, "tenantIdentifiers": tenants });
        let selection = "customer { updatedAt { iso8601 } tenantMemberships { edges { node { createdAt { iso8601 } tenant { externalId } } } } }";
        client.mutate("setCustomerTenants", selection, input).await
    };
    let names = |done: &Value| -> Vec<String> {
        nodes(&done["customer"]["tenantMemberships"])
            .iter()
            .map(|it| text(&it["tenant"]["externalId"]))
            .collect()
    };
    let first = set(json!([{ "externalId": "one" }, { "externalId": "two" }])).await;
    assert_eq!(names(&first), ["one", "two"]);
    let second = set(json!([{ "externalId": "three" }, { "externalId": "two" }])).await;
    assert_eq!(names(&second), ["two", "three"]);
    let of_two = |done: &Value, place: usize| {
        nodes(&done["customer"]["tenantMemberships"])[place]["createdAt"].clone()
    };
    assert_eq!(
        of_two(&first, 1),
        of_two(&second, 0),
        "what stays is not new"
    );
    let lost = set(json!([{ "externalId": "one" }, { "externalId": "nowhere" }])).await;
    assert_eq!(lost["error"]["code"], "not_found");
    assert_eq!(names(&set(json!([])).await), Vec::<String>::new());

    set(json!([{ "externalId": "one" }])).await;
    let thread = client
        .create_thread(json!({
            "customerIdentifier": { "customerId": ada }, "tenantIdentifier": { "externalId": "one" },
            "components": [{ "componentText": { "text": "Hello" } }],
        }))
        .await;
    let delete = async || {
        let input = json!({ "tenantIdentifier": { "externalId": "one" } });
        client
            .mutate("deleteTenant", "tenant { name }", input)
            .await
    };
    assert_eq!(
        delete().await,
        json!({ "tenant": { "name": "one" }, "error": null })
    );
    assert_eq!(delete().await["error"]["code"], "not_found");
    let thread = client.thread(&text(&thread["thread"]["id"])).await;
    assert_eq!(thread["tenant"], Value::Null);
    let query = "{ customerByExternalId(externalId: \"ada\") { tenantMemberships { edges { node { tenant { name } } } } } }";
    let data = client.data(query, json!({})).await;
    assert_eq!(
        nodes(&data["customerByExternalId"]["tenantMemberships"]),
        Vec::<Value>::new()
    );
}

#[tokio::test]
async fn an_upsert_that_changes_nothing_leaves_its_trace_nowhere() {
    let client = Client::new(Seed::Empty).await;
    client.customer("ada").await;
    let query = "{ customerByExternalId(externalId: \"ada\") { updatedAt { unixTimestamp } email { verifiedAt { unixTimestamp } } } }";
    let before = client.data(query, json!({})).await;
    let same = json!({ "fullName": { "value": "ada" }, "shortName": { "value": null },
        "email": { "email": "ada@x.example", "isVerified": true } });
    let key = json!({ "externalId": "ada" });
    let done = client
        .upsert_customer(key.clone(), person("ada"), same)
        .await;
    assert_eq!(done["result"], "NOOP");
    assert_eq!(client.data(query, json!({})).await, before);
    let blank = json!({ "shortName": { "value": " " } });
    let done = client.upsert_customer(key, person("ada"), blank).await;
    assert_eq!(
        crate::client::problems(&done),
        ["onUpdate.shortName.value REQUIRED"]
    );
}
