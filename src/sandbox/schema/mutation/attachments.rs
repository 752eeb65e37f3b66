//! Mutations that name addresses for files.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{Done, need_customer, output};
use crate::sandbox::{
    enums::{AttachmentType, AttachmentVirusScanResult},
    errors::{MutationError, Problems, Refusal},
    schema::{email::Attachment, time::DateTime},
    state::{Announced, State},
    store::store,
};

#[derive(InputObject)]
pub struct CreateAttachmentUploadUrlInput {
    customer_id: ID,
    file_name: String,
    file_size_bytes: i32,
    attachment_type: AttachmentType,
}

#[derive(InputObject)]
pub struct CreateAttachmentDownloadUrlInput {
    attachment_id: ID,
}

/// A field of the form that takes a file.
#[derive(SimpleObject)]
pub struct UploadFormData {
    key: &'static str,
    value: String,
}

/// Where, and with which form, a file can be uploaded.
#[derive(SimpleObject)]
pub struct AttachmentUploadUrl {
    attachment: Attachment,
    upload_form_url: String,
    upload_form_data: Vec<UploadFormData>,
    expires_at: DateTime,
}

/// Where a file can be had.
#[derive(SimpleObject)]
pub struct AttachmentDownloadUrl {
    attachment: Attachment,
    download_url: String,
    expires_at: DateTime,
}

output!(CreateAttachmentUploadUrlOutput {
    attachment_upload_url: AttachmentUploadUrl
});

#[derive(SimpleObject)]
pub struct CreateAttachmentDownloadUrlOutput {
    attachment_download_url: Option<AttachmentDownloadUrl>,
    attachment_virus_scan_result: Option<AttachmentVirusScanResult>,
    error: Option<MutationError>,
}

#[derive(Default)]
pub struct AttachmentMutations;

#[Object]
impl AttachmentMutations {
    async fn create_attachment_upload_url(
        &self,
        ctx: &Context<'_>,
        input: CreateAttachmentUploadUrlInput,
    ) -> CreateAttachmentUploadUrlOutput {
        let mut state = store(ctx).lock();
        upload_url(&mut state, &input).into()
    }

    /// Whatever the scanner says, there is an address: whether to use it is the client's business.
    async fn create_attachment_download_url(
        &self,
        ctx: &Context<'_>,
        input: CreateAttachmentDownloadUrlInput,
    ) -> CreateAttachmentDownloadUrlOutput {
        let mut state = store(ctx).lock();
        let scan = state.behaviour.virus_scan;
        match state.download_address(&input.attachment_id) {
            Some((attachment, download_url, until)) => CreateAttachmentDownloadUrlOutput {
                attachment_download_url: Some(AttachmentDownloadUrl {
                    attachment: (&attachment).into(),
                    download_url,
                    expires_at: until.into(),
                }),
                attachment_virus_scan_result: scan,
                error: None,
            },
            None => CreateAttachmentDownloadUrlOutput {
                attachment_download_url: None,
                attachment_virus_scan_result: None,
                error: Some(
                    Refusal::not_found("attachmentId", "There is no such attachment.").into(),
                ),
            },
        }
    }
}

fn upload_url(
    state: &mut State,
    input: &CreateAttachmentUploadUrlInput,
) -> Done<AttachmentUploadUrl> {
    let mut problems = Problems::default();
    problems.text("fileName", &input.file_name);
    if input.file_size_bytes <= 0 {
        problems.invalid("fileSizeBytes", "Must be greater than 0.");
    }
    problems.finish()?;
    let customer = need_customer(state, "customerId", &input.customer_id)?;
    let Announced {
        attachment,
        signature,
        until,
    } = state.announce_file(
        &customer.id,
        &input.file_name,
        input.file_size_bytes,
        input.attachment_type,
    )?;
    let field = |key, value: &str| UploadFormData {
        key,
        value: value.to_owned(),
    };
    Ok(AttachmentUploadUrl {
        upload_form_url: format!("{}/files", state.files.origin),
        upload_form_data: vec![
            field("key", &attachment.id),
            field("Content-Type", &attachment.mime_type),
            field("x-sandbox-signature", &signature),
        ],
        expires_at: until.into(),
        attachment: (&attachment).into(),
    })
}
