//! Who has been in the file before. Two rows of one customer would race each other.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::cli::entry::Entry;

/// Half a SHA-256: enough for no two values of a file to be taken for one.
pub type Fingerprint = [u8; 16];

pub fn fingerprint(parts: &[&[u8]]) -> Fingerprint {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let whole: [u8; 32] = hash.finalize().into();
    std::array::from_fn(|place| whole[place])
}

/// In which line each external id and address stood first.
#[derive(Default)]
pub struct Seen(HashMap<(&'static str, Fingerprint), u64>);

impl Seen {
    /// Notes the row, or refuses it when its customer has had one. A row that is refused takes nothing from others.
    pub fn add(&mut self, line: u64, entry: &Entry) -> Result<(), String> {
        let email = entry.email.to_lowercase();
        let email = ("email", fingerprint(&[email.as_bytes()]));
        let external_id = entry.external_id.as_deref();
        let external_id = external_id.map(|id| ("external_id", fingerprint(&[id.as_bytes()])));
        let keys = || external_id.into_iter().chain([email]);
        for key in keys() {
            if let Some(line) = self.0.get(&key) {
                return Err(format!("{}: stands in line {line} already", key.0));
            }
        }
        self.0.extend(keys().map(|key| (key, line)));
        Ok(())
    }
}
