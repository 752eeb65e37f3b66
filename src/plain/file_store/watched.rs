//! A file on its way to the store: does it move, and is it what it was said to be?

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use tokio::{sync::watch, time::timeout};

/// What keeps an eye on a file while it is sent.
pub struct Watched {
    moved: watch::Receiver<()>,
    failed: Arc<OnceLock<String>>,
}

impl Watched {
    /// Why the file itself could not be sent whole, if that is so.
    pub fn failure(&self) -> Option<&str> {
        self.failed.get().map(String::as_str)
    }

    /// Resolves when nothing has moved for so long: the store takes nothing, or does not answer after it has all.
    pub async fn stalled(&self, idle: Duration) {
        let mut moved = self.moved.clone();
        while let Ok(Ok(())) = timeout(idle, moved.changed()).await {}
        // All is sent, or dropped: what is left is the answer.
        if moved.has_changed().is_err() {
            tokio::time::sleep(idle).await;
        }
    }
}

/// The same file, watched: each piece that goes out counts as a move, and it must have exactly this size.
pub fn watch(
    body: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    size: u64,
) -> (
    impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    Watched,
) {
    let (mover, moved) = watch::channel(());
    let failed = Arc::new(OnceLock::new());
    let watched = Watched {
        moved,
        failed: Arc::clone(&failed),
    };
    let sent = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&sent);
    let whole = stream::once(async move {
        match counted.load(Ordering::Relaxed) {
            count if count == size => Ok(Bytes::new()),
            count => Err(other_size(count, size)),
        }
    });
    let body = body.map(move |piece| {
        let piece = piece?;
        let count = sent.fetch_add(piece.len() as u64, Ordering::Relaxed) + piece.len() as u64;
        match count > size {
            true => Err(other_size(count, size)),
            false => Ok(piece),
        }
    });
    let body = body.chain(whole).inspect(move |piece| {
        mover.send_replace(());
        if let Err(error) = piece {
            let _ = failed.set(error.to_string());
        }
    });
    (body, watched)
}

fn other_size(count: u64, size: u64) -> io::Error {
    io::Error::other(format!("it has {count} bytes or more, and not {size}"))
}
