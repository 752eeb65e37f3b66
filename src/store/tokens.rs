//! Handoff tokens that have been used.

use jiff::Timestamp;

use super::{Error, Store};

impl Store {
    /// Marks a token as used until `expires_at`; `false` when it was used before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_token(&self, jti: &str, expires_at: Timestamp) -> Result<bool, Error> {
        let inserted = self
            .query(
                "INSERT INTO used_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            )
            .bind(jti)
            .bind(expires_at.as_second())
            .execute()
            .await?;
        Ok(inserted == 1)
    }

    /// Makes a token usable again, after a sign-in that failed for reasons of ours.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_token(&self, jti: &str) -> Result<(), Error> {
        self.query("DELETE FROM used_tokens WHERE jti = $1")
            .bind(jti)
            .execute()
            .await?;
        Ok(())
    }
}
