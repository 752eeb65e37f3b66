//! Where tower-sessions keeps its sessions: a table of whichever database there is.

use async_trait::async_trait;
use tower_sessions::{
    ExpiredDeletion, SessionStore,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::database::Database;

/// Where in a session stands who is signed in.
pub const SIGNED_IN: &str = "signed_in";

/// The sessions of the portal. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sessions(pub(super) Database);

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        match &self.0 {
            Database::Sqlite { sessions, .. } => sessions.create(record).await,
            Database::Postgres { sessions, .. } => sessions.create(record).await,
        }
    }

    /// A session that has ended since it was read stays ended: a page that was still under way must not bring back who has
    /// signed out, gone to another team, or been erased meanwhile. So this is one statement, and not the stores' own, which
    /// would insert what is missing.
    async fn save(&self, record: &Record) -> Result<()> {
        let data = rmp_serde::to_vec(record).map_err(|error| Error::Encode(error.to_string()))?;
        self.0
            .query("UPDATE tower_sessions SET data = $1, expiry_date = $2 WHERE id = $3 AND expiry_date > $4")
            .bind(data)
            .bind(record.expiry_date)
            .bind(record.id.to_string())
            .bind(OffsetDateTime::now_utc())
            .execute()
            .await
            .map_err(|error| Error::Backend(error.to_string()))?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        match &self.0 {
            Database::Sqlite { sessions, .. } => sessions.load(id).await,
            Database::Postgres { sessions, .. } => sessions.load(id).await,
        }
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        match &self.0 {
            Database::Sqlite { sessions, .. } => sessions.delete(id).await,
            Database::Postgres { sessions, .. } => sessions.delete(id).await,
        }
    }
}

#[async_trait]
impl ExpiredDeletion for Sessions {
    async fn delete_expired(&self) -> Result<()> {
        match &self.0 {
            Database::Sqlite { sessions, .. } => sessions.delete_expired().await,
            Database::Postgres { sessions, .. } => sessions.delete_expired().await,
        }
    }
}
