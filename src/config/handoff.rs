//! How the host product signs its people in, and whose requests they then see.

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Origin, Problem, Problems, PublicUrl, Settings, parse_addr, parse_origins, parse_public_url,
};

/// RFC 7518, 3.2: a key for HS256 has at least as many bits as its hash.
const MIN_SECRET_BYTES: usize = 32;

/// How the host product signs its people in.
#[derive(Debug, Clone)]
pub struct Handoff {
    /// The current HS256 secret first; a previous one only verifies.
    pub secrets: Vec<SecretString>,
    pub issuer: String,
    /// `aud` that a token must name: the public URL without a trailing slash.
    pub audience: String,
    /// Origins from which a browser may POST a token.
    pub origins: Vec<Origin>,
    /// Must every token name a tenant? Only [`Visibility::Customer`] can do without.
    pub tenant_required: bool,
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
        match problems.all(Self::read(settings, public_url.as_ref(), Some(&[]))) {
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
        let secrets = problems.take(parse_secrets(settings));
        let named = problems.take(parse_origins(
            "PORTAL_HOST_ORIGINS",
            settings.host_origins.as_deref(),
        ));
        let (Some(secrets), Some(named)) = (secrets, named) else {
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
            secrets,
            issuer: settings
                .handoff_issuer
                .clone()
                .unwrap_or_else(|| "host".to_owned()),
            audience: public_url.as_str().to_owned(),
            origins,
            tenant_required: visibility == Visibility::Tenant,
        }))
    }

    /// The secret that signs; the first one.
    pub fn signing_secret(&self) -> Option<&[u8]> {
        self.secrets
            .first()
            .map(|secret| secret.expose_secret().as_bytes())
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
            "is required and not set (openssl rand -hex 32 makes one)",
        ));
    }
    Ok(secrets)
}
