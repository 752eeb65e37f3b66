//! The sandbox's flags, for every command that starts one.

use std::time::Duration;

use url::Url;

use super::{
    Options, Seed,
    behaviour::Behaviour,
    faults::Fault,
    permissions::Permission,
    webhooks::{self, Target},
};

/// How the sandbox Plain behaves, described in docs/sandbox.md.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Flags {
    /// How long each answer of the sandbox takes at least
    #[arg(long, value_name = "N", default_value_t = 0)]
    latency_ms: u64,
    /// How long replies on API and EMAIL threads travel before they appear
    #[arg(long, value_name = "N", default_value_t = 0)]
    reply_delay_ms: u64,
    /// Answer as a Plain of the future, with types, values and fields that nobody knows yet
    #[arg(long)]
    drift: bool,
    /// Make every text say which field it comes from, to see where each of them ends up
    #[arg(long)]
    canaries: bool,
    /// Deny the API key a permission, such as thread:reply; again for more
    #[arg(long = "deny-permission", value_name = "PERMISSION")]
    denied_permissions: Vec<Permission>,
    /// Answer what is denied with HTTP 403, not with 200 and an error
    #[arg(long)]
    deny_with_403: bool,
    /// Make something go wrong, such as 503,times=2; again for more, in this order
    #[arg(long = "fault", value_name = "KIND[,KEY=VALUE…]")]
    faults: Vec<Fault>,
    /// Tell this URL what happens, as Plain's webhooks do
    #[arg(long, value_name = "URL", requires = "webhook_secret")]
    webhook_url: Option<Url>,
    /// Sign webhooks with this
    #[arg(long, value_name = "SECRET", requires = "webhook_url")]
    webhook_secret: Option<String>,
    /// Say that webhooks are of another version of Plain's; their payload stays the same
    #[arg(
        long,
        value_name = "DATE",
        default_value = webhooks::VERSION,
        requires = "webhook_url"
    )]
    webhook_version: String,
    /// Multiply the pauses before a webhook is tried again: 0.001 makes five days seven minutes
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1.0,
        requires = "webhook_url"
    )]
    webhook_retry_scale: f64,
}

impl Flags {
    /// The options of a sandbox with this in it.
    pub fn with_seed(self, seed: Seed) -> Options {
        let behaviour = Behaviour {
            latency: Duration::from_millis(self.latency_ms),
            reply_delay: Duration::from_millis(self.reply_delay_ms),
            drift: self.drift,
            canaries: self.canaries,
            denied_permissions: self.denied_permissions.into_iter().collect(),
            deny_with_403: self.deny_with_403,
            ..Behaviour::default()
        };
        let webhooks = self.webhook_url.zip(self.webhook_secret);
        Options {
            seed,
            behaviour,
            faults: self.faults,
            webhooks: webhooks.map(|(url, secret)| Target {
                retry_scale: self.webhook_retry_scale,
                version: self.webhook_version,
                ..Target::new(url, secret)
            }),
        }
    }
}
