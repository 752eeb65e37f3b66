//! The list and the conversation.

use std::collections::HashSet;

use axum::http::{StatusCode, header};
use plain_portal::sandbox::Seed;

use crate::app::TestApp;

#[tokio::test]
async fn the_list_has_the_tenants_requests_in_the_contracts_words() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let page = ines.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.h1(), "Your requests");
    assert!(page.texts(".request__ref").contains(&"T-34".to_owned()));
    assert!(
        page.texts(".status")
            .iter()
            .all(|status| status == "Open" || status == "Waiting for you")
    );
    assert!(
        page.texts("time").iter().all(|time| time.ends_with("UTC")),
        "{:?}",
        page.texts("time")
    );

    let waiting = ines.get("/?status=waiting").await;
    assert_eq!(waiting.texts(".request__ref"), ["T-29"]);
    assert_eq!(waiting.texts(".status"), ["Waiting for you"]);

    let done = ines.get("/?status=done").await;
    assert!(!done.texts(".status").is_empty());
    assert!(done.texts(".status").iter().all(|status| status == "Done"));

    let of = |page: &crate::app::Page| {
        page.texts(".request__ref")
            .into_iter()
            .collect::<HashSet<_>>()
    };
    let (open, all) = (
        ines.get("/?status=open").await,
        ines.get("/?status=all").await,
    );
    assert!(open.texts(".status").iter().all(|status| status == "Open"));
    assert_eq!(of(&all), &(&of(&open) | &of(&waiting)) | &of(&done));
    assert_eq!(of(&page), &of(&open) | &of(&waiting));
    assert_eq!(
        page.text("[aria-label='Filter by status'] [aria-current]"),
        "Open and waiting"
    );
    assert_eq!(
        done.text("[aria-label='Filter by status'] [aria-current]"),
        "Done"
    );
}

#[tokio::test]
async fn a_colleague_sees_the_same_list_and_another_team_another() {
    let app = TestApp::start().await;
    let ines = app
        .signed_in("usr_ines")
        .await
        .get("/?status=all")
        .await
        .texts(".request__ref");
    let tom = app
        .signed_in("usr_tom")
        .await
        .get("/?status=all")
        .await
        .texts(".request__ref");
    let magnus = app
        .signed_in("usr_magnus")
        .await
        .get("/?status=all")
        .await
        .texts(".request__ref");
    assert_eq!(ines, tom);
    assert!(!magnus.is_empty() && magnus.iter().all(|reference| !ines.contains(reference)));
    assert!(
        !magnus.contains(&"T-16".to_owned()),
        "the INTERNAL thread of the same tenant"
    );
}

#[tokio::test]
async fn pages_lead_through_the_whole_list_and_back() {
    let app = TestApp::with(
        Seed::Bulk {
            threads: 130,
            tenants: 2,
        },
        |_| {},
    )
    .await;
    let mut claims = app.claims("usr_ines", 0);
    claims.tenant.as_mut().unwrap().external_id = "bulk_0".into();
    let mut browser = app.browser();
    browser.hand_off(&app.sign(&claims)).await;

    let mut seen = vec![];
    let mut page = browser.get("/?status=all").await;
    let first = page.texts(".request__ref");
    assert_eq!(first.len(), 25);
    assert!(page.attributes("a[rel=prev]", "href").is_empty());
    loop {
        seen.extend(page.texts(".request__ref"));
        let Some(next) = page.attributes("a[rel=next]", "href").pop() else {
            break;
        };
        page = browser.get(&next).await;
        assert_eq!(page.status, StatusCode::OK);
    }
    assert_eq!(seen.len(), 65);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 65);
    let mut back = vec![];
    while let Some(previous) = page.attributes("a[rel=prev]", "href").pop() {
        page = browser.get(&previous).await;
        back = [page.texts(".request__ref"), back].concat();
    }
    assert_eq!(back, seen[..50]);
}

#[tokio::test]
async fn a_strange_query_shows_the_first_page() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let first = ines.get("/").await.texts(".request__ref");
    for query in [
        "?status=nonsense",
        "?after=nonsense",
        "?before=%00",
        "?after=",
        "?sort=x&who=y&q=%ff",
        "?after=a&before=b",
        "?status=open%27",
    ] {
        let page = ines.get(&format!("/{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        if !query.contains("open") {
            assert_eq!(page.texts(".request__ref"), first, "{query}");
        }
    }
}

#[tokio::test]
async fn a_conversation_is_oldest_first_and_hides_what_is_internal() {
    let app = TestApp::start().await;
    let mut rafael = app.signed_in("usr_rafael").await;
    let page = rafael.get("/threads/T-33").await;
    assert_eq!(page.status, StatusCode::OK);
    let times = page.attributes("article time", "datetime");
    assert!(times.len() >= 2 && times.is_sorted(), "{times:?}");
    assert!(
        page.body.contains("<pre tabindex=\"0\"><code>"),
        "a code block"
    );
    let by_id = rafael
        .get(&format!("/threads/{}", app.thread_id("T-33").await))
        .await;
    assert_eq!(by_id.h1(), page.h1());
    assert_eq!(rafael.get("/threads/t-33").await.h1(), page.h1());
}

#[tokio::test]
async fn a_forms_first_message_is_its_customers() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let list = ines.get("/?status=all").await;
    let mut forms = 0;
    for reference in list.texts(".request__ref") {
        let page = ines.get(&format!("/threads/{reference}")).await;
        if page
            .html()
            .select(&scraper::Selector::parse("li:first-child .blocks").unwrap())
            .next()
            .is_some()
        {
            forms += 1;
            assert!(
                !page
                    .text("li:first-child .message__header")
                    .contains("Support"),
                "{}",
                page.text("li:first-child .message__header")
            );
        }
    }
    assert!(forms >= 2, "{forms}");
}

#[tokio::test]
async fn earlier_messages_lead_to_the_beginning() {
    let app = TestApp::start().await;
    let mut tom = app.signed_in("usr_tom").await;
    for id in [
        "T-6".to_owned(),
        "t-6".to_owned(),
        app.thread_id("T-6").await,
    ] {
        let mut page = tom.get(&format!("/threads/{id}")).await;
        let mut ids: Vec<String> = vec![];
        loop {
            ids = [page.attributes("article", "id"), ids].concat();
            let earlier = page
                .attributes(".conversation__more a", "href")
                .into_iter()
                .find(|href| href.contains("before="));
            let Some(earlier) = earlier else { break };
            page = tom.get(&earlier).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(
                page.texts("[name=text]").is_empty(),
                "one answers at the end"
            );
        }
        assert_eq!(ids.len(), 121, "{id}");
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 121);
    }
}

#[tokio::test]
async fn agents_are_known_by_their_public_names_alone() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let thread_id = app.thread_id("T-34").await;
    app.agent_replies(&thread_id, "We are on it, and **soon** done.")
        .await;
    let page = ines.get("/threads/T-34").await;
    assert_eq!(
        page.texts("article .message__author").last().unwrap(),
        "Fieldnote"
    );
    assert!(page.body.contains("<strong>soon</strong>"));
    assert!(!page.body.contains("Portal API key (production)"));
}

#[tokio::test]
async fn every_page_of_every_person_is_free_of_canaries() {
    let app = TestApp::start().await;
    let canaries = [
        "Okonkwo",
        "Brandvold",
        "fieldnote-staff.example",
        "legal-hold@",
        "board@haldenlifts",
        "audit@ledger-partners",
        "Portal API key",
        "FN-2291",
        "Renewal is in two months",
        "Legal gave 30 days",
        "Churn risk",
        "Internal only",
    ];
    let mut pages = 0;
    for person in plain_portal::sandbox::seed::PEOPLE {
        let mut browser = app.signed_in(person.external_id).await;
        let list = browser.get("/?status=all").await;
        let mut visited = vec![list.clone(), browser.get("/threads/new").await];
        for reference in list.texts(".request__ref") {
            visited.push(browser.get(&format!("/threads/{reference}")).await);
        }
        for page in visited {
            pages += 1;
            assert_eq!(page.status, StatusCode::OK);
            for canary in canaries {
                assert!(!page.body.contains(canary), "{canary} in {}", page.h1());
            }
        }
    }
    assert!(pages > 50, "{pages}");
}

#[tokio::test]
async fn pages_are_whole_documents_with_a_policy_that_fits() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    for (path, status) in [
        ("/", 200),
        ("/threads/T-34", 200),
        ("/threads/new", 200),
        ("/threads/T-9999", 404),
        ("/nowhere", 404),
    ] {
        let page = ines.get(path).await;
        assert_eq!(page.status.as_u16(), status, "{path}");
        assert!(
            page.body.starts_with("<!DOCTYPE html>")
                && (page.body.ends_with("</html>") || page.body.contains("<leptos-island")),
            "{path}: {}",
            page.body
        );
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store", "{path}");
        let policy = page.headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert!(!page.texts("title").concat().is_empty());
        assert_eq!(page.texts("h1").len(), 1, "{path}");
        for script in page
            .html()
            .select(&scraper::Selector::parse("script").unwrap())
        {
            let nonce = script.attr("nonce").unwrap_or_default();
            assert!(
                !nonce.is_empty() && policy.contains(nonce),
                "{path}: a script without the nonce"
            );
        }
        assert!(
            page.attributes("[style], [onclick], [onload]", "style")
                .is_empty(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn times_are_in_the_hosts_zone_for_this_person() {
    let app = TestApp::start().await;
    let mut claims = app.claims("usr_ines", 0);
    claims.zone = Some("Asia/Tokyo".into());
    let mut ines = app.browser();
    ines.hand_off(&app.sign(&claims)).await;
    let page = ines.get("/threads/T-34").await;
    assert!(
        page.texts("time").iter().all(|time| time.ends_with("JST")),
        "{:?}",
        page.texts("time")
    );
}
