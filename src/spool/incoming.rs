//! A file while it comes in.

use std::{
    io,
    path::{Path, PathBuf},
    sync::PoisonError,
};

use aws_lc_rs::digest;
use jiff::Timestamp;
use tokio::{fs::File, io::AsyncWriteExt as _};
use uuid::Uuid;

use super::{Error, PART, Spool};
use crate::model::DraftFile;

/// After so many bytes it is looked again how much is kept: so much more than `PORTAL_FILES_MAX` each of those that come in at
/// the same time may have on disk, at the most, until it is found that there is no room.
const LOOK_AGAIN: u64 = 4_000_000;

/// A file of which not everything is there yet. Dropped before [`Self::finish`], nothing stays of it.
pub struct Incoming {
    spool: Spool,
    customer_id: String,
    submission: String,
    name: String,
    id: String,
    /// What lies on disk and is in no table; `None` when there is no such thing any more.
    loose: Option<PathBuf>,
    file: File,
    hash: digest::Context,
    size: u64,
    /// What was kept when somebody last looked: of everybody's, and of this customer's.
    kept: (u64, u64),
    /// How much of it was there then.
    looked_at: u64,
}

impl Incoming {
    pub(super) async fn begin(
        spool: &Spool,
        customer_id: &str,
        submission: &str,
        name: String,
    ) -> Result<Self, Error> {
        let kept = spool.inner.store.bytes_kept(customer_id).await?;
        let id = Uuid::new_v4().to_string();
        let part = spool.inner.folder.join(format!("{id}{PART}"));
        let file = File::options()
            .write(true)
            .create_new(true)
            .open(&part)
            .await?;
        Ok(Self {
            spool: spool.clone(),
            customer_id: customer_id.to_owned(),
            submission: submission.to_owned(),
            name,
            id,
            loose: Some(part),
            file,
            hash: digest::Context::new(&digest::SHA256),
            size: 0,
            kept,
            looked_at: 0,
        })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`Error::Full`], or when the disk fails.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        if self.size - self.looked_at >= LOOK_AGAIN {
            // Others are kept meanwhile, and no longer count as coming in.
            self.kept = self.spool.inner.store.bytes_kept(&self.customer_id).await?;
            self.looked_at = self.size;
        }
        self.reserve(piece.len() as u64)?;
        self.hash.update(piece);
        self.file.write_all(piece).await?;
        Ok(())
    }

    /// Keeps it, so that it outlives a power cut. The same file of the same form is kept once.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn finish(mut self) -> Result<DraftFile, Error> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let hash = self.hash.clone().finish();
        let file = DraftFile {
            id: self.id.clone(),
            name: self.name.clone(),
            size: self.size,
            sha256: hash
                .as_ref()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            problem: None,
        };
        let store = self.spool.inner.store.clone();
        let same = store
            .same_file(&self.customer_id, &self.submission, &file)
            .await?;
        if let Some(same) = same
            && self.spool.read(&same.id).await.is_ok()
        {
            return Ok(same);
        }
        let path = self.spool.path(&self.id)?;
        if let Some(part) = &self.loose {
            tokio::fs::rename(part, &path).await?;
        }
        self.loose = Some(path);
        sync_folder(&self.spool.inner.folder).await?;
        let room = self.spool.inner.room;
        let now = Timestamp::now();
        let added = store
            .add_file(&self.customer_id, &self.submission, &file, room, now)
            .await?;
        if !added {
            return Err(Error::Full);
        }
        self.loose = None;
        Ok(file)
    }

    /// So much more must fit beside what is kept and what else is coming in.
    fn reserve(&mut self, bytes: u64) -> Result<(), Error> {
        let inner = &self.spool.inner;
        let mut coming_in = inner
            .coming_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let own = coming_in
            .by_customer
            .get(&self.customer_id)
            .copied()
            .unwrap_or_default();
        if self.kept.0 + coming_in.bytes + bytes > inner.room.bytes
            || self.kept.1 + own + bytes > inner.room.share
        {
            return Err(Error::Full);
        }
        coming_in.bytes += bytes;
        coming_in
            .by_customer
            .insert(self.customer_id.clone(), own + bytes);
        self.size += bytes;
        Ok(())
    }
}

/// A new name outlives a power cut once its directory is written; elsewhere than on Unix a directory cannot be opened for it.
async fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder).await?.sync_all().await?;
    }
    Ok(())
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let mut coming_in = self
            .spool
            .inner
            .coming_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        coming_in.bytes = coming_in.bytes.saturating_sub(self.size);
        if let Some(own) = coming_in.by_customer.get_mut(&self.customer_id) {
            *own = own.saturating_sub(self.size);
            if *own == 0 {
                coming_in.by_customer.remove(&self.customer_id);
            }
        }
        drop(coming_in);
        // One call to the system, and nobody left to wait for it elsewhere.
        if let Some(path) = self.loose.take()
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::warn!(%error, "a file that did not come in whole cannot be removed");
        }
    }
}
