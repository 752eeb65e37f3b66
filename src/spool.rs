//! The files of messages, from before we acknowledge them until Plain has them: a directory beside the database.
//!
//! A file's name on disk is its id; what its owner calls it is in the database alone. While it comes in its name ends in
//! `.part`. What is on disk and in no table is a leftover, and goes.

mod incoming;
mod owner;

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures::Stream;
use jiff::{SignedDuration, Timestamp};
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

use crate::{
    config,
    model::DraftFile,
    store::{self, Room, Store, UploadedFile},
};

pub use incoming::Incoming;

/// What nobody has sent for so long goes; Plain, too, keeps a file for so long that nothing refers to.
const KEEP_DRAFTS: SignedDuration = SignedDuration::from_hours(24);
/// A file in no table may be on its way there: in another process, and for as long as it comes in.
const LEFT_BEHIND: Duration = Duration::from_secs(60 * 60);
/// Before Plain's 24 hours are over, with time to spare for the message itself.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(20);

/// How much of a file is in memory while it is read.
const PIECE: usize = 64 * 1024;

/// Where files wait. Cheap to clone.
#[derive(Clone)]
pub struct Spool {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    room: Room,
    store: Store,
    coming_in: Mutex<ComingIn>,
}

/// What has come in and is in no table yet.
#[derive(Default)]
struct ComingIn {
    bytes: u64,
    by_customer: HashMap<String, u64>,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// All that may be kept is kept: of everybody's, or of this customer's.
    #[error("there is no room for another file")]
    Full,
    #[error("PORTAL_FILES: {0}")]
    Disk(#[from] io::Error),
    /// The directory is another database's, as this file in it says. Its files would be leftovers to this one.
    #[error(
        "PORTAL_FILES: the directory belongs to another database. Name a directory of its own for each; if that database is gone for \
         good, remove {}", .0.display()
    )]
    Owned(PathBuf),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Spool {
    /// Makes the directory when it is missing, and tries it.
    ///
    /// # Errors
    /// When it cannot be made or written to, or is another database's; the text names `PORTAL_FILES`.
    pub async fn open(config: &config::Files, store: Store) -> Result<Self, Error> {
        try_folder(&config.folder)?;
        owner::claim(&config.folder, &hex::encode(store.key("files").await?))?;
        let spool = Self {
            inner: Arc::new(Inner {
                folder: config.folder.clone(),
                room: Room {
                    bytes: config.max,
                    share: config.share(),
                },
                coming_in: Mutex::default(),
                store,
            }),
        };
        // Where nobody else can be writing, whatever is left was left by the dead.
        let old = match spool.inner.store.is_ours_alone() {
            true => Duration::ZERO,
            false => LEFT_BEHIND,
        };
        spool.sweep_folder(old).await?;
        Ok(spool)
    }

    /// Takes a file in, picked in this form of this customer's; `name` is cleaned already.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn begin(
        &self,
        customer_id: &str,
        submission: &str,
        name: String,
    ) -> Result<Incoming, Error> {
        Incoming::begin(self, customer_id, submission, name).await
    }

    /// Those of this customer's files that these ids name, in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(
        &self,
        customer_id: &str,
        ids: &[String],
    ) -> Result<Vec<DraftFile>, store::Error> {
        self.inner.store.files(customer_id, ids).await
    }

    /// A file's content, piece by piece; an error of the kind "not found" when it is gone.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn read(
        &self,
        id: &str,
    ) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>> {
        let file = tokio::fs::File::open(self.path(id)?).await?;
        Ok(futures::stream::try_unfold(file, async |mut file| {
            let mut piece = BytesMut::with_capacity(PIECE);
            let read = file.read_buf(&mut piece).await?;
            Ok((read > 0).then(|| (piece.freeze(), file)))
        }))
    }

    /// Where Plain has this file for this purpose, if it still has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn uploaded(
        &self,
        id: &str,
        attachment_type: &str,
    ) -> Result<Option<String>, store::Error> {
        let uploaded = self.inner.store.uploaded(id).await?;
        let good = uploaded.filter(|uploaded| {
            let age = Timestamp::now().duration_since(uploaded.at);
            uploaded.attachment_type == attachment_type && age < GOOD_FOR
        });
        Ok(good.map(|uploaded| uploaded.attachment_id))
    }

    /// Records where Plain has a file: `attachment_id`, good for this purpose.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_uploaded(
        &self,
        id: &str,
        attachment_id: &str,
        attachment_type: &str,
    ) -> Result<(), store::Error> {
        let uploaded = UploadedFile {
            attachment_id: attachment_id.to_owned(),
            attachment_type: attachment_type.to_owned(),
            at: Timestamp::now(),
        };
        self.inner.store.set_uploaded(id, Some(&uploaded)).await
    }

    /// Records that Plain has none of these files any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_uploads(&self, files: &[DraftFile]) -> Result<(), store::Error> {
        for file in files {
            self.inner.store.set_uploaded(&file.id, None).await?;
        }
        Ok(())
    }

    /// Removes those of this customer's files that no message needs any more.
    pub async fn discard(&self, customer_id: &str, files: &[DraftFile]) {
        let ids: Vec<String> = files
            .iter()
            .filter(|file| !file.id.is_empty())
            .map(|file| file.id.clone())
            .collect();
        match self.inner.store.forget_files(customer_id, &ids).await {
            Ok(forgotten) => {
                for id in forgotten {
                    self.delete(&id).await;
                }
            }
            Err(error) => tracing::warn!(%error, "files are not removed yet"),
        }
    }

    /// Removes what nobody has sent in time, and what is on disk and in no table.
    ///
    /// # Errors
    /// When the database or the directory fails.
    pub async fn sweep(&self, now: Timestamp) -> Result<(), Error> {
        self.inner.store.forget_old_files(now - KEEP_DRAFTS).await?;
        self.sweep_folder(LEFT_BEHIND).await
    }

    /// Removes files that no table knows and that nobody has written to for so long.
    async fn sweep_folder(&self, old: Duration) -> Result<(), Error> {
        let mut entries = tokio::fs::read_dir(&self.inner.folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            let name = entry.file_name().to_string_lossy().into_owned();
            let id = name.strip_suffix(PART).unwrap_or(&name);
            // Whatever else lies there is not ours.
            if Uuid::parse_str(id).is_err() || self.inner.store.has_file(&name).await? {
                continue;
            }
            let age = entry.metadata().await.and_then(|it| it.modified());
            let age = age.map(|modified| modified.elapsed().unwrap_or_default());
            if age.is_ok_and(|age| age >= old) {
                self.delete(&name).await;
            }
        }
        Ok(())
    }

    async fn delete(&self, name: &str) {
        match tokio::fs::remove_file(self.inner.folder.join(name)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "a file cannot be removed from PORTAL_FILES");
            }
            _ => {}
        }
    }

    /// Only ever names of our own making.
    fn path(&self, id: &str) -> io::Result<PathBuf> {
        match Uuid::parse_str(id) {
            Ok(id) => Ok(self.inner.folder.join(id.to_string())),
            Err(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// How the name of a file ends that is still coming in.
const PART: &str = ".part";

/// Makes the directory when it is missing, for nobody else to look into, and writes a file there.
///
/// # Errors
/// When that fails; the text names it.
pub fn try_folder(folder: &Path) -> io::Result<()> {
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    make_folder(folder).map_err(named)?;
    tempfile::Builder::new()
        .prefix(".try")
        .tempfile_in(folder)
        .map_err(named)?;
    Ok(())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
