//! The program as an operator starts it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::json;

use crate::{
    app::{API_KEY, TestApp},
    host_keys::HostKey,
};

pub const SECRET: &str = "a secret of at least thirty-two bytes";

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

pub fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    portal(folder, arguments, environment).output().unwrap()
}

pub fn errors(output: &Output) -> String {
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
        ("PORTAL_VISIBILITY", "everybody"),
        ("PORTAL_HANDOFF_JWKS", "keys.json"),
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

#[test]
fn serve_refuses_keys_in_a_file_that_cannot_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let site = assets(folder.path());
    let mut private = HostKey::new("EdDSA", "mine").jwk();
    private["d"] = "c2VjcmV0".into();
    let file = folder.path().join("keys.json");
    for (text, named) in [
        (None, "keys.json"),
        (Some(json!({ "keys": [private] })), "private"),
        (Some(json!({ "keys": [] })), "no key"),
    ] {
        if let Some(text) = text {
            std::fs::write(&file, text.to_string()).unwrap();
        }
        let environment = [
            ("PLAIN_API_KEY", API_KEY),
            ("PORTAL_HANDOFF_JWKS", "keys.json"),
            ("LEPTOS_SITE_ADDR", "127.0.0.1:0"),
            ("LEPTOS_SITE_ROOT", &site),
        ];
        let output = run(folder.path(), &["serve"], &environment);
        let told = errors(&output);
        assert!(!output.status.success());
        assert!(
            told.contains("PORTAL_HANDOFF_JWKS") && told.contains(named),
            "{told}"
        );
        assert!(!told.contains("c2VjcmV0"), "{told}");
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
