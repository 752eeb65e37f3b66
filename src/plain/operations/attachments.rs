//! Files: what is told of them, and the addresses at which Plain's store takes and gives them.

use super::*;

/// A file of a message. What it claims to be is its sender's word, and it can be had without.
#[derive(cynic::QueryFragment, Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub id: Id,
    pub file_name: Option<String>,
    pub file_size: Option<FileSize>,
    pub file_mime_type: Option<String>,
}

#[derive(cynic::QueryFragment, Debug, Clone, PartialEq, Eq)]
pub struct FileSize {
    pub bytes: Option<Bytes>,
}

/// How many. GraphQL's `Int` ends at 2 GiB, and files need not: a number is taken as JSON has it, and what is below zero is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(from = "f64")]
pub struct Bytes(pub u64);

impl From<f64> for Bytes {
    fn from(number: f64) -> Self {
        // The cast stays within the bounds of what it makes.
        Self(number as u64)
    }
}

impl cynic::schema::IsScalar<i32> for Bytes {
    type SchemaType = i32;
}

/// What a file is to be attached to.
#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(non_exhaustive)]
pub enum AttachmentType {
    Email,
    CustomTimelineEntry,
    Chat,
    Slack,
    MsTeams,
    Discord,
    #[cynic(fallback)]
    Other,
}

/// What Plain's virus scanner says of a file; a workspace without one says nothing.
#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentVirusScanResult {
    Clean,
    Infected,
    Failed,
    Pending,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::InputObject, Debug)]
pub struct CreateAttachmentUploadUrlInput<'a> {
    pub customer_id: Id,
    pub file_name: &'a str,
    pub file_size_bytes: i32,
    pub attachment_type: AttachmentType,
}

#[derive(cynic::QueryVariables)]
pub struct CreateAttachmentUploadUrlVariables<'a> {
    pub input: CreateAttachmentUploadUrlInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(
    graphql_type = "Mutation",
    variables = "CreateAttachmentUploadUrlVariables"
)]
pub struct CreateAttachmentUploadUrl {
    #[arguments(input: $input)]
    pub create_attachment_upload_url: CreateAttachmentUploadUrlOutput,
}

impl CreateAttachmentUploadUrl {
    pub fn operation<'a>(
        customer_id: &str,
        file_name: &'a str,
        file_size_bytes: i32,
        attachment_type: AttachmentType,
    ) -> Operation<Self, CreateAttachmentUploadUrlVariables<'a>> {
        Self::build(CreateAttachmentUploadUrlVariables {
            input: CreateAttachmentUploadUrlInput {
                customer_id: Id::new(customer_id),
                file_name,
                file_size_bytes,
                attachment_type,
            },
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct CreateAttachmentUploadUrlOutput {
    pub attachment_upload_url: Option<AttachmentUploadUrl>,
    pub error: Option<MutationError>,
}

/// Where the store takes a file, and the form that has to go with it.
#[derive(cynic::QueryFragment)]
pub struct AttachmentUploadUrl {
    pub attachment: AttachmentId,
    pub upload_form_url: String,
    pub upload_form_data: Vec<UploadFormData>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Attachment")]
pub struct AttachmentId {
    pub id: Id,
}

#[derive(cynic::QueryFragment)]
pub struct UploadFormData {
    pub key: String,
    pub value: String,
}

#[derive(cynic::InputObject, Debug)]
pub struct CreateAttachmentDownloadUrlInput {
    pub attachment_id: Id,
}

#[derive(cynic::QueryVariables)]
pub struct CreateAttachmentDownloadUrlVariables {
    pub input: CreateAttachmentDownloadUrlInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(
    graphql_type = "Mutation",
    variables = "CreateAttachmentDownloadUrlVariables"
)]
pub struct CreateAttachmentDownloadUrl {
    #[arguments(input: $input)]
    pub create_attachment_download_url: CreateAttachmentDownloadUrlOutput,
}

impl CreateAttachmentDownloadUrl {
    pub fn operation(attachment_id: &str) -> Operation<Self, CreateAttachmentDownloadUrlVariables> {
        Self::build(CreateAttachmentDownloadUrlVariables {
            input: CreateAttachmentDownloadUrlInput {
                attachment_id: Id::new(attachment_id),
            },
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct CreateAttachmentDownloadUrlOutput {
    pub attachment_download_url: Option<AttachmentDownloadUrl>,
    pub attachment_virus_scan_result: Option<AttachmentVirusScanResult>,
    pub error: Option<MutationError>,
}

#[derive(cynic::QueryFragment)]
pub struct AttachmentDownloadUrl {
    pub download_url: String,
    pub expires_at: DateTime,
}
