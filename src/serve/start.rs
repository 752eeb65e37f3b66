//! Starting, and being told to stop.

use std::path::PathBuf;

use tokio::net::TcpListener;

use super::{Error, Portal};
use crate::{app::Assets, config::Config};

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
