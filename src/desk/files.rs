//! Files of the messages that the viewer may see.

use super::{Desk, Error, is_plausible, none_if_not_an_id, translate};
use crate::{
    model::{Attachment, Entry},
    plain::{
        self,
        attachments::Available,
        file_store::{Download, Part},
        operations::{AttachmentVirusScanResult, TimelineRow},
    },
};

/// A file that the viewer may have: found in a message of theirs. It can only have come from a [`Desk`].
pub struct File {
    pub attachment: Attachment,
    plain: plain::Client,
}

/// What there is of a file.
pub enum Opened {
    Contents(Download),
    /// The virus scanner has found something.
    Infected,
    /// The virus scanner has not come to it yet.
    BeingScanned,
    /// The virus scanner could not say, or says something that we do not know: nobody is handed such a file.
    NotScanned,
    /// The store in which Plain keeps files does not give it.
    NotGiven,
}

impl Desk {
    /// The file that a message of a request has. Plain's attachments know no thread: that a file may be had follows from
    /// the way to it. The thread is the viewer's, the entry stands in it and is shown, and it has the file.
    ///
    /// # Errors
    /// [`Error::NotFound`] wherever the way ends, and [`Error::Unavailable`].
    pub async fn file(&self, thread: &str, entry: &str, attachment: &str) -> Result<File, Error> {
        if !is_plausible(entry) || !is_plausible(attachment) {
            return Err(Error::NotFound);
        }
        let thread = self.thread(thread).await?;
        let owner = thread.customer.id.inner();
        let placed = self.plain.timeline_entry(owner, entry).await;
        let placed = placed.or_else(none_if_not_an_id)?.ok_or(Error::NotFound)?;
        if placed.thread_id != thread.id || placed.id.inner() != entry {
            return Err(Error::NotFound);
        }
        // The same words that the page has of it, so that what is not shown there is not to be had here.
        let rows = vec![TimelineRow::Entry(Box::new(placed))];
        let (merged, whole) = self.merged_threads(&thread, &rows).await?;
        let entries = translate::entries(rows.into_iter(), false, &thread, &merged, self.viewer())?;
        let messages = entries.into_iter().filter_map(Entry::into_message);
        let mut files = messages.flat_map(|message| message.attachments);
        match files.find(|file| file.id == attachment) {
            Some(attachment) => Ok(File {
                attachment,
                plain: self.plain.clone(),
            }),
            None if whole => Err(Error::NotFound),
            None => Err(Error::Unavailable {
                detail: "Plain did not tell all threads that were merged".to_owned(),
                retry_after: None,
            }),
        }
    }
}

impl File {
    /// Begins to fetch it, or a part of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it has gone meanwhile, and [`Error::Unavailable`].
    pub async fn open(&self, part: Option<Part>) -> Result<Opened, Error> {
        let mut again = true;
        loop {
            let url = match self.plain.download_url(&self.attachment.id).await? {
                Available::At { url, .. } => url,
                Available::Scanned(result) => return Ok(result.into()),
            };
            match self.plain.download(&url, part).await {
                Ok(download) => return Ok(Opened::Contents(download)),
                // As at an address that has expired on the way: there is a fresh one.
                Err(plain::Error::FileStoreRefused { detail }) if again => {
                    tracing::info!(detail, "asking for a fresh address of a file");
                    again = false;
                }
                Err(error) => {
                    tracing::warn!(%error, advice = error.advice(), "a file cannot be fetched");
                    return Ok(Opened::NotGiven);
                }
            }
        }
    }
}

impl From<AttachmentVirusScanResult> for Opened {
    fn from(result: AttachmentVirusScanResult) -> Self {
        match result {
            AttachmentVirusScanResult::Infected => Self::Infected,
            AttachmentVirusScanResult::Pending => Self::BeingScanned,
            // Of clean files there is an address.
            AttachmentVirusScanResult::Clean
            | AttachmentVirusScanResult::Failed
            | AttachmentVirusScanResult::Other => Self::NotScanned,
        }
    }
}
