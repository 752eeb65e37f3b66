//! A fresh database for a test, of either kind. Shared by the unit tests of `store` and the tests of the whole portal.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod postgres;

use postgres::PostgresDatabase;

/// Gone when this is dropped.
pub enum TestDatabase {
    Sqlite(tempfile::TempDir),
    Postgres(PostgresDatabase),
}

impl TestDatabase {
    pub fn sqlite() -> Option<Self> {
        Some(Self::Sqlite(folder()))
    }

    /// `None`, said aloud, where there is no PostgreSQL.
    pub fn postgres() -> Option<Self> {
        PostgresDatabase::create().map(Self::Postgres)
    }

    /// Its `DATABASE_URL`.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => {
                format!("sqlite://{}", folder.path().join("portal.db").display())
            }
            Self::Postgres(database) => database.url(),
        }
    }
}

/// In memory where there is such a place: what a test writes need not outlive the machine, and a disk that is busy with something
/// else can keep a database waiting for longer than any request does.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}
