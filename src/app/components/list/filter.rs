//! What one may ask the list for: its status by links, the rest by a form that needs no script.

use leptos::prelude::*;

use super::list_address;
use crate::{
    href::href,
    model::{Choice, ListQuery, MAX_TERM, StatusFilter},
};

/// One link for each status; the others of the query stay as they are.
#[component]
pub fn StatusLinks(query: ListQuery) -> impl IntoView {
    let link = |status: StatusFilter| {
        let current = (status == query.status).then_some("page");
        view! {
            <li>
                <a href=list_address(&query.with_status(status), None) aria-current=current>
                    {status.words()}
                </a>
            </li>
        }
    };
    view! {
        <nav class="filters" aria-label="Filter by status">
            <ul>{StatusFilter::EVERY.iter().copied().map(link).collect_view()}</ul>
        </nav>
    }
    .into_any()
}

/// Search, whose requests where others' can be seen at all, and their order. Plain gives what a search finds in its own order, so then there is no choice
/// of one.
#[component]
pub fn ListForm(query: ListQuery, shared: bool) -> impl IntoView {
    let searches = query.term().is_some();
    let kept = |name: &'static str, value: &'static str| view! { <input type="hidden" name=name value=value /> };
    let too_short = query.is_too_short();
    view! {
        <form class="list-form" method="get" action=href("/") role="search" aria-label="Requests">
            {(query.status != StatusFilter::default()).then(|| kept("status", query.status.value()))}
            <div class="field list-form__search">
                <label for="q">"Search"</label>
                <input
                    id="q"
                    name="q"
                    type="search"
                    maxlength=MAX_TERM.to_string()
                    autocomplete="off"
                    value=query.typed().to_owned()
                    aria-describedby=too_short.then_some("q-hint")
                />
                {too_short
                    .then(|| {
                        view! {
                            <p class="field__hint" id="q-hint">
                                "Type at least 2 characters to search."
                            </p>
                        }
                    })}
            </div>
            {shared.then(|| select("who", "Asked by", query.whose))}
            {if searches { kept("sort", query.sort.value()).into_any() } else { select("sort", "Sort by", query.sort) }}
            <div class="list-form__actions">
                <button class="button" type="submit">
                    "Apply"
                </button>
                {(searches || too_short)
                    .then(|| {
                        view! { <a href=list_address(&query.without_search(), None)>"Clear search"</a> }
                    })}
            </div>
        </form>
    }
    .into_any()
}

fn select<C: Choice>(name: &'static str, label: &'static str, current: C) -> AnyView {
    let option = |choice: C| {
        view! {
            <option value=choice.value() selected=choice == current>
                {choice.words()}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name>
                {C::EVERY.iter().copied().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}
