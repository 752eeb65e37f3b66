//! The frame that every page shares: skip link, header, main part.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{Avatar, TeamMenu, initials, requested, time::Zone};
use crate::{
    app::Site,
    content,
    desk::Desk,
    href::{SIGN_OUT, href},
    model::Viewer,
};

/// `title` is the document's title; the brand's name is added to it.
#[component]
pub fn Layout(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let viewer = use_context::<Desk>().map(|desk| desk.viewer().clone());
    view! { <Frame title=title viewer=viewer children=children /> }.into_any()
}

/// The same for a viewer that is given, or for nobody.
#[component]
pub fn Frame(
    title: String,
    #[prop(optional_no_strip)] viewer: Option<Viewer>,
    children: Children,
) -> impl IntoView {
    if let Some(viewer) = &viewer {
        provide_context(Zone::of(viewer));
    }
    view! {
        <Title text=content::title(&title) />
        <a class="skip-link" href="#main">
            "Skip to content"
        </a>
        <header class="site-header">
            <div class="site-header__inner">
                <BrandLink /> {viewer.map(|viewer| view! { <MainNav /> <Account viewer=viewer /> })}
            </div>
        </header>
        <main id="main" class="page" tabindex="-1">
            {children()}
        </main>
    }
    .into_any()
}

/// The logo, or else the name beside a tile with its first letter.
#[component]
fn BrandLink() -> impl IntoView {
    let site = expect_context::<Site>();
    let name = site.brand_name;
    let inside = match site.brand.logo {
        Some(logo) => {
            view! { <img class="brand__logo" src=href(&logo.path) alt=name /> }.into_any()
        }
        None => view! {
            <span class="brand__tile" aria-hidden="true">
                {initials(&name, 1)}
            </span>
            <span class="brand__name">{name}</span>
        }
        .into_any(),
    };
    view! {
        <a class="brand" href=href("/")>
            {inside}
        </a>
    }
    .into_any()
}

#[component]
fn MainNav() -> impl IntoView {
    let here = requested();
    let path = here.split('?').next().unwrap_or_default().to_owned();
    let current = |address: &str| (path == address).then_some("page");
    view! {
        <nav class="site-nav" aria-label="Main">
            <a class="site-nav__link" href=href("/") aria-current=current("/")>
                "Requests"
            </a>
            <a class="button button--primary" href=href("/threads/new") aria-current=current("/threads/new")>
                "New request"
            </a>
        </nav>
    }
    .into_any()
}

#[component]
fn Account(viewer: Viewer) -> impl IntoView {
    view! {
        <div class="account">
            <Avatar name=viewer.name.clone() kind="mine" />
            <div class="account__who">
                <bdi class="account__name">{viewer.name}</bdi>
                <TeamMenu scope=viewer.scope />
            </div>
            <SignOut />
        </div>
    }
    .into_any()
}

#[component]
pub fn SignOut() -> impl IntoView {
    view! {
        <form method="post" action=href(SIGN_OUT)>
            <button class="button button--quiet" type="submit">
                "Sign out"
            </button>
        </form>
    }
    .into_any()
}
