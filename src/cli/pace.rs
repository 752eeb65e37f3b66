//! How fast many calls go: together they stay within Plain's rate, and each is made again where that may help.
//!
//! Only what does no harm a second time may go through here: reads, upserts, and memberships that are added or set.

use std::{sync::Mutex, sync::PoisonError, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until},
};

use super::Failure;
use crate::plain::Error;

/// So often is a call made again that failed for now.
const RETRIES: usize = 5;
/// So long does one call wait, all in all, for a rate that Plain limits.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// However soon Plain wants to be asked again, not sooner than this.
const SHORTEST: Duration = Duration::from_secs(1);
/// After a wait not everybody comes back at the same moment.
const SPREAD: Duration = Duration::from_millis(250);

/// One for all calls of a command.
pub struct Pace {
    /// Nobody calls before this.
    not_before: Mutex<Instant>,
    /// Becomes true when the command is told to end.
    halted: watch::Receiver<bool>,
}

impl Pace {
    pub fn new(halted: watch::Receiver<bool>) -> Self {
        Self {
            not_before: Mutex::new(Instant::now()),
            halted,
        }
    }

    /// Makes the call, when it may be made, until it succeeds or no further attempt is of use.
    ///
    /// When Plain limits the rate, everybody waits as long as it says, unless that is longer than anybody would.
    ///
    /// # Errors
    /// What the last attempt came to; [`Failure::Interrupted`] when the command is told to end while this one waits.
    pub async fn call<T>(&self, attempt: impl AsyncFn() -> Result<T, Error>) -> Result<T, Failure> {
        let mut pauses = ExponentialBuilder::new()
            .with_jitter()
            .with_min_delay(Duration::from_millis(200))
            .with_max_times(RETRIES)
            .build();
        let patience = Instant::now() + PATIENCE;
        loop {
            self.wait().await?;
            let error = match attempt().await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let asked = error.retry_after().map(|wait| wait.max(SHORTEST));
            let left = patience.saturating_duration_since(Instant::now());
            match &error {
                _ if asked.is_some_and(|wait| wait > left) => return Err(error.into()),
                Error::RateLimited { .. } => self.stay_away(asked.unwrap_or(SHORTEST)),
                error if error.is_curable() => {
                    let Some(pause) = pauses.next() else {
                        return Err(error.clone().into());
                    };
                    asked.inspect(|wait| self.stay_away(*wait));
                    self.unless_halted(sleep(pause)).await?;
                }
                _ => return Err(error.into()),
            }
        }
    }

    fn stay_away(&self, wait: Duration) {
        let mut not_before = self
            .not_before
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *not_before = (*not_before).max(Instant::now() + wait);
    }

    fn not_before(&self) -> Instant {
        *self
            .not_before
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait(&self) -> Result<(), Failure> {
        loop {
            let until = self.not_before();
            if until <= Instant::now() {
                return match *self.halted.borrow() {
                    true => Err(Failure::Interrupted),
                    false => Ok(()),
                };
            }
            let spread = SPREAD.mul_f32(fastrand::f32());
            self.unless_halted(sleep_until(until + spread)).await?;
        }
    }

    async fn unless_halted(&self, pause: impl Future<Output = ()>) -> Result<(), Failure> {
        let mut halted = self.halted.clone();
        tokio::select! {
            () = pause => Ok(()),
            _ = halted.wait_for(|halted| *halted) => Err(Failure::Interrupted),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::cell::RefCell;

    use super::*;

    fn pace() -> (watch::Sender<bool>, Pace) {
        let (halt, halted) = watch::channel(false);
        (halt, Pace::new(halted))
    }

    fn limited(seconds: u64) -> Error {
        Error::RateLimited {
            retry_after: Some(Duration::from_secs(seconds)),
        }
    }

    fn failed() -> Error {
        Error::NoAnswer {
            detail: String::new(),
        }
    }

    /// Calls once for each of these ends, in their order; the last one holds for ever.
    async fn call(pace: &Pace, ends: Vec<Result<(), Error>>) -> (Result<(), Failure>, usize) {
        let made = RefCell::new(0);
        let end = pace
            .call(async || {
                let call = made.replace_with(|made| *made + 1);
                ends[call.min(ends.len() - 1)].clone()
            })
            .await;
        (end, made.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn one_limit_holds_for_everybody() {
        let (_halt, pace) = pace();
        let started = Instant::now();
        let first = call(&pace, vec![Err(limited(7)), Ok(())]);
        let second = async {
            sleep(Duration::from_secs(1)).await;
            let end = call(&pace, vec![Ok(())]).await;
            (end, started.elapsed())
        };
        let (first, (second, waited)) = tokio::join!(first, second);
        assert!(first.0.is_ok() && second.0.is_ok());
        assert_eq!(
            (first.1, second.1),
            (2, 1),
            "the second was not made in vain"
        );
        assert!(waited >= Duration::from_secs(7), "{waited:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_time_cures_is_tried_again_and_nothing_else() {
        let (_halt, pace) = pace();
        assert_eq!(call(&pace, vec![Err(failed()), Ok(())]).await.1, 2);
        let (end, calls) = call(&pace, vec![Err(failed())]).await;
        assert!(matches!(end, Err(Failure::Plain(Error::NoAnswer { .. }))));
        assert_eq!(calls, 1 + RETRIES);
        let refused = Error::NotFound {
            detail: String::new(),
        };
        assert_eq!(call(&pace, vec![Err(refused)]).await.1, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_does_not_end_is_given_up() {
        let (_halt, pace) = pace();
        let started = Instant::now();
        let (end, _) = call(&pace, vec![Err(limited(60))]).await;
        assert!(matches!(
            end,
            Err(Failure::Plain(Error::RateLimited { .. }))
        ));
        assert!((9..=10).contains(&(started.elapsed().as_secs() / 60)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_is_neither_nothing_nor_for_ever() {
        let (_halt, pace) = pace();
        let (end, calls) = call(&pace, vec![Err(limited(0))]).await;
        assert!(end.is_err());
        assert!(calls <= 600, "{calls} calls in ten minutes");
        let started = Instant::now();
        let later = Error::Temporary {
            detail: String::new(),
            retry_after: Some(Duration::MAX),
        };
        for error in [limited(86_400), later] {
            let (end, calls) = call(&pace, vec![Err(error)]).await;
            assert!(matches!(end, Err(Failure::Plain(_))));
            assert_eq!((calls, started.elapsed().as_secs()), (1, 0));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_can_be_told_to_end() {
        let (halt, pace) = pace();
        let started = Instant::now();
        let call = call(&pace, vec![Err(limited(60))]);
        let end = async {
            sleep(Duration::from_secs(5)).await;
            halt.send_replace(true);
        };
        let ((end, calls), ()) = tokio::join!(call, end);
        assert!(matches!(end, Err(Failure::Interrupted)));
        assert_eq!((calls, started.elapsed().as_secs()), (1, 5));
    }
}
