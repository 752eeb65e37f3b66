//! Makes a form for writing pleasant: it grows with its text, sends with Ctrl+Enter or ⌘+Enter, and sends once.

use leptos::prelude::*;

/// Wraps a plain form, which stays the server's and goes to the server as any form does.
#[island]
pub fn Composer(children: Children) -> impl IntoView {
    view! {
        <div class="composer" on:submit=behaviour::submit on:keydown=behaviour::keydown on:input=behaviour::input>
            {children()}
        </div>
    }
}

/// What the island does in the browser.
#[cfg(feature = "hydrate")]
mod behaviour {
    use std::time::Duration;

    use leptos::ev::{Event, KeyboardEvent, SubmitEvent};
    use wasm_bindgen::JsCast as _;
    use web_sys::{Element, EventTarget, HtmlElement, HtmlFormElement, HtmlTextAreaElement};

    /// Longer than any page takes to answer.
    const GIVE_UP: Duration = Duration::from_secs(30);

    fn form(target: Option<EventTarget>) -> Option<HtmlFormElement> {
        target?
            .dyn_into::<Element>()
            .ok()?
            .closest("form")
            .ok()??
            .dyn_into()
            .ok()
    }

    /// The first submit goes its way and says so; a second one, while the first is under way, goes nowhere.
    pub fn submit(event: SubmitEvent) {
        let Some(form) = form(event.target()) else {
            return;
        };
        if form.has_attribute("data-sending") {
            event.prevent_default();
            return;
        }
        mark(&form, true);
        // Back from the page that followed, with the browser's memory of this one: the form can be sent again.
        let restored = form.clone();
        let back = leptos::prelude::window_event_listener_untyped("pageshow", move |_| {
            mark(&restored, false);
        });
        std::mem::forget(back);
        // Stopped by the person or by the network, without a page that follows; the server takes a form once anyway.
        leptos::prelude::set_timeout(move || mark(&form, false), GIVE_UP);
    }

    fn mark(form: &HtmlFormElement, sending: bool) {
        let Ok(Some(button)) = form.query_selector("button[data-sending-label]") else {
            return;
        };
        let label = if sending {
            "data-sending-label"
        } else {
            "data-label"
        };
        if sending {
            let _ = form.set_attribute("data-sending", "");
            let _ = button.set_attribute("aria-disabled", "true");
        } else {
            let _ = form.remove_attribute("data-sending");
            let _ = button.remove_attribute("aria-disabled");
        }
        button.set_text_content(button.get_attribute(label).as_deref());
    }

    pub fn keydown(event: KeyboardEvent) {
        if event.key() == "Enter"
            && (event.ctrl_key() || event.meta_key())
            && let Some(form) = form(event.target())
        {
            event.prevent_default();
            let _ = form.request_submit();
        }
    }

    /// As tall as its text; the style sheet's `max-height` says where scrolling begins.
    pub fn input(event: Event) {
        let Some(area) = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok())
        else {
            return;
        };
        let style = HtmlElement::style(&area);
        let _ = style.set_property("height", "auto");
        let _ = style.set_property("height", &format!("{}px", area.scroll_height() + 2));
    }
}

/// On the server the handlers are only named.
#[cfg(not(feature = "hydrate"))]
mod behaviour {
    use leptos::ev::{Event, KeyboardEvent, SubmitEvent};

    pub fn submit(_: SubmitEvent) {}

    pub fn keydown(_: KeyboardEvent) {}

    pub fn input(_: Event) {}
}
