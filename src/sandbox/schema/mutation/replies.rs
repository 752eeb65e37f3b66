//! Mutations that write into a thread: replies and notes.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::sandbox::{
    enums::{EmailAuthenticity, StatusDetailType, ThreadChannel},
    errors::{MutationError, Refusal},
    mail::Letter,
    records::{Body, Customer, Email, EmailActor, Participant, Stamp, Thread, Who},
    schema::{
        actor::{self, InternalActor},
        customer::Customer as CustomerObject,
        email::Attachment,
        identifiers::CustomerIdentifierInput,
        time::DateTime,
    },
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

#[derive(InputObject)]
pub struct CreateNoteInput {
    customer_id: ID,
    thread_id: Option<ID>,
    text: String,
    markdown: Option<String>,
    attachment_ids: Option<Vec<ID>>,
}

/// A note among agents.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Note {
    id: ID,
    text: String,
    markdown: Option<String>,
    attachments: Vec<Attachment>,
    is_edited: bool,
    edited_at: Option<DateTime>,
    edited_by: Option<InternalActor>,
    is_deleted: bool,
    created_at: DateTime,
    created_by: InternalActor,
    deleted_at: Option<DateTime>,
    deleted_by: Option<InternalActor>,
    updated_at: DateTime,
    updated_by: InternalActor,
    #[graphql(skip)]
    customer_id: String,
}

#[async_graphql::ComplexObject]
impl Note {
    async fn customer(&self, ctx: &Context<'_>) -> async_graphql::Result<CustomerObject> {
        actor::customer(ctx, &self.customer_id)
    }
}

#[derive(SimpleObject)]
pub struct CreateNoteOutput {
    note: Option<Note>,
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

    /// Notes are for agents. They change the preview and the update time, not the status.
    async fn create_note(&self, ctx: &Context<'_>, input: CreateNoteInput) -> CreateNoteOutput {
        let mut state = store(ctx).lock();
        match note(&mut state, input) {
            Ok(note) => CreateNoteOutput {
                note: Some(note),
                error: None,
            },
            Err(refusal) => CreateNoteOutput {
                note: None,
                error: Some(refusal.into()),
            },
        }
    }
}

fn reply(state: &mut State, input: ReplyToThreadInput) -> Result<(), Refusal> {
    if input.text_content.trim().is_empty() {
        return Err(Refusal::invalid("textContent", "Must not be empty."));
    }
    if input.attachment_ids.is_some_and(|ids| !ids.is_empty()) {
        return Err(no_attachments());
    }
    let thread = state
        .threads
        .get(&input.thread_id)
        .cloned()
        .ok_or_else(|| Refusal::not_found("threadId", "There is no such thread."))?;
    let author = match input.impersonation {
        Some(as_whom) => {
            let field = "impersonation.asCustomer.customerIdentifier";
            let identifier = as_whom.as_customer.customer_identifier;
            Some(identifier.need(state, field)?)
        }
        None => None,
    };
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
            "channelSpecificOptions.email",
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
        ThreadChannel::Slack if has_slack_message(&thread) => Body::SlackReply { text: shown },
        ThreadChannel::Slack => Body::SlackMessage { text: shown },
        ThreadChannel::MsTeams if author.is_none() => Body::MsTeamsMessage {
            id: state.ids.next("msteams", stamp.at),
            text,
            markdown,
        },
        channel => {
            return Err(Refusal::new(
                "cannot_reply_to_thread",
                format!("This reply is not possible in the channel {channel:?}."),
            ));
        }
    };
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

fn no_attachments() -> Refusal {
    Refusal::new(
        "attachment_not_uploaded",
        "The sandbox has no attachments: leave `attachmentIds` out.",
    )
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

fn note(state: &mut State, input: CreateNoteInput) -> Result<Note, Refusal> {
    if input.text.trim().is_empty() {
        return Err(Refusal::invalid("text", "Must not be empty."));
    }
    if input.attachment_ids.is_some_and(|ids| !ids.is_empty()) {
        return Err(no_attachments());
    }
    let Some(thread_id) = input.thread_id else {
        return Err(Refusal::invalid(
            "threadId",
            "The sandbox keeps notes in threads only: give a thread.",
        ));
    };
    let thread = state.threads.get(&thread_id);
    if thread.is_none_or(|thread| *thread.customer_id != **input.customer_id) {
        return Err(Refusal::not_found(
            "threadId",
            "The customer has no such thread.",
        ));
    }
    let stamp = state.stamp();
    let id = state.ids.next("n", stamp.at);
    let body = Body::Note {
        id: id.clone(),
        text: input.text.clone(),
        markdown: input.markdown.clone(),
    };
    state.append(&thread_id, stamp.clone(), body);
    Ok(Note {
        id: id.into(),
        text: input.text,
        markdown: input.markdown,
        attachments: Vec::new(),
        is_edited: false,
        edited_at: None,
        edited_by: None,
        is_deleted: false,
        created_at: stamp.at.into(),
        created_by: InternalActor::of(&stamp),
        deleted_at: None,
        deleted_by: None,
        updated_at: stamp.at.into(),
        updated_by: InternalActor::of(&stamp),
        customer_id: input.customer_id.to_string(),
    })
}
