//! Customers and threads that take no more messages.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::Client;

const CUSTOMER: &str = "customer { markedAsSpamAt { iso8601 } markedAsSpamBy { __typename } }";

#[tokio::test]
async fn a_customer_marked_as_spam_writes_nothing_until_unmarked() {
    let client = Client::new(Seed::Empty).await;
    let (ada, bob) = (client.customer("ada").await, client.customer("bob").await);
    let thread = client.new_thread(&ada, "CHAT").await;
    let of_bob = client.new_thread(&bob, "CHAT").await;
    let id = json!({ "customerId": ada });
    let marked = client
        .mutate("markCustomerAsSpam", CUSTOMER, id.clone())
        .await;
    assert_eq!(
        marked["customer"]["markedAsSpamBy"]["__typename"],
        "MachineUserActor"
    );
    let again = client
        .mutate("markCustomerAsSpam", CUSTOMER, id.clone())
        .await;
    assert_eq!(again, marked, "marking twice changes nothing");

    let refused = async || {
        let new = json!({ "customerIdentifier": { "customerId": ada }, "title": "Buy!" });
        let chat = json!({ "customerId": ada, "threadId": thread, "text": "Buy!" });
        [
            client.create_thread(new).await["error"]["code"].take(),
            client.reply(&thread, Some("ada"), json!({})).await["code"].take(),
            client.reply(&of_bob, Some("ada"), json!({})).await["code"].take(),
            client.reply(&thread, None, json!({})).await["code"].take(),
            client.mutate("sendCustomerChat", "", chat.clone()).await["error"]["code"].take(),
            client.mutate("sendChat", "", chat).await["error"]["code"].take(),
        ]
    };
    assert_eq!(
        refused().await,
        [(); 6].map(|()| json!("customer_is_marked_as_spam"))
    );
    assert_eq!(client.entries(&thread, Value::Null).await.len(), 1);
    assert_eq!(
        client.reply(&of_bob, Some("bob"), json!({})).await,
        Value::Null
    );
    let spam = |is_spam: bool| json!({ "isMarkedAsSpam": is_spam });
    assert_eq!(
        client.threads(spam(true), Value::Null).await.0,
        std::slice::from_ref(&thread)
    );
    assert_eq!(client.threads(spam(false), Value::Null).await.0, [of_bob]);
    let list = "query ($filters: CustomersFilter) { customers(filters: $filters) { edges { node { id } } } }";
    let data = client.data(list, json!({ "filters": spam(true) })).await;
    assert_eq!(
        data["customers"]["edges"],
        json!([{ "node": { "id": ada } }])
    );

    let unmarked = client.mutate("unmarkCustomerAsSpam", CUSTOMER, id).await;
    assert_eq!(
        unmarked["customer"],
        json!({ "markedAsSpamAt": null, "markedAsSpamBy": null })
    );
    assert_eq!(
        client.reply(&thread, Some("ada"), json!({})).await,
        Value::Null
    );
}

#[tokio::test]
async fn a_locked_thread_takes_no_messages() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    for channel in ["API", "CHAT", "SLACK"] {
        let thread = client.new_thread(&ada, channel).await;
        let locked = client
            .mutate(
                "lockThread",
                "thread { lockedAt { iso8601 } lockedBy { __typename } status }",
                json!({ "threadId": thread }),
            )
            .await;
        assert!(
            locked["thread"]["lockedAt"]["iso8601"].is_string(),
            "{locked}"
        );
        assert_eq!(
            locked["thread"]["lockedBy"]["__typename"],
            "MachineUserActor"
        );
        let again = client
            .mutate(
                "lockThread",
                "thread { lockedAt { iso8601 } lockedBy { __typename } status }",
                json!({ "threadId": thread }),
            )
            .await;
        assert_eq!(again, locked);
        for author in [Some("ada"), None] {
            let error = client.reply(&thread, author, json!({})).await;
            assert_eq!(error["code"], "cannot_reply_to_thread");
            assert!(
                error["message"].as_str().unwrap().contains("locked"),
                "it says why"
            );
        }
        if channel == "CHAT" {
            let chat = json!({ "customerId": ada, "threadId": thread, "text": "Hello?" });
            for mutation in ["sendCustomerChat", "sendChat"] {
                let done = client.mutate(mutation, "", chat.clone()).await;
                assert_eq!(done["error"]["code"], "cannot_reply_to_thread");
            }
        }
        assert_eq!(client.entries(&thread, Value::Null).await.len(), 1);
        let done = client
            .status("markThreadAsDone", json!({ "threadId": thread }))
            .await;
        assert_eq!(done["error"], Value::Null, "its status still changes");
    }
}
