//! When to come back, as a server says it (RFC 9110, 10.2.3): in so many seconds, or at a time.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Nobody is believed to want us away for longer.
const MOST: Duration = Duration::from_secs(24 * 60 * 60);

/// The answer's `Retry-After`, if it has one that can be read.
pub(super) fn read(headers: &HeaderMap) -> Option<Duration> {
    parse(headers.get(RETRY_AFTER)?.to_str().ok()?, Timestamp::now())
}

fn parse(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let wait = match value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds is a long time as well.
        true if !value.is_empty() => value.parse().map_or(MOST, Duration::from_secs),
        _ => {
            let date = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
            Duration::try_from(date.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.min(MOST))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn seconds_and_dates_are_read_and_nothing_else_is() {
        let now = "1994-11-06T08:49:00Z".parse().unwrap();
        for (value, seconds) in [
            ("7", 7),
            (" 0 ", 0),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 37),
            ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
            ("Sat, 06 Nov 2094 08:49:37 GMT", 86_400),
            ("99999999999999999999999", 86_400),
        ] {
            assert_eq!(
                parse(value, now),
                Some(Duration::from_secs(seconds)),
                "{value}"
            );
        }
        for value in ["", "soon", "-1", "1.5", "7 s"] {
            assert_eq!(parse(value, now), None, "{value}");
        }
    }
}
