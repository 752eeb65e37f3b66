//! `plain-portal check`: each setting, permission and the database, ok or what to do.

use std::{path::PathBuf, process::ExitCode};

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::{
    config::{self, Config, Settings},
    plain::{self, permissions},
    serve,
    store::{self, Store},
};

struct Report {
    failed: bool,
}

impl Report {
    fn ok(&self, what: &str, detail: &str) {
        println!("ok    {what}: {detail}");
    }

    fn fail(&mut self, what: &str, detail: &str) {
        println!("FAIL  {what}: {detail}");
        self.failed = true;
    }
}

/// Prints a line for each thing that the portal needs; the exit code is 1 when one of them would fail.
///
/// What can be tried is tried, also when other settings are wrong.
pub async fn run(settings: &Settings) -> ExitCode {
    let mut report = Report { failed: false };
    match Config::from_settings(settings) {
        Ok(config) => tell(&config, &report),
        Err(problems) => {
            for problem in problems {
                report.fail(problem.setting, &problem.problem);
            }
        }
    }
    match serve::find_assets(settings.site_root.as_ref().map(PathBuf::from)) {
        Ok(_) => report.ok("LEPTOS_SITE_ROOT", "the assets are there"),
        Err(serve::Error::Assets(problem)) => report.fail("LEPTOS_SITE_ROOT", &problem),
        Err(error) => report.fail("LEPTOS_SITE_ROOT", &error.to_string()),
    }
    // What is wrong with these settings themselves has been said.
    if let Ok(url) = config::database_url(settings) {
        check_database(&url, &mut report).await;
    }
    if let Ok(plain) = config::Plain::from_settings(settings) {
        check_plain(plain, &mut report).await;
    }
    if report.failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn tell(config: &Config, report: &Report) {
    report.ok("PORTAL_PUBLIC_URL", config.server.public_url.as_str());
    report.ok("LEPTOS_SITE_ADDR", &config.server.addr.to_string());
    let secrets = match config.handoff.secrets.len() {
        1 => "set",
        _ => "set, and a previous one",
    };
    report.ok("PORTAL_HANDOFF_SECRET", secrets);
    let sign_in = config.server.sign_in_url.as_ref().map_or(
        "not set: people who are not signed in are told to open support from the product",
        Url::as_str,
    );
    report.ok("PORTAL_SIGN_IN_URL", sign_in);
}

async fn check_database(url: &SecretString, report: &mut Report) {
    match Store::open(url.expose_secret()).await {
        Ok(_) => report.ok("DATABASE_URL", "the database opens"),
        Err(store::Error::InUse(_)) => {
            report.ok("DATABASE_URL", "in use, as it is while the portal runs")
        }
        Err(error) => report.fail("DATABASE_URL", &error.to_string()),
    }
}

/// Asks Plain what the key may do. What goes wrong is told of the setting that is most likely at fault.
async fn check_plain(plain: config::Plain, report: &mut Report) {
    let url = plain.api_url.to_string();
    let granted = match plain::Client::new(plain.api_url, plain.api_key) {
        Ok(client) => client.my_permissions().await,
        Err(error) => return report.fail("PLAIN_API_URL", &error.to_string()),
    };
    let granted = match granted {
        Ok(granted) => granted,
        Err(error) => {
            let setting = match error {
                plain::Error::Unauthenticated { .. } | plain::Error::Forbidden { .. } => {
                    "PLAIN_API_KEY"
                }
                _ => "PLAIN_API_URL",
            };
            return report.fail(setting, &format!("{url}: {error}. {}", error.advice()));
        }
    };
    report.ok("PLAIN_API_URL", &url);
    match permissions::missing(&granted).as_slice() {
        [] => report.ok("PLAIN_API_KEY", "has every permission that the portal uses"),
        missing => report.fail(
            "PLAIN_API_KEY",
            &format!(
                "lacks {}; grant them to the API key in Plain → Settings → Machine users",
                missing.join(", ")
            ),
        ),
    }
}
