//! The client with a Plain that answers in part.

use serde_json::{Value, json};

use super::{
    scripted::{Server, ok},
    *,
};

fn client(server: &Server) -> Client {
    let client = Client::new(server.url.clone(), "plainApiKey_test".into()).unwrap();
    client.without_retries()
}

fn thread() -> Value {
    let at = json!({ "iso8601": "2026-01-02T03:04:05Z" });
    json!({
        "id": "th_1", "ref": "T-1", "title": "Hello", "customer": { "id": "c_1", "fullName": "Ada" },
        "tenant": { "id": "te_1" }, "channel": "SLACK", "status": "TODO", "statusDetail": null, "createdAt": at,
        "lastInboundMessageInfo": null, "lastOutboundMessageInfo": null,
    })
}

/// The same with Slack messages, none of which is said to be deleted.
fn thread_with_messages(texts: &[&str]) -> Value {
    let at = json!({ "iso8601": "2026-01-02T03:04:05Z" });
    let edge = |text: &&str| {
        let entry = json!({ "__typename": "SlackMessageEntry", "text": text, "lastEditedOnSlackAt": null, "deletedOnSlackAt": null, "attachments": [] });
        json!({ "node": { "id": "t_1", "threadId": "th_1", "timestamp": at, "entry": entry, "actor": { "__typename": "SystemActor" } } })
    };
    let page_info = json!({ "hasPreviousPage": false, "hasNextPage": false, "startCursor": null, "endCursor": null });
    let mut thread = thread();
    let edges: Vec<Value> = texts.iter().map(edge).collect();
    thread["timelineEntries"] = json!({ "edges": edges, "pageInfo": page_info });
    thread
}

/// A server whose every answer is this data, of which these paths have failed.
async fn plain(data: Value, failed: &[Value]) -> Server {
    let failure = |path: &Value| json!({ "message": "failed", "path": path, "extensions": { "code": "INTERNAL_SERVER_ERROR" } });
    let errors: Vec<Value> = failed.iter().map(failure).collect();
    Server::start([ok(&json!({ "data": data, "errors": errors }).to_string())]).await
}

fn key() -> ThreadKey {
    ThreadKey::Id("th_1".into())
}

const PAGE: TimelinePage = TimelinePage {
    first: 50,
    after: None,
    whole_mails: false,
};

async fn texts(server: &Server) -> (Vec<String>, bool) {
    let found = client(server).thread_with_timeline(&key(), PAGE).await;
    let Loaded { value, partial } = found.unwrap().unwrap();
    let entries = value.timeline_entries.edges.into_iter();
    let texts = entries.map(|row| match row {
        TimelineRow::Entry(entry) => match entry.entry {
            Entry::SlackMessage(message) => message.text,
            other => panic!("{other:?}"),
        },
        TimelineRow::Unreadable(_) => "unreadable".to_owned(),
    });
    (texts.collect(), partial)
}

#[tokio::test]
async fn an_entry_that_may_have_been_deleted_is_not_shown() {
    let data = json!({ "thread": thread_with_messages(&["first", "second", "third"]) });
    let whole = plain(data.clone(), &[]).await;
    let all = ["first", "second", "third"].map(str::to_owned).to_vec();
    assert_eq!(texts(&whole).await, (all.clone(), false));

    let deleted = json!([
        "thread",
        "timelineEntries",
        "edges",
        1,
        "node",
        "entry",
        "deletedOnSlackAt"
    ]);
    let partial = plain(data.clone(), &[deleted]).await;
    let rest = ["first", "unreadable", "third"].map(str::to_owned).to_vec();
    assert_eq!(texts(&partial).await, (rest, true));
    for field in ["lastEditedOnSlackAt", "attachments"] {
        let row = [
            "thread",
            "timelineEntries",
            "edges",
            "1",
            "node",
            "entry",
            field,
        ];
        let mut path: Vec<Value> = row.map(Value::from).to_vec();
        path[3] = json!(1);
        let partial = plain(data.clone(), &[json!(path)]).await;
        assert_eq!(texts(&partial).await, (all.clone(), true), "{field}");
    }

    let elsewhere = json!(["thread", "statusDetail"]);
    let partial = plain(data, &[elsewhere]).await;
    assert_eq!(texts(&partial).await, (all, true));
}

#[tokio::test]
async fn what_failed_somewhere_may_have_failed_anywhere() {
    let data = json!({ "thread": thread_with_messages(&["first"]) });
    for path in [
        Value::Null,
        json!([]),
        json!(["thread"]),
        json!(["thread", "timelineEntries"]),
        json!(["thread", "timelineEntries", "edges"]),
    ] {
        let server = plain(data.clone(), std::slice::from_ref(&path)).await;
        let (client, key) = (client(&server), key());
        let found = client.thread_with_timeline(&key, PAGE).await;
        assert!(matches!(found, Err(Error::Temporary { .. })), "{path}");
    }
}

#[tokio::test]
async fn an_entry_that_is_not_as_the_schema_says_takes_nothing_with_it() {
    let mut data = json!({ "thread": thread_with_messages(&["first", "second", "third"]) });
    data["thread"]["timelineEntries"]["edges"][1]["node"]["entry"]["text"] = json!([7]);
    let server = plain(data, &[]).await;
    let rows = ["first", "unreadable", "third"].map(str::to_owned).to_vec();
    assert_eq!(texts(&server).await, (rows, false));
}

#[tokio::test]
async fn a_tenant_that_could_not_be_loaded_is_not_the_same_as_none() {
    let mut data = json!({ "thread": thread_with_messages(&["first"]) });
    data["thread"]["tenant"] = Value::Null;
    let failed = plain(data.clone(), &[json!(["thread", "tenant"])]).await;
    let client_of_failed = client(&failed);
    let key = key();
    let found = client_of_failed.thread_with_timeline(&key, PAGE);
    assert!(matches!(found.await, Err(Error::Temporary { .. })));
    let found = client_of_failed.thread(&key).await;
    assert!(matches!(found, Err(Error::Temporary { .. })));

    let none = plain(data, &[]).await;
    assert!(client(&none).thread(&key).await.unwrap().is_some());
}

#[tokio::test]
async fn a_thread_that_failed_is_not_a_thread_that_is_not_there() {
    let server = plain(json!({ "threadByExternalId": null }), &[]).await;
    let found = client(&server).thread_by_external_id("c_1", "x").await;
    assert!(found.unwrap().is_none());
    let failed = json!(["threadByExternalId", "title"]);
    let server = plain(
        json!({ "threadByExternalId": null }),
        std::slice::from_ref(&failed),
    )
    .await;
    let found = client(&server).thread_by_external_id("c_1", "x").await;
    assert!(matches!(found, Err(Error::Temporary { .. })));
    let server = plain(json!({ "threadByExternalId": thread() }), &[failed]).await;
    let found = client(&server).thread_by_external_id("c_1", "x").await;
    assert!(found.unwrap().is_some());
}

#[tokio::test]
async fn who_somebody_is_is_never_read_in_part() {
    let data = json!({ "customerByEmail": { "id": "c_1", "externalId": null } });
    let server = plain(data, &[json!(["customerByEmail", "externalId"])]).await;
    let found = client(&server).customer_by_email("ada@example.com").await;
    assert!(matches!(found, Err(Error::Temporary { .. })));
}

#[tokio::test]
async fn a_mutation_whose_result_is_missing_may_have_been_done() {
    let input = || CreateThreadInput {
        customer_identifier: CustomerIdentifierInput::by_id("c_1"),
        title: None,
        components: None,
        external_id: None,
        tenant_identifier: None,
        attachment_ids: None,
    };
    let null = Value::Null;
    let created = json!({ "thread": { "id": "th_1" }, "error": null });
    let lost = json!({ "thread": null, "error": null });
    let refused = json!({ "thread": null, "error": { "message": "No", "type": "VALIDATION", "code": "input_validation", "fields": [] } });
    // What stands at the mutation, the path of what failed, and whether it is done (or may be).
    for (payload, path, done) in [
        (
            &created,
            json!(["createThread", "thread", "title"]),
            Some(true),
        ),
        (&created, json!(["createThread", "error"]), None),
        (&lost, json!(["createThread", "thread"]), None),
        (&null, json!(["createThread"]), None),
        (&refused, json!(["createThread", "thread"]), Some(false)),
    ] {
        let server = plain(json!({ "createThread": payload }), &[path]).await;
        let end = client(&server).create_thread(input()).await;
        let told = match &end {
            Ok(_) => Some(true),
            Err(error) => (!error.maybe_done()).then_some(false),
        };
        assert_eq!(told, done, "{payload}: {end:?}");
        assert_eq!(server.calls(), 1);
    }
}
