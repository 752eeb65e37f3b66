//! What one viewer may see and do. A thread or a message that a page shows can only have come from here.

mod conversation;
mod cursor;
mod draft_files;
mod files;
#[cfg(any(fuzzing, test))]
pub mod fuzzing;
mod list;
mod merged;
mod own_copy;
mod scope;
mod send;
mod translate;
mod unread;
mod worker;

use std::time::Duration;

use crate::{
    config::Visibility,
    identity::membership::Memberships,
    model::{Outgoing, Refused, Standing, Viewer},
    outbox::{Outbox, activity::Activity},
    plain::{
        self,
        operations::{ThreadKey, ThreadStatus},
    },
    store::{self, Store},
};

pub use conversation::View;
pub use cursor::Key as CursorKey;
pub use draft_files::Removal;
pub use files::{File, Opened};
pub use list::Position;
pub use send::{Asked, Question, Receipt, Replied};
pub use worker::Worker;

/// What every desk is made with.
#[derive(Clone)]
pub struct Supplies {
    pub plain: plain::Client,
    pub store: Store,
    pub outbox: Outbox,
    pub cursor_key: CursorKey,
    pub memberships: Memberships,
    pub visibility: Visibility,
    pub activity: Activity,
}

/// One viewer's view of the requests in their scope. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    viewer: Viewer,
    standing: Standing,
    plain: plain::Client,
    store: Store,
    outbox: Outbox,
    cursor_key: CursorKey,
    activity: Activity,
}

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it is not this viewer's: the same 404 for both.
    #[error("not found")]
    NotFound,
    /// Plain, or our own database, does not answer us: 503.
    #[error("not available: {detail}")]
    Unavailable {
        detail: String,
        retry_after: Option<Duration>,
    },
}

impl Desk {
    /// `None` for somebody who sees nothing: who is gone, or who named no team where a team is needed.
    pub fn new(supplies: &Supplies, viewer: Viewer, standing: Standing) -> Option<Self> {
        let viewer = supplies.visibility.applied_to(viewer)?;
        (standing != Standing::Gone).then(|| Self {
            viewer,
            standing,
            plain: supplies.plain.clone(),
            store: supplies.store.clone(),
            outbox: supplies.outbox.clone(),
            cursor_key: supplies.cursor_key.clone(),
            activity: supplies.activity.clone(),
        })
    }

    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// May the viewer ask, answer, and change a status? Not while they are marked as spam.
    pub fn may_write(&self) -> bool {
        self.standing == Standing::Member
    }

    /// Marks a request as done, or opens it again; nothing is sent when it is so already.
    ///
    /// `false` when Plain refuses, as for a request that support has to fill in something for first, or when the viewer
    /// may not write.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn set_done(&self, id: &str, done: bool) -> Result<bool, Error> {
        let thread = self.thread(id).await?;
        if !self.may_write() {
            return Ok(false);
        }
        let was_done = thread.status == ThreadStatus::Done;
        let written = match (done, was_done) {
            (true, false) => self.plain.mark_thread_as_done(thread.id.inner()).await,
            (false, true) => self.plain.mark_thread_as_todo(thread.id.inner()).await,
            _ => Ok(()),
        };
        match written {
            Ok(()) => {
                if done != was_done {
                    let id = thread.id.inner();
                    self.activity.set_done(&self.viewer, id, done);
                }
                Ok(true)
            }
            Err(plain::Error::Validation { .. } | plain::Error::BadInput { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The viewer's answers to a thread that cannot be looked at now.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn outgoing_without_plain(&self, thread_id: &str) -> Result<Vec<Outgoing>, Error> {
        let answers = self
            .outbox
            .on_their_way(&self.viewer, Some(thread_id))
            .await?;
        Ok(own_copy::compare(&[], answers, None).missing())
    }

    /// The viewer's new requests that are not threads yet, as far as we know.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn outgoing_requests(&self) -> Result<Vec<Outgoing>, Error> {
        let mut requests = self.outbox.on_their_way(&self.viewer, None).await?;
        requests.retain(|request| request.state != store::State::Sent);
        Ok(own_copy::compare(&[], requests, None).missing())
    }

    /// What of the viewer's was not sent, or not yet, wherever it belongs; newest first.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn not_sent(&self) -> Result<Vec<Outgoing>, Error> {
        let not_sent = self.outbox.not_sent(&self.viewer).await?;
        let mut newest_first = own_copy::compare(&[], not_sent, None).missing();
        newest_first.reverse();
        Ok(newest_first)
    }

    /// The viewer's words at a thread that is not there for them: they wait in the form of a new request from now on.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn uproot(&self, thread_id: &str) -> Result<(), Error> {
        // What cannot be an id has never had words.
        match thread_key(thread_id) {
            Some(ThreadKey::Id(id)) => Ok(self.outbox.uproot_all(&self.viewer, &id).await?),
            _ => Ok(()),
        }
    }

    /// The thread that a new request of the viewer's has become, if it has.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn arrived_in(&self, submission: &str) -> Result<Option<String>, Error> {
        match send::stored_id(submission) {
            Some(id) => Ok(self.outbox.arrived_in(&self.viewer, &id).await?),
            None => Ok(None),
        }
    }

    /// What waits in the reply box of this request, or in the form of new ones (`None`).
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn refused(&self, thread_id: Option<&str>) -> Result<Option<Refused>, Error> {
        Ok(self.outbox.latest_refused(&self.viewer, thread_id).await?)
    }

    /// Throws away something of the viewer's own that was not sent.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn discard(&self, submission: &str) -> Result<(), Error> {
        match send::stored_id(submission) {
            Some(id) => {
                let files = self.store.files_of(&self.viewer, &id).await?;
                self.outbox.discard(&self.viewer, &id).await?;
                let spool = self.outbox.spool();
                spool.discard(&self.viewer.customer_id, &files).await;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Looks a thread up for a write: the viewer's, or not there at all.
    async fn thread(&self, id: &str) -> Result<plain::operations::Thread, Error> {
        let key = thread_key(id).ok_or(Error::NotFound)?;
        let found = self.plain.thread(&key).await.or_else(none_if_not_an_id)?;
        found
            .and_then(|thread| self.visible(thread))
            .ok_or(Error::NotFound)
    }

    /// The client answers no single thread whose tenant it could not load.
    fn visible(&self, thread: plain::operations::Thread) -> Option<plain::operations::Thread> {
        self.may_see(&thread, true).then_some(thread)
    }
}

/// Reads an id from an address: Plain's (`th_…`) or a ref (`T-123`, in either case). Anything else names nothing.
fn thread_key(id: &str) -> Option<ThreadKey> {
    if let Some(rest) = id.strip_prefix("th_") {
        return is_plausible(rest).then(|| ThreadKey::Id(id.to_owned()));
    }
    let number = id.strip_prefix("T-").or_else(|| id.strip_prefix("t-"))?;
    let plausible = (1..=12).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
    plausible.then(|| ThreadKey::Ref(format!("T-{number}")))
}

/// May this be an id of Plain's? What is not is not asked for.
fn is_plausible(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// Plain refuses some ids as malformed where it finds nothing for others; for a customer both are "not there".
fn none_if_not_an_id<T>(error: plain::Error) -> Result<Option<T>, plain::Error> {
    match error {
        plain::Error::BadInput { .. }
        | plain::Error::NotFound { .. }
        | plain::Error::Validation { .. } => Ok(None),
        error => Err(error),
    }
}

impl From<plain::Error> for Error {
    fn from(error: plain::Error) -> Self {
        match error {
            plain::Error::NotFound { .. } => Self::NotFound,
            error => Self::Unavailable {
                detail: error.to_string(),
                retry_after: error.retry_after(),
            },
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        tracing::error!(%error, "database");
        Self::Unavailable {
            detail: error.to_string(),
            retry_after: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_recognised_and_nothing_else_is() {
        assert_eq!(
            thread_key("th_01ABC"),
            Some(ThreadKey::Id("th_01ABC".into()))
        );
        assert_eq!(
            thread_key("th_01-a_b"),
            Some(ThreadKey::Id("th_01-a_b".into()))
        );
        assert_eq!(thread_key("t-12"), Some(ThreadKey::Ref("T-12".into())));
        for id in [
            "",
            "th_",
            "T-",
            "T-1x",
            "T--1",
            "12",
            "c_01ABC",
            "th_01/..",
            "th_01 ",
            "th_\u{e9}",
            "T-1234567890123",
            &format!("th_{}", "A".repeat(129)),
        ] {
            assert_eq!(thread_key(id), None, "{id:?}");
        }
    }
}
