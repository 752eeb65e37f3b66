//! Reads customers from CSV or NDJSON, one after the other, with the lines that they stand in.
//!
//! Which of the two it is tells the first character: an object of NDJSON begins with `{`.

mod csv;
mod ndjson;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
};

use tokio::sync::mpsc;

use super::seen::{Fingerprint, Seen, fingerprint};
use crate::cli::{Failure, entry::Entry};

/// The columns of CSV, and the members of NDJSON.
pub const COLUMNS: [&str; 7] = [
    "external_id",
    "email",
    "email_verified",
    "name",
    "short_name",
    "groups",
    "tenants",
];

/// One row of the file.
pub struct Row {
    /// The line that it begins in, from 1.
    pub line: u64,
    /// How far the file is read behind it, in bytes.
    pub read: u64,
    /// What it says, or why that cannot be used.
    pub entry: Result<Entry, String>,
    /// Of its content.
    pub fingerprint: Option<Fingerprint>,
    /// An earlier run has done it.
    pub is_old: bool,
}

impl Row {
    pub fn new(line: u64, read: u64, entry: Result<Entry, String>) -> Self {
        let content = entry.as_ref().ok();
        let content = content.and_then(|entry| serde_json::to_vec(entry).ok());
        Self {
            line,
            read,
            fingerprint: content.map(|content| fingerprint(&[&content])),
            entry,
            is_old: false,
        }
    }

    /// Whose row it is, as far as it says.
    pub fn label(&self) -> &str {
        self.entry.as_ref().map_or("?", Entry::label)
    }
}

type Source = Box<dyn BufRead + Send>;

/// An open file, its header read and checked.
pub struct Rows {
    format: Format,
    read: Arc<AtomicU64>,
    size: Option<u64>,
}

enum Format {
    Csv(csv::Reader),
    Ndjson(Source),
}

impl Rows {
    /// Opens the file, or the standard input for `-`, and reads the header of CSV.
    ///
    /// # Errors
    /// [`Failure::Usage`]: it cannot be read, or has columns that are not known, twice or missing.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let cannot = |error: io::Error| Failure::Usage(format!("{}: {error}", path.display()));
        let (source, size): (Box<dyn Read + Send>, _) = if path == Path::new("-") {
            (Box::new(io::stdin()), None)
        } else {
            let file = File::open(path).map_err(cannot)?;
            let size = file.metadata().map_err(cannot)?.len();
            (Box::new(file), Some(size))
        };
        let read = Arc::new(AtomicU64::new(0));
        let source = Counted {
            source,
            read: Arc::clone(&read),
        };
        let mut source: Source = Box::new(BufReader::with_capacity(64 * 1024, source));
        skip_mark(&mut source).map_err(cannot)?;
        let first = source.fill_buf().map_err(cannot)?;
        let first = first.iter().find(|byte| !byte.is_ascii_whitespace());
        let format = match first {
            Some(b'{') => Format::Ndjson(source),
            Some(_) => {
                let reader = csv::Reader::new(source);
                let wrong = |problem| Failure::Usage(format!("{}: {problem}", path.display()));
                Format::Csv(reader.map_err(wrong)?)
            }
            None => return Err(Failure::Usage(format!("{}: is empty", path.display()))),
        };
        Ok(Self { format, read, size })
    }

    /// How long the file is, if it is one.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// May a row say what tenants the customer is in?
    pub fn has_tenants(&self) -> bool {
        match &self.format {
            Format::Csv(reader) => reader.has("tenants"),
            Format::Ndjson(_) => true,
        }
    }

    /// Reads on in a thread of its own, not further ahead than so many rows.
    pub fn start(self, ahead: usize) -> mpsc::Receiver<Row> {
        let (sender, receiver) = mpsc::channel(ahead.max(1));
        let read = self.read;
        // Not one of the runtime's threads: a read of the standard input that never ends must not keep the program.
        thread::spawn(move || {
            let mut seen = Seen::default();
            let send = |line, entry: Result<Entry, String>| {
                let entry = entry.and_then(Entry::checked);
                let entry = entry.and_then(|entry| seen.add(line, &entry).map(|()| entry));
                let row = Row::new(line, read.load(Relaxed), entry);
                sender.blocking_send(row).is_ok()
            };
            match self.format {
                Format::Csv(reader) => reader.each(send),
                Format::Ndjson(source) => ndjson::each(source, send),
            }
        });
        receiver
    }
}

/// Skips a byte order mark, as spreadsheets write it.
fn skip_mark(source: &mut Source) -> io::Result<()> {
    if source.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        source.consume(3);
    }
    Ok(())
}

/// Counts what is read.
struct Counted {
    source: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.source.read(buffer)?;
        self.read.fetch_add(bytes as u64, Relaxed);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests;
