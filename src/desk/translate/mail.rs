//! E-mails.

use super::{agent, entry::Said};
use crate::{
    content,
    model::{Author, Body, Correspondent, Delivery, Mail, Quoted, Via, is_blank},
    plain::operations::{EmailActor, EmailCategory, EmailEntry, EmailParticipant, EmailSendStatus},
};

/// `None` for an e-mail that is not part of the conversation, such as one among agents.
pub(super) fn said(email: EmailEntry, author: &Author) -> Option<Said> {
    if email.category != EmailCategory::Messaging {
        return None;
    }
    let subject = email.subject.as_deref().map(content::line);
    let from = match author {
        Author::Customer(_) => email.from.map(correspondent),
        Author::Agent(name) => Some(Correspondent::Support(name.clone())),
        Author::System => Some(Correspondent::Support(agent(None))),
    };
    let starts_thread = email.is_start_of_thread.unwrap_or_default();
    let written = |text: &Option<String>| text.as_deref().is_some_and(|text| !is_blank(text));
    // A mail without markdown is plain text: its stars and dashes mean nothing.
    let (kind, words): (fn(String) -> Body, _) = match written(&email.markdown_content) {
        true => (
            Body::Markdown,
            Words {
                latest: email.markdown_content,
                has_more: email.has_more_markdown_content.unwrap_or_default(),
                full: email.full_markdown_content,
            },
        ),
        false => (
            Body::Plain,
            Words {
                latest: email.text_content,
                has_more: email.has_more_text_content.unwrap_or_default(),
                full: email.full_text_content,
            },
        ),
    };
    let (own, quoted) = words.split(starts_thread, kind);
    Some(Said {
        subject: subject.filter(|subject| !subject.is_empty()),
        body: own.map_or(Body::Empty, kind),
        via: Some(Via::Email),
        edited: false,
        mail: Some(Mail {
            from,
            to: email.to.map(correspondent),
            cc: email
                .additional_recipients
                .into_iter()
                .flatten()
                .flatten()
                .map(correspondent)
                .collect(),
            // Customers' own mails have a state as well, and it is not about their mailbox.
            delivery: match author {
                Author::Customer(_) => None,
                Author::Agent(_) | Author::System => email.send_status.and_then(delivery),
            },
            quoted,
        }),
        files: email.attachments.into_iter().flatten().flatten().collect(),
    })
}

/// An e-mail's words, and what Plain has taken off them.
struct Words {
    latest: Option<String>,
    has_more: bool,
    /// With what Plain has taken off, if that was asked for.
    full: Option<String>,
}

impl Words {
    /// What was written, and what it quotes.
    ///
    /// An e-mail that starts a thread stays whole: what it quotes is nowhere else in the conversation.
    fn split(
        mut self,
        starts_thread: bool,
        kind: fn(String) -> Body,
    ) -> (Option<String>, Option<Quoted>) {
        let whole = self.full.take_if(|_| starts_thread && self.has_more);
        if whole.is_some() {
            return (whole, None);
        }
        let latest = self.latest.unwrap_or_default();
        let (own, below) = match content::split_quote(&latest) {
            Some((own, below)) if !starts_thread => (own, below),
            _ => (latest.as_str(), ""),
        };
        let more = self.full.filter(|_| self.has_more).map(|full| {
            match full.trim_start().strip_prefix(latest.trim()) {
                Some(rest) => rest.trim_start_matches('\n').to_owned(),
                None => full,
            }
        });
        let quoted = match (below, more) {
            (_, None) if self.has_more => Some(Quoted::NotLoaded),
            ("", None) => None,
            (below, None) => Some(here(kind(below.to_owned()))),
            ("", Some(more)) => Some(here(kind(more))),
            (below, Some(more)) => Some(here(kind(format!("{below}\n\n{more}")))),
        };
        let own = Some(own.to_owned()).filter(|own| !is_blank(own));
        (own, quoted)
    }
}

fn here(body: Body) -> Quoted {
    Quoted::Here(Box::new(body))
}

/// Customers and strangers are called what the e-mail calls them; of the support team nothing but a public name is told.
fn correspondent(participant: EmailParticipant) -> Correspondent {
    match participant.email_actor {
        Some(EmailActor::User(actor)) => {
            Correspondent::Support(agent(actor.user.and_then(|user| user.public_name)))
        }
        Some(EmailActor::Support(_)) => Correspondent::Support(agent(None)),
        Some(EmailActor::DeletedCustomer(_) | EmailActor::Other) => Correspondent::Somebody,
        Some(EmailActor::Customer(_)) | None => {
            let line = |text: Option<String>| {
                let line = content::line(&text?);
                (!line.is_empty()).then_some(line)
            };
            match (line(participant.name), line(participant.email)) {
                (name, Some(address)) => Correspondent::Named { name, address },
                _ => Correspondent::Somebody,
            }
        }
    }
}

fn delivery(status: EmailSendStatus) -> Option<Delivery> {
    match status {
        EmailSendStatus::Pending => Some(Delivery::Pending),
        EmailSendStatus::Bounced => Some(Delivery::Bounced),
        EmailSendStatus::Failed => Some(Delivery::Failed),
        EmailSendStatus::Sent | EmailSendStatus::Other => None,
    }
}
