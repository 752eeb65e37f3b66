//! Messages from strangers: CommonMark's own examples, and attacks, made into markup that is allowed and nothing else.

use std::path::Path;

use axum::http::StatusCode;
use plain_portal::{
    content::{line, markdown, text},
    identity::token::Claims,
};
use pulldown_cmark::{Event, Options, Parser, Tag, html};
use scraper::Html;
use serde_json::Value;

use crate::{app::TestApp, markup::assert_harmless};

/// Our own attacks, which the browser tests use too.
const OUR_ATTACKS: &str = include_str!("../support/attacks.json");

/// Said past the test runner, which keeps what a passing test prints to itself.
fn say(words: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// The payloads of a list of attacks.
fn payloads(list: &str) -> Vec<String> {
    let attacks: Vec<Value> = serde_json::from_str(list).unwrap();
    let payload = |attack: &Value| attack["payload"].as_str().unwrap().to_owned();
    attacks.iter().map(payload).collect()
}

fn shown(source: &str) -> String {
    let html = markdown(source).into_inner();
    assert_harmless(source, &html);
    html
}

#[test]
fn our_attacks_leave_only_allowed_markup() {
    let attacks = payloads(OUR_ATTACKS);
    for attack in &attacks {
        shown(attack);
        for place in [
            "> {}",
            "- {}",
            "# {}",
            "| {} |\n|-|\n| {} |",
            "[{}](https://a.example)",
            "[a](<{}>)",
            "[a](https://a.example/{})",
            "**{}**",
            "`{}`",
            "![{}]({})",
            "    {}",
            "<div>\n{}\n</div>",
        ] {
            shown(&place.replace("{}", attack));
        }
    }
    // Each beside each other: what one leaves open must not wait for the next.
    for pair in attacks.windows(2) {
        shown(&pair.join(""));
        shown(&pair.join("\n"));
    }
}

/// DOMPurify's attacks are not ours to ship. They lie beside the project on developers' machines and in CI.
#[test]
fn known_attacks_leave_only_allowed_markup() {
    let path = std::env::var("XSS_FIXTURES")
        .unwrap_or_else(|_| "../shared/xss/dompurify-fixtures.json".to_owned());
    let Ok(list) = std::fs::read_to_string(&path) else {
        return say(&format!("skipped: no XSS_FIXTURES at {path}"));
    };
    let attacks = payloads(&list);
    assert!(attacks.len() > 100, "only {} attacks", attacks.len());
    for attack in attacks {
        shown(&attack);
    }
}

#[test]
fn attacks_stay_on_their_line() {
    for attack in payloads(OUR_ATTACKS) {
        let name = line(&attack);
        assert!(!name.contains(char::is_control), "{name:?}");
        assert_eq!(line(&name), name);
        assert_eq!(text(&text(&attack)), text(&attack));
    }
}

/// CommonMark's examples, from the npm package that the browser tests bring along.
fn common_mark() -> Option<Vec<String>> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("end2end/node_modules/commonmark-spec/spec.txt");
    let spec = std::fs::read_to_string(&path).ok()?;
    let fence = format!("{} example\n", "`".repeat(32));
    let source = |example: &str| match example.split_once("\n.\n") {
        Some((source, _)) if !example.starts_with(".\n") => {
            format!("{source}\n").replace('→', "\t")
        }
        _ => String::new(),
    };
    Some(spec.split(&fence).skip(1).map(source).collect())
}

#[test]
fn common_marks_examples_keep_their_text() {
    let Some(examples) = common_mark() else {
        return say("skipped: no commonmark-spec in end2end/node_modules (scripts/setup test)");
    };
    assert!(examples.len() >= 652, "only {} examples", examples.len());
    let mut compared = 0;
    for source in &examples {
        let html = shown(source);
        if let Some(expected) = expected_words(source) {
            assert_eq!(words(&html), expected, "{source:?}: {html}");
            compared += 1;
        }
    }
    say(&format!(
        "CommonMark: the text of {compared} of {} examples compared",
        examples.len()
    ));
    assert!(compared > 500, "only {compared} compared");
}

/// What the parser's own renderer shows of an example; `None` where we mean to show something else: of HTML, of images,
/// and of links without words.
fn expected_words(source: &str) -> Option<Vec<String>> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events: Vec<Event<'_>> = Parser::new_ext(source, options).collect();
    let ours = |event: &Event<'_>| {
        matches!(
            event,
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Image { .. })
        )
    };
    let wordless =
        |pair: &[Event<'_>]| matches!(pair, [Event::Start(Tag::Link { .. }), Event::End(_)]);
    if events.iter().any(ours) || events.windows(2).any(wordless) {
        return None;
    }
    let mut html = String::new();
    html::push_html(&mut html, events.into_iter());
    Some(words(&html))
}

/// What a reader reads, but for our words about where links lead.
fn words(html: &str) -> Vec<String> {
    let mut without = html.to_owned();
    while let Some((start, rest)) = without.split_once(" <bdi>") {
        without = format!("{start}{}", rest.split_once("</bdi>").unwrap().1);
    }
    let page = Html::parse_fragment(&without);
    let text: String = page.root_element().text().collect();
    text.split_whitespace().map(str::to_owned).collect()
}

/// The attacks as words that a claim can hold: on one line, and not too long.
fn in_a_claim() -> Vec<String> {
    let mut claims = vec![String::new()];
    for attack in payloads(OUR_ATTACKS) {
        let words: String = attack
            .chars()
            .filter(|c| !c.is_control())
            .take(500)
            .collect();
        match claims.last_mut() {
            Some(claim) if claim.chars().count() + words.chars().count() < 500 => {
                claim.push_str(&words)
            }
            _ => claims.push(words),
        }
    }
    claims
}

/// The elements of a page and the names of their attributes, without any words.
fn outline(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let elements = page
        .tree
        .nodes()
        .filter_map(|node| node.value().as_element());
    let outline = elements.map(|element| {
        let attributes: Vec<&str> = element.attrs().map(|(name, _)| name).collect();
        format!("{} {}", element.name(), attributes.join(" "))
    });
    outline.collect()
}

#[tokio::test]
async fn names_that_a_host_vouches_for_break_no_page() {
    let app = TestApp::start().await;
    let signed_in_as = async |name: &str| {
        let mut claims = serde_json::to_value(app.claims("usr_ines", 0)).unwrap();
        claims["name"] = name.into();
        claims["tenant"]["name"] = name.into();
        let claims: Claims = serde_json::from_value(claims).unwrap();
        let mut browser = app.browser();
        let page = browser.hand_off(&app.sign(&claims)).await;
        assert_eq!(
            page.status,
            StatusCode::SEE_OTHER,
            "{name:?}: {}",
            page.body
        );
        let mut outlines = vec![];
        for path in ["/", "/threads/new", "/threads/T-34"] {
            outlines.push(outline(&browser.get(path).await.body));
        }
        outlines
    };
    // Once before, so that what is unread is the same for all.
    signed_in_as("Ines").await;
    let harmless = signed_in_as("Ines").await;
    for name in in_a_claim() {
        assert_eq!(signed_in_as(&name).await, harmless, "{name:?}");
    }
}
