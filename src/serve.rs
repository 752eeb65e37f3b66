//! Puts the axum router together, in one readable stack of layers; starts, drains, stops.

mod assets;
mod csrf;
mod deadline;
mod files;
mod forms;
mod handoff;
mod headers;
mod health;
mod pages;
mod proxy;
mod start;
#[cfg(test)]
mod tests;
mod uploads;
mod viewer;
mod webhooks;

use std::{future, io, net::SocketAddr, sync::LazyLock, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, Request},
    middleware::{from_fn, from_fn_with_state, map_response, map_response_with_state},
    routing::{MethodRouter, get, post},
};
use leptos::prelude::{AnyView, LeptosOptions, provide_context, use_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, generate_route_list, render_app_async_with_context,
};
use secrecy::ExposeSecret as _;
use tokio::{
    net::TcpListener,
    sync::{oneshot, watch},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    trace::TraceLayer,
};

use crate::{
    app::{App, Assets, Site, shell},
    config::Config,
    desk::{CursorKey, Desk, Supplies, Worker},
    href::{FILES, SIGN_OUT},
    identity::{self, keys::Keys, membership::Memberships, teams::Teams},
    outbox::{Outbox, activity::Activity},
    plain,
    spool::{self, Spool},
    store::{self, Store},
};

use proxy::ClientAddr;
pub use start::{find_assets, run, stop_signal};

/// How long requests that are under way may take to end when the process is to stop.
const LONGEST_END: Duration = Duration::from_secs(30);
const SWEEP_EVERY: Duration = Duration::from_secs(10 * 60);
/// Where Plain delivers its webhooks, below the base path.
pub const WEBHOOKS: &str = "/webhooks/plain";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the handlers share.
#[derive(Clone)]
pub struct Portal {
    config: Config,
    site: Site,
    keys: Keys,
    plain: plain::Client,
    store: Store,
    supplies: Supplies,
    health: health::PlainState,
    beside: Vec<PageBeside>,
}

/// A page that the product itself does not have.
#[derive(Clone, Copy)]
struct PageBeside {
    path: &'static str,
    page: fn() -> AnyView,
}

/// What keeps a portal from starting.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("LEPTOS_SITE_ROOT: {0}")]
    Assets(String),
    #[error("PORTAL_HANDOFF_JWKS: {0}")]
    Keys(String),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Spool(#[from] spool::Error),
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
    #[error("LEPTOS_SITE_ADDR: cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    #[error("cannot serve: {0}")]
    Serve(#[from] io::Error),
}

/// A route that is not a page of Leptos's and not a server function.
pub struct PlainRoute {
    pub method: &'static str,
    pub path: &'static str,
    handler: fn() -> MethodRouter<Portal>,
    group: Group,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// The same for everybody, and also at the root, whatever the base path.
    Open,
    /// For Plain itself: no session and no page; there only when webhooks have a secret.
    Webhooks,
    /// Has a session, and checks of its own for where it may be posted from.
    Handoff,
    /// Like the pages: session, viewer, cross-site protection.
    Viewer,
}

/// Every such route; tests hold their tables against this one.
pub const PLAIN_ROUTES: &[PlainRoute] = &[
    PlainRoute {
        method: "GET",
        path: "/healthz",
        handler: || get(health::alive),
        group: Group::Open,
    },
    PlainRoute {
        method: "GET",
        path: "/readyz",
        handler: || get(health::ready),
        group: Group::Open,
    },
    PlainRoute {
        method: "GET",
        path: "/auth/handoff",
        handler: || get(handoff::by_link),
        group: Group::Handoff,
    },
    PlainRoute {
        method: "POST",
        path: "/auth/handoff",
        handler: || post(handoff::by_form),
        group: Group::Handoff,
    },
    PlainRoute {
        method: "POST",
        path: SIGN_OUT,
        handler: || post(handoff::sign_out),
        group: Group::Viewer,
    },
    PlainRoute {
        method: "POST",
        path: FILES,
        handler: || post(uploads::add),
        group: Group::Viewer,
    },
    PlainRoute {
        method: "POST",
        path: WEBHOOKS,
        handler: || post(webhooks::receive),
        group: Group::Webhooks,
    },
    PlainRoute {
        method: "GET",
        path: "/threads/{id}/entries/{entry}/attachments/{attachment}",
        handler: || get(files::download),
        group: Group::Viewer,
    },
    PlainRoute {
        method: "GET",
        path: "/favicon.svg",
        handler: || get(assets::favicon),
        group: Group::Open,
    },
];

/// The pages' addresses. Made once: two of these at a time would wait for each other.
pub static PAGE_ROUTES: LazyLock<Vec<AxumRouteListing>> =
    LazyLock::new(|| generate_route_list(App));

impl Portal {
    /// Opens what a portal stands on.
    ///
    /// # Errors
    /// See [`Error`]; the text names the setting.
    pub async fn open(config: Config, assets: Assets) -> Result<Self, Error> {
        let keys = Keys::open(&config.handoff.keys)
            .await
            .map_err(Error::Keys)?;
        let store = Store::open(config.database_url.expose_secret()).await?;
        let spool = Spool::open(&config.files, store.clone()).await?;
        let plain = plain::Client::new(config.plain.api_url.clone(), config.plain.api_key.clone())
            .map_err(|error| Error::Client(error.to_string()))?;
        let cursor_key = CursorKey::new(&store.key("cursors").await?)
            .map_err(|error| Error::Client(error.to_string()))?;
        let supplies = Supplies {
            outbox: Outbox::new(plain.clone(), store.clone(), spool, config.settle),
            plain: plain.clone(),
            store: store.clone(),
            cursor_key,
            memberships: Memberships::new(plain.clone(), config.recheck),
            visibility: config.visibility,
            activity: match config.activity_events {
                true => Activity::start(plain.clone()),
                false => Activity::default(),
            },
        };
        let health = health::PlainState::new(plain.clone());
        Ok(Self {
            site: Site::new(&config, assets),
            config,
            keys,
            plain,
            store,
            supplies,
            health,
            beside: vec![],
        })
    }

    /// Adds a page beside the product's own, rendered in the same frame and behind the same layers.
    #[must_use]
    pub fn with_page(mut self, path: &'static str, page: fn() -> AnyView) -> Self {
        self.beside.push(PageBeside { path, page });
        self
    }

    /// The whole router: everything below the base path, health also at the root.
    pub fn router(&self) -> Router {
        self.around(self.inside())
    }

    /// What has a session: pages, server functions, signing in and out.
    fn inside(&self) -> Router {
        let portal = self.clone();
        let options = LeptosOptions::builder().output_name("plain-portal").build();
        let session = identity::session::layer(
            portal.store.sessions(),
            &portal.site.public_url,
            portal.config.session.idle,
        );

        let pages = Router::<LeptosOptions>::new()
            .leptos_routes_with_context(
                &options,
                PAGE_ROUTES.clone(),
                context(&portal.site),
                || shell(App),
            )
            .with_state(options);
        let beside = self.beside.iter().fold(Router::new(), |router, beside| {
            let page = beside.page;
            let render = render_app_async_with_context(context(&self.site), move || shell(page));
            router.route(beside.path, get(render))
        });
        let with_viewer = routes(Group::Viewer)
            .with_state(portal.clone())
            .merge(pages)
            .merge(beside)
            .fallback(pages::not_found)
            // Inside: a form finds its viewer, and keeps its text when it is not taken.
            .layer(from_fn_with_state(portal.clone(), forms::keep_text))
            // Outside of it: what a form says is read as if it had no files.
            .layer(from_fn_with_state(portal.clone(), uploads::take))
            .layer(from_fn_with_state(portal.clone(), viewer::find))
            // Outside: nobody's form from elsewhere gets so far.
            .layer(csrf::layer(&portal.site.public_url))
            .layer(from_fn_with_state(portal.clone(), csrf::refuse_unclear));
        routes(Group::Handoff)
            .with_state(portal)
            .layer(DefaultBodyLimit::max(64 * 1024))
            .merge(with_viewer)
            .layer(session)
            .layer(from_fn_with_state(self.clone(), viewer::keep_newer_cookies))
    }

    /// What is around it: files and health, a page for every error, the base path, and what holds for every answer.
    fn around(&self, inside: Router) -> Router {
        let portal = self.clone();
        let below_base = inside
            .layer(from_fn(deadline::keep))
            .merge(assets::router(&portal.site.assets))
            .merge(assets::brand(&portal.site.brand))
            .layer(CatchPanicLayer::new())
            .layer(from_fn_with_state(portal.clone(), pages::no_bare_errors))
            .layer(map_response(pages::without_loose_scripts))
            .merge(self.webhooks())
            .merge(routes(Group::Open).with_state(portal.clone()));

        let base = portal.site.public_url.base_path();
        let whole = if base.is_empty() {
            below_base
        } else {
            Router::new()
                .nest(base, below_base)
                .merge(routes(Group::Open).with_state(portal.clone()))
        };
        // From the inside out.
        let whole = whole
            .layer(CatchPanicLayer::new())
            .layer(map_response_with_state(portal.clone(), headers::add))
            .layer(CompressionLayer::new().compress_when(worth_compressing()))
            .layer(PropagateRequestIdLayer::new(REQUEST_ID))
            .layer(TraceLayer::new_for_http().make_span_with(span))
            .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid));
        // A router's own layers come after it has looked at the address; this one changes it.
        Router::new()
            .fallback_service(whole)
            .layer(from_fn_with_state(portal, proxy::undo))
    }

    /// What Plain calls, outside of sessions and pages. Without a secret it is an address like any that is not there.
    fn webhooks(&self) -> Router {
        if self.config.webhook_secrets.is_empty() {
            return Router::new();
        }
        routes(Group::Webhooks)
            .with_state(self.clone())
            .layer(DefaultBodyLimit::max(webhooks::LARGEST))
            .layer(from_fn(deadline::keep))
    }

    /// Serves until `stop` resolves, then lets requests and messages that are under way end, each for about 30 s at most:
    /// a download or an upload may go on for ever, and what is still being sent then is looked for at the next start.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let (stopped, stopping) = watch::channel(false);
        let behind = tokio::spawn(self.clone().work_behind(stopping));
        let router = self.router();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let (began, ending) = oneshot::channel();
        let stop = async move {
            stop.await;
            let _ = began.send(());
        };
        let serving = axum::serve(listener, service)
            .with_graceful_shutdown(stop)
            .into_future();
        let too_long = async move {
            match ending.await {
                Ok(()) => tokio::time::sleep(LONGEST_END).await,
                // It has ended by itself.
                Err(_) => future::pending().await,
            }
        };
        let result = tokio::select! {
            result = serving => result,
            () = too_long => {
                tracing::warn!("requests that do not end are broken off");
                Ok(())
            }
        };
        stopped.send_replace(true);
        if behind.await.is_err() {
            tracing::error!("the work behind the pages has failed");
        }
        Ok(result?)
    }

    /// Does what no page waits for, until told to stop: sends what waits in the outbox, and sweeps the database.
    pub async fn work_behind(self, stopping: watch::Receiver<bool>) {
        let sweeper = tokio::spawn(sweep(self.store, self.supplies.outbox.spool().clone()));
        let mut stopping = stopping;
        let stop = async move {
            // An end without a word is an end as well.
            let _ = stopping.wait_for(|stop| *stop).await;
        };
        let outbox = self.supplies.outbox.clone();
        Worker::new(self.supplies).run(stop).await;
        outbox.drained().await;
        sweeper.abort();
        // Until it is gone it holds the database.
        let _ = sweeper.await;
    }
}

/// What a page or a server function can reach: the deployment, and the desk and the teams of whoever is signed in. No client
/// of Plain's.
fn context(site: &Site) -> impl Fn() + Clone + Send + Sync + 'static {
    let site = site.clone();
    move || {
        provide_context(site.public_url.clone());
        provide_context(site.clone());
        let Some(parts) = use_context::<axum::http::request::Parts>() else {
            return;
        };
        if let Some(desk) = parts.extensions.get::<Desk>() {
            provide_context(desk.clone());
        }
        if let Some(teams) = parts.extensions.get::<Teams>() {
            provide_context(teams.clone());
        }
    }
}

/// All that is by default, but for what is handed out as it is, in its own length and in ranges: files of messages.
fn worth_compressing() -> impl Predicate {
    let usual = DefaultPredicate::new();
    usual.and(NotForContentType::const_new("application/octet-stream"))
}

fn routes(group: Group) -> Router<Portal> {
    let mut router = Router::new();
    for route in PLAIN_ROUTES.iter().filter(|route| route.group == group) {
        router = router.route(route.path, (route.handler)());
    }
    router
}

/// The path alone: a query may hold a handoff token.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    let client = request
        .extensions()
        .get::<ClientAddr>()
        .map(|ClientAddr(client)| tracing::field::display(client));
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id, client)
}

async fn sweep(store: Store, spool: Spool) {
    let mut every = tokio::time::interval(SWEEP_EVERY);
    loop {
        every.tick().await;
        if let Err(error) = store.sweep(jiff::Timestamp::now()).await {
            tracing::error!(%error, "sweeping the database");
        }
        if let Err(error) = spool.sweep(jiff::Timestamp::now()).await {
            tracing::error!(%error, "sweeping customers' files");
        }
    }
}
