//! Thread fields: their schemas, their values, and what must be filled in before a thread is done.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, nodes, problems, text};

const FIELD: &str = "result threadField { key type stringValue booleanValue numberValue dateValue { iso8601 } isAiGenerated }";

/// A new field; answers its schema's id.
async fn schema(client: &Client, key: &str, kind: &str, more: Value) -> String {
    let mut input = json!({
        "label": key, "key": key, "description": "", "order": 0, "type": kind, "enumValues": [],
        "isRequired": false, "isAiAutoFillEnabled": false,
    });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    let done = client
        .mutate("createThreadFieldSchema", "threadFieldSchema { id }", input)
        .await;
    assert_eq!(done["error"], Value::Null, "{done}");
    text(&done["threadFieldSchema"]["id"])
}

/// Sets a field; `value` has the type and the value.
async fn set(client: &Client, thread: &str, key: &str, value: Value) -> Value {
    let mut input = json!({ "identifier": { "threadId": thread, "key": key } });
    for (name, value) in value.as_object().unwrap() {
        input[name] = value.clone();
    }
    client.mutate("upsertThreadField", FIELD, input).await
}

async fn done(client: &Client, thread: &str) -> Value {
    client
        .status("markThreadAsDone", json!({ "threadId": thread }))
        .await
}

#[tokio::test]
async fn a_field_has_a_value_of_its_type() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "API").await;
    let choices = json!({ "enumValues": ["web", "app"] });
    for (key, kind, more) in [
        ("text", "STRING", json!({})),
        ("yes", "BOOL", json!({})),
        ("area", "ENUM", choices),
        ("count", "NUMBER", json!({})),
        ("price", "CURRENCY", json!({})),
        ("day", "DATE", json!({})),
    ] {
        schema(&client, key, kind, more).await;
    }
    for (key, value, shown) in [
        (
            "text",
            json!({ "type": "STRING", "stringValue": "a" }),
            ("stringValue", json!("a")),
        ),
        (
            "yes",
            json!({ "type": "BOOL", "booleanValue": false }),
            ("booleanValue", json!(false)),
        ),
        (
            "area",
            json!({ "type": "ENUM", "stringValue": "app" }),
            ("stringValue", json!("app")),
        ),
        (
            "count",
            json!({ "type": "NUMBER", "numberValue": 2 }),
            ("numberValue", json!(2.0)),
        ),
        (
            "price",
            json!({ "type": "CURRENCY", "numberValue": 9.5 }),
            ("numberValue", json!(9.5)),
        ),
        (
            "day",
            json!({ "type": "DATE", "dateValue": "2026-05-01" }),
            (
                "dateValue",
                json!({ "iso8601": "2026-05-01T00:00:00.000Z" }),
            ),
        ),
        (
            "day",
            json!({ "type": "DATE", "dateValue": "2026-05-01T08:30:00+02:00" }),
            (
                "dateValue",
                json!({ "iso8601": "2026-05-01T06:30:00.000Z" }),
            ),
        ),
    ] {
        let made = set(&client, &thread, key, value.clone()).await;
        assert_eq!(made["error"], Value::Null, "{value}");
        let mut expected = json!({ "key": key, "type": value["type"], "stringValue": null, "booleanValue": null,
            "numberValue": null, "dateValue": null, "isAiGenerated": false });
        expected[shown.0] = shown.1;
        assert_eq!(made["threadField"], expected);
        assert_eq!(set(&client, &thread, key, value).await["result"], "NOOP");
    }
    for (key, value, expected) in [
        (
            "text",
            json!({ "type": "BOOL", "booleanValue": true }),
            vec!["type VALIDATION"],
        ),
        (
            "text",
            json!({ "type": "STRING" }),
            vec!["stringValue REQUIRED"],
        ),
        (
            "text",
            json!({ "type": "STRING", "stringValue": " " }),
            vec!["stringValue REQUIRED"],
        ),
        (
            "area",
            json!({ "type": "ENUM", "stringValue": "car" }),
            vec!["stringValue VALIDATION"],
        ),
        (
            "yes",
            json!({ "type": "BOOL", "stringValue": "a", "dateValue": "b" }),
            vec![
                "booleanValue REQUIRED",
                "stringValue VALIDATION",
                "dateValue VALIDATION",
            ],
        ),
        (
            "day",
            json!({ "type": "DATE", "dateValue": "May" }),
            vec!["dateValue VALIDATION"],
        ),
        (
            "none",
            json!({ "type": "DATE", "dateValue": "May" }),
            vec!["identifier.key NOT_FOUND"],
        ),
    ] {
        assert_eq!(
            problems(&set(&client, &thread, key, value).await),
            expected,
            "{key}"
        );
    }
    let changed = set(
        &client,
        &thread,
        "area",
        json!({ "type": "ENUM", "stringValue": "web" }),
    )
    .await;
    assert_eq!(
        (&changed["result"], &changed["threadField"]["stringValue"]),
        (&json!("UPDATED"), &json!("web"))
    );
    let lost = set(
        &client,
        "th_none",
        "area",
        json!({ "type": "ENUM", "stringValue": "web" }),
    )
    .await;
    assert_eq!(problems(&lost), ["identifier.threadId NOT_FOUND"]);
}

#[tokio::test]
async fn required_fields_come_before_done() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "API").await;
    let required = |more: Value| {
        let mut input = json!({ "isRequired": true });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        input
    };
    let area = schema(
        &client,
        "area",
        "ENUM",
        required(json!({ "enumValues": ["web", "app"] })),
    )
    .await;
    schema(&client, "free", "STRING", json!({})).await;
    let depends = json!({ "threadFieldSchemaId": area, "threadFieldSchemaValue": "app" });
    schema(
        &client,
        "phone",
        "STRING",
        required(json!({ "dependsOnThreadField": depends })),
    )
    .await;
    let bug = client
        .mutate(
            "createLabelType",
            "labelType { id }",
            json!({ "name": "Bug" }),
        )
        .await;
    let bug = bug["labelType"]["id"].clone();
    schema(
        &client,
        "version",
        "NUMBER",
        required(json!({ "dependsOnLabelTypeIds": [bug] })),
    )
    .await;

    let missing = async |keys: &str| {
        let refused = done(&client, &thread).await;
        assert_eq!(problems(&refused), ["threadId VALIDATION"]);
        let message = text(&refused["error"]["fields"][0]["message"]);
        assert!(message.ends_with(&format!(": {keys}.")), "{message}");
        assert_eq!(client.thread(&thread).await["status"], "TODO");
    };
    missing("area").await;
    set(
        &client,
        &thread,
        "area",
        json!({ "type": "ENUM", "stringValue": "app" }),
    )
    .await;
    missing("phone").await;
    client
        .mutate(
            "addLabels",
            "",
            json!({ "threadId": thread, "labelTypeIds": [bug] }),
        )
        .await;
    missing("phone, version").await;
    set(
        &client,
        &thread,
        "version",
        json!({ "type": "NUMBER", "numberValue": 3 }),
    )
    .await;
    set(
        &client,
        &thread,
        "area",
        json!({ "type": "ENUM", "stringValue": "web" }),
    )
    .await;
    let now = done(&client, &thread).await;
    assert_eq!(
        (&now["error"], &now["thread"]["status"]),
        (&Value::Null, &json!("DONE"))
    );

    let too_deep = json!({
        "label": "a", "key": "a", "description": "", "order": 0, "type": "STRING", "enumValues": [], "isRequired": false,
        "isAiAutoFillEnabled": false, "dependsOnThreadField": { "threadFieldSchemaId": "", "threadFieldSchemaValue": "a" },
    });
    let mut input = too_deep.clone();
    let schemas = client
        .data(
            "{ threadFieldSchemas { edges { node { id key } } } }",
            json!({}),
        )
        .await;
    let phone = nodes(&schemas["threadFieldSchemas"])
        .into_iter()
        .find(|it| it["key"] == "phone")
        .unwrap();
    input["dependsOnThreadField"]["threadFieldSchemaId"] = phone["id"].clone();
    let refused = client.mutate("createThreadFieldSchema", "", input).await;
    assert_eq!(
        refused["error"]["code"],
        "cannot_create_thread_field_schema"
    );
    let refused = client.mutate("createThreadFieldSchema", "", too_deep).await;
    assert_eq!(
        problems(&refused),
        ["dependsOnThreadField.threadFieldSchemaId NOT_FOUND"]
    );
}

#[tokio::test]
async fn schemas_are_listed_in_their_order() {
    let client = Client::new(Seed::Empty).await;
    schema(
        &client,
        "last",
        "BOOL",
        json!({ "order": 9, "defaultBooleanValue": true }),
    )
    .await;
    schema(
        &client,
        "first",
        "ENUM",
        json!({ "enumValues": ["a", "b"], "defaultStringValue": "b" }),
    )
    .await;
    let second = schema(
        &client,
        "second",
        "STRING",
        json!({ "order": 1, "isRequired": true }),
    )
    .await;
    let query = "query ($first: Int, $after: String) { threadFieldSchemas(first: $first, after: $after) { pageInfo { endCursor hasNextPage }
        edges { node { key type enumValues order isRequired defaultStringValue defaultBooleanValue defaultNumberValue
          isClientReadonly dependsOnThreadField { threadFieldSchemaId } dependsOnLabels { labelTypeId } } } } }";
    let page = client.data(query, json!({ "first": 2 })).await;
    let rows = nodes(&page["threadFieldSchemas"]);
    assert_eq!(
        (&rows[0]["key"], &rows[1]["key"]),
        (&json!("first"), &json!("second"))
    );
    assert_eq!(
        (&rows[0]["enumValues"], &rows[0]["defaultStringValue"]),
        (&json!(["a", "b"]), &json!("b"))
    );
    let after = &page["threadFieldSchemas"]["pageInfo"]["endCursor"];
    let rest = nodes(&client.data(query, json!({ "after": after })).await["threadFieldSchemas"]);
    assert_eq!(
        (rest.len(), &rest[0]["key"], &rest[0]["defaultBooleanValue"]),
        (1, &json!("last"), &json!(true))
    );
    let one = "query ($id: ID!) { threadFieldSchema(threadFieldSchemaId: $id) { key isRequired } }";
    let data = client.data(one, json!({ "id": second })).await;
    assert_eq!(
        data["threadFieldSchema"],
        json!({ "key": "second", "isRequired": true })
    );
    let twice = json!({
        "label": "a", "key": "second", "description": "", "order": 0, "type": "STRING", "enumValues": ["a"], "isRequired": false,
        "isAiAutoFillEnabled": false,
    });
    let refused = client.mutate("createThreadFieldSchema", "", twice).await;
    assert_eq!(
        problems(&refused),
        ["key VALIDATION", "enumValues VALIDATION"]
    );
}

#[tokio::test]
async fn a_new_thread_has_its_fields_at_once_and_is_found_by_them() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    schema(
        &client,
        "area",
        "ENUM",
        json!({ "enumValues": ["web", "app"], "isRequired": true }),
    )
    .await;
    schema(&client, "count", "NUMBER", json!({})).await;
    schema(&client, "day", "DATE", json!({})).await;
    let new = |fields: Value| json!({ "customerIdentifier": { "customerId": ada }, "title": "a", "threadFields": fields });
    let wrong = json!([{ "key": "count", "type": "NUMBER", "numberValue": 1 }, { "key": "area", "type": "ENUM", "stringValue": "car" }]);
    assert_eq!(
        problems(&client.create_thread(new(wrong)).await),
        ["threadFields[1].stringValue VALIDATION"]
    );
    let right = json!([
        { "key": "area", "type": "ENUM", "stringValue": "web" },
        { "key": "count", "type": "NUMBER", "numberValue": 3 },
        { "key": "day", "type": "DATE", "dateValue": "2026-05-01" },
    ]);
    let thread = text(&client.create_thread(new(right)).await["thread"]["id"]);
    let other = client.new_thread(&ada, "API").await;
    let data = client
        .data("query ($id: ID!) { thread(threadId: $id) { threadFields { key stringValue numberValue } } }", json!({ "id": thread }))
        .await;
    assert_eq!(
        data["thread"]["threadFields"][1],
        json!({ "key": "count", "stringValue": null, "numberValue": 3.0 })
    );
    assert_eq!(done(&client, &thread).await["error"], Value::Null);
    for (filter, is_found) in [
        (json!({ "key": "area" }), true),
        (json!({ "key": "area", "stringValue": "web" }), true),
        (json!({ "key": "area", "stringValue": "app" }), false),
        (json!({ "key": "area", "number": { "value": 3 } }), false),
        (
            json!({ "key": "count", "number": { "gte": 2, "lte": 3 } }),
            true,
        ),
        (json!({ "key": "count", "number": { "gte": 4 } }), false),
        (
            json!({ "key": "day", "date": { "after": "2026-05-01T00:00:00Z", "before": "2026-05-02T00:00:00Z" } }),
            true,
        ),
        (
            json!({ "key": "day", "date": { "before": "2026-05-01T00:00:00Z" } }),
            false,
        ),
        (json!({ "key": "none" }), false),
    ] {
        let (found, _) = client
            .threads(json!({ "threadFields": [filter] }), Value::Null)
            .await;
        assert_eq!(found.contains(&thread), is_found, "{filter}");
        assert!(!found.contains(&other));
    }
}
