//! What a customer has on its way, and what waits in a form.

use jiff::Timestamp;

use super::{
    Content,
    charge::{author, files},
    rows::{Row, lease_milliseconds, time},
};
use crate::{
    model::{DraftFile, Problem, Refused, Viewer},
    store::{Error, Store},
};

/// A message that was sent, is being sent, or is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnItsWay {
    pub submission: String,
    pub content: Content,
    /// When it was stored.
    pub first_at: Timestamp,
    /// What Plain shows of it is from then or later.
    pub since: Timestamp,
    /// May it have arrived, although nobody has told us?
    pub unclear: bool,
    pub state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Sending,
    Waiting,
    /// Without a reason when nobody knows whether it arrived.
    Unsent(Option<Problem>),
    Sent,
}

impl Store {
    /// This viewer's answers to a thread (`None`: new requests) that are not surely visible in Plain, oldest first;
    /// those that were sent count for as long as `sent_since` says.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn on_their_way(
        &self,
        viewer: &Viewer,
        thread_id: Option<&str>,
        sent_since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<OnItsWay>, Error> {
        let rows: Vec<Row> = self.query(
            "SELECT * FROM submissions
             WHERE customer_id = $1 AND tenant_id = $2 AND thread_id IS NOT DISTINCT FROM $3
               AND (state IN ('sending', 'waiting', 'unsent') OR (state = 'sent' AND tried_at >= $4))
             ORDER BY first_at, id",
        )
        .bind(&viewer.customer_id)
        .bind(viewer.scope.key())
        .bind(thread_id)
        .bind(sent_since.as_millisecond())
        .fetch_all()
        .await?;
        Ok(rows.into_iter().map(|row| on_its_way(row, now)).collect())
    }

    /// What of this viewer's was not sent, or not yet, wherever it belongs; the newest 20, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn not_sent(&self, viewer: &Viewer, now: Timestamp) -> Result<Vec<OnItsWay>, Error> {
        let rows: Vec<Row> = self
            .query(
                "SELECT * FROM submissions
                 WHERE customer_id = $1 AND tenant_id = $2 AND state IN ('waiting', 'unsent')
                 ORDER BY first_at DESC, id LIMIT 20",
            )
            .bind(&viewer.customer_id)
            .bind(viewer.scope.key())
            .fetch_all()
            .await?;
        Ok(rows.into_iter().map(|row| on_its_way(row, now)).collect())
    }

    /// The thread in which this viewer's submission has arrived, if it has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn arrived_in(&self, viewer: &Viewer, id: &str) -> Result<Option<String>, Error> {
        let row = self.submission(&viewer.customer_id, id).await?;
        let row = row.filter(|row| row.tenant_id == viewer.scope.key());
        Ok(row.and_then(|row| row.sent_to))
    }

    /// The files of this viewer's submission.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn files_of(&self, viewer: &Viewer, id: &str) -> Result<Vec<DraftFile>, Error> {
        let row = self.submission(&viewer.customer_id, id).await?;
        Ok(row.map(|row| row.files()).unwrap_or_default())
    }

    /// Takes a file out of what waits for this viewer in a form, and keeps what stands there now. What is on its way, or
    /// may have arrived, stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_file_out(
        &self,
        viewer: &Viewer,
        id: &str,
        file: &str,
        typed: &Content,
    ) -> Result<(), Error> {
        let Some(row) = self.submission(&viewer.customer_id, id).await? else {
            return Ok(());
        };
        let mut left = row.content();
        left.files.retain(|other| other.id != file);
        self.query(
            "UPDATE submissions SET files = $1, title = $2, text = $3
             WHERE customer_id = $4 AND id = $5 AND files = $6 AND state IN ('refused', 'unsent') AND unclear_since IS NULL",
        )
        .bind(files(&left)?)
        .bind(&typed.title)
        .bind(&typed.text)
        .bind(&viewer.customer_id)
        .bind(id)
        .bind(&row.files)
        .execute()
        .await?;
        Ok(())
    }

    /// How far this viewer's submission has come, and in which thread it has arrived, if it has; `None` when there is none. In one look:
    /// between two it may go, and be taken up by another.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn how_far(
        &self,
        viewer: &Viewer,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<(OnItsWay, Option<String>)>, Error> {
        let row = self.submission(&viewer.customer_id, id).await?;
        Ok(row.map(|mut row| {
            let sent_to = row.sent_to.take();
            (on_its_way(row, now), sent_to)
        }))
    }

    /// Records that something unclear has turned up in its thread; what somebody has charge of is theirs to record.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn turned_up(&self, viewer: &Viewer, id: &str) -> Result<(), Error> {
        self.query(
            "UPDATE submissions SET state = 'sent', problem = NULL, due_at = NULL, sent_to = thread_id
             WHERE customer_id = $1 AND id = $2 AND state IN ('waiting', 'unsent') AND unclear_since IS NOT NULL",
        )
        .bind(&viewer.customer_id)
        .bind(id)
        .execute()
        .await?;
        Ok(())
    }

    /// Keeps what our own rules do not take as it is; `false` when the id belongs to something that is on its way, may
    /// have arrived, or has: that is left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_refused(
        &self,
        viewer: &Viewer,
        id: &str,
        content: &Content,
        problem: Problem,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let kept = self.query(
            "INSERT INTO submissions (customer_id, id, tenant_id, thread_id, title, text, state, problem, tried_at, first_at, author, files)
             VALUES ($1, $2, $3, $4, $5, $6, 'refused', $7, $8, $8, $9, $10)
             ON CONFLICT (customer_id, id) DO UPDATE SET state = 'refused', title = excluded.title, text = excluded.text,
                problem = excluded.problem, tried_at = excluded.tried_at, files = excluded.files
             WHERE submissions.state IN ('refused', 'unsent') AND submissions.unclear_since IS NULL
               AND submissions.tenant_id = excluded.tenant_id AND submissions.thread_id IS NOT DISTINCT FROM excluded.thread_id",
        )
        .bind(&viewer.customer_id)
        .bind(id)
        .bind(viewer.scope.key())
        .bind(&content.thread_id)
        .bind(&content.title)
        .bind(&content.text)
        .bind(problem.code())
        .bind(now.as_millisecond())
        .bind(author(viewer)?)
        .bind(files(content)?)
        .execute()
        .await?;
        Ok(kept == 1)
    }

    /// The newest of what waits in this place's form (`None`: new requests).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_refused(
        &self,
        viewer: &Viewer,
        thread_id: Option<&str>,
    ) -> Result<Option<Refused>, Error> {
        let row: Option<Row> = self.query(
            "SELECT * FROM submissions
             WHERE customer_id = $1 AND tenant_id = $2 AND thread_id IS NOT DISTINCT FROM $3 AND state = 'refused'
             ORDER BY tried_at DESC LIMIT 1",
        )
        .bind(&viewer.customer_id)
        .bind(viewer.scope.key())
        .bind(thread_id)
        .fetch_optional()
        .await?;
        Ok(row.map(|row| Refused {
            problem: row.problem(),
            files: row.files(),
            submission: row.id,
            title: row.title,
            text: row.text,
        }))
    }

    /// Deletes a submission that was not sent; one that has arrived, or that somebody has charge of, stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn discard(&self, viewer: &Viewer, id: &str, now: Timestamp) -> Result<(), Error> {
        self.query(
            "DELETE FROM submissions WHERE customer_id = $1 AND id = $2
               AND (state IN ('refused', 'waiting', 'unsent') OR (state = 'sending' AND tried_at <= $3))",
        )
        .bind(&viewer.customer_id)
        .bind(id)
        .bind(now.as_millisecond() - lease_milliseconds())
        .execute()
        .await?;
        Ok(())
    }
}

fn on_its_way(row: Row, now: Timestamp) -> OnItsWay {
    let unclear = row.unclear();
    OnItsWay {
        since: unclear.map_or(time(row.tried_at), |unclear| unclear.since),
        unclear: unclear.is_some(),
        content: row.content(),
        first_at: time(row.first_at),
        state: match row.state.as_str() {
            "sent" => State::Sent,
            "sending" if !row.is_abandoned(now) => State::Sending,
            "sending" | "waiting" => State::Waiting,
            _ => State::Unsent(row.problem.is_some().then(|| row.problem())),
        },
        submission: row.id,
    }
}
