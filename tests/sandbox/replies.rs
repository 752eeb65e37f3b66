//! Messages and notes in a thread.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn a_customer_replies_in_the_threads_own_way() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    client.customer("bob").await;
    for (channel, kinds) in [
        ("API", ["EmailEntry"; 2]),
        ("EMAIL", ["EmailEntry"; 2]),
        ("CHAT", ["ChatEntry"; 2]),
        ("SLACK", ["SlackMessageEntry", "SlackReplyEntry"]),
    ] {
        let thread = client.new_thread(&ada, channel).await;
        client
            .status("markThreadAsDone", json!({ "threadId": thread }))
            .await;
        for kind in kinds {
            assert_eq!(
                client.reply(&thread, Some("bob"), json!({})).await,
                Value::Null,
                "{channel}"
            );
            let newest = &client.entries(&thread, json!({ "isMessage": true })).await[0];
            assert_eq!(newest["entry"]["__typename"], kind, "{channel}");
            assert_eq!(newest["actor"]["customer"]["externalId"], "bob");
            assert_eq!(newest["customerId"], ada, "the thread's customer");
            let after = client.thread(&thread).await;
            assert_eq!(
                (&after["status"], &after["statusDetail"]["__typename"]),
                (&json!("TODO"), &json!("ThreadStatusDetailNewReply"))
            );
            assert_eq!(
                after["lastInboundMessageInfo"]["timestamp"],
                newest["timestamp"]
            );
            assert_eq!(after["lastOutboundMessageInfo"], Value::Null);
        }
    }
}

#[tokio::test]
async fn a_reply_by_mail_has_its_recipients() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "API").await;
    let options = json!({ "email": { "additionalRecipients": [{ "email": "cc@y.example" }], "hiddenRecipients": [{ "email": "bcc@y.example" }] } });
    let more = json!({ "channelSpecificOptions": options });
    assert_eq!(
        client.reply(&thread, Some("ada"), more.clone()).await,
        Value::Null
    );
    let mail = &client
        .entries(&thread, json!({ "entryTypes": ["EMAIL"] }))
        .await[0]["entry"];
    assert_eq!(
        (&mail["from"]["email"], &mail["to"]["email"]),
        (&json!("ada@x.example"), &json!("support@fieldnote.example"))
    );
    assert_eq!(
        mail["additionalRecipients"],
        json!([{ "email": "cc@y.example" }])
    );
    assert_eq!(
        mail["hiddenRecipients"],
        json!([{ "email": "bcc@y.example" }])
    );
    assert_eq!(
        (
            &mail["markdownContent"],
            &mail["category"],
            &mail["sendStatus"]
        ),
        (&json!("Any **news**?"), &json!("MESSAGING"), &Value::Null)
    );
    assert!(
        mail["receivedAt"]["iso8601"]
            .as_str()
            .unwrap()
            .ends_with('Z')
    );
    let chat = client.new_thread(&ada, "CHAT").await;
    assert_eq!(
        client.reply(&chat, Some("ada"), more).await["fields"][0]["field"],
        "channelSpecificOptions.email"
    );
}

#[tokio::test]
async fn a_reply_without_impersonation_is_the_machine_users() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "API").await;
    let before = client.thread(&thread).await;
    assert_eq!(client.reply(&thread, None, json!({})).await, Value::Null);
    let newest = &client.entries(&thread, Value::Null).await[0];
    assert_eq!(newest["actor"]["__typename"], "MachineUserActor");
    assert_eq!(
        (
            &newest["entry"]["to"]["email"],
            &newest["entry"]["sendStatus"]
        ),
        (&json!("ada@x.example"), &json!("SENT"))
    );
    let after = client.thread(&thread).await;
    assert_eq!(after["lastOutboundMessageInfo"]["messageSource"], "EMAIL");
    assert_eq!(
        after["lastInboundMessageInfo"],
        before["lastInboundMessageInfo"]
    );
    assert_eq!(
        (&after["status"], &after["statusDetail"]["__typename"]),
        (&json!("TODO"), &json!("ThreadStatusDetailInProgress"))
    );
}

#[tokio::test]
async fn replies_that_are_not_possible_are_refused_and_leave_no_trace() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let internal = client.new_thread(&ada, "INTERNAL").await;
    let teams = client.new_thread(&ada, "MS_TEAMS").await;
    let chat = client.new_thread(&ada, "CHAT").await;
    assert_eq!(
        client.reply(&internal, None, json!({})).await["code"],
        "cannot_reply_to_thread"
    );
    assert_eq!(
        client.reply(&internal, Some("ada"), json!({})).await["code"],
        "cannot_reply_to_thread"
    );
    assert_eq!(
        client.reply(&teams, Some("ada"), json!({})).await["code"],
        "cannot_reply_to_thread"
    );
    assert_eq!(
        client.reply(&chat, Some("nobody"), json!({})).await["code"],
        "not_found"
    );
    assert_eq!(
        client.reply("th_none", None, json!({})).await["code"],
        "not_found"
    );
    assert_eq!(
        client
            .reply(&chat, None, json!({ "textContent": " " }))
            .await["fields"][0]["field"],
        "textContent"
    );
    assert_eq!(
        client
            .reply(&chat, None, json!({ "attachmentIds": ["att_1"] }))
            .await["code"],
        "attachment_not_uploaded"
    );
    for thread in [&internal, &teams, &chat] {
        assert_eq!(client.entries(thread, Value::Null).await.len(), 1);
    }
    assert_eq!(client.reply(&teams, None, json!({})).await, Value::Null);
    assert_eq!(
        client.entries(&teams, Value::Null).await[0]["entry"]["__typename"],
        "MSTeamsMessageEntry"
    );
}

#[tokio::test]
async fn notes_are_entries_but_no_messages() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    let before = client.thread(&thread).await;
    let query = "mutation ($input: CreateNoteInput!) { createNote(input: $input) { note { id text customer { id } } error { code } } }";
    let input = json!({ "customerId": ada, "threadId": thread, "text": "Between us" });
    let note = client.data(query, json!({ "input": input })).await;
    assert_eq!(
        (
            &note["createNote"]["note"]["text"],
            &note["createNote"]["note"]["customer"]["id"]
        ),
        (&json!("Between us"), &json!(ada))
    );
    assert_eq!(
        client.entries(&thread, Value::Null).await[0]["entry"]["__typename"],
        "NoteEntry"
    );
    assert_eq!(
        client
            .entries(&thread, json!({ "isMessage": true }))
            .await
            .len(),
        1
    );
    assert_eq!(
        client
            .entries(&thread, json!({ "isMessage": false }))
            .await
            .len(),
        1
    );
    let after = client.thread(&thread).await;
    assert_eq!(after["previewText"], "Between us");
    for same in [
        "status",
        "lastInboundMessageInfo",
        "lastOutboundMessageInfo",
    ] {
        assert_eq!(after[same], before[same]);
    }
    let input = json!({ "customerId": ada, "threadId": "th_none", "text": "Between us" });
    assert_eq!(
        client.data(query, json!({ "input": input })).await["createNote"]["error"]["code"],
        "not_found"
    );
}
