//! Which of their teams the viewer speaks for.

use axum::http::StatusCode;
use leptos::prelude::*;

use super::{answer, see_other};
use crate::identity::teams::{Error, Teams};

/// Goes on in another of the viewer's teams. Form field: `tenant`, the host's id of the team.
#[server(endpoint = "switch-team")]
pub async fn switch_team(tenant: Option<String>) -> Result<(), ServerFnError> {
    let Some(teams) = use_context::<Teams>() else {
        answer(StatusCode::UNAUTHORIZED);
        return Ok(());
    };
    match teams.switch(&tenant.unwrap_or_default()).await {
        Ok(()) => see_other("/"),
        Err(error) => {
            tracing::warn!(%error, "team not switched");
            answer(match error {
                Error::NotFound => StatusCode::NOT_FOUND,
                Error::SignedOut => StatusCode::UNAUTHORIZED,
                Error::Refused(_) => StatusCode::FORBIDDEN,
                Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            });
        }
    }
    Ok(())
}
