//! Whom threads are assigned to, and what they are called.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, problems, text};

const ASSIGNED: &str = "thread { assignedAt { iso8601 } assignedTo { __typename ... on User { id } ... on MachineUser { id } } updatedAt { iso8601 } }";

/// The assignees of a thread as its timeline has them, before and after, newest first.
async fn transitions(client: &Client, thread: &str) -> Vec<Value> {
    let query = "query ($id: ID!) { thread(threadId: $id) { timelineEntries(filters: { entryTypes: [THREAD_ASSIGNMENT_TRANSITIONED] }) { edges { node { entry {
        ... on ThreadAssignmentTransitionedEntry { previousAssignee { __typename } nextAssignee { __typename } } } } } } } }";
    let data = client.data(query, json!({ "id": thread })).await;
    let edges = data["thread"]["timelineEntries"]["edges"]
        .as_array()
        .unwrap()
        .clone();
    let entries = edges
        .into_iter()
        .map(|mut edge| edge["node"]["entry"].take());
    let name = |assignee: &Value| assignee["__typename"].clone();
    entries
        .map(|it| json!([name(&it["previousAssignee"]), name(&it["nextAssignee"])]))
        .collect()
}

#[tokio::test]
async fn a_thread_goes_from_one_to_another() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "API").await;
    let people = "{ userByEmail(email: \"s.okonkwo-vance@fieldnote-staff.example\") { id } myMachineUser { id } }";
    let data = client.data(people, Value::Null).await;
    let (agent, machine) = (&data["userByEmail"]["id"], &data["myMachineUser"]["id"]);
    let assign = async |assignee: Value| {
        let mut input = assignee;
        input["threadId"] = json!(thread);
        client.mutate("assignThread", ASSIGNED, input).await
    };
    let to_agent = assign(json!({ "userId": agent })).await;
    assert_eq!(
        to_agent["thread"]["assignedTo"],
        json!({ "__typename": "User", "id": agent })
    );
    assert!(to_agent["thread"]["assignedAt"]["iso8601"].is_string());
    assert_eq!(
        assign(json!({ "userId": agent })).await,
        to_agent,
        "twice changes nothing"
    );
    let filters = json!({ "assignedToUser": [agent] });
    assert_eq!(
        client.threads(filters, Value::Null).await.0,
        std::slice::from_ref(&thread)
    );
    let to_machine = assign(json!({ "machineUserId": machine })).await;
    assert_eq!(to_machine["thread"]["assignedTo"]["id"], *machine);

    for _ in 0..2 {
        let free = client
            .mutate("unassignThread", ASSIGNED, json!({ "threadId": thread }))
            .await;
        assert_eq!(free["thread"]["assignedTo"], Value::Null);
        assert_eq!(free["thread"]["assignedAt"], Value::Null);
    }
    assert_eq!(
        transitions(&client, &thread).await,
        [
            json!(["MachineUser", null]),
            json!(["User", "MachineUser"]),
            json!([null, "User"]),
        ]
    );
    for (assignee, expected) in [
        (json!({}), "userId VALIDATION"),
        (
            json!({ "userId": agent, "machineUserId": machine }),
            "machineUserId VALIDATION",
        ),
        (json!({ "userId": machine }), "userId NOT_FOUND"),
        (json!({ "machineUserId": agent }), "machineUserId NOT_FOUND"),
    ] {
        assert_eq!(problems(&assign(assignee).await), [expected]);
    }
    assert_eq!(transitions(&client, &thread).await.len(), 3);
}

#[tokio::test]
async fn a_thread_gets_another_title() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "API").await;
    let rename = async |id: &str, title: &str| {
        let input = json!({ "threadId": id, "title": title });
        client
            .mutate("updateThreadTitle", "thread { title }", input)
            .await
    };
    let renamed = rename(&thread, "Something else").await;
    assert_eq!(text(&renamed["thread"]["title"]), "Something else");
    assert_eq!(problems(&rename(&thread, " ").await), ["title REQUIRED"]);
    assert_eq!(
        problems(&rename("th_none", "x").await),
        ["threadId NOT_FOUND"]
    );
}

#[tokio::test]
async fn others_look_after_a_thread_as_well() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let thread = client.new_thread(&ada, "API").await;
    let people = "{ sam: userByEmail(email: \"s.okonkwo-vance@fieldnote-staff.example\") { id }
        theo: userByEmail(email: \"t.brandvold@fieldnote-staff.example\") { id } myMachineUser { id } }";
    let data = client.data(people, Value::Null).await;
    let [sam, theo, machine] = ["sam", "theo", "myMachineUser"].map(|it| data[it]["id"].clone());
    let change = async |mutation: &str, more: Value| {
        let mut input = more;
        input["threadId"] = json!(thread);
        let selection = "thread { assignedTo { __typename } additionalAssignees { ... on User { id } ... on MachineUser { id } } }";
        client.mutate(mutation, selection, input).await
    };
    let add = async |more: Value| change("addAdditionalAssignees", more).await;
    let remove = async |more: Value| change("removeAdditionalAssignees", more).await;
    let are = |ids: &[&Value]| ids.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>();

    let added = add(json!({ "userIds": [theo], "machineUserIds": [machine] })).await;
    assert_eq!(
        added["thread"]["additionalAssignees"],
        json!(are(&[&theo, &machine]))
    );
    assert_eq!(added["thread"]["assignedTo"], Value::Null);
    let added = add(json!({ "userIds": [sam, theo] })).await;
    assert_eq!(
        added["thread"]["additionalAssignees"],
        json!(are(&[&theo, &machine, &sam]))
    );
    for _ in 0..2 {
        let removed = remove(json!({ "userIds": [theo] })).await;
        assert_eq!(
            removed["thread"]["additionalAssignees"],
            json!(are(&[&machine, &sam]))
        );
    }
    assert_eq!(problems(&add(json!({})).await), ["userIds REQUIRED"]);
    let nobody = json!({ "userIds": [sam, "u_none"], "machineUserIds": ["mu_none"] });
    let expected = ["userIds[1] NOT_FOUND", "machineUserIds[0] NOT_FOUND"];
    assert_eq!(problems(&add(nobody.clone()).await), expected);
    assert_eq!(problems(&remove(nobody).await), expected);
}
