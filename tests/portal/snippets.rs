//! The code in docs/handoff.md: taken from there, run, and its tokens brought to the portal.

use std::{io, path::Path, process::Command};

use axum::http::StatusCode;
use plain_portal::sandbox::Seed;

use crate::{app::TestApp, host_keys::HostKey};

const SECRET: &str = "a secret of at least thirty-two bytes";
const NODE_PERSON: &str = r#"{ id: "u1", email: "a@example.com", emailVerified: true, name: "Zoë" }, { id: "t1", name: "Team" }"#;

/// The first code block of this language.
fn snippet(language: &str) -> String {
    let text = std::fs::read_to_string("docs/handoff.md").unwrap();
    let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("\n```").unwrap().0.to_owned()
}

/// Said past the test runner, which keeps what a passing test prints to itself.
fn skipped(why: &str) {
    use io::Write as _;
    let _ = writeln!(io::stderr(), "skipped: {why}");
}

/// What a program prints, written to a file of this name and run; `None` when its language is not here.
fn run(
    folder: &Path,
    file: &str,
    text: &str,
    program: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Option<String> {
    std::fs::write(folder.join(file), text).unwrap();
    let output = Command::new(program)
        .args(arguments)
        .arg(file)
        .current_dir(folder)
        .envs(environment.iter().copied())
        .output();
    let output = match output {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            skipped(&format!("no {program}"));
            return None;
        }
        output => output.unwrap(),
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {errors}");
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

/// Runs a snippet with a call of it behind, and signs somebody in with the token that it prints.
async fn signs_in(language: &str, call: &str, file: &str, program: &str, arguments: &[&str]) {
    let app = TestApp::with(Seed::Empty, |settings| {
        settings.handoff_secret = Some(SECRET.to_owned());
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache").display().to_string();
    let environment = [
        ("PORTAL_PUBLIC_URL", app.config.server.public_url.as_str()),
        ("PORTAL_HANDOFF_SECRET", SECRET),
        ("GOCACHE", &cache),
        ("GO111MODULE", "off"),
    ];
    let text = format!("{}\n{call}\n", snippet(language));
    let Some(token) = run(folder.path(), file, &text, program, arguments, &environment) else {
        return;
    };
    let mut browser = app.browser();
    let page = browser.hand_off(&token).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{language}: {token}");
    let front = browser.get("/").await;
    assert_eq!(front.text(".account__name"), "Zoë", "{language}");
}

#[tokio::test]
async fn node() {
    let call = format!("console.log(handoffToken({NODE_PERSON}));");
    signs_in("js", &call, "handoff.mjs", "node", &[]).await;
}

#[tokio::test]
async fn python() {
    let call = r#"print(handoff_token({"id": "u1", "email": "a@example.com", "email_verified": False, "name": "Zoë"}, {"id": "t1", "name": "Team"}))"#;
    signs_in("python", call, "handoff.py", "python3", &[]).await;
}

#[tokio::test]
async fn ruby() {
    let call = r#"puts handoff_token({ id: "u1", email: "a@example.com", email_verified: true, name: "Zoë" }, { id: "t1", name: "Team" })"#;
    signs_in("ruby", call, "handoff.rb", "ruby", &["-Ku"]).await;
}

#[tokio::test]
async fn go() {
    let call = r#"func main() {
	token, err := HandoffToken(User{ID: "u1", Email: "a@example.com", EmailVerified: true, Name: "Zoë"}, Team{ID: "t1", Name: "Team"})
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString(token)
}"#;
    signs_in("go", call, "handoff.go", "go", &["run"]).await;
}

#[tokio::test]
async fn php() {
    let call = r#"echo handoff_token(['id' => 'u1', 'email' => 'a@example.com', 'email_verified' => true, 'name' => 'Zoë'], ['id' => 't1', 'name' => 'Team']);"#;
    signs_in("php", call, "handoff.php", "php", &[]).await;
}

#[tokio::test]
async fn node_with_a_private_key() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys.json");
    let key = HostKey::new("EdDSA", "unused");
    std::fs::write(folder.path().join("key.pem"), key.private_pem()).unwrap();
    let public_url = "http://127.0.0.1:3000";
    let environment = [
        ("PORTAL_PUBLIC_URL", public_url),
        ("HANDOFF_PRIVATE_KEY", "key.pem"),
    ];
    let node = |call: &str| {
        let text = format!("{}\n{call}\n", snippet("mjs"));
        run(folder.path(), "keys.mjs", &text, "node", &[], &environment)
    };
    let Some(published) = node("console.log(JSON.stringify(handoffKeys()));") else {
        return;
    };
    std::fs::write(&keys, published).unwrap();
    let app = TestApp::with(Seed::Empty, |settings| {
        settings.handoff_secret = None;
        settings.handoff_jwks = Some(keys.display().to_string());
        settings.public_url = Some(public_url.to_owned());
    })
    .await;
    let token = node(&format!("console.log(handoffToken({NODE_PERSON}));")).unwrap();
    let page = app.browser().hand_off(&token).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{token}");
}
