//! A message's files go to Plain before it: each once, and none for longer than Plain keeps what nothing refers to.

use std::{io, pin::pin};

use jiff::Timestamp;

use super::{Outbox, Outcome, problem_of};
use crate::{
    file_rules::{FileProblem, MAX_BY_EMAIL},
    model::{DraftFile, MAX_TEXT, Problem, Way},
    plain::{
        self, Refusal,
        attachments::NewFile,
        operations::{AttachmentType, Id},
    },
    store::{self, Charge, LEASE},
};

/// What the files are for: Plain asks, and limits them by it.
#[derive(Debug, Clone, Copy)]
pub(super) enum FilesFor {
    NewRequest,
    Answer(Way),
}

/// What became of a message's files.
pub(super) enum Files {
    /// Plain has all of them, under these ids.
    Uploaded(Vec<String>),
    /// The message is not to be sent now.
    Ended(Outcome),
}

/// What became of one file.
enum Upload {
    Done(String),
    /// It will not go, whenever it is tried.
    Refused(FileProblem),
    /// Neither it nor the message can be sent now.
    Failed(plain::Error),
}

impl FilesFor {
    fn attachment_type(self) -> AttachmentType {
        match self {
            Self::NewRequest => AttachmentType::CustomTimelineEntry,
            Self::Answer(Way::Chat) => AttachmentType::Chat,
            Self::Answer(Way::Email) => AttachmentType::Email,
            Self::Answer(Way::Slack) => AttachmentType::Slack,
        }
    }

    /// The stable name in our database.
    fn name(self) -> &'static str {
        match self {
            Self::NewRequest => "new_request",
            Self::Answer(Way::Chat) => "chat",
            Self::Answer(Way::Email) => "email",
            Self::Answer(Way::Slack) => "slack",
        }
    }

    fn most_bytes(self) -> u64 {
        match self {
            Self::NewRequest => MAX_BY_EMAIL,
            Self::Answer(way) => way.most_bytes(),
        }
    }
}

impl Outbox {
    /// Uploads whatever of a message's files Plain does not have yet. Nobody else takes the message meanwhile.
    ///
    /// One that Plain refuses keeps none of the others from being uploaded, but the message waits for the customer then:
    /// without the file it may say something else.
    pub(super) async fn upload_files(
        &self,
        charge: &Charge,
        what_for: FilesFor,
    ) -> Result<Files, store::Error> {
        if charge.content.files.is_empty() {
            return Ok(Files::Uploaded(vec![]));
        }
        match self
            .while_leased(charge, self.upload_all(charge, what_for))
            .await
        {
            Some(uploaded) => uploaded,
            None => Ok(Files::Ended(Outcome::Waiting)),
        }
    }

    async fn upload_all(&self, charge: &Charge, what_for: FilesFor) -> Result<Files, store::Error> {
        let mut content = charge.content.clone();
        DraftFile::check_all(&mut content.files, what_for.most_bytes());
        let mut ids = vec![];
        for file in content
            .files
            .iter_mut()
            .filter(|file| file.problem.is_none())
        {
            match self.upload(charge, file, what_for).await? {
                Upload::Done(id) => ids.push(id),
                Upload::Refused(problem) => file.problem = Some(problem),
                Upload::Failed(error) => {
                    let outcome = match problem_of(&error) {
                        Some(problem) if charge.unclear.is_none() => {
                            self.give_up(charge, problem).await?
                        }
                        _ => {
                            self.later(charge, charge.unclear, error.retry_after())
                                .await?
                        }
                    };
                    return Ok(Files::Ended(outcome));
                }
            }
        }
        if content.files.iter().all(|file| file.problem.is_none()) {
            return Ok(Files::Uploaded(ids));
        }
        // The words were nothing but the names: without one of them they are others. But by them an earlier attempt is found.
        if charge.unclear.is_none()
            && content.text == DraftFile::names(&charge.content.files, MAX_TEXT)
        {
            content.text.clear();
        }
        self.store.note_files(charge, &content).await?;
        let outcome = match charge.unclear {
            Some(unclear) => self.unsure(charge, unclear).await?,
            None => self.give_up(charge, Problem::Files).await?,
        };
        Ok(Files::Ended(outcome))
    }

    /// Plain forgets what nothing has referred to for a day: when it says so, the files are uploaded anew from the spool.
    pub(super) async fn note_lost(
        &self,
        charge: &Charge,
        error: &plain::Error,
    ) -> Result<(), store::Error> {
        match lost_files(error) {
            true => self.spool.forget_uploads(&charge.content.files).await,
            false => Ok(()),
        }
    }

    async fn upload(
        &self,
        charge: &Charge,
        file: &DraftFile,
        what_for: FilesFor,
    ) -> Result<Upload, store::Error> {
        let purpose = what_for.name();
        if let Some(id) = self.spool.uploaded(&file.id, purpose).await? {
            return Ok(Upload::Done(id));
        }
        let customer_id = &charge.author.customer_id;
        let mut uploaded = self.upload_once(customer_id, file, what_for).await;
        if let Err(plain::Error::FileStoreRefused { .. }) = uploaded {
            // The address may have been at fault; with another one it is the file.
            uploaded = self.upload_once(customer_id, file, what_for).await;
        }
        let error = match uploaded {
            Ok(id) => {
                self.spool.note_uploaded(&file.id, &id, purpose).await?;
                return Ok(Upload::Done(id));
            }
            Err(error) => error,
        };
        tracing::warn!(%error, submission = charge.id, "a file was not uploaded");
        Ok(match refused(&error) {
            Some(problem) => Upload::Refused(problem),
            None => Upload::Failed(error),
        })
    }

    async fn upload_once(
        &self,
        customer_id: &str,
        file: &DraftFile,
        what_for: FilesFor,
    ) -> Result<String, plain::Error> {
        let body = self.spool.read(&file.id).await.map_err(unreadable)?;
        let new_file = NewFile {
            name: &file.name,
            size_bytes: file.size,
            kind: what_for.attachment_type(),
        };
        self.plain.upload(customer_id, &new_file, body).await
    }

    /// Renews the lease of a message while something is done for it; `None` when it was lost nevertheless.
    async fn while_leased<T>(&self, charge: &Charge, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let mut every = tokio::time::interval(LEASE / 4);
        every.tick().await;
        loop {
            tokio::select! {
                done = &mut work => return Some(done),
                _ = every.tick() => match self.store.renew_lease(charge, Timestamp::now()).await {
                    Ok(true) => {}
                    Ok(false) => {
                        tracing::warn!(submission = charge.id, "somebody else has taken over a message");
                        return None;
                    }
                    // Whether it is still ours is asked once more before the message is sent.
                    Err(error) => tracing::warn!(%error, "a lease cannot be renewed"),
                },
            }
        }
    }
}

/// Plain's refusals of one file, for good.
fn refused(error: &plain::Error) -> Option<FileProblem> {
    match error {
        plain::Error::Validation { refusal, .. } => match refusal {
            Refusal::AttachmentTooLarge => Some(FileProblem::TooLarge),
            Refusal::AttachmentTypeNotAllowed => Some(FileProblem::Kind),
            Refusal::MarkedAsSpam => None,
            _ => Some(FileProblem::Refused),
        },
        plain::Error::BadInput { .. } | plain::Error::FileStoreRefused { .. } => {
            Some(FileProblem::Refused)
        }
        plain::Error::FileUnreadable { detail } if detail == GONE => Some(FileProblem::Gone),
        _ => None,
    }
}

/// Somebody may have cleared the directory; what is gone does not come back by trying again.
fn unreadable(error: io::Error) -> plain::Error {
    let detail = match error.kind() {
        io::ErrorKind::NotFound => GONE.to_owned(),
        _ => format!("PORTAL_FILES: {error}"),
    };
    plain::Error::FileUnreadable { detail }
}

const GONE: &str = "PORTAL_FILES: it is not there any more";

/// Does Plain say that it does not have, or no longer has, a file that was uploaded?
pub(super) fn lost_files(error: &plain::Error) -> bool {
    matches!(
        error,
        plain::Error::Validation {
            refusal: Refusal::AttachmentNotUploaded,
            ..
        }
    )
}

/// As Plain takes them with a message; `None` where there are none, which is how it was before there were any.
pub(super) fn attachments(ids: &[String]) -> Option<Vec<Id>> {
    (!ids.is_empty()).then(|| ids.iter().map(Id::new).collect())
}
