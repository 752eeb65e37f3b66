//! Which part of a file a browser asks for (RFC 9110, 14.1.2 and 13.1.5).

use axum::http::{HeaderMap, header};

use crate::plain::file_store::Part;

/// The one part that a request wants; none when it wants the whole, several parts, or something that is no range: then it
/// gets the whole, as the RFC allows.
///
/// `If-Range` with anything but this entity tag makes it the whole as well. A file never changes under its id.
pub fn wanted(headers: &HeaderMap, entity_tag: &str) -> Option<Part> {
    let fits = |tag: &axum::http::HeaderValue| tag.as_bytes() == entity_tag.as_bytes();
    if !headers.get(header::IF_RANGE).is_none_or(fits) {
        return None;
    }
    let mut ranges = headers.get_all(header::RANGE).iter();
    let (range, None) = (ranges.next()?, ranges.next()) else {
        return None;
    };
    let (unit, range) = range.to_str().ok()?.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    match (number(first), number(last)) {
        (Some(first), None) if last.is_empty() => Some(Part::From(first, None)),
        (Some(first), Some(last)) if first <= last => Some(Part::From(first, Some(last))),
        (None, Some(count)) if first.is_empty() => Some(Part::Last(count)),
        _ => None,
    }
}

/// Digits alone: Rust would take a sign as well.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn asked(headers: &[(header::HeaderName, &str)]) -> Option<Part> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name.clone(), value.parse().unwrap());
        }
        wanted(&map, "\"att_1\"")
    }

    #[test]
    fn one_range_is_a_part_and_all_else_is_the_whole() {
        for (range, part) in [
            ("bytes=0-0", Some(Part::From(0, Some(0)))),
            ("Bytes=5-", Some(Part::From(5, None))),
            ("bytes=-7", Some(Part::Last(7))),
            ("bytes=-0", Some(Part::Last(0))),
            ("bytes=5-2", None),
            ("bytes=-", None),
            ("bytes=0-1,3-4", None),
            ("bytes=+1-2", None),
            ("bytes=1-+2", None),
            ("bytes=99999999999999999999-", None),
            ("bytes", None),
            ("lines=1-2", None),
            ("", None),
        ] {
            assert_eq!(asked(&[(header::RANGE, range)]), part, "{range:?}");
        }
        let range = (header::RANGE, "bytes=1-2");
        assert_eq!(asked(&[range.clone(), range]), None);
    }

    #[test]
    fn a_part_of_another_version_is_not_wanted() {
        for (tag, taken) in [
            ("\"att_1\"", true),
            ("\"att_2\"", false),
            ("W/\"att_1\"", false),
            ("Fri, 01 Jan 2100 00:00:00 GMT", false),
        ] {
            let asked = asked(&[(header::RANGE, "bytes=1-2"), (header::IF_RANGE, tag)]);
            assert_eq!(asked.is_some(), taken, "{tag}");
        }
    }
}
