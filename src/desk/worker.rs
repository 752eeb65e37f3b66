//! Sends what waits in the outbox, each message from the desk of whoever wrote it.

use std::time::Duration;

use tokio::task::{JoinError, JoinSet};

use super::{Desk, Supplies};
use crate::store::{self, Charge};

/// So many at a time: Plain limits rates, and customers at their browsers come first.
const AT_ONCE: usize = 8;
/// How long what has begun may take to end when the process is to stop: as long as a message without files, at the most. A message
/// whose files are on their way then has not been sent; its lease ends, and it is looked at again.
const LONGEST_END: Duration = Duration::from_secs(35);
/// How long to leave a database alone that has failed.
const AFTER_A_FAILURE: Duration = Duration::from_secs(5);

/// One for each process that serves a portal.
pub struct Worker {
    supplies: Supplies,
}

impl Worker {
    pub fn new(supplies: Supplies) -> Self {
        Self { supplies }
    }

    /// Sends whatever is due until `stop` resolves, and then ends what it has begun, within 35 s.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        // Not to be broken off: what it has charge of, it sends. One with large files holds up none of the others.
        let mut sending = JoinSet::new();
        loop {
            let is_full = sending.len() >= AT_ONCE;
            let pause = match self.begin_what_is_due(&mut sending).await {
                Ok(0) => None,
                Ok(_) => Some(Duration::ZERO),
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be read");
                    Some(AFTER_A_FAILURE)
                }
            };
            tokio::select! {
                () = &mut stop => break,
                Some(ended) = sending.join_next() => note(ended),
                () = self.rest(pause), if !is_full => {}
            }
        }
        let ends = async {
            while let Some(ended) = sending.join_next().await {
                note(ended);
            }
        };
        if tokio::time::timeout(LONGEST_END, ends).await.is_err() {
            tracing::warn!("messages whose files are still on their way are broken off");
        }
    }

    async fn rest(&self, pause: Option<Duration>) {
        match pause {
            Some(pause) => tokio::time::sleep(pause).await,
            None => {
                if let Err(error) = self.supplies.outbox.wait_for_work().await {
                    tracing::error!(%error, "the outbox cannot be read");
                    tokio::time::sleep(AFTER_A_FAILURE).await;
                }
            }
        }
    }

    /// Returns how many there were.
    async fn begin_what_is_due(&self, sending: &mut JoinSet<()>) -> Result<usize, store::Error> {
        let free = AT_ONCE.saturating_sub(sending.len());
        let charges = match i64::try_from(free) {
            Ok(free) if free > 0 => self.supplies.outbox.take_due(free).await?,
            _ => vec![],
        };
        let taken = charges.len();
        for charge in charges {
            sending.spawn(send(self.supplies.clone(), charge));
        }
        Ok(taken)
    }
}

fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        // The lease of that message ends, and it is looked at again.
        tracing::error!(%error, "sending a waiting message failed");
    }
}

/// What somebody wrote who is gone, or of whom Plain cannot be asked, waits like what Plain cannot take: they may be back, and
/// it is not lost.
async fn send(supplies: Supplies, charge: Charge) {
    let standing = supplies.memberships.of_author(&charge.author).await;
    // Whatever becomes of it is recorded with the message.
    let desk = standing.and_then(|it| Desk::new(&supplies, charge.author.clone(), it));
    let done = match desk {
        Some(desk) => desk.deliver(&charge).await,
        None => supplies.outbox.later(&charge, charge.unclear, None).await,
    };
    if let Err(error) = done {
        tracing::error!(%error, submission = charge.id, "a waiting message");
    }
}
