//! The session behind the cookie: who signed in, and when. tower-sessions keeps it in our database and slides its idle
//! expiry whenever it is saved; the absolute one is ours.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore as _,
    cookie::{Cookie, SameSite, time},
    session::{self, Id},
    session_store,
};

use crate::{
    config::{self, PublicUrl},
    model::{Standing, Viewer},
    store::{SIGNED_IN, Sessions},
};

use super::{membership::Checked, teams::Team, token::Identity};

/// The idle expiry slides when a session is saved; saving on every click would make every page a write.
const SAVE_EVERY: Duration = Duration::from_secs(60);

/// What a session holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {
    pub viewer: Viewer,
    /// Did the host vouch for the address? Part of what makes a sign-in the same as the one before.
    pub email_verified: bool,
    /// Every team that the token named.
    #[serde(default)]
    pub teams: Vec<Team>,
    /// The customer groups that it named.
    #[serde(default)]
    pub groups: Vec<String>,
    /// How the viewer stands, as far as we have been told.
    #[serde(default)]
    pub checked: Checked,
    pub signed_in_at: i64,
    pub seen_at: i64,
}

impl SignedIn {
    pub fn new(viewer: Viewer, checked: Checked, identity: &Identity, now: Timestamp) -> Self {
        Self {
            email_verified: identity.email_verified,
            teams: Team::of(identity, &viewer),
            groups: identity.groups.clone(),
            checked,
            signed_in_at: now.as_second(),
            seen_at: now.as_second(),
            viewer,
        }
    }

    /// The same once more. What is known of the viewer grows no younger by it.
    pub fn again(self, now: Timestamp) -> Self {
        Self {
            signed_in_at: now.as_second(),
            seen_at: now.as_second(),
            ..self
        }
    }

    /// Would signing in with this identity change nothing? Then Plain need not be asked again.
    pub fn is_same(&self, identity: &Identity) -> bool {
        let viewer = &self.viewer;
        let tenant = viewer.scope.tenant();
        let named = identity.tenant.iter().chain(&identity.tenants);
        viewer.external_id == identity.external_id
            && viewer.name == identity.name
            && viewer.email == identity.email
            && self.email_verified == identity.email_verified
            && tenant.map(|tenant| (&tenant.external_id, &tenant.name))
                == identity
                    .tenant
                    .as_ref()
                    .map(|tenant| (&tenant.external_id, &tenant.name))
            && self.teams.len() == named.clone().count()
            && self.teams.iter().zip(named).all(|(team, it)| team.is(it))
            && self.groups == identity.groups
            && viewer.zone == identity.zone
            // The host vouches for them anew.
            && self.checked.standing != Standing::Gone
    }
}

/// The layer that reads and writes the cookie: `HttpOnly; Secure; SameSite=Lax`, no `Domain`.
///
/// At the root its name begins with `__Host-` and its path is `/`, under a base path with `__Secure-` and that path (RFC 6265bis, 4.1.3).
pub fn layer(
    store: Sessions,
    public_url: &PublicUrl,
    idle: Duration,
) -> SessionManagerLayer<Sessions> {
    let base = public_url.base_path().to_owned();
    let (name, path) = if base.is_empty() {
        ("__Host-portal", "/".to_owned())
    } else {
        ("__Secure-portal", base)
    };
    let idle = time::Duration::try_from(idle).unwrap_or(time::Duration::HOUR);
    SessionManagerLayer::new(store)
        .with_name(name)
        .with_path(path)
        .with_http_only(true)
        .with_secure(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(idle))
}

/// Starts a session, or goes on with another one's rights, under a new id: one that was planted before is worth nothing
/// (ASVS 7.2.4).
///
/// # Errors
/// When the database fails.
pub async fn restart(session: &Session, signed_in: SignedIn) -> Result<(), session::Error> {
    session.cycle_id().await?;
    session.insert(SIGNED_IN, signed_in).await
}

/// Is there still a session of this id? It may have ended in another tab since a request began.
///
/// # Errors
/// When the database fails.
pub async fn lives(sessions: &Sessions, id: &Id) -> Result<bool, session_store::Error> {
    Ok(sessions.load(id).await?.is_some())
}

/// The session that this `Set-Cookie` header gives to a browser; `None` when it takes one away.
pub fn given_by(set_cookie: &str) -> Option<Id> {
    let cookie = Cookie::parse(set_cookie).ok()?;
    cookie.value().parse().ok()
}

/// Keeps what has been found out about the viewer.
///
/// # Errors
/// When the database fails.
pub async fn note(session: &Session, signed_in: &SignedIn) -> Result<(), session::Error> {
    session.insert(SIGNED_IN, signed_in).await
}

/// Who is signed in, if anybody; ends a session that is past its absolute age and slides the idle expiry of others.
///
/// # Errors
/// When the database fails.
pub async fn current(
    session: &Session,
    config: config::Session,
    now: Timestamp,
) -> Result<Option<SignedIn>, session::Error> {
    let mut signed_in = match session.get::<SignedIn>(SIGNED_IN).await {
        Ok(Some(signed_in)) => signed_in,
        Ok(None) => return Ok(None),
        // Written by another version of the portal: the person signs in again.
        Err(session::Error::SerdeJson(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let now = now.as_second();
    let age = now.saturating_sub(signed_in.signed_in_at);
    if u64::try_from(age).is_ok_and(|age| age >= config.max.as_secs()) {
        session.flush().await?;
        return Ok(None);
    }
    let save_every = SAVE_EVERY.min(config.idle / 4).as_secs();
    if u64::try_from(now - signed_in.seen_at).is_ok_and(|unsaved| unsaved >= save_every) {
        signed_in.seen_at = now;
        note(session, &signed_in).await?;
    }
    Ok(Some(signed_in))
}

/// Ends the session, in the database and in the browser.
///
/// # Errors
/// When the database fails.
pub async fn end(session: &Session) -> Result<(), session::Error> {
    session.flush().await
}
