//! Replies.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{Done, need_thread, refuse_locked, refuse_spam};
use crate::sandbox::{
    enums::{EmailAuthenticity, EmailCategory, EmailSendStatus, StatusDetailType, ThreadChannel},
    errors::{MutationError, Problems, Refusal},
    mail::Letter,
    records::{Body, Customer, Email, EmailActor, Participant, Stamp, Thread, Who},
    schema::identifiers::CustomerIdentifierInput,
    state::{SUPPORT_EMAIL, State, WORKSPACE},
    store::store,
};

#[derive(InputObject)]
pub struct CustomerImpersonationInput {
    customer_identifier: CustomerIdentifierInput,
}

#[derive(InputObject)]
pub struct ImpersonationInput {
    as_customer: CustomerImpersonationInput,
}

#[derive(InputObject)]
pub struct EmailParticipantInput {
    name: Option<String>,
    email: String,
}

#[derive(InputObject)]
pub struct ReplyToThreadEmailChannelSpecificOptionsInput {
    additional_recipients: Option<Vec<EmailParticipantInput>>,
    hidden_recipients: Option<Vec<EmailParticipantInput>>,
}

#[derive(InputObject)]
pub struct ReplyToThreadChannelSpecificOptionsInput {
    email: ReplyToThreadEmailChannelSpecificOptionsInput,
}

#[derive(InputObject)]
pub struct ReplyToThreadInput {
    thread_id: ID,
    text_content: String,
    markdown_content: Option<String>,
    impersonation: Option<ImpersonationInput>,
    attachment_ids: Option<Vec<ID>>,
    channel_specific_options: Option<ReplyToThreadChannelSpecificOptionsInput>,
}

#[derive(SimpleObject)]
pub struct ReplyToThreadOutput {
    error: Option<MutationError>,
}

#[derive(Default)]
pub struct ReplyMutations;

#[Object]
impl ReplyMutations {
    /// With impersonation the message is the customer's and the thread is to do with a new reply. Without, it is the
    /// machine user's, on the support side, and the thread is to do and in progress: Plain no longer has a detail for
    /// "replied".
    async fn reply_to_thread(
        &self,
        ctx: &Context<'_>,
        input: ReplyToThreadInput,
    ) -> ReplyToThreadOutput {
        let mut state = store(ctx).lock();
        ReplyToThreadOutput {
            error: reply(&mut state, input).err().map(MutationError::from),
        }
    }
}

const AS_CUSTOMER: &str = "impersonation.asCustomer.customerIdentifier";
const BY_MAIL: &str = "channelSpecificOptions.email";

impl ReplyToThreadInput {
    fn check(&self) -> Done<()> {
        let mut problems = Problems::default();
        problems.text("textContent", &self.text_content);
        problems.optional_text("markdownContent", self.markdown_content.as_deref());
        if let Some(impersonation) = &self.impersonation {
            let identifier = &impersonation.as_customer.customer_identifier;
            identifier.check(&mut problems, AS_CUSTOMER);
        }
        if let Some(options) = &self.channel_specific_options {
            let (cc, bcc) = (
                &options.email.additional_recipients,
                &options.email.hidden_recipients,
            );
            for (name, list) in [("additionalRecipients", cc), ("hiddenRecipients", bcc)] {
                for (place, recipient) in list.iter().flatten().enumerate() {
                    let field = format!("{BY_MAIL}.{name}[{place}].email");
                    problems.email(field, &recipient.email);
                }
            }
        }
        problems.finish()
    }
}

fn reply(state: &mut State, input: ReplyToThreadInput) -> Done<()> {
    input.check()?;
    let thread = need_thread(state, "threadId", &input.thread_id)?;
    let author = match &input.impersonation {
        Some(as_whom) => {
            let identifier = &as_whom.as_customer.customer_identifier;
            Some(identifier.need(state, AS_CUSTOMER)?)
        }
        None => None,
    };
    match (&author, state.customers.get(&thread.customer_id)) {
        (Some(customer), _) | (None, Some(customer)) => refuse_spam(customer)?,
        (None, None) => {}
    }
    refuse_locked(&thread)?;
    let options = input.channel_specific_options.map(|options| options.email);
    let mut stamp = state.stamp();
    if let Some(author) = &author {
        stamp.by = Who::Customer(author.id.clone());
    }
    let text = input.text_content;
    let markdown = input.markdown_content;
    let shown = markdown.clone().unwrap_or_else(|| text.clone());
    let by_mail = matches!(thread.channel, ThreadChannel::Api | ThreadChannel::Email);
    if options.is_some() && !by_mail {
        return Err(Refusal::invalid(
            BY_MAIL,
            "Only replies that travel as e-mail have recipients.",
        ));
    }
    let body = match thread.channel {
        ThreadChannel::Api | ThreadChannel::Email => {
            let (cc, bcc) = options.map_or((None, None), |options| {
                (options.additional_recipients, options.hidden_recipients)
            });
            let mut email = new_email(state, &stamp, &thread, author.as_deref());
            email.text = text;
            email.markdown = markdown;
            email.cc = participants(state, cc);
            email.bcc = participants(state, bcc);
            Body::Email(Box::new(email))
        }
        ThreadChannel::Chat => Body::Chat {
            id: state.ids.next("chat", stamp.at),
            text: shown,
            attachments: Vec::new(),
        },
        ThreadChannel::Slack if has_slack_message(&thread) => Body::SlackReply {
            text: shown,
            attachments: Vec::new(),
        },
        ThreadChannel::Slack => Body::SlackMessage {
            text: shown,
            attachments: Vec::new(),
        },
        ThreadChannel::MsTeams if author.is_none() => Body::MsTeamsMessage {
            id: state.ids.next("msteams", stamp.at),
            text,
            markdown,
            attachments: Vec::new(),
        },
        channel => {
            return Err(Refusal::new(
                "cannot_reply_to_thread",
                format!("This reply is not possible in the channel {channel:?}."),
            ));
        }
    };
    let files = input.attachment_ids.as_deref();
    let author_id = author.as_ref().map(|author| author.id.as_str());
    let owners = [Some(thread.customer_id.as_str()), author_id];
    let body = body.with_attachments(state.attach(files, &owners, thread.channel)?);
    let kind = match author {
        Some(_) => StatusDetailType::NewReply,
        None => StatusDetailType::InProgress,
    };
    if by_mail {
        state.send(Letter {
            thread_id: thread.id.clone(),
            sent: stamp,
            body,
            detail: kind,
        });
    } else {
        state.append(&thread.id, stamp.clone(), body);
        state.answered(&thread.id, stamp, kind);
    }
    Ok(())
}

fn has_slack_message(thread: &Thread) -> bool {
    thread
        .entries
        .iter()
        .any(|entry| matches!(entry.body, Body::SlackMessage { .. }))
}

/// An e-mail without words: from the author to the workspace, or from the workspace to the thread's customer.
pub fn new_email(
    state: &mut State,
    stamp: &Stamp,
    thread: &Thread,
    author: Option<&Customer>,
) -> Email {
    let support = Participant {
        name: Some(format!("{WORKSPACE} Support")),
        email: SUPPORT_EMAIL.to_owned(),
        actor: Some(EmailActor::Support),
    };
    let of_customer = |customer: &Customer| Participant {
        name: Some(customer.full_name.clone()),
        email: customer.email.clone(),
        actor: Some(EmailActor::Customer(customer.id.clone())),
    };
    let (from, to) = match (author, state.customers.get(&thread.customer_id)) {
        (Some(author), _) => (of_customer(author), support),
        (None, Some(customer)) => (support, of_customer(customer)),
        (None, None) => (support.clone(), support),
    };
    Email {
        id: state.ids.next("em", stamp.at),
        from,
        to,
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: format!("Re: {}", thread.title),
        text: String::new(),
        markdown: None,
        quoted: None,
        authenticity: EmailAuthenticity::Pass,
        outbound: author.is_none(),
        send_status: EmailSendStatus::Sent,
        category: EmailCategory::Messaging,
        starts_thread: false,
        attachments: Vec::new(),
    }
}

fn participants(state: &State, inputs: Option<Vec<EmailParticipantInput>>) -> Vec<Participant> {
    let known = |input: EmailParticipantInput| Participant {
        actor: state
            .customer_by_email(&input.email)
            .map(|customer| EmailActor::Customer(customer.id.clone())),
        name: input.name,
        email: input.email,
    };
    inputs.into_iter().flatten().map(known).collect()
}
