//! `plain-portal check`: each setting, what it leads to, and what the API key may do: ok, or what to do.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use reqwest::redirect;
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    config::{self, Config, Handoff, HandoffKeys, Problem, PublicUrl, Settings, settings::Setting},
    identity::keys,
    plain::{self, permissions},
    serve, spool,
    store::{self, Store},
};

/// How long the portal's own address may take. It is only asked for a hint.
const PATIENCE: Duration = Duration::from_secs(3);

/// What was found out; told setting by setting at the end.
struct Report {
    findings: Vec<Finding>,
}

struct Finding {
    what: String,
    outcome: Result<String, String>,
}

impl Report {
    fn ok(&mut self, what: &str, detail: impl Into<String>) {
        self.add(what, Ok(detail.into()));
    }

    fn fail(&mut self, what: &str, problem: impl Into<String>) {
        self.add(what, Err(problem.into()));
    }

    fn add(&mut self, what: &str, outcome: Result<String, String>) {
        self.findings.push(Finding {
            what: what.to_owned(),
            outcome,
        });
    }

    fn about<'a>(&'a self, what: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.findings
            .iter()
            .filter(move |finding| finding.what == what)
    }

    fn has_failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.outcome.is_err())
    }
}

impl Finding {
    fn tell(&self) {
        match &self.outcome {
            Ok(detail) => println!("ok    {}: {detail}", self.what),
            Err(problem) => println!("FAIL  {}: {problem}", self.what),
        }
    }
}

/// Prints at least a line for each setting; the exit code is 1 when with one of them the portal would not start or not work.
///
/// What can be tried is tried, also when other settings are wrong. What answers at the public URL is only a hint: the portal need
/// not run yet.
pub async fn run(settings: &Settings) -> ExitCode {
    let mut report = Report { findings: vec![] };
    if let Err(problems) = Config::from_settings(settings) {
        for Problem { setting, problem } in problems {
            report.fail(setting, problem);
        }
    }
    // What is wrong with these settings themselves has been said.
    if let Ok(plain) = config::Plain::from_settings(settings) {
        let with_activity = settings.activity_events.as_deref() == Some("on");
        check_plain(plain, with_activity, &mut report).await;
    }
    check_assets(settings, &mut report);
    if let Ok(handoff) = Handoff::from_settings(settings) {
        check_handoff(&handoff, &mut report).await;
        check_public_url(&handoff.audience, &mut report).await;
    }
    if let Ok(secrets) = config::webhook_secrets(settings) {
        check_webhooks(settings, &secrets, &mut report);
    }
    if let Ok(url) = config::database_url(settings) {
        check_database(&url, &mut report).await;
    }
    if let Ok(files) = config::Files::from_settings(settings) {
        check_files(&files, &mut report);
    }

    let each = settings.each();
    for setting in &each {
        let mut findings = report.about(&setting.variable).peekable();
        if findings.peek().is_none() {
            println!("ok    {}: {}", setting.variable, plainly(setting));
        }
        findings.for_each(Finding::tell);
    }
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in Settings::unknown_variables(names) {
        println!("note  {name}: is not a setting of this version, and changes nothing");
    }
    if report.has_failed() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// A setting that needs nothing but to be well-formed.
fn plainly(setting: &Setting) -> String {
    match (&setting.value, &setting.default) {
        (Some(_), _) if setting.secret => "set".to_owned(),
        (Some(value), _) => value.clone(),
        (None, Some(default)) => format!("not set; {default}"),
        (None, None) => "not set".to_owned(),
    }
}

fn check_assets(settings: &Settings, report: &mut Report) {
    const SETTING: &str = "LEPTOS_SITE_ROOT";
    match serve::find_assets(settings.site_root.as_ref().map(PathBuf::from)) {
        Ok(_) => report.ok(SETTING, "the assets are there"),
        Err(serve::Error::Assets(problem)) => report.fail(SETTING, problem),
        Err(error) => report.fail(SETTING, error.to_string()),
    }
}

/// Reads public keys as the portal would.
async fn check_handoff(handoff: &Handoff, report: &mut Report) {
    let origins: Vec<&str> = handoff
        .origins
        .iter()
        .map(|origin| origin.as_str())
        .collect();
    report.ok("PORTAL_HOST_ORIGINS", origins.join(" "));
    match &handoff.keys {
        HandoffKeys::Secrets(_) => {}
        HandoffKeys::Jwks(jwks) => {
            let setting = handoff.keys.setting();
            match keys::read_once(jwks).await {
                Ok(keys) => {
                    let left_out: String = keys
                        .left_out
                        .iter()
                        .map(|reason| format!("; {reason}"))
                        .collect();
                    report.ok(
                        setting,
                        format!("{}: {}{left_out}", jwks.location, keys.summary()),
                    );
                }
                Err(problem) => report.fail(setting, format!("{}: {problem}", jwks.location)),
            }
            report.ok(
                "PORTAL_HANDOFF_SECRET",
                "not set; tokens are signed with the keys of PORTAL_HANDOFF_JWKS",
            );
        }
    }
}

/// Looks for a portal at its own address, the way a browser would come. It may not run yet, or not be reachable from here.
async fn check_public_url(url: &str, report: &mut Report) {
    let there = match healthz(url).await {
        Ok(true) => "a portal answers there",
        Ok(false) => "what answers there now is not the portal",
        Err(_) => "nothing answers there yet, seen from here",
    };
    let front = match PublicUrl::parse(url) {
        Ok(url) if url.base_path().is_empty() => "at the root of its origin".to_owned(),
        Ok(url) => format!("below {}", url.base_path()),
        Err(problem) => return report.fail("PORTAL_PUBLIC_URL", problem),
    };
    report.ok("PORTAL_PUBLIC_URL", format!("{url}, {front}; {there}"));
}

async fn healthz(url: &str) -> Result<bool, reqwest::Error> {
    let http = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(redirect::Policy::none())
        .build()?;
    let answer = http.get(format!("{url}/healthz")).send().await?;
    Ok(answer.status().is_success() && answer.content_length() == Some(2))
}

/// Says what is to be entered in Plain. Whether Plain has the same secret shows only when it delivers something.
fn check_webhooks(settings: &Settings, secrets: &[SecretString], report: &mut Report) {
    const SETTING: &str = "PLAIN_WEBHOOK_SECRET";
    let url = Handoff::from_settings(settings).map(|handoff| handoff.audience);
    match (secrets, url) {
        ([], _) => report.ok(SETTING, format!("not set; {} answers 404", serve::WEBHOOKS)),
        (_, Ok(url)) => report.ok(
            SETTING,
            format!("set; Plain delivers to {url}{}", serve::WEBHOOKS),
        ),
        (_, Err(_)) => report.ok(SETTING, "set"),
    }
}

async fn check_database(url: &SecretString, report: &mut Report) {
    const SETTING: &str = "DATABASE_URL";
    match Store::open(url.expose_secret()).await {
        Ok(_) => report.ok(SETTING, "the database opens"),
        Err(store::Error::InUse(_)) => {
            report.ok(SETTING, "in use, as it is while the portal runs");
        }
        Err(error) => report.fail(SETTING, error.to_string()),
    }
}

/// Makes the directory as the portal would, and writes to it.
fn check_files(files: &config::Files, report: &mut Report) {
    const SETTING: &str = "PORTAL_FILES";
    match spool::try_folder(&files.folder) {
        Ok(()) => report.ok(
            SETTING,
            format!("{} can be written", files.folder.display()),
        ),
        Err(error) => report.fail(SETTING, error.to_string()),
    }
}

/// Asks Plain what the key may do. What goes wrong is told of the setting that is most likely at fault.
async fn check_plain(plain: config::Plain, with_activity: bool, report: &mut Report) {
    let url = plain.api_url.to_string();
    let granted = match plain::Client::new(plain.api_url, plain.api_key) {
        Ok(client) => client.my_permissions().await,
        Err(error) => return report.fail("PLAIN_API_URL", error.to_string()),
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
            return report.fail(setting, format!("{url}: {error}. {}", error.advice()));
        }
    };
    report.ok("PLAIN_API_URL", url);
    if !granted.iter().any(|it| it == permissions::FOR_GROUPS) {
        let lacks = format!(
            "lacks {}, which only tokens with `groups` need",
            permissions::FOR_GROUPS
        );
        report.ok("PLAIN_API_KEY", lacks);
    }
    let mut missing = permissions::missing(&granted);
    if with_activity {
        let needed = permissions::FOR_ACTIVITY.into_iter();
        missing.extend(needed.filter(|needed| !granted.iter().any(|it| it == needed)));
    }
    match missing.as_slice() {
        [] => report.ok("PLAIN_API_KEY", "has every permission that the portal uses"),
        missing => report.fail(
            "PLAIN_API_KEY",
            format!(
                "lacks {}; grant them to the API key in Plain → Settings → Machine users",
                missing.join(", ")
            ),
        ),
    }
}
