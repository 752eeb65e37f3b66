//! Times on pages: readable, with their zone, and exact for machines.

use jiff::{Timestamp, tz::TimeZone};
use leptos::prelude::*;

use crate::model::Viewer;

/// The zone that a viewer's times are shown in; UTC when the host named none.
#[derive(Clone)]
pub struct Zone(TimeZone);

impl Zone {
    pub fn of(viewer: &Viewer) -> Self {
        let named = viewer
            .zone
            .as_deref()
            .and_then(|zone| TimeZone::get(zone).ok());
        Self(named.unwrap_or(TimeZone::UTC))
    }

    fn words(&self, at: Timestamp, now: Timestamp) -> String {
        let (local, now) = (at.to_zoned(self.0.clone()), now.to_zoned(self.0.clone()));
        let format = if local.year() == now.year() {
            "%-d %b, %H:%M %Z"
        } else {
            "%-d %b %Y, %H:%M %Z"
        };
        local.strftime(format).to_string()
    }

    fn full_words(&self, at: Timestamp) -> String {
        at.to_zoned(self.0.clone())
            .strftime("%A, %-d %B %Y, %H:%M:%S %Z")
            .to_string()
    }
}

/// A moment, such as "21 Nov, 14:05 UTC".
#[component]
pub fn Time(at: Timestamp) -> impl IntoView {
    let zone = use_context::<Zone>().unwrap_or(Zone(TimeZone::UTC));
    view! {
        <time datetime=at.to_string() title=zone.full_words(at)>
            {zone.words(at, Timestamp::now())}
        </time>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_say_their_zone_and_another_year() {
        let at: Timestamp = "2026-11-21T13:05:00Z".parse().unwrap();
        let later: Timestamp = "2027-01-02T00:00:00Z".parse().unwrap();
        let berlin = Zone(TimeZone::get("Europe/Berlin").unwrap());
        assert_eq!(Zone(TimeZone::UTC).words(at, at), "21 Nov, 13:05 UTC");
        assert_eq!(berlin.words(at, at), "21 Nov, 14:05 CET");
        assert_eq!(berlin.words(at, later), "21 Nov 2026, 14:05 CET");
        assert_eq!(
            berlin.full_words(at),
            "Saturday, 21 November 2026, 14:05:00 CET"
        );
    }
}
