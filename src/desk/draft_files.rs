//! The files of the viewer's forms. An id that a browser names counts only when it is one of the viewer's own.

use super::{Desk, Error, send};
use crate::{
    content,
    file_rules::FileProblem,
    model::{DraftFile, Picked},
    outbox::Taken,
    spool::{self, Incoming},
    store,
};

impl Desk {
    /// Begins to take in a file, picked in the form of this submission. `name` may be anything.
    ///
    /// # Errors
    /// [`spool::Error`].
    pub async fn take_file(&self, submission: &str, name: &str) -> Result<Incoming, spool::Error> {
        let submission = send::submission_id(submission);
        let name = content::file_name(name);
        self.outbox
            .spool()
            .begin(&self.viewer.customer_id, &submission, name)
            .await
    }

    /// The one file that has come in by itself.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn came_in(&self, picked: &Picked) -> Result<Option<DraftFile>, Error> {
        let spool = self.outbox.spool();
        let found = spool.find(&self.viewer.customer_id, &picked.ids).await?;
        Ok(found.into_iter().next())
    }

    /// Removes a file from a form of the viewer's, and keeps what else was typed there.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn remove_file(&self, removal: Removal<'_>) -> Result<(), Error> {
        if let Some(submission) = send::stored_id(removal.submission) {
            let title = content::line(removal.title);
            let typed = send::content(None, title, removal.text);
            self.store
                .take_file_out(&self.viewer, &submission, removal.file, &typed)
                .await?;
        }
        let found = self
            .outbox
            .spool()
            .find(&self.viewer.customer_id, &[removal.file.to_owned()])
            .await?;
        self.outbox
            .spool()
            .discard(&self.viewer.customer_id, &found)
            .await;
        Ok(())
    }

    /// The files that a form names, with what is wrong with each.
    pub(super) async fn files_of(
        &self,
        submission: &str,
        picked: &Picked,
    ) -> Result<Vec<DraftFile>, store::Error> {
        let customer_id = &self.viewer.customer_id;
        let mut known = self.outbox.spool().find(customer_id, &picked.ids).await?;
        if known.len() < picked.ids.len() {
            // The same form once more, when what it stands for has been sent and its files are gone.
            known.extend(self.store.files_of(&self.viewer, submission).await?);
        }
        let mut files: Vec<DraftFile> = vec![];
        for id in &picked.ids {
            match known.iter().find(|file| file.id == *id) {
                Some(file) if files.iter().any(|other| other.id == file.id) => {}
                Some(file) => files.push(file.clone()),
                None => files.push(DraftFile::refused(
                    "A file".to_owned(),
                    0,
                    FileProblem::Gone,
                )),
            }
        }
        files.extend(picked.refused.iter().cloned());
        Ok(files)
    }

    /// After a form that was sent twice: what came in with the second is not needed.
    pub(super) async fn tidy(&self, taken: &Taken, files: &[DraftFile]) {
        if !matches!(taken, Taken::Send(_)) {
            self.outbox
                .spool()
                .discard(&self.viewer.customer_id, files)
                .await;
        }
    }
}

/// A file that is to leave its form, and what else stands there.
#[derive(Debug, Clone, Copy)]
pub struct Removal<'a> {
    pub submission: &'a str,
    pub file: &'a str,
    pub title: &'a str,
    pub text: &'a str,
}
