//! On a page from which something is missing.

use leptos::prelude::*;

use super::notice::try_again;

/// Says so, when it is so.
#[component]
pub fn PartialNotice(partial: bool) -> impl IntoView {
    partial
        .then(|| {
            view! {
                <div class="callout" role="status">
                    <p>"Some of this could not be loaded. What you see is all that we have at the moment."</p>
                    <p>{try_again()}</p>
                </div>
            }
        })
        .into_any()
}
