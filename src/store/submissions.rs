//! What customers sent, from before we acknowledge it until it is surely in Plain.

use jiff::Timestamp;
use sqlx::FromRow;

use super::{Error, Store};
use crate::model::{Problem, Unsent};

/// After this long a submission that is still "sending" belongs to a process that died.
const SENDING_SECONDS: i64 = 60;

/// What one submission says, and where. Two submissions with the same id and other content are two messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub customer_id: String,
    pub tenant_id: String,
    /// `None` for a new request.
    pub thread_id: Option<String>,
    /// Empty for a reply.
    pub title: String,
    pub text: String,
}

/// What became of an attempt to take charge of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is ours to send, for the first time or after a failure that surely sent nothing.
    Ours,
    /// It is ours to send, but an earlier attempt, at this time, may have arrived with this text.
    OursAfterUnclear { since: Timestamp, text: String },
    /// Another request is sending it at this moment.
    InFlight,
    /// It has arrived, in this thread.
    Sent { thread_id: String },
    /// The id belongs to something else that was sent or is being sent.
    OtherContent,
}

#[derive(FromRow)]
struct Row {
    tenant_id: String,
    thread_id: Option<String>,
    title: String,
    text: String,
    state: String,
    sent_to: Option<String>,
    tried_at: i64,
    unclear_since: Option<i64>,
}

/// An answer of the viewer's own that Plain has, or is just being given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnItsWay {
    pub text: String,
    pub at: Timestamp,
    /// Plain has taken it; its entry in the timeline may come later.
    pub sent: bool,
}

impl Store {
    /// Stores a submission and takes charge of it; at most one caller gets it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim(&self, id: &str, content: &Content, now: Timestamp) -> Result<Claim, Error> {
        loop {
            if let Some(claim) = self.try_claim(id, content, now).await? {
                return Ok(claim);
            }
            // Somebody else changed the row between our look and our hand: look again.
        }
    }

    async fn try_claim(
        &self,
        id: &str,
        content: &Content,
        now: Timestamp,
    ) -> Result<Option<Claim>, Error> {
        let now = now.as_second();
        let inserted = sqlx::query(
            "INSERT INTO submissions (customer_id, id, tenant_id, thread_id, title, text, state, tried_at)
             VALUES (?, ?, ?, ?, ?, ?, 'sending', ?) ON CONFLICT DO NOTHING",
        )
        .bind(&content.customer_id)
        .bind(id)
        .bind(&content.tenant_id)
        .bind(&content.thread_id)
        .bind(&content.title)
        .bind(&content.text)
        .bind(now)
        .execute(&self.pool)
        .await?;
        if inserted.rows_affected() == 1 {
            return Ok(Some(Claim::Ours));
        }
        let row: Option<Row> =
            sqlx::query_as("SELECT * FROM submissions WHERE customer_id = ? AND id = ?")
                .bind(&content.customer_id)
                .bind(id)
                .fetch_optional(&self.pool)
                .await?;
        let Some(row) = row else { return Ok(None) };
        let same_place = row.tenant_id == content.tenant_id && row.thread_id == content.thread_id;
        let same_content = same_place && row.title == content.title && row.text == content.text;
        let unclear_since = match row.state.as_str() {
            "sent" | "sending" if !same_content => return Ok(Some(Claim::OtherContent)),
            "sent" => {
                return Ok(Some(Claim::Sent {
                    thread_id: row.sent_to.unwrap_or_default(),
                }));
            }
            "sending" if row.tried_at > now - SENDING_SECONDS => return Ok(Some(Claim::InFlight)),
            "sending" => Some(row.unclear_since.unwrap_or(row.tried_at)),
            _ if !same_place => return Ok(Some(Claim::OtherContent)),
            _ => row.unclear_since,
        };
        let taken = sqlx::query(
            "UPDATE submissions SET state = 'sending', problem = NULL, title = ?, text = ?, tried_at = ?, unclear_since = ?
             WHERE customer_id = ? AND id = ? AND state = ? AND tried_at = ? AND text = ?",
        )
        .bind(&content.title)
        .bind(&content.text)
        .bind(now)
        .bind(unclear_since)
        .bind(&content.customer_id)
        .bind(id)
        .bind(&row.state)
        .bind(row.tried_at)
        .bind(&row.text)
        .execute(&self.pool)
        .await?;
        Ok(match (taken.rows_affected(), unclear_since) {
            (1, Some(since)) => Some(Claim::OursAfterUnclear {
                since: Timestamp::from_second(since).unwrap_or(Timestamp::UNIX_EPOCH),
                text: row.text,
            }),
            (1, None) => Some(Claim::Ours),
            _ => None,
        })
    }

    /// Records that a submission has arrived.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_sent(
        &self,
        customer_id: &str,
        id: &str,
        thread_id: &str,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE submissions SET state = 'sent', problem = NULL, sent_to = ? WHERE customer_id = ? AND id = ?")
            .bind(thread_id)
            .bind(customer_id)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Keeps what was typed, with the reason why it was not sent; `false` when the id belongs to something that is on
    /// its way, may have arrived, or has: that is left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_unsent(
        &self,
        id: &str,
        content: &Content,
        problem: Problem,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let kept = sqlx::query(
            "INSERT INTO submissions (customer_id, id, tenant_id, thread_id, title, text, state, problem, tried_at)
             VALUES (?, ?, ?, ?, ?, ?, 'unsent', ?, ?)
             ON CONFLICT DO UPDATE SET title = excluded.title, text = excluded.text, problem = excluded.problem, tried_at = excluded.tried_at
             WHERE state = 'unsent' AND unclear_since IS NULL",
        )
        .bind(&content.customer_id)
        .bind(id)
        .bind(&content.tenant_id)
        .bind(&content.thread_id)
        .bind(&content.title)
        .bind(&content.text)
        .bind(problem.code())
        .bind(now.as_second())
        .execute(&self.pool)
        .await?;
        Ok(kept.rows_affected() == 1)
    }

    /// Gives a claimed submission back, with the reason why it was not (or not surely) sent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_unsent(
        &self,
        customer_id: &str,
        id: &str,
        problem: Problem,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE submissions SET state = 'unsent', problem = ?1,
                unclear_since = CASE ?1 WHEN 'unclear' THEN COALESCE(unclear_since, tried_at) ELSE unclear_since END
             WHERE customer_id = ?2 AND id = ?3",
        )
        .bind(problem.code())
        .bind(customer_id)
        .bind(id)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// This customer's answers to a thread since then that were sent or are being sent, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn on_their_way(
        &self,
        customer_id: &str,
        thread_id: &str,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<OnItsWay>, Error> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT text, state, tried_at FROM submissions
             WHERE customer_id = ? AND thread_id = ? AND tried_at >= ?
               AND (state = 'sent' OR (state = 'sending' AND tried_at > ?))
             ORDER BY tried_at, rowid",
        )
        .bind(customer_id)
        .bind(thread_id)
        .bind(since.as_second())
        .bind(now.as_second() - SENDING_SECONDS)
        .fetch_all(&self.pool)
        .await?;
        let mut answers = Vec::with_capacity(rows.len());
        for (text, state, tried_at) in rows {
            let at = Timestamp::from_second(tried_at).unwrap_or(Timestamp::UNIX_EPOCH);
            answers.push(OnItsWay {
                text,
                at,
                sent: state == "sent",
            });
        }
        Ok(answers)
    }

    /// Deletes a submission that was not sent; one that has arrived, or is being sent, stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn discard(&self, customer_id: &str, id: &str, now: Timestamp) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM submissions WHERE customer_id = ? AND id = ?
               AND (state = 'unsent' OR (state = 'sending' AND tried_at <= ?))",
        )
        .bind(customer_id)
        .bind(id)
        .bind(now.as_second() - SENDING_SECONDS)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Gives a claim up together with its submission, because its place does not exist for this customer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_claim(&self, customer_id: &str, id: &str) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM submissions WHERE customer_id = ? AND id = ? AND state = 'sending'",
        )
        .bind(customer_id)
        .bind(id)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The newest submission of this customer, in this place (`None` = new requests), that was not sent.
    ///
    /// A "sending" one whose process died counts, as unclear.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_unsent(
        &self,
        customer_id: &str,
        tenant_id: &str,
        thread_id: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<Unsent>, Error> {
        let row: Option<UnsentRow> = sqlx::query_as(
            "SELECT id, title, text, problem, unclear_since, tried_at, state = 'sending' AS died FROM submissions
             WHERE customer_id = ? AND tenant_id = ? AND thread_id IS ?
               AND (state = 'unsent' OR (state = 'sending' AND tried_at <= ?))
             ORDER BY tried_at DESC LIMIT 1",
        )
        .bind(customer_id)
        .bind(tenant_id)
        .bind(thread_id)
        .bind(now.as_second() - SENDING_SECONDS)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(Unsent::from))
    }
}

#[derive(FromRow)]
struct UnsentRow {
    id: String,
    title: String,
    text: String,
    problem: Option<String>,
    unclear_since: Option<i64>,
    tried_at: i64,
    /// It was being sent by a process that is no more.
    died: bool,
}

impl From<UnsentRow> for Unsent {
    fn from(row: UnsentRow) -> Self {
        let since = row.unclear_since.or(row.died.then_some(row.tried_at));
        Self {
            submission: row.id,
            title: row.title,
            text: row.text,
            problem: row
                .problem
                .as_deref()
                .map_or(Problem::Unclear, Problem::from_code),
            unclear_since: since.and_then(|since| Timestamp::from_second(since).ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    async fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&format!(
            "sqlite://{}",
            dir.path().join("portal.db").display()
        ))
        .await
        .unwrap();
        (dir, store)
    }

    fn reply(text: &str) -> Content {
        Content {
            customer_id: "c_1".into(),
            tenant_id: "te_1".into(),
            thread_id: Some("th_1".into()),
            title: String::new(),
            text: text.into(),
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_a_hundred_at_once_one_sends() {
        let (_dir, store) = store().await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let store = store.clone();
            tasks.spawn(async move { store.claim("s", &reply("hello"), at(1000)).await.unwrap() });
        }
        let claims = tasks.join_all().await;
        assert_eq!(
            claims.iter().filter(|claim| **claim == Claim::Ours).count(),
            1
        );
        assert_eq!(
            claims
                .iter()
                .filter(|claim| **claim == Claim::InFlight)
                .count(),
            99
        );
    }

    #[tokio::test]
    async fn what_arrived_is_not_sent_again_but_other_words_are_another_message() {
        let (_dir, store) = store().await;
        assert_eq!(
            store.claim("s", &reply("hello"), at(1000)).await.unwrap(),
            Claim::Ours
        );
        assert_eq!(
            store.claim("s", &reply("other"), at(1000)).await.unwrap(),
            Claim::OtherContent
        );
        store.mark_sent("c_1", "s", "th_1").await.unwrap();
        assert_eq!(
            store.claim("s", &reply("hello"), at(9000)).await.unwrap(),
            Claim::Sent {
                thread_id: "th_1".into()
            }
        );
        assert_eq!(
            store.claim("s", &reply("other"), at(9000)).await.unwrap(),
            Claim::OtherContent
        );
        let someone_else = Content {
            customer_id: "c_2".into(),
            ..reply("hello")
        };
        assert_eq!(
            store.claim("s", &someone_else, at(9000)).await.unwrap(),
            Claim::Ours
        );
    }

    #[tokio::test]
    async fn a_failure_can_be_corrected_and_tried_again() {
        let (_dir, store) = store().await;
        store
            .keep_unsent("s", &reply(""), Problem::TextEmpty, at(1000))
            .await
            .unwrap();
        let unsent = store
            .latest_unsent("c_1", "te_1", Some("th_1"), at(1000))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (unsent.submission.as_str(), unsent.problem),
            ("s", Problem::TextEmpty)
        );
        assert_eq!(
            store.claim("s", &reply("better"), at(1001)).await.unwrap(),
            Claim::Ours
        );
        store
            .mark_unsent("c_1", "s", Problem::Unavailable)
            .await
            .unwrap();
        assert_eq!(
            store.claim("s", &reply("better"), at(1002)).await.unwrap(),
            Claim::Ours
        );
        store
            .mark_unsent("c_1", "s", Problem::Unclear)
            .await
            .unwrap();
        let claim = store
            .claim("s", &reply("even better"), at(1003))
            .await
            .unwrap();
        assert_eq!(
            claim,
            Claim::OursAfterUnclear {
                since: at(1002),
                text: "better".into()
            }
        );
    }

    #[tokio::test]
    async fn what_a_dead_process_was_sending_is_unclear() {
        let (_dir, store) = store().await;
        store.claim("s", &reply("hello"), at(1000)).await.unwrap();
        assert_eq!(
            store
                .latest_unsent("c_1", "te_1", Some("th_1"), at(1010))
                .await
                .unwrap(),
            None
        );
        let unsent = store
            .latest_unsent("c_1", "te_1", Some("th_1"), at(2000))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(unsent.problem, Problem::Unclear);
        let claim = store.claim("s", &reply("hello"), at(2000)).await.unwrap();
        assert_eq!(
            claim,
            Claim::OursAfterUnclear {
                since: at(1000),
                text: "hello".into()
            }
        );
    }

    #[tokio::test]
    async fn what_waits_is_seen_only_where_it_was_typed() {
        let (_dir, store) = store().await;
        store
            .keep_unsent("s", &reply("mine"), Problem::Unavailable, at(1000))
            .await
            .unwrap();
        for (customer, tenant, thread) in [
            ("c_2", "te_1", Some("th_1")),
            ("c_1", "te_2", Some("th_1")),
            ("c_1", "te_1", Some("th_2")),
            ("c_1", "te_1", None),
        ] {
            assert_eq!(
                store
                    .latest_unsent(customer, tenant, thread, at(1000))
                    .await
                    .unwrap(),
                None
            );
        }
        store.discard("c_2", "s", at(1000)).await.unwrap();
        assert!(
            store
                .latest_unsent("c_1", "te_1", Some("th_1"), at(1000))
                .await
                .unwrap()
                .is_some()
        );
        store.discard("c_1", "s", at(1000)).await.unwrap();
        assert_eq!(
            store
                .latest_unsent("c_1", "te_1", Some("th_1"), at(1000))
                .await
                .unwrap(),
            None
        );
    }
}
