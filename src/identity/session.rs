//! The session behind the cookie: who signed in, and when. tower-sessions keeps it in our database and slides its idle
//! expiry whenever it is saved; the absolute one is ours.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer,
    cookie::{SameSite, time},
    session,
};

use crate::{
    config::{self, PublicUrl},
    model::Viewer,
    store::Sessions,
};

use super::token::Identity;

const KEY: &str = "signed_in";
/// The idle expiry slides when a session is saved; saving on every click would make every page a write.
const SAVE_EVERY: Duration = Duration::from_secs(60);

/// What a session holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {
    pub viewer: Viewer,
    /// Did the host vouch for the address? Part of what makes a sign-in the same as the one before.
    pub email_verified: bool,
    pub signed_in_at: i64,
    pub seen_at: i64,
}

impl SignedIn {
    /// Would signing in with this identity change nothing? Then Plain need not be asked again.
    pub fn is_same(&self, identity: &Identity) -> bool {
        let viewer = &self.viewer;
        viewer.external_id == identity.external_id
            && viewer.name == identity.name
            && viewer.email == identity.email
            && self.email_verified == identity.email_verified
            && identity.tenant.as_ref().is_some_and(|tenant| {
                viewer.tenant.external_id == tenant.external_id && viewer.tenant.name == tenant.name
            })
            && viewer.zone == identity.zone
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

/// Starts a session under a new id, so that one that was planted before is worth nothing (ASVS 7.2.4).
///
/// # Errors
/// When the database fails.
pub async fn start(
    session: &Session,
    viewer: Viewer,
    email_verified: bool,
    now: Timestamp,
) -> Result<(), session::Error> {
    let now = now.as_second();
    session.cycle_id().await?;
    session
        .insert(
            KEY,
            SignedIn {
                viewer,
                email_verified,
                signed_in_at: now,
                seen_at: now,
            },
        )
        .await
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
    let signed_in = match session.get::<SignedIn>(KEY).await {
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
        session
            .insert(
                KEY,
                SignedIn {
                    seen_at: now,
                    ..signed_in.clone()
                },
            )
            .await?;
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
