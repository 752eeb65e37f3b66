//! One thread with a page of its timeline, and one entry by itself. Only kinds of entries that a customer may see are asked for: see [`KINDS`].

mod actor;
mod component;
mod email;
mod entry;
mod kinds;
mod row;

pub use actor::*;
pub use component::*;
pub use email::*;
pub use entry::*;
pub use kinds::*;
pub use row::*;

use super::*;

#[derive(cynic::InputObject, Debug)]
pub struct ThreadTimelineEntriesFilter {
    pub entry_types: Option<Vec<TimelineEntryType>>,
}

impl ThreadTimelineEntriesFilter {
    fn for_customers() -> Self {
        Self {
            entry_types: Some(asked_for().collect()),
        }
    }
}

/// Which page of a thread's timeline, and how much of it.
#[derive(Debug, Clone, Copy)]
pub struct TimelinePage<'a> {
    pub first: i32,
    pub after: Option<&'a str>,
    /// E-mails with all that they quote. Each of them may quote all that were before it.
    pub whole_mails: bool,
}

/// Serves whoever reads of a timeline: a query declares only the variables that it uses, the others stay empty and are not sent.
#[derive(cynic::QueryVariables)]
pub struct TimelineVariables<'a> {
    #[cynic(skip_serializing_if = "is_empty")]
    pub thread_id: Id,
    #[cynic(skip_serializing_if = "str::is_empty")]
    pub thread_ref: &'a str,
    #[cynic(skip_serializing_if = "is_empty")]
    pub customer_id: Id,
    #[cynic(skip_serializing_if = "is_empty")]
    pub entry_id: Id,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub entries: Option<ThreadTimelineEntriesFilter>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub first: Option<i32>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub after: Option<&'a str>,
    pub whole_mails: bool,
}

fn is_empty(id: &Id) -> bool {
    id.inner().is_empty()
}

impl<'a> TimelineVariables<'a> {
    fn page(thread_id: &str, thread_ref: &'a str, page: TimelinePage<'a>) -> Self {
        Self {
            thread_id: Id::new(thread_id),
            thread_ref,
            customer_id: Id::new(""),
            entry_id: Id::new(""),
            entries: Some(ThreadTimelineEntriesFilter::for_customers()),
            first: Some(page.first),
            after: page.after,
            whole_mails: page.whole_mails,
        }
    }

    fn entry(customer_id: &str, entry_id: &str) -> Self {
        Self {
            thread_id: Id::new(""),
            thread_ref: "",
            customer_id: Id::new(customer_id),
            entry_id: Id::new(entry_id),
            entries: None,
            first: None,
            after: None,
            whole_mails: false,
        }
    }
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TimelineVariables")]
pub struct ThreadPageById {
    #[arguments(threadId: $thread_id)]
    pub thread: Option<ThreadWithTimeline>,
}

impl ThreadPageById {
    pub fn operation<'a>(
        id: &str,
        page: TimelinePage<'a>,
    ) -> Operation<Self, TimelineVariables<'a>> {
        Self::build(TimelineVariables::page(id, "", page))
    }
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TimelineVariables")]
pub struct ThreadPageByRef {
    #[arguments(ref: $thread_ref)]
    pub thread_by_ref: Option<ThreadWithTimeline>,
}

impl ThreadPageByRef {
    pub fn operation<'a>(
        thread_ref: &'a str,
        page: TimelinePage<'a>,
    ) -> Operation<Self, TimelineVariables<'a>> {
        Self::build(TimelineVariables::page("", thread_ref, page))
    }
}

/// A thread and its timeline.
///
/// It has the fields of [`Thread`] one by one: cynic reads what is spread into another fragment twice, and cannot read
/// it as the text that [`TimelineRow`] needs.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Thread", variables = "TimelineVariables")]
pub struct ThreadWithTimeline {
    pub id: Id,
    #[cynic(rename = "ref")]
    pub ref_: String,
    pub title: String,
    pub customer: CustomerName,
    pub tenant: Option<Tenant>,
    pub channel: ThreadChannel,
    pub status: ThreadStatus,
    pub status_detail: Option<ThreadStatusDetail>,
    pub created_at: DateTime,
    pub last_inbound_message_info: Option<ThreadMessageInfo>,
    pub last_outbound_message_info: Option<ThreadMessageInfo>,
    #[arguments(filters: $entries, first: $first, after: $after)]
    pub timeline_entries: TimelineEntryConnection,
}

impl ThreadWithTimeline {
    /// The thread by itself, and its timeline.
    pub fn into_parts(self) -> (Thread, TimelineEntryConnection) {
        let thread = Thread {
            id: self.id,
            ref_: self.ref_,
            title: self.title,
            customer: self.customer,
            tenant: self.tenant,
            channel: self.channel,
            status: self.status,
            status_detail: self.status_detail,
            created_at: self.created_at,
            last_inbound_message_info: self.last_inbound_message_info,
            last_outbound_message_info: self.last_outbound_message_info,
        };
        (thread, self.timeline_entries)
    }
}

/// A page of a timeline, newest first.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(variables = "TimelineVariables")]
pub struct TimelineEntryConnection {
    pub edges: Vec<TimelineRow>,
    pub page_info: PageInfo,
}

/// One entry by itself; it names the thread that it stands in.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TimelineVariables")]
pub struct TimelineEntryById {
    #[arguments(customerId: $customer_id, timelineEntryId: $entry_id)]
    pub timeline_entry: Option<TimelineEntry>,
}

impl TimelineEntryById {
    pub fn operation(
        customer_id: &str,
        entry_id: &str,
    ) -> Operation<Self, TimelineVariables<'static>> {
        Self::build(TimelineVariables::entry(customer_id, entry_id))
    }
}
