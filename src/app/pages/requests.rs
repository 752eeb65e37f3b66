//! The viewer's requests.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::signed_in;
use crate::{
    app::components::{
        Empty, Items, Layout, ListForm, Notice, NoticePage, Pager, PartialNotice, StatusLinks,
        list_address, unsent_notice,
    },
    content,
    desk::Position,
    model::{Choice as _, List, ListQuery, Outgoing, Scope, StatusFilter, Waiting, Whose},
};

#[component]
pub fn Requests() -> impl IntoView {
    let address = use_query_map().get_untracked();
    let query = ListQuery::parse(|name| address.get_str(name));
    let position = match (address.get("after"), address.get("before")) {
        (Some(cursor), _) => Position::After(cursor),
        (None, Some(cursor)) => Position::Before(cursor),
        (None, None) => Position::Start,
    };
    signed_in(move |desk| async move {
        let scope = &desk.viewer().scope;
        let query = if scope.is_shared() {
            query
        } else {
            query.of_mine()
        };
        let list = match desk.requests(&query, position.as_deref()).await {
            Ok(list) => list,
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
        let unsent = desk.not_sent().await?;
        Ok(page(query, list, scope, unsent).into_any())
    })
}

fn page(
    query: ListQuery,
    list: List,
    scope: &Scope,
    unsent: Vec<Outgoing>,
) -> impl IntoView + use<> {
    let List { waiting, page } = list;
    let is_first = page.newer.is_none();
    let beyond = !is_first || page.older.is_some();
    let title = title(&query, waiting.as_ref());
    let waiting = waiting.filter(|waiting| is_first && (waiting.more || !waiting.items.is_empty()));
    let after_waiting = waiting.is_some();
    let shared = scope.is_shared();
    let lead = match (scope, query.whose) {
        (Scope::Team(team), Whose::Team) => {
            view! { <span>"What " <bdi>{team.name.clone()}</bdi> " has asked support."</span> }
                .into_any()
        }
        _ => "What you have asked support.".into_any(),
    };
    let heading = match query.term() {
        Some(term) => Some(format!("Found for “{}”", content::line(term))),
        None => after_waiting.then(|| StatusFilter::Open.words().to_owned()),
    };
    let labelled_by = heading.is_some().then_some("list-title");
    view! {
        <Layout title=title>
            <div class="page__head">
                <h1>"Your requests"</h1>
                <p class="page__lead">{lead}</p>
            </div>
            {unsent_notice(unsent)}
            <PartialNotice partial=page.partial />
            <ListForm query=query.clone() shared=shared />
            <StatusLinks query=query.clone() />
            {waiting.map(|waiting| waiting_first(&query, waiting))}
            <section class="list" aria-labelledby=labelled_by>
                {heading.map(|heading| view! { <h2 id="list-title">{heading}</h2> })}
                {if page.items.is_empty() {
                    view! { <Empty query=query.clone() beyond=beyond after_waiting=after_waiting /> }.into_any()
                } else {
                    view! { <Items items=page.items /> }.into_any()
                }}
            </section>
            <Pager query=query newer=page.newer older=page.older />
        </Layout>
    }
    .into_any()
}

/// What the browser's tab says: how much waits for the customer, wherever that is known.
fn title(query: &ListQuery, waiting: Option<&Waiting>) -> String {
    match (query.term(), waiting.and_then(Waiting::count)) {
        (Some(term), _) => format!("“{term}” in your requests"),
        (None, Some(count)) => format!("({count}) Your requests"),
        (None, None) => "Your requests".to_owned(),
    }
}

/// The section with the requests that wait for the customer.
pub fn waiting_first(query: &ListQuery, waiting: Waiting) -> impl IntoView + use<> {
    let count = waiting.count().map(|count| format!(" ({count})"));
    let all = list_address(&query.with_status(StatusFilter::Waiting), None);
    view! {
        <section class="list list--waiting" aria-labelledby="waiting-title">
            <h2 id="waiting-title">{StatusFilter::Waiting.words()} {count}</h2>
            <Items items=waiting.items />
            {waiting
                .more
                .then(|| {
                    view! {
                        <p>
                            <a href=all>"All that wait for you"</a>
                        </p>
                    }
                })}
        </section>
    }
    .into_any()
}
