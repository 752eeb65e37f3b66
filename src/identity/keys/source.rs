//! Where a host's public keys come from: a file, or a URL.

use std::{io::Read as _, path::PathBuf, time::Duration};

use reqwest::{StatusCode, header, redirect};
use url::Url;

use crate::config::{self, JwksLocation, public_url::is_loopback};

/// A set of keys is a few kilobytes long.
const MAX_BYTES: usize = 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const FRESH: Duration = Duration::from_secs(60 * 60);
/// What a server may make of [`FRESH`] by `Cache-Control: max-age` (RFC 9111, 5.2.2.1).
const SHORTEST_FRESH: Duration = Duration::from_secs(5 * 60);
const LONGEST_FRESH: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) enum Source {
    File(PathBuf),
    Url { url: Url, http: reqwest::Client },
}

/// What was read, and how long it need not be read again.
pub(super) struct Document {
    pub bytes: Vec<u8>,
    pub fresh: Duration,
}

impl Source {
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub fn new(jwks: &config::Jwks) -> Result<Self, String> {
        let url = match &jwks.location {
            JwksLocation::File(path) => return Ok(Self::File(path.clone())),
            JwksLocation::Url(url) => url.clone(),
        };
        // A proxy of the company's does not know what listens on this machine.
        let builder = match is_loopback(&url) {
            true => reqwest::Client::builder().no_proxy(),
            false => reqwest::Client::builder(),
        };
        let http = builder
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(jwks.refetch.timeout)
            // The operator has named one address, and trusts that one.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("plain-portal/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| format!("the HTTP client cannot be set up: {error}"))?;
        Ok(Self::Url { url, http })
    }

    /// # Errors
    /// A sentence for the operator: not there, too long, or too slow.
    pub async fn read(&self) -> Result<Document, String> {
        match self {
            Self::File(path) => {
                let path = path.clone();
                tokio::task::spawn_blocking(move || read_file(path))
                    .await
                    .map_err(|_| "reading the file failed".to_owned())?
            }
            Self::Url { url, http } => fetch(http, url.clone()).await,
        }
    }
}

fn read_file(path: PathBuf) -> Result<Document, String> {
    let problem = |error| format!("{} cannot be read: {error}", path.display());
    let file = std::fs::File::open(&path).map_err(problem)?;
    let mut bytes = vec![];
    file.take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(problem)?;
    if bytes.len() > MAX_BYTES {
        return Err(too_long());
    }
    Ok(Document {
        bytes,
        fresh: FRESH,
    })
}

async fn fetch(http: &reqwest::Client, url: Url) -> Result<Document, String> {
    let problem = |error: reqwest::Error| match error.is_timeout() {
        true => "does not answer in time".to_owned(),
        false => format!("cannot be reached: {}", root_cause(&error)),
    };
    let request = http
        .get(url)
        .header(header::ACCEPT, "application/jwk-set+json, application/json");
    let mut response = request.send().await.map_err(problem)?;
    match response.status() {
        StatusCode::OK => {}
        status if status.is_redirection() => {
            return Err(format!("answers {status}: redirects are not followed"));
        }
        status => return Err(format!("answers {status}")),
    }
    let fresh = freshness(response.headers());
    let mut bytes = vec![];
    while let Some(chunk) = response.chunk().await.map_err(problem)? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(too_long());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Document { bytes, fresh })
}

fn too_long() -> String {
    format!("is longer than {} kB", MAX_BYTES / 1024)
}

/// reqwest wraps what happened in what it was doing then.
fn root_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => root_cause(source),
        None => error.to_string(),
    }
}

fn freshness(headers: &header::HeaderMap) -> Duration {
    let directives = headers
        .get_all(header::CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let mut fresh = FRESH;
    for directive in directives {
        let directive = directive.trim().to_ascii_lowercase();
        if directive == "no-store" || directive == "no-cache" {
            return SHORTEST_FRESH;
        }
        if let Some(seconds) = directive.strip_prefix("max-age=")
            && let Ok(seconds) = seconds.trim_matches('"').parse()
        {
            fresh = Duration::from_secs(seconds);
        }
    }
    fresh.clamp(SHORTEST_FRESH, LONGEST_FRESH)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_server_says_how_long_its_keys_are_fresh_within_bounds() {
        for (said, seconds) in [
            (None, 3600),
            (Some("max-age=600"), 600),
            (Some("public, Max-Age=\"7200\", immutable"), 7200),
            (Some("max-age=0"), 300),
            (Some("max-age=31536000"), 86_400),
            (Some("max-age=99999999999999999999999"), 3600),
            (Some("no-store"), 300),
            (Some("max-age=7200, no-cache"), 300),
            (Some("private"), 3600),
        ] {
            let mut headers = header::HeaderMap::new();
            if let Some(said) = said {
                headers.insert(header::CACHE_CONTROL, said.parse().unwrap());
            }
            assert_eq!(freshness(&headers).as_secs(), seconds, "{said:?}");
        }
    }
}
