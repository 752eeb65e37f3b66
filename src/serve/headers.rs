//! What every response says to the browser besides its content: pages, assets, redirects and errors alike.
//!
//! After the OWASP Secure Headers Project and ASVS 5.0, V3.4. `X-Frame-Options` is not among them: `frame-ancestors` says the same, and
//! knows several origins.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};

use super::Portal;

/// Everything that a page could be allowed and ours do not use. Only names that browsers know: they complain of others.
const NOT_USED: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), \
    clipboard-write=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), \
    identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), otp-credentials=(), \
    payment=(), picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), \
    storage-access=(), usb=(), window-management=(), xr-spatial-tracking=()";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Nobody outside learns what was read here, and not even from where a link was followed. Unlike `no-referrer` it keeps the
    // `Origin` of our own forms, by which older browsers show where they come from.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), NOT_USED),
    // Frames are not concerned by these two: what may frame us is `frame-ancestors`' to say.
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    // A window that opened the portal, or that a link of ours opened, gets no hold on it.
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (HeaderName::from_static("origin-agent-cluster"), "?1"),
];

/// Adds what every response has. A page brings its own Content-Security-Policy, and a file its own Cache-Control.
pub async fn add(State(portal): State<Portal>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy = format!("default-src 'none'; {}", portal.site.frame_ancestors());
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        or_insert(headers, header::CONTENT_SECURITY_POLICY, policy);
    }
    or_insert(
        headers,
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store"),
    );
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if portal.site.public_url.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

fn or_insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
