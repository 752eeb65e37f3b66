//! What the portal keeps itself: sessions, used tokens, and what customers sent. One SQLite file, one process.

mod submissions;
mod tokens;

use std::{
    fs::{File, TryLockError},
    path::PathBuf,
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use tower_sessions::ExpiredDeletion;
use tower_sessions_sqlx_store::SqliteStore;

pub use submissions::{Charge, Claim, Content, OnItsWay, State, Unclear};

/// How long a submission is remembered: as long as somebody may send its form again.
const KEEP_SUBMISSIONS: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The portal's database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: SqlitePool,
    /// Held as long as the store lives: a second process must not open the same file.
    _lock: Arc<File>,
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
    #[error("DATABASE_URL: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database failed: {0}")]
    Sessions(#[from] tower_sessions::session_store::Error),
}

impl Store {
    /// Opens the database, created when it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// When the URL is wrong, the file cannot be opened, or another process has it.
    pub async fn open(database_url: &str) -> Result<Self, Error> {
        let options = SqliteConnectOptions::from_str(database_url)
            .map_err(|error| Error::Url(error.to_string()))?;
        let path = options.get_filename().to_owned();
        let lock = lock(&path.with_added_extension("lock"), &path)?;
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A customer's message that we acknowledged must survive a power cut.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await
            .map_err(|error| Error::Url(error.to_string()))?;
        sqlx::migrate!("migrations/sqlite").run(&pool).await?;
        let store = Self {
            pool,
            _lock: Arc::new(lock),
        };
        store.sessions().migrate().await?;
        store.end_leases().await?;
        Ok(store)
    }

    /// Where tower-sessions keeps its sessions.
    pub fn sessions(&self) -> SqliteStore {
        SqliteStore::new(self.pool.clone())
    }

    /// Does the database answer?
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// A random key of this name, made on first use, the same ever after.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key(&self, name: &str) -> Result<Vec<u8>, Error> {
        let fresh = [
            *uuid::Uuid::new_v4().as_bytes(),
            *uuid::Uuid::new_v4().as_bytes(),
        ]
        .concat();
        sqlx::query("INSERT INTO portal_keys (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(name)
            .bind(fresh)
            .execute(&self.pool)
            .await?;
        let value = sqlx::query_scalar("SELECT value FROM portal_keys WHERE name = ?")
            .bind(name)
            .fetch_one(&self.pool)
            .await?;
        Ok(value)
    }

    /// Deletes what has expired: sessions, used tokens, old submissions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(&self, now: jiff::Timestamp) -> Result<(), Error> {
        self.sessions().delete_expired().await?;
        sqlx::query("DELETE FROM used_tokens WHERE expires_at < ?")
            .bind(now.as_second())
            .execute(&self.pool)
            .await?;
        let oldest =
            now.as_millisecond() - i64::try_from(KEEP_SUBMISSIONS.as_millis()).unwrap_or(i64::MAX);
        sqlx::query("DELETE FROM submissions WHERE tried_at < ?")
            .bind(oldest)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

fn lock(path: &std::path::Path, database: &std::path::Path) -> Result<File, Error> {
    let failed = |error| Error::Lock(path.to_owned(), error);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(database.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_second_opening_is_refused_and_names_the_setting() {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("portal.db").display());
        let first = Store::open(&url).await.unwrap();
        let error = Store::open(&url).await.err().unwrap().to_string();
        assert!(
            error.starts_with("DATABASE_URL:") && error.contains("another process"),
            "{error}"
        );
        drop(first);
        Store::open(&url).await.unwrap();
    }

    #[tokio::test]
    async fn keys_are_made_once() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&format!(
            "sqlite://{}",
            dir.path().join("portal.db").display()
        ))
        .await
        .unwrap();
        let key = store.key("cursors").await.unwrap();
        assert_eq!(key.len(), 32);
        assert_eq!(store.key("cursors").await.unwrap(), key);
        assert_ne!(store.key("other").await.unwrap(), key);
    }
}
