//! From Plain's types to the portal's own, in one place. What we do not know becomes something harmless, never an error.

mod blocks;
mod entry;
mod mail;
mod status_line;

use jiff::Timestamp;

use super::Error;
use crate::{
    content,
    model::{Person, Replies, Status, Thread, Viewer, Way},
    plain::operations::{
        self, CustomerName, CustomerOrOther, DateTime, ThreadChannel, ThreadStatus,
        ThreadStatusDetail,
    },
};

pub use entry::entries;

pub fn thread(thread: operations::Thread, viewer: &Viewer) -> Result<Thread, Error> {
    let created_at = created_at(&thread)?;
    let activity = [
        thread.last_inbound_message_info,
        thread.last_outbound_message_info,
    ];
    let last_activity = activity
        .iter()
        .flatten()
        .filter_map(|info| time(&info.timestamp));
    let title = content::line(&thread.title);
    Ok(Thread {
        status: status(thread.status, thread.status_detail.as_ref()),
        replies: replies(thread.channel),
        asked_by: person(&thread.customer, viewer),
        title: if title.is_empty() {
            "Untitled request".to_owned()
        } else {
            title
        },
        reference: content::line(&thread.ref_),
        created_at,
        last_activity: last_activity.max().unwrap_or(created_at),
        id: thread.id.into_inner(),
    })
}

/// Is the latest that happened in this thread something that the viewer wrote?
pub fn is_own_doing(listed: &operations::ListedThread, viewer: &Viewer) -> bool {
    let thread = &listed.thread;
    let at = |info: &Option<operations::ThreadMessageInfo>| {
        info.as_ref().and_then(|info| time(&info.timestamp))
    };
    let inbound = at(&thread.last_inbound_message_info);
    let outbound = at(&thread.last_outbound_message_info);
    let messages = listed.last_message.as_ref();
    let last = messages.and_then(|messages| messages.edges.first());
    match last.and_then(|edge| edge.node.actor.as_ref()) {
        Some(CustomerOrOther::Customer(author)) => {
            author.customer_id.inner() == viewer.customer_id && outbound <= inbound
        }
        // A form arrives by the host's API key, but it is the thread's customer who wrote it.
        Some(CustomerOrOther::Other) | None => {
            thread.customer.id.inner() == viewer.customer_id
                && (outbound.is_none() || outbound < inbound)
        }
    }
}

/// The one time that nothing else can stand in for.
fn created_at(thread: &operations::Thread) -> Result<Timestamp, Error> {
    time(&thread.created_at).ok_or_else(|| Error::Unavailable {
        detail: "Plain's answer is not understood: a thread's `createdAt` is not a time".to_owned(),
        retry_after: None,
    })
}

/// Plain writes RFC 3339; what is something else is no time to us.
fn time(time: &DateTime) -> Option<Timestamp> {
    time.iso8601.parse().ok()
}

fn status(status: ThreadStatus, detail: Option<&ThreadStatusDetail>) -> Status {
    match (status, detail) {
        (ThreadStatus::Done, _) => Status::Done,
        (ThreadStatus::Snoozed, Some(ThreadStatusDetail::WaitingForCustomer(_))) => {
            Status::WaitingForYou
        }
        _ => Status::Open,
    }
}

/// Plain takes answers as the customer on these four channels.
fn replies(channel: ThreadChannel) -> Replies {
    match channel {
        ThreadChannel::Chat => Replies::Here(Way::Chat),
        // Answers to requests from here and from other programs travel as e-mail.
        ThreadChannel::Api | ThreadChannel::Email => Replies::Here(Way::Email),
        ThreadChannel::Slack => Replies::Here(Way::Slack),
        ThreadChannel::MsTeams => Replies::Elsewhere("Microsoft Teams"),
        ThreadChannel::Discord => Replies::Elsewhere("Discord"),
        ThreadChannel::Import | ThreadChannel::Internal | ThreadChannel::Other => Replies::Nowhere,
    }
}

fn person(customer: &CustomerName, viewer: &Viewer) -> Person {
    named(
        customer.id.inner(),
        customer.full_name.as_deref().unwrap_or_default(),
        viewer,
    )
}

fn named(customer_id: &str, full_name: &str, viewer: &Viewer) -> Person {
    let name = content::line(full_name);
    Person {
        name: if name.is_empty() {
            "A colleague".to_owned()
        } else {
            name
        },
        is_viewer: customer_id == viewer.customer_id,
    }
}

fn agent(public_name: Option<String>) -> String {
    let name = content::line(public_name.as_deref().unwrap_or_default());
    if name.is_empty() {
        "Support".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests;
