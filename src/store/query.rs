//! One query, whichever database it goes to.
//!
//! Every statement is written once, in the SQL that SQLite and PostgreSQL share: `$1` for what is bound,
//! `ON CONFLICT (…) DO UPDATE`, `IS NOT DISTINCT FROM`. Whole numbers are `i64`, times are bound as numbers.

use sqlx::{
    Database, Encode, FromRow, Pool, Postgres, Sqlite, Type,
    postgres::{PgArguments, PgRow},
    query::Query as Statement,
    sqlite::{SqliteArguments, SqliteRow},
};

/// A statement and what has been bound to it so far.
pub(super) enum Query<'q> {
    Sqlite(
        Place<'q, Sqlite>,
        Statement<'q, Sqlite, SqliteArguments<'q>>,
    ),
    Postgres(Place<'q, Postgres>, Statement<'q, Postgres, PgArguments>),
}

/// Where a statement runs: by itself, or as a part of a transaction.
pub(super) enum Place<'q, DB: Database> {
    Pool(&'q Pool<DB>),
    Transaction(&'q mut DB::Connection),
}

macro_rules! run {
    ($statement:ident.$method:ident at $place:ident) => {
        match $place {
            Place::Pool(pool) => $statement.$method(pool).await?,
            Place::Transaction(connection) => $statement.$method(connection).await?,
        }
    };
}

/// What both databases take as an argument.
pub(super) trait Argument<'q>:
    Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres> + 'q
{
}

impl<'q, T> Argument<'q> for T where
    T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres> + 'q
{
}

/// What can be read from a row of either: a struct with `#[derive(FromRow)]`, or a tuple.
pub(super) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

impl<'q> Query<'q> {
    /// Binds the next argument: the first call `$1`, the second `$2`.
    pub fn bind(self, value: impl Argument<'q>) -> Self {
        match self {
            Self::Sqlite(place, statement) => Self::Sqlite(place, statement.bind(value)),
            Self::Postgres(place, statement) => Self::Postgres(place, statement.bind(value)),
        }
    }

    /// Runs it; returns how many rows it has changed.
    pub async fn execute(self) -> sqlx::Result<u64> {
        Ok(match self {
            Self::Sqlite(place, statement) => run!(statement.execute at place).rows_affected(),
            Self::Postgres(place, statement) => run!(statement.execute at place).rows_affected(),
        })
    }

    /// The only row, or the first, if there is one.
    pub async fn fetch_optional<T: Row>(self) -> sqlx::Result<Option<T>> {
        match self {
            Self::Sqlite(place, statement) => run!(statement.fetch_optional at place)
                .map(|row| T::from_row(&row))
                .transpose(),
            Self::Postgres(place, statement) => run!(statement.fetch_optional at place)
                .map(|row| T::from_row(&row))
                .transpose(),
        }
    }

    /// The only row; its absence is an error.
    pub async fn fetch_one<T: Row>(self) -> sqlx::Result<T> {
        self.fetch_optional().await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// Every row.
    pub async fn fetch_all<T: Row>(self) -> sqlx::Result<Vec<T>> {
        match self {
            Self::Sqlite(place, statement) => {
                let rows = run!(statement.fetch_all at place);
                rows.iter().map(T::from_row).collect()
            }
            Self::Postgres(place, statement) => {
                let rows = run!(statement.fetch_all at place);
                rows.iter().map(T::from_row).collect()
            }
        }
    }
}
