//! What the head of a form's part calls its file, in whatever way it says so.

use std::borrow::Cow;

use axum::http::{HeaderMap, header};
use multer::Field;
use percent_encoding::percent_decode_str;

use super::FILES;

/// The field in which the page's script sends one file.
const FILE: &str = "file";

/// The name of a part that is a file; empty where none was picked, or where it has a name that cannot be read.
///
/// multer reads the names that browsers send. Another one is no reason to lose a file, and neither is none beside a kind.
pub fn file_name<'a>(part: &'a Field<'_>) -> Option<Cow<'a, str>> {
    let may_be = part.name().is_none_or(|name| [FILES, FILE].contains(&name));
    match part.file_name() {
        _ if !may_be => None,
        Some(name) => Some(name.into()),
        None => in_head(part.headers()).map(Cow::Owned),
    }
}

fn in_head(head: &HeaderMap) -> Option<String> {
    let disposition = head.get(header::CONTENT_DISPOSITION);
    let disposition = disposition.map(|value| String::from_utf8_lossy(value.as_bytes()));
    disposition
        .and_then(|disposition| in_disposition(&disposition))
        .or_else(|| head.contains_key(header::CONTENT_TYPE).then(String::new))
}

/// `filename`, in either case, or `filename*` (RFC 8187), which RFC 7578 does not want here and some send.
fn in_disposition(disposition: &str) -> Option<String> {
    const FILE_NAME: &str = "filename";
    let at = disposition.to_ascii_lowercase().find(FILE_NAME)?;
    let rest = disposition[at + FILE_NAME.len()..].trim_start();
    let is_extended = rest.starts_with('*');
    let value = rest.trim_start_matches(['*', '=', ' ', '\t']);
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split(';').next(),
    };
    let value = value.unwrap_or_default().trim();
    // A character set, a language, and what is meant.
    let encoded = value.splitn(3, '\'').nth(2).filter(|_| is_extended);
    Some(match encoded {
        Some(encoded) => percent_decode_str(encoded).decode_utf8_lossy().into_owned(),
        None => value.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn names_that_multer_does_not_read_are_names_all_the_same() {
        for (disposition, name) in [
            (&b"form-data; name=\"files\""[..], None),
            (
                b"form-data; name=files; filename*=UTF-8''%C3%9Cber%20uns.txt",
                Some("\u{dc}ber uns.txt"),
            ),
            (
                b"form-data; name=files; FileName=\"a.txt\"; x=y",
                Some("a.txt"),
            ),
            (b"form-data; name=files; Filename=a.txt; x=y", Some("a.txt")),
            (
                b"form-data; name=files; filename=\"\xdcber.exe\"",
                Some("\u{fffd}ber.exe"),
            ),
            (
                b"form-data; name=files; filename=\"C:\\dir\\\"",
                Some("C:\\dir\\"),
            ),
            (b"form-data; name=files; filename*=%", Some("%")),
            (b"form-data; name=files; filename", Some("")),
        ] {
            let mut head = HeaderMap::new();
            let value = HeaderValue::from_bytes(disposition).unwrap();
            head.insert(header::CONTENT_DISPOSITION, value);
            assert_eq!(in_head(&head).as_deref(), name);
        }
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        assert_eq!(in_head(&HeaderMap::from_iter([kind])).as_deref(), Some(""));
    }
}
