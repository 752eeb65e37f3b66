//! Where a host product's people come in, and go out.

use axum::{
    Form,
    extract::{Query, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use tower_sessions::Session;

use super::{Portal, pages};
use crate::{
    app::components::Notice,
    identity::{
        membership::Checked,
        session::{self, SignedIn},
        sign_in, token,
    },
    model::Standing,
    store,
};

/// What a host sends; both are text that anybody could have made up.
#[derive(Deserialize)]
pub struct Handoff {
    token: Option<String>,
    return_to: Option<String>,
}

/// Why nobody was signed in. The log says which; the customer sees a page.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("there is no token")]
    NoToken,
    #[error("{0}")]
    Token(#[from] token::Error),
    #[error("claim `jti`: the token was used before")]
    Used,
    #[error("{0}")]
    SignIn(#[from] sign_in::Error),
    #[error("{0}")]
    Store(#[from] store::Error),
    #[error("{0}")]
    Session(#[from] tower_sessions::session::Error),
}

/// `GET /auth/handoff?token=…&return_to=…`
pub async fn by_link(
    State(portal): State<Portal>,
    session: Session,
    Query(handoff): Query<Handoff>,
    request: Request,
) -> Response {
    // A HEAD, as link previews send it, must not use the token up.
    if request.method() == Method::HEAD {
        let allow = [(header::ALLOW, "GET, POST")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow).into_response();
    }
    accept(&portal, &session, handoff, request).await
}

/// `POST /auth/handoff` with the same fields: the recommended way, because the token stays out of addresses.
pub async fn by_form(
    State(portal): State<Portal>,
    session: Session,
    headers: HeaderMap,
    Form(handoff): Form<Handoff>,
) -> Response {
    let mut request = Request::new(axum::body::Body::empty());
    *request.headers_mut() = headers;
    if let Some(origin) = foreign_origin(&portal, request.headers()) {
        tracing::warn!(
            origin,
            "handoff refused: this origin is not among PORTAL_HOST_ORIGINS"
        );
        return pages::notice(&portal.site, request, Notice::WrongOrigin, None).await;
    }
    accept(&portal, &session, handoff, request).await
}

/// `POST /auth/sign-out`
pub async fn sign_out(
    State(portal): State<Portal>,
    session: Session,
    request: Request,
) -> Response {
    match session::end(&session).await {
        Ok(()) => Redirect::to(&portal.site.public_url.href("/")).into_response(),
        Err(error) => {
            tracing::error!(%error, "signing out");
            pages::notice(
                &portal.site,
                request,
                Notice::Unavailable { retry_after: None },
                None,
            )
            .await
        }
    }
}

/// The origin that a browser says this form came from, when it may not.
///
/// A page with `Referrer-Policy: no-referrer` sends `Origin: null` even to its own origin; then `Sec-Fetch-Site` decides
/// (Fetch, "append a request `Origin` header"). Who sends neither header is no browser of our time.
fn foreign_origin(portal: &Portal, headers: &HeaderMap) -> Option<String> {
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let site = text("sec-fetch-site");
    let from_here = matches!(site.as_deref(), Some("same-origin" | "none"));
    match text(header::ORIGIN.as_str()) {
        Some(origin) if origin == "null" && from_here => None,
        Some(origin) if origin == "null" => Some(
            "null (the host's page has `Referrer-Policy: no-referrer`, or is sandboxed)".to_owned(),
        ),
        Some(origin) => {
            let known = portal
                .config
                .handoff
                .origins
                .iter()
                .any(|known| known.as_str() == origin);
            (!known).then_some(origin)
        }
        None => match site {
            Some(site) if !from_here => Some(format!("none, but sec-fetch-site: {site}")),
            _ => None,
        },
    }
}

async fn accept(
    portal: &Portal,
    session: &Session,
    handoff: Handoff,
    request: Request,
) -> Response {
    let public_url = &portal.site.public_url;
    match enter(portal, session, handoff.token.as_deref()).await {
        Ok(()) => {
            let destination = handoff
                .return_to
                .as_deref()
                .and_then(|path| public_url.own_path(path));
            Redirect::to(&destination.unwrap_or_else(|| public_url.href("/"))).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "handoff refused");
            let notice = match error {
                Error::SignIn(sign_in::Error::Plain(error)) => Notice::Unavailable {
                    retry_after: error.retry_after().map(|wait| wait.as_secs()),
                },
                Error::Token(token::Error::NoKeys { retry_after }) => Notice::Unavailable {
                    retry_after: Some(retry_after.as_secs()),
                },
                Error::Store(_) | Error::Session(_) => Notice::Unavailable { retry_after: None },
                Error::NoToken
                | Error::Token(_)
                | Error::Used
                | Error::SignIn(
                    sign_in::Error::Collision(_)
                    | sign_in::Error::Refused(_)
                    | sign_in::Error::NoTenant,
                ) => Notice::SignInRefused,
            };
            pages::notice(&portal.site, request, notice, None).await
        }
    }
}

async fn enter(portal: &Portal, session: &Session, token: Option<&str>) -> Result<(), Error> {
    let now = Timestamp::now();
    let token = token.ok_or(Error::NoToken)?;
    let identity = token::verify(&portal.keys, &portal.config.handoff, token, now).await?;
    if !portal
        .store
        .use_token(&identity.jti, identity.remember_until)
        .await?
    {
        return Err(Error::Used);
    }
    let known = session::current(session, portal.config.session, now).await?;
    let signed_in = match known {
        Some(known) if known.is_same(&identity) => known.again(now),
        _ => match sign_in(portal, &identity).await {
            Ok(signed_in) => signed_in,
            Err(error) => {
                // Nothing came of it: the same link may be tried again while it lives.
                if matches!(error, sign_in::Error::Plain(_)) {
                    portal.store.release_token(&identity.jti).await?;
                }
                return Err(error.into());
            }
        },
    };
    session::restart(session, signed_in).await?;
    Ok(())
}

async fn sign_in(portal: &Portal, identity: &token::Identity) -> Result<SignedIn, sign_in::Error> {
    let signing_in = sign_in::sign_in(&portal.plain, identity, portal.config.visibility);
    let (viewer, standing) = sign_in::in_time(signing_in).await?;
    let checked = Checked::now(standing);
    portal.supplies.memberships.vouched(&viewer, checked).await;
    if standing == Standing::Member {
        portal.supplies.activity.signed_in(&viewer);
    }
    let now = Timestamp::now();
    Ok(SignedIn::new(viewer, checked, identity, now))
}
