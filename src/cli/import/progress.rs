//! What is told of an import while it runs, and at its end.

use std::io::{self, Write as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::{Told, rows::Row};
use crate::{
    cli::{Failure, apply::Outcome},
    content,
};

/// Where there is no terminal, a line is written each time after so many rows.
const A_LINE_EACH: usize = 1_000;

#[derive(Default, Clone, Copy)]
struct Sum {
    created: usize,
    updated: usize,
    unchanged: usize,
    refused: usize,
    /// Plain could not take them for now.
    failed: usize,
    /// Done by an earlier run.
    done_before: usize,
}

pub struct Progress {
    json: bool,
    dry_run: bool,
    sum: Sum,
    /// On a terminal only.
    bar: ProgressBar,
}

impl Progress {
    /// `size` is the file's, in bytes; without one nobody knows how far it is.
    pub fn new(json: bool, dry_run: bool, size: Option<u64>) -> Self {
        let bar = match size {
            Some(size) => ProgressBar::new(size).with_style(style("{bar:30} {percent:>3} % {msg}")),
            None => ProgressBar::no_length().with_style(style("{spinner} {msg}")),
        };
        // Hides itself where the error stream is no terminal.
        bar.set_draw_target(match json {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        });
        Self {
            json,
            dry_run,
            sum: Sum::default(),
            bar,
        }
    }

    /// A row is done; of a dry run it is told what would change.
    pub fn done(&mut self, row: &Row, told: &Told) {
        let count = match told.outcome {
            _ if row.is_old => &mut self.sum.done_before,
            Outcome::Created => &mut self.sum.created,
            Outcome::Updated => &mut self.sum.updated,
            Outcome::Unchanged => &mut self.sum.unchanged,
        };
        *count += 1;
        if self.dry_run && told.outcome != Outcome::Unchanged {
            let (line, word) = (row.line, told.outcome.word());
            let changes = told.changes.join(", ");
            let shown = json!({ "line": line, "customer": row.label(), "result": word, "changes": told.changes });
            let colon = if changes.is_empty() { "" } else { ": " };
            let text = format!(
                "line {line}: {}: would be {word}{colon}{changes}",
                row.label()
            );
            self.tell(&shown, &text);
        }
        self.advance(row);
    }

    /// A row cannot be done as it is, and why.
    pub fn refused(&mut self, row: &Row, reason: &str) {
        self.sum.refused += 1;
        self.not_done(row, "refused", reason);
    }

    /// A row could not be done for now, and why.
    pub fn failed(&mut self, row: &Row, reason: &str) {
        self.sum.failed += 1;
        self.not_done(row, "failed", reason);
    }

    fn not_done(&self, row: &Row, result: &str, reason: &str) {
        let (line, label) = (row.line, row.label());
        let shown = json!({ "line": line, "customer": label, "result": result, "reason": reason });
        self.tell(&shown, &format!("line {line}: {label}: {reason}"));
        self.advance(row);
    }

    pub fn refused_rows(&self) -> usize {
        self.sum.refused
    }

    /// Tells the sum.
    pub fn finish(&self) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        let Sum {
            created,
            updated,
            unchanged,
            refused,
            failed,
            done_before,
        } = self.sum;
        let mut out = io::stdout().lock();
        if self.json {
            let sum = json!({ "summary": { "created": created, "updated": updated, "unchanged": unchanged,
                "refused": refused, "failed": failed, "done_before": done_before, "dry_run": self.dry_run } });
            writeln!(out, "{sum}")?;
        } else {
            let would = if self.dry_run { "would be: " } else { "" };
            writeln!(out, "{would}{}", self.sum.words())?;
        }
        Ok(())
    }

    /// JSON goes where its reader waits for it, a sentence to the person, past the bar.
    fn tell(&self, json: &Value, text: &str) {
        if self.json {
            // A reader that has gone is found out at the end.
            let _ = writeln!(io::stdout(), "{json}");
        } else {
            let text = content::line(text);
            self.bar.suspend(|| eprintln!("{text}"));
        }
    }

    fn advance(&self, row: &Row) {
        self.bar.set_position(row.read);
        self.bar.set_message(self.sum.words());
        let rows = self.sum.all();
        if self.bar.is_hidden() && !self.json && rows.is_multiple_of(A_LINE_EACH) {
            eprintln!("{rows} rows: {}", self.sum.words());
        }
    }
}

impl Sum {
    fn all(self) -> usize {
        self.created + self.updated + self.unchanged + self.refused + self.failed + self.done_before
    }

    fn words(self) -> String {
        let mut words = format!(
            "{} created, {} updated, {} unchanged, {} refused",
            self.created, self.updated, self.unchanged, self.refused
        );
        if self.failed > 0 {
            words.push_str(&format!(", {} failed for now", self.failed));
        }
        if self.done_before > 0 {
            words.push_str(&format!(", {} done before", self.done_before));
        }
        words
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
