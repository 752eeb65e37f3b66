//! Every link, redirect, asset and form action goes through here, because the portal may live under a base path.

use leptos::prelude::expect_context;

use crate::config::PublicUrl;

/// Where people sign out, below the base path.
pub const SIGN_OUT: &str = "/auth/sign-out";

/// Where the page's script sends files, one at a time, below the base path.
pub const FILES: &str = "/api/files";

/// The address of one of the portal's own paths (`/threads/new`), from within a render or a server function.
pub fn href(path: &str) -> String {
    expect_context::<PublicUrl>().href(path)
}
