//! Links to the pages beside this one.

use leptos::prelude::*;

use super::list_address;
use crate::model::ListQuery;

/// `newer` and `older` are the cursors to the pages on either side.
#[component]
pub fn Pager(
    query: ListQuery,
    #[prop(optional_no_strip)] newer: Option<String>,
    #[prop(optional_no_strip)] older: Option<String>,
) -> impl IntoView {
    let link =
        |label: &'static str, rel: &'static str, name: &'static str, cursor: Option<String>| {
            cursor.map(|cursor| {
                let address = list_address(&query, Some((name, &cursor)));
                view! {
                    <a class="button" rel=rel href=address>
                        {label}
                    </a>
                }
            })
        };
    (newer.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {link("Previous requests", "prev", "before", newer)}
                {link("More requests", "next", "after", older)}
            </nav>
        }
    })
}
