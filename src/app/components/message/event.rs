//! The lines between the messages.

use leptos::prelude::*;

use crate::{
    app::components::Time,
    model::{Author, Event, Happening},
};

/// One line, with its time where that is known.
#[component]
pub fn EventLine(event: Event) -> impl IntoView {
    let id = (!event.id.is_empty()).then_some(event.id);
    view! {
        <li class="conversation__item">
            <p class="event" id=id>
                <span>{words(event.what)}</span>
                {event.at.map(|at| view! { " " <Time at=at /> })}
            </p>
        </li>
    }
    .into_any()
}

fn words(what: Happening) -> AnyView {
    match what {
        Happening::Done(by) => told(by, "marked this as done", "Marked as done"),
        Happening::Reopened(by) => told(by, "reopened this", "Reopened"),
        Happening::WaitingForYou(Some(Author::Agent(name))) => {
            view! { <bdi>{name}</bdi> " is waiting for your answer" }.into_any()
        }
        Happening::WaitingForYou(_) => view! { "Support is waiting for your answer" }.into_any(),
        Happening::MergedFromElsewhere => {
            view! { "A message of another request was added here. It cannot be shown to you." }
                .into_any()
        }
        Happening::Unreadable => view! { "Something here could not be shown." }.into_any(),
    }
}

fn told(by: Option<Author>, did: &'static str, passive: &'static str) -> AnyView {
    let name = match by {
        Some(Author::Customer(person)) if person.is_viewer => "You".to_owned(),
        Some(Author::Customer(person)) => person.name,
        Some(Author::Agent(name)) => name,
        Some(Author::System) | None => return view! { {passive} }.into_any(),
    };
    view! { <bdi>{name}</bdi> " " {did} }.into_any()
}
