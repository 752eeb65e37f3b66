//! Settings: flag > environment > `Leptos.toml` > default, parsed once into typed structs.

mod brand;
mod files;
pub mod handoff;
pub mod proxies;
pub mod public_url;
pub mod settings;
mod webhooks;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use secrecy::SecretString;
use url::Url;

pub use brand::{Accent, Brand, ImageKind, Logo, Shades};
pub use files::Files;
pub use handoff::{Handoff, HandoffKeys, Jwks, JwksLocation, Refetch, Visibility};
pub use proxies::TrustedProxies;
pub use public_url::{Origin, PublicUrl};
pub use settings::Settings;
pub use webhooks::webhook_secrets;

/// Plain's production endpoint.
const PLAIN_API_URL: &str = "https://core-api.uk.plain.com/graphql/v1";
/// Withdrawn memberships are noticed within so long.
const RECHECK: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// All settings of a portal, checked. Built only by [`Config::from_settings`].
#[derive(Debug, Clone)]
pub struct Config {
    pub plain: Plain,
    /// Those that may have signed a webhook; without any there are none.
    pub webhook_secrets: Vec<SecretString>,
    pub server: Server,
    pub handoff: Handoff,
    /// Whose requests a person sees.
    pub visibility: Visibility,
    pub session: Session,
    pub brand: Brand,
    /// Secret, because it may hold a password.
    pub database_url: SecretString,
    pub files: Files,
    pub settle: Settle,
    /// How often Plain is asked whether somebody who is signed in still belongs there. Not a setting.
    pub recheck: Duration,
    /// Is support told in Plain what people do in the portal?
    pub activity_events: bool,
}

/// How long after an attempt with an unclear end an answer would be in the conversation, if Plain took it. Not a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settle {
    /// Where Plain shows an answer as soon as it has it.
    pub direct: Duration,
    /// Where it travels as e-mail, or by way of Slack.
    pub relayed: Duration,
}

impl Default for Settle {
    fn default() -> Self {
        Self {
            direct: Duration::from_secs(15),
            relayed: Duration::from_secs(30),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Plain {
    pub api_url: Url,
    pub api_key: SecretString,
}

#[derive(Debug, Clone)]
pub struct Server {
    pub addr: SocketAddr,
    pub public_url: PublicUrl,
    /// Where the hashed assets lie; `None` = beside the executable.
    pub site_root: Option<PathBuf>,
    pub sign_in_url: Option<Url>,
    /// Origins that may show the portal in a frame.
    pub embed_origins: Vec<Origin>,
    /// Proxies whose `X-Forwarded-*` count.
    pub trusted_proxies: TrustedProxies,
}

#[derive(Debug, Clone, Copy)]
pub struct Session {
    pub idle: Duration,
    pub max: Duration,
}

/// A setting that is missing or wrong. Names it as the environment does and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct Problem {
    pub setting: &'static str,
    pub problem: String,
}

impl Problem {
    fn new(setting: &'static str, problem: impl Into<String>) -> Self {
        Self {
            setting,
            problem: problem.into(),
        }
    }
}

impl Config {
    /// Checks every setting and keeps going, so that all problems are told at once.
    ///
    /// # Errors
    /// One [`Problem`] for each setting that is missing or wrong.
    pub fn from_settings(settings: &Settings) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let addr = problems.take(parse_addr(settings));
        let public_url = addr.and_then(|addr| problems.take(parse_public_url(settings, addr)));
        let embed_origins = problems.take(parse_origins(
            "PORTAL_EMBED_ORIGINS",
            settings.embed_origins.as_deref(),
        ));
        let visibility = problems.take(Visibility::from_settings(settings));
        let handoff = problems.all(Handoff::read(
            settings,
            public_url.as_ref(),
            embed_origins.as_deref(),
        ));
        let plain = problems.all(Plain::from_settings(settings));
        let webhook_secrets = problems.take(webhook_secrets(settings));
        let sign_in_url = problems.take(parse_sign_in_url(settings));
        let idle = problems.take(duration(
            "PORTAL_SESSION_IDLE",
            settings.session_idle.as_deref(),
            8 * HOUR,
        ));
        let max = problems.take(duration(
            "PORTAL_SESSION_MAX",
            settings.session_max.as_deref(),
            7 * 24 * HOUR,
        ));
        let activity_events = problems.take(parse_activity_events(settings));
        let trusted_proxies = problems.take(parse_trusted_proxies(settings));
        let brand = problems.all(Brand::from_settings(settings));
        let database_url = problems.take(database_url(settings));
        let files = problems.all(Files::from_settings(settings));
        let config = (|| {
            Some(Self {
                plain: plain?,
                webhook_secrets: webhook_secrets?,
                handoff: handoff??,
                visibility: visibility?,
                session: Session {
                    idle: idle?,
                    max: max?,
                },
                brand: brand?,
                database_url: database_url?,
                files: files?,
                settle: Settle::default(),
                recheck: RECHECK,
                activity_events: activity_events?,
                server: Server {
                    addr: addr?,
                    public_url: public_url?,
                    site_root: settings.site_root.as_ref().map(PathBuf::from),
                    sign_in_url: sign_in_url?,
                    embed_origins: embed_origins?,
                    trusted_proxies: trusted_proxies?,
                },
            })
        })();
        match config {
            Some(config) if problems.0.is_empty() => Ok(config),
            _ => Err(problems.0),
        }
    }
}

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn take<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.0.push(problem)).ok()
    }

    fn all<T>(&mut self, result: Result<T, Vec<Problem>>) -> Option<T> {
        result.map_err(|problems| self.0.extend(problems)).ok()
    }
}

fn required(setting: &'static str, value: Option<&str>) -> Result<String, Problem> {
    match value.map(str::trim) {
        Some(value) if !value.is_empty() => Ok(value.to_owned()),
        _ => Err(Problem::new(setting, "is required and not set")),
    }
}

fn parse_addr(settings: &Settings) -> Result<SocketAddr, Problem> {
    let text = settings.site_addr.as_deref().unwrap_or("127.0.0.1:3000");
    text.parse().map_err(|_| {
        Problem::new(
            "LEPTOS_SITE_ADDR",
            format!("{text:?} is not an address such as 127.0.0.1:3000"),
        )
    })
}

fn parse_public_url(settings: &Settings, addr: SocketAddr) -> Result<PublicUrl, Problem> {
    const SETTING: &str = "PORTAL_PUBLIC_URL";
    match &settings.public_url {
        Some(text) => PublicUrl::parse(text).map_err(|problem| Problem::new(SETTING, problem)),
        None if addr.ip().is_loopback() => PublicUrl::parse(&format!("http://{addr}"))
            .map_err(|problem| Problem::new(SETTING, problem)),
        None => Err(Problem::new(
            SETTING,
            format!(
                "is required because the portal listens on {addr}, which is not a loopback address"
            ),
        )),
    }
}

fn parse_origins(setting: &'static str, text: Option<&str>) -> Result<Vec<Origin>, Problem> {
    text.unwrap_or_default()
        .split_ascii_whitespace()
        .map(|origin| Origin::parse(origin).map_err(|problem| Problem::new(setting, problem)))
        .collect()
}

fn parse_trusted_proxies(settings: &Settings) -> Result<TrustedProxies, Problem> {
    TrustedProxies::parse(settings.trusted_proxies.as_deref().unwrap_or_default())
        .map_err(|problem| Problem::new("PORTAL_TRUSTED_PROXIES", problem))
}

fn parse_api_url(settings: &Settings) -> Result<Url, Problem> {
    const SETTING: &str = "PLAIN_API_URL";
    let text = settings.plain_api_url.as_deref().unwrap_or(PLAIN_API_URL);
    let url = Url::parse(text)
        .map_err(|error| Problem::new(SETTING, format!("{text:?} is not a URL ({error})")))?;
    if url.scheme() == "https" || (url.scheme() == "http" && public_url::is_loopback(&url)) {
        Ok(url)
    } else {
        Err(Problem::new(
            SETTING,
            "must be an https:// URL: the API key travels there (http:// is for loopback only)",
        ))
    }
}

fn parse_api_key(settings: &Settings) -> Result<String, Problem> {
    const SETTING: &str = "PLAIN_API_KEY";
    let key = required(SETTING, settings.plain_api_key.as_deref())?;
    match key.chars().all(|c| c.is_ascii_graphic()) {
        true => Ok(key),
        false => Err(Problem::new(
            SETTING,
            "has spaces, line ends or other characters that no key has",
        )),
    }
}

fn parse_sign_in_url(settings: &Settings) -> Result<Option<Url>, Problem> {
    const SETTING: &str = "PORTAL_SIGN_IN_URL";
    let Some(text) = &settings.sign_in_url else {
        return Ok(None);
    };
    let url = Url::parse(text)
        .map_err(|error| Problem::new(SETTING, format!("{text:?} is not a URL ({error})")))?;
    match url.scheme() {
        "http" | "https" => Ok(Some(url)),
        scheme => Err(Problem::new(
            SETTING,
            format!("must be an http(s) URL, not {scheme}:"),
        )),
    }
}

fn duration(
    setting: &'static str,
    text: Option<&str>,
    default: Duration,
) -> Result<Duration, Problem> {
    let Some(text) = text else { return Ok(default) };
    let problem = || {
        Problem::new(
            setting,
            format!("{text:?} is not a duration such as 30m, 8h or 7d"),
        )
    };
    let span: jiff::SignedDuration = match text.strip_suffix('d') {
        Some(days) => days.parse().ok().and_then(|days: i64| {
            jiff::SignedDuration::from_hours(1)
                .checked_mul(i32::try_from(days.checked_mul(24)?).ok()?)
        }),
        None => text.parse().ok(),
    }
    .ok_or_else(problem)?;
    Duration::try_from(span)
        .ok()
        .filter(|duration| !duration.is_zero())
        .ok_or_else(problem)
}

/// Where the portal keeps what it keeps. Refuses in words of its own: the URL may hold a password.
///
/// # Errors
/// When it is no URL of a database that the portal knows.
pub fn database_url(settings: &Settings) -> Result<SecretString, Problem> {
    let problem = |problem| Problem::new("DATABASE_URL", problem);
    let url = settings
        .database_url
        .as_deref()
        .unwrap_or("sqlite://portal.db");
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") if url.contains(":memory:") || url.contains("mode=memory") => Err(problem(
            "must name a file: what is kept has to outlive the process".to_owned(),
        )),
        Some("sqlite") => Ok(url.into()),
        Some("postgres" | "postgresql") => match Url::parse(url) {
            Ok(_) => Ok(url.into()),
            Err(error) => Err(problem(format!(
                "is not a URL ({error}); a password's special characters are written as %XX"
            ))),
        },
        _ => Err(problem(
            "must be sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE".to_owned(),
        )),
    }
}

fn parse_activity_events(settings: &Settings) -> Result<bool, Problem> {
    match settings.activity_events.as_deref() {
        None | Some("off") => Ok(false),
        Some("on") => Ok(true),
        Some(other) => Err(Problem::new(
            "PORTAL_ACTIVITY_EVENTS",
            format!("{other:?} is neither `on` nor `off`"),
        )),
    }
}

impl Plain {
    /// Only what a client of Plain's needs; the rest of the settings may be missing.
    ///
    /// # Errors
    /// One [`Problem`] for each setting that is missing or wrong.
    pub fn from_settings(settings: &Settings) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let api_url = problems.take(parse_api_url(settings));
        let api_key = problems.take(parse_api_key(settings));
        match (api_url, api_key) {
            (Some(api_url), Some(api_key)) => Ok(Self {
                api_url,
                api_key: SecretString::from(api_key),
            }),
            _ => Err(problems.0),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use secrecy::ExposeSecret as _;

    use super::*;

    fn complete() -> Settings {
        Settings {
            plain_api_key: Some("plainApiKey_test".into()),
            handoff_secret: Some("0123456789abcdef0123456789abcdef".into()),
            ..Settings::default()
        }
    }

    fn settings_at_fault(settings: &Settings) -> Vec<&'static str> {
        match Config::from_settings(settings) {
            Ok(_) => vec![],
            Err(problems) => problems
                .into_iter()
                .map(|problem| problem.setting)
                .collect(),
        }
    }

    #[test]
    fn defaults_make_a_loopback_portal() {
        let config = Config::from_settings(&complete()).unwrap();
        assert_eq!(config.server.public_url.as_str(), "http://127.0.0.1:3000");
        assert_eq!(config.handoff.audience, "http://127.0.0.1:3000");
        assert_eq!(config.session.idle, Duration::from_secs(28_800));
        assert_eq!(config.session.max, Duration::from_secs(604_800));
        assert_eq!(config.handoff.origins, [config.server.public_url.origin()]);
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let settings = Settings {
            public_url: Some("http://support.example".into()),
            handoff_secret: Some("short".into()),
            embed_origins: Some("*".into()),
            trusted_proxies: Some("proxy.internal".into()),
            session_idle: Some("soon".into()),
            ..Settings::default()
        };
        let mut named = settings_at_fault(&settings);
        named.sort_unstable();
        assert_eq!(
            named,
            [
                "PLAIN_API_KEY",
                "PORTAL_EMBED_ORIGINS",
                "PORTAL_HANDOFF_SECRET",
                "PORTAL_PUBLIC_URL",
                "PORTAL_SESSION_IDLE",
                "PORTAL_TRUSTED_PROXIES"
            ]
        );
    }

    #[test]
    fn tokens_are_signed_in_one_way() {
        let jwks = |jwks: &str, secret: Option<&str>| Settings {
            handoff_jwks: Some(jwks.into()),
            handoff_secret: secret.map(str::to_owned),
            ..complete()
        };
        for (text, url) in [
            ("keys.json", false),
            ("/etc/portal/keys.json", false),
            ("https://product.example/.well-known/jwks.json", true),
            ("http://127.0.0.1:4000/jwks.json", true),
        ] {
            let config = Config::from_settings(&jwks(text, None)).unwrap();
            let HandoffKeys::Jwks(found) = config.handoff.keys else {
                panic!("{text}");
            };
            assert_eq!(
                matches!(found.location, JwksLocation::Url(_)),
                url,
                "{text}"
            );
        }
        let secret = complete().handoff_secret;
        for settings in [
            jwks("keys.json", secret.as_deref()),
            jwks("http://product.example/jwks.json", None),
            jwks("ftp://product.example/jwks.json", None),
            jwks("https://me:password@product.example/jwks.json", None),
        ] {
            assert_eq!(settings_at_fault(&settings), ["PORTAL_HANDOFF_JWKS"]);
        }
    }

    #[test]
    fn both_databases_are_known_and_no_refusal_tells_the_password() {
        for url in [
            "sqlite://portal.db",
            "sqlite:portal.db?mode=rwc",
            "postgres://portal:hunter2@db.example/portal",
            "postgresql:///portal?host=/run/postgresql",
        ] {
            let settings = Settings {
                database_url: Some(url.into()),
                ..complete()
            };
            let config = Config::from_settings(&settings).unwrap();
            assert_eq!(config.database_url.expose_secret(), url);
            assert!(!format!("{config:?}").contains("hunter2"));
        }
        for url in [
            "sqlite::memory:",
            "sqlite://portal.db?mode=memory",
            "mysql://portal:hunter2@db.example/portal",
            "postgres://portal:hunter2/@db.example:x/portal",
            "hunter2",
        ] {
            let settings = Settings {
                database_url: Some(url.into()),
                ..complete()
            };
            let problems = Config::from_settings(&settings).err().unwrap();
            let text = problems[0].to_string();
            assert!(text.starts_with("DATABASE_URL: "), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn off_loopback_a_public_url_is_required() {
        assert_eq!(
            settings_at_fault(&Settings {
                site_addr: Some("0.0.0.0:3000".into()),
                ..complete()
            }),
            ["PORTAL_PUBLIC_URL"]
        );
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, seconds) in [("30m", 1800), ("8h", 28_800), ("7d", 604_800), ("90s", 90)] {
            assert_eq!(
                duration("X", Some(text), HOUR).unwrap().as_secs(),
                seconds,
                "{text}"
            );
        }
        for text in ["", "0s", "-1h", "d", "8", "99999999999999999d"] {
            assert!(duration("X", Some(text), HOUR).is_err(), "{text:?}");
        }
    }
}
