//! What the portal keeps itself: sessions, used tokens, what customers sent, and what they have read.
//!
//! In a SQLite file, which is one process's own, or in PostgreSQL, which several may share; `DATABASE_URL` decides.
//! Nothing here relies on either: each statement holds by itself, also between others (READ COMMITTED).

mod database;
mod files;
mod forget;
mod keys;
mod query;
mod read_marks;
mod sessions;
mod submissions;
mod tokens;
mod transaction;
mod webhooks;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, time::Duration};

use tower_sessions::ExpiredDeletion;

use database::Database;
pub use files::{Room, UploadedFile};
pub use forget::Forgotten;
use query::Query;
pub use sessions::{SIGNED_IN, Sessions};
pub use submissions::{Charge, Claim, Content, LEASE, OnItsWay, State, Unclear};
use transaction::Transaction;
pub use webhooks::{Change, Effect};

/// How long a submission is remembered: as long as somebody may send its form again.
const KEEP_SUBMISSIONS: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The portal's database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: Database,
}

/// The database failed. The text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("DATABASE_URL: {0}")]
    Url(String),
    #[error("DATABASE_URL: {} is in use by another process", .0.display())]
    InUse(PathBuf),
    #[error("DATABASE_URL: cannot lock {}: {}", .0.display(), .1)]
    Lock(PathBuf, std::io::Error),
    #[error(
        "DATABASE_URL: its tables are not those of this version; start the portal of this version once"
    )]
    OtherVersion,
    #[error("DATABASE_URL: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database failed: {0}")]
    Sessions(#[from] tower_sessions::session_store::Error),
}

impl Store {
    /// Opens the database and brings its tables up to date; a SQLite file is created when it is not there.
    ///
    /// # Errors
    /// When the URL is wrong, the database cannot be opened, or it is a file that another process has. The text names
    /// `DATABASE_URL` and never its password.
    pub async fn open(database_url: &str) -> Result<Self, Error> {
        let store = Self {
            database: Database::open(database_url).await?,
        };
        if store.database.is_ours_alone() {
            store.end_leases().await?;
        }
        Ok(store)
    }

    /// Opens the database of a portal, which may be running, for a short command: nothing is created, no table changes, and what
    /// the portal is sending at this moment stays its own.
    ///
    /// # Errors
    /// When the URL is wrong, there is no such database, or its tables are another version's.
    pub async fn beside(database_url: &str) -> Result<Self, Error> {
        Ok(Self {
            database: Database::beside(database_url).await?,
        })
    }

    /// Can no other process have it open?
    pub fn is_ours_alone(&self) -> bool {
        self.database.is_ours_alone()
    }

    /// Where tower-sessions keeps its sessions.
    pub fn sessions(&self) -> Sessions {
        Sessions(self.database.clone())
    }

    /// Does the database answer?
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        self.query("SELECT 1").execute().await?;
        Ok(())
    }

    /// Deletes what has expired: sessions, used tokens, old submissions, read marks and what is known from webhooks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(&self, now: jiff::Timestamp) -> Result<(), Error> {
        self.sessions().delete_expired().await?;
        self.query("DELETE FROM used_tokens WHERE expires_at < $1")
            .bind(now.as_second())
            .execute()
            .await?;
        let oldest =
            now.as_millisecond() - i64::try_from(KEEP_SUBMISSIONS.as_millis()).unwrap_or(i64::MAX);
        self.query("DELETE FROM submissions WHERE tried_at < $1")
            .bind(oldest)
            .execute()
            .await?;
        self.sweep_read_marks(now).await?;
        self.sweep_webhooks(now).await
    }

    async fn begin(&self) -> Result<Transaction, Error> {
        Ok(self.database.begin().await?)
    }

    fn query<'q>(&'q self, sql: &'q str) -> Query<'q> {
        self.database.query(sql)
    }
}
