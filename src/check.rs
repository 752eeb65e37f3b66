//! `plain-portal check`: each setting, permission and the database, ok or what to do.

use std::process::ExitCode;

use secrecy::ExposeSecret as _;

use crate::{
    config::{Config, Settings},
    plain, serve, store,
};

/// What the portal does in Plain, and so what its API key must be allowed. It needs no more than these.
const PERMISSIONS: [&str; 15] = [
    "tenant:read",
    "tenant:create",
    "customer:read",
    "customer:create",
    "customer:edit",
    "customer:impersonate",
    "customerTenantMembership:create",
    "thread:read",
    "thread:create",
    "thread:edit",
    "thread:reply",
    "timeline:read",
    "email:read",
    "user:read",
    "machineUser:read",
];

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
pub async fn run(settings: &Settings) -> ExitCode {
    let mut report = Report { failed: false };
    match Config::from_settings(settings) {
        Ok(config) => check(&config, &mut report).await,
        Err(problems) => {
            for problem in problems {
                report.fail(problem.setting, &problem.problem);
            }
        }
    }
    if report.failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

async fn check(config: &Config, report: &mut Report) {
    report.ok("PORTAL_PUBLIC_URL", config.server.public_url.as_str());
    report.ok("LEPTOS_SITE_ADDR", &config.server.addr.to_string());
    let secrets = config.handoff.secrets.len();
    report.ok(
        "PORTAL_HANDOFF_SECRET",
        if secrets == 1 {
            "set"
        } else {
            "set, and a previous one"
        },
    );
    match &config.server.sign_in_url {
        Some(url) => report.ok("PORTAL_SIGN_IN_URL", url.as_str()),
        None => report.ok(
            "PORTAL_SIGN_IN_URL",
            "not set: people who are not signed in are told to open support from the product",
        ),
    }
    match serve::find_assets(config.server.site_root.clone()) {
        Ok(_) => report.ok("LEPTOS_SITE_ROOT", "the assets are there"),
        Err(serve::Error::Assets(problem)) => report.fail("LEPTOS_SITE_ROOT", &problem),
        Err(error) => report.fail("LEPTOS_SITE_ROOT", &error.to_string()),
    }
    match store::Store::open(config.database_url.expose_secret()).await {
        Ok(_) => report.ok("DATABASE_URL", "the database opens"),
        Err(store::Error::InUse(_)) => {
            report.ok("DATABASE_URL", "in use, as it is while the portal runs")
        }
        Err(error) => report.fail("DATABASE_URL", &error.to_string()),
    }
    match plain::Client::new(config.plain.api_url.clone(), config.plain.api_key.clone()) {
        Ok(client) => check_permissions(&client, config.plain.api_url.as_str(), report).await,
        Err(error) => report.fail("PLAIN_API_URL", &error.to_string()),
    }
}

async fn check_permissions(client: &plain::Client, url: &str, report: &mut Report) {
    let granted = match client.my_permissions().await {
        Ok(granted) => granted,
        Err(plain::Error::Unauthenticated { .. }) => {
            let advice = "Plain does not know this key; make one for a machine user in Plain";
            return report.fail("PLAIN_API_KEY", advice);
        }
        Err(error) => return report.fail("PLAIN_API_URL", &format!("{url}: {error}")),
    };
    report.ok("PLAIN_API_URL", url);
    let missing: Vec<&str> = PERMISSIONS
        .into_iter()
        .filter(|wanted| !granted.iter().any(|permission| permission == wanted))
        .collect();
    if missing.is_empty() {
        report.ok("PLAIN_API_KEY", "has every permission that the portal uses");
    } else {
        report.fail(
            "PLAIN_API_KEY",
            &format!(
                "lacks {}; add them to the machine user's API key in Plain",
                missing.join(", ")
            ),
        );
    }
}
