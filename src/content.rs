//! What strangers wrote, made safe. The only place that returns trusted HTML.
//!
//! Whatever somebody outside typed reaches a page by one of these: a message by [`markdown()`] or [`text()`], a name, title
//! or label by [`line()`], a file's name by [`file_name()`], a link by [`Link`], the content of `<title>` and `<textarea>` by [`title`] and [`textarea`].
//! Leptos escapes what it writes as text or as an attribute's value; it escapes nothing in those two elements.

mod file_name;
mod link;
mod markdown;
mod quote;
mod text;

pub use file_name::file_name;
pub use link::Link;
pub use markdown::markdown;
pub use quote::split_quote;
pub use text::{line, text};

/// HTML that this module made and a page may show as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    pub fn into_inner(self) -> String {
        self.0
    }
}

/// Text as the content of a `<textarea>`. The first line end is the parser's to drop (HTML, 13.2.6.4.7), so it gets one.
pub fn textarea(text: &str) -> SafeHtml {
    SafeHtml(format!("\n{}", escape(text)))
}

/// Text as the content of a `<title>`, which Leptos writes as it is. Its characters are references there (HTML, 13.2.5.2).
pub fn title(text: &str) -> String {
    escape(&line(text))
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
    use super::*;

    #[test]
    fn a_title_cannot_be_left() {
        assert_eq!(title("</title> & co"), "&lt;/title&gt; &amp; co");
    }

    #[test]
    fn a_text_field_cannot_be_left() {
        assert_eq!(
            textarea("</textarea><script>").into_inner(),
            "\n&lt;/textarea&gt;&lt;script&gt;"
        );
        assert_eq!(textarea("\n&amp;").into_inner(), "\n\n&amp;amp;");
    }
}
