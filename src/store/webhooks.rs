//! What Plain has told us by webhook: which events have been taken in, and which threads have changed.
//!
//! Plain delivers at least once and in any order. An event counts once, whichever process it comes to, because its id is stored
//! in the same transaction as what it does.

#[cfg(test)]
mod tests;

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;

use super::{Error, Store, forget::forget_in};

/// How long an event is remembered. Plain tries to deliver one for about five days.
const KEEP_EVENTS: Duration = Duration::from_secs(10 * 24 * 60 * 60);
/// How long a thread's change is remembered; a later one replaces it.
const KEEP_CHANGES: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What an event does in our database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Something that customers may see has changed in a thread.
    ThreadChanged {
        thread_id: String,
        at: Timestamp,
        /// The type of Plain's event.
        event: String,
    },
    /// A customer is no more: everything about them is erased.
    CustomerDeleted {
        customer_id: String,
    },
    Nothing,
}

/// The last change of a thread that we were told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub at: Timestamp,
    /// The type of Plain's event.
    pub event: String,
}

impl Store {
    /// Lets an event have its effect, if no event with this id has had one; says whether it was the first.
    ///
    /// Of two at the same moment the second waits for the first, and takes its place if that fails.
    ///
    /// # Errors
    /// When the database fails; then nothing has happened, and the event is to be delivered again.
    pub async fn take_in(
        &self,
        event_id: &str,
        effect: &Effect,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let sessions = match effect {
            Effect::CustomerDeleted { customer_id } => self.sessions_to_forget(customer_id).await?,
            _ => vec![],
        };
        let mut transaction = self.begin().await?;
        let new = transaction
            .query("INSERT INTO webhook_events (id, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(event_id)
            .bind(now.as_millisecond())
            .execute()
            .await?;
        if new == 0 {
            return Ok(false);
        }
        match effect {
            Effect::ThreadChanged {
                thread_id,
                at,
                event,
            } => {
                transaction
                    .query(
                        "INSERT INTO thread_changes (thread_id, changed_at, event) VALUES ($1, $2, $3)
                         ON CONFLICT (thread_id) DO UPDATE SET changed_at = excluded.changed_at, event = excluded.event
                         WHERE thread_changes.changed_at < excluded.changed_at",
                    )
                    .bind(thread_id)
                    // A clock that is ahead of ours must not hide what comes after.
                    .bind(at.as_millisecond().min(now.as_millisecond()))
                    .bind(event)
                    .execute()
                    .await?;
            }
            Effect::CustomerDeleted { customer_id } => {
                forget_in(&mut transaction, customer_id, &sessions).await?;
            }
            Effect::Nothing => {}
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// The last change of each of these threads, as far as Plain has told us within 30 days; those without one are left out.
    ///
    /// It may be missing although there was one: webhooks can be switched off, or be late. It is a reason to look again, never one
    /// not to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn thread_changes(
        &self,
        thread_ids: &[&str],
    ) -> Result<HashMap<String, Change>, Error> {
        if thread_ids.is_empty() {
            return Ok(HashMap::new());
        }
        let numbers: Vec<String> = (1..=thread_ids.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT thread_id, changed_at, event FROM thread_changes WHERE thread_id IN ({})",
            numbers.join(", ")
        );
        let query = thread_ids
            .iter()
            .fold(self.query(&sql), |query, thread_id| query.bind(*thread_id));
        let rows: Vec<(String, i64, String)> = query.fetch_all().await?;
        let changes = rows.into_iter().map(|(thread_id, at, event)| {
            let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
            (thread_id, Change { at, event })
        });
        Ok(changes.collect())
    }

    /// Deletes what no delivery can repeat any more, and old changes.
    pub(super) async fn sweep_webhooks(&self, now: Timestamp) -> Result<(), Error> {
        for (sql, keep) in [
            (
                "DELETE FROM webhook_events WHERE received_at < $1",
                KEEP_EVENTS,
            ),
            (
                "DELETE FROM thread_changes WHERE changed_at < $1",
                KEEP_CHANGES,
            ),
        ] {
            let keep = i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
            self.query(sql)
                .bind(now.as_millisecond().saturating_sub(keep))
                .execute()
                .await?;
        }
        Ok(())
    }
}
