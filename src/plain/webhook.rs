//! Webhooks as Plain sends them (<https://www.plain.com/docs/api-reference/webhooks>): is it Plain, is it now, and what is it about?
//!
//! Of an event only ids, type and time are read; nothing else of a payload is even made into text. So it does not matter
//! what customers wrote: serde_json refuses a string with half a surrogate pair, but skips it without a look.

use std::collections::BTreeMap;

use hmac::{Hmac, Mac as _};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::value::RawValue;
use sha2::Sha256;

/// The header with the signature: HMAC-SHA256 of the body's bytes, in hex.
pub const SIGNATURE: &str = "plain-request-signature";

/// How far the time of an attempt may be from ours, either way: older than that, somebody may have kept it to send it again.
const WINDOW: SignedDuration = SignedDuration::from_secs(300);
const LONGEST_ID: usize = 128;

/// An event of Plain's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same at every attempt to deliver it.
    pub id: String,
    /// For example `thread.chat_sent`; one that this version does not know is [`About::Other`].
    pub kind: String,
    /// When it happened.
    pub at: Timestamp,
    pub about: About,
}

/// Whom or what an event is about, as far as a portal is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Something in this thread that customers may see.
    Thread { thread_id: String },
    /// What is known of this customer.
    Customer { customer_id: String },
    /// A customer who is no more.
    CustomerDeleted { customer_id: String },
    /// Anything else, internal work on threads included.
    Other,
}

/// Why a request is not taken for Plain's. For the log: it quotes nothing of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forged {
    #[error("there is no Plain-Request-Signature, or more than one")]
    NoSignature,
    #[error("the signature is not 64 hexadecimal digits")]
    NotHex,
    #[error("the signature is not that of PLAIN_WEBHOOK_SECRET for this body")]
    WrongSignature,
    #[error("the attempt was made {seconds} s {direction}", seconds = .0.unsigned_abs(), direction = if *.0 < 0 { "in the future" } else { "ago" })]
    NotNow(i64),
}

/// Why a request of Plain's cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the body is not JSON")]
    NotJson,
    #[error("there is no `webhookMetadata.webhookDeliveryAttemptTimestamp`")]
    NoAttemptTime,
    #[error("there is no `id` that could be one of Plain's")]
    NoId,
}

/// Is this body signed with one of these secrets? Compared in constant time.
///
/// # Errors
/// [`Forged`], when it is not.
pub fn verify(secrets: &[SecretString], signatures: &[&[u8]], body: &[u8]) -> Result<(), Forged> {
    let [signature] = signatures else {
        return Err(Forged::NoSignature);
    };
    let mut code = [0; 32];
    hex::decode_to_slice(signature, &mut code).map_err(|_| Forged::NotHex)?;
    let signed_with = |secret: &SecretString| {
        Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
            .is_ok_and(|mac| mac.chain_update(body).verify_slice(&code).is_ok())
    };
    match secrets.iter().any(signed_with) {
        true => Ok(()),
        false => Err(Forged::WrongSignature),
    }
}

/// A body whose signature has been verified, with the attempt's time.
pub struct Envelope<'a> {
    value: &'a RawValue,
    attempted_at: Timestamp,
}

impl<'a> Envelope<'a> {
    /// # Errors
    /// When it is no JSON, or says nothing of when it was sent.
    pub fn read(body: &'a [u8]) -> Result<Self, Unreadable> {
        let value: &RawValue = serde_json::from_slice(body).map_err(|_| Unreadable::NotJson)?;
        let attempted_at = ["webhookMetadata", "webhookDeliveryAttemptTimestamp"];
        let attempted_at = time(value, &attempted_at).ok_or(Unreadable::NoAttemptTime)?;
        Ok(Self {
            value,
            attempted_at,
        })
    }

    /// # Errors
    /// When the attempt was made more than 300 s ago, or will be made later than in 300 s.
    pub fn is_of(&self, now: Timestamp) -> Result<(), Forged> {
        let age = now.duration_since(self.attempted_at);
        match age.abs() <= WINDOW {
            true => Ok(()),
            false => Err(Forged::NotNow(age.as_secs())),
        }
    }

    /// What it says. Unknown types, versions and members, and missing ones, are nothing wrong.
    ///
    /// # Errors
    /// When it has no id, without which nobody can tell whether it has come before.
    pub fn event(&self) -> Result<Event, Unreadable> {
        let kind = id(self.value, &["type"]).unwrap_or_default();
        let payload = at(self.value, &["payload"]);
        let about = payload.and_then(|payload| about(&kind, payload));
        Ok(Event {
            id: id(self.value, &["id"]).ok_or(Unreadable::NoId)?,
            at: time(self.value, &["timestamp"]).unwrap_or(self.attempted_at),
            about: about.unwrap_or(About::Other),
            kind,
        })
    }
}

/// `None` for what this version does not know, and where the id is missing.
fn about(kind: &str, payload: &RawValue) -> Option<About> {
    Some(match kind {
        "thread.slack_message_updated" if is_reaction(payload) => return None,
        // Notes, labels, priorities, assignments, fields and agreements are support's own affair.
        "thread.thread_created"
        | "thread.thread_status_transitioned"
        | "thread.thread_tenant_updated"
        | "thread.email_received"
        | "thread.email_sent"
        | "thread.chat_received"
        | "thread.chat_sent"
        | "thread.slack_message_received"
        | "thread.slack_message_sent"
        | "thread.slack_message_updated"
        | "thread.ms_teams_message_received"
        | "thread.ms_teams_message_sent"
        | "thread.discord_message_received"
        | "thread.discord_message_sent"
        | "thread.discord_message_updated" => About::Thread {
            thread_id: id(payload, &["thread", "id"])?,
        },
        "timeline.timeline_entry_changed" => {
            let entries = ["timelineEntry", "previousTimelineEntry"];
            let mut entries = entries.into_iter().filter_map(|it| at(payload, &[it]));
            let entry = entries.find(|entry| entry.get().starts_with('{'))?;
            let kind = id(entry, &["entry", "entryType"])?;
            if !["chat", "email", "custom"].contains(&kind.as_str()) {
                return None;
            }
            About::Thread {
                thread_id: id(entry, &["threadId"])?,
            }
        }
        "customer.customer_deleted" => About::CustomerDeleted {
            customer_id: id(payload, &["previousCustomer", "id"])?,
        },
        "customer.customer_updated" | "customer.customer_changed" => About::Customer {
            customer_id: id(payload, &["customer", "id"])?,
        },
        _ => return None,
    })
}

/// The message is as it was; the portal shows no reactions.
fn is_reaction(payload: &RawValue) -> bool {
    id(payload, &["changeType"]).is_some_and(|it| it == "REACTIONS_CHANGED")
        || at(payload, &["reactionChange"]).is_some_and(|change| change.get() != "null")
}

/// What stands at this path, as JSON; `None` when something on the way is missing or no object.
fn at<'a>(value: &'a RawValue, path: &[&str]) -> Option<&'a RawValue> {
    path.iter().try_fold(value, |value, name| {
        let mut members: BTreeMap<String, &'a RawValue> = serde_json::from_str(value.get()).ok()?;
        members.remove(*name)
    })
}

/// An id, or a type, that could be one of Plain's: nothing that a database or a log would stumble over.
fn id(value: &RawValue, path: &[&str]) -> Option<String> {
    let is_id = |text: &String| {
        (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    text(value, path).filter(is_id)
}

fn time(value: &RawValue, path: &[&str]) -> Option<Timestamp> {
    text(value, path)?.parse().ok()
}

fn text(value: &RawValue, path: &[&str]) -> Option<String> {
    serde_json::from_str(at(value, path)?.get()).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;

    fn event(kind: &str, payload: Value) -> Event {
        let body = json!({
            "id": "pEv_1",
            "type": kind,
            "payload": payload,
            "webhookMetadata": { "webhookDeliveryAttemptTimestamp": "2026-01-02T03:04:05.678Z" },
        });
        let body = body.to_string();
        let envelope = Envelope::read(body.as_bytes()).unwrap();
        envelope.event().unwrap()
    }

    /// RFC 4231, test case 2.
    #[test]
    fn a_signature_is_that_of_the_rfc() {
        let (secret, body) = (
            [SecretString::from("Jefe")],
            b"what do ya want for nothing?",
        );
        let signature = b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(verify(&secret, &[signature], body), Ok(()));
        let both = [SecretString::from("other"), SecretString::from("Jefe")];
        assert_eq!(verify(&both, &[signature], body), Ok(()));
        assert_eq!(verify(&[], &[signature], body), Err(Forged::WrongSignature));
        assert_eq!(verify(&secret, &[], body), Err(Forged::NoSignature));
        let twice = verify(&secret, &[signature, signature], body);
        assert_eq!(twice, Err(Forged::NoSignature));
    }

    #[test]
    fn only_what_customers_may_see_is_about_a_thread() {
        let thread = json!({ "thread": { "id": "th_1" } });
        for (kind, seen) in [
            ("thread.chat_sent", true),
            ("thread.thread_created", true),
            ("thread.note_created", false),
            ("thread.thread_labels_changed", false),
            ("thread.thread_assignment_transitioned", false),
            ("thread.thread_priority_changed", false),
            ("thread.of_the_future", false),
        ] {
            let about = match seen {
                true => About::Thread {
                    thread_id: "th_1".into(),
                },
                false => About::Other,
            };
            assert_eq!(event(kind, thread.clone()).about, about, "{kind}");
        }
        let entry = |kind: &str| json!({ "timelineEntry": null, "previousTimelineEntry": { "threadId": "th_1", "entry": { "entryType": kind } } });
        let kind = "timeline.timeline_entry_changed";
        assert_eq!(event(kind, entry("note")).about, About::Other);
        assert_ne!(event(kind, entry("email")).about, About::Other);
        let kind = "thread.slack_message_updated";
        for (more, seen) in [
            (json!({}), true),
            (
                json!({ "changeType": "MESSAGE_EDITED", "reactionChange": null }),
                true,
            ),
            (json!({ "changeType": "REACTIONS_CHANGED" }), false),
            (json!({ "reactionChange": { "reaction": "+1" } }), false),
        ] {
            let mut payload = thread.clone();
            let members = payload.as_object_mut().unwrap();
            members.extend(more.as_object().unwrap().clone());
            let told = event(kind, payload).about != About::Other;
            assert_eq!(told, seen, "{more}");
        }
    }

    #[test]
    fn what_is_missing_or_of_another_type_is_nothing() {
        for payload in [
            json!(null),
            json!([]),
            json!({ "thread": "th_1" }),
            json!({ "thread": { "id": 7 } }),
            json!({ "thread": { "id": "" } }),
            json!({ "thread": { "id": "th_\u{0}" } }),
            json!({ "thread": { "id": "x".repeat(129) } }),
        ] {
            let event = event("thread.chat_sent", payload);
            assert_eq!(event.about, About::Other);
            assert_eq!(event.at, "2026-01-02T03:04:05.678Z".parse().unwrap());
        }
    }
}
