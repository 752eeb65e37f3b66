//! How the host product signs its people in, and whose requests they then see.

use std::{fmt, path::PathBuf, time::Duration};

use secrecy::SecretString;
use url::Url;

use crate::model::{Scope, Tenant, Viewer};

use super::{
    Origin, Problem, Problems, PublicUrl, Settings, parse_addr, parse_origins, parse_public_url,
    public_url::is_loopback,
};

/// RFC 7518, 3.2: a key for HS256 has at least as many bits as its hash.
const MIN_SECRET_BYTES: usize = 32;

/// How the host product signs its people in.
#[derive(Debug, Clone)]
pub struct Handoff {
    pub keys: HandoffKeys,
    pub issuer: String,
    /// `aud` that a token must name: the public URL without a trailing slash.
    pub audience: String,
    /// Origins from which a browser may POST a token.
    pub origins: Vec<Origin>,
    /// Must every token name a tenant? Only [`Visibility::Customer`] can do without.
    pub tenant_required: bool,
}

/// What tells a genuine token from a forged one.
#[derive(Debug, Clone)]
pub enum HandoffKeys {
    /// HS256: the current secret first; a previous one only verifies.
    Secrets(Vec<SecretString>),
    /// The host's public keys.
    Jwks(Jwks),
}

/// Where the host's public keys are, and how patiently they are asked for.
#[derive(Debug, Clone)]
pub struct Jwks {
    pub location: JwksLocation,
    pub refetch: Refetch,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JwksLocation {
    File(PathBuf),
    Url(Url),
}

/// When keys may be fetched again, and how long a fetch may take. Not a setting.
#[derive(Debug, Clone, Copy)]
pub struct Refetch {
    /// Between two fetches.
    pub pause: Duration,
    /// The same, while there are no keys at all and nobody can sign in.
    pub pause_without_keys: Duration,
    pub timeout: Duration,
}

impl Default for Refetch {
    fn default() -> Self {
        Self {
            pause: Duration::from_secs(60),
            pause_without_keys: Duration::from_secs(5),
            timeout: Duration::from_secs(5),
        }
    }
}

impl fmt::Display for JwksLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Url(url) => write!(f, "{url}"),
        }
    }
}

impl HandoffKeys {
    /// The setting that they come from.
    pub fn setting(&self) -> &'static str {
        match self {
            Self::Secrets(_) => "PORTAL_HANDOFF_SECRET",
            Self::Jwks(_) => "PORTAL_HANDOFF_JWKS",
        }
    }

    fn from_settings(settings: &Settings) -> Result<Self, Problem> {
        let Some(text) = &settings.handoff_jwks else {
            return parse_secrets(settings).map(Self::Secrets);
        };
        if settings.handoff_secret.is_some() || settings.handoff_secret_previous.is_some() {
            return Err(Problem::new(
                "PORTAL_HANDOFF_JWKS",
                "stands beside PORTAL_HANDOFF_SECRET; set one of them, so that tokens are signed in one way only",
            ));
        }
        Ok(Self::Jwks(Jwks {
            location: parse_location(text)?,
            refetch: Refetch::default(),
        }))
    }
}

/// Whose requests a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Exactly those of the session's tenant.
    #[default]
    Tenant,
    /// The customer's own.
    Customer,
}

impl Visibility {
    /// The scope of somebody who is signed in to this team, or to none; `None` where a team is needed.
    pub fn scope(self, tenant: Option<Tenant>) -> Option<Scope> {
        match (self, tenant) {
            (Self::Tenant, tenant) => tenant.map(Scope::Team),
            (Self::Customer, Some(tenant)) => Some(Scope::OwnIn(tenant)),
            (Self::Customer, None) => Some(Scope::Own {}),
        }
    }

    /// The viewer under this setting, whatever it was when they signed in; `None` where a team is needed and they have
    /// none.
    pub fn applied_to(self, viewer: Viewer) -> Option<Viewer> {
        let scope = self.scope(viewer.scope.into())?;
        Some(Viewer { scope, ..viewer })
    }

    /// # Errors
    /// When it is neither `tenant` nor `customer`.
    pub fn from_settings(settings: &Settings) -> Result<Self, Problem> {
        match settings.visibility.as_deref() {
            None | Some("tenant") => Ok(Self::Tenant),
            Some("customer") => Ok(Self::Customer),
            Some(other) => Err(Problem::new(
                "PORTAL_VISIBILITY",
                format!("{other:?} is neither `tenant` nor `customer`"),
            )),
        }
    }
}

impl Handoff {
    /// Only what signing a token needs; the rest of the settings may be missing.
    ///
    /// # Errors
    /// One [`Problem`] for each setting that is missing or wrong.
    pub fn from_settings(settings: &Settings) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let addr = problems.take(parse_addr(settings));
        let public_url = addr.and_then(|addr| problems.take(parse_public_url(settings, addr)));
        let embed_origins =
            parse_origins("PORTAL_EMBED_ORIGINS", settings.embed_origins.as_deref());
        let embed_origins = problems.take(embed_origins);
        match problems.all(Self::read(
            settings,
            public_url.as_ref(),
            embed_origins.as_deref(),
        )) {
            Some(Some(handoff)) if problems.0.is_empty() => Ok(handoff),
            _ => Err(problems.0),
        }
    }

    /// Its own settings, beside those that have been read. `None`: one of those was wrong, which has been told.
    pub(super) fn read(
        settings: &Settings,
        public_url: Option<&PublicUrl>,
        embed_origins: Option<&[Origin]>,
    ) -> Result<Option<Self>, Vec<Problem>> {
        let mut problems = Problems::default();
        let keys = problems.take(HandoffKeys::from_settings(settings));
        let named = problems.take(parse_origins(
            "PORTAL_HOST_ORIGINS",
            settings.host_origins.as_deref(),
        ));
        let (Some(keys), Some(named)) = (keys, named) else {
            return Err(problems.0);
        };
        let (Some(public_url), Some(embed_origins)) = (public_url, embed_origins) else {
            return Ok(None);
        };
        let origins = match &settings.host_origins {
            Some(_) => named,
            None => [embed_origins, &[public_url.origin()]].concat(),
        };
        let visibility = Visibility::from_settings(settings).unwrap_or_default();
        Ok(Some(Self {
            keys,
            issuer: settings
                .handoff_issuer
                .clone()
                .unwrap_or_else(|| "host".to_owned()),
            audience: public_url.as_str().to_owned(),
            origins,
            tenant_required: visibility == Visibility::Tenant,
        }))
    }
}

fn parse_secrets(settings: &Settings) -> Result<Vec<SecretString>, Problem> {
    let mut secrets = vec![];
    let named = [
        ("PORTAL_HANDOFF_SECRET", &settings.handoff_secret),
        (
            "PORTAL_HANDOFF_SECRET_PREVIOUS",
            &settings.handoff_secret_previous,
        ),
    ];
    for (setting, secret) in named {
        let Some(secret) = secret else { continue };
        if secret.len() < MIN_SECRET_BYTES {
            let problem = format!(
                "has {} bytes; at least {MIN_SECRET_BYTES} are needed (openssl rand -hex 32)",
                secret.len()
            );
            return Err(Problem::new(setting, problem));
        }
        secrets.push(SecretString::from(secret.clone()));
    }
    if settings.handoff_secret.is_none() {
        return Err(Problem::new(
            "PORTAL_HANDOFF_SECRET",
            "is required and not set (openssl rand -hex 32 makes one), unless PORTAL_HANDOFF_JWKS names public keys",
        ));
    }
    Ok(secrets)
}

/// A URL when it looks like one, else a file. Public keys are no secret, but whoever can change them on their way can sign
/// anybody in.
fn parse_location(text: &str) -> Result<JwksLocation, Problem> {
    let problem = |problem: String| Problem::new("PORTAL_HANDOFF_JWKS", problem);
    if !text.contains("://") {
        return Ok(JwksLocation::File(PathBuf::from(text)));
    }
    let url = Url::parse(text).map_err(|error| problem(format!("is not a URL ({error})")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(problem(
            "must be a URL without user and password".to_owned(),
        ));
    }
    match url.scheme() {
        "https" => Ok(JwksLocation::Url(url)),
        "http" if is_loopback(&url) => Ok(JwksLocation::Url(url)),
        _ => Err(problem(format!(
            "{text:?} must be a file or an https:// URL (http:// is for loopback only)"
        ))),
    }
}
