//! Requests as the browser made them, whatever a proxy in front has done to them.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, OriginalUri, Request, State},
    http::{HeaderMap, HeaderName, Uri, uri::PathAndQuery},
    middleware::Next,
    response::Response,
};

use super::Portal;
use crate::config::TrustedProxies;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PREFIX: HeaderName = HeaderName::from_static("x-forwarded-prefix");

/// In a request's extensions: where it came from, as far as that can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddr(pub IpAddr);

/// Before the router: gives back the prefix that a trusted proxy removed, makes `/support/` the front page as `/support` is, and
/// notes the client's address.
///
/// Both addresses of the front page are answered and neither leads to the other: proxies have their own idea of which is right,
/// and two redirects that disagree never end. `X-Forwarded-Host` and `-Proto` are not needed: PORTAL_PUBLIC_URL says both.
pub async fn undo(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let trusted = &portal.config.server.trusted_proxies;
    let base = portal.site.public_url.base_path();
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip());
    let removed = peer
        .filter(|peer| trusted.trusts(*peer))
        .and_then(|_| removed_prefix(request.headers(), base))
        .unwrap_or_default();
    if let Some(uri) = below_base(request.uri(), removed, base) {
        request.extensions_mut().insert(OriginalUri(uri.clone()));
        *request.uri_mut() = uri;
    }
    if let Some(peer) = peer {
        let client = client_addr(peer, request.headers(), trusted);
        request.extensions_mut().insert(ClientAddr(client));
    }
    next.run(request).await
}

/// The base path, when a proxy says that it removed it. Any other prefix is a proxy's mistake, or made up by a client.
fn removed_prefix<'a>(headers: &HeaderMap, base: &'a str) -> Option<&'a str> {
    let named = headers.get(FORWARDED_PREFIX)?;
    let prefix = named.to_str().unwrap_or_default().trim_end_matches('/');
    if prefix == base {
        return Some(base);
    }
    if !named.is_empty() {
        tracing::warn!(
            ?named,
            base,
            "X-Forwarded-Prefix is not the path of PORTAL_PUBLIC_URL, and is ignored"
        );
    }
    None
}

/// The address as the router knows it; `None` when it is so already.
fn below_base(uri: &Uri, removed: &str, base: &str) -> Option<Uri> {
    let whole = format!("{removed}{}", uri.path());
    let path = match whole.strip_suffix('/') {
        Some(front) if front == base && !base.is_empty() => front,
        _ => &whole,
    };
    if path == uri.path() {
        return None;
    }
    let path_and_query = match uri.query() {
        Some(query) => PathAndQuery::try_from(format!("{path}?{query}")),
        None => PathAndQuery::try_from(path),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query.ok()?);
    Uri::from_parts(parts).ok()
}

/// Whoever the outermost trusted proxy spoke with: the right-most address of `X-Forwarded-For` that is no trusted proxy's.
///
/// What stands left of it was written by that client itself, and may be anything. Where something that is no address stands, the proxy
/// that passed it on counts.
fn client_addr(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let named: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .collect();
    let mut client = peer.to_canonical();
    for address in named.into_iter().rev() {
        if !trusted.trusts(client) {
            break;
        }
        match parse_addr(address.trim()) {
            Some(address) => client = address.to_canonical(),
            None => break,
        }
    }
    client
}

/// An address, as some proxies write it also with a port.
fn parse_addr(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|addr| addr.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(with_port).or_else(in_brackets)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_client_is_the_last_address_that_no_proxy_of_ours_has() {
        let trusted = TrustedProxies::parse("127.0.0.1 10.0.0.0/8 ::1").unwrap();
        for (peer, forwarded, client) in [
            ("127.0.0.1", &[] as &[&str], "127.0.0.1"),
            ("127.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["203.0.113.9, 10.1.1.1"], "203.0.113.9"),
            ("127.0.0.1", &["203.0.113.9", "10.1.1.1"], "203.0.113.9"),
            ("127.0.0.1", &["10.2.2.2, 10.1.1.1"], "10.2.2.2"),
            ("127.0.0.1", &["203.0.113.9:4711"], "203.0.113.9"),
            ("::1", &["[2001:db8::9]:4711"], "2001:db8::9"),
            ("::1", &["[2001:db8::9]"], "2001:db8::9"),
            ("::ffff:127.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["203.0.113.9, unknown"], "127.0.0.1"),
            ("127.0.0.1", &["203.0.113.9, unknown, 10.1.1.1"], "10.1.1.1"),
            ("127.0.0.1", &["203.0.113.9, "], "127.0.0.1"),
            ("198.51.100.1", &["203.0.113.9"], "198.51.100.1"),
        ] {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append(FORWARDED_FOR, value.parse().unwrap());
            }
            let found = client_addr(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(
                found,
                client.parse::<IpAddr>().unwrap(),
                "{peer} {forwarded:?}"
            );
        }
    }

    #[test]
    fn addresses_are_put_below_the_base_path() {
        for (uri, removed, base, wanted) in [
            ("/", "", "", None),
            ("/threads/new?x=1", "", "", None),
            ("/support", "", "/support", None),
            ("/support/?q=1", "", "/support", Some("/support?q=1")),
            ("/support//", "", "/support", None),
            ("/supporters/", "", "/support", None),
            ("/", "/support", "/support", Some("/support")),
            ("/?q=1", "/support", "/support", Some("/support?q=1")),
            (
                "/threads/T-1",
                "/help/desk",
                "/help/desk",
                Some("/help/desk/threads/T-1"),
            ),
            // A proxy that says so and has not removed it: nothing is there.
            (
                "/support/x",
                "/support",
                "/support",
                Some("/support/support/x"),
            ),
            (
                "http://any.example",
                "/support",
                "/support",
                Some("http://any.example/support"),
            ),
        ] {
            let found = below_base(&uri.parse().unwrap(), removed, base);
            let wanted = wanted.map(|wanted| wanted.parse::<Uri>().unwrap());
            assert_eq!(found, wanted, "{uri} {removed} {base}");
        }
    }
}
