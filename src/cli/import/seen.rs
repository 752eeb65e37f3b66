//! Who has been in the file before. Two rows of one customer would race each other.

use std::collections::{HashMap, hash_map::Entry as Place};

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
pub struct Seen(HashMap<Fingerprint, u64>);

impl Seen {
    /// Notes the row, and refuses it when its customer has had one.
    pub fn add(&mut self, line: u64, entry: &Entry) -> Result<(), String> {
        let email = entry.email.to_lowercase();
        let email = ("email", fingerprint(&[b"email", email.as_bytes()]));
        let external_id = entry.external_id.as_deref();
        let external_id =
            external_id.map(|id| ("external_id", fingerprint(&[b"id", id.as_bytes()])));
        let mut problem = Ok(());
        for (column, key) in external_id.into_iter().chain([email]) {
            match self.0.entry(key) {
                Place::Vacant(place) => {
                    place.insert(line);
                }
                Place::Occupied(place) if problem.is_ok() => {
                    problem = Err(format!("{column}: stands in line {} already", place.get()));
                }
                Place::Occupied(_) => {}
            }
        }
        problem
    }
}
