//! The teams that the host lets somebody switch to, and the way from one to another.

use serde::{Deserialize, Serialize};
use tower_sessions::{Session, session_store};

use super::{
    membership::{Checked, Memberships},
    session::{self, SignedIn},
    sign_in,
    token::{Identity, TenantRef},
};
use crate::{
    model::{Scope, Standing, Tenant, Viewer},
    plain,
    store::Sessions,
};

/// A team that the token named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// The host's id.
    pub external_id: String,
    pub name: String,
    /// Plain's id, once the person has been there in this session. Their membership was made then, and is not made again:
    /// whom support takes out of a team, switching to and fro does not bring back.
    tenant_id: Option<String>,
}

/// The teams of whoever is signed in. Plain's memberships do not count: the host names the teams. Cheap to clone.
#[derive(Clone)]
pub struct Teams {
    plain: plain::Client,
    memberships: Memberships,
    session: Session,
    sessions: Sessions,
    signed_in: SignedIn,
}

/// Why somebody stays in the team where they are.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such team, or it is not one of theirs: the same 404 for both.
    #[error("not found")]
    NotFound,
    /// They have signed out meanwhile: 401.
    #[error("the session has ended")]
    SignedOut,
    /// Plain does not take this person into the team, as when they have been deleted: 403.
    #[error("{0}")]
    Refused(plain::Error),
    /// Plain, or our own database, does not answer: 503.
    #[error("not available: {0}")]
    Unavailable(String),
}

impl Team {
    /// Every team that a token names; first the one that it signs in to, of which Plain's id is known.
    pub fn of(identity: &Identity, viewer: &Viewer) -> Vec<Self> {
        let entered = |tenant: &TenantRef| {
            let current = viewer.scope.tenant();
            let current = current.filter(|current| current.external_id == tenant.external_id);
            current.map(|current| current.id.clone())
        };
        let tenants = identity.tenant.iter().chain(&identity.tenants);
        let team = |tenant: &TenantRef| Self {
            external_id: tenant.external_id.clone(),
            name: tenant.name.clone(),
            tenant_id: entered(tenant),
        };
        tenants.map(team).collect()
    }

    /// Is it what the host calls so?
    pub fn is(&self, tenant: &TenantRef) -> bool {
        self.external_id == tenant.external_id && self.name == tenant.name
    }
}

impl Teams {
    pub fn new(
        plain: plain::Client,
        memberships: Memberships,
        session: Session,
        sessions: Sessions,
        signed_in: SignedIn,
    ) -> Self {
        Self {
            plain,
            memberships,
            session,
            sessions,
            signed_in,
        }
    }

    /// Those that the person may switch to from where they are.
    pub fn others(&self) -> Vec<&Team> {
        let teams = self.signed_in.teams.iter();
        teams.filter(|team| !self.is_current(team)).collect()
    }

    fn is_current(&self, team: &Team) -> bool {
        let current = self.signed_in.viewer.scope.tenant();
        current.is_some_and(|current| current.external_id == team.external_id)
    }

    /// Goes on in the team with this external id, under a new session id (ASVS 7.2.4) and no longer than before.
    ///
    /// # Errors
    /// See [`Error`]; then nothing has changed.
    pub async fn switch(&self, external_id: &str) -> Result<(), Error> {
        let mut teams = self.signed_in.teams.clone();
        let team = teams
            .iter_mut()
            .find(|team| team.external_id == external_id)
            .ok_or(Error::NotFound)?;
        if self.is_current(team) {
            return Ok(());
        }
        let (viewer, checked) = match &team.tenant_id {
            Some(id) => self.come_back(team, id).await?,
            None => self.enter(team).await?,
        };
        team.tenant_id = Some(viewer.scope.key().to_owned());
        let signed_in = SignedIn {
            viewer,
            teams,
            checked,
            ..self.signed_in.clone()
        };
        // Plain may have taken its time, and a new session must not bring back who has signed out by now.
        let lives = match self.session.id() {
            Some(id) => session::lives(&self.sessions, &id).await?,
            None => false,
        };
        if !lives {
            return Err(Error::SignedOut);
        }
        session::restart(&self.session, signed_in)
            .await
            .map_err(|error| Error::Unavailable(error.to_string()))
    }

    /// The first time: what the host vouched for is made so in Plain, as at sign-in.
    async fn enter(&self, team: &Team) -> Result<(Viewer, Checked), Error> {
        let customer_id = &self.signed_in.viewer.customer_id;
        let entering = async {
            let tenant_id = self
                .plain
                .upsert_tenant(&team.external_id, &team.name)
                .await?;
            self.plain
                .add_customer_to_tenant(customer_id, &tenant_id)
                .await?;
            Ok(tenant_id)
        };
        let viewer = self.viewer_in(team, sign_in::in_time(entering).await?);
        // Spam is said of a person, wherever they are.
        let standing = match self.signed_in.checked.standing {
            Standing::Spam => Standing::Spam,
            Standing::Member | Standing::Gone => Standing::Member,
        };
        let checked = Checked::now(standing);
        self.memberships.vouched(&viewer, checked).await;
        Ok((viewer, checked))
    }

    async fn come_back(&self, team: &Team, tenant_id: &str) -> Result<(Viewer, Checked), Error> {
        let viewer = self.viewer_in(team, tenant_id.to_owned());
        match self.memberships.ask(&viewer).await {
            Some(checked) => Ok((viewer, checked)),
            None => Err(Error::Unavailable("Plain did not answer".to_owned())),
        }
    }

    fn viewer_in(&self, team: &Team, id: String) -> Viewer {
        Viewer {
            // How much of the team's they see, the desk decides by the setting.
            scope: Scope::Team(Tenant {
                id,
                external_id: team.external_id.clone(),
                name: team.name.clone(),
            }),
            ..self.signed_in.viewer.clone()
        }
    }
}

impl From<session_store::Error> for Error {
    fn from(error: session_store::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<sign_in::Error> for Error {
    fn from(error: sign_in::Error) -> Self {
        match error {
            sign_in::Error::Refused(error) => Self::Refused(error),
            error => Self::Unavailable(error.to_string()),
        }
    }
}
