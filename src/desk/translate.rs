//! From Plain's types to the portal's own, in one place. What we do not know becomes something harmless, never an error.

use jiff::Timestamp;

use super::Error;
use crate::{
    content,
    model::{
        Attachment, Author, Block, Body, FileKind, Message, Person, Replies, Status, Thread,
        Viewer, Way, is_blank,
    },
    plain::operations::{
        self, Actor, Component, ContainerContent, CustomerName, CustomerOrOther, DateTime,
        EmailCategory, Entry, RowContent, ThreadChannel, ThreadStatus, ThreadStatusDetail,
        TimelineEntry,
    },
};

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
    let author = listed.last_message.edges.first();
    match author.map(|edge| &edge.node.actor) {
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

/// A page of Plain's timeline (newest first) as messages, oldest first. `from_the_beginning`: there is nothing before it.
pub fn messages(
    entries: impl DoubleEndedIterator<Item = TimelineEntry>,
    from_the_beginning: bool,
    thread: &operations::Thread,
    viewer: &Viewer,
) -> Result<Vec<Message>, Error> {
    let created_at = created_at(thread)?;
    let mut messages = Vec::new();
    for entry in entries.rev() {
        let Some(Said {
            subject,
            body,
            files,
        }) = said(entry.entry)
        else {
            continue;
        };
        let first = from_the_beginning && messages.is_empty();
        let author = match (&body, author(entry.actor, viewer)) {
            // A form arrives by the host's API key, but it is the customer who wrote it.
            (Body::Blocks(_), Author::Agent(_) | Author::System) if first => {
                Author::Customer(person(&thread.customer, viewer))
            }
            (_, author) => author,
        };
        messages.push(Message {
            id: entry.id.into_inner(),
            at: time(&entry.timestamp).unwrap_or(created_at),
            author,
            subject,
            body,
            attachments: files.into_iter().map(attachment).collect(),
        });
    }
    Ok(messages)
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
    let name = content::line(&customer.full_name);
    Person {
        name: if name.is_empty() {
            "A colleague".to_owned()
        } else {
            name
        },
        is_viewer: customer.id.inner() == viewer.customer_id,
    }
}

fn author(actor: Actor, viewer: &Viewer) -> Author {
    match actor {
        Actor::Customer(actor) => Author::Customer(person(&actor.customer, viewer)),
        Actor::DeletedCustomer(_) => Author::Customer(Person {
            name: "A former colleague".to_owned(),
            is_viewer: false,
        }),
        Actor::User(actor) => Author::Agent(agent(&actor.user.public_name)),
        Actor::MachineUser(actor) => Author::Agent(agent(&actor.machine_user.public_name)),
        Actor::Other => Author::System,
    }
}

fn agent(public_name: &str) -> String {
    let name = content::line(public_name);
    if name.is_empty() {
        "Support".to_owned()
    } else {
        name
    }
}

fn attachment(file: operations::Attachment) -> Attachment {
    let name = content::line(&file.file_name);
    Attachment {
        kind: FileKind::of(&file.file_mime_type, &name),
        name: match name.is_empty() {
            true => "Unnamed file".to_owned(),
            false => name,
        },
        size_bytes: u64::try_from(file.file_size.bytes).unwrap_or_default(),
        id: file.id.into_inner(),
    }
}

/// A message's words and files.
struct Said {
    /// An e-mail's.
    subject: Option<String>,
    body: Body,
    files: Vec<operations::Attachment>,
}

/// What an entry says; `None` for what is not a message to show. Files alone are one.
fn said(entry: Entry) -> Option<Said> {
    let written = |text: Option<String>| text.filter(|text| !is_blank(text));
    let text = |text: Option<String>, files: Vec<operations::Attachment>| {
        let body = match written(text) {
            Some(text) => Body::Markdown(text),
            None if files.is_empty() => return None,
            None => Body::Plain(String::new()),
        };
        Some(Said {
            subject: None,
            body,
            files,
        })
    };
    match entry {
        Entry::Chat(chat) => text(chat.chat_text, chat.attachments),
        Entry::Email(email) if email.category == EmailCategory::Messaging => {
            let subject = email.subject.as_deref().map(content::line);
            let subject = subject.filter(|subject| !subject.is_empty());
            // A mail without markdown is plain text: its stars and dashes mean nothing.
            let body = match written(email.markdown_content) {
                Some(markdown) => Body::Markdown(markdown),
                None => match written(email.text_content) {
                    None if email.attachments.is_empty() => return None,
                    text => Body::Plain(text.unwrap_or_default()),
                },
            };
            Some(Said {
                subject,
                body,
                files: email.attachments,
            })
        }
        Entry::SlackMessage(message) if message.deleted_on_slack_at.is_none() => {
            text(Some(message.text), message.attachments)
        }
        Entry::SlackReply(message) if message.deleted_on_slack_at.is_none() => {
            text(Some(message.text), message.attachments)
        }
        Entry::MsTeamsMessage(message) if message.deleted_on_ms_teams_at.is_none() => {
            let words = message.markdown_content.or(Some(message.text));
            text(words, message.attachments)
        }
        Entry::DiscordMessage(message) if message.deleted_on_discord_at.is_none() => {
            text(message.markdown_content, message.attachments)
        }
        Entry::Custom(custom) => Some(Said {
            subject: None,
            body: Body::Blocks(blocks(custom.components)),
            files: custom.attachments,
        }),
        _ => None,
    }
}

/// The kinds of components are three unions in Plain, each within the other; here they are one.
///
/// Kinds that we do not know are left out, but a message of nothing else was still sent by somebody.
fn blocks(components: Vec<Component>) -> Vec<Block> {
    let says_something = !components.is_empty();
    let blocks: Vec<Block> = components.into_iter().flat_map(component).collect();
    match blocks.as_slice() {
        [] if says_something => {
            vec![Block::Plain(
                "This message cannot be shown here.".to_owned(),
            )]
        }
        _ => blocks,
    }
}

fn component(component: Component) -> Vec<Block> {
    let block = match component {
        Component::Text(it) => Block::Markdown(it.text),
        Component::PlainText(it) => Block::Plain(it.plain_text),
        Component::Divider(_) => Block::Divider,
        Component::LinkButton(it) => link(it),
        Component::Badge(it) => Block::Badge(it.badge_label),
        Component::CopyButton(it) => Block::Copyable(it.copy_button_value),
        Component::DateTime(it) => moment(it),
        Component::Row(it) => row(it),
        Component::Container(it) => {
            let contents = it.container_content.into_iter();
            return contents.filter_map(container).collect();
        }
        Component::Other => return vec![],
    };
    vec![block]
}

fn container(content: ContainerContent) -> Option<Block> {
    Some(match content {
        ContainerContent::Text(it) => Block::Markdown(it.text),
        ContainerContent::PlainText(it) => Block::Plain(it.plain_text),
        ContainerContent::Divider(_) => Block::Divider,
        ContainerContent::LinkButton(it) => link(it),
        ContainerContent::Badge(it) => Block::Badge(it.badge_label),
        ContainerContent::CopyButton(it) => Block::Copyable(it.copy_button_value),
        ContainerContent::DateTime(it) => moment(it),
        ContainerContent::Row(it) => row(it),
        ContainerContent::Other => return None,
    })
}

fn row(row: operations::ComponentRow) -> Block {
    let cells = |contents: Vec<RowContent>| contents.into_iter().filter_map(cell).collect();
    Block::Row {
        main: cells(row.row_main_content),
        aside: cells(row.row_aside_content),
    }
}

fn cell(content: RowContent) -> Option<Block> {
    Some(match content {
        RowContent::Text(it) => Block::Markdown(it.text),
        RowContent::PlainText(it) => Block::Plain(it.plain_text),
        RowContent::Divider(_) => Block::Divider,
        RowContent::LinkButton(it) => link(it),
        RowContent::Badge(it) => Block::Badge(it.badge_label),
        RowContent::CopyButton(it) => Block::Copyable(it.copy_button_value),
        RowContent::DateTime(it) => moment(it),
        RowContent::Other => return None,
    })
}

fn moment(moment: operations::ComponentDateTime) -> Block {
    match time(&moment.date_time) {
        Some(at) => Block::Time(at),
        None => Block::Plain(moment.date_time.iso8601),
    }
}

fn link(link: operations::ComponentLinkButton) -> Block {
    Block::Link {
        label: content::line(&link.link_button_label),
        url: link.link_button_url,
    }
}

#[cfg(test)]
mod tests;
