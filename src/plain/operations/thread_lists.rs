//! Lists of threads: filtered and sorted, or searched.

use super::*;

#[derive(cynic::QueryFragment, Debug)]
pub struct ThreadConnection {
    pub page_info: PageInfo,
    pub edges: Vec<Row<ThreadEdge>>,
}

impl ThreadConnection {
    /// Is every row as the schema says?
    pub fn is_readable(&self) -> bool {
        self.edges.iter().all(|row| row.0.is_some())
    }

    /// The threads of the rows that are as the schema says.
    pub fn into_threads(self) -> impl Iterator<Item = ListedThread> {
        let edges = self.edges.into_iter();
        edges.filter_map(|row| Some(row.0?.node))
    }
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ThreadEdge {
    pub node: ListedThread,
}

/// A thread, and who wrote in it last.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Thread")]
pub struct ListedThread {
    #[cynic(spread)]
    pub thread: Thread,
    /// Timelines run newest first.
    #[arguments(filters: { isMessage: true }, first: 1)]
    #[cynic(alias, rename = "timelineEntries")]
    pub last_message: Option<LastMessage>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "TimelineEntryConnection")]
pub struct LastMessage {
    pub edges: Vec<LastMessageEdge>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "TimelineEntryEdge")]
pub struct LastMessageEdge {
    pub node: MessageAuthor,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "TimelineEntry")]
pub struct MessageAuthor {
    pub actor: Option<CustomerOrOther>,
}

#[derive(cynic::InlineFragments, Debug)]
#[cynic(graphql_type = "Actor")]
pub enum CustomerOrOther {
    Customer(CustomerActorId),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "CustomerActor")]
pub struct CustomerActorId {
    pub customer_id: Id,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(non_exhaustive)]
pub enum StatusDetailType {
    WaitingForCustomer,
    #[cynic(fallback)]
    Other,
}

/// A condition on threads; its parts combine with AND.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct ThreadsFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub thread_ids: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_ids: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub tenant_identifiers: Option<Vec<TenantIdentifierInput>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<ThreadStatus>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub status_details: Option<Vec<StatusDetailType>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub and: Option<Vec<ThreadsFilter>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<ThreadsFilter>>,
}

impl std::ops::Not for ThreadsFilter {
    type Output = Self;

    fn not(self) -> Self {
        Self {
            not: Some(Box::new(self)),
            ..Self::default()
        }
    }
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(non_exhaustive)]
pub enum ThreadsSortField {
    CreatedAt,
    StatusChangedAt,
    LastInboundMessageAt,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortDirection {
    Asc,
    Desc,
}

#[derive(cynic::InputObject, Debug, Clone, Copy)]
pub struct ThreadsSort {
    pub field: ThreadsSortField,
    pub direction: SortDirection,
}

/// Which page of a connection: Plain takes `first` with `after`, or `last` with `before`, and never both.
#[derive(Debug, Clone)]
pub struct PageArguments {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

impl PageArguments {
    /// The first `size` rows, of all or after a cursor.
    pub fn first(size: i32, after: Option<String>) -> Self {
        Self {
            first: Some(size),
            after,
            last: None,
            before: None,
        }
    }

    /// The last `size` rows, of all or before a cursor.
    pub fn last(size: i32, before: impl Into<Option<String>>) -> Self {
        Self {
            first: None,
            after: None,
            last: Some(size),
            before: before.into(),
        }
    }
}

#[derive(cynic::QueryVariables)]
pub struct ThreadsVariables {
    pub filters: ThreadsFilter,
    pub sort_by: ThreadsSort,
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ThreadsVariables")]
pub struct Threads {
    #[arguments(filters: $filters, sortBy: $sort_by, first: $first, after: $after, last: $last, before: $before)]
    pub threads: ThreadConnection,
}

impl Threads {
    pub fn operation(
        filters: ThreadsFilter,
        sort_by: ThreadsSort,
        page: PageArguments,
    ) -> Operation<Self, ThreadsVariables> {
        Self::build(ThreadsVariables {
            filters,
            sort_by,
            first: page.first,
            after: page.after,
            last: page.last,
            before: page.before,
        })
    }
}

#[derive(cynic::QueryVariables)]
pub struct ThreadsAfterWaitingVariables {
    pub waiting: ThreadsFilter,
    pub waiting_first: i32,
    pub others: ThreadsFilter,
    pub sort_by: ThreadsSort,
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

/// The beginning of one list, and a page of another.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ThreadsAfterWaitingVariables")]
pub struct ThreadsAfterWaiting {
    #[arguments(filters: $waiting, sortBy: $sort_by, first: $waiting_first)]
    #[cynic(alias, rename = "threads")]
    pub waiting: ThreadConnection,
    #[arguments(filters: $others, sortBy: $sort_by, first: $first, after: $after, last: $last, before: $before)]
    #[cynic(alias, rename = "threads")]
    pub others: ThreadConnection,
}

impl ThreadsAfterWaiting {
    pub fn operation(
        (waiting, waiting_first): (ThreadsFilter, i32),
        others: ThreadsFilter,
        sort_by: ThreadsSort,
        page: PageArguments,
    ) -> Operation<Self, ThreadsAfterWaitingVariables> {
        Self::build(ThreadsAfterWaitingVariables {
            waiting,
            waiting_first,
            others,
            sort_by,
            first: page.first,
            after: page.after,
            last: page.last,
            before: page.before,
        })
    }
}

#[derive(cynic::InputObject, Debug)]
pub struct ThreadsSearchQuery<'a> {
    pub term: &'a str,
}

#[derive(cynic::QueryVariables)]
pub struct SearchThreadsVariables<'a> {
    pub search_query: ThreadsSearchQuery<'a>,
    pub filters: ThreadsFilter,
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "SearchThreadsVariables")]
pub struct SearchThreads {
    #[arguments(searchQuery: $search_query, filters: $filters, first: $first, after: $after, last: $last, before: $before)]
    pub search_threads: ThreadSearchResultConnection,
}

impl SearchThreads {
    pub fn operation(
        term: &str,
        filters: ThreadsFilter,
        page: PageArguments,
    ) -> Operation<Self, SearchThreadsVariables<'_>> {
        Self::build(SearchThreadsVariables {
            search_query: ThreadsSearchQuery { term },
            filters,
            first: page.first,
            after: page.after,
            last: page.last,
            before: page.before,
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct ThreadSearchResultConnection {
    pub page_info: PageInfo,
    pub edges: Vec<Row<ThreadSearchResultEdge>>,
}

#[derive(cynic::QueryFragment)]
pub struct ThreadSearchResultEdge {
    pub node: ThreadSearchResult,
}

#[derive(cynic::QueryFragment)]
pub struct ThreadSearchResult {
    pub thread: ListedThread,
}

impl From<ThreadSearchResultConnection> for ThreadConnection {
    fn from(found: ThreadSearchResultConnection) -> Self {
        let listed = |row: Row<ThreadSearchResultEdge>| {
            Row(row.0.map(|edge| ThreadEdge {
                node: edge.node.thread,
            }))
        };
        Self {
            page_info: found.page_info,
            edges: found.edges.into_iter().map(listed).collect(),
        }
    }
}
