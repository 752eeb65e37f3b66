//! Erasing a person: every row that is about them, in one place.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;
use tower_sessions::{ExpiredDeletion as _, SessionStore as _, session::Id};

use super::{Error, SIGNED_IN, Store, transaction::Transaction};

/// Every table with a `customer_id`; a test holds it against the database. Whoever adds one adds it here.
///
/// What is kept outside of the database is found by its row: what has none any more is nobody's, and is swept.
const TABLES: [&str; 4] = ["submissions", "files", "read_marks", "visits"];

/// What was erased of a person, or would be: how many rows of each table, sessions first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten(pub Vec<(&'static str, u64)>);

impl Forgotten {
    /// All rows together.
    pub fn rows(&self) -> u64 {
        self.0.iter().map(|(_, rows)| rows).sum()
    }
}

/// By what somebody is known in a session or a message.
#[derive(Debug, Clone, Copy)]
enum Named<'a> {
    CustomerId(&'a str),
    ExternalId(&'a str),
}

impl<'a> Named<'a> {
    fn value(self) -> &'a str {
        match self {
            Self::CustomerId(id) | Self::ExternalId(id) => id,
        }
    }

    /// Is this viewer, as JSON, the one?
    fn is(self, viewer: &Value) -> bool {
        let member = match self {
            Self::CustomerId(_) => "customer_id",
            Self::ExternalId(_) => "external_id",
        };
        viewer[member].as_str() == Some(self.value())
    }
}

impl Store {
    /// Erases everything that is kept about a customer of Plain's, and so signs them out everywhere. Nobody else's rows change, and
    /// nothing in Plain. What they have waiting to be sent is not sent.
    ///
    /// # Errors
    /// When the database fails; then nothing has been erased.
    pub async fn forget(&self, customer_id: &str) -> Result<Forgotten, Error> {
        let sessions = self.sessions_to_forget(customer_id).await?;
        let mut transaction = self.begin().await?;
        let forgotten = forget_in(&mut transaction, customer_id, &sessions).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }

    /// What [`Store::forget`] would erase now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kept_about(&self, customer_id: &str) -> Result<Forgotten, Error> {
        let sessions = self.sessions_to_forget(customer_id).await?;
        let mut kept = vec![("sessions", count(sessions.len()))];
        for table in TABLES {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE customer_id = $1");
            let (rows,): (i64,) = self.query(&sql).bind(customer_id).fetch_one().await?;
            kept.push((table, rows.unsigned_abs()));
        }
        Ok(Forgotten(kept))
    }

    /// The customers of Plain's that sessions and messages know under this id of the host product's: one as a rule. Somebody of
    /// whom there are read marks and visits alone is not found so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn customers_known_as(&self, external_id: &str) -> Result<BTreeSet<String>, Error> {
        let named = Named::ExternalId(external_id);
        let sessions = self.sessions_of(named).await?;
        let mut found: BTreeSet<String> = sessions
            .into_iter()
            .map(|(_, customer_id)| customer_id)
            .collect();
        let like = format!("%{}%", escaped(&Value::from(external_id).to_string()));
        let authors: Vec<(String, String)> = self
            .query("SELECT customer_id, author FROM submissions WHERE author LIKE $1 ESCAPE '!'")
            .bind(like)
            .fetch_all()
            .await?;
        let theirs = authors.into_iter().filter(|(_, author)| {
            serde_json::from_str(author).is_ok_and(|author| named.is(&author))
        });
        found.extend(theirs.map(|(customer_id, _)| customer_id));
        Ok(found)
    }

    /// To be asked before the transaction, in which nothing may wait for another connection.
    pub(super) async fn sessions_to_forget(&self, customer_id: &str) -> Result<Vec<String>, Error> {
        let sessions = self.sessions_of(Named::CustomerId(customer_id)).await?;
        Ok(sessions.into_iter().map(|(id, _)| id).collect())
    }

    /// The ids of somebody's sessions, with the customer in each.
    async fn sessions_of(&self, named: Named<'_>) -> Result<Vec<(String, String)>, Error> {
        let sessions = self.sessions();
        // What has expired is nobody's any more, and cannot be read.
        sessions.delete_expired().await?;
        // The id may also stand elsewhere in a session: whose it is shows when it is read.
        let holds = self.database.holds("data");
        let sql = format!("SELECT id FROM tower_sessions WHERE {holds}");
        let candidates: Vec<(String,)> = self
            .query(&sql)
            .bind(named.value().as_bytes().to_vec())
            .fetch_all()
            .await?;
        let mut found = vec![];
        for (text,) in candidates {
            let Ok(id) = text.parse::<Id>() else { continue };
            let Some(record) = sessions.load(&id).await? else {
                continue;
            };
            let viewer = record.data.get(SIGNED_IN).map(|it| &it["viewer"]);
            if let Some(viewer) = viewer.filter(|viewer| named.is(viewer)) {
                let customer_id = viewer["customer_id"].as_str().unwrap_or_default();
                found.push((text, customer_id.to_owned()));
            }
        }
        Ok(found)
    }
}

/// [`Store::forget`] as a part of something larger.
pub(super) async fn forget_in(
    transaction: &mut Transaction,
    customer_id: &str,
    sessions: &[String],
) -> Result<Forgotten, Error> {
    let mut ended = 0;
    for id in sessions {
        ended += transaction
            .query("DELETE FROM tower_sessions WHERE id = $1")
            .bind(id)
            .execute()
            .await?;
    }
    let mut erased = vec![("sessions", ended)];
    for table in TABLES {
        let sql = format!("DELETE FROM {table} WHERE customer_id = $1");
        let rows = transaction.query(&sql).bind(customer_id).execute().await?;
        erased.push((table, rows));
    }
    Ok(Forgotten(erased))
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// What `LIKE` would read as a pattern.
fn escaped(text: &str) -> String {
    text.replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_")
}
