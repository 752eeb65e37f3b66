//! Characters that nobody sees, and those that turn text around.
//!
//! They make words read as something that they are not (Unicode Technical Report 36; CVE-2021-42574, "Trojan Source"),
//! and two names that look alike differ. What is left still lets every script and every emoji be written.

/// A name, title or label on one line, without anything that cannot be seen.
///
/// Bidirectional controls and other invisible characters are dropped; joiners and variation selectors stay only behind
/// what they can change. Nothing visible is left of a text of such characters alone: the result is empty.
pub fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut space = false;
    let mut last = None;
    for c in text.chars() {
        // An empty Braille cell looks like a space and is none to Unicode.
        if c.is_whitespace() || c == '\u{2800}' {
            space = true;
            last = None;
            continue;
        }
        if is_hidden(c) || turns_around(c) || (joins(c) && !last.is_some_and(|to| joins_to(c, to)))
        {
            continue;
        }
        if space && !line.is_empty() {
            line.push(' ');
        }
        space = false;
        last = Some(c);
        line.push(c);
    }
    line
}

/// Text of many lines, such as a mail's without markup: what is read is what stands there.
///
/// Dropped are control characters other than tabs and line ends, and what embeds or overrides a direction: left open in
/// one place it would reach further than its author's words. A right-to-left mark stays: it turns nothing around.
pub fn text(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|&c| !overrides(c) && (!c.is_control() || matches!(c, '\n' | '\t')))
        .collect()
}

/// Embeddings, overrides and isolates: the nine of CVE-2021-42574.
fn overrides(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// All of Unicode's Bidi_Control.
fn turns_around(c: char) -> bool {
    overrides(c) || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// Controls, and Unicode's Default_Ignorable_Code_Point but for what [`joins`].
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e001f}'
            | '\u{e0080}'..='\u{e0fff}')
}

/// Joiners, the selectors between a letter's or an emoji's forms, and the tags of flags.
fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

/// Can it change anything behind that character? Not behind itself, nor in scripts whose letters stand alone (Latin,
/// Greek, Cyrillic: all before Hebrew); of ASCII there are emoji of digits, `#` and `*`.
fn joins_to(c: char, to: char) -> bool {
    c != to && (to >= '\u{590}' || matches!(to, '0'..='9' | '#' | '*' | '©' | '®'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_on_their_line_and_the_right_way_round() {
        assert_eq!(line(" a\n\tb\u{202e}c\u{0}  d "), "a bc d");
        assert_eq!(line("Zoë Łącka 山田"), "Zoë Łącka 山田");
        assert_eq!(line("a \u{200b} b"), "a b");
        for nothing in [
            "\u{202e}",
            "\u{3164}",
            "\u{2800}",
            "\u{ad}\u{200d}",
            "\u{e0041}",
            "\u{fe0f}",
        ] {
            assert_eq!(line(nothing), "", "{nothing:?}");
        }
    }

    #[test]
    fn names_that_look_alike_are_alike() {
        for trick in [
            "A\u{200d}da",
            "Ad\u{200b}a",
            "\u{feff}Ada",
            "Ada\u{200c}",
            "Ada\u{fe0f}",
            "A\u{ad}da",
            "Ada\u{e0041}\u{e0042}",
        ] {
            assert_eq!(line(trick), "Ada", "{trick:?}");
        }
    }

    #[test]
    fn joiners_stay_where_scripts_and_emoji_need_them() {
        for name in [
            "می\u{200c}خواهم",
            "ක්\u{200d}ෂ",
            "👩\u{200d}💻",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "🏳\u{fe0f}\u{200d}🌈",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        ] {
            assert_eq!(line(name), name, "{name:?}");
        }
    }

    #[test]
    fn text_reads_in_the_order_in_which_it_stands() {
        assert_eq!(
            text("if admin\u{202e} \u{2066}// only\u{2069}\r\n\tok\r\u{7}end\0"),
            "if admin // only\n\tok\nend"
        );
        assert_eq!(text("שלום\u{200f}!"), "שלום\u{200f}!");
    }
}
