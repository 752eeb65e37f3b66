//! What an import has done, row by row, so that one that was broken off goes on where it was.
//!
//! A row is known by its content and not by its line: in a file that has changed since, what is new or different is
//! sent. A line is written whole, when its row is done; the last one may be torn by a power cut, and is sent again.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions, TryLockError},
    io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use secrecy::ExposeSecret as _;

use super::{
    rows::Row,
    seen::{Fingerprint, fingerprint},
};
use crate::{cli::Failure, config};

const KIND: &str = "plain-portal import 1 ";

pub struct Journal {
    path: PathBuf,
    file: File,
    done: HashSet<Fingerprint>,
}

impl Journal {
    /// Opens the journal of an import, or begins one.
    ///
    /// # Errors
    /// [`Failure::Usage`] when it belongs to another workspace, key or choice of options, or to an import that runs.
    pub fn open(path: &Path, plain: &config::Plain, set_tenants: bool) -> Result<Self, Failure> {
        let cannot = |error: std::io::Error| {
            Failure::Usage(format!("the journal {}: {error}", path.display()))
        };
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let mut file = options.open(path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let path = path.display();
                let told = format!("the journal {path} belongs to an import that runs");
                return Err(Failure::Usage(told));
            }
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        let head = format!("{KIND}{}", hex(&of_the_import(plain, set_tenants)));
        let mut text = Vec::new();
        let mut reader = BufReader::new(&mut file);
        reader.read_until(b'\n', &mut text).map_err(cannot)?;
        let mut done = HashSet::new();
        if text.is_empty() {
            drop(reader);
            writeln!(file, "{head}").map_err(cannot)?;
        } else if text.strip_suffix(b"\n") != Some(head.as_bytes()) {
            return Err(Failure::Usage(format!(
                "the journal {} belongs to another import (another workspace, key or options), or is no journal: remove it, or name another by --resume",
                path.display()
            )));
        } else {
            let mut whole = text.len() as u64;
            loop {
                text.clear();
                reader.read_until(b'\n', &mut text).map_err(cannot)?;
                let Some(line) = text.strip_suffix(b"\n").and_then(unhex) else {
                    break;
                };
                whole += text.len() as u64;
                done.insert(line);
            }
            drop(reader);
            // What follows a torn line would be read as part of it.
            file.set_len(whole).map_err(cannot)?;
            file.seek(SeekFrom::End(0)).map_err(cannot)?;
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            done,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Is this row done already?
    pub fn has(&self, row: &Row) -> bool {
        row.fingerprint.is_some_and(|it| self.done.contains(&it))
    }

    /// Notes that the row is done.
    pub fn note(&self, row: &Row) -> Result<(), Failure> {
        let Some(fingerprint) = row.fingerprint.filter(|_| !row.is_old) else {
            return Ok(());
        };
        let line = format!("{}\n", hex(&fingerprint));
        (&self.file).write_all(line.as_bytes())?;
        Ok(())
    }

    /// The whole file is done.
    pub fn remove(self) -> Result<(), Failure> {
        Ok(fs::remove_file(&self.path)?)
    }
}

/// What else decides what is done with a row.
fn of_the_import(plain: &config::Plain, set_tenants: bool) -> Fingerprint {
    let url = plain.api_url.as_str().as_bytes();
    let key = plain.api_key.expose_secret().as_bytes();
    fingerprint(&[url, key, &[set_tenants.into()]])
}

fn hex(bytes: &Fingerprint) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &[u8]) -> Option<Fingerprint> {
    let text = str::from_utf8(text).ok().filter(|text| text.len() == 32)?;
    let number = u128::from_str_radix(text, 16).ok()?;
    Some(number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::cli::entry::Entry;

    fn plain(key: &str) -> config::Plain {
        config::Plain {
            api_url: "https://plain.example/graphql".parse().unwrap(),
            api_key: key.to_owned().into(),
        }
    }

    fn row(name: &str) -> Row {
        let entry = Entry {
            email: "ada@example.com".to_owned(),
            name: name.to_owned(),
            ..Entry::default()
        };
        Row::new(2, 0, Ok(entry))
    }

    #[test]
    fn what_is_done_is_known_by_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::open(&path, &plain("a"), false).unwrap();
        assert!(!journal.has(&row("Ada")));
        journal.note(&row("Ada")).unwrap();
        drop(journal);
        // As a power cut may leave it.
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"0123").unwrap();
        let journal = Journal::open(&path, &plain("a"), false).unwrap();
        assert!(journal.has(&row("Ada")) && !journal.has(&row("Ada L.")));
        journal.note(&row("Ada L.")).unwrap();
        drop(journal);
        let journal = Journal::open(&path, &plain("a"), false).unwrap();
        assert!(journal.has(&row("Ada")) && journal.has(&row("Ada L.")));
        journal.remove().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn another_imports_journal_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::open(&path, &plain("a"), false).unwrap();
        let running = Journal::open(&path, &plain("a"), false).err().unwrap();
        assert!(running.to_string().contains("runs"), "{running}");
        drop(journal);
        assert!(Journal::open(&path, &plain("b"), false).is_err());
        assert!(Journal::open(&path, &plain("a"), true).is_err());
        fs::write(&path, "something else\n").unwrap();
        assert!(Journal::open(&path, &plain("a"), false).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "something else\n");
    }
}
