//! Whatever somebody writes: harmless markup, names on one line, links that lead where they say.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plain_portal::content::{Link, line, markdown, text, textarea, title};

#[path = "../../tests/support/markup.rs"]
mod markup;

fuzz_target!(|source: &str| {
    markup::assert_harmless(source, &markdown(source).into_inner());
    let name = line(source);
    assert!(!name.contains(char::is_control), "{name:?}");
    assert_eq!(line(&name), name, "a name is final");
    let plain = text(source);
    assert_eq!(text(&plain), plain, "a text is final");
    assert!(!title(source).contains('<') && !textarea(source).into_inner().contains('<'));
    if let Some(link) = Link::new(source, source) {
        assert_eq!(
            Link::new(&link.href, "words").map(|again| again.href),
            Some(link.href)
        );
    }
});
