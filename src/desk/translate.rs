//! From Plain's types to the portal's own, in one place. What we do not know becomes something harmless, never an error.

use jiff::Timestamp;

use super::Error;
use crate::{
    content,
    model::{Author, Block, Body, Delivery, Message, Person, Replies, Status, Thread, Viewer},
    plain::operations::{
        self, Actor, Component, ContainerContent, CustomerName, DateTime, EmailCategory, Entry,
        RowContent, ThreadChannel, ThreadStatus, ThreadStatusDetail, TimelineEntry,
    },
};

pub fn thread(thread: operations::Thread, viewer: &Viewer) -> Result<Thread, Error> {
    let created_at = time(&thread.created_at)?;
    let inbound = thread
        .last_inbound_message_info
        .map(|info| time(&info.timestamp))
        .transpose()?;
    let outbound = thread
        .last_outbound_message_info
        .map(|info| time(&info.timestamp))
        .transpose()?;
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
        last_activity: inbound.max(outbound).unwrap_or(created_at),
        id: thread.id.into_inner(),
    })
}

/// A page of Plain's timeline (newest first) as messages, oldest first.
pub fn messages(
    entries: impl DoubleEndedIterator<Item = TimelineEntry>,
    thread: &operations::Thread,
    viewer: &Viewer,
) -> Result<Vec<Message>, Error> {
    let mut messages = Vec::new();
    for entry in entries.rev() {
        let Some((subject, body)) = body(entry.entry)? else {
            continue;
        };
        let author = match (&body, author(entry.actor, viewer)) {
            // A form arrives by the host's API key, but it is the customer who wrote it.
            (Body::Blocks(_), Author::Agent(_) | Author::System)
                if entry.timestamp.iso8601 == thread.created_at.iso8601 || messages.is_empty() =>
            {
                Author::Customer(person(&thread.customer, viewer))
            }
            (_, author) => author,
        };
        messages.push(Message {
            id: entry.id.into_inner(),
            at: time(&entry.timestamp)?,
            author,
            subject,
            body,
            delivery: Delivery::Arrived,
        });
    }
    Ok(messages)
}

/// Plain writes RFC 3339; a time that is not one means that we do not understand Plain.
fn time(time: &DateTime) -> Result<Timestamp, Error> {
    time.iso8601.parse().map_err(|_| Error::Unavailable {
        detail: format!(
            "Plain's answer is not understood: {:?} is not a time",
            time.iso8601
        ),
        retry_after: None,
    })
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
        ThreadChannel::Api | ThreadChannel::Chat | ThreadChannel::Email | ThreadChannel::Slack => {
            Replies::Here
        }
        ThreadChannel::MsTeams => Replies::Elsewhere("Microsoft Teams"),
        ThreadChannel::Discord => Replies::Elsewhere("Discord"),
        ThreadChannel::Import | ThreadChannel::Internal | ThreadChannel::Other => {
            Replies::Elsewhere("another place")
        }
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

/// What an entry says, with an e-mail's subject; `None` for what is not a message to show.
fn body(entry: Entry) -> Result<Option<(Option<String>, Body)>, Error> {
    let text = |text: Option<String>| {
        text.filter(|text| !text.trim().is_empty())
            .map(|text| (None, Body::Markdown(text)))
    };
    Ok(match entry {
        Entry::Chat(chat) => text(chat.chat_text),
        Entry::Email(email) if email.category == EmailCategory::Messaging => {
            let subject = email
                .subject
                .as_deref()
                .map(content::line)
                .filter(|subject| !subject.is_empty());
            let written = email
                .markdown_content
                .filter(|text| !text.trim().is_empty())
                .or(email.text_content);
            written.map(|text| (subject, Body::Markdown(text)))
        }
        Entry::SlackMessage(message) if message.deleted_on_slack_at.is_none() => {
            text(Some(message.text))
        }
        Entry::SlackReply(message) if message.deleted_on_slack_at.is_none() => {
            text(Some(message.text))
        }
        Entry::MsTeamsMessage(message) if message.deleted_on_ms_teams_at.is_none() => {
            text(message.markdown_content.or(Some(message.text)))
        }
        Entry::DiscordMessage(message) if message.deleted_on_discord_at.is_none() => {
            text(message.markdown_content)
        }
        Entry::Custom(custom) => Some((None, Body::Blocks(blocks(custom.components)?))),
        _ => None,
    })
}

/// The kinds of components are three unions in Plain, each within the other; here they are one.
fn blocks(components: Vec<Component>) -> Result<Vec<Block>, Error> {
    let mut blocks = Vec::new();
    for component in components {
        match component {
            Component::Text(it) => blocks.push(Block::Markdown(it.text)),
            Component::PlainText(it) => blocks.push(Block::Plain(it.plain_text)),
            Component::Divider(_) => blocks.push(Block::Divider),
            Component::LinkButton(it) => blocks.push(link(it)),
            Component::Badge(it) => blocks.push(Block::Badge(it.badge_label)),
            Component::CopyButton(it) => blocks.push(Block::Copyable(it.copy_button_value)),
            Component::DateTime(it) => blocks.push(Block::Time(time(&it.date_time)?)),
            Component::Row(it) => blocks.push(row(it)?),
            Component::Container(it) => {
                for content in it.container_content {
                    blocks.extend(container(content)?);
                }
            }
            Component::Other => {}
        }
    }
    Ok(blocks)
}

fn container(content: ContainerContent) -> Result<Option<Block>, Error> {
    Ok(Some(match content {
        ContainerContent::Text(it) => Block::Markdown(it.text),
        ContainerContent::PlainText(it) => Block::Plain(it.plain_text),
        ContainerContent::Divider(_) => Block::Divider,
        ContainerContent::LinkButton(it) => link(it),
        ContainerContent::Badge(it) => Block::Badge(it.badge_label),
        ContainerContent::CopyButton(it) => Block::Copyable(it.copy_button_value),
        ContainerContent::DateTime(it) => Block::Time(time(&it.date_time)?),
        ContainerContent::Row(it) => row(it)?,
        ContainerContent::Other => return Ok(None),
    }))
}

fn row(row: operations::ComponentRow) -> Result<Block, Error> {
    let cells = |contents: Vec<RowContent>| -> Result<Vec<Block>, Error> {
        contents
            .into_iter()
            .filter_map(|content| cell(content).transpose())
            .collect()
    };
    Ok(Block::Row {
        main: cells(row.row_main_content)?,
        aside: cells(row.row_aside_content)?,
    })
}

fn cell(content: RowContent) -> Result<Option<Block>, Error> {
    Ok(Some(match content {
        RowContent::Text(it) => Block::Markdown(it.text),
        RowContent::PlainText(it) => Block::Plain(it.plain_text),
        RowContent::Divider(_) => Block::Divider,
        RowContent::LinkButton(it) => link(it),
        RowContent::Badge(it) => Block::Badge(it.badge_label),
        RowContent::CopyButton(it) => Block::Copyable(it.copy_button_value),
        RowContent::DateTime(it) => Block::Time(time(&it.date_time)?),
        RowContent::Other => return Ok(None),
    }))
}

fn link(link: operations::ComponentLinkButton) -> Block {
    Block::Link {
        label: content::line(&link.link_button_label),
        url: link.link_button_url,
    }
}
