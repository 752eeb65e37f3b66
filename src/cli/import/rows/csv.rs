//! CSV by RFC 4180, with a header: quoted cells may hold line ends; lines end in LF or CRLF.

use std::{collections::HashSet, io::BufRead as _};

use csv::{ErrorKind, Position, StringRecord};

use super::{COLUMNS, Source};
use crate::cli::entry::{Entry, TenantRef};

/// What separates the groups and the tenants of a cell.
const SEPARATOR: char = ';';

pub struct Reader {
    reader: csv::Reader<Source>,
    columns: Vec<String>,
    /// How many line ends the reader has not counted when a row begins: it sees the LF of a CRLF with the next row.
    uncounted: u64,
}

impl Reader {
    /// Reads the header.
    ///
    /// # Errors
    /// A sentence that names all columns that are not known, twice or missing.
    pub fn new(mut source: Source) -> Result<Self, String> {
        let begin = source.fill_buf().map_err(|error| error.to_string())?;
        let header = begin.split_inclusive(|byte| *byte == b'\n').next();
        let uncounted = header
            .is_some_and(|header| header.ends_with(b"\r\n"))
            .into();
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.trim(csv::Trim::All).from_reader(source);
        let header = reader.headers().map_err(|error| error.to_string())?;
        let columns: Vec<String> = header.iter().map(str::to_lowercase).collect();
        let listed = |names: Vec<&str>| names.join(", ");
        let strange = columns.iter().map(String::as_str);
        let strange: Vec<&str> = strange.filter(|it| !COLUMNS.contains(it)).collect();
        let mut once = HashSet::new();
        let twice = columns.iter().map(String::as_str);
        let twice: Vec<&str> = twice.filter(|it| !once.insert(*it)).collect();
        let missing = ["email", "name"].into_iter();
        let missing: Vec<&str> = missing.filter(|it| !once.contains(it)).collect();
        let mut problems = Vec::new();
        if !strange.is_empty() {
            let known = COLUMNS.join(", ");
            problems.push(format!(
                "no such column: {} (it may have {known})",
                listed(strange)
            ));
        }
        if !missing.is_empty() {
            problems.push(format!("the header lacks {}", listed(missing)));
        }
        if problems.is_empty() && !twice.is_empty() {
            problems.push(format!("the header has {} twice", listed(twice)));
        }
        match problems.is_empty() {
            true => Ok(Self {
                reader,
                columns,
                uncounted,
            }),
            false => Err(problems.join("; ")),
        }
    }

    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|it| it == column)
    }

    /// Hands over each row, until nobody takes them any more.
    pub fn each(mut self, mut send: impl FnMut(u64, Result<Entry, String>) -> bool) {
        let mut record = StringRecord::new();
        loop {
            let at = self.reader.position().line();
            let (line, entry) = match self.reader.read_record(&mut record) {
                Ok(false) => return,
                Ok(true) => {
                    let line = record.position().map_or(at, Position::line);
                    (line, read(&self.columns, &record))
                }
                Err(error) => {
                    let line = error.position().map_or(at, Position::line);
                    if let ErrorKind::Io(error) = error.kind() {
                        send(
                            line + self.uncounted,
                            Err(format!("cannot be read: {error}")),
                        );
                        return;
                    }
                    (line, Err(told(error.kind(), self.columns.len())))
                }
            };
            if !send(line + self.uncounted, entry) {
                return;
            }
        }
    }
}

/// What is wrong with a row as such.
fn told(problem: &ErrorKind, columns: usize) -> String {
    match problem {
        ErrorKind::UnequalLengths { len, .. } => {
            format!("has {len} cells, and the header has {columns}")
        }
        ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        _ => "is no CSV".to_owned(),
    }
}

fn read(columns: &[String], record: &StringRecord) -> Result<Entry, String> {
    let mut entry = Entry::default();
    for (column, cell) in columns.iter().zip(record) {
        match column.as_str() {
            "external_id" => entry.external_id = Some(cell.to_owned()),
            "email" => entry.email = cell.to_owned(),
            "email_verified" => entry.email_verified = read_bool(cell)?,
            "name" => entry.name = cell.to_owned(),
            "short_name" => entry.short_name = Some(cell.to_owned()),
            "groups" => entry.groups = Some(list(cell).map(str::to_owned).collect()),
            "tenants" => entry.tenants = Some(list(cell).map(TenantRef::parse).collect()),
            _ => {}
        }
    }
    Ok(entry)
}

fn list(cell: &str) -> impl Iterator<Item = &str> {
    let parts = cell.split(SEPARATOR).map(str::trim);
    parts.filter(|part| !part.is_empty())
}

fn read_bool(cell: &str) -> Result<Option<bool>, String> {
    match cell.to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        _ => Err(format!(
            "email_verified: {cell:?} is neither `true` nor `false`"
        )),
    }
}
