//! What a command prints: a table for people, JSON for programs.

use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::Failure;
use crate::{content, plain::operations::PageInfo};

/// Something with a place in a table.
pub trait Record: Serialize {
    /// The heads of its columns.
    const COLUMNS: &'static [&'static str];

    /// Its cells, as many as there are columns. They are what strangers may have written.
    fn cells(&self) -> Vec<String>;

    /// What is told of one alone and has no column.
    fn more(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// Writes in one of the two ways.
pub struct Printer {
    json: bool,
    /// The widths of the columns, once the head is written.
    widths: Option<Vec<usize>>,
}

impl Printer {
    pub fn new(json: bool) -> Self {
        Self { json, widths: None }
    }

    /// One record: a JSON document, or a line for each of its values.
    pub fn one<R: Record>(&self, record: &R) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut out, record).map_err(io::Error::from)?;
            return Ok(writeln!(out)?);
        }
        let columns = R::COLUMNS.iter().copied().zip(record.cells());
        let values: Vec<(&str, String)> = columns.chain(record.more()).collect();
        let width = values.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
            writeln!(out, "{name:width$}  {}", content::line(value))?;
        }
        Ok(())
    }

    /// A JSON value that is no record, or a sentence.
    pub fn say(&self, json: &serde_json::Value, sentence: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match self.json {
            true => writeln!(out, "{json}")?,
            false => writeln!(out, "{}", content::line(sentence))?,
        }
        Ok(())
    }

    /// One page of a list; the next one goes below it. JSON has a line for each row.
    pub fn page<R: Record>(&mut self, rows: &[R]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        if self.json {
            for row in rows {
                serde_json::to_writer(&mut out, row).map_err(io::Error::from)?;
                writeln!(out)?;
            }
            return Ok(());
        }
        let cells = rows.iter().map(|row| {
            let cells = row.cells().into_iter();
            cells.map(|cell| content::line(&cell)).collect()
        });
        let cells: Vec<Vec<String>> = cells.collect();
        let widths = match &self.widths {
            Some(widths) => widths,
            None => {
                let widths = widths(R::COLUMNS, &cells);
                let head: Vec<String> = R::COLUMNS.iter().map(ToString::to_string).collect();
                line(&mut out, &head, &widths)?;
                self.widths.insert(widths)
            }
        };
        for row in &cells {
            line(&mut out, row, widths)?;
        }
        Ok(())
    }

    /// Says on the error stream how the list goes on.
    pub fn how_it_goes_on(&self, info: &PageInfo, backward: bool) {
        let (more, flag, cursor) = match backward {
            false => (info.has_next_page, "--after", &info.end_cursor),
            true => (info.has_previous_page, "--before", &info.start_cursor),
        };
        if let (true, Some(cursor)) = (more, cursor) {
            let cursor = content::line(cursor);
            eprintln!("plain-portal: there is more: {flag} '{cursor}', or --all");
        }
    }
}

fn widths(columns: &[&str], rows: &[Vec<String>]) -> Vec<usize> {
    let width = |(place, head): (usize, &&str)| {
        let cells = rows.iter().filter_map(|row| row.get(place));
        let widest = cells.map(|cell| cell.width()).max();
        widest.unwrap_or(0).max(head.width())
    };
    columns.iter().enumerate().map(width).collect()
}

fn line(out: &mut impl Write, cells: &[String], widths: &[usize]) -> io::Result<()> {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let room = width.saturating_sub(cell.width());
        line.push_str(cell);
        line.push_str(&" ".repeat(room + 2));
    }
    writeln!(out, "{}", line.trim_end())
}
