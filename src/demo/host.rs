//! Fieldnote, a product that exists nowhere else. It knows its people and signs them in to the portal, as a real host would.

use axum::{
    Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use leptos::prelude::*;
use serde::Deserialize;
use url::Url;

use super::showcase;
use crate::{
    config::Handoff,
    identity::token::{self, TenantClaim},
    sandbox::seed::{PEOPLE, Person},
};

#[derive(Clone)]
struct Host {
    handoff: Handoff,
    portal_url: String,
    agent_url: String,
}

#[derive(Deserialize)]
struct Visit {
    return_to: Option<String>,
}

/// The host's own pages: its people, and for each of them the way to support.
pub fn router(handoff: Handoff, portal_url: String, agent_url: String) -> Router {
    Router::new()
        .route("/", get(people))
        .route("/support/{person}/{tenant}", get(support))
        .with_state(Host {
            handoff,
            portal_url,
            agent_url,
        })
}

async fn people(State(host): State<Host>, Query(visit): Query<Visit>) -> Html<String> {
    let owner = Owner::new();
    let parts_url = format!("{}{}", host.portal_url, showcase::PATH);
    Html(owner.with(|| page(visit.return_to, host.agent_url, parts_url).to_html()))
}

/// Vouches for the person with a fresh token, and sends the browser to the portal with it.
async fn support(
    State(host): State<Host>,
    Path((person, tenant)): Path<(String, String)>,
    Query(visit): Query<Visit>,
) -> Response {
    let Some(person) = PEOPLE.iter().find(|known| known.external_id == person) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some((tenant_external_id, tenant_name)) =
        person.tenants.iter().find(|(id, _)| *id == tenant)
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let others = person.tenants.iter().filter(|(id, _)| *id != tenant);
    let tenants = others.map(|(id, name)| TenantClaim {
        external_id: (*id).to_owned(),
        name: Some((*name).to_owned()),
    });
    let person = token::Person {
        email: person.email.to_owned(),
        email_unverified: false,
        name: person.name.to_owned(),
        external_id: person.external_id.to_owned(),
        tenant_external_id: Some((*tenant_external_id).to_owned()),
        tenant_name: Some((*tenant_name).to_owned()),
        tenants: tenants.collect(),
        ttl: std::time::Duration::from_secs(60).into(),
        ..token::Person::default()
    };
    let claims = person.claims(&host.handoff, jiff::Timestamp::now());
    let (Ok(token), Ok(mut url)) = (
        token::sign(&host.handoff, &claims),
        Url::parse(&format!("{}/auth/handoff", host.portal_url)),
    ) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    url.query_pairs_mut().append_pair("token", &token);
    if let Some(return_to) = &visit.return_to {
        url.query_pairs_mut().append_pair("return_to", return_to);
    }
    (
        [
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ],
        Redirect::to(url.as_str()),
    )
        .into_response()
}

fn page(return_to: Option<String>, agent_url: String, parts_url: String) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>"Fieldnote"</title>
                <link rel="icon" href="data:," />
                <style>{include_str!("host.css")}</style>
            </head>
            <body>
                <header>
                    <p class="logo">"Fieldnote"</p>
                    <p>"Scheduling and reports for people who work outside"</p>
                </header>
                <main>
                    <h1>"Who are you today?"</h1>
                    <p>
                        "Fieldnote is a made-up product. In a real one you would be signed in already, and “Support” would be a link in its menu. Here you choose whom to be."
                    </p>
                    <ul>{PEOPLE.iter().map(|person| card(person, return_to.as_deref())).collect_view()}</ul>
                    <p>
                        "On the other side: " <a href=agent_url>"answer as the support team"</a>
                    </p>
                    <p>
                        "For designers: " <a href=parts_url>"every part of the portal’s pages"</a>
                    </p>
                </main>
            </body>
        </html>
    }
}

fn card(person: &'static Person, return_to: Option<&str>) -> impl IntoView + use<> {
    let links = person
        .tenants
        .iter()
        .map(|(id, tenant)| {
            let mut href = format!("/support/{}/{id}", person.external_id);
            if let Some(return_to) = return_to {
                let query: String = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("return_to", return_to)
                    .finish();
                href = format!("{href}?{query}");
            }
            view! {
                <p>
                    <span>{*tenant}</span>
                    <a href=href aria-label=format!("Support for {} at {tenant}", person.name)>
                        "Support"
                    </a>
                </p>
            }
        })
        .collect_view();
    view! {
        <li>
            <h2>{person.name}</h2>
            <p>{person.role}</p>
            {links}
        </li>
    }
}
