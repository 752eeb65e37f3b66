//! What is wrong with a mutation's input: all of it at once, by field, in the order of the input, and nothing is done.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, nodes, person, problems};

#[tokio::test]
async fn each_mutation_says_all_that_is_wrong_in_the_order_of_its_input() {
    let client = Client::new(Seed::Empty).await;
    client.customer("ada").await;
    let ada = json!({ "externalId": "ada" });
    let nobody = json!({});
    let two = json!({ "externalId": "ada", "emailAddress": "ada@x.example" });
    let no_mail = json!({ "email": "ada", "isVerified": true });
    let blank_mail = json!({ "email": " ", "isVerified": true });
    for (mutation, input, expected) in [
        (
            "upsertTenant",
            json!({ "identifier": {}, "name": " ", "externalId": "" }),
            vec![
                "identifier VALIDATION",
                "name REQUIRED",
                "externalId REQUIRED",
            ],
        ),
        (
            "upsertTenant",
            json!({ "identifier": { "externalId": "" }, "name": "a", "externalId": "a" }),
            vec!["identifier REQUIRED"],
        ),
        (
            "upsertCustomer",
            json!({
                "identifier": { "emailAddress": "no address" },
                "onCreate": { "externalId": "", "fullName": "", "email": no_mail, "tenantIdentifiers": [{ "externalId": "a" }, {}] },
                "onUpdate": { "externalId": { "value": " " }, "fullName": { "value": "" }, "email": blank_mail },
            }),
            vec![
                "identifier.emailAddress VALIDATION",
                "onCreate.externalId REQUIRED",
                "onCreate.fullName REQUIRED",
                "onCreate.email.email VALIDATION",
                "onCreate.tenantIdentifiers[1] VALIDATION",
                "onUpdate.externalId.value REQUIRED",
                "onUpdate.fullName.value REQUIRED",
                "onUpdate.email.email REQUIRED",
            ],
        ),
        (
            "addCustomerToTenants",
            json!({ "customerIdentifier": nobody, "tenantIdentifiers": [{ "tenantId": "a", "externalId": "a" }] }),
            vec![
                "customerIdentifier VALIDATION",
                "tenantIdentifiers[0] VALIDATION",
            ],
        ),
        (
            "removeCustomerFromTenants",
            json!({ "customerIdentifier": two, "tenantIdentifiers": [{}] }),
            vec![
                "customerIdentifier VALIDATION",
                "tenantIdentifiers[0] VALIDATION",
            ],
        ),
        (
            "createThread",
            json!({
                "customerIdentifier": nobody,
                "components": [
                    { "componentText": { "text": "é".repeat(10_001) } },
                    { "componentText": { "text": "a" }, "componentDivider": {} },
                    { "componentLinkButton": { "linkButtonUrl": "nowhere" } },
                    { "componentBadge": { "badgeLabel": "" } },
                    { "componentContainer": { "containerContent": [{ "componentCopyButton": { "copyButtonValue": "" } }, {}] } },
                    { "componentRow": {
                        "rowMainContent": [{ "componentPlainText": { "plainText": " " } }],
                        "rowAsideContent": [{ "componentDateTime": { "dateTimeIso8601": "today" } }] } },
                    { "componentUser": { "userIdentifier": { "userId": "u_none" } } },
                ],
                "threadFields": [{ "key": "none", "type": "STRING", "stringValue": "a" }],
                "assignedTo": {},
                "externalId": "",
                "priority": 4,
                "tenantIdentifier": {},
                "channel": "SLACK",
            }),
            vec![
                "customerIdentifier VALIDATION",
                "components[0].componentText.text VALIDATION",
                "components[1] VALIDATION",
                "components[2].componentLinkButton.linkButtonUrl VALIDATION",
                "components[2].componentLinkButton.linkButtonLabel REQUIRED",
                "components[3].componentBadge.badgeLabel REQUIRED",
                "components[4].componentContainer.containerContent[0].componentCopyButton.copyButtonValue REQUIRED",
                "components[4].componentContainer.containerContent[1] VALIDATION",
                "components[5].componentRow.rowMainContent[0].componentPlainText.plainText REQUIRED",
                "components[5].componentRow.rowAsideContent[0].componentDateTime.dateTimeIso8601 VALIDATION",
                "components[6].componentUser.userIdentifier NOT_FOUND",
                "threadFields[0].key NOT_FOUND",
                "assignedTo VALIDATION",
                "externalId REQUIRED",
                "priority VALIDATION",
                "tenantIdentifier VALIDATION",
                "channelDetails.slack REQUIRED",
            ],
        ),
        (
            "replyToThread",
            json!({
                "threadId": "th_none", "textContent": "", "markdownContent": " ",
                "impersonation": { "asCustomer": { "customerIdentifier": {} } },
                "channelSpecificOptions": { "email": {
                    "additionalRecipients": [{ "email": "a@b" }, { "email": "nobody" }], "hiddenRecipients": [{ "email": "" }] } },
            }),
            vec![
                "textContent REQUIRED",
                "markdownContent REQUIRED",
                "impersonation.asCustomer.customerIdentifier VALIDATION",
                "channelSpecificOptions.email.additionalRecipients[1].email VALIDATION",
                "channelSpecificOptions.email.hiddenRecipients[0].email REQUIRED",
            ],
        ),
        (
            "createNote",
            json!({ "customerId": "c_none", "text": "" }),
            vec!["threadId VALIDATION", "text REQUIRED"],
        ),
        (
            "sendChat",
            json!({ "customerId": "c_none", "timestamp": "now" }),
            vec!["text REQUIRED", "timestamp VALIDATION"],
        ),
        (
            "sendCustomerChat",
            json!({ "customerId": "c_none", "threadId": "th_none", "text": " ", "timestamp": "2999-01-01T00:00:00Z" }),
            vec!["text REQUIRED", "timestamp VALIDATION"],
        ),
        (
            "createThreadEvent",
            json!({ "threadId": "th_none", "externalId": "", "title": "", "components": [{}], "timestamp": "-" }),
            vec![
                "externalId REQUIRED",
                "title REQUIRED",
                "components[0] VALIDATION",
                "timestamp VALIDATION",
            ],
        ),
        (
            "createCustomerEvent",
            json!({ "customerIdentifier": nobody, "title": " ", "components": [{ "componentText": { "text": "" } }] }),
            vec![
                "customerIdentifier VALIDATION",
                "title REQUIRED",
                "components[0].componentText.text REQUIRED",
            ],
        ),
        (
            "changeThreadPriority",
            json!({ "threadId": "th_none", "priority": -1 }),
            vec!["priority VALIDATION"],
        ),
        (
            "snoozeThread",
            json!({ "threadId": "th_none", "statusDetail": "WAITING_FOR_DURATION" }),
            vec!["durationSeconds VALIDATION"],
        ),
        (
            "addLabels",
            json!({ "threadId": "th_none", "labelTypeIds": [] }),
            vec!["labelTypeIds REQUIRED"],
        ),
        (
            "removeLabels",
            json!({ "labelIds": [] }),
            vec!["labelIds REQUIRED"],
        ),
        (
            "createLabelType",
            json!({ "name": "", "externalId": " " }),
            vec!["name REQUIRED", "externalId REQUIRED"],
        ),
        (
            "upsertThreadField",
            json!({ "identifier": { "threadId": "th_none", "key": "none" }, "type": "BOOL" }),
            vec!["identifier.key NOT_FOUND"],
        ),
        (
            "createThreadFieldSchema",
            json!({
                "label": "", "key": " ", "description": "", "order": 0, "type": "ENUM", "enumValues": [], "isRequired": false,
                "isAiAutoFillEnabled": false, "defaultNumberValue": 1.0, "defaultDateValue": "1st of May",
            }),
            vec![
                "label REQUIRED",
                "key REQUIRED",
                "enumValues REQUIRED",
                "defaultNumberValue VALIDATION",
                "defaultDateValue VALIDATION",
            ],
        ),
    ] {
        let done = client.mutate(mutation, "", input).await;
        assert_eq!(problems(&done), expected, "{mutation}");
        let lost = expected.iter().all(|it| it.ends_with("NOT_FOUND"));
        let code = if lost {
            "not_found"
        } else {
            "input_validation"
        };
        assert_eq!(done["error"]["code"], code, "{mutation}");
    }
    let data = client
        .data("{ customers { totalCount } tenants { edges { cursor } } threads { totalCount } labelTypes { edges { cursor } } }", json!({}))
        .await;
    let untouched = json!({ "customers": { "totalCount": 1 }, "tenants": { "edges": [] }, "threads": { "totalCount": 0 }, "labelTypes": { "edges": [] } });
    assert_eq!(data, untouched);
    let ada = client.upsert_customer(ada, person("ada"), json!({})).await;
    assert_eq!(ada["result"], "NOOP");
}

#[tokio::test]
async fn each_mutation_names_what_is_not_there() {
    let client = Client::new(Seed::Story).await;
    let data = client
        .data("{ threads(first: 1) { edges { node { id } } } customers(first: 1) { edges { node { id } } } }", json!({}))
        .await;
    let (thread, customer) = (
        &nodes(&data["threads"])[0]["id"],
        &nodes(&data["customers"])[0]["id"],
    );
    let text = json!([{ "componentText": { "text": "a" } }]);
    for (mutation, input, field) in [
        (
            "upsertTenant",
            json!({ "identifier": { "tenantId": "te_none" }, "name": "a", "externalId": "a" }),
            "identifier",
        ),
        (
            "markCustomerAsSpam",
            json!({ "customerId": "c_none" }),
            "customerId",
        ),
        (
            "unmarkCustomerAsSpam",
            json!({ "customerId": "c_none" }),
            "customerId",
        ),
        (
            "addCustomerToTenants",
            json!({ "customerIdentifier": { "customerId": customer }, "tenantIdentifiers": [{ "tenantId": "te_none" }] }),
            "tenantIdentifiers[0]",
        ),
        (
            "createThread",
            json!({ "customerIdentifier": { "emailAddress": "nobody@x.example" } }),
            "customerIdentifier",
        ),
        (
            "createThread",
            json!({ "customerIdentifier": { "customerId": customer }, "labelTypeIds": ["lt_none"] }),
            "labelTypeIds[0]",
        ),
        (
            "createThread",
            json!({ "customerIdentifier": { "customerId": customer }, "tenantIdentifier": { "externalId": "none" } }),
            "tenantIdentifier",
        ),
        (
            "createThread",
            json!({ "customerIdentifier": { "customerId": customer }, "assignedTo": { "userId": "u_none" } }),
            "assignedTo",
        ),
        (
            "replyToThread",
            json!({ "threadId": "th_none", "textContent": "a" }),
            "threadId",
        ),
        (
            "replyToThread",
            json!({ "threadId": thread, "textContent": "a",
                "impersonation": { "asCustomer": { "customerIdentifier": { "customerId": "c_none" } } } }),
            "impersonation.asCustomer.customerIdentifier",
        ),
        (
            "createNote",
            json!({ "customerId": customer, "threadId": "th_none", "text": "a" }),
            "threadId",
        ),
        (
            "createNote",
            json!({ "customerId": "c_none", "threadId": thread, "text": "a" }),
            "customerId",
        ),
        (
            "sendChat",
            json!({ "customerId": "c_none", "text": "a" }),
            "customerId",
        ),
        (
            "sendCustomerChat",
            json!({ "customerId": customer, "threadId": "th_none", "text": "a" }),
            "threadId",
        ),
        (
            "markThreadAsDone",
            json!({ "threadId": "th_none" }),
            "threadId",
        ),
        (
            "markThreadAsTodo",
            json!({ "threadId": "th_none" }),
            "threadId",
        ),
        (
            "snoozeThread",
            json!({ "threadId": "th_none", "durationSeconds": 1 }),
            "threadId",
        ),
        (
            "changeThreadPriority",
            json!({ "threadId": "th_none", "priority": 0 }),
            "threadId",
        ),
        ("lockThread", json!({ "threadId": "th_none" }), "threadId"),
        (
            "addLabels",
            json!({ "threadId": "th_none", "labelTypeIds": ["lt_none"] }),
            "threadId",
        ),
        (
            "addLabels",
            json!({ "threadId": thread, "labelTypeIds": ["lt_none"] }),
            "labelTypeIds[0]",
        ),
        (
            "removeLabels",
            json!({ "labelIds": ["l_none"] }),
            "labelIds[0]",
        ),
        (
            "archiveLabelType",
            json!({ "labelTypeId": "lt_none" }),
            "labelTypeId",
        ),
        (
            "createThreadEvent",
            json!({ "threadId": "th_none", "title": "a", "components": text }),
            "threadId",
        ),
        (
            "createCustomerEvent",
            json!({ "customerIdentifier": { "customerId": "c_none" }, "title": "a", "components": text }),
            "customerIdentifier",
        ),
    ] {
        let done = client.mutate(mutation, "", input).await;
        assert_eq!(done["error"]["code"], "not_found", "{mutation}: {done}");
        assert_eq!(
            problems(&done),
            [format!("{field} NOT_FOUND")],
            "{mutation}"
        );
        assert_ne!(done["error"]["message"], Value::Null);
    }
}
