//! Asking, answering, done and reopen.

use axum::http::StatusCode;
use leptos::prelude::*;

use super::{answer, desk, refuse, see_other};
use crate::desk::{Asked, Error};

/// In the address of a request's page: its status could not be changed.
pub const STATUS_UNCHANGED: &str = "status-unchanged";

/// Opens a new request. Form fields: `title`, `message`, `submission`.
#[server(endpoint = "ask")]
pub async fn ask(
    title: Option<String>,
    message: Option<String>,
    submission: Option<String>,
) -> Result<(), ServerFnError> {
    let Some(desk) = desk() else { return Ok(()) };
    let (title, message) = (title.unwrap_or_default(), message.unwrap_or_default());
    match desk
        .ask(&submission.unwrap_or_default(), &title, &message)
        .await
    {
        Ok(Asked::Sent { thread_id }) => see_other(&format!("/threads/{thread_id}")),
        Ok(Asked::InFlight) => see_other("/"),
        Ok(Asked::Kept) => see_other("/threads/new#problem"),
        Err(error) => refuse(&error),
    }
    Ok(())
}

/// Answers a request. Form fields: `thread_id`, `text`, `submission`.
#[server(endpoint = "reply")]
pub async fn reply(
    thread_id: Option<String>,
    text: Option<String>,
    submission: Option<String>,
) -> Result<(), ServerFnError> {
    let Some(desk) = desk() else { return Ok(()) };
    let (thread_id, text) = (thread_id.unwrap_or_default(), text.unwrap_or_default());
    match desk
        .reply(&submission.unwrap_or_default(), &thread_id, &text)
        .await
    {
        Ok(replied) => see_other(&format!("/threads/{}#reply", replied.thread_id)),
        Err(error) => refuse(&error),
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
    match desk.set_done(&thread_id, done).await {
        Ok(()) => see_other(&format!("/threads/{thread_id}")),
        Err(Error::Unavailable { .. }) => {
            see_other(&format!("/threads/{thread_id}?notice={STATUS_UNCHANGED}"))
        }
        Err(error) => refuse(&error),
    }
    Ok(())
}
