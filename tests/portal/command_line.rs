//! The program as an operator starts it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use axum::http::StatusCode;

use crate::{
    app::{API_KEY, TestApp},
    database::TestDatabase,
};

const SECRET: &str = "a secret of at least thirty-two bytes";

/// The program with nothing of the environment but what a test gives it.
pub fn portal(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plain-portal"));
    command
        .current_dir(folder)
        .env_clear()
        .args(arguments)
        .envs(environment.iter().copied());
    command
}

fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    portal(folder, arguments, environment).output().unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Stands in for the built assets; the style sheet is the real one.
pub fn assets(folder: &Path) -> String {
    let package = folder.join("site/pkg");
    std::fs::create_dir_all(&package).unwrap();
    std::fs::copy("style/main.css", package.join("plain-portal.a.css")).unwrap();
    let script = "export const hydrate = () => {};\nexport default async () => {};\n";
    std::fs::write(package.join("plain-portal.b.js"), script).unwrap();
    std::fs::write(package.join("plain-portal.c.wasm"), "").unwrap();
    folder.join("site").display().to_string()
}

/// A started program, ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn serve_names_what_is_missing_or_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["serve"], &[]);
    assert!(!output.status.success());
    for setting in ["PLAIN_API_KEY", "PORTAL_HANDOFF_SECRET"] {
        assert!(errors(&output).contains(setting), "{}", errors(&output));
    }
    let good = [
        ("PLAIN_API_KEY", API_KEY),
        ("PORTAL_HANDOFF_SECRET", SECRET),
    ];
    for (setting, value) in [
        ("PORTAL_PUBLIC_URL", "http://support.example"),
        ("PORTAL_EMBED_ORIGINS", "*"),
        ("PORTAL_EMBED_ORIGINS", "https://a.example/path"),
        ("PORTAL_HANDOFF_SECRET", "short"),
        ("PORTAL_TRUSTED_PROXIES", "proxy.internal"),
        ("PORTAL_TRUSTED_PROXIES", "0.0.0.0/0"),
        ("LEPTOS_SITE_ADDR", "nowhere"),
        ("LEPTOS_SITE_ADDR", "0.0.0.0:3000"),
        ("PLAIN_API_URL", "http://plain.example/graphql"),
        ("DATABASE_URL", "mysql://x"),
        ("LEPTOS_SITE_ROOT", "nowhere"),
        ("PORTAL_SESSION_IDLE", "soon"),
    ] {
        let output = run(
            folder.path(),
            &["serve"],
            &[good.as_slice(), &[(setting, value)]].concat(),
        );
        assert!(!output.status.success(), "{setting}={value}");
        let named = if value == "0.0.0.0:3000" {
            "PORTAL_PUBLIC_URL"
        } else {
            setting
        };
        assert!(
            errors(&output).contains(named),
            "{setting}={value}: {}",
            errors(&output)
        );
        assert!(!errors(&output).contains(API_KEY) && !errors(&output).contains(SECRET));
    }
}

#[tokio::test]
async fn a_printed_token_signs_somebody_in() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "token",
        "--email",
        "ines@example.com",
        "--name",
        "Ines",
        "--external-id",
        "usr_new",
        "--tenant-external-id",
        "acct_new",
        "--tenant-name",
        "New",
    ];
    let output = run(
        folder.path(),
        &arguments,
        &[("PORTAL_HANDOFF_SECRET", SECRET)],
    );
    assert!(output.status.success(), "{}", errors(&output));
    let token = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        app.browser().hand_off(token.trim()).await.status,
        StatusCode::SEE_OTHER
    );
    for ttl in ["0s", "301s", "soon"] {
        let output = run(
            folder.path(),
            &[arguments.as_slice(), &["--ttl", ttl]].concat(),
            &[("PORTAL_HANDOFF_SECRET", SECRET)],
        );
        assert!(!output.status.success(), "{ttl}");
    }
}

// The program is waited for in this thread, while the sandbox answers it in another.
#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_is_right_and_what_is_not() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (site, url) = (assets(folder.path()), app.sandbox.graphql_url());
    let environment = [
        ("PLAIN_API_KEY", API_KEY),
        ("PORTAL_HANDOFF_SECRET", SECRET),
        ("PLAIN_API_URL", &url),
        ("LEPTOS_SITE_ROOT", &site),
    ];
    let output = run(folder.path(), &["check"], &environment);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", errors(&output));
    assert!(text.lines().all(|line| line.starts_with("ok ")), "{text}");
    assert!(
        text.contains("PLAIN_API_KEY") && text.contains("DATABASE_URL") && !text.contains(API_KEY),
        "{text}"
    );

    app.sandbox.stop().await;
    let output = run(folder.path(), &["check"], &environment);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("FAIL  PLAIN_API_URL"), "{text}");
    let output = run(folder.path(), &["check"], &[]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text.contains("FAIL  PLAIN_API_KEY") && text.contains("FAIL  PORTAL_HANDOFF_SECRET"),
        "{text}"
    );
}

#[test]
fn check_tells_of_either_database_and_never_its_password() {
    let Some(database) = TestDatabase::postgres() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let url = database.url();
    let another = url.replace("postgres@", "somebody:hunter2@");
    for (url, expected) in [
        (url.as_str(), "ok    DATABASE_URL"),
        (another.as_str(), "FAIL  DATABASE_URL"),
        ("postgres://portal:hunter2@[/portal", "FAIL  DATABASE_URL"),
    ] {
        let environment = [
            ("DATABASE_URL", url),
            ("PLAIN_API_KEY", API_KEY),
            ("PLAIN_API_URL", "http://127.0.0.1:1/"),
            ("PORTAL_HANDOFF_SECRET", SECRET),
        ];
        let output = run(folder.path(), &["check"], &environment);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains(expected), "{text}");
        let told = format!("{text}{}", errors(&output));
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn serve_serves_and_keeps_its_database_to_itself() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (site, url) = (assets(folder.path()), app.sandbox.graphql_url());
    let environment = [
        ("PLAIN_API_KEY", API_KEY),
        ("PORTAL_HANDOFF_SECRET", SECRET),
        ("PLAIN_API_URL", &url),
        ("LEPTOS_SITE_ROOT", &site),
        ("LEPTOS_SITE_ADDR", "127.0.0.1:0"),
        ("PORTAL_PUBLIC_URL", "https://product.example/support"),
        ("PORTAL_LOG_FORMAT", "json"),
    ];
    let mut child = portal(folder.path(), &["serve"], &environment)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = child.stderr.take().unwrap();
    let running = Running(child);
    let address = tokio::task::spawn_blocking(move || {
        BufReader::new(log)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let line: serde_json::Value = serde_json::from_str(&line).unwrap();
                line["fields"]["addr"].as_str().map(str::to_owned)
            })
    });
    let address = address.await.unwrap().unwrap();
    for path in ["/readyz", "/support/readyz", "/support"] {
        let status = reqwest::get(format!("http://{address}{path}"))
            .await
            .unwrap()
            .status();
        assert_eq!(
            status.as_u16(),
            if path == "/support" { 401 } else { 200 },
            "{path}"
        );
    }
    let second = run(folder.path(), &["serve"], &environment);
    assert!(!second.status.success());
    assert!(
        errors(&second).contains("DATABASE_URL"),
        "{}",
        errors(&second)
    );
    drop(running);
}

#[test]
fn the_demo_stays_on_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["demo", "--portal-addr", "0.0.0.0:0"], &[]);
    assert!(!output.status.success());
    assert!(
        errors(&output).contains("not a loopback address"),
        "{}",
        errors(&output)
    );
}
