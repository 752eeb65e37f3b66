//! Puts the axum router together, in one readable stack of layers; starts, drains, stops.

mod assets;
mod forms;
mod handoff;
mod health;
mod pages;
mod viewer;

use std::{io, net::SocketAddr, path::PathBuf, sync::LazyLock, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderName, HeaderValue, Request, StatusCode, header},
    middleware::{from_fn_with_state, map_response, map_response_with_state},
    response::Response,
    routing::{MethodRouter, get, post},
};
use leptos::prelude::{LeptosOptions, provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use secrecy::ExposeSecret as _;
use tokio::{net::TcpListener, sync::watch};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::CsrfLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

use crate::{
    app::{App, Assets, Site, shell},
    config::Config,
    desk::{CursorKey, Desk, Supplies, Worker},
    href::SIGN_OUT,
    identity::{self, keys::Keys, membership::Memberships, teams::Teams},
    outbox::Outbox,
    plain,
    store::{self, Store},
};

/// No page waits longer. Each kind of page has its own, shorter patience: a read of Plain 8 s, a sign-in 18 s, a form 10 s.
const REQUEST_DEADLINE: Duration = Duration::from_secs(25);
const SWEEP_EVERY: Duration = Duration::from_secs(10 * 60);
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
        let plain = plain::Client::new(config.plain.api_url.clone(), config.plain.api_key.clone())
            .map_err(|error| Error::Client(error.to_string()))?;
        let cursor_key = CursorKey::new(&store.key("cursors").await?)
            .map_err(|error| Error::Client(error.to_string()))?;
        let supplies = Supplies {
            outbox: Outbox::new(plain.clone(), store.clone(), config.settle),
            plain: plain.clone(),
            store: store.clone(),
            cursor_key,
            memberships: Memberships::new(plain.clone(), config.recheck),
            visibility: config.visibility,
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
        })
    }

    /// The whole router: everything below the base path, health also at the root.
    pub fn router(&self) -> Router {
        let portal = self.clone();
        let options = LeptosOptions::builder().output_name("plain-portal").build();
        let session = identity::session::layer(
            portal.store.sessions(),
            &portal.site.public_url,
            portal.config.session.idle,
        );

        // Our own origin by name, because a proxy may rewrite `Host`.
        let csrf = CsrfLayer::new();
        let csrf = csrf
            .clone()
            .add_trusted_origin(portal.site.public_url.origin().as_str())
            .unwrap_or(csrf);

        let pages = Router::<LeptosOptions>::new()
            .leptos_routes_with_context(
                &options,
                PAGE_ROUTES.clone(),
                context(&portal.site),
                || shell(App),
            )
            .with_state(options);
        let with_viewer = routes(Group::Viewer)
            .with_state(portal.clone())
            .merge(pages)
            .fallback(pages::not_found)
            // Inside: a form finds its viewer, and keeps its text when it is not taken.
            .layer(from_fn_with_state(portal.clone(), forms::keep_text))
            .layer(from_fn_with_state(portal.clone(), viewer::find))
            // Outside: nobody's form from elsewhere gets so far.
            .layer(csrf);
        let below_base = routes(Group::Handoff)
            .with_state(portal.clone())
            .layer(DefaultBodyLimit::max(64 * 1024))
            .merge(with_viewer)
            .layer(session)
            .layer(TimeoutLayer::with_status_code(
                StatusCode::SERVICE_UNAVAILABLE,
                REQUEST_DEADLINE,
            ))
            .layer(CatchPanicLayer::new())
            .layer(from_fn_with_state(portal.clone(), pages::no_bare_errors))
            .layer(map_response(pages::without_loose_scripts))
            .layer(SetResponseHeaderLayer::if_not_present(
                header::CACHE_CONTROL,
                HeaderValue::from_static("no-store"),
            ))
            .merge(assets::router(&portal.site.assets))
            .merge(routes(Group::Open).with_state(portal.clone()));

        let base = portal.site.public_url.base_path().to_owned();
        let whole = if base.is_empty() {
            below_base
        } else {
            // `nest` knows `/support` and not `/support/`, which people type as well.
            let front = base.clone();
            Router::new()
                .route(
                    &format!("{base}/"),
                    get(move |uri| pages::without_slash(front.clone(), uri)),
                )
                .nest(&base, below_base)
                .merge(routes(Group::Open).with_state(portal.clone()))
        };
        // From the inside out.
        whole
            .layer(CatchPanicLayer::new())
            .layer(map_response_with_state(portal, security_headers))
            .layer(CompressionLayer::new())
            .layer(PropagateRequestIdLayer::new(REQUEST_ID))
            .layer(TraceLayer::new_for_http().make_span_with(span))
            .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
    }

    /// Serves until `stop` resolves, then lets requests that are under way end.
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
        let result = axum::serve(listener, self.router())
            .with_graceful_shutdown(stop)
            .await;
        stopped.send_replace(true);
        if behind.await.is_err() {
            tracing::error!("the work behind the pages has failed");
        }
        Ok(result?)
    }

    /// Does what no page waits for, until told to stop: sends what waits in the outbox, and sweeps the database.
    pub async fn work_behind(self, stopping: watch::Receiver<bool>) {
        let sweeper = tokio::spawn(sweep(self.store));
        let mut stopping = stopping;
        let stop = async move {
            // An end without a word is an end as well.
            let _ = stopping.wait_for(|stop| *stop).await;
        };
        let outbox = self.supplies.outbox.clone();
        Worker::new(self.supplies).run(stop).await;
        outbox.drained().await;
        sweeper.abort();
    }
}

/// `plain-portal serve`.
///
/// # Errors
/// See [`Error`].
pub async fn run(config: Config) -> Result<(), Error> {
    let assets = find_assets(config.server.site_root.clone())?;
    let addr = config.server.addr;
    let public_url = config.server.public_url.clone();
    let listener = TcpListener::bind(addr)
        .await
        .map_err(|error| Error::Listen(addr, error))?;
    let addr = listener.local_addr()?;
    let portal = Portal::open(config, assets).await?;
    tracing::info!(%addr, url = public_url.as_str(), "serving");
    portal.serve(listener, stop_signal()).await
}

/// The built assets: where the setting says, or where a build leaves them, beside the executable.
///
/// # Errors
/// [`Error::Assets`] when they are not there.
pub fn find_assets(site_root: Option<PathBuf>) -> Result<Assets, Error> {
    if let Some(root) = site_root {
        return Assets::find(&root).map_err(Error::Assets);
    }
    let executable = std::env::current_exe()?;
    let beside = executable
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("site"));
    let mut problem = String::new();
    for root in beside {
        match Assets::find(&root) {
            Ok(assets) => return Ok(assets),
            Err(error) => problem = error,
        }
    }
    Err(Error::Assets(format!(
        "{problem}; build with `cargo leptos build --release`, or name the directory with the assets"
    )))
}

/// Ctrl+C, or SIGTERM where there is such a thing.
pub async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
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

fn routes(group: Group) -> Router<Portal> {
    let mut router = Router::new();
    for route in PLAIN_ROUTES.iter().filter(|route| route.group == group) {
        router = router.route(route.path, (route.handler)());
    }
    router
}

/// Headers that every response has (OWASP Secure Headers). A page brings its own Content-Security-Policy.
async fn security_headers(State(portal): State<Portal>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::from_str(&format!(
            "default-src 'none'; {}",
            portal.site.frame_ancestors()
        ))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    if portal.site.public_url.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

/// The path alone: a query may hold a handoff token.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

async fn sweep(store: Store) {
    let mut every = tokio::time::interval(SWEEP_EVERY);
    loop {
        every.tick().await;
        if let Err(error) = store.sweep(jiff::Timestamp::now()).await {
            tracing::error!(%error, "sweeping the database");
        }
    }
}
