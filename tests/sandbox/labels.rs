//! Labels: put on threads by agents, and on new threads by clients.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, nodes, text};

async fn label_type(client: &Client, name: &str) -> String {
    let selection = "labelType { id name type isArchived color externalId parentLabelType { id } }";
    let input = json!({ "name": name, "color": "#112233", "externalId": format!("ext-{name}") });
    let done = client.mutate("createLabelType", selection, input).await;
    assert_eq!(done["error"], Value::Null);
    let made = &done["labelType"];
    assert_eq!(
        (&made["name"], &made["type"], &made["isArchived"]),
        (&json!(name), &json!("DEFAULT"), &json!(false))
    );
    text(&made["id"])
}

/// Puts labels on a thread; answers the whole answer.
async fn add(client: &Client, thread: &str, types: &[&String]) -> Value {
    let selection = "labels { id labelType { id } } thread { labels { id labelType { name } } }";
    let input = json!({ "threadId": thread, "labelTypeIds": types });
    client.mutate("addLabels", selection, input).await
}

/// The names of a thread's labels.
fn names(thread: &Value) -> Vec<String> {
    let labels = thread["labels"].as_array().unwrap();
    labels
        .iter()
        .map(|it| text(&it["labelType"]["name"]))
        .collect()
}

#[tokio::test]
async fn labels_are_put_on_a_thread_and_taken_off() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    let (bug, billing) = (
        label_type(&client, "Bug").await,
        label_type(&client, "Billing").await,
    );
    let added = add(&client, &thread, &[&bug, &billing]).await;
    assert_eq!(
        (&added["error"], names(&added["thread"])),
        (&Value::Null, vec!["Bug".to_owned(), "Billing".to_owned()])
    );
    assert_eq!(added["labels"][0]["labelType"]["id"], json!(bug));
    let again = add(&client, &thread, &[&bug]).await;
    assert_eq!(
        again["error"]["code"],
        "label_with_given_type_already_added_to_thread"
    );
    assert_eq!(
        (&again["labels"], &again["thread"]),
        (&json!([]), &Value::Null)
    );
    let label = added["labels"][0]["id"].clone();
    let removed = client
        .mutate(
            "removeLabels",
            "thread { labels { id labelType { name } } }",
            json!({ "labelIds": [label] }),
        )
        .await;
    assert_eq!(names(&removed["thread"]), ["Billing"]);
    let gone = client
        .mutate("removeLabels", "", json!({ "labelIds": [label] }))
        .await;
    assert_eq!(gone["error"]["code"], "not_found");

    let query = "query ($id: ID!) { thread(threadId: $id) { timelineEntries(filters: { entryTypes: [THREAD_LABELS_CHANGED] }) {
        edges { node { entry { ... on ThreadLabelsChangedEntry { previousLabels { labelType { name } } nextLabels { labelType { name } } } } } } } } }";
    let data = client.data(query, json!({ "id": thread })).await;
    let entries = nodes(&data["thread"]["timelineEntries"]);
    let counts: Vec<(usize, usize)> = entries
        .iter()
        .map(|it| {
            ["previousLabels", "nextLabels"].map(|key| it["entry"][key].as_array().unwrap().len())
        })
        .map(|[from, to]| (from, to))
        .collect();
    assert_eq!(counts, [(2, 1), (0, 2)], "newest first");
    let (found, _) = client
        .threads(json!({ "labelTypeIds": [billing] }), Value::Null)
        .await;
    assert_eq!(found, [thread]);
}

#[tokio::test]
async fn labels_of_several_threads_are_not_taken_off_together() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let bug = label_type(&client, "Bug").await;
    let mut labels = Vec::new();
    for _ in 0..2 {
        let thread = client.new_thread(&ada, "CHAT").await;
        labels.push(add(&client, &thread, &[&bug]).await["labels"][0]["id"].clone());
    }
    let done = client
        .mutate("removeLabels", "", json!({ "labelIds": labels }))
        .await;
    assert_eq!(done["error"]["fields"][0]["field"], "labelIds[1]");
    let (all, _) = client
        .threads(json!({ "labelTypeIds": [bug] }), Value::Null)
        .await;
    assert_eq!(all.len(), 2, "nothing was removed");
}

#[tokio::test]
async fn an_archived_label_type_stays_where_it_is_and_goes_nowhere_else() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    let (bug, billing) = (
        label_type(&client, "Bug").await,
        label_type(&client, "Billing").await,
    );
    add(&client, &thread, &[&bug]).await;
    let archived = client
        .mutate(
            "archiveLabelType",
            "labelType { isArchived archivedAt { iso8601 } archivedBy { __typename } }",
            json!({ "labelTypeId": bug }),
        )
        .await;
    assert_eq!(archived["labelType"]["isArchived"], true);
    assert_eq!(
        archived["labelType"]["archivedBy"]["__typename"],
        "MachineUserActor"
    );
    let other = client.new_thread(&ada, "CHAT").await;
    for done in [
        add(&client, &other, &[&bug]).await,
        client
            .create_thread(
                json!({ "customerIdentifier": { "customerId": ada }, "labelTypeIds": [bug] }),
            )
            .await,
    ] {
        assert_eq!(
            done["error"]["code"],
            "cannot_add_label_using_archived_label_type"
        );
    }
    let data = client
        .data(
            "query ($id: ID!) { thread(threadId: $id) { labels { labelType { name } } } }",
            json!({ "id": thread }),
        )
        .await;
    assert_eq!(names(&data["thread"]), ["Bug"]);

    let list = "query ($filters: LabelTypeFilter) { labelTypes(filters: $filters) { edges { node { id } } } }";
    for (filters, ids) in [
        (Value::Null, vec![&bug, &billing]),
        (json!({ "isArchived": false }), vec![&billing]),
        (json!({ "isArchived": true }), vec![&bug]),
    ] {
        let data = client.data(list, json!({ "filters": filters })).await;
        let found: Vec<String> = nodes(&data["labelTypes"])
            .iter()
            .map(|it| text(&it["id"]))
            .collect();
        assert_eq!(found, ids.into_iter().cloned().collect::<Vec<_>>());
    }
    let data = client
        .data(
            "query ($id: ID!) { labelType(labelTypeId: $id) { name } labelTypeByExternalId(externalId: \"ext-Billing\") { id } }",
            json!({ "id": bug }),
        )
        .await;
    assert_eq!(
        data,
        json!({ "labelType": { "name": "Bug" }, "labelTypeByExternalId": { "id": billing } })
    );
}

#[tokio::test]
async fn a_new_thread_has_its_labels_at_once() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let (bug, billing) = (
        label_type(&client, "Bug").await,
        label_type(&client, "Billing").await,
    );
    let new = json!({ "customerIdentifier": { "customerId": ada }, "title": "a", "labelTypeIds": [bug, billing] });
    let id = text(&client.create_thread(new).await["thread"]["id"]);
    let data = client
        .data("query ($id: ID!) { thread(threadId: $id) { labels { labelType { name } } timelineEntries { edges { cursor } } } }", json!({ "id": id }))
        .await;
    assert_eq!(names(&data["thread"]), ["Bug", "Billing"]);
    assert_eq!(
        data["thread"]["timelineEntries"]["edges"],
        json!([]),
        "no line in the timeline"
    );
    let twice = json!({ "customerIdentifier": { "customerId": ada }, "title": "a", "labelTypeIds": [bug, bug] });
    let refused = client.create_thread(twice).await;
    assert_eq!(
        refused["error"]["code"],
        "label_with_given_type_already_added_to_thread"
    );
}
