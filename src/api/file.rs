//! A file that is not to go with its message after all.

use axum::http::StatusCode;
use leptos::prelude::*;

use super::{answer, desk, draft::place, is_by_script, refuse, see_other};
use crate::desk::Removal;

/// Removes a file of the viewer's own from the form that it was picked in. Form fields: `remove`, the file's id, and those of the
/// form that it stands in, which come back as they are; to a script that accepts `application/json`, 204.
#[server(endpoint = "files/remove")]
pub async fn remove_file(
    remove: Option<String>,
    submission: Option<String>,
    thread_id: Option<String>,
    title: Option<String>,
    text: Option<String>,
    message: Option<String>,
) -> Result<(), ServerFnError> {
    let Some(desk) = desk() else { return Ok(()) };
    let removal = Removal {
        submission: submission.as_deref().unwrap_or_default(),
        file: remove.as_deref().unwrap_or_default(),
        title: title.as_deref().unwrap_or_default(),
        text: &text.or(message).unwrap_or_default(),
    };
    match desk.remove_file(removal).await {
        Ok(()) if is_by_script() => answer(StatusCode::NO_CONTENT),
        Ok(()) => see_other(&place(thread_id.as_deref())),
        Err(error) => refuse(&error),
    }
    Ok(())
}
