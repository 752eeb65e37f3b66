//! A place where calls stop until a test lets them go on.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Where calls wait, for tests that look, kill or race while a call is under way. Clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate {
    arrived: Arc<Semaphore>,
    passes: Arc<Semaphore>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            arrived: Arc::new(Semaphore::new(0)),
            passes: Arc::new(Semaphore::new(0)),
        }
    }
}

impl Gate {
    /// Resolves when a call stands at the gate that no earlier wait has counted; at once if one is there already.
    pub async fn arrived(&self) {
        take_one(&self.arrived).await;
    }

    /// Lets one call go on: one that waits, or the next to come.
    pub fn let_one_go(&self) {
        self.passes.add_permits(1);
    }

    /// Lets all calls go on, from now on without stopping.
    pub fn open(&self) {
        self.passes.close();
    }

    /// A call arrives and waits for its turn.
    pub(in crate::sandbox) async fn stand(&self) {
        self.arrived.add_permits(1);
        take_one(&self.passes).await;
    }
}

/// Takes one permit for good; a closed semaphore has enough for everybody.
async fn take_one(permits: &Semaphore) {
    if let Ok(permit) = permits.acquire().await {
        permit.forget();
    }
}
