//! The frame that every page shares: skip link, header, main part.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{TeamMenu, time::Zone};
use crate::{
    app::Site,
    content,
    desk::Desk,
    href::{SIGN_OUT, href},
};

/// `title` is the document's title; the brand's name is added to it.
#[component]
pub fn Layout(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let site = expect_context::<Site>();
    let viewer = use_context::<Desk>().map(|desk| desk.viewer().clone());
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
                <a class="brand" href=href("/")>
                    {site.brand_name}
                </a>
                {viewer
                    .map(|viewer| {
                        view! {
                            <nav class="site-nav" aria-label="Main">
                                <a href=href("/")>"Requests"</a>
                                <a class="button button--primary" href=href("/threads/new")>
                                    "New request"
                                </a>
                            </nav>
                            <div class="account">
                                <div class="account__who">
                                    <span class="account__name">{viewer.name}</span>
                                    <TeamMenu scope=viewer.scope />
                                </div>
                                <form method="post" action=href(SIGN_OUT)>
                                    <button class="button button--quiet" type="submit">
                                        "Sign out"
                                    </button>
                                </form>
                            </div>
                        }
                    })}
            </div>
        </header>
        <main id="main" class="page" tabindex="-1">
            {children()}
        </main>
    }
    .into_any()
}
