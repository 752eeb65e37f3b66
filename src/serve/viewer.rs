//! Finds out who is looking, and puts their desk where pages and server functions find it.

use axum::{
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::Response,
};
use jiff::Timestamp;
use tower_sessions::Session;

use super::{Portal, pages};
use crate::{
    app::components::Notice,
    desk::Desk,
    href::SIGN_OUT,
    identity::{
        session::{self, SignedIn},
        teams::Teams,
    },
    model::Standing,
};

/// In a request's extensions: why there is no desk, when it is not that nobody is signed in.
#[derive(Clone, Copy)]
pub enum NoDesk {
    /// Nobody can say who is looking, because our database does not answer.
    NoSessions,
    /// Who is looking does not belong to the team any more.
    Gone,
}

impl From<NoDesk> for Notice {
    fn from(reason: NoDesk) -> Self {
        match reason {
            NoDesk::NoSessions => Self::Unavailable { retry_after: None },
            NoDesk::Gone => Self::NoAccess,
        }
    }
}

pub async fn find(
    State(portal): State<Portal>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    // To go, nobody needs to be asked.
    let is_leaving = request.uri().path() == SIGN_OUT;
    let found = match who(&portal, &session, !is_leaving).await {
        Ok(Some(signed_in)) => seat(&portal, session, signed_in, &mut request),
        Ok(None) => Ok(()),
        Err(error) => {
            tracing::error!(%error, "sessions cannot be read");
            Err(NoDesk::NoSessions)
        }
    };
    match found {
        // Who filled in a form gets it back from the layer that keeps its text.
        Err(reason) if request.method() == Method::POST => {
            request.extensions_mut().insert(reason);
            next.run(request).await
        }
        Err(reason) => pages::notice(&portal.site, request, reason.into(), None).await,
        Ok(()) => next.run(request).await,
    }
}

/// A page that ends after somebody has gone to another team, or out, would give the browser back the session that it began
/// with. That one is no more, and the browser may have another by now.
pub async fn keep_newer_cookies(
    State(portal): State<Portal>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let set_cookie = response.headers().get(header::SET_COOKIE);
    let given = set_cookie
        .and_then(|value| value.to_str().ok())
        .and_then(session::given_by);
    if let Some(id) = given
        && let Ok(false) = session::lives(&portal.store.sessions(), &id).await
    {
        response.headers_mut().remove(header::SET_COOKIE);
    }
    response
}

/// Who is signed in, and how they stand.
async fn who(
    portal: &Portal,
    session: &Session,
    check: bool,
) -> Result<Option<SignedIn>, tower_sessions::session::Error> {
    let found = session::current(session, portal.config.session, Timestamp::now()).await?;
    let Some(mut signed_in) = found else {
        return Ok(None);
    };
    if check {
        let memberships = &portal.supplies.memberships;
        let checked = memberships.check(&signed_in.viewer, signed_in.checked);
        let checked = checked.await;
        if checked != signed_in.checked {
            signed_in.checked = checked;
            session::note(session, &signed_in).await?;
        }
    }
    Ok(Some(signed_in))
}

/// Gives somebody their desk, if there is one for them.
fn seat(
    portal: &Portal,
    session: Session,
    signed_in: SignedIn,
    request: &mut Request,
) -> Result<(), NoDesk> {
    let standing = signed_in.checked.standing;
    let desk = Desk::new(&portal.supplies, signed_in.viewer.clone(), standing);
    if desk.is_none() && standing != Standing::Gone {
        // Signed in under another PORTAL_VISIBILITY: the host is asked once more.
        return Ok(());
    }
    let memberships = portal.supplies.memberships.clone();
    let sessions = portal.store.sessions();
    let teams = Teams::new(
        portal.plain.clone(),
        memberships,
        session,
        sessions,
        signed_in,
    );
    let extensions = request.extensions_mut();
    extensions.insert(teams);
    let desk = desk.ok_or(NoDesk::Gone)?;
    extensions.insert(desk);
    Ok(())
}
