//! What Plain may say that we do not know.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::*;
use crate::plain::operations::ThreadWithTimeline;

/// What is made of a thread with these entries, given newest first as pairs of entry and actor.
fn translated(entries: &[(Value, Value)]) -> (Thread, Vec<Message>) {
    let at = json!({ "iso8601": "2026-01-02T03:04:05Z" });
    let edges: Vec<Value> = entries
        .iter()
        .map(|(entry, actor)| json!({ "node": { "id": "t_1", "timestamp": at, "entry": entry, "actor": actor } }))
        .collect();
    let found: ThreadWithTimeline = serde_json::from_value(json!({
        "id": "th_1", "ref": "T-1", "title": "Hello", "customer": { "id": "c_1", "fullName": "Ada" },
        "tenant": { "id": "te_1" }, "channel": "HOLOGRAM", "status": "PONDERING",
        "statusDetail": { "__typename": "ThreadStatusDetailPondering" }, "createdAt": at,
        "lastInboundMessageInfo": null, "lastOutboundMessageInfo": null,
        "timelineEntries": { "edges": edges, "pageInfo": { "hasPreviousPage": false, "hasNextPage": true, "startCursor": null, "endCursor": null } },
    }))
    .unwrap();
    let nodes = found.timeline_entries.edges.into_iter();
    let entries = nodes.map(|edge| edge.node);
    let messages = messages(entries, false, &found.thread, &Viewer::sample()).unwrap();
    (thread(found.thread, &Viewer::sample()).unwrap(), messages)
}

fn chat(text: &str) -> Value {
    json!({ "__typename": "ChatEntry", "chat_text": text, "attachments": [] })
}

fn form(components: Value) -> Value {
    json!({ "__typename": "CustomEntry", "components": components, "attachments": [] })
}

fn somebody() -> Value {
    json!({ "__typename": "RobotActor" })
}

#[test]
fn what_we_do_not_know_is_left_out_or_neutral() {
    let unknown = json!({ "__typename": "HologramComponent" });
    let known = json!({ "__typename": "ComponentText", "text": "Known" });
    let (thread, messages) = translated(&[
        (json!({ "__typename": "HologramEntry" }), somebody()),
        (chat("Hello"), somebody()),
        (form(json!([unknown, known])), somebody()),
        (form(json!([unknown])), somebody()),
        (form(json!([])), somebody()),
    ]);
    assert_eq!(
        (thread.status, thread.replies),
        (Status::Open, Replies::Nowhere)
    );
    let bodies: Vec<Body> = messages.iter().map(|it| it.body.clone()).collect();
    let neutral = Block::Plain("This message cannot be shown here.".into());
    assert_eq!(
        bodies,
        [
            Body::Blocks(vec![]),
            Body::Blocks(vec![neutral]),
            Body::Blocks(vec![Block::Markdown("Known".into())]),
            Body::Markdown("Hello".into()),
        ]
    );
    assert!(messages.iter().all(|it| it.author == Author::System));
}

#[test]
fn an_email_of_a_kind_that_we_do_not_know_is_not_shown() {
    let email = json!({ "__typename": "EmailEntry", "subject": "s", "textContent": "t", "markdownContent": null, "category": "HOLOGRAM", "attachments": [] });
    assert_eq!(translated(&[(email, somebody())]).1, []);
}
