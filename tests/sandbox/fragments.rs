//! Fragments on unions.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::Client;

/// What a selection from the workspace's maker, the system, answers.
async fn of_the_system(selection: &str) -> Value {
    let client = Client::new(Seed::Empty).await;
    let query = format!(
        "{{ myWorkspace {{ createdBy {{ {selection} }} }} }}
        fragment Anybody on Actor {{ ... on UserActor {{ userId }} ...System ... on CustomerActor {{ ...Customer }} }}
        fragment System on SystemActor {{ systemId }}
        fragment Customer on CustomerActor {{ customerId }}"
    );
    let mut data = client.data(&query, Value::Null).await;
    data["myWorkspace"]["createdBy"].take()
}

#[tokio::test]
async fn one_on_another_union_applies_to_the_members_that_they_share() {
    let system = json!({ "systemId": "system" });
    for (selection, expected) in [
        ("...Anybody", system.clone()),
        ("... on Actor { ...Anybody }", system.clone()),
        ("... on Actor { ... { ...Anybody } }", system.clone()),
        ("...Anybody @include(if: true)", system.clone()),
        ("...Anybody @skip(if: true)", json!({})),
        (
            "... on Actor { __typename } ... on InternalActor { ...Anybody }",
            json!({ "__typename": "SystemActor", "systemId": "system" }),
        ),
        (
            "... on SystemActor { ... on Actor { __typename ...Anybody } }",
            json!({ "__typename": "SystemActor", "systemId": "system" }),
        ),
    ] {
        assert_eq!(of_the_system(selection).await, expected, "{selection}");
    }
}

#[tokio::test]
async fn an_object_of_which_nothing_was_selected_is_empty_and_not_null() {
    for selection in [
        "... on UserActor { userId }",
        "... on Actor { ... on CustomerActor { ...Customer } } ...Anybody @skip(if: true)",
        "__typename @skip(if: true)",
    ] {
        let used = "... on UserActor { user { id @skip(if: true) } } ...Anybody @skip(if: true)";
        let answer = of_the_system(&format!("{selection} {used}")).await;
        assert_eq!(answer, json!({}), "{selection}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_one_is_refused() {
    let client = Client::new(Seed::Empty).await;
    for (selection, fragment, why) in [
        ("id", "fragment F on Actor { __typename }", "never used"),
        (
            "createdBy { ...F }",
            "fragment F on Actor { ...G } fragment G on Actor { ...F }",
            "recursion",
        ),
        ("createdBy { ...F }", "", "F"),
        (
            "createdBy { ...F }",
            "fragment F on ThreadAssignee { __typename }",
            "ThreadAssignee",
        ),
        (
            "createdBy { ... on CustomerActor { customerId } }",
            "",
            "CustomerActor",
        ),
        (
            "createdBy { ...F }",
            "fragment F on Nobody { __typename }",
            "Nobody",
        ),
        ("createdBy", "", "createdBy"),
    ] {
        let query = format!("{{ myWorkspace {{ {selection} }} }} {fragment}");
        let (code, message) = client.error(&query, Value::Null).await;
        assert_eq!(code, "GRAPHQL_VALIDATION_FAILED", "{message}");
        assert!(message.contains(why), "{message}");
    }
}
