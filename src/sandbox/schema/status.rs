//! The detail of a thread's status.

use async_graphql::{ID, SimpleObject, Union};

use super::time::DateTime;
use crate::sandbox::{enums::StatusDetailType, records::Detail};

/// Details that say no more than when the status changed.
macro_rules! plain_details {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $($(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            status_changed_at: DateTime,
        })*
    };
}

plain_details!(
    /// To do: somebody works on it.
    ThreadStatusDetailInProgress,
    /// Snoozed until the customer answers.
    ThreadStatusDetailWaitingForCustomer,
    /// Done: not worth an answer.
    ThreadStatusDetailIgnored,
    /// Done: somebody said so.
    ThreadStatusDetailDoneManuallySet,
);

/// To do: new.
#[derive(SimpleObject)]
pub struct ThreadStatusDetailCreated {
    status_changed_at: DateTime,
    created_at: DateTime,
}

/// No longer in use by Plain.
#[derive(SimpleObject)]
pub struct ThreadStatusDetailSnoozed {
    snoozed_at: DateTime,
    snoozed_until: DateTime,
    status_changed_at: DateTime,
}

/// No longer in use by Plain.
#[derive(SimpleObject)]
pub struct ThreadStatusDetailUnsnoozed {
    snoozed_at: DateTime,
    status_changed_at: DateTime,
}

/// To do: the customer has written.
#[derive(SimpleObject)]
pub struct ThreadStatusDetailNewReply {
    status_changed_at: DateTime,
    new_reply_at: Option<DateTime>,
}

/// No longer in use by Plain.
#[derive(SimpleObject)]
pub struct ThreadStatusDetailReplied {
    replied_at: DateTime,
    status_changed_at: DateTime,
}

/// No longer in use by Plain.
#[derive(SimpleObject)]
pub struct ThreadStatusDetailLinearUpdated {
    status_changed_at: DateTime,
    updated_at: DateTime,
    linear_issue_id: ID,
}

/// Snoozed for a time.
#[derive(SimpleObject)]
pub struct ThreadStatusDetailWaitingForDuration {
    status_changed_at: DateTime,
    waiting_until: DateTime,
}

/// To do: an issue that belongs to it has changed.
#[derive(SimpleObject)]
pub struct ThreadStatusDetailThreadLinkUpdated {
    status_changed_at: DateTime,
    updated_at: DateTime,
    linear_issue_id: Option<ID>,
}

/// Done: nobody has written for a time.
#[derive(SimpleObject)]
pub struct ThreadStatusDetailDoneAutomaticallySet {
    status_changed_at: DateTime,
    after_seconds: Option<i32>,
}

/// To do: the team's own discussion has ended.
#[derive(SimpleObject)]
pub struct ThreadStatusDetailThreadDiscussionResolved {
    status_changed_at: DateTime,
    thread_discussion_id: Option<ID>,
}

/// Why a thread has its status.
#[derive(Union)]
pub enum ThreadStatusDetail {
    Created(ThreadStatusDetailCreated),
    Snoozed(ThreadStatusDetailSnoozed),
    Unsnoozed(ThreadStatusDetailUnsnoozed),
    NewReply(ThreadStatusDetailNewReply),
    Replied(ThreadStatusDetailReplied),
    LinearUpdated(ThreadStatusDetailLinearUpdated),
    InProgress(ThreadStatusDetailInProgress),
    WaitingForCustomer(ThreadStatusDetailWaitingForCustomer),
    WaitingForDuration(ThreadStatusDetailWaitingForDuration),
    ThreadLinkUpdated(ThreadStatusDetailThreadLinkUpdated),
    Ignored(ThreadStatusDetailIgnored),
    DoneManuallySet(ThreadStatusDetailDoneManuallySet),
    DoneAutomaticallySet(ThreadStatusDetailDoneAutomaticallySet),
    ThreadDiscussionResolved(ThreadStatusDetailThreadDiscussionResolved),
}

impl From<Detail> for ThreadStatusDetail {
    fn from(detail: Detail) -> Self {
        let status_changed_at = DateTime::from(detail.changed_at);
        match detail.kind {
            StatusDetailType::Created => Self::Created(ThreadStatusDetailCreated {
                created_at: status_changed_at.clone(),
                status_changed_at,
            }),
            StatusDetailType::InProgress => {
                Self::InProgress(ThreadStatusDetailInProgress { status_changed_at })
            }
            StatusDetailType::NewReply => Self::NewReply(ThreadStatusDetailNewReply {
                new_reply_at: Some(status_changed_at.clone()),
                status_changed_at,
            }),
            StatusDetailType::ThreadLinkUpdated => {
                Self::ThreadLinkUpdated(ThreadStatusDetailThreadLinkUpdated {
                    updated_at: status_changed_at.clone(),
                    status_changed_at,
                    linear_issue_id: None,
                })
            }
            StatusDetailType::ThreadDiscussionResolved => {
                Self::ThreadDiscussionResolved(ThreadStatusDetailThreadDiscussionResolved {
                    status_changed_at,
                    thread_discussion_id: None,
                })
            }
            StatusDetailType::WaitingForCustomer => {
                Self::WaitingForCustomer(ThreadStatusDetailWaitingForCustomer { status_changed_at })
            }
            StatusDetailType::WaitingForDuration => {
                Self::WaitingForDuration(ThreadStatusDetailWaitingForDuration {
                    waiting_until: detail.until.unwrap_or(detail.changed_at).into(),
                    status_changed_at,
                })
            }
            StatusDetailType::Ignored => {
                Self::Ignored(ThreadStatusDetailIgnored { status_changed_at })
            }
            StatusDetailType::DoneManuallySet => {
                Self::DoneManuallySet(ThreadStatusDetailDoneManuallySet { status_changed_at })
            }
            StatusDetailType::DoneAutomaticallySet | StatusDetailType::TimerExpired => {
                Self::DoneAutomaticallySet(ThreadStatusDetailDoneAutomaticallySet {
                    status_changed_at,
                    after_seconds: None,
                })
            }
        }
    }
}
