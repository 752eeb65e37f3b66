//! Which page of a list.

use clap::Args;

use super::{
    Failure,
    output::{Printer, Record},
};
use crate::plain::{self, Page, operations::PageArguments};

/// Plain gives at most a hundred rows at once.
const MOST: i64 = 100;

#[derive(Args)]
pub struct Paging {
    /// How many rows from the beginning, or after a cursor [default: 25]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=MOST), conflicts_with_all = ["last", "before"])]
    first: Option<i32>,
    /// Rows after this cursor, which the page before told
    #[arg(long, value_name = "CURSOR", conflicts_with_all = ["last", "before"])]
    after: Option<String>,
    /// How many rows from the end, or before a cursor
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=MOST))]
    last: Option<i32>,
    /// Rows before this cursor
    #[arg(long, value_name = "CURSOR")]
    before: Option<String>,
    /// All rows, page after page
    #[arg(long, conflicts_with_all = ["first", "last", "before"])]
    all: bool,
}

impl Paging {
    /// Prints the page that was asked for, or all of them.
    pub async fn print<T, R: Record + From<T>>(
        self,
        printer: &mut Printer,
        load: impl AsyncFn(PageArguments) -> Result<Page<T>, plain::Error>,
    ) -> Result<(), Failure> {
        let backward = self.last.is_some() || self.before.is_some();
        let mut arguments = match (backward, self.all) {
            (true, _) => PageArguments::last(self.last.unwrap_or(25), self.before),
            (false, true) => PageArguments::first(100, self.after.clone()),
            (false, false) => PageArguments::first(self.first.unwrap_or(25), self.after.clone()),
        };
        let mut after = self.after.clone();
        loop {
            let page = load(arguments).await?;
            let next = page.next(after.as_deref());
            let rows: Vec<R> = page.rows.into_iter().map(R::from).collect();
            printer.page(&rows)?;
            if !self.all {
                printer.how_it_goes_on(&page.info, backward);
                return Ok(());
            }
            after = next?;
            if after.is_none() {
                return Ok(());
            }
            arguments = PageArguments::first(100, after.clone());
        }
    }
}
