//! Random keys that the portal makes for itself.

use super::{Error, Store};

impl Store {
    /// A random key of this name, made on first use, the same ever after and in every process.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key(&self, name: &str) -> Result<Vec<u8>, Error> {
        let fresh = [
            *uuid::Uuid::new_v4().as_bytes(),
            *uuid::Uuid::new_v4().as_bytes(),
        ]
        .concat();
        // Of several that do this at once one inserts, and all read what that one has inserted.
        self.query("INSERT INTO portal_keys (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(name)
            .bind(fresh)
            .execute()
            .await?;
        let (value,) = self
            .query("SELECT value FROM portal_keys WHERE name = $1")
            .bind(name)
            .fetch_one()
            .await?;
        Ok(value)
    }
}
