//! A customer's message is stored before it is sent, sent once, and kept until it is surely in Plain.
//!
//! The browser names each form by a `submission` that was made when the form was rendered. The same submission with the
//! same words is one message, however often it is sent; with other words it is another message.
//!
//! What Plain cannot take now is tried again by itself. What may have arrived is looked for before anything is sent
//! again: a new request by its `externalId`, which makes it exist once; an answer, which has no key in Plain, by reading
//! the conversation, and that is the desk's part.

mod pace;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    config::Settle,
    model::{Problem, Refused, Viewer, Way},
    plain::{
        self, Refusal,
        operations::{
            ComponentInput, CreateThreadInput, CustomerIdentifierInput, TenantIdentifierInput,
        },
    },
    store::{self, Charge, Claim, Content, OnItsWay, Store, Unclear},
};

/// How long a second click waits for what becomes of the first, and how often it looks.
const WAIT_FOR_THE_OTHER: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Sends what customers write. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    plain: plain::Client,
    store: Store,
    settle: Settle,
    work: Arc<Notify>,
}

/// What is to be done with a submission.
pub enum Taken {
    Send(Box<Charge>),
    /// It has arrived, in this thread.
    Arrived {
        thread_id: String,
    },
    /// Somebody else is sending it, or will.
    OnItsWay,
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
    pub fn new(plain: plain::Client, store: Store, settle: Settle) -> Self {
        Self {
            plain,
            store,
            settle,
            work: Arc::default(),
        }
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
        let claim = |id: String| {
            let content = &content;
            async move {
                self.store
                    .claim(viewer, &id, content, Timestamp::now())
                    .await
            }
        };
        let mut id = submission.to_owned();
        let mut claimed = claim(id.clone()).await?;
        if claimed == Claim::OtherContent {
            id = other_id(submission, viewer, &content);
            claimed = claim(id.clone()).await?;
        }
        Ok(match claimed {
            Claim::Ours(charge) => Taken::Send(charge),
            Claim::Sent { thread_id } => Taken::Arrived { thread_id },
            // The same form is on its way, as after a double click: its outcome is ours too.
            Claim::InFlight => self.outcome_of_the_other(viewer, &id).await?,
            Claim::OtherContent => Taken::OnItsWay,
        })
    }

    async fn outcome_of_the_other(&self, viewer: &Viewer, id: &str) -> Result<Taken, store::Error> {
        let mut waited = Duration::ZERO;
        while waited < WAIT_FOR_THE_OTHER && self.store.is_sending(viewer, id).await? {
            tokio::time::sleep(LOOK_EVERY).await;
            waited += LOOK_EVERY;
        }
        let arrived_in = self.store.arrived_in(viewer, id).await?;
        Ok(arrived_in.map_or(Taken::OnItsWay, |thread_id| Taken::Arrived { thread_id }))
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
        let keep = async |id: &str| {
            self.store
                .keep_refused(viewer, id, content, problem, now)
                .await
        };
        if !keep(submission).await? {
            keep(&other_id(submission, viewer, content)).await?;
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
        let input = CreateThreadInput {
            customer_identifier: CustomerIdentifierInput::by_id(&charge.author.customer_id),
            title: Some(&content.title),
            components: Some(vec![ComponentInput::text(&content.text)]),
            external_id: Some(charge.id.as_str().into()),
            tenant_identifier: Some(TenantIdentifierInput::by_id(&charge.author.tenant.id)),
        };
        let error = match self.plain.create_thread(input).await {
            Ok(thread_id) => return Ok(self.sent(charge, thread_id).await),
            Err(error) => error,
        };
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
    pub async fn reply(&self, charge: &Charge, thread_id: &str) -> Result<Outcome, store::Error> {
        let answered = self
            .plain
            .reply_as_customer(thread_id, &charge.author.customer_id, &charge.content.text)
            .await;
        match answered {
            Ok(()) => Ok(self.sent(charge, thread_id.to_owned()).await),
            Err(error) => self.failed(charge, &error).await,
        }
    }

    /// Records that a stored submission has arrived in this thread.
    ///
    /// When the database fails it stays "sending", and later counts as unclear: it is in Plain, so that it "was not
    /// sent" must never be said of it.
    pub async fn sent(&self, charge: &Charge, thread_id: String) -> Outcome {
        let recorded = async {
            self.store.mark_sent(charge, &thread_id).await?;
            // Plain answers again: what else this customer has waiting need not wait.
            self.store
                .hurry(&charge.author.customer_id, Timestamp::now())
                .await
        };
        match recorded.await {
            Ok(()) => self.work.notify_one(),
            Err(error) => tracing::error!(%error, "a message that was sent cannot be recorded"),
        }
        Outcome::Sent { thread_id }
    }

    /// Gives a charge back after an attempt that was its only one, as far as anybody knows: to the customer when Plain
    /// refuses it, else to be tried again.
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
    /// Absence proves something once an answer would be there. As e-mail it may always come later: then it is sent again
    /// only for a customer who asked for it.
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
        if unclear.again || way == Way::Direct {
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

    /// Drops a charge whose thread never was there for its author.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_charge(&self, charge: &Charge) -> Result<(), store::Error> {
        self.store.drop_charge(charge).await
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

    /// Where the viewer has something that was not sent, or not yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn places_with_unsent(
        &self,
        viewer: &Viewer,
    ) -> Result<Vec<Option<String>>, store::Error> {
        self.store.places_with_unsent(viewer).await
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
        &viewer.tenant.id,
        thread_id,
        &content.title,
        &content.text,
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Uuid::from_bytes(bytes).to_string()
}

/// Plain's codes for a refused message, in terms of what a customer can do; `None` when trying again may help.
pub fn problem_of(error: &plain::Error) -> Option<Problem> {
    match error {
        plain::Error::Validation { refusal, .. } => Some(match refusal {
            Refusal::MarkedAsSpam => Problem::Blocked,
            Refusal::CannotReply | Refusal::UnsentEmail => Problem::Closed,
            _ => Problem::Refused,
        }),
        plain::Error::NotFound { .. } | plain::Error::BadInput { .. } => Some(Problem::Refused),
        _ => None,
    }
}
