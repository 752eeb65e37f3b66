//! `Content-Disposition` (RFC 6266), with a stranger's file name (RFC 8187).

use crate::content;

/// The most characters of a name: less than what file systems take, whatever the characters.
const LONGEST: usize = 80;

/// What a browser is to do with a file, and under which name. Names without characters other than ASCII's stand there once,
/// others twice: for old browsers with `_` for what they do not read.
pub fn content_disposition(shown: bool, name: &str) -> String {
    let kind = if shown { "inline" } else { "attachment" };
    let name = file_name(name);
    let ascii: String = name
        .chars()
        .map(|c| if is_token(c) || c == ' ' { c } else { '_' })
        .collect();
    if ascii == name {
        return format!("{kind}; filename=\"{ascii}\"");
    }
    format!(
        "{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}",
        encoded(&name)
    )
}

/// A name for a file on somebody's disk: no path, nothing invisible, nothing that turns text around, not hidden, not too
/// long. Its end, which says what opens it, stays.
fn file_name(name: &str) -> String {
    let safe: String = content::line(name)
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            c => c,
        })
        .collect();
    let safe = safe.trim_matches(['.', ' ', '~']);
    let (stem, end) = match safe.rsplit_once('.') {
        Some((stem, end)) if end.chars().count() <= 10 => (stem, format!(".{end}")),
        _ => (safe, String::new()),
    };
    let stem: String = stem.chars().take(LONGEST - end.chars().count()).collect();
    match stem.trim_end() {
        "" => format!("file{end}"),
        stem => format!("{stem}{end}"),
    }
}

/// RFC 9110's `tchar`, without what an old browser may read as the beginning of an encoding, and with harmless brackets.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(
            c,
            '-' | '_' | '.' | '+' | '!' | '#' | '&' | '(' | ')' | ',' | '@' | '='
        )
}

/// RFC 8187's `value-chars`.
fn encoded(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&b) => {
                encoded.push(b.into())
            }
            b => encoded.push_str(&format!("%{b:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_a_disk_and_in_a_header() {
        for (name, header) in [
            ("report.pdf", "attachment; filename=\"report.pdf\""),
            (
                "my report (2).pdf",
                "attachment; filename=\"my report (2).pdf\"",
            ),
            (
                "prüfung.pdf",
                "attachment; filename=\"pr_fung.pdf\"; filename*=UTF-8''pr%C3%BCfung.pdf",
            ),
            (
                "50%.txt",
                "attachment; filename=\"50_.txt\"; filename*=UTF-8''50%25.txt",
            ),
            (
                "../../etc/passwd",
                "attachment; filename=\"_.._etc_passwd\"",
            ),
            ("..\\..\\boot.ini", "attachment; filename=\"_.._boot.ini\""),
            (
                "a\"; filename=\"evil.exe",
                "attachment; filename=\"a__ filename=_evil.exe\"; filename*=UTF-8''a_%3B%20filename%3D_evil.exe",
            ),
            (
                "a\r\nSet-Cookie: b=c",
                "attachment; filename=\"a Set-Cookie_ b=c\"",
            ),
            (
                "invoice\u{202e}fdp.exe",
                "attachment; filename=\"invoicefdp.exe\"",
            ),
            (".bashrc", "attachment; filename=\"bashrc\""),
            ("\u{200b}", "attachment; filename=\"file\""),
            ("...", "attachment; filename=\"file\""),
            ("", "attachment; filename=\"file\""),
        ] {
            assert_eq!(content_disposition(false, name), header, "{name:?}");
        }
        assert_eq!(
            content_disposition(true, "a.png"),
            "inline; filename=\"a.png\""
        );
    }

    #[test]
    fn a_long_name_keeps_its_end() {
        let name = file_name(&format!("{}.tar.gz", "é".repeat(500)));
        assert!(
            name.ends_with("é.gz") && name.chars().count() == LONGEST,
            "{name}"
        );
        let endless = file_name(&format!("a.{}", "b".repeat(500)));
        assert_eq!(endless.chars().count(), LONGEST);
    }
}
