//! A customer's message is stored before it is sent, sent once, and kept until it is surely in Plain.
//!
//! The browser names each form by a `submission` that was made when the form was rendered. The same submission with the
//! same words is one message, however often it is sent; with other words it is another message.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    model::{Problem, Unsent, Viewer},
    plain::{
        self, Refusal,
        operations::{
            ComponentInput, CreateThreadInput, CustomerIdentifierInput, TenantIdentifierInput,
        },
    },
    store::{self, Claim, Content, OnItsWay, Store},
};

/// Answers on e-mail threads travel as e-mail; after a day something else went wrong with them.
const SHOW_OWN_COPY: SignedDuration = SignedDuration::from_hours(24);
/// How long a second click waits for what becomes of the first, and how often it looks.
const WAIT_FOR_THE_OTHER: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Sends what customers write. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    plain: plain::Client,
    store: Store,
}

/// A stored submission that is ours to send.
pub struct Charge {
    id: String,
    content: Content,
    earlier: Option<Earlier>,
}

/// An earlier attempt of which nobody knows whether it arrived.
pub struct Earlier {
    pub since: Timestamp,
    pub text: String,
}

/// What is to be done with a submission.
pub enum Taken {
    Send(Charge),
    /// It has arrived, in this thread, or is being sent by another request right now (`None`).
    Nothing {
        thread_id: Option<String>,
    },
}

impl Charge {
    pub fn earlier(&self) -> Option<&Earlier> {
        self.earlier.as_ref()
    }

    pub fn text(&self) -> &str {
        &self.content.text
    }
}

impl Outbox {
    pub fn new(plain: plain::Client, store: Store) -> Self {
        Self { plain, store }
    }

    /// Stores what was typed and says whether it is still to be sent.
    ///
    /// # Errors
    /// When the database fails; then nothing has been acknowledged.
    pub async fn take(&self, submission: &str, content: Content) -> Result<Taken, store::Error> {
        let mut id = submission.to_owned();
        let mut waited = Duration::ZERO;
        loop {
            match self.store.claim(&id, &content, Timestamp::now()).await? {
                // The form was sent before with other words, as after "back" and a correction: another message.
                Claim::OtherContent if id == submission => id = other_id(submission, &content),
                Claim::OtherContent => return Ok(Taken::Nothing { thread_id: None }),
                // The same form is on its way, as after a double click: its outcome is ours too.
                Claim::InFlight if waited < WAIT_FOR_THE_OTHER => {
                    tokio::time::sleep(LOOK_EVERY).await;
                    waited += LOOK_EVERY;
                }
                Claim::InFlight => return Ok(Taken::Nothing { thread_id: None }),
                Claim::Sent { thread_id } => {
                    return Ok(Taken::Nothing {
                        thread_id: Some(thread_id),
                    });
                }
                Claim::Ours => {
                    return Ok(Taken::Send(Charge {
                        id,
                        content,
                        earlier: None,
                    }));
                }
                Claim::OursAfterUnclear { since, text } => {
                    return Ok(Taken::Send(Charge {
                        id,
                        content,
                        earlier: Some(Earlier { since, text }),
                    }));
                }
            }
        }
    }

    /// Keeps what cannot be sent as it is, with the reason.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep(
        &self,
        submission: &str,
        content: &Content,
        problem: Problem,
    ) -> Result<(), store::Error> {
        let now = Timestamp::now();
        if !self
            .store
            .keep_unsent(submission, content, problem, now)
            .await?
        {
            self.store
                .keep_unsent(&other_id(submission, content), content, problem, now)
                .await?;
        }
        Ok(())
    }

    /// Opens a thread with the stored words; the submission is its `externalId`, so that it exists once.
    ///
    /// Returns the thread's id, or why it was not (or not surely) opened; the words are kept then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create(&self, charge: &Charge) -> Result<Result<String, Problem>, store::Error> {
        let content = &charge.content;
        let input = CreateThreadInput {
            customer_identifier: CustomerIdentifierInput::by_id(&content.customer_id),
            title: Some(&content.title),
            components: Some(vec![ComponentInput::text(&content.text)]),
            external_id: Some(charge.id.as_str().into()),
            tenant_identifier: Some(TenantIdentifierInput::by_id(&content.tenant_id)),
        };
        if charge.earlier.is_some()
            && let Some(thread) = self.created_before(charge).await
        {
            return self.keep_later_words(charge, thread).await.map(Ok);
        }
        let error = match self.plain.create_thread(input).await {
            Ok(thread_id) => return Ok(Ok(self.sent(charge, thread_id).await)),
            Err(error) => error,
        };
        // It may exist all the same.
        let found = match error {
            plain::Error::Unreachable { .. } => None,
            _ => self.created_before(charge).await,
        };
        match found {
            Some(thread_id) => self.keep_later_words(charge, thread_id).await.map(Ok),
            None => self.failed(charge, problem_of(&error)).await.map(Err),
        }
    }

    /// The thread that an attempt with this submission has made, as far as Plain says.
    async fn created_before(&self, charge: &Charge) -> Option<String> {
        let found = self
            .plain
            .thread_by_external_id(&charge.content.customer_id, &charge.id)
            .await;
        Some(found.ok()??.id.into_inner())
    }

    /// The thread arrived at an earlier attempt, with the words of then: later ones wait at the thread.
    async fn keep_later_words(
        &self,
        charge: &Charge,
        thread_id: String,
    ) -> Result<String, store::Error> {
        let content = &charge.content;
        if let Some(earlier) = &charge.earlier
            && earlier.text != content.text
        {
            let later = Content {
                thread_id: Some(thread_id.clone()),
                title: String::new(),
                ..content.clone()
            };
            self.keep(&charge.id, &later, Problem::ArrivedBefore)
                .await?;
        }
        Ok(self.sent(charge, thread_id).await)
    }

    /// Sends the stored words as the customer's answer to a thread.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reply(
        &self,
        charge: &Charge,
        thread_id: &str,
    ) -> Result<Result<(), Problem>, store::Error> {
        let Content {
            customer_id, text, ..
        } = &charge.content;
        match self
            .plain
            .reply_as_customer(thread_id, customer_id, text)
            .await
        {
            Ok(()) => {
                self.sent(charge, thread_id.to_owned()).await;
                Ok(Ok(()))
            }
            Err(error) => self.failed(charge, problem_of(&error)).await.map(Err),
        }
    }

    /// Records that a stored submission has arrived in this thread; returns the thread's id.
    ///
    /// When the database fails the submission stays "sending", and later counts as unclear: it is in Plain, so that it
    /// "was not sent" must never be said of it.
    pub async fn sent(&self, charge: &Charge, thread_id: String) -> String {
        let customer_id = &charge.content.customer_id;
        if let Err(error) = self
            .store
            .mark_sent(customer_id, &charge.id, &thread_id)
            .await
        {
            tracing::error!(%error, "a message that was sent cannot be recorded");
        }
        thread_id
    }

    /// Records why a stored submission was not (or not surely) sent; it stays where it was typed. Returns what is said of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failed(&self, charge: &Charge, problem: Problem) -> Result<Problem, store::Error> {
        // While an earlier attempt is open, a failure of ours does not mean that nothing was sent.
        let problem = match (&charge.earlier, problem) {
            (Some(_), Problem::Unavailable) => Problem::Unclear,
            (_, problem) => problem,
        };
        tracing::warn!(
            problem = problem.code(),
            "a customer's message is kept unsent"
        );
        self.store
            .mark_unsent(&charge.content.customer_id, &charge.id, problem)
            .await?;
        Ok(problem)
    }

    /// The viewer's own answers to a thread of the last day that Plain may not show yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn on_their_way(
        &self,
        viewer: &Viewer,
        thread_id: &str,
    ) -> Result<Vec<OnItsWay>, store::Error> {
        let now = Timestamp::now();
        self.store
            .on_their_way(&viewer.customer_id, thread_id, now - SHOW_OWN_COPY, now)
            .await
    }

    /// Drops a stored submission whose place does not exist for this customer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_charge(&self, charge: &Charge) -> Result<(), store::Error> {
        self.store
            .drop_claim(&charge.content.customer_id, &charge.id)
            .await
    }

    /// Records that an unsent submission of the viewer's has turned up in this thread after all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn turned_up(
        &self,
        viewer: &Viewer,
        submission: &str,
        thread_id: &str,
    ) -> Result<(), store::Error> {
        self.store
            .mark_sent(&viewer.customer_id, submission, thread_id)
            .await
    }

    /// The newest of the viewer's unsent submissions in this place.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_unsent(
        &self,
        viewer: &Viewer,
        thread_id: Option<&str>,
    ) -> Result<Option<Unsent>, store::Error> {
        self.store
            .latest_unsent(
                &viewer.customer_id,
                &viewer.tenant.id,
                thread_id,
                Timestamp::now(),
            )
            .await
    }

    /// Throws an unsent submission of the viewer's away.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn discard(&self, viewer: &Viewer, submission: &str) -> Result<(), store::Error> {
        self.store
            .discard(&viewer.customer_id, submission, Timestamp::now())
            .await
    }
}

/// A second id for other words under the same submission: a UUID like the first, the same for the same words.
fn other_id(submission: &str, content: &Content) -> String {
    let mut hash = Sha256::new();
    let thread_id = content.thread_id.as_deref().unwrap_or_default();
    let Content {
        tenant_id,
        title,
        text,
        ..
    } = content;
    for part in [submission, tenant_id, thread_id, title, text] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Uuid::from_bytes(bytes).to_string()
}

/// Plain's codes for a refused message, in terms of what a customer can do.
pub fn problem_of(error: &plain::Error) -> Problem {
    match error {
        plain::Error::Validation { refusal, .. } => match refusal {
            Refusal::MarkedAsSpam => Problem::Blocked,
            Refusal::CannotReply | Refusal::UnsentEmail => Problem::Closed,
            _ => Problem::Refused,
        },
        plain::Error::NotFound { .. } | plain::Error::BadInput { .. } => Problem::Refused,
        error if error.maybe_done() => Problem::Unclear,
        _ => Problem::Unavailable,
    }
}
