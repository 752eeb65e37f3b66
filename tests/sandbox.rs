//! The sandbox over real HTTP: what a client of Plain's API may rely on.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "sandbox/faults.rs"]
mod faults;

use std::{collections::HashSet, time::Duration};

use plain_portal::sandbox::{Options, Sandbox, Seed, seed::PEOPLE};
use serde_json::{Value, json};

struct Client {
    sandbox: Sandbox,
    http: reqwest::Client,
}

impl Client {
    async fn new(seed: Seed) -> Self {
        let options = Options {
            seed,
            ..Options::default()
        };
        let sandbox = Sandbox::start("127.0.0.1:0".parse().unwrap(), options)
            .await
            .unwrap();
        Self {
            sandbox,
            http: reqwest::Client::new(),
        }
    }

    /// Posts a body as it is; answers the status and the JSON.
    async fn post(&self, key: Option<&str>, body: String) -> (u16, Value) {
        let mut request = self.http.post(self.sandbox.graphql_url()).body(body);
        if let Some(key) = key {
            request = request.header("authorization", key);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap())
    }

    /// The whole answer to a well-formed request.
    async fn answer(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let (status, answer) = self.post(Some("Bearer plainApiKey_test"), body).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// The data of an answer without errors.
    async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].take()
    }

    /// The code of the one top-level error, and its message.
    async fn error(&self, query: &str, variables: Value) -> (String, String) {
        let answer = self.answer(query, variables).await;
        let error = &answer["errors"][0];
        (text(&error["extensions"]["code"]), text(&error["message"]))
    }

    async fn tenant(&self, external_id: &str) -> Value {
        let query = "mutation upsertTenant($input: UpsertTenantInput!) { upsertTenant(input: $input) {
            result tenant { id name externalId url } error { message type code fields { field message type } } } }";
        let input = json!({ "identifier": { "externalId": external_id }, "name": external_id, "externalId": external_id });
        self.data(query, json!({ "input": input })).await["upsertTenant"].take()
    }

    async fn upsert_customer(
        &self,
        identifier: Value,
        on_create: Value,
        on_update: Value,
    ) -> Value {
        let query = "mutation upsertCustomer($input: UpsertCustomerInput!) { upsertCustomer(input: $input) {
            result error { message type code fields { field message type } }
            customer { id externalId fullName shortName email { email isVerified verifiedAt { iso8601 } }
              tenantMemberships { edges { node { tenant { externalId } } } } } } }";
        let input =
            json!({ "identifier": identifier, "onCreate": on_create, "onUpdate": on_update });
        self.data(query, json!({ "input": input })).await["upsertCustomer"].take()
    }

    /// A new customer `name`, with the address `name@x.example` and the external id `name`; answers the id.
    async fn customer(&self, name: &str) -> String {
        let done = self
            .upsert_customer(json!({ "externalId": name }), person(name), json!({}))
            .await;
        assert_eq!(done["result"], "CREATED", "{done}");
        text(&done["customer"]["id"])
    }

    async fn create_thread(&self, input: Value) -> Value {
        let query = format!(
            "mutation createThread($input: CreateThreadInput!) {{ createThread(input: $input) {{
               thread {{ {THREAD} }} error {{ message type code fields {{ field message type }} }} }} }}"
        );
        self.data(&query, json!({ "input": input })).await["createThread"].take()
    }

    /// A new thread of a customer on a channel, with one text; answers the id.
    async fn new_thread(&self, customer_id: &str, channel: &str) -> String {
        let details = match channel {
            "SLACK" => json!({ "slack": { "slackChannelId": "C1", "slackTeamId": "T1" } }),
            "MS_TEAMS" => json!({ "msTeams": { "msTeamsTeamId": "a", "msTeamsChannelId": "b" } }),
            _ => Value::Null,
        };
        let done = self.create_thread(json!({
            "customerIdentifier": { "customerId": customer_id }, "channel": channel, "channelDetails": details,
            "components": [{ "componentText": { "text": "Hello" } }],
        })).await;
        assert_eq!(done["error"], Value::Null, "{done}");
        text(&done["thread"]["id"])
    }

    async fn thread(&self, id: &str) -> Value {
        let query = format!("query thread($id: ID!) {{ thread(threadId: $id) {{ {THREAD} }} }}");
        self.data(&query, json!({ "id": id })).await["thread"].take()
    }

    /// The entries of a thread, newest first.
    async fn entries(&self, id: &str, filters: Value) -> Vec<Value> {
        let query = format!(
            "query entries($id: ID!, $filters: ThreadTimelineEntriesFilter) {{ thread(threadId: $id) {{
               timelineEntries(filters: $filters, first: 100) {{ edges {{ node {{ {ENTRY} }} }} }} }} }}"
        );
        let data = self
            .data(&query, json!({ "id": id, "filters": filters }))
            .await;
        nodes(&data["thread"]["timelineEntries"])
    }

    /// Replies; `author` is the external id of the customer to impersonate. Answers the error or null.
    async fn reply(&self, thread_id: &str, author: Option<&str>, more: Value) -> Value {
        let mut input = json!({ "threadId": thread_id, "textContent": "Any **news**?", "markdownContent": "Any **news**?" });
        if let Some(author) = author {
            input["impersonation"] =
                json!({ "asCustomer": { "customerIdentifier": { "externalId": author } } });
        }
        for (key, value) in more.as_object().unwrap() {
            input[key] = value.clone();
        }
        let query =
            "mutation replyToThread($input: ReplyToThreadInput!) { replyToThread(input: $input) {
            error { message type code fields { field message type } } } }";
        self.data(query, json!({ "input": input })).await["replyToThread"]["error"].take()
    }

    /// One of the mutations that set a status; answers its `thread` and `error`.
    async fn status(&self, mutation: &str, input: Value) -> Value {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!(
            "mutation {mutation}($input: {kind}!) {{ {mutation}(input: $input) {{
               thread {{ {THREAD} }} error {{ message type code fields {{ field message type }} }} }} }}"
        );
        self.data(&query, json!({ "input": input })).await[mutation].take()
    }

    /// The ids of all threads that a filter lets through, and the total count.
    async fn threads(&self, filters: Value, sort: Value) -> (Vec<String>, u64) {
        let data = self
            .data(
                THREADS,
                json!({ "filters": filters, "sortBy": sort, "first": 100 }),
            )
            .await;
        let ids = nodes(&data["threads"])
            .iter()
            .map(|thread| text(&thread["id"]))
            .collect();
        (ids, data["threads"]["totalCount"].as_u64().unwrap())
    }
}

const THREAD: &str = "id ref title description previewText priority externalId status channel
    statusChangedAt { iso8601 unixTimestamp } statusDetail { __typename
      ... on ThreadStatusDetailWaitingForDuration { waitingUntil { unixTimestamp } } }
    customer { id } tenant { externalId } createdBy { __typename }
    firstInboundMessageInfo { messageSource } lastInboundMessageInfo { messageSource timestamp { unixTimestamp } }
    firstOutboundMessageInfo { messageSource } lastOutboundMessageInfo { messageSource }";

const ENTRY: &str = "id threadId customerId llmText timestamp { unixTimestamp }
    actor { __typename ... on CustomerActor { customer { externalId } } ... on UserActor { user { fullName publicName } } }
    entry { __typename
      ... on ChatEntry { text }
      ... on NoteEntry { text }
      ... on SlackMessageEntry { text }
      ... on SlackReplyEntry { text }
      ... on EmailEntry { subject textContent markdownContent category sendStatus receivedAt { iso8601 }
        from { email } to { email } additionalRecipients { email } hiddenRecipients { email } }
      ... on CustomEntry { title components { __typename ... on ComponentText { text } ... on ComponentPlainText { plainText } } }
      ... on ThreadStatusTransitionedEntry { previousStatus nextStatus nextStatusDetail { __typename } }
      ... on MergedThreadMessageEntry { childThreadDetails { ref } childTimelineEntry { threadId } } }";

const THREADS: &str = "query threads($filters: ThreadsFilter, $sortBy: ThreadsSort, $first: Int, $after: String, $last: Int, $before: String) {
    threads(filters: $filters, sortBy: $sortBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id ref title status priority channel tenant { externalId } statusDetail { __typename }
        createdAt { unixTimestamp } statusChangedAt { unixTimestamp } lastInboundMessageInfo { timestamp { unixTimestamp } } } } } }";

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("not a string: {value}"))
        .to_owned()
}

fn nodes(connection: &Value) -> Vec<Value> {
    connection["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"].clone())
        .collect()
}

fn millis(time: &Value) -> i64 {
    time["unixTimestamp"].as_str().unwrap().parse().unwrap()
}

fn person(name: &str) -> Value {
    json!({ "externalId": name, "fullName": name, "email": { "email": format!("{name}@x.example"), "isVerified": true } })
}

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
        seed: Seed::Empty,
        latency: Duration::from_secs(3600),
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

#[tokio::test]
async fn tenants_are_created_once_and_then_updated() {
    let client = Client::new(Seed::Empty).await;
    let created = client.tenant("acme").await;
    assert_eq!(
        (&created["result"], &created["error"]),
        (&json!("CREATED"), &Value::Null)
    );
    assert!(text(&created["tenant"]["id"]).starts_with("te_"));
    assert_eq!(text(&created["tenant"]["id"]).len(), "te_".len() + 26);
    assert_eq!(client.tenant("acme").await["result"], "NOOP");
    let query = "mutation ($input: UpsertTenantInput!) { upsertTenant(input: $input) { result tenant { id name url } error { code } } }";
    let input = json!({ "identifier": { "tenantId": created["tenant"]["id"] }, "name": "Acme", "externalId": "acme", "url": { "value": "https://acme.example" } });
    let updated = client.data(query, json!({ "input": input })).await;
    let tenant =
        json!({ "id": created["tenant"]["id"], "name": "Acme", "url": "https://acme.example" });
    assert_eq!(
        updated["upsertTenant"],
        json!({ "result": "UPDATED", "tenant": tenant, "error": null })
    );
    let input = json!({ "identifier": { "tenantId": "te_none" }, "name": "x", "externalId": "x" });
    assert_eq!(
        client.data(query, json!({ "input": input })).await["upsertTenant"]["error"]["code"],
        "not_found"
    );
    let input = json!({ "identifier": { "tenantId": "te_none", "externalId": "x" }, "name": "x", "externalId": "x" });
    assert_eq!(
        client.data(query, json!({ "input": input })).await["upsertTenant"]["error"]["code"],
        "input_validation"
    );
}

#[tokio::test]
async fn upserting_a_customer_creates_updates_or_does_nothing() {
    let client = Client::new(Seed::Empty).await;
    client.tenant("acme").await;
    let mut new = person("ada");
    new["tenantIdentifiers"] = json!([{ "externalId": "acme" }]);
    let key = json!({ "externalId": "ada" });
    let created = client
        .upsert_customer(key.clone(), new.clone(), json!({}))
        .await;
    assert_eq!(created["result"], "CREATED");
    assert_eq!(
        nodes(&created["customer"]["tenantMemberships"])[0]["tenant"]["externalId"],
        "acme"
    );
    assert_eq!(
        client
            .upsert_customer(key.clone(), new.clone(), json!({}))
            .await["result"],
        "NOOP"
    );
    let same = json!({ "fullName": { "value": "ada" }, "email": { "email": "ada@x.example", "isVerified": true } });
    assert_eq!(
        client.upsert_customer(key.clone(), new.clone(), same).await["result"],
        "NOOP"
    );
    let other = json!({ "fullName": { "value": "Ada L" }, "shortName": { "value": "Ada" }, "email": { "email": "ada@x.example", "isVerified": false } });
    let updated = client
        .upsert_customer(
            json!({ "emailAddress": "ADA@x.example" }),
            new.clone(),
            other,
        )
        .await;
    assert_eq!(
        (&updated["result"], &updated["customer"]["fullName"]),
        (&json!("UPDATED"), &json!("Ada L"))
    );
    assert_eq!(
        updated["customer"]["email"],
        json!({ "email": "ada@x.example", "isVerified": false, "verifiedAt": null })
    );
    assert_eq!(updated["customer"]["id"], created["customer"]["id"]);
    let by_id = json!({ "customerId": created["customer"]["id"] });
    let cleared = client
        .upsert_customer(
            by_id,
            new.clone(),
            json!({ "shortName": { "value": null } }),
        )
        .await;
    assert_eq!(
        (&cleared["result"], &cleared["customer"]["shortName"]),
        (&json!("UPDATED"), &Value::Null)
    );
    let unknown = client
        .upsert_customer(json!({ "customerId": "c_none" }), person("eve"), json!({}))
        .await;
    assert_eq!(
        (&unknown["error"]["code"], &unknown["customer"]),
        (&json!("not_found"), &Value::Null)
    );
}

#[tokio::test]
async fn addresses_and_external_ids_belong_to_one_customer() {
    let client = Client::new(Seed::Empty).await;
    client.customer("ada").await;
    client.customer("bob").await;
    let code = async |identifier: Value, on_create: Value, on_update: Value| {
        text(
            &client
                .upsert_customer(identifier, on_create, on_update)
                .await["error"]["code"],
        )
    };
    let mut same_mail = person("eve");
    same_mail["email"]["email"] = json!("Ada@x.example");
    let eve = json!({ "externalId": "eve" });
    assert_eq!(
        code(eve.clone(), same_mail, json!({})).await,
        "customer_already_exists_with_email"
    );
    let mut same_id = person("eve");
    same_id["externalId"] = json!("ada");
    let by_mail = json!({ "emailAddress": "eve@x.example" });
    assert_eq!(
        code(by_mail, same_id, json!({})).await,
        "customer_already_exists_with_external_id"
    );
    let bob = json!({ "externalId": "bob" });
    let mail = json!({ "email": { "email": "ada@x.example", "isVerified": true } });
    assert_eq!(
        code(bob.clone(), person("bob"), mail).await,
        "customer_already_exists_with_email"
    );
    let id = json!({ "externalId": { "value": "ada" } });
    assert_eq!(
        code(bob, person("bob"), id).await,
        "customer_already_exists_with_external_id"
    );
    let mut lost = person("eve");
    lost["tenantIdentifiers"] = json!([{ "externalId": "nowhere" }]);
    assert_eq!(code(eve, lost, json!({})).await, "not_found");
    let data = client
        .data(
            "{ customerByExternalId(externalId: \"eve\") { id } }",
            json!({}),
        )
        .await;
    assert_eq!(data["customerByExternalId"], Value::Null);
}

#[tokio::test]
async fn a_customer_joins_and_leaves_several_tenants() {
    let client = Client::new(Seed::Empty).await;
    client.tenant("one").await;
    client.tenant("two").await;
    client.customer("ada").await;
    let run = async |mutation: &str, tenants: Value| {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!("mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ error {{ code fields {{ field }} }}
            customer {{ tenantMemberships {{ edges {{ node {{ tenant {{ externalId }} }} }} }} }} }} }}");
        let input =
            json!({ "customerIdentifier": { "externalId": "ada" }, "tenantIdentifiers": tenants });
        client.data(&query, json!({ "input": input })).await[mutation].take()
    };
    let names = |done: &Value| -> Vec<String> {
        nodes(&done["customer"]["tenantMemberships"])
            .iter()
            .map(|it| text(&it["tenant"]["externalId"]))
            .collect()
    };
    let both = json!([{ "externalId": "one" }, { "externalId": "two" }]);
    assert_eq!(
        names(&run("addCustomerToTenants", both.clone()).await),
        ["one", "two"]
    );
    assert_eq!(
        names(&run("addCustomerToTenants", both).await),
        ["one", "two"]
    );
    assert_eq!(
        names(
            &run(
                "removeCustomerFromTenants",
                json!([{ "externalId": "one" }])
            )
            .await
        ),
        ["two"]
    );
    let lost = run(
        "addCustomerToTenants",
        json!([{ "externalId": "one" }, { "externalId": "nowhere" }]),
    )
    .await;
    assert_eq!(
        lost["error"],
        json!({ "code": "not_found", "fields": [{ "field": "tenantIdentifiers[1]" }] })
    );
    assert_eq!(
        names(
            &run(
                "removeCustomerFromTenants",
                json!([{ "externalId": "one" }])
            )
            .await
        ),
        ["two"]
    );
}

#[tokio::test]
async fn a_new_thread_begins_with_its_components() {
    let client = Client::new(Seed::Empty).await;
    let tenant = client.tenant("acme").await;
    let customer_id = client.customer("ada").await;
    let done = client.create_thread(json!({
        "customerIdentifier": { "emailAddress": "ada@x.example" }, "tenantIdentifier": { "tenantId": tenant["tenant"]["id"] },
        "components": [{ "componentText": { "text": "Printer is **on fire**\nPlease help." } }, { "componentPlainText": { "plainText": "Second" } }],
    })).await;
    let thread = &done["thread"];
    assert_eq!(done["error"], Value::Null);
    assert_eq!(thread["ref"], "T-1");
    assert_eq!(thread["title"], "Printer is **on fire**");
    assert_eq!(
        thread["previewText"],
        "Printer is **on fire** Please help. Second"
    );
    assert_eq!(thread["description"], thread["previewText"]);
    assert_eq!(
        (&thread["priority"], &thread["channel"], &thread["status"]),
        (&json!(2), &json!("API"), &json!("TODO"))
    );
    assert_eq!(
        thread["statusDetail"]["__typename"],
        "ThreadStatusDetailCreated"
    );
    assert_eq!(
        (&thread["tenant"]["externalId"], &thread["customer"]["id"]),
        (&json!("acme"), &json!(customer_id))
    );
    assert_eq!(thread["createdBy"]["__typename"], "MachineUserActor");
    assert_eq!(
        (
            &thread["firstInboundMessageInfo"]["messageSource"],
            &thread["lastOutboundMessageInfo"]
        ),
        (&json!("API"), &Value::Null)
    );
    let entries = client.entries(&text(&thread["id"]), Value::Null).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["actor"]["__typename"], "MachineUserActor");
    assert_eq!(
        entries[0]["entry"]["components"][1],
        json!({ "__typename": "ComponentPlainText", "plainText": "Second" })
    );
    let bare = client.create_thread(json!({ "customerIdentifier": { "customerId": customer_id }, "title": "Bare", "description": "Words", "priority": 0 })).await;
    assert_eq!(
        (&bare["thread"]["ref"], &bare["thread"]["tenant"]),
        (&json!("T-2"), &Value::Null)
    );
    assert_eq!(
        (
            &bare["thread"]["title"],
            &bare["thread"]["description"],
            &bare["thread"]["priority"]
        ),
        (&json!("Bare"), &json!("Words"), &json!(0))
    );
    let data = client
        .data(
            "{ threadByRef(ref: \"T-2\") { title } lost: threadByRef(ref: \"T-3\") { title } }",
            json!({}),
        )
        .await;
    assert_eq!(
        data,
        json!({ "threadByRef": { "title": "Bare" }, "lost": null })
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_new_thread_is_said_by_field() {
    let client = Client::new(Seed::Empty).await;
    client.customer("ada").await;
    let refused = async |more: Value| {
        let mut input = json!({ "customerIdentifier": { "externalId": "ada" } });
        for (key, value) in more.as_object().unwrap() {
            input[key] = value.clone();
        }
        let done = client.create_thread(input).await;
        assert_eq!(
            (&done["thread"], &done["error"]["type"]),
            (&Value::Null, &json!("VALIDATION")),
            "{done}"
        );
        (
            text(&done["error"]["code"]),
            done["error"]["fields"][0]["field"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let wrong = |field: &str| ("input_validation".to_owned(), field.to_owned());
    let long = "é".repeat(10_001);
    assert_eq!(
        refused(json!({ "components": [{ "componentText": { "text": "" } }] })).await,
        wrong("components[0].componentText.text")
    );
    assert_eq!(
        refused(json!({ "components": [{ "componentText": { "text": long } }] })).await,
        wrong("components[0].componentText.text")
    );
    assert_eq!(
        refused(json!({ "components": [{ "componentDivider": {} }, {}] })).await,
        wrong("components[1]")
    );
    let row =
        json!({ "rowMainContent": [{ "componentText": { "text": "" } }], "rowAsideContent": [] });
    assert_eq!(
        refused(json!({ "components": [{ "componentRow": row }] })).await,
        wrong("components[0].componentRow.rowMainContent[0].componentText.text")
    );
    assert_eq!(refused(json!({ "priority": 4 })).await, wrong("priority"));
    assert_eq!(
        refused(json!({ "channel": "DISCORD" })).await,
        wrong("channel")
    );
    assert_eq!(
        refused(json!({ "channel": "SLACK" })).await,
        wrong("channelDetails.slack")
    );
    assert_eq!(
        refused(json!({ "threadFields": [{ "key": "a", "type": "STRING", "stringValue": "b" }] }))
            .await,
        wrong("threadFields")
    );
    assert_eq!(
        refused(json!({ "tenantIdentifier": { "externalId": "x" } })).await,
        ("not_found".to_owned(), "tenantIdentifier".to_owned())
    );
    assert_eq!(
        refused(json!({ "customerIdentifier": { "externalId": "x" } })).await,
        ("not_found".to_owned(), "customerIdentifier".to_owned())
    );
    assert_eq!(
        refused(json!({ "attachmentIds": ["att_1"] })).await.0,
        "attachment_not_uploaded"
    );
    assert_eq!(client.threads(Value::Null, Value::Null).await.1, 0);
    let longest = json!({ "customerIdentifier": { "externalId": "ada" }, "components": [{ "componentText": { "text": "é".repeat(10_000) } }] });
    assert_eq!(client.create_thread(longest).await["error"], Value::Null);
}

#[tokio::test]
async fn an_external_id_makes_a_thread_once_for_each_customer() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let bob = client.customer("bob").await;
    let new = |customer: &str| json!({ "customerIdentifier": { "customerId": customer }, "title": "Once", "externalId": "form-1" });
    let first = client.create_thread(new(&ada)).await;
    let again = client.create_thread(new(&ada)).await;
    assert_eq!(
        (&again["thread"], &again["error"]["fields"][0]["field"]),
        (&Value::Null, &json!("externalId"))
    );
    assert_eq!(client.create_thread(new(&bob)).await["error"], Value::Null);
    let query = "query ($customerId: ID!) { threadByExternalId(customerId: $customerId, externalId: \"form-1\") { id } }";
    let found = client.data(query, json!({ "customerId": ada })).await;
    assert_eq!(found["threadByExternalId"]["id"], first["thread"]["id"]);
    assert_eq!(client.threads(Value::Null, Value::Null).await.1, 2);
}

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

/// Walks a list from one end to the other by pages of seven.
async fn walk(client: &Client, size: &str, cursor: &str, sort: Value) -> Vec<String> {
    let forward = size == "first";
    let mut variables = json!({ "sortBy": sort, size: 7 });
    let mut ids: Vec<String> = Vec::new();
    loop {
        let data = client.data(THREADS, variables.clone()).await;
        let list = &data["threads"];
        let mut page: Vec<String> = nodes(list)
            .iter()
            .map(|thread| text(&thread["id"]))
            .collect();
        let info = &list["pageInfo"];
        let (more, back, end) = if forward {
            ("hasNextPage", "hasPreviousPage", "endCursor")
        } else {
            ("hasPreviousPage", "hasNextPage", "startCursor")
        };
        assert_eq!(info[back], json!(!ids.is_empty()));
        if forward {
            ids.append(&mut page);
        } else {
            ids.splice(0..0, page);
        }
        assert!(ids.len() as u64 <= list["totalCount"].as_u64().unwrap());
        if info[more] == json!(false) {
            return ids;
        }
        variables[cursor] = info[end].clone();
    }
}

#[tokio::test]
async fn pages_cover_the_whole_list_in_both_directions() {
    let client = Client::new(Seed::Bulk {
        threads: 40,
        tenants: 3,
    })
    .await;
    for (field, direction) in [
        ("STATUS_CHANGED_AT", "DESC"),
        ("CREATED_AT", "ASC"),
        ("LAST_INBOUND_MESSAGE_AT", "DESC"),
        ("PRIORITY", "ASC"),
    ] {
        let sort = json!({ "field": field, "direction": direction });
        let forward = walk(&client, "first", "after", sort.clone()).await;
        assert_eq!(forward.len(), 40);
        assert_eq!(forward.iter().collect::<HashSet<_>>().len(), 40);
        assert_eq!(walk(&client, "last", "before", sort.clone()).await, forward);
        let (at_once, total) = client.threads(Value::Null, sort).await;
        assert_eq!((at_once, total), (forward, 40));
    }
}

#[tokio::test]
async fn threads_are_sorted_as_asked() {
    let client = Client::new(Seed::Story).await;
    for (field, direction) in [
        ("CREATED_AT", "createdAt"),
        ("STATUS_CHANGED_AT", "statusChangedAt"),
        ("PRIORITY", "priority"),
    ]
    .iter()
    .flat_map(|it| [(it, "ASC"), (it, "DESC")])
    {
        let sort = json!({ "field": field.0, "direction": direction });
        let data = client
            .data(THREADS, json!({ "sortBy": sort, "first": 100 }))
            .await;
        let value = |thread: &Value| {
            thread[field.1]
                .as_i64()
                .unwrap_or_else(|| millis(&thread[field.1]))
        };
        let mut values: Vec<i64> = nodes(&data["threads"]).iter().map(value).collect();
        assert!(values.len() > 25);
        if direction == "DESC" {
            values.reverse();
        }
        assert!(values.is_sorted(), "{field:?} {direction}");
    }
    let (default, _) = client.threads(Value::Null, Value::Null).await;
    let (by_status, _) = client
        .threads(
            Value::Null,
            json!({ "field": "STATUS_CHANGED_AT", "direction": "DESC" }),
        )
        .await;
    assert_eq!(default, by_status);
    for field in ["CLOSEST_TO_BREACH_SLA", "THREAD_FIELD"] {
        let (code, message) = client
            .error(
                THREADS,
                json!({ "sortBy": { "field": field, "direction": "ASC" } }),
            )
            .await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains(field));
    }
}

#[tokio::test]
async fn a_cursor_outlives_its_row() {
    let client = Client::new(Seed::Bulk {
        threads: 12,
        tenants: 1,
    })
    .await;
    let variables = json!({ "filters": { "statuses": ["TODO"] }, "sortBy": { "field": "CREATED_AT", "direction": "DESC" }, "first": 3 });
    let first = client.data(THREADS, variables.clone()).await;
    let last_row = nodes(&first["threads"])[2]["id"].clone();
    client
        .status("markThreadAsDone", json!({ "threadId": last_row }))
        .await;
    let mut next = variables.clone();
    next["after"] = first["threads"]["pageInfo"]["endCursor"].clone();
    let second = client.data(THREADS, next).await;
    let (all, _) = client
        .threads(variables["filters"].clone(), variables["sortBy"].clone())
        .await;
    let ids: Vec<String> = nodes(&second["threads"])
        .iter()
        .map(|it| text(&it["id"]))
        .collect();
    assert_eq!(ids, all[2..5]);
}

#[tokio::test]
async fn wrong_pages_are_refused() {
    let client = Client::new(Seed::Bulk {
        threads: 30,
        tenants: 1,
    })
    .await;
    let data = client.data(THREADS, json!({})).await;
    assert_eq!(nodes(&data["threads"]).len(), 25);
    let cursor = &data["threads"]["pageInfo"]["endCursor"];
    let by_priority = json!({ "field": "PRIORITY", "direction": "ASC" });
    for wrong in [
        json!({ "first": 101 }),
        json!({ "first": 0 }),
        json!({ "last": -1 }),
        json!({ "first": 1, "last": 1 }),
        json!({ "first": 1, "before": cursor }),
        json!({ "last": 1, "after": cursor }),
        json!({ "after": "nonsense" }),
        json!({ "before": "" }),
        json!({ "after": cursor, "sortBy": by_priority }),
    ] {
        assert_eq!(
            client.error(THREADS, wrong.clone()).await.0,
            "BAD_USER_INPUT",
            "{wrong}"
        );
    }
    assert_eq!(
        nodes(&client.data(THREADS, json!({ "after": cursor })).await["threads"]).len(),
        5
    );
}

#[tokio::test]
async fn filters_narrow_and_nest() {
    let client = Client::new(Seed::Story).await;
    let all = nodes(&client.data(THREADS, json!({ "first": 100 })).await["threads"]);
    let check = async |filters: Value, wanted: &dyn Fn(&Value) -> bool| {
        let (ids, total) = client.threads(filters.clone(), Value::Null).await;
        let expected: Vec<String> = all
            .iter()
            .filter(|it| wanted(it))
            .map(|it| text(&it["id"]))
            .collect();
        assert!(
            !expected.is_empty() && expected.len() < all.len(),
            "the story has nothing for {filters}"
        );
        assert_eq!(ids, expected, "{filters}");
        assert_eq!(total, expected.len() as u64);
    };
    let halden = |it: &Value| it["tenant"]["externalId"] == "acct_halden";
    let waiting =
        |it: &Value| it["statusDetail"]["__typename"] == "ThreadStatusDetailWaitingForCustomer";
    let of_halden = json!({ "tenantIdentifiers": [{ "externalId": "acct_halden" }] });
    check(of_halden.clone(), &halden).await;
    check(json!({ "statuses": ["DONE"] }), &|it| {
        it["status"] == "DONE"
    })
    .await;
    check(
        json!({ "statuses": ["SNOOZED"], "statusDetails": ["WAITING_FOR_CUSTOMER"] }),
        &waiting,
    )
    .await;
    check(
        json!({ "statusDetails": ["WAITING_FOR_CUSTOMER"], "and": [of_halden] }),
        &|it| halden(it) && waiting(it),
    )
    .await;
    check(
        json!({ "or": [of_halden, { "statuses": ["DONE"] }] }),
        &|it| halden(it) || it["status"] == "DONE",
    )
    .await;
    check(json!({ "not": of_halden }), &|it| !halden(it)).await;
    let nested = json!({ "and": [{ "not": { "statuses": ["DONE"] } }, { "or": [of_halden, { "refs": ["T-1"] }] }] });
    check(nested, &|it| {
        it["status"] != "DONE" && (halden(it) || it["ref"] == "T-1")
    })
    .await;
    check(
        json!({ "threadIds": [all[0]["id"], all[3]["id"]] }),
        &|it| it["id"] == all[0]["id"] || it["id"] == all[3]["id"],
    )
    .await;
    check(json!({ "priorities": [0, 1] }), &|it| {
        it["priority"].as_i64().unwrap() < 2
    })
    .await;
    check(json!({ "messageSource": ["CHAT"] }), &|it| {
        it["channel"] == "CHAT" || it["channel"] == "INTERNAL"
    })
    .await;
    let moment = all
        .iter()
        .map(|it| millis(&it["createdAt"]))
        .nth(5)
        .unwrap();
    let iso = client
        .data(
            &format!(
                "{{ thread(threadId: {}) {{ createdAt {{ iso8601 }} }} }}",
                all[5]["id"]
            ),
            json!({}),
        )
        .await;
    let iso = &iso["thread"]["createdAt"]["iso8601"];
    check(json!({ "createdAt": { "after": iso } }), &|it| {
        millis(&it["createdAt"]) >= moment
    })
    .await;
    check(json!({ "createdAt": { "before": iso } }), &|it| {
        millis(&it["createdAt"]) < moment
    })
    .await;
    assert_eq!(
        client
            .threads(
                json!({ "tenantIdentifiers": [{ "externalId": "nowhere" }] }),
                Value::Null
            )
            .await
            .1,
        0
    );
}

#[tokio::test]
async fn filters_that_the_sandbox_lacks_are_named() {
    let client = Client::new(Seed::Empty).await;
    for (name, filters) in [
        ("participantIds", json!({ "participantIds": ["x"] })),
        (
            "tierIdentifiers",
            json!({ "and": [{ "not": { "tierIdentifiers": [{ "tierId": "x" }] } }] }),
        ),
        ("statuses", json!({ "statuses": [] })),
        (
            "createdAt",
            json!({ "createdAt": { "after": "yesterday" } }),
        ),
    ] {
        let (code, message) = client.error(THREADS, json!({ "filters": filters })).await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains(name), "{message}");
    }
    assert_eq!(
        client
            .error(THREADS, json!({ "filters": { "unknown": 1 } }))
            .await
            .0,
        "GRAPHQL_VALIDATION_FAILED"
    );
}

#[tokio::test]
async fn one_entry_is_found_with_its_customer_only() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    let bob = client.customer("bob").await;
    let thread = client.new_thread(&ada, "CHAT").await;
    let entry = client.entries(&thread, Value::Null).await[0]["id"].clone();
    let query = "query ($customerId: ID!, $id: ID!) { timelineEntry(customerId: $customerId, timelineEntryId: $id) { id threadId } }";
    let found = client
        .data(query, json!({ "customerId": ada, "id": entry }))
        .await;
    assert_eq!(
        found["timelineEntry"],
        json!({ "id": entry, "threadId": thread })
    );
    assert_eq!(
        client
            .data(query, json!({ "customerId": bob, "id": entry }))
            .await["timelineEntry"],
        Value::Null
    );
}

#[tokio::test]
async fn a_long_timeline_runs_newest_first_and_pages() {
    let client = Client::new(Seed::Story).await;
    let query = "query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { thread(threadId: $id) {
        timelineEntries(filters: { isMessage: true }, first: $first, after: $after, last: $last, before: $before) {
          pageInfo { hasNextPage endCursor } edges { node { id timestamp { unixTimestamp } } } } } }";
    let mut longest: Vec<Value> = Vec::new();
    for id in client.threads(Value::Null, Value::Null).await.0 {
        let mut entries: Vec<Value> = Vec::new();
        let mut variables = json!({ "id": id, "first": 50 });
        loop {
            let data = client.data(query, variables.clone()).await;
            let list = &data["thread"]["timelineEntries"];
            entries.extend(nodes(list));
            if list["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
            variables["after"] = list["pageInfo"]["endCursor"].clone();
        }
        assert!(
            entries
                .iter()
                .map(|it| millis(&it["timestamp"]))
                .rev()
                .is_sorted(),
            "{id}"
        );
        let oldest = client.data(query, json!({ "id": id, "last": 1 })).await;
        assert_eq!(
            nodes(&oldest["thread"]["timelineEntries"]).last(),
            entries.last()
        );
        if entries.len() > longest.len() {
            longest = entries;
        }
    }
    assert!(longest.len() >= 120, "{}", longest.len());
}

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
