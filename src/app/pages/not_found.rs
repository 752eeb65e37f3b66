//! For addresses that lead nowhere.

use leptos::prelude::*;

use crate::app::components::{Notice, NoticePage};

#[component]
pub fn NotFound() -> impl IntoView {
    view! { <NoticePage notice=Notice::NotFound carried=None /> }
}
