//! `plain-portal demo`: a sandbox Plain, the portal, and a small host product, all on this machine and with nothing to configure.

mod host;
mod showcase;

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use tokio::net::TcpListener;
use url::Url;

use crate::{
    config::{Config, Settings},
    sandbox::{self, Sandbox, webhooks::Target},
    serve::{self, Portal},
};

/// Good for a demonstration on loopback, and for nothing else.
const API_KEY: &str = "plainApiKey_demo";

/// Where the three parts listen. Port 0 takes a free one.
#[derive(clap::Args)]
pub struct Options {
    /// The portal
    #[arg(long, default_value = "127.0.0.1:3000", value_name = "ADDR")]
    portal_addr: SocketAddr,
    /// The product whose customers ask for support
    #[arg(long, default_value = "127.0.0.1:3001", value_name = "ADDR")]
    host_addr: SocketAddr,
    /// The sandbox Plain
    #[arg(long, default_value = "127.0.0.1:4010", value_name = "ADDR")]
    sandbox_addr: SocketAddr,
    #[command(flatten)]
    sandbox: sandbox::options::Flags,
    /// Serve the portal below this path, such as /support
    #[arg(long, default_value = "", value_name = "PATH")]
    base_path: String,
    /// Directory with the built assets [default: found beside the executable]
    #[arg(long, env = "LEPTOS_SITE_ROOT", value_name = "DIR")]
    site_root: Option<PathBuf>,
}

/// What keeps the demo from starting.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the demo is for this machine alone: {0} is not a loopback address")]
    NotLoopback(IpAddr),
    #[error(
        "cannot listen on {0}: {1} (choose another with --portal-addr, --host-addr or --sandbox-addr)"
    )]
    Listen(SocketAddr, std::io::Error),
    #[error("{0}")]
    Settings(String),
    #[error(transparent)]
    Serve(#[from] serve::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Runs until it is interrupted. Its data lies in a temporary directory and goes with it.
///
/// # Errors
/// See [`Error`].
pub async fn run(options: Options) -> Result<(), Error> {
    for addr in [options.portal_addr, options.host_addr, options.sandbox_addr] {
        if !addr.ip().is_loopback() {
            return Err(Error::NotLoopback(addr.ip()));
        }
    }
    let assets = serve::find_assets(options.site_root)?;
    let data = tempfile::tempdir()?;
    let (portal_listener, portal_addr) = listen(options.portal_addr).await?;
    let (host_listener, host_addr) = listen(options.host_addr).await?;
    let public_url = format!(
        "http://{portal_addr}{}",
        options.base_path.trim_end_matches('/')
    );
    let webhook_secret = random_secret();
    let mut story = options.sandbox.with_seed(sandbox::Seed::Story);
    if story.webhooks.is_none() {
        let url = Url::parse(&format!("{public_url}{}", serve::WEBHOOKS));
        let url = url.map_err(|error| Error::Settings(format!("--base-path: {error}")))?;
        story.webhooks = Some(Target::new(url, webhook_secret.clone()));
    }
    let sandbox = Sandbox::start(options.sandbox_addr, story)
        .await
        .map_err(|error| Error::Listen(options.sandbox_addr, error))?;

    let host_url = format!("http://{host_addr}");
    let settings = Settings {
        plain_api_key: Some(API_KEY.to_owned()),
        plain_api_url: Some(sandbox.graphql_url()),
        site_addr: Some(portal_addr.to_string()),
        public_url: Some(public_url.clone()),
        sign_in_url: Some(format!("{host_url}/")),
        plain_webhook_secret: Some(webhook_secret),
        handoff_secret: Some(random_secret()),
        host_origins: Some(host_url.clone()),
        brand_name: Some("Fieldnote Support".to_owned()),
        database_url: Some(format!(
            "sqlite://{}",
            data.path().join("portal.db").display()
        )),
        ..Settings::default()
    };
    let config = Config::from_settings(&settings).map_err(|problems| {
        Error::Settings(
            problems
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n"),
        )
    })?;
    let host = host::router(
        config.handoff.clone(),
        public_url.clone(),
        sandbox.agent_url(),
    );
    let portal = Portal::open(config, assets)
        .await?
        .with_page(showcase::PATH, showcase::page);

    println!("Portal         {public_url}");
    println!("Host product   {host_url}");
    println!("Every part     {public_url}{}", showcase::PATH);
    println!("Support team   {}", sandbox.agent_url());
    println!("Sandbox Plain  {}", sandbox.graphql_url());
    println!();
    println!(
        "Open the host product and choose a person; answer as the support team. Ctrl+C ends everything."
    );

    let host = tokio::spawn(async move { axum::serve(host_listener, host).await });
    portal.serve(portal_listener, serve::stop_signal()).await?;
    host.abort();
    sandbox.stop().await;
    Ok(())
}

fn random_secret() -> String {
    format!(
        "{}{}",
        uuid::Uuid::new_v4().simple(),
        uuid::Uuid::new_v4().simple()
    )
}

async fn listen(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    let listener = TcpListener::bind(addr)
        .await
        .map_err(|error| Error::Listen(addr, error))?;
    let addr = listener.local_addr()?;
    Ok((listener, addr))
}
