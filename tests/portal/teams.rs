//! A person with two teams: what belongs to one is not told in the other.

use axum::http::StatusCode;

use crate::app::TestApp;

#[tokio::test]
async fn the_other_team_of_the_same_person_is_another_team() {
    let app = TestApp::start().await;
    for (tenant, own, other) in [(0, "T-29", "T-27"), (1, "T-27", "T-29")] {
        let mut lena = app.browser();
        lena.hand_off(&app.sign(&app.claims("usr_lena", tenant)))
            .await;
        assert_eq!(
            lena.get(&format!("/threads/{own}")).await.status,
            StatusCode::OK,
            "{tenant}"
        );
        assert_eq!(
            lena.get(&format!("/threads/{other}")).await.status,
            StatusCode::NOT_FOUND,
            "{tenant}"
        );
    }
}

#[tokio::test]
async fn words_typed_for_one_team_are_not_told_another() {
    let app = TestApp::start().await;
    let mut lena = app.browser();
    lena.hand_off(&app.sign(&app.claims("usr_lena", 0))).await;
    let form = lena.get("/threads/new").await;
    // In another tab she goes to her other team.
    lena.hand_off(&app.sign(&app.claims("usr_lena", 1))).await;
    let fields = [
        ("title", "For one team"),
        ("message", "Confidential"),
        ("submission", &form.field("submission")),
        ("tenant", &form.field("tenant")),
    ];
    let answer = lena.post("/api/ask", &fields).await;
    let kept = lena.follow(&answer).await;
    assert!(kept.text("[role=alert]").contains("another team"));
    assert_eq!(kept.field("message"), "Confidential");
    assert_eq!(app.threads_titled("For one team").await, 0);
    // She wants it so.
    let again = [
        ("title", "For one team"),
        ("message", "Confidential"),
        ("submission", &kept.field("submission")),
        ("tenant", &kept.field("tenant")),
    ];
    let answer = lena.post("/api/ask", &again).await;
    assert_eq!(lena.follow(&answer).await.h1(), "For one team");
    assert_eq!(app.threads_titled("For one team").await, 1);
}

#[tokio::test]
async fn an_answer_without_a_place_is_given_back() {
    let app = TestApp::start().await;
    let mut lena = app.browser();
    lena.hand_off(&app.sign(&app.claims("usr_lena", 0))).await;
    let page = lena.get("/threads/T-29").await;
    lena.hand_off(&app.sign(&app.claims("usr_lena", 1))).await;
    let text = "A long answer\n</textarea><b>x";
    let fields = [
        ("thread_id", page.field("thread_id")),
        ("submission", page.field("submission")),
        ("text", text.to_owned()),
    ];
    let lost = lena
        .post(
            "/api/reply",
            &fields
                .each_ref()
                .map(|(name, value)| (*name, value.as_str())),
        )
        .await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    let given = lost
        .html()
        .select(&scraper::Selector::parse("textarea[readonly]").unwrap())
        .next()
        .unwrap()
        .text()
        .collect::<String>();
    assert_eq!(given.trim_start_matches('\n'), text);
    assert!(lost.attributes("form[action^='/api']", "action").is_empty());
    assert!(lena.get("/threads/T-29").await.status == StatusCode::NOT_FOUND);
}
