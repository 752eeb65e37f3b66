//! Mutations that write chat messages.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{
    Done, create_thread::title, need_customer, need_thread_of, output, refuse_locked, refuse_spam,
};
use crate::sandbox::{
    enums::{StatusDetailType, ThreadChannel},
    errors::{Problems, Refusal},
    records::{Body, Stamp, Who},
    schema::{
        actor::Actor,
        email::{Attachment, attachments},
        time::DateTime,
    },
    state::{NewThread, State, preview},
    store::store,
};

#[derive(InputObject)]
pub struct SendChatInput {
    customer_id: ID,
    text: Option<String>,
    attachment_ids: Option<Vec<ID>>,
    thread_id: Option<ID>,
    timestamp: Option<String>,
}

#[derive(InputObject)]
pub struct SendCustomerChatInput {
    customer_id: ID,
    text: Option<String>,
    attachment_ids: Option<Vec<ID>>,
    thread_id: ID,
    timestamp: Option<String>,
}

/// A chat message.
#[derive(SimpleObject)]
pub struct Chat {
    id: ID,
    text: Option<String>,
    customer_read_at: Option<DateTime>,
    attachments: Vec<Attachment>,
    created_at: DateTime,
    created_by: Actor,
    updated_at: DateTime,
    updated_by: Actor,
}

output!(SendChatOutput { chat: Chat });
output!(SendCustomerChatOutput { chat: Chat });

#[derive(Default)]
pub struct ChatMutations;

#[Object]
impl ChatMutations {
    /// A message of the support side in a CHAT thread of the customer's: in a new one if none is named.
    async fn send_chat(&self, ctx: &Context<'_>, input: SendChatInput) -> SendChatOutput {
        let mut state = store(ctx).lock();
        let by = state.acts.clone();
        let SendChatInput {
            customer_id,
            text,
            attachment_ids,
            thread_id,
            timestamp,
        } = input;
        let message = Message {
            by,
            customer_id,
            text,
            attachment_ids,
            thread_id,
            timestamp,
        };
        message.send(&mut state).into()
    }

    /// A message of the customer's in a CHAT thread of theirs.
    async fn send_customer_chat(
        &self,
        ctx: &Context<'_>,
        input: SendCustomerChatInput,
    ) -> SendCustomerChatOutput {
        let mut state = store(ctx).lock();
        let message = Message {
            by: Who::Customer(input.customer_id.to_string()),
            customer_id: input.customer_id,
            text: input.text,
            attachment_ids: input.attachment_ids,
            thread_id: Some(input.thread_id),
            timestamp: input.timestamp,
        };
        message.send(&mut state).into()
    }
}

struct Message {
    by: Who,
    customer_id: ID,
    text: Option<String>,
    attachment_ids: Option<Vec<ID>>,
    thread_id: Option<ID>,
    timestamp: Option<String>,
}

impl Message {
    fn send(self, state: &mut State) -> Done<Chat> {
        let mut problems = Problems::default();
        let text = self.text.unwrap_or_default();
        let files = self.attachment_ids.as_deref();
        if files.is_none_or(|ids| ids.is_empty()) {
            problems.text("text", &text);
        }
        let sent_at = problems.past("timestamp", self.timestamp.as_deref());
        problems.finish()?;
        let customer = need_customer(state, "customerId", &self.customer_id)?;
        refuse_spam(&customer)?;
        let now = Stamp {
            at: State::now(),
            by: self.by,
        };
        let stamp = Stamp {
            at: sent_at.unwrap_or(now.at),
            by: now.by.clone(),
        };
        let thread_id = match &self.thread_id {
            Some(id) => {
                let thread = need_thread_of(state, &customer.id, "threadId", id)?;
                if thread.channel != ThreadChannel::Chat {
                    let message = "Chats can be sent in threads of the channel CHAT only.";
                    return Err(Refusal::invalid("threadId", message));
                }
                refuse_locked(&thread)?;
                Some(thread.id.clone())
            }
            None => None,
        };
        let files = state.attach(files, &[Some(&customer.id)], ThreadChannel::Chat)?;
        let thread_id = match thread_id {
            Some(id) => id,
            None => state.add_thread(stamp.clone(), new_thread(&customer.id, &text)),
        };
        let id = state.ids.next("chat", stamp.at);
        let body = Body::Chat {
            id: id.clone(),
            text: text.clone(),
            attachments: files.clone(),
        };
        state.append(&thread_id, stamp.clone(), body);
        let kind = match now.by {
            Who::Customer(_) => StatusDetailType::NewReply,
            _ => StatusDetailType::InProgress,
        };
        state.answered(&thread_id, now, kind);
        Ok(Chat {
            id: id.into(),
            text: Some(text),
            customer_read_at: None,
            attachments: attachments(&files),
            created_at: stamp.at.into(),
            created_by: (&stamp.by).into(),
            updated_at: stamp.at.into(),
            updated_by: (&stamp.by).into(),
        })
    }
}

fn new_thread(customer_id: &str, text: &str) -> NewThread {
    NewThread {
        customer_id: customer_id.to_owned(),
        tenant_id: None,
        external_id: None,
        title: title(None, text),
        description: Some(preview(text)),
        priority: 2,
        channel: ThreadChannel::Chat,
        slack: None,
    }
}
