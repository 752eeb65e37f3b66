//! What of Plain's timeline reaches a page: every kind of entry, whole and in order, whatever else Plain may answer.

use std::collections::HashSet;

use axum::http::StatusCode;
use plain_portal::{
    plain::operations::{Class, KINDS},
    sandbox::faults::Fault,
};
use serde_json::{Value, json};

use crate::app::{Browser, Page, TestApp};

const AT: &str = "2026-01-02T03:04:05Z";

/// A thread of Northwind's with these rows, as a Plain answers it that says more than it was asked for.
fn answer(edges: &[Value]) -> String {
    let at = json!({ "iso8601": AT });
    let page_info = json!({ "hasPreviousPage": false, "hasNextPage": false, "startCursor": null, "endCursor": null });
    let thread = json!({
        "id": "th_1", "ref": "T-34", "title": "Every kind", "customer": { "id": "c_1", "fullName": "Bo", "llmText": "NEVER" },
        "tenant": null, "channel": "CHAT", "status": "TODO", "statusDetail": null, "createdAt": at,
        "lastInboundMessageInfo": null, "lastOutboundMessageInfo": null, "previewText": "NEVER",
        "timelineEntries": { "edges": edges, "pageInfo": page_info },
    });
    json!({ "data": { "threadByRef": thread } }).to_string()
}

/// The page that this person gets when Plain answers so. The tenant of the answer is theirs.
async fn page_of(app: &TestApp, browser: &mut Browser, edges: &[Value]) -> Page {
    let query = "{ threadByRef(ref: \"T-34\") { tenant { id } } }";
    let tenant = app.plain(query, json!({})).await["threadByRef"]["tenant"].take();
    let body = answer(edges).replace("\"tenant\":null", &format!("\"tenant\":{tenant}"));
    app.sandbox.inject(
        Fault::answer(StatusCode::OK, body)
            .on("ThreadPageByRef")
            .times(1),
    );
    browser.get("/threads/T-34").await
}

fn row(number: usize, entry: Value, actor: Value) -> Value {
    let node = json!({
        "id": format!("t_{number}"), "threadId": "th_1", "timestamp": { "iso8601": AT }, "entry": entry, "actor": actor,
        "llmText": "NEVER llmText",
    });
    json!({ "cursor": "x", "node": node })
}

fn agent() -> Value {
    json!({ "__typename": "UserActor", "userId": "u_1",
            "user": { "publicName": "Theo", "fullName": "NEVER fullName", "email": "NEVER@staff.example" } })
}

fn participant(name: &str, actor: Value) -> Value {
    json!({ "name": name, "email": format!("{name}@example.com"), "emailActor": actor })
}

/// An entry of this kind: what customers may see of it is marked SHOWN, everything else NEVER.
fn entry_of(member: &str) -> Value {
    let shown = format!("SHOWN {member}");
    let at = json!({ "iso8601": AT });
    let never = json!({ "noteId": "NEVER", "text": "NEVER text", "markdown": "NEVER markdown", "title": "NEVER title" });
    let mut entry = match member {
        "ChatEntry" => json!({ "chat_text": shown }),
        "EmailEntry" => json!({
            "category": "MESSAGING", "subject": "SHOWN subject", "textContent": shown, "hasMoreTextContent": false,
            "markdownContent": null, "hasMoreMarkdownContent": false, "sendStatus": "BOUNCED", "isStartOfThread": true,
            "from": participant("NEVER", json!({ "__typename": "UserEmailActor", "user": { "publicName": "Theo", "fullName": "NEVER" } })),
            "to": participant("SHOWN.to", json!({ "__typename": "CustomerEmailActor", "customerId": "c_1" })),
            "additionalRecipients": [participant("SHOWN.cc", Value::Null),
                participant("NEVER", json!({ "__typename": "SupportEmailAddressEmailActor", "supportEmailAddress": "NEVER" }))],
            "hiddenRecipients": [participant("NEVER", Value::Null)],
            "bounces": [{ "recipient": participant("NEVER", Value::Null), "details": "NEVER" }],
        }),
        "CustomEntry" => json!({ "title": "NEVER title", "components": [
            { "__typename": "ComponentText", "text": shown, "textSize": "L", "textColor": "MUTED" },
            { "__typename": "ComponentPlainText", "plainText": "SHOWN plain", "plainTextSize": null, "plainTextColor": "ERROR" },
            { "__typename": "ComponentSpacer", "spacerSize": "M" },
            { "__typename": "ComponentDivider", "dividerSpacingSize": null },
            { "__typename": "ComponentLinkButton", "linkButtonUrl": "https://example.com/", "linkButtonLabel": "SHOWN link" },
            { "__typename": "ComponentWorkflowButton", "workflowButtonLabel": "NEVER workflow" },
            { "__typename": "ComponentUser", "user": { "fullName": "NEVER user" } },
            { "__typename": "ComponentRow", "rowMainContent": [{ "__typename": "ComponentBadge", "badgeLabel": "SHOWN badge", "badgeColor": "GREEN" }],
              "rowAsideContent": [{ "__typename": "ComponentDateTime", "dateTimeIso8601": at }] },
            { "__typename": "ComponentContainer", "containerContent": [
                { "__typename": "ComponentCopyButton", "copyButtonValue": "SHOWN value", "copyButtonTooltipLabel": "SHOWN label" },
                { "__typename": "ComponentHologram", "text": "NEVER hologram" } ] },
        ] }),
        "SlackMessageEntry" | "SlackReplyEntry" => {
            json!({ "text": shown, "lastEditedOnSlackAt": at, "deletedOnSlackAt": null })
        }
        "MSTeamsMessageEntry" => {
            json!({ "text": "NEVER twice", "markdownContent": shown, "lastEditedOnMsTeamsAt": null, "deletedOnMsTeamsAt": null })
        }
        "DiscordMessageEntry" => {
            json!({ "markdownContent": shown, "lastEditedOnDiscordAt": null, "deletedOnDiscordAt": null })
        }
        "HelpCenterAiConversationMessageEntry" => json!({ "markdown": shown }),
        "MergedThreadMessageEntry" => {
            json!({ "childThreadDetails": { "id": "th_1", "title": "NEVER title", "ref": "NEVER ref" },
            "childTimelineEntry": row(99, json!({ "__typename": "ChatEntry", "chat_text": shown, "attachments": [] }), agent())["node"] })
        }
        "ThreadStatusTransitionedEntry" => {
            json!({ "previousStatus": "TODO", "previousStatusDetail": null, "nextStatus": "DONE",
            "nextStatusDetail": { "__typename": "ThreadStatusDetailIgnored" } })
        }
        _ => never,
    };
    entry["__typename"] = json!(member);
    if entry.get("attachments").is_none() {
        entry["attachments"] = json!([]);
    }
    entry
}

#[tokio::test]
async fn of_every_kind_what_customers_may_see_is_there_and_nothing_else() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let members = KINDS.iter().map(|kind| kind.member);
    let future = ["HologramEntry", "TelepathyMessageEntry"];
    let rows: Vec<Value> = members
        .chain(future)
        .enumerate()
        .map(|(number, member)| row(number, entry_of(member), agent()))
        .collect();
    let page = page_of(&app, &mut ines, &rows).await;
    assert_eq!(page.status, StatusCode::OK);
    for kind in KINDS.iter().filter(|kind| kind.class == Class::Shown) {
        let shown = format!("SHOWN {}", kind.member);
        assert_eq!(page.body.matches(&shown).count(), 1, "{shown}");
    }
    for shown in [
        "SHOWN subject",
        "SHOWN.to@example.com",
        "SHOWN.cc@example.com",
        "SHOWN plain",
        "SHOWN link",
        "SHOWN badge",
        "SHOWN value",
        "SHOWN label",
        "did not reach everybody",
    ] {
        assert!(page.body.contains(shown), "{shown}");
    }
    assert!(!page.body.contains("NEVER"), "{}", page.body);
    assert_eq!(
        page.texts(".event"),
        ["Theo marked this as done 2 Jan, 03:04 UTC"]
    );
    assert_eq!(page.texts("article").len(), 9);
    assert_eq!(
        page.texts(".message__via")
            .iter()
            .filter(|it| it.contains("edited"))
            .count(),
        2
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_takes_nothing_with_it() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let chat = |number: usize| {
        let entry = json!({ "__typename": "ChatEntry", "chat_text": format!("Message {number}"), "attachments": [] });
        row(number, entry, agent())
    };
    let odd = |number, value: Value| {
        let mut row = chat(number);
        row["node"]["entry"]["chat_text"] = value;
        row
    };
    let rows = [
        chat(9),
        json!(null),
        chat(7),
        odd(6, json!({ "NEVER": 1 })),
        chat(5),
        odd(4, json!(7)),
        chat(3),
    ];
    let page = page_of(&app, &mut ines, &rows).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        page.texts("article .prose"),
        ["Message 3", "Message 5", "Message 7", "Message 9"]
    );
    assert_eq!(
        page.texts(".event"),
        ["Something here could not be shown."; 3]
    );
    assert!(!page.body.contains("NEVER"));

    let whole = answer(&[chat(2), chat(1)]);
    let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let body = whole.replace("\"Message 2\"", &nested);
    let query = "{ threadByRef(ref: \"T-34\") { tenant { id } } }";
    let tenant = app.plain(query, json!({})).await["threadByRef"]["tenant"].take();
    let body = body.replace("\"tenant\":null", &format!("\"tenant\":{tenant}"));
    app.sandbox.inject(
        Fault::answer(StatusCode::OK, body)
            .on("ThreadPageByRef")
            .times(1),
    );
    let page = ines.get("/threads/T-34").await;
    assert_eq!(page.texts("article .prose"), ["Message 1"]);
    assert_eq!(page.texts(".event"), ["Something here could not be shown."]);
}

/// Sends these as chats of Tom's to his long thread.
async fn chats(app: &TestApp, texts: &[String]) {
    let query = "{ threadByRef(ref: \"T-6\") { id customer { id } } }";
    let thread = app.plain(query, json!({})).await["threadByRef"].take();
    let query = "mutation ($input: SendCustomerChatInput!) { sendCustomerChat(input: $input) { error { message } } }";
    for text in texts {
        let input = json!({ "threadId": thread["id"], "customerId": thread["customer"]["id"], "text": text });
        let answer = app.plain(query, json!({ "input": input })).await;
        assert_eq!(answer["sendCustomerChat"]["error"], Value::Null);
    }
}

#[tokio::test]
async fn a_long_conversation_is_whole_and_in_order_page_by_page() {
    let app = TestApp::start().await;
    let texts: Vec<String> = (0..250).map(|number| format!("Number {number}.")).collect();
    chats(&app, &texts).await;
    let mut tom = app.signed_in("usr_tom").await;
    let mut page = tom.get("/threads/T-6").await;
    let (mut read, mut ids) = (vec![], vec![]);
    loop {
        read = [page.texts("article .prose"), read].concat();
        ids.extend(page.attributes("article", "id"));
        let links = page.attributes(".conversation__more a", "href");
        let Some(earlier) = links.into_iter().find(|href| href.contains("before=")) else {
            break;
        };
        page = tom.get(&earlier).await;
    }
    assert_eq!(read.len(), 121 + 250);
    assert_eq!(read[121..], texts);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

#[tokio::test]
async fn a_message_of_a_megabyte_is_shown() {
    let app = TestApp::start().await;
    let log = "2026-01-02T03:04:05Z WARN nothing happened & nobody noticed\n".repeat(18_000);
    assert!(log.len() > 1 << 20);
    chats(&app, &[format!("{log}The end.")]).await;
    let mut tom = app.signed_in("usr_tom").await;
    let page = tom.get("/threads/T-6").await;
    assert_eq!(page.status, StatusCode::OK);
    let last = page.texts("article .prose").pop().unwrap();
    assert!(last.len() > 1 << 20 && last.ends_with("The end."));
}

#[tokio::test]
async fn twenty_messages_of_a_megabyte_are_read_page_after_page() {
    let app = TestApp::start().await;
    let texts: Vec<String> = (0..20)
        .map(|number| format!("{}Number {number}.", "abcdefg ".repeat(1 << 17)))
        .collect();
    chats(&app, &texts).await;
    let mut tom = app.signed_in("usr_tom").await;
    let mut page = tom.get("/threads/T-6").await;
    let (mut read, mut pages) = (vec![], 0);
    while read.len() < texts.len() {
        assert_eq!(page.status, StatusCode::OK);
        let ends = page.texts("article .prose").into_iter().map(|text| {
            let end = text.len().saturating_sub(12);
            text[end..].trim_start_matches(|c| c != 'N').to_owned()
        });
        read = [ends.collect(), read].concat();
        pages += 1;
        let links = page.attributes(".conversation__more a", "href");
        let earlier = links.into_iter().find(|href| href.contains("before="));
        page = tom.get(&earlier.unwrap()).await;
    }
    let expected: Vec<String> = (0..20).map(|number| format!("Number {number}.")).collect();
    assert_eq!(read[read.len() - 20..], expected);
    assert!(pages > 1);
}

#[tokio::test]
async fn a_message_of_a_merged_request_is_shown_for_one_more_call() {
    let app = TestApp::start().await;
    let mut ken = app.signed_in("usr_ken").await;
    let list = ken.get("/?status=all&q=Job+list").await;
    let mut calls_of_each = vec![];
    let mut merged = None;
    for path in list.attributes("main a", "href") {
        if path.starts_with("/threads/th_") {
            app.calls();
            let page = ken.get(&path).await;
            calls_of_each.push(app.calls());
            if page.h1() == "Job list takes 20 seconds to open" {
                assert_eq!(calls_of_each.pop().unwrap(), ["ThreadPageById", "Threads"]);
                merged = Some(page);
            }
        }
    }
    assert!(
        calls_of_each
            .iter()
            .all(|calls| calls == &["ThreadPageById"])
    );
    let page = merged.unwrap();
    assert!(page.body.contains("Second try as the first"));
    assert_eq!(page.texts(".message__via"), ["from another request"]);
}

#[tokio::test]
async fn an_email_is_shown_in_full_when_somebody_asks_for_it() {
    let app = TestApp::start().await;
    let mut rafael = app.signed_in("usr_rafael").await;
    let list = rafael.get("/?status=all&q=Java").await;
    let links = list.attributes("main a", "href");
    let path = links
        .iter()
        .find(|it| it.starts_with("/threads/th_"))
        .unwrap();
    let page = rafael.get(path).await;
    assert!(page.texts("details.quoted").is_empty());
    let whole = page.attributes("p.quoted a", "href").pop().unwrap();
    let (address, anchor) = whole.split_once('#').unwrap();
    let page = rafael.get(address).await;
    assert!(
        page.attributes("article", "id")
            .contains(&anchor.to_owned())
    );
    let quoted = page.texts("details.quoted");
    assert_eq!(quoted.len(), 1);
    assert!(
        quoted[0].contains("a missing shaft is no error"),
        "{quoted:?}"
    );
}

#[tokio::test]
async fn what_happens_to_a_request_is_told_between_its_messages() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let waiting = ines.get("/threads/T-29").await;
    let last = waiting.texts(".event").pop().unwrap();
    assert!(last.contains("is waiting for your answer"), "{last}");
    let id = app.thread_id("T-34").await;
    for (status, words) in [("done", "Marked as done"), ("open", "Reopened")] {
        let before = ines.get("/threads/T-34").await.texts(".event").len();
        ines.post("/api/set-status", &[("thread_id", &id), ("status", status)])
            .await;
        let lines = ines.get("/threads/T-34").await.texts(".event");
        match status {
            "done" => assert!(lines.last().unwrap().starts_with(words), "{lines:?}"),
            // Done and open again, and nobody has said anything: nothing has happened.
            _ => assert_eq!(lines.len(), before - 1, "{lines:?}"),
        }
    }
}

#[tokio::test]
async fn of_the_sandboxs_every_kind_what_is_internal_stays_there() {
    let app = TestApp::start().await;
    assert!(app.sandbox.add_every_kind("T-34"));
    let query = "{ threadByRef(ref: \"T-34\") { timelineEntries(first: 100) { edges { node { entry { __typename } } } } } }";
    let entries =
        app.plain(query, json!({})).await["threadByRef"]["timelineEntries"]["edges"].take();
    let kinds: HashSet<&str> = entries
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|edge| edge["node"]["entry"]["__typename"].as_str())
        .collect();
    // A thread of the story has one merged into it, and this one began with a form.
    assert_eq!(kinds.len(), KINDS.len() - 1, "{kinds:?}");

    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/threads/T-34").await;
    for shown in [
        "a chat",
        "a bounced e-mail",
        "a Slack message",
        "an edited Slack reply",
        "a Discord message",
        "the help centre",
    ] {
        assert!(
            page.body.contains(&format!("For customers: {shown}")),
            "{shown}"
        );
    }
    assert!(
        page.texts("article")
            .iter()
            .any(|it| it.contains("This message was deleted."))
    );
    for never in ["Internal", "fieldnote-staff"] {
        assert!(!page.body.contains(never), "{never}");
    }
}
