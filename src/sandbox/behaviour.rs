//! How the sandbox behaves, apart from its faults. All of it may change while it runs.

use std::{collections::BTreeSet, time::Duration};

use serde::{Deserialize, Serialize};

pub use super::enums::AttachmentVirusScanResult as VirusScan;
use super::permissions::Permission;

/// How the sandbox behaves. The default is Plain at its best.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Behaviour {
    /// How long each GraphQL answer takes at least.
    #[serde(rename = "latencyMs", with = "milliseconds")]
    pub latency: Duration,
    /// How long replies on API and EMAIL threads travel before they appear, as e-mail does. The reply itself is answered
    /// at once.
    #[serde(rename = "replyDelayMs", with = "milliseconds")]
    pub reply_delay: Duration,
    /// How far the clock of the file store is ahead: addresses and files without a message expire by it.
    #[serde(rename = "storeClockAheadMs", with = "milliseconds")]
    pub store_clock_ahead: Duration,
    /// What the virus scanner says of every file; nothing when the workspace has none.
    pub virus_scan: Option<VirusScan>,
    /// Whether answers hold what a Plain of the future may say: see docs/sandbox.md.
    pub drift: bool,
    /// Whether every text in an answer says which field it comes from: see docs/sandbox.md.
    pub canaries: bool,
    /// What the API key may not do.
    pub denied_permissions: BTreeSet<Permission>,
    /// Whether what is denied is answered with HTTP 403, instead of 200 and an error that names the permission.
    pub deny_with_403: bool,
}

impl Behaviour {
    /// What the API key may do.
    pub fn permissions(&self) -> BTreeSet<Permission> {
        &Permission::all() - &self.denied_permissions
    }
}

mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        millis.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}
