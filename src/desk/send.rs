//! Asking and answering.

use uuid::Uuid;

use super::{Desk, Error, own_copy};
use crate::{
    model::{Delivery, Problem, Replies, problems_with},
    outbox::{Charge, Taken},
    plain::operations::ThreadKey,
    store::Content,
};

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
}

impl Desk {
    /// Opens a request in the session's tenant. What is refused or fails is kept for the page to show again.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when our own database fails.
    pub async fn ask(&self, submission: &str, title: &str, text: &str) -> Result<Asked, Error> {
        let submission = submission_id(submission);
        let content = self.content(None, crate::content::line(title), text);
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
        let replied = Replied {
            thread_id: thread_id.to_owned(),
        };
        if let Some(&problem) = problems_with(None, &content.text).first() {
            // Kept only where the viewer may type at all.
            if let Err(Error::NotFound) = self.thread(thread_id).await {
                return Err(Error::NotFound);
            }
            self.outbox.keep(&submission, &content, problem).await?;
            return Ok(replied);
        }
        let Taken::Send(charge) = self.outbox.take(&submission, content).await? else {
            return Ok(replied);
        };
        if let Err(error) = self.deliver(&charge, thread_id).await {
            match error {
                Error::NotFound => self.outbox.drop_charge(&charge).await?,
                Error::Unavailable { .. } => {
                    self.outbox.failed(&charge, Problem::Unavailable).await?;
                    return Ok(replied);
                }
            }
            return Err(error);
        }
        Ok(replied)
    }

    async fn deliver(&self, charge: &Charge, thread_id: &str) -> Result<(), Error> {
        if let Some(earlier) = charge.earlier() {
            // Replies have no key in Plain: whether the earlier attempt arrived can only be read.
            let conversation = self.conversation(thread_id, None).await?;
            let arrived = conversation.messages.iter().any(|message| {
                message.delivery == Delivery::Arrived
                    && own_copy::is_same(message, charge.text(), earlier.since)
            });
            if arrived {
                self.outbox.sent(charge, conversation.thread.id).await?;
                return Ok(());
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
    ) -> Result<(), Error> {
        if replies == Replies::Here {
            // Its outcome is stored; the page reads it there.
            let _outcome = self.outbox.reply(charge, thread_id).await?;
        } else {
            self.outbox.failed(charge, Problem::Closed).await?;
        }
        Ok(())
    }

    fn content(&self, thread_id: Option<&str>, title: String, text: &str) -> Content {
        Content {
            customer_id: self.viewer.customer_id.clone(),
            tenant_id: self.viewer.tenant.id.clone(),
            thread_id: thread_id.map(str::to_owned),
            title,
            // Browsers send line ends as CR LF (HTML, 4.10.22); Plain and people count them as one.
            text: text.replace("\r\n", "\n").trim_end().to_owned(),
        }
    }
}

/// The form's own submission; one that is missing or not a UUID gets a fresh one, so that the words still go out.
fn submission_id(submission: &str) -> String {
    Uuid::parse_str(submission.trim())
        .unwrap_or_else(|_| Uuid::new_v4())
        .to_string()
}
