//! A Plain whose answers have holes, and threads that are not what one would expect.

use super::*;

fn viewer() -> Value {
    json!({ "__typename": "CustomerActor", "customerId": Viewer::sample().customer_id, "customer": null })
}

#[test]
fn a_message_without_its_author_keeps_its_words() {
    let actors = [
        json!({ "__typename": "UserActor", "user": null }),
        json!({ "__typename": "MachineUserActor", "machineUser": null }),
        json!({ "__typename": "CustomerActor", "customerId": "c_2", "customer": null }),
        viewer(),
    ];
    let edges = actors.map(|actor| row(chat("Hello"), actor));
    let messages = messages(&edges);
    let hello = Body::Markdown("Hello".into());
    assert!(messages.iter().all(|message| message.body == hello));
    let customer = |is_viewer| {
        Author::Customer(Person {
            name: "A colleague".into(),
            is_viewer,
        })
    };
    let authors: Vec<Author> = messages.into_iter().map(|it| it.author).collect();
    let support = Author::Agent("Support".into());
    assert_eq!(
        authors,
        [customer(true), customer(false), support.clone(), support]
    );
    let agent = json!({ "name": "secret", "email": "secret@example.com", "emailActor": { "__typename": "UserEmailActor", "user": null } });
    let mail = mailed(json!({ "to": agent, "additionalRecipients": [null] })).mail;
    let mail = mail.unwrap();
    assert_eq!(mail.to, Some(Correspondent::Support("Support".into())));
    assert_eq!(mail.cc, []);
}

#[test]
fn files_of_any_size_and_without_a_name_take_no_words() {
    let file = |id: &str, size: Value| json!({ "id": id, "fileName": null, "fileMimeType": null, "fileSize": size });
    let mut entry = chat("Hello");
    entry["attachments"] = json!([
        null,
        file("att_1", Value::Null),
        file("att_2", json!({ "bytes": 5_000_000_000_u64 })),
        file("att_3", json!({ "bytes": -1 })),
    ]);
    let message = messages(&[row(entry, customer())]).remove(0);
    assert_eq!(message.body, Body::Markdown("Hello".into()));
    let files = message.attachments.iter();
    let files: Vec<(&str, u64)> = files.map(|it| (it.id.as_str(), it.size_bytes)).collect();
    assert_eq!(
        files,
        [("att_1", 0), ("att_2", 5_000_000_000), ("att_3", 0)]
    );
    assert_eq!(message.attachments[0].name, "Unnamed file");
}

#[test]
fn a_teams_message_without_markdown_is_its_text() {
    for (markdown, text, body) in [
        (json!("*Hi*"), "Hi", Body::Markdown("*Hi*".into())),
        (json!(" \n"), "2 * 3", Body::Plain("2 * 3".into())),
        (Value::Null, "2 * 3", Body::Plain("2 * 3".into())),
        (json!(""), " ", Body::Empty),
    ] {
        let entry = json!({ "__typename": "MSTeamsMessageEntry", "text": text, "markdownContent": markdown,
            "lastEditedOnMsTeamsAt": null, "deletedOnMsTeamsAt": null, "attachments": [] });
        assert_eq!(messages(&[row(entry, agent())]).remove(0).body, body);
    }
}

#[test]
fn boxes_with_nothing_in_them_are_left_out() {
    let unknown = json!({ "__typename": "HologramComponent" });
    let row_of = |main: Value| json!({ "__typename": "ComponentRow", "rowMainContent": main, "rowAsideContent": [] });
    let container =
        |content: Value| json!({ "__typename": "ComponentContainer", "containerContent": content });
    let empty = [
        row_of(json!([unknown])),
        container(json!([])),
        container(json!([row_of(json!([unknown]))])),
    ];
    let message = messages(&[row(form(json!(empty)), agent())]).remove(0);
    let neutral = Block::Plain("This message cannot be shown here.".into(), Look::default());
    assert_eq!(message.body, Body::Blocks(vec![neutral]));
    let mut files_only = form(json!([]));
    files_only["attachments"] = json!([{ "id": "att_1", "fileName": "a.txt", "fileMimeType": "text/plain", "fileSize": { "bytes": 1 } }]);
    let message = messages(&[row(files_only, agent())]).remove(0);
    assert_eq!(message.body, Body::Blocks(vec![]));
}

fn first_author(edges: &[Value]) -> Author {
    let (thread, rows) = thread_with(edges);
    let merged = MergedThreads::default();
    let entries = entries(rows.into_iter(), true, &thread, &merged, &Viewer::sample()).unwrap();
    let messages = entries.into_iter().filter_map(Entry::into_message);
    messages.map(|message| message.author).next().unwrap()
}

#[test]
fn only_the_first_form_by_no_person_is_its_customers() {
    let machine =
        || json!({ "__typename": "MachineUserActor", "machineUser": { "publicName": "API" } });
    let form = |actor| row(form(json!([])), actor);
    let hidden = row(email(json!({ "category": "USER_HIDDEN" })), agent());
    let is_customer = |edges: &[Value]| matches!(first_author(edges), Author::Customer(_));
    assert!(is_customer(&[form(machine())]));
    assert!(is_customer(&[form(somebody())]));
    assert!(!is_customer(&[form(agent())]), "an agent's own");
    assert!(!is_customer(&[form(machine()), hidden]));
    assert!(!is_customer(&[form(machine()), json!(null)]));
}

#[test]
fn what_became_of_an_email_is_told_of_supports_alone() {
    let delivery = |actor: Value| {
        let email = email(json!({ "sendStatus": "FAILED" }));
        let message = messages(&[row(email, actor)]).remove(0);
        message.mail.unwrap().delivery
    };
    assert_eq!(delivery(agent()), Some(Delivery::Failed));
    assert_eq!(delivery(customer()), None);
}

#[test]
fn the_email_that_a_request_began_with_is_whole_when_it_was_loaded() {
    let message = mailed(
        json!({ "textContent": "Look:", "hasMoreTextContent": true, "fullTextContent": "Look:\n> this", "isStartOfThread": true }),
    );
    assert_eq!(message.body, Body::Plain("Look:\n> this".into()));
    assert_eq!(message.mail.unwrap().quoted, None);
}

/// What is shown of a message by this actor from a thread of which this is known.
fn merged_entry(actor: Value, known: &MergedThreads) -> Entry {
    let rows = [merged(node("t_2", "th_2", chat("Hello"), actor))];
    translated_with(&rows, known).remove(0)
}

#[test]
fn of_where_a_message_comes_from_nothing_untrue_is_said() {
    let happening = |entry: Entry| match entry {
        Entry::Event(event) => event.what,
        Entry::Message(message) => panic!("{message:?}"),
    };
    let (not_looked_up, gone) = (MergedThreads::default(), threads(&[]));
    let (other, _) = thread_with(&[]);
    let hidden = operations::Thread {
        id: operations::Id::new("th_2"),
        ..other
    };
    let hidden = MergedThreads::all([hidden], |_| false);
    assert_eq!(
        happening(merged_entry(viewer(), &not_looked_up)),
        Happening::Unreadable
    );
    assert_eq!(
        happening(merged_entry(viewer(), &hidden)),
        Happening::MergedFromElsewhere
    );
    assert_eq!(
        happening(merged_entry(customer(), &gone)),
        Happening::MergedFromElsewhere
    );
    let own = merged_entry(viewer(), &gone);
    assert_eq!(own.message().unwrap().body, Body::Markdown("Hello".into()));
}

#[test]
fn what_was_merged_more_often_than_is_asked_for_leaves_a_line() {
    let deepest = merged(Value::Null)["node"].clone();
    let second = merged(deepest.clone())["node"].clone();
    let known = threads(&["th_1", "th_2"]);
    let entries = translated_with(&[merged(second)], &known);
    assert_eq!(entries.len(), 1);
    assert!(entries[0].is_unreadable());
    assert_eq!(translated_with(&[merged(deepest)], &known), []);
}

#[test]
fn times_at_the_end_of_time_are_times() {
    let (mut thread, _) = thread_with(&[]);
    thread.id = operations::Id::new("th_2");
    thread.created_at.iso8601 = "9999-12-30T22:00:00.999Z".into();
    let known = MergedThreads::all([thread], |_| true);
    let form = node("t_2", "th_2", form(json!([])), somebody());
    assert!(
        translated_with(&[merged(form)], &known)[0]
            .message()
            .is_some()
    );
}
