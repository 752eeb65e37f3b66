//! The API key's permissions: those that are documented are enough.

use axum::http::StatusCode;
use plain_portal::{plain::permissions, sandbox::Seed};
use serde_json::json;

use crate::app::{TestApp, submission};

#[tokio::test]
async fn a_key_with_the_documented_permissions_is_enough() {
    let app = TestApp::with(Seed::Story, |_| {}).await;
    let granted = app
        .plain("{ myPermissions { permissions } }", json!({}))
        .await;
    let all = granted["myPermissions"]["permissions"].as_array().unwrap();
    let others = all
        .iter()
        .map(|permission| permission.as_str().unwrap())
        .filter(|permission| !permissions::NEEDED.contains(permission));
    let others: Vec<_> = others
        .map(|permission| permission.parse().unwrap())
        .collect();
    assert!(others.len() > 5);
    app.sandbox
        .behave(|it| it.denied_permissions = others.into_iter().collect());

    // Somebody who is new, and somebody whom Plain knows.
    let mut new = app.claims("usr_ines", 0);
    new.sub = "usr_new".into();
    new.email = "new@example.com".into();
    let page = app.browser().hand_off(&app.sign(&new)).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let mut ines = app.signed_in("usr_ines").await;
    let mut pages = vec![];
    for path in ["/", "/?status=all&q=report", "/threads/new"] {
        pages.push(ines.get(path).await);
    }
    let references = ines.get("/?status=all").await.texts(".request__ref");
    for reference in &references {
        pages.push(ines.get(&format!("/threads/{reference}")).await);
    }
    for page in &pages {
        assert_eq!(page.status, StatusCode::OK);
        let said = page.texts("[role=alert]");
        assert!(said.is_empty(), "{said:?}");
    }
    let files = pages
        .iter()
        .map(|page| page.attributes(".attachment", "href"));
    let files: Vec<String> = files.flatten().collect();
    assert!(!files.is_empty());
    for file in &files {
        assert_eq!(ines.get(file).await.status, StatusCode::OK, "{file}");
    }
    let thread = ines.get("/threads/T-34").await;
    let (id, once) = (thread.field("thread_id"), submission());
    for (path, fields) in [
        (
            "/api/reply",
            vec![("thread_id", &*id), ("text", "x"), ("submission", &*once)],
        ),
        (
            "/api/set-status",
            vec![("thread_id", &*id), ("status", "done")],
        ),
        (
            "/api/ask",
            vec![
                ("title", "Allowed"),
                ("message", "x"),
                ("submission", "00000000-0000-4000-9000-000000000001"),
            ],
        ),
    ] {
        let page = ines.post(path, &fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}: {}", page.body);
    }
    assert!(app.messages_with("T-34", "x").await > 0);
    assert_eq!(app.threads_titled("Allowed").await, 1);
}
