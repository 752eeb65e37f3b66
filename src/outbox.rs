//! A customer's message is stored before it is sent, sent once, and kept until it is surely in Plain.
//!
//! The browser names each form by a `submission` that was made when the form was rendered. The same submission with the
//! same words and files is one message, however often it is sent; with others it is another message.
//!
//! What Plain cannot take now is tried again by itself. What may have arrived is looked for before anything is sent
//! again: a new request by its `externalId`, which makes it exist once; an answer, which has no key in Plain, by reading
//! the conversation, and that is the desk's part.

pub mod activity;
mod files;
mod pace;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::{Notify, OwnedRwLockReadGuard, RwLock};
use uuid::Uuid;

use files::{Files, FilesFor, attachments, lost_files};

use crate::{
    config::Settle,
    model::{DraftFile, Problem, Refused, Viewer, Way},
    plain::{
        self, Refusal,
        operations::{
            ComponentInput, CreateThreadInput, CustomerIdentifierInput, TenantIdentifierInput,
        },
    },
    spool::Spool,
    store::{self, Charge, Claim, Content, OnItsWay, State, Store, Unclear},
};

/// How long a second click waits for what becomes of the first, and how often it looks: less than a page waits for both.
const WAIT_FOR_THE_OTHER: Duration = Duration::from_secs(7);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Two reads and a write of Plain's.
const LONGEST_SENDING: Duration = Duration::from_secs(31);
/// How often it is tried again to record that something was sent: a database may stumble for a moment.
const RECORD_AGAIN: usize = 20;

/// Sends what customers write. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    plain: plain::Client,
    store: Store,
    spool: Spool,
    settle: Settle,
    work: Arc<Notify>,
    /// Shared by all that is being sent; whoever has it alone knows that nothing is.
    underway: Arc<RwLock<()>>,
}

/// What is to be done with a submission.
pub enum Taken {
    Send(Box<Charge>),
    /// It has arrived, in this thread.
    Arrived {
        thread_id: String,
    },
    /// Somebody else is sending it, or will.
    OnItsWay {
        id: String,
    },
}

/// What became of an attempt to send a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in Plain, in this thread.
    Sent { thread_id: String },
    /// It waits for the next attempt.
    Waiting,
    /// It is the customer's turn.
    NotSent,
}

impl Outbox {
    pub fn new(plain: plain::Client, store: Store, spool: Spool, settle: Settle) -> Self {
        Self {
            plain,
            store,
            spool,
            settle,
            work: Arc::default(),
            underway: Arc::default(),
        }
    }

    /// Where the files of messages wait.
    pub fn spool(&self) -> &Spool {
        &self.spool
    }

    /// Stores what was typed and says whether it is still to be sent.
    ///
    /// # Errors
    /// When the database fails; then nothing has been acknowledged.
    pub async fn take(
        &self,
        viewer: &Viewer,
        submission: &str,
        content: Content,
    ) -> Result<Taken, store::Error> {
        let mut id = submission.to_owned();
        loop {
            match self
                .store
                .claim(viewer, &id, &content, Timestamp::now())
                .await?
            {
                Claim::Ours(charge) => return Ok(Taken::Send(charge)),
                Claim::Sent { thread_id } => return Ok(Taken::Arrived { thread_id }),
                // The id stands for other words already: these are another message, with an id of their own.
                Claim::OtherContent => id = other_id(&id, viewer, &content),
                // The same form is on its way, as after a double click: its outcome is ours too. Where it was given back to its
                // browser it is no longer here, and ours is the one to be answered.
                Claim::InFlight => {
                    if let Some(taken) = self.outcome_of_the_other(viewer, &id).await? {
                        return Ok(taken);
                    }
                }
            }
        }
    }

    /// `None` when nothing is left of it.
    async fn outcome_of_the_other(
        &self,
        viewer: &Viewer,
        id: &str,
    ) -> Result<Option<Taken>, store::Error> {
        let (mut waited, mut taken_up) = (Duration::ZERO, None);
        loop {
            let found = self.store.how_far(viewer, id, Timestamp::now()).await?;
            let Some((other, sent_to)) = found else {
                return Ok(None);
            };
            if let Some(thread_id) = sent_to {
                return Ok(Some(Taken::Arrived { thread_id }));
            }
            // After the first was given back a third may have taken it up: that one has its own time.
            if taken_up.replace(other.first_at) != Some(other.first_at) {
                waited = Duration::ZERO;
            }
            if other.state != State::Sending || waited >= WAIT_FOR_THE_OTHER {
                return Ok(Some(Taken::OnItsWay { id: id.to_owned() }));
            }
            tokio::time::sleep(LOOK_EVERY).await;
            waited += LOOK_EVERY;
        }
    }

    /// Keeps what our own rules do not take as it is, with the reason.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_refused(
        &self,
        viewer: &Viewer,
        submission: &str,
        content: &Content,
        problem: Problem,
    ) -> Result<(), store::Error> {
        let now = Timestamp::now();
        let mut id = submission.to_owned();
        while !self
            .store
            .keep_refused(viewer, &id, content, problem, now)
            .await?
        {
            id = other_id(&id, viewer, content);
        }
        Ok(())
    }

    /// Opens a thread with the stored words. The submission is its `externalId`, so that it exists once, whatever
    /// becomes of the answers: on any error it is looked up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create(&self, charge: &Charge) -> Result<Outcome, store::Error> {
        if charge.unclear.is_some() {
            match self.created_before(charge).await {
                Ok(Some(thread_id)) => return Ok(self.sent(charge, thread_id).await),
                Ok(None) => {}
                // As long as nobody can look, nothing is sent.
                Err(error) => {
                    return self
                        .later(charge, charge.unclear, error.retry_after())
                        .await;
                }
            }
        }
        let content = &charge.content;
        let tenant = charge.author.scope.tenant();
        let attachment_ids = match self.upload_files(charge, FilesFor::NewRequest).await? {
            Files::Uploaded(ids) => ids,
            Files::Ended(outcome) => return Ok(outcome),
        };
        let input = CreateThreadInput {
            customer_identifier: CustomerIdentifierInput::by_id(&charge.author.customer_id),
            title: Some(&content.title),
            components: Some(vec![ComponentInput::text(&content.text)]),
            external_id: Some(charge.id.as_str().into()),
            tenant_identifier: tenant.map(|tenant| TenantIdentifierInput::by_id(&tenant.id)),
            attachment_ids: attachments(&attachment_ids),
        };
        if !self.store.begin_sending(charge, Timestamp::now()).await? {
            return Ok(Outcome::Waiting);
        }
        let error = match self.plain.create_thread(input).await {
            Ok(thread_id) => return Ok(self.sent(charge, thread_id).await),
            Err(error) => error,
        };
        self.note_lost(charge, &error).await?;
        let found = match error {
            plain::Error::Unreachable { .. } => Ok(None),
            _ => self.created_before(charge).await,
        };
        match found {
            Ok(Some(thread_id)) => Ok(self.sent(charge, thread_id).await),
            Ok(None) => self.failed(charge, &error).await,
            // A refusal may mean that it exists already: what Plain says of a taken `externalId` is not documented.
            Err(_) => {
                let unclear = charge.unclear.or(Some(Unclear::since(charge.tried_at)));
                self.later(charge, unclear, error.retry_after()).await
            }
        }
    }

    /// The thread that an attempt with this submission has made.
    async fn created_before(&self, charge: &Charge) -> Result<Option<String>, plain::Error> {
        let found = self
            .plain
            .thread_by_external_id(&charge.author.customer_id, &charge.id)
            .await?;
        Ok(found.map(|thread| thread.id.into_inner()))
    }

    /// Sends the stored words as the customer's answer to a thread. Whether an earlier attempt has arrived is the
    /// caller's to find out before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reply(
        &self,
        charge: &Charge,
        thread_id: &str,
        way: Way,
    ) -> Result<Outcome, store::Error> {
        let attachment_ids = match self.upload_files(charge, FilesFor::Answer(way)).await? {
            Files::Uploaded(ids) => ids,
            Files::Ended(outcome) => return Ok(outcome),
        };
        if !self.store.begin_sending(charge, Timestamp::now()).await? {
            return Ok(Outcome::Waiting);
        }
        let answered = self
            .plain
            .reply_as_customer(
                thread_id,
                &charge.author.customer_id,
                &charge.content.text,
                attachments(&attachment_ids),
            )
            .await;
        if let Err(error) = &answered {
            self.note_lost(charge, error).await?;
        }
        match (answered, charge.unclear) {
            (Ok(()), _) => Ok(self.sent(charge, thread_id.to_owned()).await),
            (Err(error), None) => self.failed(charge, &error).await,
            // What became of this attempt says nothing of the one before: that may still turn up.
            (Err(error), Some(earlier)) if problem_of(&error).is_some() => {
                self.unsure(charge, earlier).await
            }
            (Err(error), Some(earlier)) => {
                let unclear = Unclear {
                    settles_at: None,
                    again: earlier.again && !error.maybe_done(),
                    ..earlier
                };
                self.later(charge, Some(unclear), error.retry_after()).await
            }
        }
    }

    /// Records that a stored submission has arrived in this thread.
    ///
    /// When the database fails it stays "sending", and later counts as unclear: it is in Plain, so that it "was not
    /// sent" must never be said of it.
    pub async fn sent(&self, charge: &Charge, thread_id: String) -> Outcome {
        let mut recorded = self.store.mark_sent(charge, &thread_id).await;
        for _ in 0..RECORD_AGAIN {
            if recorded.is_ok() {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
            recorded = self.store.mark_sent(charge, &thread_id).await;
        }
        if let Err(error) = recorded {
            tracing::error!(%error, submission = charge.id, "a message that was sent cannot be recorded");
        }
        self.spool
            .discard(&charge.author.customer_id, &charge.content.files)
            .await;
        // Plain answers again: what else this customer has waiting need not wait.
        match self
            .store
            .hurry(&charge.author.customer_id, Timestamp::now())
            .await
        {
            Ok(()) => self.work.notify_one(),
            Err(error) => tracing::warn!(%error, "what waits cannot be hurried"),
        }
        Outcome::Sent { thread_id }
    }

    /// Gives a charge back after an attempt that is known to be its only one: to the customer when Plain refuses it, else
    /// to be tried again.
    async fn failed(&self, charge: &Charge, error: &plain::Error) -> Result<Outcome, store::Error> {
        match problem_of(error) {
            Some(problem) => self.give_up(charge, problem).await,
            None => {
                let unclear = error.maybe_done().then(|| Unclear::since(charge.tried_at));
                self.later(charge, unclear, error.retry_after()).await
            }
        }
    }

    /// Gives a charge back to be tried again, or to the customer when that has gone on for too long.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn later(
        &self,
        charge: &Charge,
        unclear: Option<Unclear>,
        retry_after: Option<Duration>,
    ) -> Result<Outcome, store::Error> {
        let now = Timestamp::now();
        match unclear {
            Some(unclear) if pace::is_over(charge.first_at, now) => {
                self.unsure(charge, unclear).await
            }
            None if pace::is_over(charge.first_at, now) => {
                self.give_up(charge, Problem::Unavailable).await
            }
            unclear => {
                let due_at = pace::next_try(charge.first_at, now, retry_after);
                self.postpone(charge, unclear, due_at).await
            }
        }
    }

    /// What is to be done about an answer that may have arrived and is not in the conversation now.
    ///
    /// Absence proves something once an answer would be there. As e-mail, or by way of Slack, it may always come later:
    /// then it is sent again only for a customer who asked for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn absent(
        &self,
        charge: &Charge,
        unclear: Unclear,
        way: Way,
    ) -> Result<Absent, store::Error> {
        let now = Timestamp::now();
        let settles_at = unclear
            .settles_at
            .unwrap_or_else(|| pace::settles_at(&self.settle, way, now));
        if now < settles_at {
            let settling = Unclear {
                settles_at: Some(settles_at),
                ..unclear
            };
            let due_at = pace::next_look(unclear.since, settles_at, now);
            let outcome = self.postpone(charge, Some(settling), due_at).await?;
            return Ok(Absent::Settled(outcome));
        }
        if unclear.again || way == Way::Chat {
            return Ok(Absent::SendAgain);
        }
        self.unsure(charge, unclear).await.map(Absent::Settled)
    }

    /// Gives a charge back as "we are not sure": only the customer can tell, and nothing happens by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unsure(&self, charge: &Charge, unclear: Unclear) -> Result<Outcome, store::Error> {
        tracing::warn!(
            submission = charge.id,
            "nobody can tell whether a message arrived"
        );
        self.store.give_up(charge, None, Some(unclear)).await?;
        Ok(Outcome::NotSent)
    }

    /// Gives a charge back to the customer, with the reason.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_up(
        &self,
        charge: &Charge,
        problem: Problem,
    ) -> Result<Outcome, store::Error> {
        tracing::warn!(
            submission = charge.id,
            problem = problem.code(),
            "a customer's message is kept unsent"
        );
        self.store.give_up(charge, Some(problem), None).await?;
        Ok(Outcome::NotSent)
    }

    async fn postpone(
        &self,
        charge: &Charge,
        unclear: Option<Unclear>,
        due_at: Timestamp,
    ) -> Result<Outcome, store::Error> {
        tracing::info!(submission = charge.id, unclear = unclear.is_some(), %due_at, "a customer's message waits");
        self.store.postpone(charge, unclear, due_at).await?;
        self.work.notify_one();
        Ok(Outcome::Waiting)
    }

    /// Gives a charge back whose thread is no longer there for its author: the words wait in the form of a new request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn uproot(&self, charge: &Charge) -> Result<Outcome, store::Error> {
        self.store.uproot(charge, Problem::Closed).await?;
        Ok(Outcome::NotSent)
    }

    /// Gives a charge back whose thread is not there for its author, while the author's browser waits for the answer:
    /// words that were not promised to be kept are in its hands, and dropped here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_or_uproot(&self, charge: &Charge) -> Result<(), store::Error> {
        let age = Timestamp::now().duration_since(charge.tried_at);
        if charge.is_first() && age < pace::BROWSER_WAITS {
            return self.store.drop_charge(charge).await;
        }
        self.store.uproot(charge, Problem::Closed).await
    }

    /// The viewer's own answers to a thread, or new requests (`None`), that Plain may not show yet; oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn on_their_way(
        &self,
        viewer: &Viewer,
        thread_id: Option<&str>,
    ) -> Result<Vec<OnItsWay>, store::Error> {
        let now = Timestamp::now();
        self.store
            .on_their_way(viewer, thread_id, now - pace::SHOW_OWN_COPY, now)
            .await
    }

    /// Records that something of the viewer's of which nobody knew has turned up in its thread.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn turned_up(&self, viewer: &Viewer, submission: &str) -> Result<(), store::Error> {
        self.store.turned_up(viewer, submission).await
    }

    /// The thread in which the viewer's submission has arrived, if it has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn arrived_in(
        &self,
        viewer: &Viewer,
        submission: &str,
    ) -> Result<Option<String>, store::Error> {
        self.store.arrived_in(viewer, submission).await
    }

    /// What of the viewer's was not sent, or not yet, wherever it belongs; newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn not_sent(&self, viewer: &Viewer) -> Result<Vec<OnItsWay>, store::Error> {
        self.store.not_sent(viewer, Timestamp::now()).await
    }

    /// Puts the viewer's words at a thread that is not there for them into the form of a new request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn uproot_all(&self, viewer: &Viewer, thread_id: &str) -> Result<(), store::Error> {
        self.store
            .uproot_all(viewer, thread_id, Problem::Closed)
            .await
    }

    /// The newest of what waits in this place's form.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_refused(
        &self,
        viewer: &Viewer,
        thread_id: Option<&str>,
    ) -> Result<Option<Refused>, store::Error> {
        self.store.latest_refused(viewer, thread_id).await
    }

    /// Throws an unsent submission of the viewer's away.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn discard(&self, viewer: &Viewer, submission: &str) -> Result<(), store::Error> {
        self.store
            .discard(viewer, submission, Timestamp::now())
            .await
    }

    /// Up to this many submissions whose time has come, to be sent by the caller.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_due(&self, limit: i64) -> Result<Vec<Charge>, store::Error> {
        self.store.claim_due(limit, Timestamp::now()).await
    }

    /// To be held by whoever stores and sends something outside the worker.
    pub async fn underway(&self) -> OwnedRwLockReadGuard<()> {
        Arc::clone(&self.underway).read_owned().await
    }

    /// Resolves when nothing is underway, or after the longest that sending takes: for an orderly end.
    pub async fn drained(&self) {
        if tokio::time::timeout(LONGEST_SENDING, self.underway.write())
            .await
            .is_err()
        {
            tracing::warn!(
                "messages are still being sent at the end; they are looked for at the next start"
            );
        }
    }

    /// Resolves when there may be something to do: at the next submission's time, or as soon as one is put back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wait_for_work(&self) -> Result<(), store::Error> {
        let now = Timestamp::now();
        let wait = pace::until(self.store.next_due().await?, now);
        // Work that is put back meanwhile, also before we listen, ends the wait.
        let _ = tokio::time::timeout(wait, self.work.notified()).await;
        Ok(())
    }
}

/// What follows from an answer that is not in the conversation.
pub enum Absent {
    /// Nothing for now: it waits, or it is the customer's turn.
    Settled(Outcome),
    /// It did not arrive, or the customer asked for it: it is to be sent.
    SendAgain,
}

/// A second id for other words under the same submission: a UUID like the first, the same for the same words.
fn other_id(submission: &str, viewer: &Viewer, content: &Content) -> String {
    let mut hash = Sha256::new();
    let thread_id = content.thread_id.as_deref().unwrap_or_default();
    for part in [
        submission,
        viewer.scope.key(),
        thread_id,
        &content.title,
        &content.text,
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    for (name, sha256) in DraftFile::fingerprints(&content.files) {
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name);
        hash.update(sha256);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Uuid::from_bytes(bytes).to_string()
}

/// Plain's codes for a refused message, in terms of what a customer can do; `None` when trying again may help.
pub fn problem_of(error: &plain::Error) -> Option<Problem> {
    match error {
        error if lost_files(error) => None,
        plain::Error::Validation { refusal, .. } => Some(match refusal {
            Refusal::AttachmentTooLarge | Refusal::AttachmentTypeNotAllowed => Problem::Files,
            Refusal::MarkedAsSpam => Problem::Blocked,
            Refusal::CannotReply | Refusal::UnsentEmail => Problem::Closed,
            _ => Problem::Refused,
        }),
        plain::Error::NotFound { .. } | plain::Error::BadInput { .. } => Some(Problem::Refused),
        _ => None,
    }
}
