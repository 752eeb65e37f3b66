//! The HTML shell and the routes, nothing else.

pub mod islands;

#[cfg(feature = "ssr")]
pub mod brand;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "ssr")]
pub use shell::{Assets, IslandScripts, Site, shell};

#[cfg(feature = "ssr")]
mod routes {
    use leptos::prelude::*;
    use leptos_router::{
        SsrMode,
        components::{Route, Router, Routes},
        path,
    };

    use super::pages::{NewRequest, NotFound, RequestPage, Requests};

    /// Every page with an address. Each is rendered whole before the first byte leaves, so that its status code is true.
    #[component]
    pub fn App() -> impl IntoView {
        view! {
            <Router>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=Requests ssr=SsrMode::Async />
                    <Route path=path!("/threads/new") view=NewRequest ssr=SsrMode::Async />
                    <Route path=path!("/threads/:id") view=RequestPage ssr=SsrMode::Async />
                </Routes>
            </Router>
        }
    }
}

#[cfg(feature = "ssr")]
pub use routes::App;
