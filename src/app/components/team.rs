//! The team that the viewer is signed in to, and the way to their others.

use leptos::{prelude::*, server_fn::ServerFn as _};

use crate::{
    api,
    href::href,
    identity::teams::{Team, Teams},
    model::{Scope, Tenant},
};

/// The team's name in the header, if the viewer came for one; a menu where there are others.
#[component]
pub fn TeamMenu(scope: Scope) -> impl IntoView {
    let name = Option::<Tenant>::from(scope).map(|team| team.name);
    let others = others();
    if others.is_empty() {
        return name
            .map(|name| view! { <bdi class="account__team">{name}</bdi> })
            .into_any();
    }
    let label = name.unwrap_or_else(|| "All your requests".to_owned());
    view! {
        <details class="team-menu">
            <summary class="account__team">
                <span class="visually-hidden">"Switch team, now: "</span>
                <bdi>{label}</bdi>
            </summary>
            {team_buttons(others)}
        </details>
    }
    .into_any()
}

/// A button for each team that the viewer can switch to; nothing when there is none.
pub fn other_teams() -> AnyView {
    let others = others();
    if others.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="panel" aria-labelledby="other-teams">
            <h2 id="other-teams">"Your other teams"</h2>
            {team_buttons(others)}
        </section>
    }
    .into_any()
}

fn others() -> Vec<Team> {
    let teams = use_context::<Teams>();
    let others = teams.as_ref().map(Teams::others).unwrap_or_default();
    others.into_iter().cloned().collect()
}

fn team_buttons(teams: Vec<Team>) -> AnyView {
    let button = |team: Team| {
        view! {
            <li>
                <button class="button button--quiet" type="submit" name="tenant" value=team.external_id>
                    <bdi>{team.name}</bdi>
                </button>
            </li>
        }
    };
    view! {
        <form class="team-menu__teams" method="post" action=href(api::SwitchTeam::PATH)>
            <ul>{teams.into_iter().map(button).collect_view()}</ul>
        </form>
    }
    .into_any()
}
