//! What fuzz targets (`fuzz/`) reach and nothing else may: it is built for them alone.

use super::{Error, cursor::Place, merged::MergedThreads, translate};
use crate::{
    model::{Entry, Thread, Viewer},
    plain::operations::{ThreadKey, ThreadWithTimeline},
};

/// A thread and its entries as a page would get them.
pub fn shown(found: ThreadWithTimeline) -> Result<(Thread, Vec<Entry>), Error> {
    let viewer = Viewer::sample();
    let (thread, timeline) = found.into_parts();
    let merged = MergedThreads::all([thread.clone()], |_| true);
    let rows = timeline.edges.into_iter();
    let entries = translate::entries(rows, true, &thread, &merged, &viewer)?;
    Ok((translate::thread(thread, &viewer)?, entries))
}

/// See the function of the same name.
pub fn thread_key(id: &str) -> Option<ThreadKey> {
    super::thread_key(id)
}

/// The cursor in what an address holds, if we sealed it.
pub fn opened(sealed: &str) -> Option<String> {
    super::CursorKey::new(b"key")
        .ok()?
        .open(place(&Viewer::sample()), sealed)
}

/// The cursor itself, when sealing and opening do what they should.
pub fn resealed(cursor: &str) -> Option<String> {
    let (key, viewer) = (super::CursorKey::new(b"key").ok()?, Viewer::sample());
    key.open(place(&viewer), &key.seal(place(&viewer), cursor))
}

fn place(viewer: &Viewer) -> Place<'_> {
    Place::Timeline { viewer, id: "T-1" }
}
