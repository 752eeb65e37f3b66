//! Text that was typed and not sent.

use leptos::prelude::*;

use super::{desk, refuse, see_other};

/// Throws unsent text of the viewer's own away. Form fields: `submission`, and `thread_id` when it was an answer.
#[server(endpoint = "discard")]
pub async fn discard(
    submission: Option<String>,
    thread_id: Option<String>,
) -> Result<(), ServerFnError> {
    let Some(desk) = desk() else { return Ok(()) };
    match desk.discard(&submission.unwrap_or_default()).await {
        Ok(()) => see_other(&place(thread_id.as_deref())),
        Err(error) => refuse(&error),
    }
    Ok(())
}

/// Where the text was typed. The id comes from the browser: only its plain characters go into an address.
pub fn place(thread_id: Option<&str>) -> String {
    match thread_id {
        Some(id)
            if !id.is_empty()
                && id
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) =>
        {
            format!("/threads/{id}")
        }
        _ => "/threads/new".to_owned(),
    }
}

/// Where a new request is shown while it is on its way; once it has arrived, this address leads to its thread.
pub fn waiting_request(submission: &str) -> String {
    match uuid::Uuid::parse_str(submission.trim()) {
        Ok(id) => format!("/threads/new?sent={id}#outgoing"),
        Err(_) => "/threads/new#outgoing".to_owned(),
    }
}
