//! Messages: markdown made HTML, and what is left of it held against an allow-list.

use std::{collections::HashSet, sync::LazyLock};

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::{
    SafeHtml, escape,
    link::{Link, SCHEMES},
    text,
};
use crate::model::is_blank;

/// Longer messages, and more deeply nested ones, are shown as the text that they are.
const MAX_MARKDOWN: usize = 64 * 1024;
const MAX_NESTING: usize = 50;
/// html5ever writes a text by looking through what is left of it at each `&` and at each byte 0xC2.
const MAX_LOOKED_THROUGH: usize = 64 * 1024 * 1024;

/// Renders a message's markdown (CommonMark with GitHub's tables, strike-through, task lists and bare addresses).
///
/// HTML inside it is shown as the text that it is, images become links, links that could deceive say where they lead
/// ([`Link`]), and what is left passes an allow-list of tags, attributes and schemes. Characters that turn text around
/// are dropped, however they were written ([`text()`](super::text())).
pub fn markdown(source: &str) -> SafeHtml {
    if is_too_much(source) {
        // A log file in a message: nobody misses its markup, and every reader would wait for it.
        return SafeHtml(format!(
            "<pre tabindex=\"0\">{}</pre>",
            escape(&text(source))
        ));
    }
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::default();
    for event in Parser::new_ext(source, options) {
        writer.take(event);
    }
    writer.end_text();
    let mut rendered = String::with_capacity(source.len() * 2);
    html::push_html(&mut rendered, writer.events.into_iter());
    SafeHtml(text(&CLEANER.clean(&rendered).to_string()))
}

/// What the parser found, made into what a page shows.
#[derive(Default)]
struct Writer<'a> {
    events: Vec<Event<'a>>,
    /// The parser splits texts at characters that may be inside an address; they are joined again.
    text: String,
    /// The outermost link or image that is open.
    link: Option<OpenLink<'a>>,
    in_code_block: bool,
}

struct OpenLink<'a> {
    target: CowStr<'a>,
    /// What stands for it, so far.
    words: String,
    /// Where in the events its start tag belongs.
    start: usize,
    /// How many links and images are open inside it: none of them is a link of its own.
    inner: usize,
}

impl<'a> Writer<'a> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            // HTML is not markup here but something that people talk about.
            Event::Text(text) | Event::InlineHtml(text) => self.text.push_str(&text),
            Event::TaskListMarker(done) => self.text.push_str(if done { "☑ " } else { "☐ " }),
            // Its lines stay lines.
            Event::Html(line) => {
                self.text.push_str(line.trim_end_matches('\n'));
                if line.ends_with('\n') {
                    self.put(Event::HardBreak);
                }
            }
            // In a conversation a line break is meant.
            Event::SoftBreak | Event::HardBreak => self.put(Event::HardBreak),
            Event::Code(code) => {
                self.end_text();
                self.add_words(&code);
                self.events.push(Event::Code(code));
            }
            // A remote image would tell its server who reads this, and when.
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.open_link(dest_url)
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.close_link(),
            Event::Start(tag) => {
                self.in_code_block |= matches!(tag, Tag::CodeBlock(_));
                self.put(Event::Start(match tag {
                    Tag::HtmlBlock => Tag::Paragraph,
                    Tag::Heading { level, .. } => Tag::Heading {
                        level: below_ours(level),
                        id: None,
                        classes: vec![],
                        attrs: vec![],
                    },
                    tag => tag,
                }));
            }
            Event::End(tag) => {
                self.end_text();
                if tag == TagEnd::HtmlBlock && self.events.last() == Some(&Event::HardBreak) {
                    self.events.pop();
                }
                self.in_code_block &= tag != TagEnd::CodeBlock;
                self.put(Event::End(match tag {
                    TagEnd::HtmlBlock => TagEnd::Paragraph,
                    TagEnd::Heading(level) => TagEnd::Heading(below_ours(level)),
                    tag => tag,
                }));
            }
            event => self.put(event),
        }
    }

    fn put(&mut self, event: Event<'a>) {
        self.end_text();
        if event == Event::HardBreak {
            self.add_words(" ");
        }
        self.events.push(event);
    }

    /// Nothing more belongs to the text so far. Outside links and code its addresses become links.
    fn end_text(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        if self.link.is_some() {
            self.add_words(&text);
        } else if !self.in_code_block {
            return self.link_addresses(&text);
        }
        self.events.push(Event::Text(text.into()));
    }

    fn add_words(&mut self, words: &str) {
        if let Some(link) = &mut self.link {
            link.words.push_str(words);
        }
    }

    fn open_link(&mut self, target: CowStr<'a>) {
        self.end_text();
        match &mut self.link {
            Some(link) => link.inner += 1,
            None => {
                self.link = Some(OpenLink {
                    target,
                    words: String::new(),
                    start: self.events.len(),
                    inner: 0,
                });
                self.events.push(Event::InlineHtml("".into()));
            }
        }
    }

    fn close_link(&mut self) {
        self.end_text();
        match &mut self.link {
            Some(link) if link.inner > 0 => link.inner -= 1,
            _ => {
                let Some(open) = self.link.take() else { return };
                let Some(link) = Link::new(&open.target, &open.words) else {
                    return;
                };
                if is_blank(&open.words) {
                    self.events.push(Event::Text(link.href.clone().into()));
                }
                self.events[open.start] = start_of(&link);
                self.events.push(end_of(link));
            }
        }
    }

    fn link_addresses(&mut self, text: &str) {
        static FINDER: LazyLock<LinkFinder> = LazyLock::new(|| {
            let mut finder = LinkFinder::new();
            finder.kinds(&[LinkKind::Url, LinkKind::Email]);
            finder
        });
        for span in FINDER.spans(text) {
            let words = span.as_str();
            let link = match span.kind() {
                // In a URL these would mean something.
                Some(LinkKind::Email) if words.contains(['?', '#', '%', ',']) => None,
                Some(LinkKind::Email) => Link::new(&format!("mailto:{words}"), words),
                Some(_) => Link::new(words, words),
                None => None,
            };
            self.events.extend(link.as_ref().map(start_of));
            self.events.push(Event::Text(words.to_owned().into()));
            self.events.extend(link.map(end_of));
        }
    }
}

fn start_of(link: &Link) -> Event<'static> {
    Event::InlineHtml(format!("<a href=\"{}\">", escape(&link.href)).into())
}

/// The words about where it leads are part of the link, so that no words of a stranger come between.
fn end_of(link: Link) -> Event<'static> {
    let really = link.really.map_or_else(String::new, |place| {
        format!(" <bdi>(leads to {})</bdi>", escape(&place))
    });
    Event::InlineHtml(format!("{really}</a>").into())
}

/// The page has its own headings above these.
fn below_ours(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H4,
        HeadingLevel::H2 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let tags = [
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

/// Would it keep every reader waiting?
fn is_too_much(source: &str) -> bool {
    let looks = || {
        source
            .bytes()
            .filter(|byte| matches!(byte, b'&' | 0xc2))
            .count()
    };
    source.len() > MAX_MARKDOWN
        || source.lines().any(|line| nesting(line) > MAX_NESTING)
        || looks() * source.len() > MAX_LOOKED_THROUGH
}

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

#[cfg(test)]
mod tests;
