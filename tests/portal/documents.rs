//! What README and docs say is so.

use std::{collections::BTreeSet, process::Command};

use axum::http::StatusCode;
use clap::Args;
use plain_portal::{config::Settings, plain::permissions, sandbox::Seed};

use crate::app::TestApp;

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The first code block of this language.
fn snippet(document: &str, language: &str) -> String {
    let text = read(document);
    let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// Said past the test runner, which keeps what a passing test prints to itself.
fn skipped(why: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// Signs somebody in with the token that a program prints.
async fn accepts(program: &str, arguments: &[&str]) {
    let app = TestApp::with(Seed::Empty, |_| {}).await;
    let output = Command::new(program)
        .args(arguments)
        .env("PORTAL_PUBLIC_URL", app.config.server.public_url.as_str())
        .env(
            "PORTAL_HANDOFF_SECRET",
            "a secret of at least thirty-two bytes",
        )
        .output();
    let output = match output {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            skipped(&format!("no {program}"));
            return;
        }
        output => output.unwrap(),
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let token = String::from_utf8(output.stdout).unwrap();
    let page = app.browser().hand_off(token.trim()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{program}: {token}");
}

#[tokio::test]
async fn the_node_snippet_signs_people_in() {
    let call = r#"console.log(handoffToken({ id: "u1", email: "a@example.com", emailVerified: true, name: "Ada" }, { id: "t1", name: "Team" }))"#;
    let program = format!("{}\n{call}", snippet("README.md", "js"));
    accepts("node", &["--input-type=module", "--eval", &program]).await;
}

#[tokio::test]
async fn the_python_snippet_signs_people_in() {
    let call = r#"print(handoff_token({"id": "u1", "email": "a@example.com", "email_verified": False, "name": "Zoë"}, {"id": "t1", "name": "Team"}))"#;
    let program = format!("{}\n{call}", snippet("README.md", "python"));
    accepts("python3", &["-c", &program]).await;
}

#[test]
fn every_setting_is_documented_and_every_documented_setting_exists() {
    let command = Settings::augment_args(clap::Command::new("serve"));
    let arguments: Vec<_> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .collect();
    let exist: BTreeSet<String> = arguments
        .iter()
        .map(|argument| argument.get_env().unwrap().to_str().unwrap().to_owned())
        .collect();
    let page = read("docs/configuration.md");
    let documented: BTreeSet<String> = page
        .lines()
        .filter_map(|line| {
            line.strip_prefix("| `")?
                .split_once('`')
                .map(|(name, _)| name.to_owned())
        })
        .filter(|name| !["RUST_LOG", "PORTAL_LOG_FORMAT"].contains(&name.as_str()))
        .collect();
    assert_eq!(exist, documented);

    let file = read("Leptos.toml");
    let secrets = ["plain_api_key", "handoff_secret", "handoff_secret_previous"];
    for argument in arguments {
        let name = argument.get_id().as_str();
        let key = if name == "site_addr" {
            "site-addr"
        } else {
            name
        };
        assert_eq!(
            file.contains(&format!("# {key} = ")),
            !secrets.contains(&name),
            "{key} in Leptos.toml"
        );
    }
}

#[test]
fn the_operators_file_is_read_when_every_line_of_it_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Leptos.toml");
    let text: String = read("Leptos.toml")
        .lines()
        .map(|line| {
            if line.contains(" = ") {
                line.trim_start_matches("# ")
            } else {
                line
            }
        })
        .collect::<Vec<_>>()
        .join("\n");
    std::fs::write(&path, text).unwrap();
    let settings = Settings::default().with_file(Some(&path)).unwrap();
    assert_eq!(
        settings.public_url.as_deref(),
        Some("https://product.example/support")
    );
    assert_eq!(settings.site_addr.as_deref(), Some("127.0.0.1:3000"));
}

#[test]
fn the_documented_permissions_are_those_that_are_checked() {
    let page = read("docs/configuration.md");
    let (_, rest) = page.split_once("## The API key's permissions").unwrap();
    let section = rest.split("\n## ").next().unwrap();
    let documented: BTreeSet<&str> = section
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.contains(':'))
        .collect();
    assert_eq!(documented, BTreeSet::from(permissions::NEEDED));
}
