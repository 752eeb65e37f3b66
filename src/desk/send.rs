//! Asking and answering.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use jiff::Timestamp;
use uuid::Uuid;

use super::{Desk, Error, View, own_copy};
use crate::{
    file_rules::{MAX_BY_CHAT, MAX_BY_EMAIL},
    model::{
        DraftFile, Entry, MAX_TEXT, Message, Picked, Problem, Replies, is_blank, problems_with,
    },
    outbox::{Absent, Outcome, Taken},
    plain::operations::ThreadKey,
    store::{self, Charge, Content, Unclear},
};

/// How far up a conversation is read for an answer that may have arrived: reads must end long before the lease.
const PAGES_TO_READ: usize = 4;

/// A new request as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub submission: &'a str,
    /// The host's id of the team that the form spoke of, when it named one.
    pub tenant: Option<&'a str>,
    pub title: &'a str,
    pub text: &'a str,
    pub files: &'a Picked,
}

/// Tells whoever waits that the words are stored, long before it is known what becomes of them.
#[derive(Debug, Clone, Default)]
pub struct Receipt(Arc<AtomicBool>);

impl Receipt {
    /// Are the words in our database, so that they may be promised to be kept?
    pub fn is_given(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn give(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// What became of a new request.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is in Plain, as this thread.
    Sent { thread_id: String },
    /// It is stored, under this id; the page of new requests shows how far it has come.
    OnItsWay { id: String },
    /// Our own rules do not take it; the form has it, and says why.
    Refused,
}

/// What became of an answer, to a thread that is the viewer's.
#[derive(Debug, PartialEq, Eq)]
pub struct Replied {
    pub thread_id: String,
    /// Our own rules do not take it; the form has it, and says why.
    pub refused: bool,
}

impl Desk {
    /// Opens a request in the session's tenant, if it has one. It is stored before anything is sent.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when our own database fails.
    pub async fn ask(&self, question: Question<'_>, receipt: &Receipt) -> Result<Asked, Error> {
        let submission = submission_id(question.submission);
        let mut content = content(None, crate::content::line(question.title), question.text);
        content.files = self.files_of(&submission, question.files).await?;
        DraftFile::check_all(&mut content.files, MAX_BY_EMAIL);
        // Typed for one team, and signed in to another since: the person decides who reads it.
        let other_team = question
            .tenant
            .is_some_and(|tenant| tenant != self.viewer.scope.external_id());
        let problem = self
            .problem_with(Some(&content.title), &content, question.files)
            .or(other_team.then_some(Problem::OtherTeam));
        if let Some(problem) = problem {
            self.outbox
                .keep_refused(&self.viewer, &submission, &content, problem)
                .await?;
            return Ok(Asked::Refused);
        }
        let files = content.files.clone();
        let content = with_words(content);
        let _underway = self.outbox.underway().await;
        let taken = self.outbox.take(&self.viewer, &submission, content).await?;
        receipt.give();
        self.tidy(&taken, &files).await;
        match taken {
            Taken::Arrived { thread_id } => Ok(Asked::Sent { thread_id }),
            Taken::OnItsWay { id } => Ok(Asked::OnItsWay { id }),
            Taken::Send(charge) => Ok(match self.deliver(&charge).await? {
                Outcome::Sent { thread_id } => Asked::Sent { thread_id },
                Outcome::Waiting | Outcome::NotSent => Asked::OnItsWay { id: charge.id },
            }),
        }
    }

    /// Answers a request as the viewer. It is stored before anything is sent.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the thread is not the viewer's; [`Error::Unavailable`] when our own database fails.
    pub async fn reply(
        &self,
        submission: &str,
        thread_id: &str,
        text: &str,
        files: &Picked,
        receipt: &Receipt,
    ) -> Result<Replied, Error> {
        // Forms name a thread by its id; whoever names it by its ref pays for one more look-up.
        let thread_id = match super::thread_key(thread_id).ok_or(Error::NotFound)? {
            ThreadKey::Id(id) => id,
            ThreadKey::Ref(_) => self.thread(thread_id).await?.id.into_inner(),
        };
        let submission = submission_id(submission);
        let mut content = content(Some(&thread_id), String::new(), text);
        content.files = self.files_of(&submission, files).await?;
        DraftFile::check_all(&mut content.files, MAX_BY_CHAT);
        if let Some(problem) = self.problem_with(None, &content, files) {
            // Kept only where the viewer may type at all.
            if let Err(Error::NotFound) = self.thread(&thread_id).await {
                return Err(Error::NotFound);
            }
            self.outbox
                .keep_refused(&self.viewer, &submission, &content, problem)
                .await?;
            return Ok(Replied {
                thread_id,
                refused: true,
            });
        }
        let files = content.files.clone();
        let content = with_words(content);
        let _underway = self.outbox.underway().await;
        let taken = self.outbox.take(&self.viewer, &submission, content).await?;
        receipt.give();
        self.tidy(&taken, &files).await;
        if let Taken::Send(charge) = taken {
            // The words are still in the browser's hands: it gets them back with the page that says "not found".
            if self.deliver_answer(&charge, &thread_id).await?.is_none() {
                self.outbox.drop_or_uproot(&charge).await?;
                return Err(Error::NotFound);
            }
        }
        Ok(Replied {
            thread_id,
            refused: false,
        })
    }

    /// Why this is not sent, before anybody is asked; `title` is `None` for an answer.
    fn problem_with(
        &self,
        title: Option<&str>,
        content: &Content,
        picked: &Picked,
    ) -> Option<Problem> {
        if !self.may_write() {
            return Some(Problem::Blocked);
        }
        if picked.broken_off {
            return Some(Problem::BrokenOff);
        }
        if content.files.iter().any(|file| file.problem.is_some()) {
            return Some(Problem::Files);
        }
        problems_with(title, &content.text, !content.files.is_empty())
            .first()
            .copied()
    }

    /// Sends a stored message of the viewer's to where it belongs, or records why not.
    ///
    /// # Errors
    /// When our own database fails.
    pub(super) async fn deliver(&self, charge: &Charge) -> Result<Outcome, store::Error> {
        let Some(thread_id) = charge.content.thread_id.as_deref() else {
            let outcome = self.outbox.create(charge).await?;
            self.mark_own(&outcome).await;
            return Ok(outcome);
        };
        match self.deliver_answer(charge, thread_id).await? {
            Some(outcome) => Ok(outcome),
            None => self.outbox.uproot(charge).await,
        }
    }

    /// `None` when the thread is not the viewer's, or not there.
    async fn deliver_answer(
        &self,
        charge: &Charge,
        thread_id: &str,
    ) -> Result<Option<Outcome>, store::Error> {
        let looked = match charge.unclear {
            Some(unclear) => self.look_for(charge, unclear, thread_id).await,
            None => self.replies(thread_id).await.map(Looked::Absent),
        };
        let outcome = match (looked, charge.unclear) {
            (Err(Error::NotFound), _) => return Ok(None),
            (Err(Error::Unavailable { retry_after, .. }), unclear) => {
                self.outbox.later(charge, unclear, retry_after).await?
            }
            (Ok(Looked::There), _) => self.outbox.sent(charge, thread_id.to_owned()).await,
            (Ok(Looked::CannotTell(_)), Some(unclear)) if !unclear.again => {
                self.outbox.unsure(charge, unclear).await?
            }
            (
                Ok(Looked::Absent(Replies::Here(way)) | Looked::CannotTell(Replies::Here(way))),
                Some(unclear),
            ) => match self.outbox.absent(charge, unclear, way).await? {
                Absent::Settled(outcome) => outcome,
                Absent::SendAgain => self.outbox.reply(charge, thread_id, way).await?,
            },
            (Ok(Looked::Absent(Replies::Here(way))), None) => {
                self.outbox.reply(charge, thread_id, way).await?
            }
            // The thread takes no answers any more.
            (Ok(_), Some(unclear)) => self.outbox.unsure(charge, unclear).await?,
            (Ok(_), None) => self.outbox.give_up(charge, Problem::Closed).await?,
        };
        self.mark_own(&outcome).await;
        Ok(Some(outcome))
    }

    /// What somebody has just sent is nothing new to them.
    async fn mark_own(&self, outcome: &Outcome) {
        if let Outcome::Sent { thread_id } = outcome {
            self.mark_read(thread_id, Timestamp::now()).await;
        }
    }

    /// Does this thread of the viewer's take answers?
    async fn replies(&self, thread_id: &str) -> Result<Replies, Error> {
        let thread = self.thread(thread_id).await?;
        Ok(super::translate::thread(thread, &self.viewer)?.replies)
    }

    /// Answers have no key in Plain: whether an earlier attempt arrived can only be read.
    async fn look_for(
        &self,
        charge: &Charge,
        unclear: Unclear,
        thread_id: &str,
    ) -> Result<Looked, Error> {
        let mut page = self.conversation(thread_id, View::default()).await?;
        let replies = page.thread.replies;
        let mut messages: Vec<Message> = vec![];
        let mut unreadable = false;
        for _ in 0..PAGES_TO_READ {
            if page.partial {
                return Err(Error::Unavailable {
                    detail: "Plain did not tell the whole conversation".to_owned(),
                    retry_after: None,
                });
            }
            // It may be the one.
            unreadable |= page.entries.iter().any(Entry::is_unreadable);
            let newest = page.messages().next_back().map(|message| &message.id);
            if messages
                .iter()
                .any(|known: &Message| Some(&known.id) == newest)
            {
                // Plain has forgotten the cursor, and began again.
                break;
            }
            let since = unclear.since - own_copy::CLOCK_SKEW;
            let reached = page.messages().next().is_some_and(|it| it.at < since);
            let entries = page.entries.into_iter();
            messages = entries
                .filter_map(Entry::into_message)
                .chain(messages)
                .collect();
            let Some(earlier) = page.earlier.as_ref().filter(|_| !reached) else {
                let answers = self
                    .outbox
                    .on_their_way(&self.viewer, Some(thread_id))
                    .await?;
                let from = messages.first().filter(|_| page.earlier.is_some());
                let compared = own_copy::compare(&messages, answers, from.map(|it| it.at));
                let there = compared.turned_up().any(|id| id == charge.id);
                return Ok(match there {
                    true => Looked::There,
                    false if unreadable => Looked::CannotTell(replies),
                    false => Looked::Absent(replies),
                });
            };
            let view = View {
                before: Some(earlier),
                ..View::default()
            };
            page = self.conversation(thread_id, view).await?;
        }
        Ok(Looked::CannotTell(replies))
    }
}

/// What the conversation says of an answer that may have arrived.
enum Looked {
    There,
    /// It is not there, in a thread that takes answers in this way.
    Absent(Replies),
    /// So much has been said since that it may be further up than we read.
    CannotTell(Replies),
}

pub(super) fn content(thread_id: Option<&str>, title: String, text: &str) -> Content {
    Content {
        thread_id: thread_id.map(str::to_owned),
        title,
        // Browsers send line ends as CR LF (HTML, 4.10.22); Plain and people count them as one.
        text: text
            .replace("\r\n", "\n")
            .replace('\0', "")
            .trim_end()
            .to_owned(),
        files: vec![],
    }
}

/// Plain takes no message without a text, and by it an answer is found again: where there are only files, their names.
fn with_words(content: Content) -> Content {
    match is_blank(&content.text) {
        true => Content {
            text: DraftFile::names(&content.files, MAX_TEXT),
            ..content
        },
        false => content,
    }
}

/// The form's own submission; one that is missing or not a UUID gets a fresh one, so that the words still go out.
pub(super) fn submission_id(submission: &str) -> String {
    stored_id(submission).unwrap_or_else(|| Uuid::new_v4().to_string())
}

/// The id under which this submission would be stored; nothing is stored under what is not a UUID.
pub(super) fn stored_id(submission: &str) -> Option<String> {
    let id = Uuid::parse_str(submission.trim()).ok()?;
    Some(id.to_string())
}
