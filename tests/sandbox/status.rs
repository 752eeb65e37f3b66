//! The status of a thread.

use std::time::Duration;

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, millis, problems};

#[tokio::test]
async fn status_changes_are_in_the_timeline() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "API").await;
    let id = json!({ "threadId": thread });
    let with = |key: &str, value: Value| {
        let mut input = id.clone();
        input[key] = value;
        input
    };
    let done = client.status("markThreadAsDone", id.clone()).await;
    assert_eq!(
        (
            &done["thread"]["status"],
            &done["thread"]["statusDetail"]["__typename"]
        ),
        (&json!("DONE"), &json!("ThreadStatusDetailDoneManuallySet"))
    );
    let again = client.status("markThreadAsDone", id.clone()).await;
    assert_eq!(again["thread"], done["thread"], "nothing to change");
    let entries = client.entries(&thread, Value::Null).await;
    assert_eq!(entries.len(), 2);
    assert_eq!(
        entries[0]["entry"],
        json!({ "__typename": "ThreadStatusTransitionedEntry", "previousStatus": "TODO", "nextStatus": "DONE",
        "nextStatusDetail": { "__typename": "ThreadStatusDetailDoneManuallySet" } })
    );
    assert_eq!(
        entries[0]["timestamp"]["unixTimestamp"],
        done["thread"]["statusChangedAt"]["unixTimestamp"]
    );
    let open = client
        .status("markThreadAsTodo", with("statusDetail", json!("NEW_REPLY")))
        .await;
    assert_eq!(
        open["thread"]["statusDetail"]["__typename"],
        "ThreadStatusDetailNewReply"
    );
    let waits = client
        .status(
            "snoozeThread",
            with("statusDetail", json!("WAITING_FOR_CUSTOMER")),
        )
        .await;
    assert_eq!(
        (
            &waits["thread"]["status"],
            &waits["thread"]["statusDetail"]["__typename"]
        ),
        (
            &json!("SNOOZED"),
            &json!("ThreadStatusDetailWaitingForCustomer")
        )
    );
    let sleeps = client
        .status("snoozeThread", with("durationSeconds", json!(60)))
        .await["thread"]
        .take();
    assert_eq!(
        millis(&sleeps["statusDetail"]["waitingUntil"]) - millis(&sleeps["statusChangedAt"]),
        60_000
    );
    for input in [
        with("durationSeconds", json!(0)),
        with("statusDetail", json!("WAITING_FOR_DURATION")),
    ] {
        assert_eq!(
            client.status("snoozeThread", input).await["error"]["fields"][0]["field"],
            "durationSeconds"
        );
    }
    assert_eq!(
        client
            .entries(
                &thread,
                json!({ "entryTypes": ["THREAD_STATUS_TRANSITIONED"] })
            )
            .await
            .len(),
        4
    );
    let lost = client
        .status("markThreadAsDone", json!({ "threadId": "th_none" }))
        .await;
    assert_eq!(
        (&lost["thread"], &lost["error"]["code"]),
        (&Value::Null, &json!("not_found"))
    );
}

#[tokio::test]
async fn a_thread_that_sleeps_wakes_by_itself() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    let sleep = json!({ "threadId": thread, "durationSeconds": 1 });
    let asleep = client.status("snoozeThread", sleep).await["thread"].take();
    assert_eq!(asleep["status"], "SNOOZED");
    let awake = tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            let now = client.thread(&thread).await;
            if now["status"] != "SNOOZED" {
                return now;
            }
        }
    });
    let awake = awake.await.expect("it never woke");
    assert_eq!(
        (&awake["status"], &awake["statusChangedAt"]["unixTimestamp"]),
        (
            &json!("TODO"),
            &asleep["statusDetail"]["waitingUntil"]["unixTimestamp"]
        )
    );
}

#[tokio::test]
async fn each_status_has_the_details_that_belong_to_it() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    for (mutation, detail, status, shown) in [
        ("markThreadAsDone", Value::Null, "DONE", "DoneManuallySet"),
        ("markThreadAsDone", json!("IGNORED"), "DONE", "Ignored"),
        (
            "markThreadAsDone",
            json!("DONE_MANUALLY_SET"),
            "DONE",
            "DoneManuallySet",
        ),
        (
            "markThreadAsDone",
            json!("DONE_AUTOMATICALLY_SET"),
            "DONE",
            "DoneAutomaticallySet",
        ),
        (
            "markThreadAsDone",
            json!("TIMER_EXPIRED"),
            "DONE",
            "DoneAutomaticallySet",
        ),
        ("markThreadAsTodo", Value::Null, "TODO", "InProgress"),
        ("markThreadAsTodo", json!("CREATED"), "TODO", "Created"),
        (
            "markThreadAsTodo",
            json!("IN_PROGRESS"),
            "TODO",
            "InProgress",
        ),
        ("markThreadAsTodo", json!("NEW_REPLY"), "TODO", "NewReply"),
        (
            "markThreadAsTodo",
            json!("THREAD_LINK_UPDATED"),
            "TODO",
            "ThreadLinkUpdated",
        ),
        (
            "markThreadAsTodo",
            json!("THREAD_DISCUSSION_RESOLVED"),
            "TODO",
            "ThreadDiscussionResolved",
        ),
        ("snoozeThread", Value::Null, "SNOOZED", "WaitingForCustomer"),
        (
            "snoozeThread",
            json!("WAITING_FOR_CUSTOMER"),
            "SNOOZED",
            "WaitingForCustomer",
        ),
    ] {
        let done = client
            .status(
                mutation,
                json!({ "threadId": thread, "statusDetail": detail }),
            )
            .await;
        let shown = format!("ThreadStatusDetail{shown}");
        assert_eq!(done["error"], Value::Null);
        assert_eq!(
            (
                &done["thread"]["status"],
                &done["thread"]["statusDetail"]["__typename"]
            ),
            (&json!(status), &json!(shown)),
            "{mutation} {detail}"
        );
    }
    let sleep = json!({ "threadId": thread, "statusDetail": "WAITING_FOR_DURATION", "durationSeconds": 3600 });
    let asleep = client.status("snoozeThread", sleep).await;
    assert_eq!(
        asleep["thread"]["statusDetail"]["__typename"],
        "ThreadStatusDetailWaitingForDuration"
    );
    let both = json!({ "threadId": thread, "statusDetail": "WAITING_FOR_CUSTOMER", "durationSeconds": 3600 });
    assert_eq!(
        problems(&client.status("snoozeThread", both).await),
        ["durationSeconds VALIDATION"]
    );
    // A detail of another status is no value of the argument's type.
    let query = "mutation ($input: MarkThreadAsDoneInput!) { markThreadAsDone(input: $input) { error { code } } }";
    let input = json!({ "threadId": thread, "statusDetail": "NEW_REPLY" });
    assert_eq!(
        client.error(query, json!({ "input": input })).await.0,
        "BAD_USER_INPUT"
    );
}

#[tokio::test]
async fn a_priority_is_changed_once() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    for _ in 0..2 {
        let done = client
            .status(
                "changeThreadPriority",
                json!({ "threadId": thread, "priority": 0 }),
            )
            .await;
        assert_eq!(
            (&done["error"], &done["thread"]["priority"]),
            (&Value::Null, &json!(0))
        );
    }
    let query = "query ($id: ID!) { thread(threadId: $id) { timelineEntries(filters: { entryTypes: [THREAD_PRIORITY_CHANGED] }) {
        edges { node { entry { ... on ThreadPriorityChangedEntry { previousPriority nextPriority } } } } } } }";
    let data = client.data(query, json!({ "id": thread })).await;
    let entry = json!({ "previousPriority": 2, "nextPriority": 0 });
    assert_eq!(
        data["thread"]["timelineEntries"]["edges"],
        json!([{ "node": { "entry": entry } }])
    );
}
