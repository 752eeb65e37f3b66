//! A client of the sandbox, as plain as can be: operations in, JSON out.

use plain_portal::sandbox::{Options, Sandbox, Seed};
use serde_json::{Value, json};

pub struct Client {
    pub sandbox: Sandbox,
    pub http: reqwest::Client,
}

impl Client {
    pub async fn new(seed: Seed) -> Self {
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
    pub async fn post(&self, key: Option<&str>, body: String) -> (u16, Value) {
        let mut request = self.http.post(self.sandbox.graphql_url()).body(body);
        if let Some(key) = key {
            request = request.header("authorization", key);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap())
    }

    /// The whole answer to a well-formed request.
    pub async fn answer(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let (status, answer) = self.post(Some("Bearer plainApiKey_test"), body).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// The data of an answer without errors.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].take()
    }

    /// The code of the one top-level error, and its message.
    pub async fn error(&self, query: &str, variables: Value) -> (String, String) {
        let answer = self.answer(query, variables).await;
        let error = &answer["errors"][0];
        (text(&error["extensions"]["code"]), text(&error["message"]))
    }

    pub async fn tenant(&self, external_id: &str) -> Value {
        let query = "mutation upsertTenant($input: UpsertTenantInput!) { upsertTenant(input: $input) {
            result tenant { id name externalId url } error { message type code fields { field message type } } } }";
        let input = json!({ "identifier": { "externalId": external_id }, "name": external_id, "externalId": external_id });
        self.data(query, json!({ "input": input })).await["upsertTenant"].take()
    }

    pub async fn upsert_customer(
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
    pub async fn customer(&self, name: &str) -> String {
        let done = self
            .upsert_customer(json!({ "externalId": name }), person(name), json!({}))
            .await;
        assert_eq!(done["result"], "CREATED", "{done}");
        text(&done["customer"]["id"])
    }

    pub async fn create_thread(&self, input: Value) -> Value {
        let query = format!(
            "mutation createThread($input: CreateThreadInput!) {{ createThread(input: $input) {{
               thread {{ {THREAD} }} error {{ message type code fields {{ field message type }} }} }} }}"
        );
        self.data(&query, json!({ "input": input })).await["createThread"].take()
    }

    /// A new thread of a customer on a channel, with one text; answers the id.
    pub async fn new_thread(&self, customer_id: &str, channel: &str) -> String {
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

    pub async fn thread(&self, id: &str) -> Value {
        let query = format!("query thread($id: ID!) {{ thread(threadId: $id) {{ {THREAD} }} }}");
        self.data(&query, json!({ "id": id })).await["thread"].take()
    }

    /// The entries of a thread, newest first.
    pub async fn entries(&self, id: &str, filters: Value) -> Vec<Value> {
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
    pub async fn reply(&self, thread_id: &str, author: Option<&str>, more: Value) -> Value {
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

    /// Does a mutation; answers its `error` and what it selects besides.
    pub async fn mutate(&self, mutation: &str, selection: &str, input: Value) -> Value {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!(
            "mutation {mutation}($input: {kind}!) {{ {mutation}(input: $input) {{ {selection}
               error {{ message type code fields {{ field message type }} }} }} }}"
        );
        self.data(&query, json!({ "input": input })).await[mutation].take()
    }

    /// One of the mutations that answer a thread; answers that and its `error`.
    pub async fn status(&self, mutation: &str, input: Value) -> Value {
        self.mutate(mutation, &format!("thread {{ {THREAD} }}"), input)
            .await
    }

    /// The ids of all threads that a filter lets through, and the total count.
    pub async fn threads(&self, filters: Value, sort: Value) -> (Vec<String>, u64) {
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

pub const THREAD: &str = "id ref title description previewText priority externalId status channel
    statusChangedAt { iso8601 unixTimestamp } statusDetail { __typename
      ... on ThreadStatusDetailWaitingForDuration { waitingUntil { unixTimestamp } } }
    customer { id } tenant { externalId } createdBy { __typename }
    firstInboundMessageInfo { messageSource } lastInboundMessageInfo { messageSource timestamp { unixTimestamp } }
    firstOutboundMessageInfo { messageSource } lastOutboundMessageInfo { messageSource }";

pub const ENTRY: &str = "id threadId customerId llmText timestamp { unixTimestamp }
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

pub const THREADS: &str = "query threads($filters: ThreadsFilter, $sortBy: ThreadsSort, $first: Int, $after: String, $last: Int, $before: String) {
    threads(filters: $filters, sortBy: $sortBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id ref title status priority channel tenant { externalId } statusDetail { __typename }
        createdAt { unixTimestamp } statusChangedAt { unixTimestamp } lastInboundMessageInfo { timestamp { unixTimestamp } } } } } }";

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("not a string: {value}"))
        .to_owned()
}

pub fn nodes(connection: &Value) -> Vec<Value> {
    connection["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"].clone())
        .collect()
}

pub fn millis(time: &Value) -> i64 {
    time["unixTimestamp"].as_str().unwrap().parse().unwrap()
}

/// The field errors of a mutation that was refused because of its input, as `field TYPE`.
pub fn problems(done: &Value) -> Vec<String> {
    let error = &done["error"];
    assert_eq!(error["type"], "VALIDATION", "{done}");
    let fields = error["fields"].as_array().unwrap();
    let shown = |it: &Value| format!("{} {}", text(&it["field"]), text(&it["type"]));
    fields.iter().map(shown).collect()
}

pub fn person(name: &str) -> Value {
    json!({ "externalId": name, "fullName": name, "email": { "email": format!("{name}@x.example"), "isVerified": true } })
}
