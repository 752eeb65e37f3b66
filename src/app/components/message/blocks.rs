//! A form's message, piece by piece.

use leptos::prelude::*;

use super::{markdown, plain};
use crate::{
    app::components::Time,
    content,
    model::{Block, Look, Size, Space, Tone},
};

pub fn all(blocks: Vec<Block>) -> Vec<AnyView> {
    blocks.into_iter().map(block).collect()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Markdown(text, look) => markdown(&text, &class("prose", look)),
        Block::Plain(text, look) => plain(&text, &class("plain-text", look)),
        Block::Spacer(space) => {
            view! { <div class=format!("spacer spacer--{}", height(space)) aria-hidden="true"></div> }.into_any()
        }
        Block::Divider(space) => view! { <hr class=format!("divider--{}", height(space)) /> }.into_any(),
        Block::Link { label, url } => link(label, &url),
        Block::Badge(label, tone) => {
            let class = match colour(tone) {
                Some(colour) => format!("badge badge--{colour}"),
                None => "badge".to_owned(),
            };
            view! { <span class=class>{label}</span> }.into_any()
        }
        Block::Copyable { value, label } => view! {
            <p class="copyable-line">
                {label.map(|label| view! { <span class="copyable-label">{label}</span> " " })}
                <code class="copyable">{content::text(&value)}</code>
            </p>
        }
        .into_any(),
        Block::Time(at) => view! { <Time at=at /> }.into_any(),
        Block::Row { main, aside } => view! {
            <div class="block-row">
                <div>{all(main)}</div>
                <div>{all(aside)}</div>
            </div>
        }
        .into_any(),
        Block::Container(blocks) => view! { <div class="block-container blocks">{all(blocks)}</div> }.into_any(),
    }
}

fn link(label: String, url: &str) -> AnyView {
    match content::Link::new(url, &label) {
        Some(link) => {
            let words = if label.is_empty() {
                link.href.clone()
            } else {
                label
            };
            view! {
                <p>
                    <a class="button" href=link.href rel="noopener noreferrer nofollow">
                        {words}
                        {link.really.map(|place| view! { " " <bdi>{format!("(leads to {place})")}</bdi> })}
                    </a>
                </p>
            }
            .into_any()
        }
        None => view! { <p>{label}</p> }.into_any(),
    }
}

fn class(kind: &str, look: Look) -> String {
    let mut class = kind.to_owned();
    if let Some(colour) = colour(look.tone) {
        class.push_str(" tone--");
        class.push_str(colour);
    }
    class.push_str(match look.size {
        Size::Small => " size--small",
        Size::Usual => "",
        Size::Large => " size--large",
    });
    class
}

fn colour(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Usual => None,
        Tone::Muted => Some("muted"),
        Tone::Info => Some("info"),
        Tone::Success => Some("success"),
        Tone::Warning => Some("warning"),
        Tone::Danger => Some("danger"),
    }
}

fn height(space: Space) -> &'static str {
    match space {
        Space::Tiny => "xs",
        Space::Small => "s",
        Space::Usual => "m",
        Space::Large => "l",
        Space::Huge => "xl",
    }
}
