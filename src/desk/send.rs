//! Asking and answering.

use uuid::Uuid;

use super::{Desk, Error};
use crate::{
    model::{Problem, Replies, problems_with},
    outbox::{Charge, Taken},
    plain::operations::ThreadKey,
    store::Content,
};

/// A new request as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub submission: &'a str,
    /// The host's id of the team that the form spoke of, when it named one.
    pub tenant: Option<&'a str>,
    pub title: &'a str,
    pub text: &'a str,
}

/// What became of a new request.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is in Plain, as this thread.
    Sent { thread_id: String },
    /// Another request with the same form is sending it right now.
    InFlight,
    /// Its words are kept, and the page says why.
    Kept,
}

/// What became of an answer, to a thread that is the viewer's.
#[derive(Debug, PartialEq, Eq)]
pub struct Replied {
    pub thread_id: String,
    /// It was not sent; the page has its words, and says why.
    pub kept: bool,
}

impl Desk {
    /// Opens a request in the session's tenant. What is refused or fails is kept for the page to show again.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when our own database fails.
    pub async fn ask(&self, question: Question<'_>) -> Result<Asked, Error> {
        let submission = submission_id(question.submission);
        let content = self.content(None, crate::content::line(question.title), question.text);
        // Typed for one team, and signed in to another since: the person decides who reads it.
        if question
            .tenant
            .is_some_and(|tenant| tenant != self.viewer.tenant.external_id)
        {
            self.outbox
                .keep(&submission, &content, Problem::OtherTeam)
                .await?;
            return Ok(Asked::Kept);
        }
        if let Some(&problem) = problems_with(Some(&content.title), &content.text).first() {
            self.outbox.keep(&submission, &content, problem).await?;
            return Ok(Asked::Kept);
        }
        let charge = match self.outbox.take(&submission, content).await? {
            Taken::Send(charge) => charge,
            Taken::Nothing {
                thread_id: Some(thread_id),
            } => return Ok(Asked::Sent { thread_id }),
            Taken::Nothing { thread_id: None } => return Ok(Asked::InFlight),
        };
        Ok(match self.outbox.create(&charge).await? {
            Ok(thread_id) => Asked::Sent { thread_id },
            Err(_) => Asked::Kept,
        })
    }

    /// Answers a request as the viewer. What is refused or fails is kept for the page to show again.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the thread is not the viewer's; [`Error::Unavailable`] when our own database fails.
    pub async fn reply(
        &self,
        submission: &str,
        thread_id: &str,
        text: &str,
    ) -> Result<Replied, Error> {
        // Forms name a thread by its id; whoever names it by its ref pays for one more look-up.
        let canonical = match super::thread_key(thread_id).ok_or(Error::NotFound)? {
            ThreadKey::Id(id) => id,
            ThreadKey::Ref(_) => self.thread(thread_id).await?.id.into_inner(),
        };
        let thread_id = canonical.as_str();
        let submission = submission_id(submission);
        let content = self.content(Some(thread_id), String::new(), text);
        let replied = |kept| Replied {
            thread_id: thread_id.to_owned(),
            kept,
        };
        if let Some(&problem) = problems_with(None, &content.text).first() {
            // Kept only where the viewer may type at all.
            if let Err(Error::NotFound) = self.thread(thread_id).await {
                return Err(Error::NotFound);
            }
            self.outbox.keep(&submission, &content, problem).await?;
            return Ok(replied(true));
        }
        let Taken::Send(charge) = self.outbox.take(&submission, content).await? else {
            return Ok(replied(false));
        };
        match self.deliver(&charge, thread_id).await {
            Ok(kept) => Ok(replied(kept)),
            Err(Error::NotFound) => {
                self.outbox.drop_charge(&charge).await?;
                Err(Error::NotFound)
            }
            Err(Error::Unavailable { .. }) => {
                self.outbox.failed(&charge, Problem::Unavailable).await?;
                Ok(replied(true))
            }
        }
    }

    /// Sends a stored answer to where it belongs; `true` when it was not sent and its words are kept.
    async fn deliver(&self, charge: &Charge, thread_id: &str) -> Result<bool, Error> {
        if let Some(earlier) = charge.earlier() {
            // Replies have no key in Plain: whether the earlier attempt arrived can only be read.
            let conversation = self.conversation(thread_id, None).await?;
            if self
                .has_arrived(&conversation, charge.text(), earlier.since)
                .await?
            {
                self.outbox.sent(charge, conversation.thread.id).await;
                return Ok(false);
            }
            return self
                .send_reply(charge, &conversation.thread.id, conversation.thread.replies)
                .await;
        }
        let thread = self.thread(thread_id).await?;
        let thread = super::translate::thread(thread, &self.viewer)?;
        self.send_reply(charge, &thread.id, thread.replies).await
    }

    async fn send_reply(
        &self,
        charge: &Charge,
        thread_id: &str,
        replies: Replies,
    ) -> Result<bool, Error> {
        if replies == Replies::Here {
            return Ok(self.outbox.reply(charge, thread_id).await?.is_err());
        }
        self.outbox.failed(charge, Problem::Closed).await?;
        Ok(true)
    }

    fn content(&self, thread_id: Option<&str>, title: String, text: &str) -> Content {
        Content {
            customer_id: self.viewer.customer_id.clone(),
            tenant_id: self.viewer.tenant.id.clone(),
            thread_id: thread_id.map(str::to_owned),
            title,
            // Browsers send line ends as CR LF (HTML, 4.10.22); Plain and people count them as one.
            text: text
                .replace("\r\n", "\n")
                .replace('\0', "")
                .trim_end()
                .to_owned(),
        }
    }
}

/// The form's own submission; one that is missing or not a UUID gets a fresh one, so that the words still go out.
fn submission_id(submission: &str) -> String {
    Uuid::parse_str(submission.trim())
        .unwrap_or_else(|_| Uuid::new_v4())
        .to_string()
}
