//! Files by way of the client: uploads, and where a file can be had.
//!
//! After Plain's document on attachments (<https://www.plain.com/docs/graphql/attachments>): the API names an address for each
//! upload and download; the file itself goes to and from the store behind it.

use std::io;

use bytes::Bytes;
use futures::Stream;

use super::{
    Client, Error, Refusal,
    file_store::{Download, Part},
    operations::*,
    refused,
};

/// A file that is to be uploaded.
#[derive(Debug, Clone, Copy)]
pub struct NewFile<'a> {
    /// As its owner calls it.
    pub name: &'a str,
    /// Exactly.
    pub size_bytes: u64,
    /// What it is to be attached to: it has to fit the thread's channel.
    pub kind: AttachmentType,
}

/// What Plain says when it is asked for a file.
#[derive(Debug, Clone)]
pub enum Available {
    /// At this address, until this time.
    At { url: String, expires_at: DateTime },
    /// Not, because of what the virus scanner says.
    Scanned(AttachmentVirusScanResult),
}

impl Client {
    /// Puts a file into Plain's store, for a message of this customer's; returns the attachment's id, which is good for one
    /// message and for a day.
    ///
    /// `body` is streamed and must have exactly as many bytes as `file` says. May be called again after any error: a file
    /// without a message is seen by nobody, and Plain deletes it after a day.
    ///
    /// # Errors
    /// [`Refusal::AttachmentTooLarge`] and [`Refusal::AttachmentTypeNotAllowed`] in [`Error::Validation`], by Plain or by the
    /// store; [`Error::FileStoreAway`], also when nothing moves for 30 s; [`Error::FileStoreRefused`];
    /// [`Error::FileUnreadable`] when `body` fails or has another length; and what any call may come to.
    pub async fn upload(
        &self,
        customer_id: &str,
        file: &NewFile<'_>,
        body: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<String, Error> {
        let size = i32::try_from(file.size_bytes).map_err(|_| Error::Validation {
            refusal: Refusal::AttachmentTooLarge,
            detail: "more bytes than Plain can count".to_owned(),
        })?;
        let operation =
            CreateAttachmentUploadUrl::operation(customer_id, file.name, size, file.kind);
        // A mutation by name alone: an address that nobody uses changes nothing, so that it is tried again as reads are.
        let output = self.read(operation).await?.whole()?;
        let output = output.create_attachment_upload_url;
        let place = refused(output.error, output.attachment_upload_url)?;
        self.files.upload(&place, file, body).await?;
        Ok(place.attachment.id.into_inner())
    }

    /// Where a file can be had, if it can. The address is short-lived, and whoever has it has the file.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such file; and what any call may come to.
    pub async fn download_url(&self, attachment_id: &str) -> Result<Available, Error> {
        let operation = CreateAttachmentDownloadUrl::operation(attachment_id);
        // As above: nothing is changed by it.
        let output = self.read(operation).await?.whole()?;
        let output = output.create_attachment_download_url;
        match output.attachment_virus_scan_result {
            None | Some(AttachmentVirusScanResult::Clean) => {}
            // Whatever else Plain says, and also when it names an address all the same.
            Some(result) => return Ok(Available::Scanned(result)),
        }
        let place = refused(output.error, output.attachment_download_url)?;
        Ok(Available::At {
            url: place.download_url,
            expires_at: place.expires_at,
        })
    }

    /// Begins to fetch a file, or a part of it, from an address that [`Self::download_url`] has named.
    ///
    /// # Errors
    /// [`Error::FileStoreAway`], [`Error::FileStoreRefused`] (an address that has expired is one), [`Error::NotUnderstood`] when
    /// the address or the answer cannot be used.
    pub async fn download(&self, url: &str, part: Option<Part>) -> Result<Download, Error> {
        self.files.download(url, part).await
    }

    /// One entry of this customer's timeline, with the thread that it stands in; only kinds that a customer may see have
    /// contents.
    ///
    /// Something is decided by it: an answer in which anything is missing is an error.
    pub async fn timeline_entry(
        &self,
        customer_id: &str,
        entry_id: &str,
    ) -> Result<Option<TimelineEntry>, Error> {
        let operation = TimelineEntryById::operation(customer_id, entry_id);
        Ok(self.read(operation).await?.whole()?.timeline_entry)
    }
}
