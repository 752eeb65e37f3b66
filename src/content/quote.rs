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
    let ruler = |at: usize| {
        let line = lines[at].1;
        let words = line.strip_prefix("-----")?.strip_suffix("-----")?;
        let words = words.trim_matches('-').trim().to_lowercase();
        RULERS.contains(&words.as_str()).then_some(at)
    };
    let is_line = |line: &str| line.len() >= 10 && line.chars().all(|c| c == '_');
    let is_head = |line: &str| {
        let line = line.trim_start_matches('*');
        ["From:", "Sent:", "Date:", "To:", "Cc:", "Subject:"]
            .iter()
            .any(|name| line.starts_with(name))
    };
    // A head by itself may be anybody's, as in a log that was pasted.
    let line_above_a_head = |at: usize| {
        if !is_line(lines[at].1) {
            return None;
        }
        let below = lines[at + 1..].iter().map(|(_, line)| *line);
        let mut head = below
            .skip_while(|line| line.is_empty())
            .take_while(|line| is_head(line));
        let first = head.next()?.trim_start_matches('*');
        (first.starts_with("From:") && head.count() >= 2).then_some(at)
    };
    let start = (0..lines.len()).find_map(|at| ruler(at).or_else(|| line_above_a_head(at)))?;
    // What was forwarded comes first, and an answer to it would stand above.
    let is_forwarded = |(_, line): &(usize, &str)| {
        let line = line.to_lowercase();
        FORWARDED.iter().any(|words| line.contains(words)) && line.starts_with("---")
    };
    (!lines[..start].iter().any(is_forwarded)).then_some(start)
}

/// What mail programs write between rulers above the message that is answered.
const RULERS: [&str; 9] = [
    "original message",
    "original appointment",
    "ursprüngliche nachricht",
    "message d'origine",
    "message d’origine",
    "mensagem original",
    "oorspronkelijk bericht",
    "mensaje original",
    "messaggio originale",
];

/// What they write above one that is handed on.
const FORWARDED: [&str; 5] = [
    "forward",
    "weitergeleitet",
    "transféré",
    "reenviado",
    "inoltrat",
];

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
            (
                "Ja.\n-----Ursprüngliche Nachricht-----\nVon: Ada\nWirklich?",
                (
                    "Ja.",
                    "-----Ursprüngliche Nachricht-----\nVon: Ada\nWirklich?",
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
            "Our certificate:\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nIs it right?",
            "The log:\nFrom: a@example.com\nTo: b@example.com\nSubject: x\n\nWhy is it refused?",
            "See below.\n---------- Forwarded message ---------\n----- Original Message -----\nFrom: Ada",
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
