//! The requests themselves.

use leptos::prelude::*;

use crate::{
    app::components::{StatusMark, Time},
    href::href,
    model::Listed,
};

/// Requests one below the other, each a link to its page.
#[component]
pub fn Items(items: Vec<Listed>) -> impl IntoView {
    view! {
        <div class="ledger">
            // For the eye alone: each row says the same in its own words.
            <p class="ledger__head" aria-hidden="true">
                <span>"Request"</span>
                <span>"Status"</span>
                <span>"Last activity"</span>
            </p>
            <ul class="requests">{items.into_iter().map(item).collect_view()}</ul>
        </div>
    }
    .into_any()
}

fn item(Listed { thread, unread }: Listed) -> impl IntoView {
    let asked_by = if thread.asked_by.is_viewer {
        "you".to_owned()
    } else {
        thread.asked_by.name
    };
    view! {
        <li class="request" class:request--unread=unread>
            <div class="request__main">
                <a class="request__title" href=href(&format!("/threads/{}", thread.id))>
                    {unread.then(|| view! { <span class="visually-hidden">"Unread: "</span> })}
                    {thread.title}
                </a>
                <p class="request__meta">
                    <span class="request__ref">{thread.reference}</span>
                    <span>"Asked by " <bdi>{asked_by}</bdi></span>
                </p>
            </div>
            <StatusMark status=thread.status />
            <p class="request__time">
                <span class="visually-hidden">"Last activity "</span>
                <Time at=thread.last_activity />
            </p>
        </li>
    }
    .into_any()
}
