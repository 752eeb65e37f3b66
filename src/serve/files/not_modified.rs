//! Does a browser have a file already (RFC 9110, 13.1.2)?

use axum::http::{HeaderMap, header};

/// Does `If-None-Match` name this entity tag, or any? A file never changes under its id, so that a weak tag is as good.
pub fn is_known(headers: &HeaderMap, entity_tag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|tags| tags.to_str().ok())
        .flat_map(|tags| tags.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == entity_tag)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn any_of_the_tags_may_be_it() {
        for (tags, is_known_by_it) in [
            ("\"att_1\"", true),
            ("W/\"att_1\"", true),
            ("\"att_0\", \"att_1\"", true),
            ("*", true),
            ("\"att_0\"", false),
            ("att_1", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, tags.parse().unwrap());
            assert_eq!(is_known(&headers, "\"att_1\""), is_known_by_it, "{tags}");
        }
        assert!(!is_known(&HeaderMap::new(), "\"att_1\""));
    }
}
