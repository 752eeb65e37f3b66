//! How long the outbox waits for what.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{config::Settle, model::Way};

/// Answers on e-mail threads travel as e-mail; after a day something else went wrong with them.
pub const SHOW_OWN_COPY: SignedDuration = SignedDuration::from_hours(24);
/// What could not be sent for so long is the customer's to decide: it may no longer be what they want to say.
const KEEP_TRYING: SignedDuration = SignedDuration::from_hours(24);

/// For so long at least a browser surely waits for the answer to its form. Shorter than a second click waits for the first: what that
/// one is then told to be on its way is kept.
pub const BROWSER_WAITS: SignedDuration = SignedDuration::from_secs(6);

const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(2);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);

const LONGEST_LOOK: SignedDuration = SignedDuration::from_secs(5);

/// Somebody else's work may come up without a word, as when another process dies.
const LOOK_AROUND: Duration = Duration::from_secs(30);

/// Has it been tried for long enough?
pub fn is_over(first_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(first_at) >= KEEP_TRYING
}

/// When to try again what surely was not sent: it waits half as long as it has been waiting, so that the pauses grow,
/// a little less or more so that not all come at once, and never shorter than Plain asks for.
pub fn next_try(first_at: Timestamp, now: Timestamp, retry_after: Option<Duration>) -> Timestamp {
    let pause = (now.duration_since(first_at) / 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
    let spread = i32::from(uuid::Uuid::new_v4().as_bytes()[0]);
    let pause = pause * (896 + spread) / 1024;
    let asked = retry_after.and_then(|wait| SignedDuration::try_from(wait).ok());
    now + pause.max(asked.unwrap_or_default()).min(KEEP_TRYING)
}

/// From when on an answer that was taken before now would be in the conversation.
pub fn settles_at(settle: &Settle, way: Way, now: Timestamp) -> Timestamp {
    let time = match way {
        Way::Chat => settle.direct,
        Way::Email | Way::Slack => settle.relayed,
    };
    now + SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}

/// When to look again for an answer that may turn up until then.
pub fn next_look(since: Timestamp, settles_at: Timestamp, now: Timestamp) -> Timestamp {
    let pause = (now.duration_since(since) / 2).clamp(FIRST_PAUSE, LONGEST_LOOK);
    (now + pause).min(settles_at)
}

/// How long to sleep until then.
pub fn until(next_due: Option<Timestamp>, now: Timestamp) -> Duration {
    // Times in the database are whole seconds: never wake in the second before.
    let wait = next_due.map(|due| due.duration_since(now));
    wait.map_or(LOOK_AROUND, |wait| {
        Duration::try_from(wait)
            .unwrap_or_default()
            .min(LOOK_AROUND)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn pauses_grow_up_to_five_minutes() {
        let mut now = at(1_000_000);
        let mut pauses = vec![];
        while !is_over(at(1_000_000), now) {
            let next = next_try(at(1_000_000), now, None);
            pauses.push(next.duration_since(now).as_secs_f64());
            now = next;
        }
        assert!((1.7..=2.3).contains(&pauses[0]), "{pauses:?}");
        assert!(
            pauses.iter().all(|pause| (1.7..=338.0).contains(pause)),
            "{pauses:?}"
        );
        let last = pauses.last().unwrap();
        assert!((260.0..=338.0).contains(last), "{last}");
        assert!((250..400).contains(&pauses.len()), "{}", pauses.len());
    }

    #[test]
    fn plain_may_ask_for_more() {
        let wait = Duration::from_secs(60);
        assert_eq!(next_try(at(0), at(0), Some(wait)), at(60));
        let endless = Duration::from_secs(u64::MAX);
        assert!(next_try(at(0), at(0), Some(endless)) <= at(86_400));
    }

    #[test]
    fn looks_stop_when_it_has_settled() {
        let settled = settles_at(&Settle::default(), Way::Email, at(100));
        assert_eq!(settled, at(130));
        assert_eq!(next_look(at(100), settled, at(100)), at(102));
        assert_eq!(next_look(at(100), settled, at(120)), at(125));
        assert_eq!(next_look(at(100), settled, at(129)), settled);
    }
}
