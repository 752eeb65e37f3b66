//! Asking, answering, done and reopen.

use std::time::Duration;

use axum::http::StatusCode;
use leptos::prelude::*;

use super::{answer, desk, picked, refuse, see_other};
use crate::desk::{Asked, Error, Question, Receipt};

/// A page never waits longer for something to be sent; what takes longer goes on without it. The page that follows may
/// have to wait for Plain as well, and both together should end within 20 s.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends on a task of its own: a browser that goes away, as at a second click, must not take the message with it.
///
/// `None` when it is still under way, or has failed in a way that nobody foresaw.
async fn to_the_end<T: Send + 'static>(
    sending: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Option<Result<T, Error>> {
    let task = tokio::spawn(sending);
    tokio::time::timeout(PATIENCE, task).await.ok()?.ok()
}

/// What has not ended in time goes on its way only when it is stored; else the words go back with the page.
fn still_sending(receipt: &Receipt, path: &str) {
    if receipt.is_given() {
        see_other(path);
    } else {
        answer(StatusCode::SERVICE_UNAVAILABLE);
    }
}

/// Opens a new request. Form fields: `title`, `message`, `submission`, `tenant`, the team that the form spoke of, and `files`.
#[server(endpoint = "ask")]
pub async fn ask(
    title: Option<String>,
    message: Option<String>,
    submission: Option<String>,
    tenant: Option<String>,
) -> Result<(), ServerFnError> {
    let Some(desk) = desk() else { return Ok(()) };
    let receipt = Receipt::default();
    let still_there = super::draft::waiting_request(submission.as_deref().unwrap_or_default());
    let (receipt_to_give, files) = (receipt.clone(), picked());
    let asking = async move {
        let question = Question {
            submission: submission.as_deref().unwrap_or_default(),
            tenant: tenant.as_deref(),
            title: title.as_deref().unwrap_or_default(),
            text: message.as_deref().unwrap_or_default(),
            files: &files,
        };
        desk.ask(question, &receipt_to_give).await
    };
    match to_the_end(asking).await {
        Some(Ok(Asked::Sent { thread_id })) => see_other(&format!("/threads/{thread_id}")),
        Some(Ok(Asked::OnItsWay { id })) => see_other(&super::draft::waiting_request(&id)),
        Some(Ok(Asked::Refused)) => see_other("/threads/new#problem"),
        Some(Err(error)) => refuse(&error),
        None => still_sending(&receipt, &still_there),
    }
    Ok(())
}

/// Answers a request. Form fields: `thread_id`, `text`, `submission`, `files`.
#[server(endpoint = "reply")]
pub async fn reply(
    thread_id: Option<String>,
    text: Option<String>,
    submission: Option<String>,
) -> Result<(), ServerFnError> {
    let Some(desk) = desk() else { return Ok(()) };
    let thread_id = thread_id.unwrap_or_default();
    let address = super::draft::place(Some(&thread_id));
    let receipt = Receipt::default();
    let (receipt_to_give, files) = (receipt.clone(), picked());
    let replying = async move {
        let (submission, text) = (submission.unwrap_or_default(), text.unwrap_or_default());
        desk.reply(&submission, &thread_id, &text, &files, &receipt_to_give)
            .await
    };
    match to_the_end(replying).await {
        Some(Ok(replied)) => {
            let place = if replied.refused { "problem" } else { "reply" };
            see_other(&format!("/threads/{}#{place}", replied.thread_id));
        }
        None => still_sending(&receipt, &address),
        Some(Err(error)) => refuse(&error),
    }
    Ok(())
}

/// Marks a request as done or opens it again; sends no message. Form fields: `thread_id`, `status` = `done` or `open`.
#[server(endpoint = "set-status")]
pub async fn set_status(
    thread_id: Option<String>,
    status: Option<String>,
) -> Result<(), ServerFnError> {
    let Some(desk) = desk() else { return Ok(()) };
    let thread_id = thread_id.unwrap_or_default();
    let done = match status.as_deref() {
        Some("done") => true,
        Some("open") => false,
        _ => {
            answer(StatusCode::BAD_REQUEST);
            return Ok(());
        }
    };
    let id = thread_id.clone();
    match to_the_end(async move { desk.set_done(&id, done).await }).await {
        Some(Ok(true)) => see_other(&format!("/threads/{thread_id}")),
        Some(Ok(false)) => see_other(
            &StatusNotice {
                done,
                refused: true,
            }
            .address(&thread_id),
        ),
        Some(Err(Error::Unavailable { .. })) | None => {
            see_other(
                &StatusNotice {
                    done,
                    refused: false,
                }
                .address(&thread_id),
            );
        }
        Some(Err(error)) => refuse(&error),
    }
    Ok(())
}

/// What the address of a request's page says of a change of its status that may not have come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusNotice {
    /// Was it to be done, or open?
    pub done: bool,
    /// Did Plain refuse, or not answer?
    pub refused: bool,
}

impl StatusNotice {
    const EVERY: [(&str, Self); 4] = [
        (
            "done-unanswered",
            Self {
                done: true,
                refused: false,
            },
        ),
        (
            "open-unanswered",
            Self {
                done: false,
                refused: false,
            },
        ),
        (
            "done-refused",
            Self {
                done: true,
                refused: true,
            },
        ),
        (
            "open-refused",
            Self {
                done: false,
                refused: true,
            },
        ),
    ];

    /// Reads the query's `notice`.
    pub fn parse(value: Option<&str>) -> Option<Self> {
        let known = Self::EVERY
            .into_iter()
            .find(|(name, _)| Some(*name) == value);
        known.map(|(_, notice)| notice)
    }

    fn address(self, thread_id: &str) -> String {
        let known = Self::EVERY.into_iter().find(|(_, notice)| *notice == self);
        let name = known.map_or("", |(name, _)| name);
        format!("/threads/{thread_id}?notice={name}")
    }
}
