//! E-mails and files in a timeline.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject, Union};
use jiff::Timestamp;

use super::{
    actor::{self, Actor, User},
    customer::Customer,
    time::DateTime,
};
use crate::sandbox::{
    enums::{AttachmentType, EmailAuthenticity, EmailCategory, EmailSendStatus},
    records::{self, Email, Participant},
    state::SUPPORT_EMAIL,
};

/// A customer's address.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CustomerEmailActor {
    customer_id: ID,
}

#[ComplexObject]
impl CustomerEmailActor {
    async fn customer(&self, ctx: &Context<'_>) -> Result<Customer> {
        actor::customer(ctx, &self.customer_id)
    }
}

/// The address of a customer who is no longer there.
#[derive(SimpleObject)]
pub struct DeletedCustomerEmailActor {
    customer_id: ID,
}

/// An agent's address.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct UserEmailActor {
    user_id: ID,
}

#[ComplexObject]
impl UserEmailActor {
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        actor::user(ctx, &self.user_id)
    }
}

/// The workspace's address.
#[derive(SimpleObject)]
pub struct SupportEmailAddressEmailActor {
    support_email_address: String,
}

/// Whose address it is.
#[derive(Union)]
pub enum EmailActor {
    Customer(CustomerEmailActor),
    DeletedCustomer(DeletedCustomerEmailActor),
    User(UserEmailActor),
    Support(SupportEmailAddressEmailActor),
}

/// A sender or receiver.
#[derive(SimpleObject)]
pub struct EmailParticipant {
    name: Option<String>,
    email: String,
    email_actor: Option<EmailActor>,
}

impl From<&Participant> for EmailParticipant {
    fn from(participant: &Participant) -> Self {
        Self {
            name: participant.name.clone(),
            email: participant.email.clone(),
            email_actor: participant.actor.as_ref().map(|actor| match actor {
                records::EmailActor::Customer(id) => EmailActor::Customer(CustomerEmailActor {
                    customer_id: id.into(),
                }),
                records::EmailActor::DeletedCustomer(id) => {
                    EmailActor::DeletedCustomer(DeletedCustomerEmailActor {
                        customer_id: id.into(),
                    })
                }
                records::EmailActor::User(id) => {
                    EmailActor::User(UserEmailActor { user_id: id.into() })
                }
                records::EmailActor::Support => {
                    EmailActor::Support(SupportEmailAddressEmailActor {
                        support_email_address: SUPPORT_EMAIL.to_owned(),
                    })
                }
            }),
        }
    }
}

/// An address that an e-mail did not reach.
#[derive(SimpleObject)]
pub struct EmailBounce {
    bounced_at: DateTime,
    recipient: EmailParticipant,
    is_send_retriable: bool,
    details: Option<String>,
}

/// An e-mail in a timeline.
pub struct EmailEntry {
    pub email: Box<Email>,
    pub at: Timestamp,
}

impl EmailEntry {
    fn full(&self, latest: &str) -> String {
        match &self.email.quoted {
            Some(quoted) => format!("{latest}\n\n{quoted}"),
            None => latest.to_owned(),
        }
    }
}

#[Object]
impl EmailEntry {
    async fn email_id(&self) -> ID {
        (&self.email.id).into()
    }

    async fn to(&self) -> EmailParticipant {
        (&self.email.to).into()
    }

    async fn from(&self) -> EmailParticipant {
        (&self.email.from).into()
    }

    async fn additional_recipients(&self) -> Vec<EmailParticipant> {
        self.email.cc.iter().map(EmailParticipant::from).collect()
    }

    async fn hidden_recipients(&self) -> Vec<EmailParticipant> {
        self.email.bcc.iter().map(EmailParticipant::from).collect()
    }

    async fn subject(&self) -> Option<&str> {
        Some(&self.email.subject)
    }

    async fn text_content(&self) -> Option<&str> {
        Some(&self.email.text)
    }

    async fn has_more_text_content(&self) -> bool {
        self.email.quoted.is_some()
    }

    async fn full_text_content(&self) -> Option<String> {
        Some(self.full(&self.email.text))
    }

    async fn markdown_content(&self) -> Option<&str> {
        self.email.markdown.as_deref()
    }

    async fn has_more_markdown_content(&self) -> bool {
        self.email.quoted.is_some()
    }

    async fn full_markdown_content(&self) -> Option<String> {
        let latest = self.email.markdown.as_deref()?;
        Some(self.full(latest))
    }

    async fn authenticity(&self) -> EmailAuthenticity {
        self.email.authenticity
    }

    async fn sent_at(&self) -> Option<DateTime> {
        self.email.outbound.then(|| self.at.into())
    }

    async fn send_status(&self) -> Option<EmailSendStatus> {
        self.email.outbound.then_some(self.email.send_status)
    }

    async fn received_at(&self) -> Option<DateTime> {
        (!self.email.outbound).then(|| self.at.into())
    }

    async fn attachments(&self) -> Vec<Attachment> {
        attachments(&self.email.attachments)
    }

    async fn is_start_of_thread(&self) -> bool {
        self.email.starts_thread
    }

    /// Whoever it was sent to, hidden recipients included: a portal must not ask.
    async fn bounces(&self) -> Vec<EmailBounce> {
        if self.email.send_status != EmailSendStatus::Bounced {
            return Vec::new();
        }
        let hidden = self.email.bcc.iter().map(|recipient| EmailBounce {
            bounced_at: self.at.into(),
            recipient: recipient.into(),
            is_send_retriable: false,
            details: None,
        });
        hidden.collect()
    }

    async fn category(&self) -> EmailCategory {
        self.email.category
    }
}

/// A file's size.
#[derive(SimpleObject)]
pub struct FileSize {
    bytes: i32,
    kilo_bytes: f64,
    mega_bytes: f64,
}

/// A file of a message.
#[derive(SimpleObject)]
pub struct Attachment {
    id: ID,
    file_name: String,
    file_size: FileSize,
    file_extension: Option<String>,
    file_mime_type: String,
    #[graphql(name = "type")]
    kind: AttachmentType,
    created_at: DateTime,
    created_by: Actor,
    updated_at: DateTime,
    updated_by: Actor,
}

impl From<&records::Attachment> for Attachment {
    fn from(file: &records::Attachment) -> Self {
        Self {
            id: (&file.id).into(),
            file_name: file.file_name.clone(),
            file_size: FileSize {
                bytes: file.bytes,
                kilo_bytes: f64::from(file.bytes) / 1_000.0,
                mega_bytes: f64::from(file.bytes) / 1_000_000.0,
            },
            file_extension: file
                .file_name
                .rsplit_once('.')
                .map(|(_, end)| end.to_owned()),
            file_mime_type: file.mime_type.clone(),
            kind: file.kind,
            created_at: file.created.at.into(),
            created_by: (&file.created.by).into(),
            updated_at: file.created.at.into(),
            updated_by: (&file.created.by).into(),
        }
    }
}

/// The files of a message.
pub fn attachments(files: &[records::Attachment]) -> Vec<Attachment> {
    files.iter().map(Attachment::from).collect()
}
