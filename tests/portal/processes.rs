//! Several processes on one PostgreSQL, and a PostgreSQL that goes away.

use axum::http::StatusCode;
use plain_portal::sandbox::Seed;
use tokio::task::JoinSet;

use crate::{
    app::{TestApp, submission},
    database::TestDatabase,
};

async fn on(database: &TestDatabase) -> TestApp {
    TestApp::with(Seed::Story, |settings| {
        settings.database_url = Some(database.url());
    })
    .await
}

/// Another process of the same portal.
async fn beside(app: &TestApp, database: &TestDatabase) -> TestApp {
    let plain_api_url = app.config.plain.api_url.to_string();
    TestApp::with(Seed::Empty, |settings| {
        settings.database_url = Some(database.url());
        settings.plain_api_url = Some(plain_api_url);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_not_matter_which_process_answers() {
    let Some(database) = TestDatabase::postgres() else {
        return;
    };
    let one = on(&database).await;
    let other = beside(&one, &database).await;

    let token = one.token("usr_ines");
    let mut ines = one.browser();
    assert_eq!(ines.hand_off(&token).await.status, StatusCode::SEE_OTHER);
    let used = other.browser().hand_off(&token).await;
    assert_eq!(used.status, StatusCode::UNAUTHORIZED);
    let mut there = other.browser().with_cookie(&ines.cookie.clone().unwrap());
    let list = ines.get("/").await;
    assert_eq!(list.without_nonce(), there.get("/").await.without_nonce());

    let (thread_id, submission) = (one.thread_id("T-34").await, submission());
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let mut browser = [&ines, &there][n % 2].clone();
        let (thread_id, submission) = (thread_id.clone(), submission.clone());
        tasks.spawn(async move {
            let fields = [
                ("thread_id", thread_id.as_str()),
                ("submission", submission.as_str()),
                ("text", "from two processes"),
            ];
            browser.post("/api/reply", &fields).await.status
        });
    }
    let answers = tasks.join_all().await;
    assert!(
        answers
            .iter()
            .all(|status| *status == StatusCode::SEE_OTHER),
        "{answers:?}"
    );
    assert_eq!(one.messages_with("T-34", "from two processes").await, 1);

    there.post("/auth/sign-out", &[]).await;
    assert_eq!(ines.get("/").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn without_its_database_the_portal_says_that_it_is_not_available() {
    let Some(database) = TestDatabase::postgres() else {
        return;
    };
    let app = on(&database).await;
    let mut ines = app.signed_in("usr_ines").await;
    drop(database);
    for path in ["/", "/threads/T-34"] {
        let page = ines.get(path).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(page.h1(), "Support cannot be reached right now");
    }
    let answer = ines.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let page = app.browser().hand_off(&app.token("usr_ines")).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
}
