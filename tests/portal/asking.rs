//! Asking, answering, done and reopen.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use plain_portal::sandbox::seed::PEOPLE;
use tokio::task::JoinSet;

use crate::app::{Browser, Page, TestApp, submission};

async fn ask(browser: &mut Browser, title: &str, message: &str) -> Page {
    let form = browser.get("/threads/new").await;
    browser
        .post(
            "/api/ask",
            &[
                ("title", title),
                ("message", message),
                ("submission", &form.field("submission")),
            ],
        )
        .await
}

async fn reply(browser: &mut Browser, reference: &str, text: &str) -> Page {
    let form = browser.get(&format!("/threads/{reference}")).await;
    let (thread_id, submission) = (form.field("thread_id"), form.field("submission"));
    browser
        .post(
            "/api/reply",
            &[
                ("thread_id", &thread_id),
                ("text", text),
                ("submission", &submission),
            ],
        )
        .await
}

#[tokio::test]
async fn a_new_request_arrives_in_the_sessions_tenant() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let answer = ask(
        &mut ines,
        "  The map\u{202e} is upside down ",
        "It is **upside down**.\r\n\r\n- north\r\n- south\r\n",
    )
    .await;
    let page = ines.follow(&answer).await;
    assert_eq!(
        (page.status, page.h1().as_str()),
        (StatusCode::OK, "The map is upside down")
    );
    assert!(page.body.contains("<strong>upside down</strong>"));
    let reference = page.text(".request__ref");
    let thread = app.thread(&reference).await;
    assert_eq!(thread["tenant"]["externalId"], "acct_northwind");
    assert_eq!(thread["customer"]["externalId"], "usr_ines");
    let components = &thread["timelineEntries"]["edges"][0]["node"]["entry"]["components"];
    assert_eq!(
        components[0]["text"],
        "It is **upside down**.\n\n- north\n- south"
    );
    assert!(
        ines.get("/")
            .await
            .texts(".request__ref")
            .contains(&reference)
    );
    assert!(
        ines.get("/threads/new").await.field("title").is_empty(),
        "nothing is left in the form"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_on_an_answer_to_a_thread_that_has_gone_gives_the_words_back() {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    let submission = submission();
    let clicks = (0..16).map(|_| {
        let (mut ines, submission) = (ines.clone(), submission.clone());
        async move {
            let fields = [
                ("thread_id", "th_01JZZZZZZZZZZZZZZZZZZZZZZZ"),
                ("text", "Typed with care"),
                ("submission", submission.as_str()),
            ];
            ines.post("/api/reply", &fields).await
        }
    });
    for page in futures::future::join_all(clicks).await {
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert_eq!(page.text("textarea[readonly]"), "Typed with care");
    }
}

#[tokio::test]
async fn a_request_sent_again_is_one_thread() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let submission = submission();
    let fields = [
        ("title", "Twice"),
        ("message", "Only once, please"),
        ("submission", submission.as_str()),
    ];
    let first = ines.post("/api/ask", &fields).await;
    let second = ines.post("/api/ask", &fields).await;
    assert_eq!(first.location(), second.location());
    assert_eq!(app.threads_titled("Twice").await, 1);
    let corrected = ines
        .post(
            "/api/ask",
            &[("title", "Twice, corrected"), fields[1], fields[2]],
        )
        .await;
    assert_ne!(corrected.location(), first.location());
    assert_eq!(
        app.threads_titled("Twice, corrected").await,
        1,
        "other words are another request, and never dropped"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_at_once_are_one() {
    let app = TestApp::start().await;
    let ines = app.signed_in("usr_ines").await;
    let thread_id = app.thread_id("T-34").await;
    let (ask, reply) = (submission(), submission());
    let mut tasks = JoinSet::new();
    for index in 0..100 {
        let (mut ines, thread_id, ask, reply) =
            (ines.clone(), thread_id.clone(), ask.clone(), reply.clone());
        tasks.spawn(async move {
            if index % 2 == 0 {
                ines.post(
                    "/api/ask",
                    &[("title", "Hundred"), ("message", "x"), ("submission", &ask)],
                )
                .await
                .status
            } else {
                ines.post(
                    "/api/reply",
                    &[
                        ("thread_id", &thread_id),
                        ("text", "Hundredfold"),
                        ("submission", &reply),
                    ],
                )
                .await
                .status
            }
        });
    }
    let statuses = tasks.join_all().await;
    assert!(
        statuses
            .iter()
            .all(|status| *status == StatusCode::SEE_OTHER),
        "{statuses:?}"
    );
    assert_eq!(app.threads_titled("Hundred").await, 1);
    assert_eq!(app.messages_with("T-34", "Hundredfold").await, 1);
}

#[tokio::test]
async fn an_answer_is_the_customers_own() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let answer = reply(&mut ines, "T-29", "Here is the *answer*.\r\nSecond line").await;
    let page = ines.follow(&answer).await;
    assert_eq!(page.texts("article .message__role").last().unwrap(), "You");
    assert!(page.body.contains("<em>answer</em>"));
    assert!(page.field("text").is_empty());
    assert_eq!(
        page.text(".page__head .status"),
        "Open",
        "answering ends the waiting"
    );
    let thread = app.thread("T-29").await;
    let newest = &thread["timelineEntries"]["edges"][0]["node"];
    assert_eq!(newest["actor"]["customer"]["externalId"], "usr_ines");
    assert!(
        newest["entry"]
            .to_string()
            .contains("Here is the *answer*.\\nSecond line"),
        "{newest}"
    );
}

#[tokio::test]
async fn an_answer_sent_again_is_one_message_and_a_changed_one_another() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let (thread_id, submission) = (app.thread_id("T-34").await, submission());
    let mut send = async |text: &str| {
        ines.post(
            "/api/reply",
            &[
                ("thread_id", &thread_id),
                ("text", text),
                ("submission", &submission),
            ],
        )
        .await
        .status
    };
    for text in [
        "First words",
        "First words",
        "Other words",
        "First words",
        "Other words",
    ] {
        assert_eq!(send(text).await, StatusCode::SEE_OTHER);
    }
    assert_eq!(app.messages_with("T-34", "First words").await, 1);
    assert_eq!(app.messages_with("T-34", "Other words").await, 1);
}

#[tokio::test]
async fn what_is_refused_stays_on_the_page_with_its_problem_named() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let long = "x".repeat(10_001);
    let longest = "y".repeat(10_000);
    for (title, message, words, field) in [
        ("", "Only a message", "Enter a title", "#title"),
        ("Only a title", "", "Enter a message", "#message"),
        ("   ", "Blank title", "Enter a title", "#title"),
        ("Blank message", " \r\n ", "Enter a message", "#message"),
        (
            &"t".repeat(201),
            "Long title",
            "The title must be 200 characters or fewer",
            "#title",
        ),
        (
            "Long",
            long.as_str(),
            "The message must be 10000 characters or fewer",
            "#message",
        ),
    ] {
        let answer = ask(&mut ines, title, message).await;
        let page = ines.follow(&answer).await;
        assert_eq!(page.text("[role=alert] a"), words);
        assert_eq!(page.attributes("[role=alert] a", "href"), [field]);
        assert!(page.texts(".field__error").concat().ends_with(words));
        assert_eq!(page.field("title"), title.trim(), "{words}");
        assert_eq!(
            page.field("message").trim_end(),
            message.trim_end(),
            "{words}"
        );
    }
    let form = ines.get("/threads/new").await;
    assert_eq!(
        form.field("title"),
        "Long",
        "still there when one comes back"
    );
    let fixed = [
        ("title", "Long"),
        ("message", longest.as_str()),
        ("submission", &form.field("submission")),
    ];
    let answer = ines.post("/api/ask", &fixed).await;
    assert_eq!(ines.follow(&answer).await.h1(), "Long");
    assert!(
        ines.get("/threads/new")
            .await
            .texts("[role=alert]")
            .is_empty()
    );

    let answer = reply(&mut ines, "T-34", "  ").await;
    let page = ines.follow(&answer).await;
    assert_eq!(page.text("[role=alert] a"), "Enter a message");
    assert_eq!(page.attributes("[role=alert] a", "href"), ["#reply-text"]);
    let answer = reply(&mut ines, "T-34", &long).await;
    let page = ines.follow(&answer).await;
    assert_eq!(page.field("text"), long);
    assert_eq!(app.messages_with("T-34", "xxxxxxxx").await, 0);
}

#[tokio::test]
async fn what_was_not_sent_can_be_discarded() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let answer = ask(&mut ines, "", "Half a thought").await;
    let page = ines.follow(&answer).await;
    assert_eq!(page.field("message"), "Half a thought");
    let mut tom = app.signed_in("usr_tom").await;
    assert!(
        tom.get("/threads/new").await.field("message").is_empty(),
        "a colleague does not see it"
    );
    tom.post("/api/discard", &[("submission", &page.field("submission"))])
        .await;
    assert_eq!(
        ines.get("/threads/new").await.field("message"),
        "Half a thought",
        "and cannot discard it"
    );
    let answer = ines
        .post("/api/discard", &[("submission", &page.field("submission"))])
        .await;
    assert!(ines.follow(&answer).await.field("message").is_empty());
}

// PostgreSQL takes no NUL in a text.
#[tokio::test]
async fn characters_that_nobody_types_do_no_harm() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    for path in ["/threads/th_%00", "/threads/new%00"] {
        assert_eq!(ines.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = ines.get("/threads/new?sent=%00").await;
    assert_eq!(page.status, StatusCode::OK);
    let thread_id = app.thread_id("T-34").await;
    for (action, fields) in [
        ("ask", [("title", "a\0b"), ("message", "c\0d")]),
        ("ask", [("title", "\0"), ("message", "")]),
        (
            "reply",
            [("thread_id", &thread_id), ("text", "NU\0L typed")],
        ),
        ("reply", [("thread_id", &thread_id), ("text", "\0")]),
        ("discard", [("thread_id", "\0"), ("text", "")]),
    ] {
        let fields = [fields.as_slice(), &[("submission", "\0")]].concat();
        let answer = ines.post(&format!("/api/{action}"), &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action} {fields:?}");
    }
    assert_eq!(app.messages_with("T-34", "NUL typed").await, 1);
}

#[tokio::test]
async fn done_and_reopened_without_a_message() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let messages = async |app: &TestApp| {
        app.thread("T-34").await["timelineEntries"]["edges"]
            .as_array()
            .unwrap()
            .len()
    };
    let before = messages(&app).await;
    let page = ines.get("/threads/T-34").await;
    let id = page.field("thread_id");
    let answer = ines
        .post("/api/set-status", &[("thread_id", &id), ("status", "done")])
        .await;
    let page = ines.follow(&answer).await;
    assert_eq!(page.text(".page__head .status"), "Done");
    assert!(
        !ines
            .get("/")
            .await
            .texts(".request__ref")
            .contains(&"T-34".to_owned())
    );
    assert!(
        ines.get("/?status=done")
            .await
            .texts(".request__ref")
            .contains(&"T-34".to_owned())
    );
    app.calls();
    ines.post("/api/set-status", &[("thread_id", &id), ("status", "done")])
        .await;
    assert_eq!(
        app.calls(),
        ["ThreadById"],
        "nothing to change, nothing sent"
    );
    let answer = ines
        .post("/api/set-status", &[("thread_id", &id), ("status", "open")])
        .await;
    assert_eq!(
        ines.follow(&answer).await.text(".page__head .status"),
        "Open"
    );
    assert_eq!(messages(&app).await, before);
    for status in ["", "DONE", "deleted"] {
        let page = ines
            .post("/api/set-status", &[("thread_id", &id), ("status", status)])
            .await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{status}");
        assert!(page.body.contains("<h1>"));
    }
}

#[tokio::test]
async fn every_success_is_a_303_whatever_the_client_accepts() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let form = |title: &str| format!("title={title}&message=x&submission={}", submission());
    let kind = ("content-type", "application/x-www-form-urlencoded");
    for (accept, title) in [
        ("*/*", "Any"),
        ("application/json", "Json"),
        ("text/html", "Html"),
    ] {
        let headers = [
            kind,
            ("accept", accept),
            ("referer", "https://evil.example/"),
        ];
        let page = ines
            .send(Method::POST, "/api/ask", Body::from(form(title)), &headers)
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{accept}");
        assert!(
            page.location().starts_with("/threads/th_"),
            "{}",
            page.location()
        );
        assert_eq!(page.headers.get_all("location").iter().count(), 1);
    }
}

#[tokio::test]
async fn forms_that_cannot_be_read_get_a_page() {
    let app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let url_encoded = "application/x-www-form-urlencoded";
    for (kind, body) in [
        ("application/json", r#"{"title":"a"}"#.to_owned()),
        ("text/plain", "title=a".to_owned()),
        (url_encoded, "title=a&title=b&message=c".to_owned()),
        (url_encoded, "%ff%fe=%00".to_owned()),
    ] {
        for accept in ["text/html", "*/*"] {
            let page = ines
                .send(
                    Method::POST,
                    "/api/ask",
                    Body::from(body.clone()),
                    &[("content-type", kind), ("accept", accept)],
                )
                .await;
            let kept =
                page.status == StatusCode::SEE_OTHER && page.location().contains("/threads/new");
            assert!(
                kept || (page.status.is_client_error() && page.body.contains("<h1>")),
                "{kind} {body}: {} {}",
                page.status,
                page.body
            );
        }
    }
    let large = format!("title=a&message={}", "x".repeat(600 * 1024));
    let page = ines
        .send(
            Method::POST,
            "/api/ask",
            Body::from(large),
            &[("content-type", url_encoded)],
        )
        .await;
    assert_eq!(
        (page.status, page.h1().as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, "That was too much at once")
    );
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let page = ines.send(method, "/api/ask", Body::empty(), &[]).await;
        assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    assert_eq!(
        ines.post("/api/nothing", &[("text", "kept")]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn slack_takes_answers_from_here() {
    let app = TestApp::start().await;
    let mut answered = 0;
    for person in PEOPLE {
        let mut browser = app.signed_in(person.external_id).await;
        for reference in ["T-25", "T-2"] {
            let text = format!("From {} to Slack", person.name);
            if browser.get(&format!("/threads/{reference}")).await.status == StatusCode::OK {
                let answer = reply(&mut browser, reference, &text).await;
                let page = browser.follow(&answer).await;
                assert_eq!(page.texts("article .message__role").last().unwrap(), "You");
                assert_eq!(app.messages_with(reference, &text).await, 1);
                answered += 1;
            }
        }
    }
    assert!(answered >= 2, "{answered}");
}

#[tokio::test]
async fn nothing_in_a_title_gets_out_of_it() {
    let app = TestApp::with(plain_portal::sandbox::Seed::Story, |settings| {
        settings.brand_name = Some("</title><b>Brand & Co".into());
    })
    .await;
    let mut ines = app.signed_in("usr_ines").await;
    let title =
        r#"</title><meta http-equiv=refresh content="0;url=https://evil.example"><h1>x</h1> &lt;"#;
    let answer = ask(&mut ines, title, "x").await;
    let page = ines.follow(&answer).await;
    assert_eq!(
        page.text("title"),
        format!("{title} · </title><b>Brand & Co")
    );
    assert_eq!(page.texts("h1"), [title]);
    assert!(page.attributes("meta[http-equiv]", "content").is_empty());
    for path in ["/", "/threads/new", "/nowhere"] {
        assert!(
            ines.get(path)
                .await
                .text("title")
                .ends_with("</title><b>Brand & Co"),
            "{path}"
        );
    }
}
