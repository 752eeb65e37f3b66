//! When a read is tried again: at most twice, within one deadline, and only as far as the budget reaches.
//!
//! Writes are not tried again here: whether a second attempt is a second message is for the outbox to know.

use std::{pin::pin, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::{Instant, sleep, timeout_at};

use super::{budget::Budget, error::Error};

/// How long a read may take, and how its time is spent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For everything together.
    pub whole: Duration,
    /// For one attempt, as long as another may follow: a call that hangs is then given up in time for a second one.
    /// The last attempt has all the time that is left.
    pub attempt: Duration,
    /// An attempt that would have less than this is not made.
    pub least: Duration,
    pub retries: usize,
    /// The shortest first pause; the second is three times as long. Each is lengthened by up to itself, at random.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            whole: Duration::from_secs(8),
            attempt: Duration::from_secs(5),
            least: Duration::from_secs(1),
            retries: 2,
            pause: Duration::from_millis(100),
        }
    }
}

impl Patience {
    /// Makes the attempt, and makes it again where that may help.
    ///
    /// Returns what the last attempt came to.
    pub async fn read<T, F>(self, budget: &Budget, attempt: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        budget.call();
        let deadline = Instant::now() + self.whole;
        let mut pauses = ExponentialBuilder::new()
            .with_jitter()
            .with_factor(3.0)
            .with_min_delay(self.pause)
            .with_max_times(self.retries)
            .build();
        loop {
            let mut running = pin!(attempt());
            let first = deadline.min(Instant::now() + self.attempt);
            let (error, hangs) = match timeout_at(first, &mut running).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => (error, false),
                Err(_) => (late(self.attempt), true),
            };
            let left = deadline.saturating_duration_since(Instant::now());
            let pause = pauses
                .next()
                .and_then(|pause| self.pause(&error, pause, left))
                .filter(|_| budget.retry());
            match pause {
                Some(pause) => {
                    tracing::info!(%error, ?pause, "asking Plain again");
                    sleep(pause).await;
                }
                // Nothing follows, so that it may as well take all the time that is left.
                None if hangs => {
                    let rest = timeout_at(deadline, running).await;
                    return rest.unwrap_or_else(|_| Err(late(self.whole)));
                }
                None => return Err(error),
            }
        }
    }

    /// How long to wait after this error, or `None` when another attempt is no use, or would come too late.
    fn pause(self, error: &Error, pause: Duration, left: Duration) -> Option<Duration> {
        // On top of what Plain asks for, so that not everybody comes back at the same moment.
        let pause = pause + error.asked_to_wait().unwrap_or_default();
        (error.is_curable() && pause + self.least <= left).then_some(pause)
    }
}

/// The error of a call that took longer than it may.
pub(super) fn late(limit: Duration) -> Error {
    Error::NoAnswer {
        detail: format!("nothing within {limit:?}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{
        future::pending,
        sync::{Arc, Mutex},
    };

    use super::*;

    const OK: Result<&str, Error> = Ok("answer");

    fn failed() -> Result<&'static str, Error> {
        Err(Error::Temporary {
            detail: "HTTP 502".into(),
            retry_after: None,
        })
    }

    fn wait(seconds: u64) -> Result<&'static str, Error> {
        Err(Error::RateLimited {
            retry_after: Some(Duration::from_secs(seconds)),
        })
    }

    /// What an attempt does: after so many seconds it comes to this.
    type Step = (u64, Result<&'static str, Error>);

    const HANGS: Step = (3600, OK);

    /// Reads against a clock of its own; returns the end, the attempts, and the seconds that went by.
    async fn read(budget: &Budget, steps: Vec<Step>) -> (Result<&'static str, Error>, usize, f32) {
        let made = Arc::new(Mutex::new(0));
        let started = Instant::now();
        let end = Patience::default()
            .read(budget, || {
                let mut made = made.lock().unwrap();
                let step = steps.get(*made).cloned();
                *made += 1;
                async move {
                    let Some((seconds, end)) = step else {
                        return pending().await;
                    };
                    sleep(Duration::from_secs(seconds)).await;
                    end
                }
            })
            .await;
        let made = *made.lock().unwrap();
        (end, made, started.elapsed().as_secs_f32())
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_tried_again_at_most_twice() {
        let budget = Budget::default();
        let (end, attempts, _) = read(&budget, vec![(0, failed()), (0, OK)]).await;
        assert_eq!((end, attempts), (OK, 2));
        let (end, attempts, took) = read(&budget, vec![(0, failed()); 9]).await;
        assert_eq!((end, attempts), (failed(), 3));
        assert!((0.4..0.8).contains(&took), "two pauses with jitter: {took}");
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_differ_from_call_to_call() {
        let mut pauses = Vec::new();
        for _ in 0..5 {
            let (_, _, took) = read(&Budget::default(), vec![(0, failed()), (0, OK)]).await;
            pauses.push(took);
        }
        pauses.dedup();
        assert!(pauses.len() > 1, "{pauses:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_hangs_is_given_up_in_time_for_another() {
        let budget = Budget::default();
        let (end, attempts, took) = read(&budget, vec![HANGS, (0, OK)]).await;
        assert_eq!((end, attempts), (OK, 2));
        assert!((5.0..5.3).contains(&took), "{took}");
        let (end, attempts, took) = read(&budget, vec![HANGS; 9]).await;
        assert!(matches!(end, Err(Error::NoAnswer { .. })));
        assert_eq!(attempts, 2);
        assert!((7.99..8.01).contains(&took), "{took}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_only_attempt_has_all_the_time() {
        let budget = Budget::default();
        while budget.retry() {}
        let (end, attempts, took) = read(&budget, vec![(7, OK)]).await;
        assert_eq!((end, attempts, took), (OK, 1, 7.0));
        let once = Patience {
            retries: 0,
            ..Patience::default()
        };
        let slow = async || {
            sleep(Duration::from_secs(7)).await;
            OK
        };
        assert_eq!(once.read(&Budget::default(), slow).await, OK);
    }

    #[tokio::test(start_paused = true)]
    async fn plain_says_when_to_come_back() {
        let budget = Budget::default();
        let (end, attempts, took) = read(&budget, vec![(0, wait(3)), (0, OK)]).await;
        assert_eq!((end, attempts), (OK, 2));
        assert!((3.1..3.3).contains(&took), "{took}");
        let (end, attempts, took) = read(&budget, vec![(0, wait(7)), (0, OK)]).await;
        assert_eq!((end, attempts, took), (wait(7), 1, 0.0), "too late for us");
    }

    #[tokio::test(start_paused = true)]
    async fn what_time_cannot_cure_is_not_tried_again() {
        let budget = Budget::default();
        let detail = String::new;
        for error in [
            Error::RateLimited { retry_after: None },
            Error::Unauthenticated { detail: detail() },
            Error::Forbidden { detail: detail() },
            Error::NotFound { detail: detail() },
            Error::BadInput { detail: detail() },
            Error::Rejected { detail: detail() },
            Error::NotUnderstood { detail: detail() },
            Error::TooLarge { detail: detail() },
        ] {
            let (end, attempts, _) = read(&budget, vec![(0, Err(error.clone())); 3]).await;
            assert_eq!((end, attempts), (Err(error), 1));
        }
        for error in [
            Error::Unreachable { detail: detail() },
            Error::NoAnswer { detail: detail() },
            Error::Garbled { detail: detail() },
        ] {
            let (end, attempts, _) = read(&budget, vec![(0, Err(error)), (0, OK)]).await;
            assert_eq!((end, attempts), (OK, 2));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_budget_ends_retries() {
        let budget = Budget::default();
        let mut attempts = 0;
        for _ in 0..100 {
            attempts += read(&budget, vec![(0, failed()); 3]).await.1;
        }
        assert_eq!(attempts, 100 + 10 + 9, "the saved ones, and a tenth");
    }
}
