//! The portal's own address as browsers see it, and origins (RFC 6454) of others.

use std::fmt;

use url::{Host, Url};

/// The URL of the portal's front page, without a trailing slash: origin and base path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    base: String,
    origin: Origin,
    https: bool,
}

impl PublicUrl {
    /// Takes `https://host[:port][/path]`; `http://` on loopback only, because session cookies are `Secure`.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("{text:?} is not a URL ({error})"))?;
        let https = match url.scheme() {
            "https" => true,
            "http" if is_loopback(&url) => false,
            "http" => {
                return Err(format!(
                    "{text:?} must begin with https:// (http:// is for loopback only)"
                ));
            }
            _ => return Err(format!("{text:?} must begin with https://")),
        };
        if url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err(format!(
                "{text:?} must be an origin and a path, without user, query or fragment"
            ));
        }
        let base = url.path().trim_end_matches('/').to_owned();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~');
        if base.contains("//") || !base.chars().all(plain) {
            return Err(format!(
                "{text:?} has a path with characters other than letters, digits, - _ . ~ and single slashes"
            ));
        }
        let origin = Origin(url.origin().ascii_serialization());
        Ok(Self {
            text: format!("{origin}{base}"),
            base,
            origin,
            https,
        })
    }

    /// Without a trailing slash; what a handoff token's `aud` names.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `""` at the root, else `/support`: what stands before every path of the portal.
    pub fn base_path(&self) -> &str {
        &self.base
    }

    /// The address of one of the portal's own paths (`/threads/new`), below the base path.
    pub fn href(&self, path: &str) -> String {
        match (self.base.as_str(), path) {
            ("", path) => path.to_owned(),
            (base, "/") => base.to_owned(),
            (base, path) => match path.strip_prefix('/') {
                Some(rest) if rest.starts_with(['?', '#']) => format!("{base}{rest}"),
                _ => format!("{base}{path}"),
            },
        }
    }

    pub fn origin(&self) -> Origin {
        self.origin.clone()
    }

    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Is this a path on our own origin, below the base path, that a person may be sent to after signing in?
    ///
    /// Refuses whatever a browser could read as another origin: `//host`, `/\host`, control characters, schemes.
    pub fn own_path(&self, path: &str) -> Option<String> {
        if !path.starts_with('/')
            || path.chars().any(|c| c.is_control() || c == '\\')
            || path.len() > 2048
        {
            return None;
        }
        let front = Url::parse(self.origin.as_str()).ok()?;
        let url = front.join(path).ok()?;
        if url.origin() != front.origin() {
            return None;
        }
        let below = url.path().strip_prefix(self.base.as_str())?;
        if !(below.is_empty() || below.starts_with('/')) || below.starts_with("//") {
            return None;
        }
        let mut own = url.path().to_owned();
        if let Some(query) = url.query() {
            own = format!("{own}?{query}");
        }
        if let Some(fragment) = url.fragment() {
            own = format!("{own}#{fragment}");
        }
        Some(own)
    }
}

/// Scheme, host and port, as a browser's `Origin` header writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Takes exactly one origin; wildcards and paths are refused.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wanted = "must be an exact origin such as https://product.example";
        let url = Url::parse(text).map_err(|_| format!("{text:?} {wanted}"))?;
        let origin = url.origin().ascii_serialization();
        let http = matches!(url.scheme(), "http" | "https");
        if !http
            || text.contains(['*', ',', ';'])
            || !text.trim_end_matches('/').eq_ignore_ascii_case(&origin)
        {
            return Err(format!("{text:?} {wanted}, without path or wildcard"));
        }
        Ok(Self(origin))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Does this URL stay on this machine?
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_base_path_comes_from_the_url() {
        for (text, base) in [
            ("https://product.example", ""),
            ("https://product.example/", ""),
            ("https://product.example/support", "/support"),
            ("https://product.example/support/", "/support"),
            ("https://product.example/a/b/", "/a/b"),
            ("http://127.0.0.1:3000", ""),
            ("http://localhost:3000/support", "/support"),
            ("http://[::1]:3000", ""),
        ] {
            let url = PublicUrl::parse(text).unwrap();
            assert_eq!(url.base_path(), base, "{text}");
            assert_eq!(url.as_str(), text.trim_end_matches('/'), "{text}");
        }
        for text in [
            "http://product.example",
            "ftp://x",
            "nonsense",
            "https://x/?q",
            "https://x/#f",
            "https://u@x/",
            "https://x/a%2fb",
            "https://x/{a}",
            "https://x//a",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn href_puts_the_base_in_front() {
        let root = PublicUrl::parse("https://p.example").unwrap();
        let below = PublicUrl::parse("https://p.example/support").unwrap();
        for (path, at_root, at_base) in [
            ("/", "/", "/support"),
            ("/?status=done", "/?status=done", "/support?status=done"),
            ("/threads/new", "/threads/new", "/support/threads/new"),
        ] {
            assert_eq!(root.href(path), at_root);
            assert_eq!(below.href(path), at_base);
        }
    }

    #[test]
    fn only_our_own_paths_are_led_to() {
        let url = PublicUrl::parse("https://p.example/support").unwrap();
        for path in [
            "/support",
            "/support/",
            "/support/threads/T-1?x=1#reply",
            "/support?status=done",
        ] {
            assert_eq!(url.own_path(path).as_deref(), Some(path), "{path}");
        }
        for path in [
            "",
            "support",
            "/",
            "/supporters",
            "/other",
            "//evil.example",
            "//evil.example/support",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example/support",
            "javascript:alert(1)",
            "/support/../admin",
            "/support//evil",
            "/support\r\nX: y",
            "/support/..%2f",
        ] {
            let led = url.own_path(path);
            assert!(
                led.is_none() || path.ends_with("%2f"),
                "{path:?} led to {led:?}"
            );
        }
    }

    #[test]
    fn origins_are_exact() {
        assert_eq!(
            Origin::parse("https://A.example/").unwrap().as_str(),
            "https://a.example"
        );
        for text in [
            "*",
            "https://*.example",
            "https://a.example/x",
            "a.example",
            "https://a.example:*",
            "https://a.example,",
            "https://a.example;",
            "null",
            "file:///",
        ] {
            assert!(Origin::parse(text).is_err(), "{text}");
        }
    }
}
