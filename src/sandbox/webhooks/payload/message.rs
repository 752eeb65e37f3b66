//! Messages and notes in the words of webhooks.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Words, actor, internal, stamped};
use crate::sandbox::{
    enums::EmailAuthenticity,
    records::{Attachment, Body, Email, EmailActor, Entry, Participant, Stamp, Thread, Who},
    webhooks::delivery::maybe_time,
};

impl Words<'_> {
    /// A message or a note; `null` for entries that are neither.
    pub fn message(&self, thread: &Thread, entry: &Entry) -> Value {
        let created = Stamp {
            at: entry.at,
            by: entry.actor.clone(),
        };
        let object = match &entry.body {
            Body::Chat {
                id,
                text,
                attachments,
            } => json!({
                "id": id,
                "customerReadAt": null,
                // More than this the schema does not take.
                "text": (!text.is_empty()).then(|| text.chars().take(5_000).collect::<String>()),
                "attachments": files(attachments),
            }),
            Body::Email(it) => email(it, entry.at),
            Body::Note {
                id, text, markdown, ..
            } => json!({
                "id": id,
                "text": text,
                "markdown": markdown,
                "deletedAt": null,
                "deletedBy": null,
            }),
            Body::SlackMessage { text, attachments } | Body::SlackReply { text, attachments } => {
                let place = thread.slack.as_ref();
                json!({
                    "id": entry.id.replacen("t_", "sm_", 1),
                    "text": text,
                    "resolvedText": text,
                    "attachments": files(attachments),
                    "slackChannelId": place.map_or("", |it| &it.channel_id),
                    "slackChannelName": place.map_or("", |it| &it.channel_name),
                    "slackMessageLink": "https://slack.example/archives",
                    "slackReactions": [],
                })
            }
            Body::MsTeamsMessage {
                id,
                text,
                attachments,
                ..
            } => json!({
                "threadId": thread.id,
                "msTeamsMessageId": id,
                "type": match entry.actor {
                    Who::Customer(_) | Who::DeletedCustomer(_) => "INBOUND",
                    _ => "OUTBOUND",
                },
                "text": text,
                "attachments": files(attachments),
                "lastEditedOnMsTeamsAt": null,
                "deletedOnMsTeamsAt": null,
            }),
            _ => return Value::Null,
        };
        let who = match &entry.body {
            Body::Note { .. } => internal,
            _ => actor,
        };
        let mut object = stamped(object, &created, &created, who);
        object["timelineEntryId"] = entry.id.clone().into();
        object
    }
}

fn files(attachments: &[Attachment]) -> Vec<Value> {
    let file = |it: &Attachment| {
        let object = json!({
            "id": it.id,
            "fileName": it.file_name,
            "fileSizeBytes": it.bytes,
            "fileMimeType": it.mime_type,
            "fileExtension": it.file_name.rsplit_once('.').map(|(_, extension)| extension),
        });
        stamped(object, &it.created, &it.created, actor)
    };
    attachments.iter().map(file).collect()
}

fn email(email: &Email, at: Timestamp) -> Value {
    let all = |people: &[Participant]| people.iter().map(participant).collect::<Vec<_>>();
    json!({
        "id": email.id,
        "to": participant(&email.to),
        "from": participant(&email.from),
        "replyTo": null,
        "additionalRecipients": all(&email.cc),
        "hiddenRecipients": all(&email.bcc),
        "subject": email.subject,
        "textContent": email.text,
        "markdownContent": email.markdown,
        "authenticity": match email.authenticity {
            EmailAuthenticity::Pass => "PASS",
            EmailAuthenticity::Fail => "FAIL",
            EmailAuthenticity::Unknown => "UNKNOWN",
        },
        "sentAt": maybe_time(email.outbound.then_some(at)),
        "receivedAt": maybe_time((!email.outbound).then_some(at)),
        "attachments": files(&email.attachments),
        "inReplyToEmailId": null,
        "isStartOfThread": email.starts_thread,
    })
}

fn participant(it: &Participant) -> Value {
    let actor = it.actor.as_ref().map(|actor| match actor {
        EmailActor::Customer(id) => json!({ "actorType": "customer", "customerId": id }),
        EmailActor::DeletedCustomer(id) => {
            json!({ "actorType": "deletedCustomer", "customerId": id })
        }
        EmailActor::User(id) => json!({ "actorType": "user", "userId": id }),
        EmailActor::Support => {
            json!({ "actorType": "supportEmailAddress", "supportEmailAddress": it.email })
        }
    });
    json!({ "email": it.email, "name": it.name, "emailActor": actor })
}
