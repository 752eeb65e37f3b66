//! E-mails in a timeline. Hidden recipients (Bcc), and bounces, which may name them, are not in our description.

use super::*;

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(non_exhaustive)]
pub enum EmailCategory {
    Messaging,
    #[cynic(fallback)]
    Other,
}

/// How far an e-mail of the support team's has come.
#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailSendStatus {
    Pending,
    Sent,
    /// Some or all of its recipients did not get it.
    Bounced,
    Failed,
    #[cynic(fallback)]
    Other,
}

/// An e-mail. Only the category decides whether it may be shown, so nothing stands in for it when it is missing.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(variables = "TimelineVariables")]
pub struct EmailEntry {
    pub category: EmailCategory,
    pub from: Option<EmailParticipant>,
    pub to: Option<EmailParticipant>,
    /// In Cc.
    pub additional_recipients: Option<Vec<Option<EmailParticipant>>>,
    pub subject: Option<String>,
    pub text_content: Option<String>,
    pub has_more_text_content: Option<bool>,
    #[directives(include(if: $whole_mails))]
    pub full_text_content: Option<String>,
    pub markdown_content: Option<String>,
    pub has_more_markdown_content: Option<bool>,
    #[directives(include(if: $whole_mails))]
    pub full_markdown_content: Option<String>,
    pub send_status: Option<EmailSendStatus>,
    pub is_start_of_thread: Option<bool>,
    pub attachments: Option<Vec<Option<Attachment>>>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct EmailParticipant {
    pub name: Option<String>,
    pub email: Option<String>,
    pub email_actor: Option<EmailActor>,
}

/// Whom Plain knows an address to belong to.
#[derive(cynic::InlineFragments, Debug)]
pub enum EmailActor {
    Customer(CustomerEmailActor),
    DeletedCustomer(DeletedCustomerEmailActor),
    User(UserEmailActor),
    Support(SupportEmailAddressEmailActor),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CustomerEmailActor {
    pub customer_id: Id,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct DeletedCustomerEmailActor {
    pub __typename: String,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct UserEmailActor {
    pub user: Option<User>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct SupportEmailAddressEmailActor {
    pub __typename: String,
}
