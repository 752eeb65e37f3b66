//! What is refused before it runs, by the letter of the GraphQL specification.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::Client;

/// The code and the message of each error, for requests that differ in their query.
async fn refusals(client: &Client, queries: &[&str], variables: Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for query in queries {
        let answer = client.answer(query, variables.clone()).await;
        assert_eq!(answer["data"], Value::Null, "{query}");
        all.push(client.error(query, variables.clone()).await);
    }
    all
}

#[tokio::test]
async fn a_document_must_fit_the_schema() {
    let client = Client::new(Seed::Empty).await;
    let invalid = [
        "{ nothing }",
        "{ thread { id } }",
        "{ thread(threadId: \"th_1\", extra: 1) { id } }",
        "{ thread(threadId: \"th_1\") }",
        "{ thread(threadId: \"th_1\") { id { id } } }",
        "{ threads(first: \"1\") { totalCount } }",
        "{ threads(first: 1.5) { totalCount } }",
        "{ threads(filters: { statuses: [NONE] }) { totalCount } }",
        "{ threads(filters: { statuses: [\"TODO\"] }) { totalCount } }",
        "{ threads(filters: { not: { statuses: \"TODO\" } }) { totalCount } }",
        "{ threads(filters: { nothing: 1 }) { totalCount } }",
        "{ threads(sortBy: { field: PRIORITY }) { totalCount } }",
        "mutation { markThreadAsDone(input: {}) { error { code } } }",
        "query ($id: Nothing) { thread(threadId: $id) { id } }",
        "query ($id: ID) { thread(threadId: \"th_1\") { id } }",
        "{ thread(threadId: $id) { id } }",
        "{ ...none }",
        "{ thread(threadId: \"th_1\") { ...a } } fragment a on Customer { id }",
    ];
    for (code, message) in refusals(&client, &invalid, json!({})).await {
        assert_eq!(code, "GRAPHQL_VALIDATION_FAILED", "{message}");
    }
}

#[tokio::test]
async fn a_variable_is_used_only_where_its_type_is_allowed() {
    let client = Client::new(Seed::Empty).await;
    let not_allowed = [
        "query ($v: String!) { thread(threadId: $v) { id } }",
        "query ($v: ID) { thread(threadId: $v) { id } }",
        "query ($v: ID = null) { thread(threadId: $v) { id } }",
        "query ($v: ID!) { threadByRef(ref: $v) { id } }",
        "query ($v: [ID]!) { threads(filters: { threadIds: $v }) { totalCount } }",
        "query ($v: [String!]) { threads(filters: { threadIds: $v }) { totalCount } }",
        "query ($v: ID!) { threads(filters: { threadIds: $v }) { totalCount } }",
        "query ($v: ID) { threads(filters: { threadIds: [$v] }) { totalCount } }",
        "query ($v: String) { threads(filters: { not: { or: [{ threadIds: [$v] }] } }) { totalCount } }",
        "query ($v: Boolean) { thread(threadId: \"a\") { id @include(if: $v) } }",
        "query ($v: String!) { ...a } fragment a on Query { thread(threadId: $v) { id } }",
        "query ($v: String!) { ... on Query { thread(threadId: $v) { id } } }",
        "query ($v: String!) { threads { edges { node { timelineEntries(first: $v) { edges { cursor } } } } } }",
        "query Named($v: String!) { thread(threadId: $v) { id } }",
        "mutation ($v: String!) { markThreadAsDone(input: { threadId: $v }) { error { code } } }",
        "mutation ($v: ID!) { markThreadAsDone(input: $v) { error { code } } }",
    ];
    for (code, message) in refusals(&client, &not_allowed, json!({ "v": "th_1" })).await {
        assert_eq!(code, "GRAPHQL_VALIDATION_FAILED");
        assert!(message.starts_with("Variable \"$v\" of type "), "{message}");
    }
    for allowed in [
        "query ($v: ID!) { thread(threadId: $v) { id } }",
        "query ($v: ID = \"a\") { thread(threadId: $v) { id } }",
        "query ($v: [ID!]!) { threads(filters: { threadIds: $v }) { totalCount } }",
        "query ($v: ID!) { threads(filters: { threadIds: [$v] }) { totalCount } }",
        "query ($v: String) { threads(filters: { createdAt: { after: $v } }) { totalCount } }",
    ] {
        let v = if allowed.contains("String") {
            json!("2026-01-01T00:00:00Z")
        } else {
            json!("th_1")
        };
        client.data(allowed, json!({ "v": v })).await;
    }
}

#[tokio::test]
async fn a_variable_has_a_value_of_its_type() {
    let client = Client::new(Seed::Empty).await;
    let bad = async |ty: &str, value: Value, why: &str| {
        let place = match ty.trim_end_matches('!') {
            "ID" => "thread(threadId: $v) { id }",
            "Int" => "threads(first: $v) { totalCount }",
            "String" => "threads(after: $v) { totalCount }",
            "ThreadsFilter" => "threads(filters: $v) { totalCount }",
            "ThreadsSort" => "threads(sortBy: $v) { totalCount }",
            "Boolean" => "threads { totalCount @include(if: $v) }",
            other => panic!("{other}"),
        };
        let query = format!("query ($v: {ty}) {{ {place} }}");
        let variables = match value {
            Value::String(ref text) if text == "(none)" => json!({}),
            value => json!({ "v": value }),
        };
        let (code, message) = client.error(&query, variables).await;
        assert_eq!(code, "BAD_USER_INPUT", "{message}");
        assert!(
            message.starts_with("Variable \"$v\" got invalid value: "),
            "{message}"
        );
        assert!(message.contains(why), "{message}");
    };
    bad(
        "ID!",
        json!("(none)"),
        "a value of type \"ID!\" is required",
    )
    .await;
    bad("ID!", Value::Null, "v of type \"ID!\" must not be null").await;
    bad("ID!", json!(true), "not of type \"ID\"").await;
    bad("ID!", json!(1.5), "not of type \"ID\"").await;
    bad("ID!", json!(["th_1"]), "not of type \"ID\"").await;
    bad("String", json!(1), "v is 1, not of type \"String\"").await;
    bad("Int", json!("1"), "not of type \"Int\"").await;
    bad("Int", json!(2_147_483_648_i64), "not of type \"Int\"").await;
    bad("Boolean!", json!("true"), "not of type \"Boolean\"").await;
    bad("ThreadsFilter", json!("x"), "v must be an object").await;
    bad(
        "ThreadsFilter",
        json!({ "nothing": 1 }),
        "The sandbox has no `ThreadsFilter.nothing`",
    )
    .await;
    bad(
        "ThreadsFilter",
        json!({ "statuses": ["NONE"] }),
        "v.statuses[0] is \"NONE\"",
    )
    .await;
    bad(
        "ThreadsFilter",
        json!({ "statuses": [1] }),
        "v.statuses[0] is 1",
    )
    .await;
    bad(
        "ThreadsFilter",
        json!({ "statuses": [null] }),
        "v.statuses[0] of type \"ThreadStatus!\"",
    )
    .await;
    bad(
        "ThreadsFilter",
        json!({ "not": { "isAssigned": "yes" } }),
        "v.not.isAssigned is \"yes\"",
    )
    .await;
    bad(
        "ThreadsSort",
        json!({ "field": "PRIORITY" }),
        "v.direction of type \"SortDirection!\" is required",
    )
    .await;
    // A whole number is an id, a single value is a list of one, and what is not declared is not looked at.
    let query = "query ($id: ID!, $filter: ThreadsFilter) { thread(threadId: $id) { id } threads(filters: $filter) { totalCount } }";
    let variables = json!({ "id": 7, "filter": { "statuses": "TODO", "not": null }, "more": [] });
    assert_eq!(
        client.data(query, variables).await,
        json!({ "thread": null, "threads": { "totalCount": 0 } })
    );
}

#[tokio::test]
async fn only_the_operation_that_runs_needs_values() {
    let client = Client::new(Seed::Empty).await;
    let document = "query one($id: ID!) { thread(threadId: $id) { id } } query two { myWorkspace { publicName } }";
    let run = async |name: Option<&str>| {
        let body = json!({ "query": document, "operationName": name, "variables": {} }).to_string();
        client.post(Some("Bearer plainApiKey_x"), body).await.1
    };
    let code = |answer: &Value| answer["errors"][0]["extensions"]["code"].clone();
    assert_eq!(
        run(Some("two")).await["data"]["myWorkspace"]["publicName"],
        "Fieldnote"
    );
    assert_eq!(code(&run(Some("one")).await), "BAD_USER_INPUT");
    assert_eq!(code(&run(Some("three")).await), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(code(&run(None).await), "GRAPHQL_VALIDATION_FAILED");
}
