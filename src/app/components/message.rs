//! What stands in a conversation: messages, and the lines between them.

mod blocks;
mod event;
mod mail;

use leptos::prelude::*;

use self::{
    blocks::all,
    event::EventLine,
    mail::{MailFoot, MailHead},
};
use super::{Attachments, Avatar, Time};
use crate::{
    content,
    model::{Author, Body, Entry, Message, Via},
};

/// An entry of a conversation, as an item of its list.
#[component]
pub fn EntryView(
    /// The id of the thread that it stands in.
    thread: String,
    entry: Entry,
    /// The address of the same page with e-mails in full.
    whole_mails: String,
) -> impl IntoView {
    match entry {
        Entry::Message(message) => {
            view! { <MessageView thread=thread message=*message whole_mails=whole_mails /> }
                .into_any()
        }
        Entry::Event(event) => view! { <EventLine event=event /> }.into_any(),
    }
}

#[component]
fn MessageView(thread: String, message: Message, whole_mails: String) -> impl IntoView {
    let entry = message.id.clone();
    let body = match message.body {
        // Files say enough.
        Body::Empty if !message.attachments.is_empty() => ().into_any(),
        body => words(body),
    };
    let heading_id = format!("by-{}", message.id);
    let labelled_by = heading_id.clone();
    let (name, role, kind) = match (message.author, message.via) {
        (Author::Customer(person), _) if person.is_viewer => (person.name, Some("You"), "mine"),
        (Author::Customer(person), _) => (person.name, None, "colleague"),
        (Author::Agent(name), _) => (name, Some("Support"), "agent"),
        (Author::System, Some(Via::HelpCentre)) => {
            ("Help centre assistant".to_owned(), None, "system")
        }
        (Author::System, _) => ("Automatic message".to_owned(), None, "system"),
    };
    let beside: Vec<&str> = [
        message.via.map(via_words),
        message.edited.then_some("edited"),
        message.merged.then_some("from another request"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let whole = format!("{whole_mails}#{}", message.id);
    let (head, foot) = match message.mail {
        Some(mail) => (
            Some(view! { <MailHead from=mail.from to=mail.to cc=mail.cc /> }),
            Some(view! { <MailFoot quoted=mail.quoted delivery=mail.delivery whole=whole /> }),
        ),
        None => (None, None),
    };
    view! {
        <li class="conversation__item">
            <article class=format!("message message--{kind}") id=message.id aria-labelledby=labelled_by>
                <Avatar name=name.clone() kind=kind />
                <header class="message__header">
                    <h3 class="message__author" id=heading_id>
                        {name}
                    </h3>
                    {role.map(|role| view! { <span class="message__role">{role}</span> })}
                    {(!beside.is_empty()).then(|| view! { <span class="message__via">{beside.join(" · ")}</span> })}
                    <Time at=message.at />
                </header>
                <div class="message__body">
                    {message.subject.map(|subject| view! { <p class="message__subject">{subject}</p> })}
                    {head} {body} <Attachments thread=thread entry=entry files=message.attachments /> {foot}
                </div>
            </article>
        </li>
    }
    .into_any()
}

fn via_words(via: Via) -> &'static str {
    match via {
        Via::Email => "by e-mail",
        Via::Slack => "in Slack",
        Via::MsTeams => "in Microsoft Teams",
        Via::Discord => "in Discord",
        Via::HelpCentre => "in the help centre",
    }
}

fn words(body: Body) -> AnyView {
    match body {
        Body::Markdown(text) => markdown(&text, "prose"),
        Body::Plain(text) => plain(&text, "plain-text"),
        Body::Blocks(blocks) => view! { <div class="blocks">{all(blocks)}</div> }.into_any(),
        Body::Empty => absent("This message has no text."),
        Body::Deleted => absent("This message was deleted."),
    }
}

fn absent(words: &'static str) -> AnyView {
    view! { <p class="message__absent">{words}</p> }.into_any()
}

fn markdown(text: &str, class: &str) -> AnyView {
    let class = class.to_owned();
    view! { <div class=class inner_html=content::markdown(text).into_inner()></div> }.into_any()
}

fn plain(text: &str, class: &str) -> AnyView {
    let class = class.to_owned();
    view! { <p class=class>{content::text(text)}</p> }.into_any()
}
