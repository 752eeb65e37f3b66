//! Searching the list.

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    app::TestApp,
    list::{bulk, refs, set},
};

#[tokio::test]
async fn a_search_finds_titles_and_messages_within_the_filter() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let by_title = ines.get("/?status=all&q=harbour+house").await;
    assert_eq!(
        by_title.text("title"),
        "“harbour house” in your requests · Support"
    );
    assert_eq!(by_title.text("#list-title"), "Found for “harbour house”");
    let found = refs(&by_title);
    let titles = by_title.texts(".request__title");
    assert!(titles.iter().any(|title| title.contains("Harbour House")));
    assert!(
        titles.iter().any(|title| !title.contains("Harbour House")),
        "one says so in a message: {titles:?}"
    );
    assert_eq!(by_title.field("q"), "harbour house");

    let mut parts = vec![];
    for status in ["open", "waiting", "done"] {
        let page = ines
            .get(&format!("/?status={status}&q=harbour+house"))
            .await;
        assert!(page.texts("#waiting-title").is_empty());
        parts.extend(refs(&page));
    }
    assert_eq!(set(&parts), set(&found));
    assert_eq!(parts.len(), found.len());

    let mine = ines.get("/?status=all&who=mine&q=harbour+house").await;
    assert!(refs(&mine).len() < found.len());
}

#[tokio::test]
async fn while_searching_there_is_no_choice_of_order_but_it_is_kept() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines
        .get("/?q=invoice&sort=status&status=all&who=mine")
        .await;
    assert!(page.attributes("select#sort", "id").is_empty());
    assert_eq!(page.field("sort"), "status");
    assert_eq!(page.field("status"), "all");
    let clear = page.attributes(".list-form a", "href");
    assert_eq!(clear, ["/?status=all&who=mine&sort=status"]);
    let cleared = ines.get(&clear[0]).await;
    assert_eq!(
        cleared.attributes("#sort option[selected]", "value"),
        ["status"]
    );
    assert!(cleared.attributes(".list-form a", "href").is_empty());
}

#[tokio::test]
async fn a_single_character_is_answered_with_a_hint() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let everything = ines.get("/").await;
    app.calls();
    let page = ines.get("/?q=+x+").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        page.text("#q-hint"),
        "Type at least 2 characters to search."
    );
    assert_eq!(page.attributes("#q", "aria-describedby"), ["q-hint"]);
    assert_eq!(page.field("q"), "x");
    assert_eq!(refs(&page), refs(&everything));
    assert_eq!(app.calls(), ["ThreadsAfterWaiting"]);
}

#[tokio::test]
async fn nothing_found_says_what_was_searched_and_where_else_to_look() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/?q=zeppelin&who=mine").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        page.text(".empty p"),
        "Nothing was found for “zeppelin” among your own requests of this status."
    );
    assert_eq!(
        page.attributes(".empty a", "href"),
        ["/?status=all&who=mine&q=zeppelin", "/threads/new"]
    );
    let everywhere = ines.get("/?status=all&q=zeppelin").await;
    assert_eq!(
        everywhere.text(".empty p"),
        "Nothing was found for “zeppelin”."
    );
    assert_eq!(everywhere.attributes(".empty a", "href"), ["/threads/new"]);
}

#[tokio::test]
async fn whatever_is_searched_for_is_only_text() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    for typed in [
        "</title><script>alert(1)</script>",
        "\"><img src=x>",
        "%' OR 1=1 --",
        "{\"a\"}\\",
        "日本語 🎈",
        "a\r\nb\0c",
        &"x".repeat(5000),
    ] {
        let address: String = url::form_urlencoded::Serializer::new("/?".to_owned())
            .append_pair("q", typed)
            .append_pair("status", "all")
            .finish();
        let page = ines.get(&address).await;
        assert_eq!(page.status, StatusCode::OK, "{typed}");
        let shown = page.field("q");
        assert!(shown.chars().count() <= 200 && !shown.contains('\n'));
        if typed.chars().count() < 100 && !typed.contains('\r') {
            assert_eq!(shown, typed);
            assert!(page.text("#list-title").contains(typed));
        }
        assert!(page.attributes("script, img", "src").is_empty());
        assert!(page.texts("main script").is_empty());
        // The links carry it just as it was.
        let all = page.attributes(".filters a", "href").pop().unwrap();
        assert_eq!(ines.get(&all).await.field("q"), shown);
    }
}

#[tokio::test]
async fn a_search_never_leaves_what_the_viewer_may_see() {
    let app = TestApp::start().await;
    let words = [
        // Another tenant's, one without a tenant, an internal one of Magnus's tenant.
        ("usr_ines", "webhook"),
        ("usr_lena", "consultants"),
        ("usr_magnus", "renewal"),
    ];
    for (who, word) in words {
        let held = "query ($term: String!) { searchThreads(searchQuery: { term: $term }) { edges { node { thread { ref } } } } }";
        let held = app.plain(held, json!({ "term": word })).await;
        let held = held["searchThreads"]["edges"].as_array().unwrap().len();
        assert!(held > 0, "Plain itself finds {word}");
        let mut browser = app.signed_in(who).await;
        for whose in ["team", "mine"] {
            let page = browser
                .get(&format!("/?status=all&who={whose}&q={word}"))
                .await;
            let visible = refs(&browser.get("/?status=all").await);
            assert!(
                refs(&page).iter().all(|found| visible.contains(found)),
                "{who} found {:?}",
                refs(&page)
            );
            assert!(
                refs(&page).len() < held,
                "{who} found all {held} for {word}"
            );
        }
    }
}

#[tokio::test]
async fn pages_of_a_search_lead_through_all_and_back() {
    let (_app, mut browser) = bulk(240).await;
    let mut page = browser.get("/?status=all&q=invoice").await;
    let mut seen = refs(&page);
    while let Some(next) = page.attributes("a[rel=next]", "href").pop() {
        page = browser.get(&next).await;
        assert_eq!(page.status, StatusCode::OK);
        seen.extend(refs(&page));
    }
    // One in seven is about an invoice.
    assert_eq!(seen.len(), 34);
    assert_eq!(set(&seen).len(), 34);
    let back = page.attributes("a[rel=prev]", "href").pop().unwrap();
    assert_eq!(refs(&browser.get(&back).await), seen[..25]);
}
