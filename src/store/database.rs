//! The two databases: how each is opened, and who may have it.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sqlx::{
    Connection, PgConnection, PgPool, SqlitePool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tower_sessions_sqlx_store::{PostgresStore, SqliteStore};

use super::{
    Error,
    query::{Place, Query},
    transaction::Transaction,
};

/// How long a request waits for a connection, whether all are taken or the database is away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the start waits for a server that does not even refuse.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a statement waits for SQLite's one writer.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Readers do not wait for the writer, writers do: more connections would not make it faster.
const SQLITE_CONNECTIONS: u32 = 4;
/// PostgreSQL's own default allows 100 in all, and several processes share it.
const POSTGRES_CONNECTIONS: u32 = 10;

/// An open database with today's tables. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) enum Database {
    Sqlite {
        pool: SqlitePool,
        sessions: SqliteStore,
        /// Held as long as the database is open: a second portal must not open the same file. `None` for a guest.
        _lock: Option<Arc<File>>,
    },
    Postgres {
        pool: PgPool,
        sessions: PostgresStore,
    },
}

impl Database {
    /// Opens what the URL names and brings its tables up to date.
    ///
    /// A SQLite file is created when it is not there. In PostgreSQL the database must be there; its tables are made in
    /// the first schema of the role's search path. Several processes may do that at once: sqlx lets one at a time.
    ///
    /// # Errors
    /// When the URL is wrong, the database cannot be opened, or it is a file that another process has.
    pub async fn open(url: &str) -> Result<Self, Error> {
        if url.starts_with("sqlite:") {
            open_sqlite(url).await
        } else {
            open_postgres(url).await
        }
    }

    /// Opens what the URL names beside a portal that may have it, for a short command. Makes and changes no table.
    ///
    /// SQLite lets several processes write by turns; its `.lock` file is there because a portal takes what another one has begun
    /// to send for abandoned. A guest sends nothing.
    ///
    /// # Errors
    /// When the URL is wrong, there is no such database, or its tables are another version's.
    pub async fn beside(url: &str) -> Result<Self, Error> {
        let (database, migrations) = if url.starts_with("sqlite:") {
            let options = sqlite_options(url)?.create_if_missing(false);
            let pool = sqlite_pool()
                .connect_with(options)
                .await
                .map_err(unusable)?;
            let sessions = SqliteStore::new(pool.clone());
            let database = Self::Sqlite {
                pool,
                sessions,
                _lock: None,
            };
            (database, &SQLITE)
        } else {
            let (options, mut connection) = connect_postgres(url).await?;
            let database = postgres(options, &mut connection).await?;
            connection.close().await?;
            (database, &POSTGRES)
        };
        let wanted = migrations.iter().map(|migration| migration.version).max();
        let made: Option<(Option<i64>,)> = database
            .query("SELECT MAX(version) FROM _sqlx_migrations")
            .fetch_optional()
            .await
            .map_err(|_| Error::OtherVersion)?;
        match made {
            Some((version,)) if version == wanted => Ok(database),
            _ => Err(Error::OtherVersion),
        }
    }

    /// A statement in the SQL that both know; see [`super::query`].
    pub fn query<'q>(&'q self, sql: &'q str) -> Query<'q> {
        match self {
            Self::Sqlite { pool, .. } => Query::Sqlite(Place::Pool(pool), sqlx::query(sql)),
            Self::Postgres { pool, .. } => Query::Postgres(Place::Pool(pool), sqlx::query(sql)),
        }
    }

    /// Begins a transaction, which is undone when it is dropped without a commit.
    ///
    /// # Errors
    /// When the database fails, or SQLite's one writer does not let go in time.
    pub async fn begin(&self) -> sqlx::Result<Transaction> {
        Ok(match self {
            // One that begins by reading could no longer write once another has written.
            Self::Sqlite { pool, .. } => {
                Transaction::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?)
            }
            Self::Postgres { pool, .. } => Transaction::Postgres(pool.begin().await?),
        })
    }

    /// Is the text of `$1` somewhere in a column of bytes?
    pub fn holds(&self, column: &str) -> String {
        match self {
            Self::Sqlite { .. } => format!("instr({column}, $1) > 0"),
            Self::Postgres { .. } => format!("position($1 in {column}) > 0"),
        }
    }

    /// Can no other process have it open?
    pub fn is_ours_alone(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }
}

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

async fn open_sqlite(url: &str) -> Result<Database, Error> {
    let options = sqlite_options(url)?;
    let lock = lock(options.get_filename())?;
    let options = options.create_if_missing(true);
    let pool = sqlite_pool()
        .connect_with(options)
        .await
        .map_err(unusable)?;
    SQLITE.run(&pool).await?;
    let sessions = SqliteStore::new(pool.clone());
    sessions.migrate().await?;
    Ok(Database::Sqlite {
        pool,
        sessions,
        _lock: Some(Arc::new(lock)),
    })
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, Error> {
    let options = SqliteConnectOptions::from_str(url).map_err(unusable)?;
    Ok(options
        .journal_mode(SqliteJournalMode::Wal)
        // A customer's message that we acknowledged must survive a power cut.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT))
}

fn sqlite_pool() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(SQLITE_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
}

async fn open_postgres(url: &str) -> Result<Database, Error> {
    let (options, mut connection) = connect_postgres(url).await?;
    POSTGRES.run(&mut connection).await?;
    let database = postgres(options, &mut connection).await?;
    connection.close().await?;
    Ok(database)
}

/// Not from the pool, which goes on trying when it is refused, and then only says that it took too long.
async fn connect_postgres(url: &str) -> Result<(PgConnectOptions, PgConnection), Error> {
    let options = PgConnectOptions::from_str(url)
        .map_err(unusable)?
        .application_name("plain-portal");
    let connecting = PgConnection::connect_with(&options);
    match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
        Ok(connection) => Ok((options, connection.map_err(unusable)?)),
        Err(_) => Err(Error::Url("the server does not answer".to_owned())),
    }
}

async fn postgres(
    options: PgConnectOptions,
    connection: &mut PgConnection,
) -> Result<Database, Error> {
    let schema: String = sqlx::query_scalar("SELECT current_schema()::text")
        .fetch_one(connection)
        .await?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_lazy_with(options);
    let sessions = PostgresStore::new(pool.clone())
        .with_schema_name(schema)
        .and_then(|sessions| sessions.with_table_name("tower_sessions"))
        .map_err(Error::Url)?;
    Ok(Database::Postgres { pool, sessions })
}

/// sqlx's words name neither the setting nor, in any of its errors, a password.
fn unusable(error: sqlx::Error) -> Error {
    Error::Url(error.to_string())
}

fn lock(database: &Path) -> Result<File, Error> {
    let path = database.with_added_extension("lock");
    let failed = |error| Error::Lock(path.clone(), error);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(PathBuf::from(database))),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
