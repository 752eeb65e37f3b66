//! Replies that travel as e-mail appear late.

use std::time::Duration;

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, millis};

#[tokio::test]
async fn a_reply_by_mail_changes_nothing_until_it_arrives() {
    for channel in ["API", "EMAIL"] {
        let client = Client::new(Seed::Empty).await;
        let customer = client.customer("ada").await;
        let id = client.new_thread(&customer, channel).await;
        client
            .status("snoozeThread", json!({ "threadId": id }))
            .await;
        let before = (
            client.thread(&id).await,
            client.entries(&id, json!({})).await,
        );

        client
            .sandbox
            .behave(|it| it.reply_delay = Duration::from_secs(3600));
        assert_eq!(client.reply(&id, Some("ada"), json!({})).await, Value::Null);
        assert_eq!(
            client
                .reply(&id, None, json!({ "textContent": "Yes" }))
                .await,
            Value::Null
        );
        let after = (
            client.thread(&id).await,
            client.entries(&id, json!({})).await,
        );
        assert_eq!(after, before);

        client.sandbox.behave(|it| it.reply_delay = Duration::ZERO);
        let entries = client.entries(&id, json!({ "isMessage": true })).await;
        let texts: Vec<&Value> = entries
            .iter()
            .map(|it| &it["entry"]["textContent"])
            .collect();
        assert_eq!(texts[..2], ["Yes", "Any **news**?"], "in their order");
        assert!(millis(&entries[0]["timestamp"]) >= millis(&entries[1]["timestamp"]));
        let thread = client.thread(&id).await;
        assert_eq!(thread["status"], "TODO");
        let inbound = &thread["lastInboundMessageInfo"];
        assert_eq!(
            millis(&inbound["timestamp"]),
            millis(&entries[1]["timestamp"])
        );
    }
}

#[tokio::test]
async fn a_reply_arrives_by_itself_when_its_time_has_come() {
    let client = Client::new(Seed::Empty).await;
    let customer = client.customer("ada").await;
    let id = client.new_thread(&customer, "API").await;
    client
        .sandbox
        .behave(|it| it.reply_delay = Duration::from_millis(300));
    let sent = std::time::Instant::now();
    client.reply(&id, Some("ada"), json!({})).await;
    while client
        .entries(&id, json!({ "entryTypes": ["EMAIL"] }))
        .await
        .is_empty()
    {
        assert!(sent.elapsed() < Duration::from_secs(10));
        tokio::task::yield_now().await;
    }
    assert!(sent.elapsed() >= Duration::from_millis(290), "not before");
}

#[tokio::test]
async fn other_channels_know_no_delay() {
    let client = Client::new(Seed::Empty).await;
    let customer = client.customer("ada").await;
    client.sandbox.behave(|it| it.reply_delay = Duration::MAX);
    for (channel, messages) in [("CHAT", 2), ("SLACK", 2), ("API", 1)] {
        let id = client.new_thread(&customer, channel).await;
        client.reply(&id, Some("ada"), json!({})).await;
        let entries = client.entries(&id, json!({ "isMessage": true })).await;
        assert_eq!(entries.len(), messages, "{channel}");
    }
}
