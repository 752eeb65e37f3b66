//! What an e-mail has besides its words.

use leptos::prelude::*;

use super::words;
use crate::{
    href::href,
    model::{Correspondent, Delivery, Quoted},
};

/// Who wrote it to whom: the receivers at a glance, all with their addresses when somebody wants to know. Bcc is nobody's
/// to see.
#[component]
pub fn MailHead(
    #[prop(optional_no_strip)] from: Option<Correspondent>,
    #[prop(optional_no_strip)] to: Option<Correspondent>,
    cc: Vec<Correspondent>,
) -> impl IntoView {
    let line = |name: &'static str, people: Vec<Correspondent>| {
        let last = people.len().saturating_sub(1);
        let people = people.into_iter().enumerate().map(move |(place, person)| {
            view! { {correspondent(person)} {(place < last).then_some(", ")} }
        });
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{people.collect_view()}</dd>
            </div>
        }
    };
    let receivers: Vec<&str> = to.iter().chain(&cc).map(name).collect();
    let glance = match receivers[..] {
        [] => "Sender".to_owned(),
        _ => format!("to {}", receivers.join(", ")),
    };
    let from = from.map(|from| line("From", vec![from]));
    let to = to.map(|to| line("To", vec![to]));
    let cc = (!cc.is_empty()).then(|| line("Cc", cc));
    view! {
        <details class="mail-head">
            <summary>{glance}</summary>
            <dl>{from} {to} {cc}</dl>
        </details>
    }
    .into_any()
}

/// What to call somebody in few words.
fn name(person: &Correspondent) -> &str {
    match person {
        Correspondent::Named {
            name: Some(name), ..
        } => name,
        Correspondent::Named { address, .. } => address,
        Correspondent::Support(name) => name,
        Correspondent::Somebody => "somebody",
    }
}

fn correspondent(person: Correspondent) -> AnyView {
    match person {
        Correspondent::Named {
            name: Some(name),
            address,
        } if name != address => view! {
            <bdi>{name}</bdi>
            " "
            <bdi class="mail-head__address">{address}</bdi>
        }
        .into_any(),
        Correspondent::Named { address, .. } => view! { <bdi>{address}</bdi> }.into_any(),
        Correspondent::Support(name) => view! { <bdi>{name}</bdi> }.into_any(),
        Correspondent::Somebody => view! { "somebody" }.into_any(),
    }
}

/// What it quotes, and what became of it. `whole`: where one can read all of it.
#[component]
pub fn MailFoot(
    #[prop(optional_no_strip)] quoted: Option<Quoted>,
    #[prop(optional_no_strip)] delivery: Option<Delivery>,
    whole: String,
) -> impl IntoView {
    let quoted = quoted.map(|quoted| match quoted {
        Quoted::Here(quote) => view! {
            <details class="quoted">
                <summary>"Earlier messages in this e-mail"</summary>
                {words(*quote)}
            </details>
        }
        .into_any(),
        Quoted::NotLoaded => view! {
            <p class="quoted">
                <a href=href(&whole)>"Show the whole e-mail"</a>
            </p>
        }
        .into_any(),
    });
    let delivery = delivery.map(|delivery| {
        let words = match delivery {
            Delivery::Pending => "This e-mail is still on its way to your mailbox.",
            Delivery::Bounced => "This e-mail did not reach everybody whom it was sent to.",
            Delivery::Failed => "This could not be delivered by e-mail. You can read it here.",
        };
        view! { <p class="message__delivery">{words}</p> }
    });
    view! { {quoted} {delivery} }.into_any()
}
