//! Taking charge of a submission, and giving it back.

use jiff::Timestamp;

use super::{
    Charge, Claim, Content, Unclear,
    rows::{Row, lease_milliseconds},
};
use crate::{
    model::{DraftFile, Problem, Viewer},
    store::{Error, Store},
};

/// Nothing older of the same author's is still to be sent to the same thread. What may have arrived holds up nothing.
const FIRST_IN_LINE: &str = "NOT EXISTS (SELECT 1 FROM submissions AS other
    WHERE other.customer_id = mine.customer_id AND other.thread_id = mine.thread_id
      AND other.unclear_since IS NULL AND other.state IN ('waiting', 'sending') AND (other.first_at < mine.first_at OR (other.first_at = mine.first_at AND other.id < mine.id)))";

impl Store {
    /// Stores what this viewer sends, and takes charge of it; at most one caller gets it.
    ///
    /// # Errors
    /// When the database fails; then nothing has been acknowledged.
    pub async fn claim(
        &self,
        viewer: &Viewer,
        id: &str,
        content: &Content,
        now: Timestamp,
    ) -> Result<Claim, Error> {
        loop {
            if let Some(charge) = self.insert(viewer, id, content, now).await? {
                return Ok(Claim::Ours(Box::new(charge)));
            }
            let Some(mut row) = self.submission(&viewer.customer_id, id).await? else {
                continue;
            };
            let same_place =
                row.tenant_id == viewer.scope.key() && row.thread_id == content.thread_id;
            let same = same_place
                && row.title == content.title
                && row.text == content.text
                && DraftFile::are_same(&row.files(), &content.files);
            let unclear = row.unclear();
            match row.state.as_str() {
                _ if !same_place => return Ok(Claim::OtherContent),
                "sent" if same => {
                    return Ok(Claim::Sent {
                        thread_id: row.sent_to.unwrap_or_default(),
                    });
                }
                "sending" if same && !row.is_abandoned(now) => return Ok(Claim::InFlight),
                // What waits for the customer can be corrected, unless it may have arrived.
                "refused" | "unsent" if unclear.is_none() => row.first_at = now.as_millisecond(),
                _ if !same => return Ok(Claim::OtherContent),
                _ => {}
            }
            // Whoever sends it again wants it to be sent, also when it may have been.
            row.again = 1;
            row.title.clone_from(&content.title);
            row.text.clone_from(&content.text);
            row.files = files(content)?;
            row.author = author(viewer)?;
            if let Some(charge) = self.take(&viewer.customer_id, row, now).await? {
                return Ok(Claim::Ours(Box::new(charge)));
            }
            // Somebody else changed the row between our look and our hand: look again.
        }
    }

    /// Takes charge of up to this many submissions whose time has come; of one author's answers to a thread only the
    /// oldest, so that they arrive in the order in which they were written.
    ///
    /// # Errors
    /// When the database fails before anything was taken.
    pub async fn claim_due(&self, limit: i64, now: Timestamp) -> Result<Vec<Charge>, Error> {
        let sql = format!(
            "SELECT customer_id, id FROM submissions AS mine
             WHERE ((state = 'waiting' AND due_at <= $1) OR (state = 'sending' AND tried_at <= $2)) AND {FIRST_IN_LINE}
             ORDER BY first_at LIMIT $3"
        );
        let rows: Vec<(String, String)> = self
            .query(&sql)
            .bind(now.as_millisecond())
            .bind(now.as_millisecond() - lease_milliseconds())
            .bind(limit)
            .fetch_all()
            .await?;
        let mut charges = Vec::with_capacity(rows.len());
        for (customer_id, id) in rows {
            match self.claim_if_due(&customer_id, &id, now).await {
                Ok(charge) => charges.extend(charge),
                Err(error) if charges.is_empty() => return Err(error),
                // What has been taken is to be sent, whatever becomes of the rest.
                Err(_) => break,
            }
        }
        Ok(charges)
    }

    async fn claim_if_due(
        &self,
        customer_id: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<Charge>, Error> {
        let Some(row) = self.submission(customer_id, id).await? else {
            return Ok(None);
        };
        // Another process may have tried it since, and put it back for later.
        if !row.is_due(now) {
            return Ok(None);
        }
        if row.author().is_none() {
            // Nobody can send it in this name any more; its author finds it, and can.
            self.query("UPDATE submissions SET state = 'unsent', due_at = NULL, problem = CASE WHEN unclear_since IS NULL THEN 'unavailable' END WHERE customer_id = $1 AND id = $2 AND charges = $3")
                .bind(customer_id)
                .bind(id)
                .bind(row.charges)
                .execute()
                .await?;
            return Ok(None);
        }
        self.take(customer_id, row, now).await
    }

    /// When the next submission is due; `None` when none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, Error> {
        let sql = format!(
            "SELECT MIN(CASE state WHEN 'waiting' THEN due_at ELSE tried_at + $1 END) FROM submissions AS mine
             WHERE state IN ('waiting', 'sending') AND {FIRST_IN_LINE}"
        );
        let (next,): (Option<i64>,) = self
            .query(&sql)
            .bind(lease_milliseconds())
            .fetch_one()
            .await?;
        Ok(next.and_then(|millisecond| Timestamp::from_millisecond(millisecond).ok()))
    }

    /// Lets the lease begin anew, while its files are on their way; `false` when it had ended and somebody else has it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew_lease(&self, charge: &Charge, now: Timestamp) -> Result<bool, Error> {
        let ours = self
            .query(
                "UPDATE submissions SET tried_at = $1
                 WHERE customer_id = $2 AND id = $3 AND charges = $4 AND state = 'sending'",
            )
            .bind(now.as_millisecond())
            .bind(&charge.author.customer_id)
            .bind(&charge.id)
            .bind(charge.number)
            .execute()
            .await?;
        Ok(ours == 1)
    }

    /// Records what became of a message's files, by whoever has charge of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_files(&self, charge: &Charge, content: &Content) -> Result<(), Error> {
        self.query(
            "UPDATE submissions SET files = $1, text = $5
             WHERE customer_id = $2 AND id = $3 AND charges = $4 AND state = 'sending'",
        )
        .bind(files(content)?)
        .bind(&charge.author.customer_id)
        .bind(&charge.id)
        .bind(charge.number)
        .bind(&content.text)
        .execute()
        .await?;
        Ok(())
    }

    /// Records that from now on it may arrive, and lets the lease begin anew; to be called directly before it is sent.
    ///
    /// `false` when the lease had ended and somebody else has it: then it must not be sent.
    ///
    /// # Errors
    /// When the database fails; then it must not be sent either.
    pub async fn begin_sending(&self, charge: &Charge, now: Timestamp) -> Result<bool, Error> {
        let ours = self
            .query(
                "UPDATE submissions SET tried_at = $1, unclear_since = COALESCE(unclear_since, $1), settles_at = NULL, again = 0
                 WHERE customer_id = $2 AND id = $3 AND charges = $4 AND state = 'sending'",
            )
            .bind(now.as_millisecond())
            .bind(&charge.author.customer_id)
            .bind(&charge.id)
            .bind(charge.number)
            .execute()
            .await?;
        Ok(ours == 1)
    }

    /// Records that a submission has arrived in this thread, whoever has charge of it now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_sent(&self, charge: &Charge, thread_id: &str) -> Result<(), Error> {
        self.query(
            "UPDATE submissions SET state = 'sent', problem = NULL, due_at = NULL, sent_to = $1
             WHERE customer_id = $2 AND id = $3",
        )
        .bind(thread_id)
        .bind(&charge.author.customer_id)
        .bind(&charge.id)
        .execute()
        .await?;
        Ok(())
    }

    /// Gives a charge back, to be tried again at this time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn postpone(
        &self,
        charge: &Charge,
        unclear: Option<Unclear>,
        due_at: Timestamp,
    ) -> Result<(), Error> {
        self.give_back(charge, "waiting", None, unclear, Some(due_at))
            .await
    }

    /// Gives a charge back for the customer to decide: with the reason why it was not sent, or without one when nobody
    /// knows whether it was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_up(
        &self,
        charge: &Charge,
        problem: Option<Problem>,
        unclear: Option<Unclear>,
    ) -> Result<(), Error> {
        self.give_back(charge, "unsent", problem, unclear, None)
            .await
    }

    /// Gives a charge back whose thread is no longer there for its author: as a new request that is to be completed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn uproot(&self, charge: &Charge, problem: Problem) -> Result<(), Error> {
        self.query(
            "UPDATE submissions SET state = 'refused', problem = $1, thread_id = NULL, due_at = NULL, unclear_since = NULL, settles_at = NULL
             WHERE customer_id = $2 AND id = $3 AND charges = $4 AND state = 'sending'",
        )
        .bind(problem.code())
        .bind(&charge.author.customer_id)
        .bind(&charge.id)
        .bind(charge.number)
        .execute()
        .await?;
        Ok(())
    }

    /// The same for whatever of this viewer's waits for a decision at a thread that is not there for them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn uproot_all(
        &self,
        viewer: &Viewer,
        thread_id: &str,
        problem: Problem,
    ) -> Result<(), Error> {
        self.query(
            "UPDATE submissions SET state = 'refused', problem = $1, thread_id = NULL, unclear_since = NULL, settles_at = NULL
             WHERE customer_id = $2 AND tenant_id = $3 AND thread_id = $4 AND state IN ('refused', 'unsent')",
        )
        .bind(problem.code())
        .bind(&viewer.customer_id)
        .bind(viewer.scope.key())
        .bind(thread_id)
        .execute()
        .await?;
        Ok(())
    }

    /// Deletes a charge whose place never existed for its author.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_charge(&self, charge: &Charge) -> Result<(), Error> {
        self.query("DELETE FROM submissions WHERE customer_id = $1 AND id = $2 AND charges = $3 AND state = 'sending'")
            .bind(&charge.author.customer_id)
            .bind(&charge.id)
            .bind(charge.number)
            .execute()
            .await?;
        Ok(())
    }

    /// Lets whatever this customer has waiting, and that surely was not sent, be tried now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hurry(&self, customer_id: &str, now: Timestamp) -> Result<(), Error> {
        self.query(
            "UPDATE submissions SET due_at = $1
             WHERE customer_id = $2 AND state = 'waiting' AND due_at > $1 AND unclear_since IS NULL",
        )
        .bind(now.as_millisecond())
        .bind(customer_id)
        .execute()
        .await?;
        Ok(())
    }

    /// Ends every lease: when the database belongs to one process, whoever had charge of something before it is dead.
    pub(in crate::store) async fn end_leases(&self) -> Result<(), Error> {
        self.query("UPDATE submissions SET tried_at = tried_at - $1 WHERE state = 'sending'")
            .bind(lease_milliseconds())
            .execute()
            .await?;
        Ok(())
    }

    pub(super) async fn submission(
        &self,
        customer_id: &str,
        id: &str,
    ) -> Result<Option<Row>, Error> {
        let row = self
            .query("SELECT * FROM submissions WHERE customer_id = $1 AND id = $2")
            .bind(customer_id)
            .bind(id)
            .fetch_optional()
            .await?;
        Ok(row)
    }

    async fn insert(
        &self,
        viewer: &Viewer,
        id: &str,
        content: &Content,
        now: Timestamp,
    ) -> Result<Option<Charge>, Error> {
        let inserted = self.query(
            "INSERT INTO submissions (customer_id, id, tenant_id, thread_id, title, text, state, tried_at, first_at, author, charges, files)
             VALUES ($1, $2, $3, $4, $5, $6, 'sending', $7, $7, $8, 1, $9) ON CONFLICT DO NOTHING",
        )
        .bind(&viewer.customer_id)
        .bind(id)
        .bind(viewer.scope.key())
        .bind(&content.thread_id)
        .bind(&content.title)
        .bind(&content.text)
        .bind(now.as_millisecond())
        .bind(author(viewer)?)
        .bind(files(content)?)
        .execute()
        .await?;
        Ok((inserted == 1).then(|| Charge {
            id: id.to_owned(),
            author: viewer.clone(),
            content: content.clone(),
            first_at: now,
            tried_at: now,
            unclear: None,
            number: 1,
        }))
    }

    /// Takes charge of the submission as this row shows it, unless somebody was faster.
    async fn take(
        &self,
        customer_id: &str,
        row: Row,
        now: Timestamp,
    ) -> Result<Option<Charge>, Error> {
        let taken = self.query(
            "UPDATE submissions SET state = 'sending', problem = NULL, title = $1, text = $2, author = $3, first_at = $4,
                tried_at = $5, again = $6, charges = charges + 1, due_at = NULL, files = $11
             WHERE customer_id = $7 AND id = $8 AND state = $9 AND charges = $10",
        )
        .bind(&row.title)
        .bind(&row.text)
        .bind(&row.author)
        .bind(row.first_at)
        .bind(now.as_millisecond())
        .bind(row.again)
        .bind(customer_id)
        .bind(&row.id)
        .bind(&row.state)
        .bind(row.charges)
        .bind(&row.files)
        .execute()
        .await?;
        Ok(match taken {
            1 => row.charge(now),
            _ => None,
        })
    }

    /// Only while it is still this charge: whoever comes after the lease has ended changes nothing.
    async fn give_back(
        &self,
        charge: &Charge,
        state: &str,
        problem: Option<Problem>,
        unclear: Option<Unclear>,
        due_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        self.query(
            "UPDATE submissions SET state = $1, problem = $2, unclear_since = $3, settles_at = $4, again = $5, due_at = $6
             WHERE customer_id = $7 AND id = $8 AND charges = $9 AND state = 'sending'",
        )
        .bind(state)
        .bind(problem.map(Problem::code))
        .bind(unclear.map(|unclear| unclear.since.as_millisecond()))
        .bind(unclear.and_then(|unclear| unclear.settles_at).map(Timestamp::as_millisecond))
        .bind(i64::from(unclear.is_some_and(|unclear| unclear.again)))
        .bind(due_at.map(Timestamp::as_millisecond))
        .bind(&charge.author.customer_id)
        .bind(&charge.id)
        .bind(charge.number)
        .execute()
        .await?;
        Ok(())
    }
}

/// A message's files as a submission keeps them.
pub(super) fn files(content: &Content) -> Result<String, Error> {
    serde_json::to_string(&content.files)
        .map_err(|error| Error::Database(sqlx::Error::Encode(error.into())))
}

/// The viewer as a submission keeps them.
pub(super) fn author(viewer: &Viewer) -> Result<String, Error> {
    serde_json::to_string(viewer)
        .map_err(|error| Error::Database(sqlx::Error::Encode(error.into())))
}
