//! Nothing to list: says why, and what to do.

use leptos::prelude::*;

use super::list_address;
use crate::{
    content,
    href::href,
    model::{ListQuery, StatusFilter, Whose},
};

/// `beyond`: there are other pages. `after_waiting`: the requests that wait for the customer are shown above.
#[component]
pub fn Empty(query: ListQuery, beyond: bool, after_waiting: bool) -> impl IntoView {
    let everywhere = query.with_status(StatusFilter::All);
    let look_everywhere = query.term().is_some() && query != everywhere;
    view! {
        <div class="empty">
            <Blank />
            <p class="empty__words">{words(&query, beyond, after_waiting)}</p>
            <div class="empty__actions">
            {look_everywhere
                .then(|| {
                    view! {
                        <a class="button" href=list_address(&everywhere, None)>
                            "Search all requests, done ones too"
                        </a>
                    }
                })}
            <a class="button button--primary" href=href("/threads/new")>
                "Ask for help"
            </a>
            </div>
        </div>
    }
    .into_any()
}

/// A blank sheet, for the eye alone.
#[component]
fn Blank() -> impl IntoView {
    view! {
        <svg class="empty__picture" viewBox="0 0 96 64" width="96" height="64" aria-hidden="true" focusable="false">
            <path class="empty__back" d="M24 6h56a6 6 0 0 1 6 6v30a6 6 0 0 1-6 6H24a6 6 0 0 1-6-6V12a6 6 0 0 1 6-6z" />
            <path class="empty__front" d="M14 14h56a6 6 0 0 1 6 6v28a6 6 0 0 1-6 6H34l-12 8v-8h-8a6 6 0 0 1-6-6V20a6 6 0 0 1 6-6z" />
            <path class="empty__lines" d="M20 27h32M20 36h44" />
        </svg>
    }
    .into_any()
}

fn words(query: &ListQuery, beyond: bool, after_waiting: bool) -> String {
    if beyond {
        return "There is nothing on this page.".to_owned();
    }
    if let Some(term) = query.term() {
        let among = match (query.whose, query.status) {
            (Whose::Mine, StatusFilter::All) => " among your own requests",
            (Whose::Mine, _) => " among your own requests of this status",
            (Whose::Team, StatusFilter::All) => "",
            (Whose::Team, _) => " among the requests of this status",
        };
        return format!("Nothing was found for “{}”{among}.", content::line(term));
    }
    let (team, mine) = match query.status {
        StatusFilter::OpenAndWaiting if after_waiting => {
            ("Nothing else is open.", "Nothing else of yours is open.")
        }
        StatusFilter::OpenAndWaiting => (
            "Nothing is open. Requests that are done are under “Done”.",
            "Nothing of yours is open. Requests that are done are under “Done”.",
        ),
        StatusFilter::Open => ("Nothing is open.", "Nothing of yours is open."),
        StatusFilter::Waiting => (
            "Nothing waits for your answer.",
            "Nothing of yours waits for your answer.",
        ),
        StatusFilter::Done => ("Nothing is done yet.", "Nothing of yours is done yet."),
        StatusFilter::All => (
            "Your team has not asked anything yet.",
            "You have not asked anything yet.",
        ),
    };
    match query.whose {
        Whose::Team => team,
        Whose::Mine => mine,
    }
    .to_owned()
}
