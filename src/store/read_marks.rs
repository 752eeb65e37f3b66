//! What somebody has read: a mark for each thread that they have opened, and the day on which they first came.
//!
//! A thread is unread when its last activity is later than its mark, or, without a mark, later than [`Store::read_since`]:
//! somebody's very first list is not all unread.

use std::{collections::HashMap, time::Duration};

use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};

use super::{Error, Store};

/// What happened longer ago than this counts as read, so that marks older than this are not needed.
const KEEP: SignedDuration = SignedDuration::from_hours(400 * 24);
/// A visit is recorded this often at most: not every look at a list should be a write.
const RECORD_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

impl Store {
    /// Up to when this customer has read each of these threads; those without a mark are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read_marks(
        &self,
        customer_id: &str,
        thread_ids: &[&str],
    ) -> Result<HashMap<String, Timestamp>, Error> {
        if thread_ids.is_empty() {
            return Ok(HashMap::new());
        }
        // PostgreSQL could take them as one array, SQLite cannot.
        let numbers: Vec<String> = (2..thread_ids.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT thread_id, read_at FROM read_marks WHERE customer_id = $1 AND thread_id IN ({})",
            numbers.join(", ")
        );
        let mut query = self.query(&sql).bind(customer_id);
        for thread_id in thread_ids {
            query = query.bind(*thread_id);
        }
        let marks: Vec<(String, i64)> = query.fetch_all().await?;
        let marks = marks
            .into_iter()
            .map(|(thread_id, read_at)| (thread_id, timestamp(read_at)));
        Ok(marks.collect())
    }

    /// Records that this customer has read a thread up to this time; a mark never moves back.
    ///
    /// Marks hold milliseconds, rounded up: whatever they were made from is surely read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_read(
        &self,
        customer_id: &str,
        thread_id: &str,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.query(
            "INSERT INTO read_marks (customer_id, thread_id, read_at) VALUES ($1, $2, $3)
             ON CONFLICT (customer_id, thread_id) DO UPDATE SET read_at = excluded.read_at
             WHERE read_marks.read_at < excluded.read_at",
        )
        .bind(customer_id)
        .bind(thread_id)
        .bind(milliseconds(at))
        .execute()
        .await?;
        Ok(())
    }

    /// The time before which everything of this team's counts as read by this customer: their first visit, which is now
    /// if they have never come, or 400 days ago if that is later. Call it whenever they look at a list.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read_since(
        &self,
        customer_id: &str,
        tenant_id: &str,
        now: Timestamp,
    ) -> Result<Timestamp, Error> {
        let recorded = self.visit(customer_id, tenant_id).await?;
        let recently = milliseconds(now - RECORD_EVERY);
        let visit = match recorded {
            Some((first_at, last_at)) if last_at > recently => Some(first_at),
            _ => {
                self.record_visit(customer_id, tenant_id, now).await?;
                // Read again, because somebody else may have been first.
                self.visit(customer_id, tenant_id)
                    .await?
                    .map(|(first_at, _)| first_at)
            }
        };
        let first_at = visit.map_or(now, timestamp);
        Ok(first_at.max(now - KEEP))
    }

    async fn visit(&self, customer_id: &str, tenant_id: &str) -> Result<Option<(i64, i64)>, Error> {
        let visit = self
            .query("SELECT first_at, last_at FROM visits WHERE customer_id = $1 AND tenant_id = $2")
            .bind(customer_id)
            .bind(tenant_id)
            .fetch_optional()
            .await?;
        Ok(visit)
    }

    async fn record_visit(
        &self,
        customer_id: &str,
        tenant_id: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.query(
            "INSERT INTO visits (customer_id, tenant_id, first_at, last_at) VALUES ($1, $2, $3, $3)
             ON CONFLICT (customer_id, tenant_id) DO UPDATE SET last_at = excluded.last_at
             WHERE visits.last_at < excluded.last_at",
        )
        .bind(customer_id)
        .bind(tenant_id)
        .bind(milliseconds(now))
        .execute()
        .await?;
        Ok(())
    }

    /// Deletes marks that [`Store::read_since`] makes needless, and visits of people who have not come since.
    pub(super) async fn sweep_read_marks(&self, now: Timestamp) -> Result<(), Error> {
        let oldest = milliseconds(now - KEEP);
        self.query("DELETE FROM read_marks WHERE read_at < $1")
            .bind(oldest)
            .execute()
            .await?;
        self.query("DELETE FROM visits WHERE last_at < $1")
            .bind(oldest)
            .execute()
            .await?;
        Ok(())
    }
}

fn milliseconds(at: Timestamp) -> i64 {
    let up = TimestampRound::new()
        .smallest(Unit::Millisecond)
        .mode(RoundMode::Ceil);
    // Only the last millisecond of the year 9999 cannot be rounded up.
    at.round(up).unwrap_or(at).as_millisecond()
}

fn timestamp(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(millisecond).unwrap_or(Timestamp::UNIX_EPOCH)
}
