//! What the sandbox has not, and how it says so.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn each_thing_that_is_missing_is_named() {
    let client = Client::new(Seed::Empty).await;
    for (query, missing) in [
        ("{ snippets { id } }", vec!["Query.snippets"]),
        (
            "mutation ($input: CreateSnippetInput!) { createSnippet(input: $input) { error { message } } }",
            vec!["Mutation.createSnippet", "CreateSnippetInput"],
        ),
        (
            "{ threads(first: 1, colour: RED) { totalCount edges { node { mood customer { id shoeSize } } } } }",
            vec!["Query.threads(colour:)", "Thread.mood", "Customer.shoeSize"],
        ),
        (
            "{ threads(filters: { and: [{ mood: \"bad\" }] }) { totalCount } }",
            vec!["ThreadsFilter.mood"],
        ),
        (
            "{ myWorkspace { ...W createdBy { ... on AgentActor { id } } } } fragment W on Workspace { logo { id } }",
            vec!["AgentActor", "Workspace.logo"],
        ),
        (
            "{ myWorkspace { mood again: mood } }",
            vec!["Workspace.mood"],
        ),
        ("subscription { threads { id } }", vec!["Subscription"]),
    ] {
        let answer = client.answer(query, Value::Null).await;
        assert_eq!(answer["data"], Value::Null);
        let errors = answer["errors"].as_array().unwrap();
        assert_eq!(errors.len(), missing.len(), "{answer}");
        for (error, missing) in errors.iter().zip(missing) {
            let message = error["message"].as_str().unwrap();
            assert!(
                message.starts_with(&format!("The sandbox has no `{missing}`. ")),
                "{message}"
            );
            assert!(message.contains("docs/sandbox.md"));
            assert_eq!(
                error["extensions"],
                json!({ "code": "GRAPHQL_VALIDATION_FAILED" })
            );
            assert!(error["locations"][0]["line"].is_number());
        }
    }
}

#[tokio::test]
async fn what_is_missing_in_a_variable_is_named() {
    let client = Client::new(Seed::Empty).await;
    let query = "query ($filters: ThreadsFilter) { threads(filters: $filters) { totalCount } }";
    let filters = json!({ "filters": { "not": { "mood": "bad" } } });
    let (code, message) = client.error(query, filters).await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(
        message
            .contains("filters.not has a field \"mood\". The sandbox has no `ThreadsFilter.mood`"),
        "{message}"
    );
}

#[tokio::test]
async fn nothing_is_missing_of_what_graphql_itself_has() {
    let client = Client::new(Seed::Empty).await;
    let query = "query ($if: Boolean!, $n: Int) { __typename __schema { queryType { name } } __type(name: \"Thread\") { ...T }
        threads(first: $n) { totalCount @include(if: $if) edges { __typename } } } fragment T on __Type { name }";
    let data = client.data(query, json!({ "if": true, "n": 1 })).await;
    assert_eq!(data["__type"]["name"], "Thread");
}
