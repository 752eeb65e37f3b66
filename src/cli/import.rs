//! `plain-portal customers import`: upserts a file of customers, and can be run again at any time.
//!
//! A thread reads the file row by row; so many rows at a time are on their way to Plain; what is done is noted in a
//! journal, so that an import that was broken off goes on where it was. No more than a few rows are in memory.

mod dry_run;
mod journal;
mod progress;
mod rows;
mod seen;

use std::{
    path::{Path, PathBuf},
    process,
};

use clap::Args;
use futures::StreamExt as _;
use tokio::sync::{mpsc, watch};

use super::{
    Common, Failure,
    apply::{Apply, Outcome, Update},
    entry::Entry,
    is_about_the_call,
    pace::Pace,
};
use crate::serve;
use dry_run::DryRun;
use journal::Journal;
use progress::Progress;
use rows::{Row, Rows};

/// So many rows in a row that Plain could not take for now end the import: it is not the rows.
const MOST_FAILURES: usize = 10;

#[derive(Args)]
pub struct ImportArgs {
    /// CSV with a header, or NDJSON; - reads the standard input
    file: PathBuf,
    /// How many customers are on their way at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    concurrency: u8,
    /// Take customers out of tenants that their row does not name
    #[arg(long)]
    set_tenants: bool,
    /// Only read, and say what would happen
    #[arg(long)]
    dry_run: bool,
    /// Where it is noted what is done, until all is [default: beside the file, none for the standard input]
    #[arg(long, value_name = "JOURNAL", conflicts_with = "dry_run")]
    resume: Option<PathBuf>,
}

/// What is done with each row.
enum Work {
    Apply(Apply),
    DryRun(DryRun),
}

/// A row that has been dealt with.
struct Done {
    row: Row,
    end: Result<Told, Failure>,
}

/// What came of a row, with what a dry run would have changed.
struct Told {
    outcome: Outcome,
    changes: Vec<String>,
}

/// Imports the file; the exit code is 0 when all rows are done, 1 when one was refused, and 3 when Plain could not take one
/// for now.
pub async fn run(args: ImportArgs, common: &Common) -> Result<(), Failure> {
    let connection = common.plain()?;
    let rows = Rows::open(&args.file)?;
    if args.set_tenants && !rows.has_tenants() {
        return Err(Failure::Usage(
            "--set-tenants: the file has no column `tenants`".to_owned(),
        ));
    }
    let journal = match journal_path(&args) {
        Some(path) => Some(Journal::open(&path, &connection, args.set_tenants)?),
        None => None,
    };
    let (halt, halted) = watch::channel(false);
    tokio::spawn(end_on_signal(halt.clone()));
    let plain = common.connect()?;
    let apply = Apply::new(plain, Pace::new(halted.clone()), args.set_tenants);
    let work = match args.dry_run {
        true => Work::DryRun(DryRun::new(apply, args.set_tenants)),
        false => Work::Apply(apply),
    };
    let mut import = Import {
        progress: Progress::new(common.json, args.dry_run, rows.size()),
        work,
        journal,
        put_off: None,
        halt,
    };
    let end = import.all(rows, halted, args.concurrency.into()).await;
    import.finish(end)
}

fn journal_path(args: &ImportArgs) -> Option<PathBuf> {
    let beside = || {
        let mut name = args.file.clone().into_os_string();
        name.push(".import-journal");
        PathBuf::from(name)
    };
    match &args.resume {
        _ if args.dry_run => None,
        Some(path) => Some(path.clone()),
        None => (args.file != Path::new("-")).then(beside),
    }
}

/// The first signal ends the import in order, the second one at once.
async fn end_on_signal(halt: watch::Sender<bool>) {
    serve::stop_signal().await;
    halt.send_replace(true);
    eprintln!("plain-portal: stopping; what is on its way is waited for, once more ends at once");
    serve::stop_signal().await;
    process::exit(130);
}

struct Import {
    work: Work,
    journal: Option<Journal>,
    progress: Progress,
    /// Why Plain could not take a row for now, the last time.
    put_off: Option<Failure>,
    halt: watch::Sender<bool>,
}

impl Import {
    /// Deals with all rows, or with those until something stands in the way of all of them.
    async fn all(
        &mut self,
        rows: Rows,
        mut halted: watch::Receiver<bool>,
        concurrency: usize,
    ) -> Result<(), Failure> {
        let received = futures::stream::unfold(rows.start(concurrency), receive);
        let told_to_end = halted.clone();
        let received = received.take_until(async move {
            let _ = halted.wait_for(|halted| *halted).await;
        });
        let mut done = std::pin::pin!({
            let (work, journal) = (&self.work, &self.journal);
            received
                .map(|row| work.deal_with(row, journal.as_ref()))
                .buffer_unordered(concurrency)
        });
        let mut fatal = None;
        // In a row.
        let mut failures = 0;
        while let Some(Done { row, end }) = done.next().await {
            match end {
                Ok(told) => {
                    failures = 0;
                    if let Some(journal) = &self.journal {
                        journal.note(&row)?;
                    }
                    self.progress.done(&row, &told);
                }
                Err(Failure::Interrupted) => {}
                Err(failure) => {
                    let is_of_the_row = match &failure {
                        Failure::Plain(error) => is_about_the_call(error),
                        Failure::Refused(_) => true,
                        _ => false,
                    };
                    let passes = matches!(&failure, Failure::Plain(error) if error.maybe_done());
                    failures += usize::from(passes);
                    if is_of_the_row {
                        self.progress.refused(&row, &failure.to_string());
                    } else if passes && failures < MOST_FAILURES {
                        self.progress.failed(&row, &failure.to_string());
                        self.put_off = Some(failure);
                    } else {
                        self.halt.send_replace(true);
                        fatal.get_or_insert(failure);
                    }
                }
            }
        }
        match fatal {
            Some(failure) => Err(failure),
            None if *told_to_end.borrow() => Err(Failure::Interrupted),
            None => Ok(()),
        }
    }

    /// Tells the sum. The journal goes when nothing is left of the file that could still be done.
    fn finish(self, end: Result<(), Failure>) -> Result<(), Failure> {
        // Whether anybody reads it changes nothing of how the import ended.
        let told = self.progress.finish();
        let end = match self.put_off {
            Some(failure) => end.and(Err(failure)),
            None => end,
        };
        match end {
            Ok(()) => {
                self.journal.map_or(Ok(()), Journal::remove)?;
                match self.progress.refused_rows() {
                    0 => told,
                    1 => Err(Failure::Refused("1 row was refused".to_owned())),
                    rows => Err(Failure::Refused(format!("{rows} rows were refused"))),
                }
            }
            Err(failure) => {
                if let Some(journal) = &self.journal {
                    eprintln!(
                        "plain-portal: what is done is noted in {}; the same command goes on with the rest",
                        journal.path().display()
                    );
                }
                Err(failure)
            }
        }
    }
}

async fn receive(mut rows: mpsc::Receiver<Row>) -> Option<(Row, mpsc::Receiver<Row>)> {
    let row = rows.recv().await?;
    Some((row, rows))
}

impl Work {
    async fn deal_with(&self, mut row: Row, journal: Option<&Journal>) -> Done {
        if journal.is_some_and(|journal| journal.has(&row)) {
            row.is_old = true;
        }
        let end = match &row.entry {
            Err(problem) => Err(Failure::Refused(problem.clone())),
            Ok(_) if row.is_old => Ok(Told {
                outcome: Outcome::Unchanged,
                changes: Vec::new(),
            }),
            Ok(entry) => self.entry(entry).await,
        };
        Done { row, end }
    }

    async fn entry(&self, entry: &Entry) -> Result<Told, Failure> {
        match self {
            Self::Apply(apply) => {
                let (outcome, _) = apply.entry(entry, &Update::default()).await?;
                Ok(Told {
                    outcome,
                    changes: Vec::new(),
                })
            }
            Self::DryRun(dry_run) => dry_run.entry(entry).await,
        }
    }
}
