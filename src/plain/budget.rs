//! How much may be tried again: retries are at most a tenth of all calls, so that a Plain in trouble is not hammered.
//!
//! A token bucket, as Finagle's retry budgets and gRPC's retry throttling are.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Counted in tenths, so that sums are exact.
const CALL: u32 = 1;
const RETRY: u32 = 10;
/// A quiet time saves up no more than ten retries; a portal that has just started has them too.
const CAP: u32 = 10 * RETRY;

/// One for all callers of one Plain.
#[derive(Debug)]
pub(super) struct Budget {
    tenths: AtomicU32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            tenths: AtomicU32::new(CAP),
        }
    }
}

impl Budget {
    /// Counts a call, however it ends. Retries are not calls.
    pub fn call(&self) {
        let _ = self
            .tenths
            .fetch_update(Relaxed, Relaxed, |tenths| Some(CAP.min(tenths + CALL)));
    }

    /// Takes what one retry costs; `false` when there is not enough left.
    pub fn retry(&self) -> bool {
        self.tenths
            .fetch_update(Relaxed, Relaxed, |tenths| tenths.checked_sub(RETRY))
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many calls, each tried again as often as it may be, up to twice.
    fn retries_of(budget: &Budget, calls: usize) -> usize {
        (0..calls)
            .map(|_| {
                budget.call();
                (0..2).filter(|_| budget.retry()).count()
            })
            .sum()
    }

    #[test]
    fn retries_are_a_tenth_of_the_calls_beyond_what_was_saved() {
        let budget = Budget::default();
        let beginning = retries_of(&budget, 10);
        assert_eq!(beginning, 10, "what it starts with");
        assert_eq!(retries_of(&budget, 1000), 100, "a tenth");
    }

    #[test]
    fn quiet_times_save_up_no_more_than_ten() {
        let budget = Budget::default();
        for _ in 0..100_000 {
            budget.call();
        }
        assert_eq!((0..100).filter(|_| budget.retry()).count(), 10);
        assert!(!budget.retry());
    }
}
