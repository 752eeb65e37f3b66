//! What is around every page: `<html>`, the head, the style sheet, and the Content-Security-Policy that fits them.

use std::path::{Path, PathBuf};

use axum::http::{HeaderValue, header};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use url::Url;

use super::brand::BrandFiles;
use crate::{
    config::{Config, Origin, PublicUrl},
    content,
    href::href,
};

/// What pages need to know of the deployment.
#[derive(Debug, Clone)]
pub struct Site {
    pub brand_name: String,
    pub brand: BrandFiles,
    pub sign_in_url: Option<Url>,
    pub public_url: PublicUrl,
    pub embed_origins: Vec<Origin>,
    pub assets: Assets,
}

impl Site {
    pub fn new(config: &Config, assets: Assets) -> Self {
        Self {
            brand_name: config.brand.name.clone(),
            brand: BrandFiles::new(&config.brand),
            sign_in_url: config.server.sign_in_url.clone(),
            public_url: config.server.public_url.clone(),
            embed_origins: config.server.embed_origins.clone(),
            assets,
        }
    }

    /// The `frame-ancestors` directive: who may show the portal in a frame.
    pub fn frame_ancestors(&self) -> String {
        let origins: Vec<&str> = self.embed_origins.iter().map(Origin::as_str).collect();
        if origins.is_empty() {
            "frame-ancestors 'none'".to_owned()
        } else {
            format!("frame-ancestors {}", origins.join(" "))
        }
    }

    /// The Content-Security-Policy of a page whose scripts carry this nonce (W3C CSP Level 3).
    ///
    /// `connect-src` is for the islands' WebAssembly. `form-action` also holds for where a form's answer redirects to.
    fn content_security_policy(&self, nonce: &str) -> String {
        format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
             font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; {}",
            self.frame_ancestors()
        )
    }
}

/// The built files below the site root; their names carry a hash of what is in them.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// Where they lie; `None` when there are none, as in tests that look at HTML alone.
    pub root: Option<PathBuf>,
    style: Option<String>,
    script: Option<String>,
    wasm: Option<String>,
}

impl Assets {
    /// Finds the files that the build left under `pkg/`.
    ///
    /// # Errors
    /// A sentence that names what is missing.
    pub fn find(root: &Path) -> Result<Self, String> {
        let package = root.join("pkg");
        let entries = std::fs::read_dir(&package)
            .map_err(|error| format!("cannot read {}: {error}", package.display()))?;
        let mut names: Vec<(std::time::SystemTime, String)> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((
                    entry.metadata().ok()?.modified().ok()?,
                    entry.file_name().into_string().ok()?,
                ))
            })
            .collect();
        // The newest of each kind, in case an earlier build was left beside it.
        names.sort_unstable_by(|a, b| b.cmp(a));
        let newest = |extension: &str| {
            let found = names
                .iter()
                .find(|(_, name)| name.starts_with("plain-portal") && name.ends_with(extension));
            found
                .map(|(_, name)| format!("/pkg/{name}"))
                .ok_or_else(|| {
                    format!(
                        "there is no plain-portal*{extension} in {}",
                        package.display()
                    )
                })
        };
        Ok(Self {
            style: Some(newest(".css")?),
            script: Some(newest(".js")?),
            wasm: Some(newest(".wasm")?),
            root: Some(root.to_owned()),
        })
    }
}

/// A whole HTML document around `body`.
pub fn shell<V: IntoView>(body: impl FnOnce() -> V) -> impl IntoView {
    provide_meta_context();
    let site = expect_context::<Site>();
    let nonce = use_nonce();
    let response = expect_context::<ResponseOptions>();
    let policy = site.content_security_policy(nonce.as_deref().unwrap_or_default());
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    let brand = content::title(&site.brand_name);
    let style = site.assets.style.as_deref().map(href);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                {style.map(|style| view! { <link rel="stylesheet" href=style /> })}
                <link rel="stylesheet" href=href(&site.brand.style.path) />
                <link rel="icon" href=href("/favicon.svg") type="image/svg+xml" />
                <MetaTags />
            </head>
            <body>
                <Title formatter=move |title: String| if title.is_empty() { brand.clone() } else { format!("{title} · {brand}") } />
                {body()}
            </body>
        </html>
    }
}

/// Loads the islands' code. A page without an island leaves this out and ships no script at all.
#[component]
pub fn IslandScripts() -> impl IntoView {
    let assets = expect_context::<Site>().assets;
    let nonce = use_nonce();
    let (Some(script), Some(wasm)) = (assets.script, assets.wasm) else {
        return ().into_any();
    };
    let (script, wasm) = (href(&script), href(&wasm));
    // JSON strings are JavaScript strings, and our own hashed names hold nothing that could end the element.
    let start = format!(
        "({})({script:?}, {wasm:?})",
        include_str!("islands/start.js").trim_end()
    );
    view! {
        <link rel="modulepreload" href=script nonce=nonce.clone() />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=nonce>{start}</script>
    }
    .into_any()
}
