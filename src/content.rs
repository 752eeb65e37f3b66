//! What strangers wrote, made safe. The only place that returns trusted HTML.

use std::{collections::HashSet, sync::LazyLock};

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

/// Longer messages, and more deeply nested ones, are shown as the text that they are.
const MAX_MARKDOWN: usize = 64 * 1024;
const MAX_NESTING: usize = 50;

/// HTML that this module made and a page may show as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    pub fn into_inner(self) -> String {
        self.0
    }
}

/// Renders a message's markdown (CommonMark with GitHub's tables, strike-through and task lists).
///
/// HTML inside it is shown as the text that it is, images become links, bare addresses become links, and what is left
/// passes an allow-list of tags and of link schemes.
pub fn markdown(source: &str) -> SafeHtml {
    if source.len() > MAX_MARKDOWN || source.lines().any(|line| nesting(line) > MAX_NESTING) {
        // A log file in a message: nobody misses its markup, and every reader would wait for it.
        return SafeHtml(format!("<pre tabindex=\"0\">{}</pre>", escape(source)));
    }
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let parsed = Parser::new_ext(source, options).map(|event| match event {
        // HTML is not markup here but something that people talk about.
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        event => event,
    });
    let mut events = Vec::new();
    let mut inside_link = 0_usize;
    let mut inside_code = false;
    // The parser splits texts at characters that may be inside an address; they are joined again.
    let mut text = String::new();
    for event in parsed.chain([Event::SoftBreak]) {
        if let Event::Text(piece) = event {
            text.push_str(&piece);
            continue;
        }
        if !text.is_empty() {
            let whole = CowStr::from(std::mem::take(&mut text));
            // Inside links and code no address is made a link: the text is final.
            events.push(if inside_code || inside_link > 0 {
                Event::Html(escape(&whole).into())
            } else {
                Event::Text(whole)
            });
        }
        match event {
            // In a conversation a line break is meant.
            Event::SoftBreak => events.push(Event::HardBreak),
            Event::TaskListMarker(done) => text.push_str(if done { "☑ " } else { "☐ " }),
            // The page has its own headings above these.
            Event::Start(Tag::Heading { level, .. }) => events.push(heading(level, true)),
            Event::End(TagEnd::Heading(level)) => events.push(heading(level, false)),
            // A remote image would tell its server who reads this, and when.
            Event::Start(Tag::Image {
                dest_url,
                title,
                id,
                ..
            }) => {
                if inside_link == 0 {
                    events.push(Event::Start(Tag::Link {
                        link_type: LinkType::Inline,
                        dest_url,
                        title,
                        id,
                    }));
                }
                inside_link += 1;
            }
            Event::End(TagEnd::Image) => {
                inside_link = inside_link.saturating_sub(1);
                if inside_link == 0 {
                    events.push(Event::End(TagEnd::Link));
                }
            }
            Event::Start(Tag::Link { .. }) => {
                inside_link += 1;
                events.push(event);
            }
            Event::End(TagEnd::Link) => {
                inside_link = inside_link.saturating_sub(1);
                events.push(event);
            }
            Event::Start(Tag::CodeBlock(_)) => {
                inside_code = true;
                events.push(event);
            }
            Event::End(TagEnd::CodeBlock) => {
                inside_code = false;
                events.push(event);
            }
            other => events.push(other),
        }
    }
    // The break after the last text was only there to end it.
    events.pop();
    let mut rendered = String::with_capacity(source.len() * 2);
    html::push_html(&mut rendered, events.into_iter().flat_map(link_addresses));
    SafeHtml(CLEANER.clean(&rendered).to_string())
}

/// A name, title or subject on one line: control characters, invisible ones and those that turn text around are dropped.
///
/// Such characters (Unicode's bidirectional controls) can make a title read as something that it is not.
pub fn line(text: &str) -> String {
    // Joiners (U+200C, U+200D) stay: scripts and emoji need them.
    let bidi = |c: char| matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| {
            word.chars()
                .filter(|c| !c.is_control() && !bidi(*c))
                .collect::<String>()
        })
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// Text as the content of a `<textarea>`. The first line end is the parser's to drop (HTML, 13.2.6.4.7), so it gets one.
pub fn textarea(text: &str) -> SafeHtml {
    SafeHtml(format!("\n{}", escape(text)))
}

/// Text as the content of a `<title>`, which Leptos writes as it is. Its characters are references there (HTML, 13.2.5.2).
pub fn title(text: &str) -> String {
    escape(&line(text))
}

/// Is this an address that a link may lead to?
pub fn link_target(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    SCHEMES
        .iter()
        .any(|allowed| scheme.eq_ignore_ascii_case(allowed))
        .then_some(url)
}

const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let tags = [
        "a",
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
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from(tags))
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("ol", ["start"])
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(ammonia::UrlRelative::Deny)
        // Both scroll sideways when they are wide; the keyboard reaches only what can have the focus (WCAG 2.1.1).
        .set_tag_attribute_value("pre", "tabindex", "0")
        .set_tag_attribute_value("table", "tabindex", "0")
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

/// How many quotes and lists begin in this line, one within the other. The parser's work grows with its square.
fn nesting(line: &str) -> usize {
    let markers =
        |c: char| matches!(c, '>' | '-' | '*' | '+' | '.' | ')' | ' ' | '\t') || c.is_ascii_digit();
    let prefix = &line[..line.find(|c| !markers(c)).unwrap_or(line.len())];
    let lists = prefix.as_bytes().windows(2).filter(|pair| {
        matches!(pair[0], b'-' | b'*' | b'+' | b'.' | b')') && matches!(pair[1], b' ' | b'\t')
    });
    prefix.matches('>').count() + lists.count()
}

fn heading(level: HeadingLevel, start: bool) -> Event<'static> {
    let level = match level {
        HeadingLevel::H1 => HeadingLevel::H4,
        HeadingLevel::H2 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    };
    if start {
        Event::Start(Tag::Heading {
            level,
            id: None,
            classes: vec![],
            attrs: vec![],
        })
    } else {
        Event::End(TagEnd::Heading(level))
    }
}

/// Turns the bare addresses of a text into links; other events pass as they are.
fn link_addresses(event: Event<'_>) -> Vec<Event<'_>> {
    static FINDER: LazyLock<LinkFinder> = LazyLock::new(|| {
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url, LinkKind::Email]);
        finder
    });
    let Event::Text(text) = event else {
        return vec![event];
    };
    let mut events = Vec::new();
    for span in FINDER.spans(&text) {
        let words = CowStr::from(span.as_str().to_owned());
        let target = match span.kind() {
            Some(LinkKind::Email) => Some(format!("mailto:{words}")),
            Some(_) => link_target(&words).map(str::to_owned),
            None => None,
        };
        match target {
            Some(target) => {
                let link_type = LinkType::Autolink;
                events.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url: target.into(),
                    title: "".into(),
                    id: "".into(),
                }));
                events.push(Event::Text(words));
                events.push(Event::End(TagEnd::Link));
            }
            None => events.push(Event::Text(words)),
        }
    }
    events
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rendered(source: &str) -> String {
        markdown(source).into_inner().trim_end().to_owned()
    }

    #[test]
    fn writes_what_people_write() {
        assert_eq!(rendered("Hello\nworld"), "<p>Hello<br>\nworld</p>");
        assert_eq!(rendered("# Big"), "<h4>Big</h4>");
        assert_eq!(
            rendered("- [x] done\n- [ ] open"),
            "<ul>\n<li>☑ done</li>\n<li>☐ open</li>\n</ul>"
        );
        assert_eq!(
            rendered("```json\n{\"a\": \"<b>\"}\n```"),
            "<pre tabindex=\"0\"><code>{\"a\": \"&lt;b&gt;\"}\n</code></pre>"
        );
        assert!(rendered("| a | b |\n|---|---|\n| 1 | 2 |").contains("<td>2</td>"));
    }

    #[test]
    fn links_bare_addresses_once() {
        let rel = "rel=\"noopener noreferrer nofollow\"";
        assert_eq!(
            rendered("see https://a.example/x_y_z?q=1&r=2."),
            format!(
                "<p>see <a href=\"https://a.example/x_y_z?q=1&amp;r=2\" {rel}>https://a.example/x_y_z?q=1&amp;r=2</a>.</p>"
            )
        );
        assert_eq!(
            rendered("<https://a.example>"),
            format!("<p><a href=\"https://a.example\" {rel}>https://a.example</a></p>")
        );
        assert_eq!(
            rendered("[b@c.example](https://a.example)"),
            format!("<p><a href=\"https://a.example\" {rel}>b@c.example</a></p>")
        );
        assert_eq!(
            rendered("`https://a.example`"),
            "<p><code>https://a.example</code></p>"
        );
        assert_eq!(
            rendered("```\nhttps://a.example\n```"),
            "<pre tabindex=\"0\"><code>https://a.example\n</code></pre>"
        );
    }

    #[test]
    fn html_is_text_and_images_are_links() {
        assert_eq!(
            rendered("<b>hi</b> <script>alert(1)</script>"),
            "<p>&lt;b&gt;hi&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>"
        );
        assert_eq!(
            rendered("![cat](https://a.example/cat.png)"),
            "<p><a href=\"https://a.example/cat.png\" rel=\"noopener noreferrer nofollow\">cat</a></p>"
        );
        assert!(!rendered("[![x](https://a.example/i)](https://b.example)").contains("img"));
    }

    #[test]
    fn dangerous_links_lose_their_target() {
        for source in [
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "[x](vbscript:x)",
            "[x](//evil.example)",
            "[x](/relative)",
            "<javascript:alert(1)>",
            "![x](javascript:alert(1))",
        ] {
            assert!(
                !rendered(source).contains("href"),
                "{source}: {}",
                rendered(source)
            );
        }
    }

    /// Said past the test runner, which keeps what a passing test prints to itself.
    fn skipped(why: &str) {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: {why}");
    }

    /// The attack strings lie beside the project on developers' machines and in CI.
    #[test]
    fn known_attacks_leave_only_allowed_markup() {
        let path = std::env::var("XSS_FIXTURES")
            .unwrap_or_else(|_| "../shared/xss/dompurify-fixtures.json".to_owned());
        let Ok(text) = std::fs::read_to_string(&path) else {
            skipped(&format!("no XSS_FIXTURES at {path}"));
            return;
        };
        let fixtures: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut payloads = Vec::new();
        collect_strings(&fixtures, &mut payloads);
        assert!(payloads.len() > 100, "only {} payloads", payloads.len());
        let tag = |html: &str| -> Vec<String> {
            html.match_indices('<')
                .map(|(at, _)| {
                    html[at + 1..]
                        .trim_start_matches('/')
                        .chars()
                        .take_while(char::is_ascii_alphanumeric)
                        .collect()
                })
                .collect()
        };
        for payload in payloads {
            let html = rendered(&payload);
            for name in tag(&html) {
                assert!(
                    [
                        "a",
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
                        "ul"
                    ]
                    .contains(&name.as_str()),
                    "<{name}> from {payload:?}: {html}"
                );
            }
            for (at, found) in html.match_indices("<a href=\"") {
                assert!(
                    link_target(&html[at + found.len()..]).is_some(),
                    "{payload:?}: {html}"
                );
            }
        }
    }

    fn collect_strings(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => into.push(text.clone()),
            serde_json::Value::Array(values) => {
                values.iter().for_each(|value| collect_strings(value, into))
            }
            serde_json::Value::Object(values) => values
                .values()
                .for_each(|value| collect_strings(value, into)),
            _ => {}
        }
    }

    #[test]
    fn a_title_cannot_be_left() {
        assert_eq!(title("</title> & co"), "&lt;/title&gt; &amp; co");
    }

    #[test]
    fn no_message_takes_long() {
        let started = std::time::Instant::now();
        for piece in [
            "- ", "1. ", "[", "[_", "*a ", "> ", "`", "<b", "![", "a@b.c ", "| a ", "&",
        ] {
            rendered(&piece.repeat(MAX_MARKDOWN / piece.len()));
            let beyond = rendered(&piece.repeat(1024 * 1024));
            assert!(beyond.starts_with("<pre tabindex"));
        }
        // Quadratic work would take minutes in an unoptimised build.
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }

    #[test]
    fn a_text_field_cannot_be_left() {
        assert_eq!(
            textarea("</textarea><script>").into_inner(),
            "\n&lt;/textarea&gt;&lt;script&gt;"
        );
        assert_eq!(textarea("\n&amp;").into_inner(), "\n\n&amp;amp;");
    }

    #[test]
    fn names_stay_on_their_line_and_the_right_way_round() {
        assert_eq!(line(" a\n\tb\u{202e}c\u{0}  d "), "a bc d");
        assert_eq!(line("\u{202e}"), "");
        assert_eq!(line("Zoë Łącka 山田"), "Zoë Łącka 山田");
    }
}
