//! Several statements that hold together or not at all.

use sqlx::{Postgres, Sqlite};

use super::query::{Place, Query};

/// A transaction; dropped without [`Transaction::commit`], nothing of it has happened.
pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Transaction {
    /// A statement of this transaction, in the SQL that both databases know; see [`super::query`].
    pub fn query<'q>(&'q mut self, sql: &'q str) -> Query<'q> {
        match self {
            Self::Sqlite(it) => Query::Sqlite(Place::Transaction(&mut **it), sqlx::query(sql)),
            Self::Postgres(it) => Query::Postgres(Place::Transaction(&mut **it), sqlx::query(sql)),
        }
    }

    /// Lets it have happened.
    pub async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(it) => it.commit().await,
            Self::Postgres(it) => it.commit().await,
        }
    }
}
