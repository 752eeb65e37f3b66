//! The viewer's requests.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::signed_in;
use crate::{
    app::components::{Layout, Notice, NoticePage, PartialNotice, Time, unsent_notice},
    desk::Position,
    href::href,
    model::{Page, StatusFilter, Thread},
};

#[component]
pub fn Requests() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let filter = StatusFilter::parse(query.get_str("status"));
    let position = match (query.get("after"), query.get("before")) {
        (Some(cursor), _) => Position::After(cursor),
        (None, Some(cursor)) => Position::Before(cursor),
        (None, None) => Position::Start,
    };
    signed_in(move |desk| async move {
        let page = match desk.requests(filter, position.as_deref()).await {
            Ok(page) => page,
            // What the viewer typed is ours to show, whatever Plain does.
            Err(error) => {
                let outgoing = desk.outgoing_requests().await?;
                let notice = Notice::from(&error);
                return Ok(
                    view! { <NoticePage notice=notice carried=None outgoing=outgoing /> }
                        .into_any(),
                );
            }
        };
        let unsent = desk.places_with_unsent().await?;
        Ok(list(filter, page, &desk.viewer().tenant.name, unsent).into_any())
    })
}

fn list(
    filter: StatusFilter,
    page: Page<Thread>,
    team: &str,
    unsent: Vec<Option<String>>,
) -> impl IntoView + use<> {
    let team = team.to_owned();
    view! {
        <Layout title="Requests">
            <div class="page__head">
                <h1>"Requests"</h1>
                <p class="page__lead">{format!("What {team} has asked support.")}</p>
            </div>
            {unsent_notice(unsent)}
            <PartialNotice partial=page.partial />
            <nav class="filters" aria-label="Filter by status">
                <ul>
                    {StatusFilter::EVERY
                        .into_iter()
                        .map(|choice| {
                            let current = (choice == filter).then_some("page");
                            view! {
                                <li>
                                    <a href=href(&address(choice, None)) aria-current=current>
                                        {choice.words()}
                                    </a>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </nav>
            {if page.items.is_empty() {
                view! { <Empty filter=filter beyond=page.newer.is_some() || page.older.is_some() /> }.into_any()
            } else {
                view! { <ul class="requests">{page.items.into_iter().map(item).collect_view()}</ul> }.into_any()
            }}
            <Pager filter=filter newer=page.newer older=page.older />
        </Layout>
    }
    .into_any()
}

fn item(thread: Thread) -> impl IntoView {
    let asked_by = if thread.asked_by.is_viewer {
        "you".to_owned()
    } else {
        thread.asked_by.name
    };
    view! {
        <li class="request">
            <div class="request__main">
                <a class="request__title" href=href(&format!("/threads/{}", thread.id))>
                    {thread.title}
                </a>
                <p class="request__meta">
                    <span class="request__ref">{thread.reference.clone()}</span>
                    <span>{format!("Asked by {asked_by}")}</span>
                </p>
            </div>
            <span class=format!("status status--{}", thread.status.slug())>{thread.status.words()}</span>
            <p class="request__time">
                <span>"Last activity "</span>
                <Time at=thread.last_activity />
            </p>
        </li>
    }
    .into_any()
}

/// Nothing to list; says why, and what to do.
#[component]
fn Empty(filter: StatusFilter, beyond: bool) -> impl IntoView {
    let words = match filter {
        _ if beyond => "There is nothing on this page.",
        StatusFilter::OpenAndWaiting => "Nothing is open. Requests that are done are under “Done”.",
        StatusFilter::Open => "Nothing is open.",
        StatusFilter::Waiting => "Nothing waits for your answer.",
        StatusFilter::Done => "Nothing is done yet.",
        StatusFilter::All => "Your team has not asked anything yet.",
    };
    view! {
        <div class="empty">
            <p>{words}</p>
            <a class="button button--primary" href=href("/threads/new")>
                "Ask for help"
            </a>
        </div>
    }
    .into_any()
}

#[component]
fn Pager(filter: StatusFilter, newer: Option<String>, older: Option<String>) -> impl IntoView {
    let link = |label: &'static str,
                rel: &'static str,
                name: &'static str,
                cursor: Option<String>| {
        cursor.map(|cursor| view! { <a class="button" rel=rel href=href(&address(filter, Some((name, &cursor))))>{label}</a> })
    };
    (newer.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {link("Newer requests", "prev", "before", newer)}
                {link("Older requests", "next", "after", older)}
            </nav>
        }
    })
}

/// The list's address below the base path. Sealed cursors are base64url, which needs no escaping.
fn address(filter: StatusFilter, cursor: Option<(&str, &str)>) -> String {
    let status = filter.query_value().map(|value| format!("status={value}"));
    let cursor = cursor.map(|(name, value)| format!("{name}={value}"));
    let query: Vec<String> = [status, cursor].into_iter().flatten().collect();
    if query.is_empty() {
        "/".to_owned()
    } else {
        format!("/?{}", query.join("&"))
    }
}
