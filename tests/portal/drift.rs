//! What Plain has never said before is harmless.

use axum::http::StatusCode;

use crate::app::{TestApp, submission};

#[tokio::test]
async fn a_plain_of_the_future_is_served_all_the_same() {
    let app = TestApp::start().await;
    app.sandbox.behave(|it| it.drift = true);
    let mut ines = app.signed_in("usr_ines").await;
    let list = ines.get("/?status=all").await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.h1());
    let links = list.attributes("main a", "href");
    let threads: Vec<_> = links
        .iter()
        .filter(|it| it.starts_with("/threads/th_"))
        .collect();
    assert!(threads.len() > 5, "{links:?}");
    for path in threads {
        let page = ines.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(
            !page.texts("article .prose").is_empty(),
            "{path}: its first message is there"
        );
    }
    let id = submission();
    let fields = [
        ("title", "From then"),
        ("message", "Hello, future"),
        ("submission", id.as_str()),
    ];
    let answer = ines.post("/api/ask", &fields).await;
    let page = ines.follow(&answer).await;
    assert_eq!(page.h1(), "From then");
    assert!(page.text("article .prose").contains("Hello, future"));
    assert_eq!(app.threads_titled("From then").await, 1);
}
