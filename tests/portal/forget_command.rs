//! `plain-portal forget`, beside a portal that runs.

use axum::http::StatusCode;
use plain_portal::{
    sandbox::seed::PEOPLE,
    store::{Forgotten, Store},
};
use secrecy::ExposeSecret as _;

use crate::{
    app::{API_KEY, Browser, TestApp},
    command_line::{errors, run},
    members, uploads,
};

struct Portal {
    app: TestApp,
    store: Store,
}

impl Portal {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let url = app.config.database_url.expose_secret();
        let store = Store::beside(url).await.unwrap();
        Self { app, store }
    }

    async fn customer_id(&self, external_id: &str) -> String {
        let id = members::customer_id(&self.app, external_id).await;
        id.as_str().unwrap().to_owned()
    }

    /// Signs somebody in, who then does what leaves a row in every table.
    async fn lives(&self, external_id: &str) -> Browser {
        let mut browser = self.app.signed_in(external_id).await;
        for path in ["/", "/threads/T-34"] {
            assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
        }
        let submission = crate::app::submission();
        let fields = [("title", ""), ("message", "x"), ("submission", &submission)];
        browser.post("/api/ask", &fields).await;
        let picked = uploads::add(&mut browser, &submission, "log.txt", b"x").await;
        assert_eq!(picked.status, StatusCode::OK, "{}", picked.body);
        let kept = self.kept(external_id).await;
        assert!(kept.0.iter().all(|(_, rows)| *rows > 0), "{kept:?}");
        browser
    }

    async fn kept(&self, external_id: &str) -> Forgotten {
        let id = self.customer_id(external_id).await;
        self.store.kept_about(&id).await.unwrap()
    }

    /// Runs the command; what it says, on both streams, names no person.
    fn forget(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let folder = tempfile::tempdir().unwrap();
        let environment = [
            ("DATABASE_URL", self.app.config.database_url.expose_secret()),
            ("PLAIN_API_KEY", API_KEY),
            ("PLAIN_API_URL", self.app.config.plain.api_url.as_str()),
        ];
        let arguments = [&["forget"], arguments].concat();
        let output = run(folder.path(), &arguments, &environment);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &errors(&output);
        for person in PEOPLE {
            assert!(
                !said.contains(person.name) && !said.contains(person.email),
                "{said}"
            );
        }
        (output.status.code(), said)
    }
}

// The program is waited for in this thread, while the sandbox answers it in another.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_erased_and_signed_out_while_the_portal_runs() {
    let portal = Portal::start().await;
    let (mut ines, mut tom) = (
        portal.lives("usr_ines").await,
        portal.lives("usr_tom").await,
    );
    let toms = portal.kept("usr_tom").await;
    let id = portal.customer_id("usr_ines").await;

    let (code, said) = portal.forget(&["--external-id", "usr_ines", "--dry-run"]);
    assert_eq!(code, Some(0), "{said}");
    let told = format!("{id}: would erase sessions 1, submissions 1");
    assert!(said.contains(&told), "{said}");
    assert_eq!(ines.get("/").await.status, StatusCode::OK);

    let (code, said) = portal.forget(&["--external-id", "usr_ines"]);
    assert_eq!(code, Some(0), "{said}");
    let told = format!("{id}: erased sessions 1, submissions 1");
    assert!(said.contains(&told), "{said}");
    assert_eq!(ines.get("/").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(portal.kept("usr_ines").await.rows(), 0);
    assert_eq!(portal.kept("usr_tom").await, toms);
    assert_eq!(tom.get("/").await.status, StatusCode::OK);

    let (code, said) = portal.forget(&["--external-id", "usr_ines"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("erased sessions 0, submissions 0"), "{said}");
    let (code, said) = portal.forget(&["--external-id", "usr_nobody"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("--customer-id"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_plain_it_erases_what_it_finds_and_says_that_it_may_not_be_all() {
    let portal = Portal::start().await;
    let mut ines = portal.lives("usr_ines").await;
    let id = portal.customer_id("usr_ines").await;
    portal.lives("usr_tom").await;
    let tom = portal.customer_id("usr_tom").await;
    portal.app.sandbox.stop().await;

    let (code, said) = portal.forget(&["--external-id", "usr_ines"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Plain could not be asked"), "{said}");
    assert!(said.contains("may be left"), "{said}");
    assert_eq!(portal.store.kept_about(&id).await.unwrap().rows(), 0);
    assert_eq!(ines.get("/").await.status, StatusCode::UNAUTHORIZED);

    let (code, said) = portal.forget(&["--customer-id", &tom]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("Plain could not"), "{said}");
    assert_eq!(portal.store.kept_about(&tom).await.unwrap().rows(), 0);
}

#[test]
fn without_a_database_or_a_person_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["forget", "--customer-id", "c_1"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        errors(&output).contains("DATABASE_URL"),
        "{}",
        errors(&output)
    );
    assert_eq!(
        folder.path().read_dir().unwrap().count(),
        0,
        "makes no file"
    );
    let output = run(folder.path(), &["forget"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        errors(&output).contains("--external-id"),
        "{}",
        errors(&output)
    );
}
