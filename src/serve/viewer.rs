//! Finds out who is looking, and puts their desk where pages and server functions find it.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use tower_sessions::Session;

use super::{Portal, pages};
use crate::{app::components::Notice, desk::Desk, identity::session};

pub async fn find(
    State(portal): State<Portal>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    match session::current(&session, portal.config.session, Timestamp::now()).await {
        Ok(Some(signed_in)) => {
            request
                .extensions_mut()
                .insert(Desk::new(&portal.supplies, signed_in.viewer));
        }
        Ok(None) => {}
        Err(error) => {
            tracing::error!(%error, "sessions cannot be read");
            return pages::notice(
                &portal.site,
                request,
                Notice::Unavailable { retry_after: None },
                None,
            )
            .await
            .into_response();
        }
    }
    next.run(request).await
}
