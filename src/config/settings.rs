//! What an operator writes, before it is checked: one struct that clap fills from flags and environment, and figment from `Leptos.toml`.

use std::path::Path;

use clap::Args as _;
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

/// Settings as text. `docs/configuration.md` and `Leptos.toml` describe each of them.
///
/// The key in `Leptos.toml`'s `[portal]` is the field's name (`public_url`), the flag its kebab-case (`--public-url`).
#[derive(Clone, Default, clap::Args, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// API key of a machine user in Plain; give it by the environment, not as a flag
    #[arg(
        long,
        env = "PLAIN_API_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain_api_key: Option<String>,
    /// Plain's GraphQL endpoint [default: Plain's production]
    #[arg(long, env = "PLAIN_API_URL", value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain_api_url: Option<String>,
    /// Secret with which Plain signs its webhooks; give it by the environment [default: there are no webhooks]
    #[arg(
        long,
        env = "PLAIN_WEBHOOK_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain_webhook_secret: Option<String>,
    /// The secret before it, still accepted while you change it
    #[arg(
        long,
        env = "PLAIN_WEBHOOK_SECRET_PREVIOUS",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain_webhook_secret_previous: Option<String>,
    /// Listen address [default: 127.0.0.1:3000]
    #[arg(long, env = "LEPTOS_SITE_ADDR", value_name = "ADDR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_addr: Option<String>,
    /// Directory with the built assets [default: found beside the executable]
    #[arg(long, env = "LEPTOS_SITE_ROOT", value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_root: Option<String>,
    /// URL of the portal's front page as browsers see it [default: http://ADDR on loopback]
    #[arg(long, env = "PORTAL_PUBLIC_URL", value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// Where people who are not signed in are led to, with `return_to`
    #[arg(long, env = "PORTAL_SIGN_IN_URL", value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in_url: Option<String>,
    /// HS256 secret of handoff tokens, at least 32 bytes; give it by the environment
    #[arg(
        long,
        env = "PORTAL_HANDOFF_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handoff_secret: Option<String>,
    /// The secret before it, still accepted while you rotate
    #[arg(
        long,
        env = "PORTAL_HANDOFF_SECRET_PREVIOUS",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handoff_secret_previous: Option<String>,
    /// File or https:// URL with the public keys of handoff tokens, instead of a secret
    #[arg(long, env = "PORTAL_HANDOFF_JWKS", value_name = "FILE|URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handoff_jwks: Option<String>,
    /// `iss` of handoff tokens [default: host]
    #[arg(long, env = "PORTAL_HANDOFF_ISSUER", value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handoff_issuer: Option<String>,
    /// Exact origins, separated by spaces, that may show the portal in a frame [default: none]
    #[arg(long, env = "PORTAL_EMBED_ORIGINS", value_name = "ORIGINS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embed_origins: Option<String>,
    /// Addresses and ranges of proxies whose X-Forwarded-For and X-Forwarded-Prefix count [default: none]
    #[arg(long, env = "PORTAL_TRUSTED_PROXIES", value_name = "ADDRESSES")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_proxies: Option<String>,
    /// Origins that may POST to /auth/handoff [default: our own and the embed origins]
    #[arg(long, env = "PORTAL_HOST_ORIGINS", value_name = "ORIGINS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_origins: Option<String>,
    /// Whose requests a person sees: `tenant` (their team's) or `customer` (their own) [default: tenant]
    #[arg(long, env = "PORTAL_VISIBILITY", value_name = "WHOSE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<String>,
    /// Whether support sees in Plain who signs in and who marks a request as done: `on` or `off` [default: off]
    #[arg(long, env = "PORTAL_ACTIVITY_EVENTS", value_name = "ON|OFF")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_events: Option<String>,
    /// How long a session lives without use, such as 30m or 8h [default: 8h]
    #[arg(long, env = "PORTAL_SESSION_IDLE", value_name = "DURATION")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_idle: Option<String>,
    /// How long a session lives at all [default: 7d]
    #[arg(long, env = "PORTAL_SESSION_MAX", value_name = "DURATION")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_max: Option<String>,
    /// Name in the page's header and title [default: Support]
    #[arg(long, env = "PORTAL_BRAND_NAME", value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_name: Option<String>,
    /// File with the logo, instead of the name in the header: SVG, PNG, WebP or JPEG
    #[arg(long, env = "PORTAL_BRAND_LOGO", value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_logo: Option<String>,
    /// Colour of buttons, links and marks, such as #1f5c4d
    #[arg(long, env = "PORTAL_BRAND_ACCENT", value_name = "COLOUR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_accent: Option<String>,
    /// How round corners are, from 0px to 24px [default: 6px]
    #[arg(long, env = "PORTAL_BRAND_RADIUS", value_name = "PIXELS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_radius: Option<String>,
    /// Font families that customers' devices have, separated by commas; the usual ones follow
    #[arg(long, env = "PORTAL_BRAND_FONT", value_name = "NAMES")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_font: Option<String>,
    /// sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE [default: sqlite://portal.db]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// Directory where customers' files wait for their messages [default: portal-files beside the SQLite file, or here]
    #[arg(long, env = "PORTAL_FILES", value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<String>,
    /// How much may wait there at most, such as 500MB or 2GB [default: 2GB]
    #[arg(long, env = "PORTAL_FILES_MAX", value_name = "SIZE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files_max: Option<String>,
}

/// One setting as an operator knows it.
#[derive(Debug)]
pub struct Setting {
    pub variable: String,
    pub value: Option<String>,
    /// Is its value for nobody's eyes?
    pub secret: bool,
    /// What `--help` says of it being left out: `default: …`.
    pub default: Option<String>,
}

impl Settings {
    /// Every setting, in the order of `--help`.
    pub fn each(&self) -> Vec<Setting> {
        let values = serde_json::to_value(self).unwrap_or_default();
        let command = Self::augment_args(clap::Command::new("settings"));
        let arguments = command.get_arguments();
        arguments
            .filter_map(|argument| {
                let help = argument.get_help().map(ToString::to_string);
                let default = help.as_deref().and_then(|help| {
                    let (_, default) = help.rsplit_once('[')?;
                    Some(default.strip_suffix(']')?.to_owned())
                });
                Some(Setting {
                    variable: argument.get_env()?.to_str()?.to_owned(),
                    value: values[argument.get_id().as_str()]
                        .as_str()
                        .map(str::to_owned),
                    secret: argument.is_hide_env_values_set(),
                    default,
                })
            })
            .collect()
    }

    /// Fills what flags and environment leave open from the file: `[portal]`, and the address from
    /// `[package.metadata.leptos]`. `file` must exist when it is named; otherwise `Leptos.toml` here is read if there is one.
    ///
    /// # Errors
    /// A sentence that names the file and the key.
    pub fn with_file(self, file: Option<&Path>) -> Result<Self, String> {
        let path = match file {
            Some(path) if !path.is_file() => {
                return Err(format!("--config: there is no file {}", path.display()));
            }
            Some(path) => path,
            None => Path::new("Leptos.toml"),
        };
        let toml = Figment::from(Toml::file_exact(path));
        if path.is_file() {
            let readable = toml.extract::<figment::value::Dict>();
            let readable = readable.map_err(|error| format!("{}: {error}", path.display()))?;
            if let Some(unknown) = readable
                .keys()
                .find(|key| !["portal", "package"].contains(&key.as_str()))
            {
                return Err(format!(
                    "{}: there is no [{unknown}], only [portal] and [package]",
                    path.display()
                ));
            }
        }
        let leptos_addr = toml
            .extract_inner::<String>("package.metadata.leptos.site-addr")
            .ok();
        let address = Self {
            site_addr: leptos_addr,
            ..Self::default()
        };
        let portal = toml.find_value("portal").ok();
        let mut figment = Figment::from(Serialized::defaults(address));
        if let Some(portal) = portal {
            figment = figment.merge(Serialized::defaults(portal));
        }
        let settings = figment
            .merge(Serialized::defaults(self.without_blanks()))
            .extract();
        settings.map_err(|error| format!("{}, [portal]: {error}", path.display()))
    }

    /// Variables that look like settings of ours and are none in this version: misspelt, or of another one.
    pub fn unknown_variables(environment: impl Iterator<Item = String>) -> Vec<String> {
        let command = Self::augment_args(clap::Command::new("settings"));
        let known: Vec<&std::ffi::OsStr> = command
            .get_arguments()
            .filter_map(clap::Arg::get_env)
            .collect();
        environment
            .filter(|name| name.starts_with("PORTAL_") || name.starts_with("PLAIN_"))
            .filter(|name| name != "PORTAL_LOG_FORMAT" && !known.contains(&name.as_ref()))
            .collect()
    }

    /// An empty variable (`PORTAL_SIGN_IN_URL=`) is the same as none, as is usual in compose files.
    fn without_blanks(mut self) -> Self {
        for setting in [
            &mut self.plain_api_key,
            &mut self.plain_api_url,
            &mut self.plain_webhook_secret,
            &mut self.plain_webhook_secret_previous,
            &mut self.site_addr,
            &mut self.site_root,
            &mut self.public_url,
            &mut self.sign_in_url,
            &mut self.handoff_secret,
            &mut self.handoff_secret_previous,
            &mut self.handoff_jwks,
            &mut self.handoff_issuer,
            &mut self.embed_origins,
            &mut self.trusted_proxies,
            &mut self.host_origins,
            &mut self.visibility,
            &mut self.activity_events,
            &mut self.session_idle,
            &mut self.session_max,
            &mut self.brand_name,
            &mut self.brand_logo,
            &mut self.brand_accent,
            &mut self.brand_radius,
            &mut self.brand_font,
            &mut self.database_url,
            &mut self.files,
            &mut self.files_max,
        ] {
            if setting
                .as_deref()
                .is_some_and(|text| text.trim().is_empty())
            {
                *setting = None;
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn flags_and_environment_win_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("Leptos.toml");
        std::fs::write(&path, "[package.metadata.leptos]\nsite-addr = \"127.0.0.1:4000\"\n[portal]\nbrand_name = \"File\"\nsession_idle = \"1h\"\n").unwrap();
        let given = Settings {
            brand_name: Some("Flag".into()),
            sign_in_url: Some(" ".into()),
            ..Settings::default()
        };
        let settings = given.with_file(Some(&path)).unwrap();
        assert_eq!(settings.brand_name.as_deref(), Some("Flag"));
        assert_eq!(settings.session_idle.as_deref(), Some("1h"));
        assert_eq!(settings.site_addr.as_deref(), Some("127.0.0.1:4000"));
        assert_eq!(settings.sign_in_url, None);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("Leptos.toml");
        for text in [
            "[portl]\nbrand_name = \"x\"",
            "[portal]\nbrand_name = \"open",
            "portal = 1",
            "[portal]\nbrand_name = 7",
        ] {
            std::fs::write(&path, text).unwrap();
            let error = Settings::default().with_file(Some(&path)).err().unwrap();
            assert!(error.contains("Leptos.toml"), "{text}: {error}");
        }
        let none = Settings {
            site_root: Some(String::new()),
            ..Settings::default()
        };
        assert_eq!(none.with_file(None).unwrap().site_root, None);
    }

    #[test]
    fn misspelt_variables_are_noticed() {
        let environment = [
            "PATH",
            "PORTAL_PUBLIC_URL",
            "PORTAL_PUBLIC_URI",
            "PLAIN_API_KEY",
            "PORTAL_LOG_FORMAT",
        ];
        let unknown = Settings::unknown_variables(environment.map(str::to_owned).into_iter());
        assert_eq!(unknown, ["PORTAL_PUBLIC_URI"]);
    }

    #[test]
    fn an_unknown_key_in_the_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("Leptos.toml");
        std::fs::write(&path, "[portal]\nbrand_nam = \"x\"\n").unwrap();
        let error = Settings::default().with_file(Some(&path)).err().unwrap();
        assert!(
            error.contains("brand_nam") && error.contains("Leptos.toml"),
            "{error}"
        );
    }
}
