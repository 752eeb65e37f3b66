//! Notes among agents. A portal must never show them.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};

use super::{Done, need_customer, need_thread_of, output};
use crate::sandbox::{
    enums::ThreadChannel,
    errors::Problems,
    records::Body,
    schema::{
        actor::{self, InternalActor},
        customer::Customer,
        email::{Attachment, attachments},
        time::DateTime,
    },
    state::State,
    store::store,
};

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

#[ComplexObject]
impl Note {
    async fn customer(&self, ctx: &Context<'_>) -> async_graphql::Result<Customer> {
        actor::customer(ctx, &self.customer_id)
    }
}

output!(CreateNoteOutput { note: Note });

#[derive(Default)]
pub struct NoteMutations;

#[Object]
impl NoteMutations {
    /// Notes are for agents. They change the preview and the update time, not the status.
    async fn create_note(&self, ctx: &Context<'_>, input: CreateNoteInput) -> CreateNoteOutput {
        let mut state = store(ctx).lock();
        create_note(&mut state, input).into()
    }
}

fn create_note(state: &mut State, input: CreateNoteInput) -> Done<Note> {
    let mut problems = Problems::default();
    if input.thread_id.is_none() {
        problems.invalid(
            "threadId",
            "The sandbox keeps notes in threads only: give a thread.",
        );
    }
    problems.text("text", &input.text);
    problems.finish()?;
    let customer = need_customer(state, "customerId", &input.customer_id)?;
    let thread_id = input.thread_id.unwrap_or_default();
    need_thread_of(state, &customer.id, "threadId", &thread_id)?;
    let files = input.attachment_ids.as_deref();
    // Notes have no channel: the limit is that of a chat.
    let files = state.attach(files, &[Some(&customer.id)], ThreadChannel::Chat)?;
    let stamp = state.stamp();
    let id = state.ids.next("n", stamp.at);
    let body = Body::Note {
        id: id.clone(),
        text: input.text.clone(),
        markdown: input.markdown.clone(),
        attachments: files.clone(),
    };
    state.append(&thread_id, stamp.clone(), body);
    Ok(Note {
        id: id.into(),
        text: input.text,
        markdown: input.markdown,
        attachments: attachments(&files),
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
        customer_id: customer.id.clone(),
    })
}
