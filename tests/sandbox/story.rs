//! The story that a sandbox begins with.

use std::collections::HashSet;

use plain_portal::sandbox::{Seed, seed::PEOPLE};
use serde_json::{Value, json};

use crate::client::{Client, ENTRY, THREAD, millis, nodes, text};

#[tokio::test]
async fn the_story_is_whole_and_in_the_past() {
    let client = Client::new(Seed::Story).await;
    let query = format!("query ($first: Int, $after: String) {{ threads(first: 100) {{ edges {{ node {{ {THREAD}
        timelineEntries(first: $first, after: $after) {{ edges {{ node {{ {ENTRY} }} }} }} }} }} }} }}");
    let data = client.data(&query, json!({ "first": 100 })).await;
    let threads = nodes(&data["threads"]);
    assert!((30..=45).contains(&threads.len()), "{}", threads.len());
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis() as i64;
    let mut kinds = HashSet::new();
    for thread in &threads {
        let entries = nodes(&thread["timelineEntries"]);
        assert!(!entries.is_empty());
        assert!(
            entries.iter().all(|it| millis(&it["timestamp"]) <= now),
            "{}",
            thread["title"]
        );
        kinds.extend(entries.iter().map(|it| text(&it["entry"]["__typename"])));
        assert!(thread["description"].is_string());
    }
    for kind in [
        "CustomEntry",
        "EmailEntry",
        "ChatEntry",
        "SlackMessageEntry",
        "SlackReplyEntry",
        "NoteEntry",
        "ThreadStatusTransitionedEntry",
        "ThreadAssignmentTransitionedEntry",
        "ThreadPriorityChangedEntry",
        "ThreadLabelsChangedEntry",
        "MergedThreadMessageEntry",
        "ThreadEventEntry",
    ] {
        assert!(kinds.contains(kind), "{kind}");
    }
    for status in [
        "ThreadStatusDetailCreated",
        "ThreadStatusDetailNewReply",
        "ThreadStatusDetailInProgress",
        "ThreadStatusDetailWaitingForCustomer",
        "ThreadStatusDetailWaitingForDuration",
        "ThreadStatusDetailDoneManuallySet",
        "ThreadStatusDetailDoneAutomaticallySet",
    ] {
        assert!(
            threads
                .iter()
                .any(|it| it["statusDetail"]["__typename"] == status),
            "{status}"
        );
    }
    assert_eq!(
        threads.iter().filter(|it| it["tenant"].is_null()).count(),
        1
    );
    assert_eq!(
        threads
            .iter()
            .filter(|it| it["channel"] == "INTERNAL")
            .count(),
        1
    );
    let whole = data.to_string();
    for canary in [
        "crm-archive@fieldnote-staff.example",
        "Okonkwo-Vance",
        "Theodor Brandvold",
    ] {
        assert!(whole.contains(canary), "{canary}");
    }
}

#[tokio::test]
async fn the_story_is_the_same_at_each_start() {
    let query = "{ threads(first: 100, sortBy: { field: CREATED_AT, direction: ASC }) { edges { node { id ref title status
        customer { id fullName } timelineEntries(first: 100) { edges { node { id entry { __typename } } } } } } } }";
    let one = Client::new(Seed::Story).await.data(query, json!({})).await;
    let two = Client::new(Seed::Story).await.data(query, json!({})).await;
    assert_eq!(one, two);
}

#[tokio::test]
async fn the_people_of_the_story_are_customers_of_their_tenants() {
    let client = Client::new(Seed::Story).await;
    let query = "query ($id: ID!) { customerByExternalId(externalId: $id) { fullName email { email isVerified }
        tenantMemberships { edges { node { tenant { externalId name } } } } } }";
    for person in PEOPLE {
        let data = client
            .data(query, json!({ "id": person.external_id }))
            .await;
        let customer = &data["customerByExternalId"];
        assert_eq!(customer["fullName"], person.name);
        assert_eq!(
            customer["email"],
            json!({ "email": person.email, "isVerified": true })
        );
        let tenants: Vec<Value> = nodes(&customer["tenantMemberships"])
            .iter()
            .map(|it| it["tenant"].clone())
            .collect();
        let expected: Vec<Value> = person
            .tenants
            .iter()
            .map(|(id, name)| json!({ "externalId": id, "name": name }))
            .collect();
        assert_eq!(tenants, expected);
    }
    assert_eq!(
        PEOPLE
            .iter()
            .filter(|person| person.tenants.len() == 2)
            .count(),
        1
    );
}
