//! What a message's HTML may be. For tests and fuzz targets alike.

use scraper::{Html, Node, Selector};

const TAGS: [&str; 23] = [
    "a",
    "bdi",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Panics, naming the source, unless this HTML has only what a message may have and means the same wherever it stands.
pub fn assert_harmless(source: &str, html: &str) {
    let page = Html::parse_document(&format!(
        "<!doctype html><main id=\"start\">{html}</main><p id=\"end\"></p>"
    ));
    let start = element(&page, "body > main#start");
    assert!(
        element(&page, "body > p#end").is_some(),
        "it leaves its place: {source:?}: {html}"
    );
    let start = start.unwrap_or_else(|| panic!("it moves its place: {source:?}: {html}"));
    assert_eq!(
        start.inner_html(),
        html,
        "it reads as something else: {source:?}"
    );
    for node in start.descendants().skip(1) {
        match node.value() {
            Node::Text(_) => {}
            Node::Element(element) => {
                assert!(
                    TAGS.contains(&element.name()),
                    "<{}>: {source:?}: {html}",
                    element.name()
                );
                for (name, value) in element.attrs() {
                    let allowed = match (element.name(), name) {
                        ("a", "rel") => value == "noopener noreferrer nofollow",
                        ("a", "href") => leads_outside(value),
                        ("ol", "start") => value.parse::<u64>().is_ok(),
                        ("pre" | "table", "tabindex") => value == "0",
                        _ => false,
                    };
                    assert!(allowed, "{name}={value:?}: {source:?}: {html}");
                }
            }
            node => panic!("{node:?}: {source:?}: {html}"),
        }
    }
    let turned = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\0');
    assert!(!html.contains(turned), "{source:?}: {html:?}");
}

fn element<'a>(page: &'a Html, selector: &str) -> Option<scraper::ElementRef<'a>> {
    let selector = Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"));
    page.select(&selector).next()
}

/// Is this an absolute address, in ASCII, without a user name?
fn leads_outside(address: &str) -> bool {
    let web = ["http://", "https://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    let outside = match web {
        Some(rest) => !rest.split('/').next().unwrap_or_default().contains('@'),
        None => address.starts_with("mailto:") || address.starts_with("tel:"),
    };
    outside && address.is_ascii() && !address.contains(char::is_control)
}
