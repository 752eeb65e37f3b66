//! What the API's HTTP promises: keys, statuses, introspection, an end.

use std::time::Duration;

use plain_portal::sandbox::{Options, Sandbox, Seed, behaviour::Behaviour};
use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn requests_without_an_api_key_are_refused() {
    let client = Client::new(Seed::Empty).await;
    let body = json!({ "query": "{ myPermissions { permissions } }" }).to_string();
    for key in [
        None,
        Some("Bearer other"),
        Some("plainApiKey_x"),
        Some("Bearer plainApiKey_"),
    ] {
        let (status, answer) = client.post(key, body.clone()).await;
        assert_eq!(
            (status, &answer["errors"][0]["extensions"]["code"]),
            (401, &json!("UNAUTHENTICATED"))
        );
    }
    assert_eq!(client.sandbox.calls(), Vec::<String>::new());
    let (status, answer) = client.post(Some("Bearer plainApiKey_x"), body).await;
    assert_eq!((status, answer.get("errors")), (200, None));
}

#[tokio::test]
async fn malformed_requests_are_400_and_failed_operations_are_200() {
    let client = Client::new(Seed::Empty).await;
    for body in ["{", "[]", "{\"variables\": {}}", "{\"query\": 1}"] {
        let (status, answer) = client
            .post(Some("Bearer plainApiKey_x"), body.to_owned())
            .await;
        assert_eq!(status, 400, "{body}");
        assert!(answer["errors"][0]["message"].is_string());
    }
    let code = async |query: &str, variables: Value| client.error(query, variables).await.0;
    assert_eq!(code("{ thread(", json!({})).await, "GRAPHQL_PARSE_FAILED");
    assert_eq!(
        code("{ nothing }", json!({})).await,
        "GRAPHQL_VALIDATION_FAILED"
    );
    let typed = "query a($id: ID!) { thread(threadId: $id) { id } }";
    assert_eq!(code(typed, json!({})).await, "BAD_USER_INPUT");
    assert_eq!(
        code("{ threads(first: 101) { totalCount } }", json!({})).await,
        "BAD_USER_INPUT"
    );
    assert_eq!(
        client.data(typed, json!({ "id": "th_none" })).await,
        json!({ "thread": null })
    );
}

#[tokio::test]
async fn calls_are_remembered_by_operation_name() {
    let client = Client::new(Seed::Empty).await;
    client
        .data("query Named { myWorkspace { name } }", json!({}))
        .await;
    client
        .data("{ myMachineUser { publicName } }", json!({}))
        .await;
    assert_eq!(client.sandbox.calls(), ["Named", "anonymous"]);
    client.sandbox.clone().forget_calls();
    assert!(client.sandbox.calls().is_empty());
}

#[tokio::test]
async fn a_stopped_sandbox_is_gone_even_for_those_who_wait() {
    let options = Options {
        behaviour: Behaviour {
            latency: Duration::from_secs(3600),
            ..Behaviour::default()
        },
        ..Options::default()
    };
    let sandbox = Sandbox::start("127.0.0.1:0".parse().unwrap(), options)
        .await
        .unwrap();
    let client = Client {
        sandbox: sandbox.clone(),
        http: reqwest::Client::new(),
    };
    let body = json!({ "query": "{ myWorkspace { name } }" }).to_string();
    let waiting = client.post(Some("Bearer plainApiKey_x"), body);
    let stop = async {
        while sandbox.calls().is_empty() {
            tokio::task::yield_now().await;
        }
        sandbox.stop().await;
    };
    let ((status, _), ()) = tokio::join!(waiting, stop);
    assert_eq!(status, 503);
    sandbox.closed().await;
    assert!(
        reqwest::get(sandbox.graphql_url())
            .await
            .unwrap_err()
            .is_connect()
    );
}

#[tokio::test]
async fn introspection_works() {
    let client = Client::new(Seed::Empty).await;
    let data = client
        .data(
            "{ __type(name: \"DateTime\") { fields { name } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        data["__type"]["fields"],
        json!([{ "name": "unixTimestamp" }, { "name": "iso8601" }])
    );
}
