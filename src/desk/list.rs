//! The list: which requests it holds, in which order, page by page.

use super::{Desk, Error, cursor::Place, translate, unread::ReadMarks};
use crate::{
    model::{List, ListQuery, Listed, Page, Sort, StatusFilter, Waiting, Whose},
    plain::{
        self, Loaded,
        operations::{
            ListedThread, PageArguments, SortDirection, StatusDetailType, ThreadConnection,
            ThreadStatus, ThreadsFilter, ThreadsSort, ThreadsSortField,
        },
    },
};

const THREADS_A_PAGE: i32 = 25;

/// Where a list begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position<Cursor> {
    Start,
    /// Older than this cursor.
    After(Cursor),
    /// Newer than this cursor.
    Before(Cursor),
}

impl Position<String> {
    pub fn as_deref(&self) -> Position<&str> {
        match self {
            Self::Start => Position::Start,
            Self::After(cursor) => Position::After(cursor),
            Self::Before(cursor) => Position::Before(cursor),
        }
    }

    fn page_arguments(&self) -> PageArguments {
        match self {
            Self::Start => PageArguments::first(THREADS_A_PAGE, None),
            Self::After(cursor) => PageArguments::first(THREADS_A_PAGE, Some(cursor.clone())),
            Self::Before(cursor) => PageArguments::last(THREADS_A_PAGE, cursor.clone()),
        }
    }
}

/// What Plain answered, before anything is left out.
struct Found {
    /// `None` where the requests that wait are not listed apart.
    waiting: Option<ThreadConnection>,
    page: ThreadConnection,
}

impl Found {
    fn is_readable(&self) -> bool {
        let mut lists = self.waiting.iter().chain([&self.page]);
        lists.all(ThreadConnection::is_readable)
    }
}

impl Desk {
    /// One page of the requests in the viewer's scope. A cursor that is not this viewer's, or another list's, leads to the first page.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn requests(
        &self,
        query: &ListQuery,
        position: Position<&str>,
    ) -> Result<List, Error> {
        let place = Place::List {
            viewer: self.viewer(),
            query,
        };
        let open = |sealed| self.cursor_key.open(place, sealed);
        let position = match position {
            Position::Start => Position::Start,
            Position::After(sealed) => open(sealed).map_or(Position::Start, Position::After),
            Position::Before(sealed) => open(sealed).map_or(Position::Start, Position::Before),
        };
        let (found, position) = match self.find(query, &position).await {
            // Plain has forgotten the cursor.
            Err(plain::Error::BadInput { .. }) if position != Position::Start => {
                (self.find(query, &Position::Start).await?, Position::Start)
            }
            found => (found?, position),
        };

        let Loaded {
            value: found,
            partial,
        } = found;
        let mut is_all = !partial && found.is_readable();
        let info = found.page.page_info.clone();
        let more_wait = |waiting: &ThreadConnection| waiting.page_info.has_next_page;
        let more = found.waiting.as_ref().is_some_and(more_wait);
        let visible_of = |connection| self.visible_of(connection, !partial);
        let waiting = found.waiting.map(visible_of);
        let page = visible_of(found.page);
        let shown = waiting.iter().flatten().chain(&page);
        let marks = self
            .read_marks(shown.map(|node| node.thread.id.inner()))
            .await;

        let seal = |wanted: bool, cursor: Option<String>| {
            cursor
                .filter(|_| wanted)
                .map(|cursor| self.cursor_key.seal(place, &cursor))
        };
        // What Plain says of the direction that we did not page in is not reliable in Relay: there we came from.
        let newer = matches!(position, Position::After(_)) || info.has_previous_page;
        let older = matches!(position, Position::Before(_)) || info.has_next_page;
        let mut listed = |nodes: Vec<ListedThread>| {
            let count = nodes.len();
            let items = self.listed(nodes, &marks);
            is_all &= items.len() == count;
            items
        };
        let waiting = waiting.map(&mut listed);
        let items = listed(page);
        Ok(List {
            waiting: waiting.map(|items| Waiting { items, more }),
            page: Page {
                items,
                newer: seal(newer, info.start_cursor),
                older: seal(older, info.end_cursor),
                partial: !is_all,
            },
        })
    }

    async fn find(
        &self,
        query: &ListQuery,
        position: &Position<String>,
    ) -> Result<Loaded<Found>, plain::Error> {
        let arguments = position.page_arguments();
        let filter = |status| self.filter(query.whose, status);
        let alone = |page| Found {
            waiting: None,
            page,
        };
        if let Some(term) = query.term() {
            let found = self
                .plain
                .search_threads(term, filter(query.status), arguments);
            return Ok(found.await?.map(alone));
        }
        let sort = sort(query.sort);
        if !query.puts_waiting_first() {
            let found = self.plain.threads(filter(query.status), sort, arguments);
            return Ok(found.await?.map(alone));
        }
        let waiting = (filter(StatusFilter::Waiting), THREADS_A_PAGE);
        let others = filter(StatusFilter::Open);
        let found = self
            .plain
            .threads_after_waiting(waiting, others, sort, arguments);
        Ok(found.await?.map(|found| Found {
            waiting: Some(found.waiting),
            page: found.others,
        }))
    }

    /// Whatever else is asked for, it is in the viewer's scope.
    fn filter(&self, whose: Whose, status: StatusFilter) -> ThreadsFilter {
        let scope = self.scope_filter(whose);
        ThreadsFilter {
            tenant_identifiers: scope.tenant_identifiers,
            customer_ids: scope.customer_ids,
            ..status_filter(status)
        }
    }

    fn visible_of(&self, connection: ThreadConnection, whole: bool) -> Vec<ListedThread> {
        let nodes = connection.into_threads();
        nodes
            .filter(|node| self.may_see(&node.thread, whole))
            .collect()
    }

    /// One that cannot be shown, because nothing says when it was, is left out.
    fn listed(&self, nodes: Vec<ListedThread>, marks: &ReadMarks) -> Vec<Listed> {
        let listed = nodes.into_iter().filter_map(|node| {
            let own = translate::is_own_doing(&node, self.viewer());
            let thread = translate::thread(node.thread, self.viewer())
                .inspect_err(|error| tracing::warn!(%error, "a thread is left out of a list"))
                .ok()?;
            let unread = !own && marks.is_unread(&thread);
            Some(Listed { thread, unread })
        });
        listed.collect()
    }
}

/// The contract's statuses as Plain's filters. "Open" is whatever is neither done nor waiting, statuses of the future included.
fn status_filter(filter: StatusFilter) -> ThreadsFilter {
    let done = || ThreadsFilter {
        statuses: Some(vec![ThreadStatus::Done]),
        ..ThreadsFilter::default()
    };
    let waiting = || ThreadsFilter {
        statuses: Some(vec![ThreadStatus::Snoozed]),
        status_details: Some(vec![StatusDetailType::WaitingForCustomer]),
        ..ThreadsFilter::default()
    };
    match filter {
        StatusFilter::OpenAndWaiting => !done(),
        StatusFilter::Open => ThreadsFilter {
            and: Some(vec![!done(), !waiting()]),
            ..ThreadsFilter::default()
        },
        StatusFilter::Waiting => waiting(),
        StatusFilter::Done => done(),
        StatusFilter::All => ThreadsFilter::default(),
    }
}

/// The contract's orders as Plain's. It knows no order by last activity.
fn sort(sort: Sort) -> ThreadsSort {
    ThreadsSort {
        field: match sort {
            Sort::Newest => ThreadsSortField::CreatedAt,
            Sort::Status => ThreadsSortField::StatusChangedAt,
            Sort::MyLastMessage => ThreadsSortField::LastInboundMessageAt,
        },
        direction: SortDirection::Desc,
    }
}
