//! What goes wrong on command, and nothing else.

use std::{io::ErrorKind, time::Duration};

use http::StatusCode;
use plain_portal::sandbox::{
    Options, Sandbox, Seed,
    faults::{Fault, Gate},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::client::{Client, text};

/// Long enough to say that nothing comes.
const A_WHILE: Duration = Duration::from_millis(200);
const WORKSPACE: &str = "query workspace { myWorkspace { name } }";
const TENANT: &str = "mutation upsertTenant($input: UpsertTenantInput!) {
    upsertTenant(input: $input) { result error { code type message fields { field } } } }";

fn tenant(external_id: &str) -> Value {
    let identifier = json!({ "externalId": external_id });
    json!({ "input": { "identifier": identifier, "name": external_id, "externalId": external_id } })
}

fn request(client: &Client, query: &str, variables: &Value) -> reqwest::RequestBuilder {
    client
        .http
        .post(client.sandbox.graphql_url())
        .bearer_auth("plainApiKey_test")
        .json(&json!({ "query": query, "variables": variables }))
}

async fn ask(client: &Client, query: &str) -> reqwest::Response {
    request(client, query, &json!({})).send().await.unwrap()
}

async fn upsert(client: &Client, external_id: &str) -> reqwest::Result<reqwest::Response> {
    request(client, TENANT, &tenant(external_id)).send().await
}

/// Whether the sandbox has this tenant, asked behind all faults: the answer that creates it says so.
async fn has_tenant(client: &Client, external_id: &str) -> bool {
    client.sandbox.clear_faults();
    client.tenant(external_id).await["result"] == "NOOP"
}

#[tokio::test]
async fn each_fault_is_what_it_says() {
    let client = Client::new(Seed::Empty).await;
    let code = |code: &str| json!({ "code": code });
    let json = "application/json";
    for (spec, status, kind, extensions) in [
        ("500", 500, json, code("INTERNAL_SERVER_ERROR")),
        ("502", 502, json, code("INTERNAL_SERVER_ERROR")),
        ("503", 503, json, code("INTERNAL_SERVER_ERROR")),
        ("429", 429, json, code("RATE_LIMITED")),
        ("401", 401, json, code("UNAUTHENTICATED")),
        ("403", 403, json, code("FORBIDDEN")),
        (
            "error,code=INTERNAL_SERVER_ERROR",
            200,
            json,
            code("INTERNAL_SERVER_ERROR"),
        ),
        ("error,code=FORBIDDEN", 200, json, code("FORBIDDEN")),
        (
            "error,code=UNAUTHENTICATED",
            200,
            json,
            code("UNAUTHENTICATED"),
        ),
        (
            "error,code=BAD_USER_INPUT",
            200,
            json,
            code("BAD_USER_INPUT"),
        ),
        ("malformed", 200, json, Value::Null),
        ("empty", 200, "", Value::Null),
        ("html", 200, "text/html; charset=utf-8", Value::Null),
        (
            "html,status=502",
            502,
            "text/html; charset=utf-8",
            Value::Null,
        ),
        ("answer,status=302,body=moved", 302, json, Value::Null),
    ] {
        for when in ["before", "after"] {
            client
                .sandbox
                .inject(format!("{spec},when={when}").parse().unwrap());
            let name = format!("{spec}-{when}");
            let answer = upsert(&client, &name).await.unwrap();
            assert_eq!(answer.status(), status, "{name}");
            let content_type = answer.headers().get("content-type");
            assert_eq!(
                content_type.map_or("", |it| it.to_str().unwrap()),
                kind,
                "{name}"
            );
            let body = answer.text().await.unwrap();
            let read: serde_json::Result<Value> = serde_json::from_str(&body);
            match &extensions {
                Value::Null => assert!(read.is_err(), "{name}: {body}"),
                wanted => assert_eq!(&read.unwrap()["errors"][0]["extensions"], wanted, "{name}"),
            }
            assert_eq!(has_tenant(&client, &name).await, when == "after", "{name}");
        }
    }
}

#[tokio::test]
async fn a_limited_rate_says_for_how_long() {
    let client = Client::new(Seed::Empty).await;
    for (fault, seconds) in [
        (Fault::status(StatusCode::TOO_MANY_REQUESTS), "1"),
        (Fault::rate_limited(Duration::from_secs(7)), "7"),
        ("503,retryAfter=120".parse().unwrap(), "120"),
        (
            Fault::answer(StatusCode::OK, "null").retry_after(Duration::ZERO),
            "0",
        ),
    ] {
        client.sandbox.inject(fault.times(1));
        assert_eq!(
            ask(&client, WORKSPACE).await.headers()["retry-after"],
            seconds
        );
    }
    client
        .sandbox
        .inject(Fault::status(StatusCode::BAD_GATEWAY));
    assert!(
        !ask(&client, WORKSPACE)
            .await
            .headers()
            .contains_key("retry-after")
    );
}

#[tokio::test]
async fn any_mutation_can_be_refused_in_the_words_of_its_document() {
    let client = Client::new(Seed::Empty).await;
    client.sandbox.inject(
        "refusal,code=input_validation,field=name,message=Too long"
            .parse()
            .unwrap(),
    );
    let query = "mutation ($input: UpsertTenantInput!, $done: MarkThreadAsDoneInput!) {
        first: upsertTenant(input: $input) { __typename outcome: result ...Why }
        markThreadAsDone(input: $done) { thread { id } error { type } } }
        fragment Why on UpsertTenantOutput { problem: error { message code where: fields { field type } } }";
    let mut variables = tenant("refused");
    variables["done"] = json!({ "threadId": "th_1" });
    let answer = client.answer(query, variables).await;
    assert_eq!(
        answer,
        json!({ "data": {
            "first": { "__typename": "UpsertTenantOutput", "outcome": null, "problem": {
                "message": "Too long", "code": "input_validation", "where": [{ "field": "name", "type": "VALIDATION" }] } },
            "markThreadAsDone": { "thread": null, "error": { "type": "VALIDATION" } } } })
    );
    assert_eq!(
        ask(&client, WORKSPACE).await.status(),
        200,
        "queries are left alone"
    );
    for (code, kind) in [("forbidden", "FORBIDDEN"), ("internal", "INTERNAL")] {
        assert!(!has_tenant(&client, code).await);
        client.sandbox.inject(Fault::refusal(code));
        let error = client.tenant("refused").await["error"].take();
        assert_eq!(
            (&error["code"], &error["type"]),
            (&json!(code), &json!(kind))
        );
    }
    assert!(
        !has_tenant(&client, "refused").await,
        "nothing was carried out"
    );
}

#[tokio::test]
async fn a_partial_answer_lacks_what_may_be_null_and_says_so() {
    let client = Client::new(Seed::Story).await;
    let query = "query ($ref: String!) { it: threadByRef(ref: $ref) { ref status tenant { name }
        customer { id mail: email { isVerified } }
        timelineEntries(first: 2) { edges { node { id actor { __typename } } } } } }";
    let lost = async |fault: Fault| {
        client.sandbox.inject(fault);
        let mut answer = client.answer(query, json!({ "ref": "T-34" })).await;
        client.sandbox.clear_faults();
        let path = answer["errors"][0]["path"].take();
        assert_eq!(
            answer["errors"][0]["extensions"]["code"],
            "INTERNAL_SERVER_ERROR"
        );
        (answer, path)
    };
    let whole = client.answer(query, json!({ "ref": "T-34" })).await;

    let (mut answer, path) = lost(Fault::partial()).await;
    assert_eq!(path, json!(["it", "tenant"]));
    assert_eq!(answer["data"]["it"]["tenant"].take(), Value::Null);
    answer["data"]["it"]["tenant"] = whole["data"]["it"]["tenant"].clone();
    assert_eq!(answer["data"], whole["data"], "all else is there");

    // What may not be null takes with it what is around it, and one error is enough for that.
    for (field, path) in [
        ("email", json!(["it", "customer", "mail"])),
        (
            "actor",
            json!(["it", "timelineEntries", "edges", 0, "node", "actor"]),
        ),
    ] {
        let (answer, at) = lost(Fault::partial_at(field)).await;
        assert_eq!(
            (at, &answer["data"]),
            (path, &json!({ "it": null })),
            "{field}"
        );
        assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    }

    client.sandbox.inject(Fault::partial());
    let answer = client
        .answer("{ myPermissions { permissions } }", json!({}))
        .await;
    assert_eq!(
        (&answer["data"], &answer["errors"][0]["path"]),
        (&Value::Null, &json!(["myPermissions"]))
    );
}

#[tokio::test]
async fn a_reset_is_one_on_the_wire() {
    let client = Client::new(Seed::Empty).await;
    for (name, fault, executed) in [
        ("before", Fault::reset(), false),
        ("after", Fault::reset().after(), true),
    ] {
        client.sandbox.inject(fault.on("upsertTenant"));
        let body = json!({ "query": TENANT, "variables": tenant(name) }).to_string();
        let mut stream = TcpStream::connect(client.sandbox.addr()).await.unwrap();
        let head = format!(
            "POST /graphql/v1 HTTP/1.1\r\nhost: sandbox\r\nauthorization: Bearer plainApiKey_x\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        let mut read = Vec::new();
        let end = stream.read_to_end(&mut read).await;
        assert_eq!(
            end.unwrap_err().kind(),
            ErrorKind::ConnectionReset,
            "{name}"
        );
        assert_eq!(read, b"", "{name}");

        assert!(
            upsert(&client, name).await.is_err(),
            "{name}: until it is cleared"
        );
        assert_eq!(has_tenant(&client, name).await, executed, "{name}");
    }
}

#[tokio::test]
async fn a_hanging_call_never_has_an_answer() {
    for (name, fault, executed) in [
        ("before", Fault::hang(), false),
        ("after", Fault::hang().after(), true),
    ] {
        let client = Client::new(Seed::Empty).await;
        client.sandbox.inject(fault.times(1));
        let mut call = Box::pin(upsert(&client, name));
        assert!(timeout(A_WHILE, &mut call).await.is_err());
        client.sandbox.clear_faults();
        assert!(call.await.is_err(), "not even in the end");
        assert_eq!(has_tenant(&client, name).await, executed);

        client.sandbox.inject(Fault::hang());
        let mut call = Box::pin(upsert(&client, name));
        assert!(timeout(A_WHILE, &mut call).await.is_err());
        client.sandbox.stop().await;
        assert!(call.await.is_err());
    }
}

#[tokio::test]
async fn a_slow_body_comes_after_its_head_and_is_the_true_one() {
    let client = Client::new(Seed::Empty).await;
    client.sandbox.inject("slow,seconds=0.2".parse().unwrap());
    let started = std::time::Instant::now();
    let answer: Value = ask(&client, WORKSPACE).await.json().await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(150));
    assert_eq!(answer["data"]["myWorkspace"]["name"], "Fieldnote (sandbox)");
    client.sandbox.clear_faults();

    client
        .sandbox
        .inject(Fault::slow(Duration::from_secs(3600)));
    let mut answer = ask(&client, WORKSPACE).await;
    assert_eq!(answer.status(), 200);
    assert!(timeout(A_WHILE, answer.chunk()).await.is_err());
    client.sandbox.clear_faults();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["data"]["myWorkspace"]["name"], "Fieldnote (sandbox)");

    client
        .sandbox
        .inject(Fault::slow(Duration::from_secs(3600)));
    let answer = ask(&client, WORKSPACE).await;
    client.sandbox.stop().await;
    assert!(answer.text().await.is_err(), "an end before the end");
}

#[tokio::test]
async fn a_gate_holds_calls_until_they_are_let_go() {
    let client = Client::new(Seed::Empty).await;
    let (before, after) = (Gate::default(), Gate::default());
    client
        .sandbox
        .inject(Fault::hold(&before).on("upsertTenant"));
    client
        .sandbox
        .inject(Fault::hold(&after).after().on_mutations());
    let call = tokio::spawn({
        let request = request(&client, TENANT, &tenant("held"));
        async move { request.send().await }
    });
    before.arrived().await;
    // Whoever hangs up now has asked all the same.
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    before.let_one_go();
    after.arrived().await;
    after.let_one_go();
    assert!(has_tenant(&client, "held").await);

    // One fault after another: it waits, and then it is lost.
    client.sandbox.inject(Fault::hold(&before).times(1));
    client.sandbox.inject(Fault::reset().times(1));
    let call = upsert(&client, "lost");
    let gate = async {
        before.arrived().await;
        before.let_one_go();
    };
    assert!(tokio::join!(call, gate).0.is_err());
    assert_eq!(client.sandbox.faults().len(), 0);
    assert!(!has_tenant(&client, "lost").await);

    // All well again: it goes on.
    client.sandbox.inject(Fault::hold(&before));
    client.sandbox.inject(Fault::reset());
    let clear = async {
        before.arrived().await;
        client.sandbox.clear_faults();
    };
    let answer = tokio::join!(upsert(&client, "cleared"), clear).0;
    assert_eq!(answer.unwrap().status(), 200);

    before.open();
    client.sandbox.inject(Fault::hold(&before));
    assert_eq!(upsert(&client, "open").await.unwrap().status(), 200);

    let shut = Gate::default();
    client.sandbox.inject(Fault::hold(&shut));
    let stop = async {
        shut.arrived().await;
        client.sandbox.stop().await;
    };
    assert!(tokio::join!(upsert(&client, "stopped"), stop).0.is_err());
}

#[tokio::test]
async fn faults_come_in_their_order_and_only_to_whom_they_are_meant_for() {
    let client = Client::new(Seed::Empty).await;
    let statuses = async |queries: &[&str]| {
        let mut statuses = Vec::new();
        for query in queries {
            statuses.push(ask(&client, query).await.status().as_u16());
        }
        statuses
    };
    for spec in [
        "500,times=2",
        "502,times=1,on=queries",
        "503,times=1,on=mutations",
    ] {
        client.sandbox.inject(spec.parse().unwrap());
    }
    assert_eq!(statuses(&[WORKSPACE; 4]).await, [500, 500, 502, 200]);
    let left: Vec<String> = client
        .sandbox
        .faults()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        left,
        [r#"{"kind":"503","on":"mutations","when":"before","times":1}"#]
    );
    assert_eq!(upsert(&client, "x").await.unwrap().status(), 503);

    let permissions = "query Permissions { p: myPermissions { permissions } }";
    for (name, expected) in [
        ("WORKSPACE", [200, 500]),
        ("myWorkspace", [200, 500]),
        ("Permissions", [500, 200]),
        ("mypermissions", [500, 200]),
        ("p", [200, 200]),
    ] {
        client.sandbox.clear_faults();
        client
            .sandbox
            .inject(Fault::status(StatusCode::INTERNAL_SERVER_ERROR).on(name));
        assert_eq!(
            statuses(&[permissions, WORKSPACE]).await,
            expected,
            "{name}"
        );
    }
    let broken = client
        .post(Some("Bearer plainApiKey_x"), r#"{"query":"{"}"#.into())
        .await;
    assert_eq!(
        broken.1["errors"][0]["extensions"]["code"],
        "GRAPHQL_PARSE_FAILED"
    );
}

#[tokio::test]
async fn a_rate_is_the_same_each_time() {
    let run = async |rate: &str| {
        let options = Options {
            seed: Seed::Empty,
            faults: vec![format!("503,{rate}").parse().unwrap()],
            ..Options::default()
        };
        let sandbox = Sandbox::start("127.0.0.1:0".parse().unwrap(), options)
            .await
            .unwrap();
        let client = Client {
            sandbox,
            http: reqwest::Client::new(),
        };
        let mut failed = Vec::new();
        for _ in 0..60 {
            failed.push(ask(&client, WORKSPACE).await.status() == 503);
        }
        failed
    };
    let failed = run("rate=0.5,seed=1").await;
    assert_eq!(run("rate=0.5,seed=1").await, failed);
    assert_ne!(run("rate=0.5,seed=2").await, failed);
    let count = failed.iter().filter(|failed| **failed).count();
    assert!((15..=45).contains(&count), "{count} of 60");
    assert_eq!(run("rate=0").await, [false; 60]);
    assert_eq!(run("rate=1").await, [true; 60]);
}

#[tokio::test]
async fn faults_can_be_set_from_outside() {
    let client = Client::new(Seed::Empty).await;
    let url = format!("http://{}/sandbox/faults", client.sandbox.addr());
    let post = async |body: Value| {
        let answer = client.http.post(&url).json(&body).send().await.unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let first = json!({ "kind": 503, "times": 1, "on": "workspace" });
    let listed = json!([{ "kind": "503", "times": 1, "on": "workspace", "when": "before" }]);
    assert_eq!(post(first).await, (201, listed.clone()));
    let bad = json!([{ "kind": "hang" }, { "kind": "hang", "rate": 7 }]);
    assert_eq!(
        post(bad).await,
        (400, json!({ "error": "`rate` is from 0 to 1" }))
    );
    assert_eq!(
        client
            .http
            .post(&url)
            .body("no")
            .send()
            .await
            .unwrap()
            .status(),
        400
    );
    let list: Value = client
        .http
        .get(&url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(list, listed, "all or nothing");
    assert_eq!(ask(&client, WORKSPACE).await.status(), 503);
    assert_eq!(ask(&client, WORKSPACE).await.status(), 200);

    let many =
        json!([{ "kind": "hang" }, { "kind": "reset", "when": "after", "rate": 0.5, "seed": 3 }]);
    assert_eq!(post(many).await.1.as_array().unwrap().len(), 2);
    assert_eq!(client.http.delete(&url).send().await.unwrap().status(), 204);
    assert_eq!(client.sandbox.faults().len(), 0);

    let fault = json!({ "kind": "hang" }).to_string();
    for (header, value, status) in [
        ("origin", "https://evil.example", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("host", "evil.example", 421),
    ] {
        let foreign = client
            .http
            .post(&url)
            .body(fault.clone())
            .header(header, value);
        assert_eq!(foreign.send().await.unwrap().status(), status, "{header}");
    }
    assert_eq!(client.sandbox.faults().len(), 0);
}

#[test]
fn a_fault_that_means_nothing_is_refused_at_the_start() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_plain-portal"))
        .args([
            "sandbox",
            "--addr",
            "127.0.0.1:0",
            "--fault",
            "503,colour=red",
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = text(&String::from_utf8_lossy(&output.stderr).into());
    assert!(
        said.contains("--fault") && said.contains("unknown field `colour`"),
        "{said}"
    );
}

#[test]
fn what_the_document_shows_is_a_fault() {
    let page = include_str!("../../docs/sandbox.md");
    let on_the_command_line = page
        .split_whitespace()
        .skip_while(|it| *it != "--fault")
        .skip(1)
        .step_by(2);
    let faults: Vec<Fault> = on_the_command_line
        .take(2)
        .map(|it| it.parse().unwrap())
        .collect();
    assert_eq!(
        faults[1].to_string(),
        r#"{"kind":"reset","on":"replyToThread","when":"after"}"#
    );
    let kinds = page
        .split_once("| kind |")
        .unwrap()
        .1
        .split_once("\n\n")
        .unwrap()
        .0;
    let kinds = kinds
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    for (kind, rest) in kinds {
        let code = if rest.contains("`code=CODE`") {
            ",code=x"
        } else {
            ""
        };
        let fault: Fault = format!("{kind}{code}").parse().unwrap();
        assert!(
            fault
                .to_string()
                .starts_with(&format!(r#"{{"kind":"{kind}""#))
        );
    }
}
