//! One message of a conversation.

use leptos::prelude::*;

use super::{Attachments, Avatar, time::Time};
use crate::{
    content,
    model::{Author, Block, Body, Message},
};

#[component]
pub fn MessageView(
    /// The id of the thread that it stands in.
    thread: String,
    message: Message,
) -> impl IntoView {
    let entry = message.id.clone();
    let heading_id = format!("by-{}", message.id);
    let labelled_by = heading_id.clone();
    let (name, role, kind) = match message.author {
        Author::Customer(person) if person.is_viewer => (person.name, Some("You"), "mine"),
        Author::Customer(person) => (person.name, None, "colleague"),
        Author::Agent(name) => (name, Some("Support"), "agent"),
        Author::System => ("Automatic message".to_owned(), None, "system"),
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
                    <Time at=message.at />
                </header>
                <div class="message__body">
                {message.subject.map(|subject| view! { <p class="message__subject">{subject}</p> })}
                {match message.body {
                    Body::Markdown(text) => markdown(&text).into_any(),
                    Body::Plain(text) if text.is_empty() => ().into_any(),
                    Body::Plain(text) => view! { <p class="plain-text">{content::text(&text)}</p> }.into_any(),
                    Body::Blocks(blocks) => view! { <div class="blocks">{all(blocks)}</div> }.into_any(),
                }}
                <Attachments thread=thread entry=entry files=message.attachments />
                </div>
            </article>
        </li>
    }
    .into_any()
}

fn markdown(text: &str) -> impl IntoView + use<> {
    view! { <div class="prose" inner_html=content::markdown(text).into_inner()></div> }
}

fn all(blocks: Vec<Block>) -> Vec<AnyView> {
    blocks.into_iter().map(block).collect()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Markdown(text) => markdown(&text).into_any(),
        Block::Plain(text) => view! { <p class="plain-text">{content::text(&text)}</p> }.into_any(),
        Block::Divider => view! { <hr /> }.into_any(),
        Block::Link { label, url } => match content::Link::new(&url, &label) {
            Some(link) => view! {
                <p>
                    <a class="button" href=link.href rel="noopener noreferrer nofollow">
                        {label}
                        {link.really.map(|place| view! { " " <bdi>{format!("(leads to {place})")}</bdi> })}
                    </a>
                </p>
            }
            .into_any(),
            None => view! { <p>{label}</p> }.into_any(),
        },
        Block::Badge(label) => view! { <span class="badge">{content::line(&label)}</span> }.into_any(),
        Block::Copyable(value) => view! { <code class="copyable">{content::text(&value)}</code> }.into_any(),
        Block::Time(at) => view! { <Time at=at /> }.into_any(),
        Block::Row { main, aside } => view! {
            <div class="block-row">
                <div>{all(main)}</div>
                <div>{all(aside)}</div>
            </div>
        }
        .into_any(),
    }
}
