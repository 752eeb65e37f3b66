//! What mail programs quote below an answer.

use crate::model::is_blank;

/// So many lines introduce a quote at most ("On Monday, 3 November 2025 at 10:00 Ada Lovelace … wrote:").
const MAX_INTRODUCTION: usize = 3;

/// Parts a mail's own words from the older messages below them; `None` when there is nothing to part.
///
/// Only what is quoted at the end counts, with `>` in front of each line or below a line that mail programs put there:
/// who answers between the lines of a quote wants them to be read.
pub fn split_quote(text: &str) -> Option<(&str, &str)> {
    let mut lines = vec![];
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        lines.push((end, line.trim()));
        end += line.len();
    }
    let start = original(&lines).or_else(|| quoted(&lines))?;
    let (own, quote) = text.split_at(lines[start].0);
    (!is_blank(own)).then(|| (own.trim_end(), quote.trim_end()))
}

/// The line at which a trailing quote begins, its introduction included.
fn quoted(lines: &[(usize, &str)]) -> Option<usize> {
    let is_quote = |line: &str| line.starts_with('>');
    let below = lines
        .iter()
        .rposition(|(_, line)| !line.is_empty() && !is_quote(line));
    let start = below.map_or(0, |line| line + 1);
    let first = start + lines[start..].iter().position(|(_, line)| is_quote(line))?;
    let Some(last) = below.filter(|line| lines[*line].1.ends_with(':')) else {
        return Some(first);
    };
    // From the paragraph's beginning, unless it is a paragraph of the author's.
    let above = lines[..=last].iter().rposition(|(_, line)| line.is_empty());
    let begin = above.map_or(0, |line| line + 1);
    Some(if last - begin < MAX_INTRODUCTION {
        begin
    } else {
        last
    })
}

/// The line at which a mail program of the other kind puts the older message: under a ruler, or under its head.
///
/// What somebody has forwarded is new to those who read it, and stays.
fn original(lines: &[(usize, &str)]) -> Option<usize> {
    const RULER: &str = "-----";
    let is_ruler = |line: &str| {
        line.starts_with(RULER) && line.ends_with(RULER) && line.chars().any(char::is_alphabetic)
    };
    let is_head = |line: &str| {
        let line = line.trim_start_matches('*');
        ["From:", "Sent:", "Date:", "To:", "Cc:", "Subject:"]
            .iter()
            .any(|name| line.starts_with(name))
    };
    let head_at = |at: usize| {
        let head = lines[at..].iter().take_while(|(_, line)| is_head(line));
        lines[at].1.trim_start_matches('*').starts_with("From:") && head.count() >= 3
    };
    let start = (0..lines.len()).find(|&at| is_ruler(lines[at].1) || head_at(at))?;
    if lines[start].1.to_lowercase().contains("forward") {
        return None;
    }
    let is_line = |line: &str| line.len() >= 10 && line.chars().all(|c| c == '_');
    let above = lines[..start]
        .iter()
        .rposition(|(_, line)| !line.is_empty());
    Some(above.filter(|&at| is_line(lines[at].1)).unwrap_or(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_below_an_answer_is_parted_from_it() {
        for (text, parts) in [
            ("Yes.\n\n> Really?\n> \n", ("Yes.", "> Really?\n>")),
            (
                "Yes.\r\n\r\nOn Monday Ada wrote:\r\n\r\n> Really?\r\n",
                ("Yes.", "On Monday Ada wrote:\r\n\r\n> Really?"),
            ),
            (
                "Ja.\n\nAm 3. November schrieb\nAda <ada@example.com>:\n> Wirklich?",
                (
                    "Ja.",
                    "Am 3. November schrieb\nAda <ada@example.com>:\n> Wirklich?",
                ),
            ),
            (
                "Yes.\n-----Original Message-----\nFrom: Ada\nReally?",
                ("Yes.", "-----Original Message-----\nFrom: Ada\nReally?"),
            ),
            (
                "Yes.\n________________________________\nFrom: Ada\nSent: Monday\nTo: Me\n\nReally?",
                (
                    "Yes.",
                    "________________________________\nFrom: Ada\nSent: Monday\nTo: Me\n\nReally?",
                ),
            ),
            ("a\nb\nc\nd:\n> a list", ("a\nb\nc", "d:\n> a list")),
        ] {
            assert_eq!(split_quote(text), Some(parts), "{text:?}");
        }
    }

    #[test]
    fn what_an_answer_is_about_stays_with_it() {
        for text in [
            "",
            "Yes.",
            "> Really?",
            "> Really?\n\nYes.\n\n> And this?\n\nNo.",
            "On Monday Ada wrote:\n> Really?",
            "Two things:\n---\nFrom: here",
            "From: the roof\nTo: the cellar",
            "See below.\n---------- Forwarded message ---------\nFrom: Ada\nDate: Monday\nTo: Me\n\nReally?",
        ] {
            assert_eq!(split_quote(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_long_mail_takes_no_longer_than_its_length() {
        let text = "From: a\n> b:\n\n".repeat(100_000);
        assert!(split_quote(&text).is_none_or(|(own, _)| own.len() < text.len()));
    }
}
