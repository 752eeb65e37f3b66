//! One JSON object in each line.

use std::io::{BufRead, Read as _};

use super::{COLUMNS, Source};
use crate::cli::entry::Entry;

/// A line that is longer than this is none of ours.
const LONGEST: u64 = 1024 * 1024;

/// Hands over each line that is not blank, until nobody takes them any more.
pub fn each(mut source: Source, mut send: impl FnMut(u64, Result<Entry, String>) -> bool) {
    let mut text = Vec::new();
    for line in 1.. {
        text.clear();
        let entry = match source.by_ref().take(LONGEST).read_until(b'\n', &mut text) {
            Ok(0) => return,
            Ok(_) if text.len() as u64 == LONGEST && !text.ends_with(b"\n") => {
                let problem = format!("has more than {LONGEST} bytes; nothing behind it is read");
                send(line, Err(problem));
                return;
            }
            Ok(_) if text.trim_ascii().is_empty() => continue,
            Ok(_) => read(&text),
            Err(error) => {
                send(line, Err(format!("cannot be read: {error}")));
                return;
            }
        };
        if !send(line, entry) {
            return;
        }
    }
}

fn read(text: &[u8]) -> Result<Entry, String> {
    serde_json::from_slice(text).map_err(|error| {
        let told = error.to_string();
        match told.starts_with("unknown field") {
            true => format!("{told} (it may have {})", COLUMNS.join(", ")),
            false => told,
        }
    })
}
