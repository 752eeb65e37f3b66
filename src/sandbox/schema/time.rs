//! Plain's `DateTime`: an object, not a scalar.

use async_graphql::SimpleObject;
use jiff::Timestamp;

/// A point in time: milliseconds since 1970 as a string, and ISO 8601 in UTC.
#[derive(SimpleObject, Clone)]
pub struct DateTime {
    unix_timestamp: String,
    iso8601: String,
}

impl From<Timestamp> for DateTime {
    fn from(at: Timestamp) -> Self {
        Self {
            unix_timestamp: at.as_millisecond().to_string(),
            iso8601: format!("{at:.3}"),
        }
    }
}
