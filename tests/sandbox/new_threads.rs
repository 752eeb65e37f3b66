//! Threads that are made.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, text};

#[tokio::test]
async fn a_new_thread_begins_with_its_components() {
    let client = Client::new(Seed::Empty).await;
    let tenant = client.tenant("acme").await;
    let customer_id = client.customer("ada").await;
    let done = client.create_thread(json!({
        "customerIdentifier": { "emailAddress": "ada@x.example" }, "tenantIdentifier": { "tenantId": tenant["tenant"]["id"] },
        "components": [{ "componentText": { "text": "Printer is **on fire**\nPlease help." } }, { "componentPlainText": { "plainText": "Second" } }],
    })).await;
    let thread = &done["thread"];
    assert_eq!(done["error"], Value::Null);
    assert_eq!(thread["ref"], "T-1");
    assert_eq!(thread["title"], "Printer is **on fire**");
    assert_eq!(
        thread["previewText"],
        "Printer is **on fire** Please help. Second"
    );
    assert_eq!(thread["description"], thread["previewText"]);
    assert_eq!(
        (&thread["priority"], &thread["channel"], &thread["status"]),
        (&json!(2), &json!("API"), &json!("TODO"))
    );
    assert_eq!(
        thread["statusDetail"]["__typename"],
        "ThreadStatusDetailCreated"
    );
    assert_eq!(
        (&thread["tenant"]["externalId"], &thread["customer"]["id"]),
        (&json!("acme"), &json!(customer_id))
    );
    assert_eq!(thread["createdBy"]["__typename"], "MachineUserActor");
    assert_eq!(
        (
            &thread["firstInboundMessageInfo"]["messageSource"],
            &thread["lastOutboundMessageInfo"]
        ),
        (&json!("API"), &Value::Null)
    );
    let entries = client.entries(&text(&thread["id"]), Value::Null).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["actor"]["__typename"], "MachineUserActor");
    assert_eq!(
        entries[0]["entry"]["components"][1],
        json!({ "__typename": "ComponentPlainText", "plainText": "Second" })
    );
    let bare = client.create_thread(json!({ "customerIdentifier": { "customerId": customer_id }, "title": "Bare", "description": "Words", "priority": 0 })).await;
    assert_eq!(
        (&bare["thread"]["ref"], &bare["thread"]["tenant"]),
        (&json!("T-2"), &Value::Null)
    );
    assert_eq!(
        (
            &bare["thread"]["title"],
            &bare["thread"]["description"],
            &bare["thread"]["priority"]
        ),
        (&json!("Bare"), &json!("Words"), &json!(0))
    );
    let data = client
        .data(
            "{ threadByRef(ref: \"T-2\") { title } lost: threadByRef(ref: \"T-3\") { title } }",
            json!({}),
        )
        .await;
    assert_eq!(
        data,
        json!({ "threadByRef": { "title": "Bare" }, "lost": null })
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_new_thread_is_said_by_field() {
    let client = Client::new(Seed::Empty).await;
    client.customer("ada").await;
    let refused = async |more: Value| {
        let mut input = json!({ "customerIdentifier": { "externalId": "ada" } });
        for (key, value) in more.as_object().unwrap() {
            input[key] = value.clone();
        }
        let done = client.create_thread(input).await;
        assert_eq!(
            (&done["thread"], &done["error"]["type"]),
            (&Value::Null, &json!("VALIDATION")),
            "{done}"
        );
        (
            text(&done["error"]["code"]),
            done["error"]["fields"][0]["field"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let wrong = |field: &str| ("input_validation".to_owned(), field.to_owned());
    let long = "é".repeat(10_001);
    assert_eq!(
        refused(json!({ "components": [{ "componentText": { "text": "" } }] })).await,
        wrong("components[0].componentText.text")
    );
    assert_eq!(
        refused(json!({ "components": [{ "componentText": { "text": long } }] })).await,
        wrong("components[0].componentText.text")
    );
    assert_eq!(
        refused(json!({ "components": [{ "componentDivider": {} }, {}] })).await,
        wrong("components[1]")
    );
    let row =
        json!({ "rowMainContent": [{ "componentText": { "text": "" } }], "rowAsideContent": [] });
    assert_eq!(
        refused(json!({ "components": [{ "componentRow": row }] })).await,
        wrong("components[0].componentRow.rowMainContent[0].componentText.text")
    );
    assert_eq!(refused(json!({ "priority": 4 })).await, wrong("priority"));
    assert_eq!(
        refused(json!({ "channel": "DISCORD" })).await,
        wrong("channel")
    );
    assert_eq!(
        refused(json!({ "channel": "SLACK" })).await,
        wrong("channelDetails.slack")
    );
    assert_eq!(
        refused(json!({ "threadFields": [{ "key": "a", "type": "STRING", "stringValue": "b" }] }))
            .await,
        ("not_found".to_owned(), "threadFields[0].key".to_owned())
    );
    assert_eq!(
        refused(json!({ "tenantIdentifier": { "externalId": "x" } })).await,
        ("not_found".to_owned(), "tenantIdentifier".to_owned())
    );
    assert_eq!(
        refused(json!({ "customerIdentifier": { "externalId": "x" } })).await,
        ("not_found".to_owned(), "customerIdentifier".to_owned())
    );
    assert_eq!(
        refused(json!({ "attachmentIds": ["att_1"] })).await.0,
        "attachment_not_uploaded"
    );
    assert_eq!(client.threads(Value::Null, Value::Null).await.1, 0);
    let longest = json!({ "customerIdentifier": { "externalId": "ada" }, "components": [{ "componentText": { "text": "é".repeat(10_000) } }] });
    assert_eq!(client.create_thread(longest).await["error"], Value::Null);
}

#[tokio::test]
async fn an_external_id_makes_a_thread_once_for_each_customer() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let bob = client.customer("bob").await;
    let new = |customer: &str| json!({ "customerIdentifier": { "customerId": customer }, "title": "Once", "externalId": "form-1" });
    let first = client.create_thread(new(&ada)).await;
    let again = client.create_thread(new(&ada)).await;
    assert_eq!(
        (&again["thread"], &again["error"]["fields"][0]["field"]),
        (&Value::Null, &json!("externalId"))
    );
    assert_eq!(client.create_thread(new(&bob)).await["error"], Value::Null);
    let query = "query ($customerId: ID!) { threadByExternalId(customerId: $customerId, externalId: \"form-1\") { id } }";
    let found = client.data(query, json!({ "customerId": ada })).await;
    assert_eq!(found["threadByExternalId"]["id"], first["thread"]["id"]);
    assert_eq!(client.threads(Value::Null, Value::Null).await.1, 2);
}
