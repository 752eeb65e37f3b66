//! The program as an operator starts it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use plain_portal::{config::Settings, sandbox::Seed};
use serde_json::json;

use crate::{
    app::{API_KEY, TestApp},
    database::TestDatabase,
    host_keys::HostKey,
    jwks::{Answer, JwksServer},
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

#[tokio::test]
async fn a_printed_token_says_all_that_it_is_told() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "token",
        "--email=ines@example.com",
        "--email-unverified",
        "--name=Ines",
        "--external-id=usr_new",
        "--tenant-external-id=acct_new",
        "--tenants=acct_a",
        "--tenants=acct_b=Bee & Sons",
        "--groups=vip,beta",
        "--locale=de-AT",
        "--zone=Europe/Vienna",
        "--ttl=300s",
    ];
    let output = run(
        folder.path(),
        &arguments,
        &[("PORTAL_HANDOFF_SECRET", SECRET)],
    );
    assert!(output.status.success(), "{}", errors(&output));
    let token = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let claims: serde_json::Value = serde_json::from_slice(
        &URL_SAFE_NO_PAD
            .decode(token.split('.').nth(1).unwrap())
            .unwrap(),
    )
    .unwrap();
    for (claim, value) in [
        ("email_verified", json!(false)),
        ("tenant", json!({ "external_id": "acct_new" })),
        (
            "tenants",
            json!([{ "external_id": "acct_a" }, { "external_id": "acct_b", "name": "Bee & Sons" }]),
        ),
        ("groups", json!(["vip", "beta"])),
        ("locale", json!("de-AT")),
        ("zone", json!("Europe/Vienna")),
    ] {
        assert_eq!(claims[claim], value, "{claim}");
    }
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!(lifetime, 300);
    let page = app.browser().hand_off(&token).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    // What the portal would refuse is not printed.
    let nobody = [&arguments[1..], &["--email=nobody"]].concat();
    let output = run(
        folder.path(),
        &[&["token"], nobody.as_slice()].concat(),
        &[("PORTAL_HANDOFF_SECRET", SECRET)],
    );
    assert!(!output.status.success() && output.stdout.is_empty());
}

#[tokio::test]
async fn a_token_is_signed_with_a_private_key_where_the_portal_has_public_ones() {
    let folder = tempfile::tempdir().unwrap();
    let jwks = folder.path().join("keys.json").display().to_string();
    let hosts = ["EdDSA", "ES256", "RS256"].map(|alg| HostKey::new(alg, alg));
    let keys: Vec<_> = hosts.iter().map(HostKey::jwk).collect();
    std::fs::write(&jwks, json!({ "keys": keys }).to_string()).unwrap();
    let app = TestApp::with(Seed::Empty, |settings| {
        settings.handoff_secret = None;
        settings.handoff_jwks = Some(jwks.clone());
    })
    .await;
    let token = |more: &[&str], environment: &[(&str, &str)]| {
        let person = [
            "token",
            "--email=ines@example.com",
            "--name=Ines",
            "--external-id=usr_new",
            "--tenant-external-id=acct_new",
        ];
        run(
            folder.path(),
            &[person.as_slice(), more].concat(),
            environment,
        )
    };
    let configured = [("PORTAL_HANDOFF_JWKS", jwks.as_str())];
    for host in &hosts {
        std::fs::write(folder.path().join("key.pem"), host.private_pem()).unwrap();
        let output = token(&["--key=key.pem", "--kid", &host.kid], &configured);
        assert!(output.status.success(), "{}", errors(&output));
        let printed = String::from_utf8(output.stdout).unwrap();
        let page = app.browser().hand_off(printed.trim()).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", host.kid);
    }
    let secret = [("PORTAL_HANDOFF_SECRET", SECRET)];
    std::fs::write(folder.path().join("text"), "no key").unwrap();
    for (more, environment, named) in [
        (&[][..], configured, "--key"),
        (&["--key=key.pem"], configured, "`kid`"),
        (&["--key=key.pem", "--kid=other"], configured, "`kid`"),
        (&["--key=key.pem", "--kid=EdDSA"], configured, "`alg`"),
        (&["--key=nowhere", "--kid=RS256"], configured, "nowhere"),
        (&["--key=text", "--kid=RS256"], configured, "PKCS#8"),
        (&["--key=key.pem"], secret, "PORTAL_HANDOFF_SECRET"),
    ] {
        let output = token(more, &environment);
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(
            errors(&output).contains(named),
            "{more:?}: {}",
            errors(&output)
        );
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

    for setting in Settings::default().each() {
        let line = format!("ok    {}: ", setting.variable);
        assert!(text.contains(&line), "{line}: {text}");
    }

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

#[tokio::test(flavor = "multi_thread")]
async fn check_reads_public_keys_and_looks_for_the_portal() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (site, url) = (assets(folder.path()), app.sandbox.graphql_url());
    let (ed, rsa) = (HostKey::new("EdDSA", "new"), HostKey::new("RS256", "old"));
    let host = JwksServer::start(&[&ed, &rsa]).await;
    let keys = host.url();
    let check = |more: &[(&str, &str)]| {
        let environment = [
            ("PLAIN_API_KEY", API_KEY),
            ("PORTAL_HANDOFF_JWKS", keys.as_str()),
            ("PLAIN_API_URL", &url),
            ("LEPTOS_SITE_ROOT", &site),
        ];
        let output = run(
            folder.path(),
            &["check"],
            &[environment.as_slice(), more].concat(),
        );
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), text)
    };
    let (code, text) = check(&[("PLAIN_WEBHOOK_SECRET", "hunter2")]);
    assert_eq!(code, Some(0), "{text}");
    for told in [
        r#"EdDSA "new", RS256 "old""#,
        "ok    PORTAL_HANDOFF_SECRET: not set",
        "note  PLAIN_WEBHOOK_SECRET: ",
        "yet, seen from here",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("hunter2"), "{text}");

    // Whatever answers at the public URL, only the portal is the portal.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let public_url = format!("http://{}", listener.local_addr().unwrap());
    let router = app.router.clone();
    let portal = tokio::spawn(async move { axum::serve(listener, router).await });
    let (_, text) = check(&[("PORTAL_PUBLIC_URL", &public_url)]);
    assert!(text.contains("a portal answers there"), "{text}");
    portal.abort();
    let elsewhere = keys.trim_end_matches("/jwks.json").to_owned();
    let (code, text) = check(&[("PORTAL_PUBLIC_URL", &elsewhere)]);
    assert!(text.contains("is not the portal"), "{text}");
    assert_eq!(code, Some(0), "only a hint: {text}");

    host.answer(Answer::keys(&[&ed]).with_status(StatusCode::NOT_FOUND));
    let (code, text) = check(&[]);
    assert_eq!(code, Some(1));
    assert!(
        text.contains("FAIL  PORTAL_HANDOFF_JWKS: ") && text.contains("404"),
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
