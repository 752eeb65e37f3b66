//! Chat messages, sent by name instead of as a reply.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, millis, nodes, problems, text};

const CHAT: &str = "chat { id text createdAt { iso8601 unixTimestamp } createdBy { __typename } attachments { id } customerReadAt { iso8601 } }";

#[tokio::test]
async fn a_customer_chats_in_their_own_chat() {
    let client = Client::new(Seed::Empty).await;
    let (ada, bob) = (client.customer("ada").await, client.customer("bob").await);
    let chat = client.new_thread(&ada, "CHAT").await;
    client
        .status("markThreadAsDone", json!({ "threadId": chat }))
        .await;
    let input = json!({ "customerId": ada, "threadId": chat, "text": "Still here?" });
    let sent = client.mutate("sendCustomerChat", CHAT, input).await;
    assert_eq!(sent["error"], Value::Null);
    assert_eq!(
        (
            &sent["chat"]["text"],
            &sent["chat"]["createdBy"]["__typename"]
        ),
        (&json!("Still here?"), &json!("CustomerActor"))
    );
    let newest = &client.entries(&chat, json!({ "isMessage": true })).await[0];
    assert_eq!(
        (
            &newest["entry"]["text"],
            &newest["actor"]["customer"]["externalId"]
        ),
        (&json!("Still here?"), &json!("ada"))
    );
    let after = client.thread(&chat).await;
    assert_eq!(
        (&after["status"], &after["statusDetail"]["__typename"]),
        (&json!("TODO"), &json!("ThreadStatusDetailNewReply"))
    );
    assert_eq!(after["lastInboundMessageInfo"]["messageSource"], "CHAT");

    let mail = client.new_thread(&ada, "EMAIL").await;
    for (input, expected) in [
        (
            json!({ "customerId": bob, "threadId": chat, "text": "a" }),
            "threadId NOT_FOUND",
        ),
        (
            json!({ "customerId": ada, "threadId": mail, "text": "a" }),
            "threadId VALIDATION",
        ),
    ] {
        assert_eq!(
            problems(&client.mutate("sendCustomerChat", "", input).await),
            [expected]
        );
    }
    let files = json!({ "customerId": ada, "threadId": chat, "attachmentIds": ["att_1"] });
    assert_eq!(
        client.mutate("sendCustomerChat", "", files).await["error"]["code"],
        "attachment_not_uploaded"
    );
}

#[tokio::test]
async fn the_support_side_chats_in_a_thread_or_begins_one() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let chat = client.new_thread(&ada, "CHAT").await;
    let sent = client
        .mutate(
            "sendChat",
            CHAT,
            json!({ "customerId": ada, "threadId": chat, "text": "Hello Ada" }),
        )
        .await;
    assert_eq!(
        (&sent["error"], &sent["chat"]["createdBy"]["__typename"]),
        (&Value::Null, &json!("MachineUserActor"))
    );
    let after = client.thread(&chat).await;
    assert_eq!(after["lastOutboundMessageInfo"]["messageSource"], "CHAT");
    assert_eq!(
        after["statusDetail"]["__typename"],
        "ThreadStatusDetailInProgress"
    );
    client
        .mutate(
            "sendChat",
            CHAT,
            json!({ "customerId": ada, "text": "Something new\nfor you" }),
        )
        .await;
    let (threads, total) = client
        .threads(
            Value::Null,
            json!({ "field": "CREATED_AT", "direction": "DESC" }),
        )
        .await;
    assert_eq!(total, 2);
    let new = client.thread(&threads[0]).await;
    assert_eq!(
        (&new["title"], &new["channel"], &new["customer"]["id"]),
        (&json!("Something new"), &json!("CHAT"), &json!(ada))
    );
    assert_eq!(
        client.entries(&threads[0], Value::Null).await[0]["entry"]["text"],
        "Something new\nfor you"
    );
}

#[tokio::test]
async fn a_backdated_message_stands_where_its_time_is() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let chat = client.new_thread(&ada, "CHAT").await;
    let send = async |text: &str, timestamp: Value| {
        let input =
            json!({ "customerId": ada, "threadId": chat, "text": text, "timestamp": timestamp });
        let sent = client.mutate("sendCustomerChat", CHAT, input).await;
        assert_eq!(sent["error"], Value::Null);
        millis(&sent["chat"]["createdAt"])
    };
    let texts = async || -> Vec<String> {
        let entries = client
            .entries(&chat, json!({ "entryTypes": ["CHAT"] }))
            .await;
        entries
            .iter()
            .map(|it| text(&it["entry"]["text"]))
            .collect()
    };
    let now = send("now", Value::Null).await;
    send("May", json!("2026-05-01T00:00:00Z")).await;
    let page = "query ($id: ID!, $after: String) { thread(threadId: $id) { timelineEntries(first: 1, after: $after, filters: { entryTypes: [CHAT] }) {
        pageInfo { endCursor } edges { node { entry { ... on ChatEntry { text } } } } } } }";
    let first = client.data(page, json!({ "id": chat })).await;
    assert_eq!(
        millis(&client.thread(&chat).await["lastInboundMessageInfo"]["timestamp"]),
        now
    );
    send("April", json!("2026-04-01T10:00:00+02:00")).await;
    send("also May", json!("2026-05-01T00:00:00Z")).await;
    assert_eq!(texts().await, ["now", "also May", "May", "April"]);
    let cursor = &first["thread"]["timelineEntries"]["pageInfo"]["endCursor"];
    let next = client
        .data(page, json!({ "id": chat, "after": cursor }))
        .await;
    assert_eq!(
        nodes(&next["thread"]["timelineEntries"])[0]["entry"]["text"],
        "also May",
        "a cursor stays good"
    );
    let thread = client.thread(&chat).await;
    assert_eq!(
        (
            &thread["previewText"],
            millis(&thread["lastInboundMessageInfo"]["timestamp"])
        ),
        (&json!("now"), now)
    );
}
