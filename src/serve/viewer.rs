//! Finds out who is looking, and puts their desk where pages and server functions find it.

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use tower_sessions::Session;

use super::{Portal, pages};
use crate::{app::components::Notice, desk::Desk, identity::session};

/// In a request's extensions: nobody can say who is looking, because our database does not answer.
#[derive(Clone, Copy)]
pub struct NoSessions;

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
            // Who filled in a form gets it back from the layer that keeps its text.
            if request.method() == Method::POST {
                request.extensions_mut().insert(NoSessions);
                return next.run(request).await;
            }
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
