//! What messages look like, and how long they take.

use super::*;

const REL: &str = "rel=\"noopener noreferrer nofollow\"";

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
    assert_eq!(
        rendered("see https://a.example/x_y_z?q=1&r=2."),
        format!(
            "<p>see <a href=\"https://a.example/x_y_z?q=1&amp;r=2\" {REL}>https://a.example/x_y_z?q=1&amp;r=2</a>.</p>"
        )
    );
    assert_eq!(
        rendered("<https://a.example>"),
        format!("<p><a href=\"https://a.example/\" {REL}>https://a.example</a></p>")
    );
    assert_eq!(
        rendered("ann.lee@a.example"),
        format!("<p><a href=\"mailto:ann.lee@a.example\" {REL}>ann.lee@a.example</a></p>")
    );
    assert_eq!(
        rendered("[*see* https://a.example](https://a.example)"),
        format!("<p><a href=\"https://a.example/\" {REL}><em>see</em> https://a.example</a></p>")
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
fn links_that_could_deceive_say_where_they_lead() {
    let evil = |words: &str| {
        format!(
            "<p><a href=\"https://evil.example/\" {REL}>{words} <bdi>(leads to evil.example)</bdi></a></p>"
        )
    };
    assert_eq!(
        rendered("[bank.**example**](https://evil.example)"),
        evil("bank.<strong>example</strong>")
    );
    assert_eq!(
        rendered("https://bank.example@evil.example"),
        evil("https://bank.example@evil.example")
    );
    assert_eq!(
        rendered("[`bank.example`](https://evil.example)"),
        evil("<code>bank.example</code>")
    );
    // A link without words would not be seen.
    for nothing in [
        "[](https://evil.example)",
        "[\u{200b}](https://evil.example)",
        "![](https://evil.example)",
    ] {
        assert!(
            rendered(nothing).contains(">https://evil.example/</a>")
                || rendered(nothing).contains("\u{200b}https://evil.example/</a>"),
            "{}",
            rendered(nothing)
        );
    }
}

#[test]
fn html_is_text_and_images_are_links() {
    assert_eq!(
        rendered("<b>hi</b> <script>alert(1)</script>"),
        "<p>&lt;b&gt;hi&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    );
    assert_eq!(
        rendered("<log>\n  <line>\n</log>\n\nHello"),
        "<p>&lt;log&gt;<br>\n  &lt;line&gt;<br>\n&lt;/log&gt;</p>\n<p>Hello</p>"
    );
    assert_eq!(
        rendered("![cat](https://a.example/cat.png)"),
        format!("<p><a href=\"https://a.example/cat.png\" {REL}>cat</a></p>")
    );
    assert_eq!(
        rendered("[![x](https://a.example/i)](https://b.example)"),
        format!("<p><a href=\"https://b.example/\" {REL}>x</a></p>")
    );
}

#[test]
fn dangerous_links_are_words() {
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
            !rendered(source).contains("<a"),
            "{source}: {}",
            rendered(source)
        );
    }
}

#[test]
fn text_is_not_turned_around_however_that_is_written() {
    for turned in [
        "a\u{202e}b",
        "a&#x202e;b",
        "`a\u{202e}b`",
        "```\na\u{2067}b\n```",
        "| a\u{202e}b |\n|-|",
        "<b\u{202e}>",
        &"\u{202e}".repeat(MAX_MARKDOWN),
    ] {
        let html = rendered(turned);
        assert!(!html.contains(['\u{202e}', '\u{2067}']), "{html:?}");
    }
}

/// Longer messages of these would show where work grows faster than the message.
const PIECES: &str = r#"- |1. |[|[_|*a |> |`|<b|![|a@b.c |&|§a|~~|**_|\|<!--|<?|http://|https://a.example/ |https://a|www.|a.|a.b@|@|[a](|[a](b|[a][|<http://a|xn--|ä.|&#x202e;|http://ä|[ä.b ä.b](https://a.example) |](https://a.example)"#;

#[test]
fn no_message_takes_long() {
    let lines = [
        "| a ",
        "```\n",
        "[a]: b\n",
        "a\n",
        "\t",
        "\u{202e}",
        "a\u{200d}",
    ];
    for piece in PIECES.split('|').chain(lines) {
        let whole = piece.repeat(MAX_MARKDOWN / piece.len());
        // The same inside the words of one link, and as one address.
        let inside = piece.repeat((MAX_MARKDOWN - 64) / piece.len());
        for message in [
            whole,
            format!("[{inside}](https://a.example)"),
            format!("https://a.example/{inside}"),
        ] {
            let started = std::time::Instant::now();
            rendered(&message);
            let took = started.elapsed();
            // Quadratic work takes longer in an unoptimised build, on a machine with nothing else to do.
            assert!(took.as_secs() < 15, "{piece:?}: {took:?}");
        }
    }
    assert!(rendered(&"- ".repeat(MAX_MARKDOWN)).starts_with("<pre tabindex"));
}
