//! A request's status, told by word, shape and colour.

use leptos::prelude::*;

use crate::model::Status;

#[component]
pub fn StatusMark(status: Status) -> impl IntoView {
    view! { <span class=format!("status status--{}", status.slug())>{status.words()}</span> }
        .into_any()
}
