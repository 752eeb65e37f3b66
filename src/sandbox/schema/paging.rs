//! Relay's pages as Plain has them: 25 unless told otherwise, at most 100, forward or backward but not both.

use async_graphql::{Error, SimpleObject};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::sandbox::errors::bad_user_input;

const USUAL_SIZE: usize = 25;
const LARGEST_SIZE: usize = 100;

/// Where a row stands in its list: rows are in ascending order of their keys, and no two keys are equal.
pub type Key = (i64, i64);

/// The four arguments of every connection.
pub struct PageArguments {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

/// What a client needs to ask for the next page.
#[derive(SimpleObject, Clone)]
pub struct PageInfo {
    has_previous_page: bool,
    has_next_page: bool,
    start_cursor: Option<String>,
    end_cursor: Option<String>,
}

/// One page: its rows with their cursors, in the order of the list.
pub struct Page<T> {
    pub rows: Vec<(String, T)>,
    pub info: PageInfo,
    /// How many rows the whole list has.
    pub total: usize,
}

/// Cuts a page out of `rows`, each with its key, in any order. `list` names the list and its order: a cursor is only
/// good for the list that it came from. A cursor stays good when its row leaves the list, as it holds the row's key.
pub fn page<T>(
    list: &str,
    mut rows: Vec<(Key, T)>,
    arguments: PageArguments,
) -> Result<Page<T>, Error> {
    let PageArguments {
        first,
        after,
        last,
        before,
    } = arguments;
    if (first.is_some() || after.is_some()) && (last.is_some() || before.is_some()) {
        return Err(bad_user_input(
            "Use either first and after, or last and before.",
        ));
    }
    rows.sort_unstable_by_key(|(key, _)| *key);
    let backward = last.is_some() || before.is_some();
    let size = page_size(if backward { last } else { first })?;
    let from = match after {
        Some(cursor) => {
            let after = read_cursor(list, &cursor)?;
            rows.partition_point(|(key, _)| *key <= after)
        }
        None => 0,
    };
    let to = match before {
        Some(cursor) => {
            let before = read_cursor(list, &cursor)?;
            rows.partition_point(|(key, _)| *key < before)
        }
        None => rows.len(),
    };
    let (start, end) = if backward {
        (to.saturating_sub(size).max(from), to)
    } else {
        (from, (from + size).min(to))
    };
    let total = rows.len();
    let rows: Vec<(String, T)> = rows
        .into_iter()
        .skip(start)
        .take(end.saturating_sub(start))
        .map(|(key, row)| (write_cursor(list, key), row))
        .collect();
    Ok(Page {
        info: PageInfo {
            has_previous_page: start > 0,
            has_next_page: end < total,
            start_cursor: rows.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: rows.last().map(|(cursor, _)| cursor.clone()),
        },
        rows,
        total,
    })
}

fn page_size(asked: Option<i32>) -> Result<usize, Error> {
    match asked.map(usize::try_from) {
        None => Ok(USUAL_SIZE),
        Some(Ok(size)) if (1..=LARGEST_SIZE).contains(&size) => Ok(size),
        Some(_) => Err(bad_user_input(format!(
            "A page has at least 1 and at most {LARGEST_SIZE} rows."
        ))),
    }
}

fn write_cursor(list: &str, key: Key) -> String {
    URL_SAFE_NO_PAD.encode(format!("{list} {} {}", key.0, key.1))
}

fn read_cursor(list: &str, cursor: &str) -> Result<Key, Error> {
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (first, second) = text
            .strip_prefix(list)?
            .strip_prefix(' ')?
            .split_once(' ')?;
        Some((first.parse().ok()?, second.parse().ok()?))
    };
    read().ok_or_else(|| bad_user_input("The cursor is not valid for this list."))
}

/// Makes an edge and a connection around a node type; one that is `counted` tells the length of the whole list.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty) => {
        connection!(@edge $connection, $edge, $node);

        #[doc = "One page."]
        #[derive(async_graphql::SimpleObject)]
        pub struct $connection {
            edges: Vec<$edge>,
            page_info: crate::sandbox::schema::paging::PageInfo,
        }

        impl<T: Into<$node>> From<crate::sandbox::schema::paging::Page<T>> for $connection {
            fn from(page: crate::sandbox::schema::paging::Page<T>) -> Self {
                Self {
                    page_info: page.info,
                    edges: page.rows.into_iter().map($edge::from).collect(),
                }
            }
        }
    };
    ($connection:ident, $edge:ident, $node:ty, counted) => {
        connection!(@edge $connection, $edge, $node);

        #[doc = "One page."]
        #[derive(async_graphql::SimpleObject)]
        pub struct $connection {
            edges: Vec<$edge>,
            page_info: crate::sandbox::schema::paging::PageInfo,
            total_count: i32,
        }

        impl<T: Into<$node>> From<crate::sandbox::schema::paging::Page<T>> for $connection {
            fn from(page: crate::sandbox::schema::paging::Page<T>) -> Self {
                Self {
                    page_info: page.info,
                    total_count: i32::try_from(page.total).unwrap_or(i32::MAX),
                    edges: page.rows.into_iter().map($edge::from).collect(),
                }
            }
        }
    };
    (@edge $connection:ident, $edge:ident, $node:ty) => {
        #[doc = concat!("One row of a [`", stringify!($connection), "`].")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            cursor: String,
            node: $node,
        }

        impl<T: Into<$node>> From<(String, T)> for $edge {
            fn from((cursor, row): (String, T)) -> Self {
                Self {
                    cursor,
                    node: row.into(),
                }
            }
        }
    };
}
pub(super) use connection;
