//! What Plain may say, and what becomes of it.

#![allow(clippy::unwrap_used)]

mod odd;

use serde_json::{Value, json};

use super::*;
use crate::{
    desk::merged::MergedThreads,
    model::{
        Author, Block, Body, Correspondent, Delivery, Entry, Happening, Look, Mail, Message,
        Quoted, Via,
    },
    plain::operations::ThreadWithTimeline,
};

const AT: &str = "2026-01-02T03:04:05Z";

fn at() -> Value {
    json!({ "iso8601": AT })
}

/// A thread with these rows, newest first.
fn thread_with(edges: &[Value]) -> (operations::Thread, Vec<operations::TimelineRow>) {
    let found: ThreadWithTimeline = serde_json::from_str(&json!({
        "id": "th_1", "ref": "T-1", "title": "Hello", "customer": { "id": "c_1", "fullName": "Ada" },
        "tenant": { "id": "te_1" }, "channel": "HOLOGRAM", "status": "PONDERING",
        "statusDetail": { "__typename": "ThreadStatusDetailPondering" }, "createdAt": at(),
        "lastInboundMessageInfo": null, "lastOutboundMessageInfo": null,
        "timelineEntries": { "edges": edges, "pageInfo": { "hasPreviousPage": false, "hasNextPage": true, "startCursor": null, "endCursor": null } },
    }).to_string())
    .unwrap();
    let (thread, timeline) = found.into_parts();
    (thread, timeline.edges)
}

fn translated(edges: &[Value]) -> Vec<Entry> {
    translated_with(edges, &MergedThreads::default())
}

fn translated_with(edges: &[Value], merged: &MergedThreads) -> Vec<Entry> {
    let (thread, rows) = thread_with(edges);
    let viewer = Viewer::sample();
    entries(rows.into_iter(), false, &thread, merged, &viewer).unwrap()
}

fn messages(edges: &[Value]) -> Vec<Message> {
    let entries = translated(edges).into_iter();
    entries.filter_map(Entry::into_message).collect()
}

fn happenings(edges: &[Value]) -> Vec<Happening> {
    let event = |entry| match entry {
        Entry::Event(event) => Some(event.what),
        Entry::Message(_) => None,
    };
    translated(edges).into_iter().filter_map(event).collect()
}

fn row(entry: Value, actor: Value) -> Value {
    json!({ "node": node("t_1", "th_1", entry, actor) })
}

fn node(id: &str, thread_id: &str, entry: Value, actor: Value) -> Value {
    json!({ "id": id, "threadId": thread_id, "timestamp": at(), "entry": entry, "actor": actor })
}

fn chat(text: &str) -> Value {
    json!({ "__typename": "ChatEntry", "chat_text": text, "attachments": [] })
}

fn form(components: Value) -> Value {
    json!({ "__typename": "CustomEntry", "components": components, "attachments": null })
}

fn somebody() -> Value {
    json!({ "__typename": "RobotActor" })
}

fn agent() -> Value {
    json!({ "__typename": "UserActor", "user": { "publicName": "Theo" } })
}

fn customer() -> Value {
    json!({ "__typename": "CustomerActor", "customerId": "c_2", "customer": { "id": "c_2", "fullName": "Bo" } })
}

#[test]
fn what_we_do_not_know_is_left_out_or_neutral() {
    let unknown = json!({ "__typename": "HologramComponent" });
    let known = json!({ "__typename": "ComponentText", "text": "Known", "textSize": "XXL", "textColor": "PUCE" });
    let messages = messages(&[
        row(json!({ "__typename": "HologramEntry" }), somebody()),
        row(chat("Hello"), somebody()),
        row(form(json!([unknown, known])), somebody()),
        row(form(json!([unknown])), somebody()),
        row(form(json!([])), Value::Null),
    ]);
    let bodies: Vec<Body> = messages.iter().map(|it| it.body.clone()).collect();
    let neutral = Block::Plain("This message cannot be shown here.".into(), Look::default());
    assert_eq!(
        bodies,
        [
            Body::Blocks(vec![neutral.clone()]),
            Body::Blocks(vec![neutral]),
            Body::Blocks(vec![Block::Markdown("Known".into(), Look::default())]),
            Body::Markdown("Hello".into()),
        ]
    );
    assert!(messages.iter().all(|it| it.author == Author::System));
    let (found, _) = thread_with(&[]);
    let thread = thread(found, &Viewer::sample()).unwrap();
    assert_eq!(
        (thread.status, thread.replies),
        (Status::Open, Replies::Nowhere)
    );
}

#[test]
fn names_that_are_missing_are_no_fault() {
    let nameless = [
        json!({ "__typename": "UserActor", "user": { "publicName": null } }),
        json!({ "__typename": "MachineUserActor", "machineUser": { "publicName": " " } }),
        json!({ "__typename": "CustomerActor", "customerId": "c_2", "customer": { "id": "c_2", "fullName": null } }),
        json!({ "__typename": "DeletedCustomerActor", "customerId": "c_2" }),
    ];
    let edges = nameless.map(|actor| row(chat("Hello"), actor));
    let authors: Vec<Author> = messages(&edges).into_iter().map(|it| it.author).collect();
    let colleague = |name: &str| {
        Author::Customer(Person {
            name: name.into(),
            is_viewer: false,
        })
    };
    assert_eq!(
        authors,
        [
            colleague("A former colleague"),
            colleague("A colleague"),
            Author::Agent("Support".into()),
            Author::Agent("Support".into()),
        ]
    );
}

#[test]
fn an_entry_that_cannot_be_read_takes_nothing_with_it() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep = serde_json::value::RawValue::from_string(deep).unwrap();
    let odd = [
        json!(null),
        json!({ "node": null }),
        row(chat("x"), json!(7)),
        row(
            json!({ "__typename": "SlackReplyEntry", "text": 7 }),
            agent(),
        ),
        row(json!(null), agent()),
    ];
    for odd in odd {
        let entries = translated(&[
            row(chat("B"), agent()),
            odd.clone(),
            row(chat("A"), agent()),
        ]);
        assert_eq!(entries.len(), 3, "{odd}");
        assert!(entries[1].is_unreadable(), "{odd}");
    }
    let text = format!(
        r#"{{ "node": {{ "id": "t_9", "entry": {{ "__typename": "ChatEntry", "chat_text": {deep} }}, "actor": null }} }}"#
    );
    let read: operations::TimelineRow = serde_json::from_str(&text).unwrap();
    let operations::TimelineRow::Unreadable(unreadable) = read else {
        panic!("{read:?}");
    };
    assert_eq!(unreadable.id.as_deref(), Some("t_9"));
    assert_eq!(unreadable.kind.as_deref(), Some("ChatEntry"));
}

#[test]
fn what_nobody_asked_for_is_nobodys_to_miss() {
    let note = json!({ "__typename": "NoteEntry" });
    let odd = json!({ "node": { "id": "t_1", "entry": note } });
    assert_eq!(translated(&[odd]), []);
}

#[test]
fn changes_of_the_status_are_told_in_customers_words() {
    let change = |from: (&str, Value), to: (&str, Value), actor: Value| {
        row(
            json!({ "__typename": "ThreadStatusTransitionedEntry", "previousStatus": from.0, "previousStatusDetail": from.1,
                    "nextStatus": to.0, "nextStatusDetail": to.1 }),
            actor,
        )
    };
    let todo = || {
        (
            "TODO",
            json!({ "__typename": "ThreadStatusDetailInProgress" }),
        )
    };
    let done = || ("DONE", json!(null));
    let waiting = || {
        (
            "SNOOZED",
            json!({ "__typename": "ThreadStatusDetailWaitingForCustomer" }),
        )
    };
    let paused = || {
        (
            "SNOOZED",
            json!({ "__typename": "ThreadStatusDetailWaitingForDuration" }),
        )
    };
    let theo = || Some(Author::Agent("Theo".into()));
    let machine =
        json!({ "__typename": "MachineUserActor", "machineUser": { "publicName": "API" } });

    assert_eq!(
        happenings(&[change(todo(), done(), agent())]),
        [Happening::Done(theo())]
    );
    assert_eq!(
        happenings(&[change(todo(), waiting(), agent())]),
        [Happening::WaitingForYou(theo())]
    );
    assert_eq!(
        happenings(&[change(done(), todo(), machine)]),
        [Happening::Reopened(None)],
        "an API key acts for somebody"
    );
    assert_eq!(happenings(&[change(todo(), paused(), agent())]), []);
    assert_eq!(happenings(&[change(waiting(), todo(), customer())]), []);
    // Newest first: there and back again is nowhere.
    assert_eq!(
        happenings(&[
            change(done(), todo(), agent()),
            change(todo(), done(), agent())
        ]),
        []
    );
    assert_eq!(
        happenings(&[
            change(todo(), paused(), customer()),
            change(done(), todo(), agent()),
        ]),
        [Happening::Reopened(theo())],
        "who did what is seen, not who did what is not"
    );
    assert_eq!(
        happenings(&[
            change(done(), todo(), agent()),
            row(chat("Still broken"), customer()),
            change(todo(), done(), agent()),
        ]),
        [Happening::Done(theo()), Happening::Reopened(theo())]
    );
}

fn email(change: Value) -> Value {
    let participant = |name: &str, actor: Value| json!({ "name": name, "email": format!("{name}@example.com"), "emailActor": actor });
    let mut email = json!({
        "__typename": "EmailEntry", "category": "MESSAGING", "subject": "Hello",
        "from": participant("Bo", json!({ "__typename": "CustomerEmailActor", "customerId": "c_2" })),
        "to": participant("secret.help", json!({ "__typename": "SupportEmailAddressEmailActor" })),
        "additionalRecipients": [
            participant("secret.theo", json!({ "__typename": "UserEmailActor", "user": { "publicName": "Theo" } })),
            participant("Cy", Value::Null),
            participant("secret.robot", json!({ "__typename": "RobotEmailActor" })),
            participant("secret.gone", json!({ "__typename": "DeletedCustomerEmailActor" })),
        ],
        "textContent": "Words", "hasMoreTextContent": false, "markdownContent": null, "hasMoreMarkdownContent": false,
        "sendStatus": null, "isStartOfThread": false, "attachments": [],
    });
    for (name, value) in change.as_object().unwrap() {
        email[name] = value.clone();
    }
    email
}

fn mailed(change: Value) -> Message {
    let mut messages = messages(&[row(email(change), customer())]);
    assert_eq!(messages.len(), 1);
    messages.remove(0)
}

#[test]
fn an_email_names_customers_and_strangers_and_of_support_only_public_names() {
    let mail = mailed(json!({})).mail.unwrap();
    let named = |name: &str| Correspondent::Named {
        name: Some(name.into()),
        address: format!("{name}@example.com"),
    };
    assert_eq!(
        mail,
        Mail {
            from: Some(named("Bo")),
            to: Some(Correspondent::Support("Support".into())),
            cc: vec![
                Correspondent::Support("Theo".into()),
                named("Cy"),
                Correspondent::Somebody,
                Correspondent::Somebody,
            ],
            ..Mail::default()
        }
    );
    assert!(!format!("{mail:?}").contains("secret"));
    let from_support = messages(&[row(
        email(
            json!({ "from": { "name": "secret", "email": "secret@example.com", "emailActor": null } }),
        ),
        agent(),
    )]);
    let mail = from_support[0].mail.as_ref().unwrap();
    assert_eq!(mail.from, Some(Correspondent::Support("Theo".into())));
}

#[test]
fn an_email_of_a_kind_that_we_do_not_know_is_not_shown() {
    for category in ["CUSTOMER_SURVEY", "USER_HIDDEN", "HOLOGRAM"] {
        let email = email(json!({ "category": category }));
        assert_eq!(translated(&[row(email, customer())]), [], "{category}");
    }
}

#[test]
fn what_an_email_quotes_is_apart_from_its_words() {
    let message = mailed(json!({ "textContent": "Yes.\n\nOn Monday Theo wrote:\n> Really?" }));
    assert_eq!(message.body, Body::Plain("Yes.".into()));
    let quoted = |text: &str| Some(Quoted::Here(Box::new(Body::Plain(text.into()))));
    let quote = "On Monday Theo wrote:\n> Really?";
    assert_eq!(message.mail.unwrap().quoted, quoted(quote));

    let first = format!("Look at this:\n\n{quote}");
    let message = mailed(json!({ "textContent": first, "isStartOfThread": true }));
    assert_eq!(message.body, Body::Plain(first));

    let more = |full: Value| {
        let change =
            json!({ "textContent": "Yes.", "hasMoreTextContent": true, "fullTextContent": full });
        mailed(change).mail.unwrap().quoted
    };
    assert_eq!(more(Value::Null), Some(Quoted::NotLoaded));
    assert_eq!(more(json!("Yes.\n\n> Really?")), quoted("> Really?"));
    assert_eq!(more(json!("Something else")), quoted("Something else"));
}

#[test]
fn an_email_without_words_is_still_there() {
    let message = mailed(json!({ "textContent": null, "subject": null }));
    assert_eq!(
        (message.body, message.subject, message.via),
        (Body::Empty, None, Some(Via::Email))
    );
}

#[test]
fn messages_of_other_products_are_edited_or_gone() {
    for (kind, edited, deleted) in [
        (
            "SlackMessageEntry",
            "lastEditedOnSlackAt",
            "deletedOnSlackAt",
        ),
        ("SlackReplyEntry", "lastEditedOnSlackAt", "deletedOnSlackAt"),
        (
            "MSTeamsMessageEntry",
            "lastEditedOnMsTeamsAt",
            "deletedOnMsTeamsAt",
        ),
        (
            "DiscordMessageEntry",
            "lastEditedOnDiscordAt",
            "deletedOnDiscordAt",
        ),
    ] {
        let message = |edited_at: Value, deleted_at: Value| {
            let entry = json!({ "__typename": kind, "text": "Hello", "markdownContent": "Hello", edited: edited_at, deleted: deleted_at, "attachments": [] });
            messages(&[row(entry, customer())]).remove(0)
        };
        let as_written = message(Value::Null, Value::Null);
        assert_eq!(as_written.body, Body::Markdown("Hello".into()), "{kind}");
        assert!(!as_written.edited && as_written.via.is_some());
        assert!(message(at(), Value::Null).edited, "{kind}");
        assert_eq!(message(at(), at()).body, Body::Deleted, "{kind}");
    }
}

fn merged(child: Value) -> Value {
    let entry = json!({ "__typename": "MergedThreadMessageEntry", "childThreadDetails": { "id": "th_2" }, "childTimelineEntry": child });
    row(entry, agent())
}

fn threads(ids: &[&str]) -> MergedThreads {
    let (thread, _) = thread_with(&[]);
    let thread = |id: &&str| operations::Thread {
        id: operations::Id::new(*id),
        ..thread.clone()
    };
    MergedThreads::all(ids.iter().map(thread), |_| true)
}

#[test]
fn a_merged_message_is_shown_to_those_who_may_see_where_it_comes_from() {
    let rows = [merged(node("t_2", "th_2", chat("Hello"), customer()))];
    let shown = translated_with(&rows, &threads(&["th_2"]));
    let message = shown[0].message().unwrap();
    assert_eq!(message.body, Body::Markdown("Hello".into()));
    assert!(message.merged && message.id == "t_1");

    let elsewhere = |rows: &[Value], known: &[&str]| {
        let entries = translated_with(rows, &threads(known));
        matches!(&entries[..], [Entry::Event(event)] if event.what == Happening::MergedFromElsewhere)
    };
    assert!(elsewhere(&rows, &[]));
    let rows = [merged(node("t_2", "th_3", chat("Hello"), customer()))];
    assert!(elsewhere(&rows, &["th_2"]), "it says another thread itself");

    let inner = merged(node("t_3", "th_3", chat("Hello"), customer()));
    let rows = [merged(inner["node"].clone())];
    assert!(elsewhere(&rows, &["th_2"]));
}

#[test]
fn a_merged_entry_that_is_no_message_is_not_shown() {
    for child in [
        Value::Null,
        node("t_2", "th_2", json!({ "__typename": "NoteEntry" }), agent()),
        node(
            "t_2",
            "th_2",
            email(json!({ "category": "THREAD_DISCUSSION" })),
            agent(),
        ),
    ] {
        assert_eq!(translated_with(&[merged(child)], &threads(&["th_2"])), []);
    }
}

#[test]
fn a_merged_form_is_its_customers() {
    let form = node("t_2", "th_2", form(json!([])), somebody());
    let shown = translated_with(&[merged(form)], &threads(&["th_2"]));
    let Author::Customer(person) = &shown[0].message().unwrap().author else {
        panic!("{shown:?}");
    };
    assert_eq!(person.name, "Ada");
}
