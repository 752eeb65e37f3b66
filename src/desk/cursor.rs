//! Cursors in addresses: Plain's own, sealed so that each is good only for the viewer and the list that it was made for.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::model::{ListQuery, Viewer};

const TAG: usize = 16;

/// The portal's key for sealing cursors.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// What a cursor belongs to.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    List {
        viewer: &'a Viewer,
        query: &'a ListQuery,
    },
    Timeline {
        viewer: &'a Viewer,
        id: &'a str,
    },
}

impl Place<'_> {
    fn describe(self) -> String {
        let (viewer, kind, detail) = match self {
            // No value has a line end in it, so no two queries read the same.
            Self::List { viewer, query } => {
                let parameters = query.parameters();
                let lines = parameters
                    .iter()
                    .map(|(name, value)| format!("{name}={value}\n"));
                (viewer, "list", lines.collect())
            }
            Self::Timeline { viewer, id } => (viewer, "timeline", id.to_owned()),
        };
        format!(
            "{kind}\n{}\n{}\n{detail}\n",
            viewer.customer_id,
            viewer.scope.key()
        )
    }
}

impl Key {
    /// # Errors
    /// Never in practice: HMAC takes a key of any length (RFC 2104).
    pub fn new(bytes: &[u8]) -> Result<Self, hmac::digest::InvalidLength> {
        Hmac::new_from_slice(bytes).map(Self)
    }

    /// Makes a cursor fit for an address.
    pub fn seal(&self, place: Place<'_>, cursor: &str) -> String {
        let tag = self.mac(place, cursor).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([&tag[..TAG], cursor.as_bytes()].concat())
    }

    /// Plain's cursor, if the sealed one was made for this place.
    pub fn open(&self, place: Place<'_>, sealed: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (tag, cursor) = bytes.split_at_checked(TAG)?;
        let cursor = std::str::from_utf8(cursor).ok()?;
        self.mac(place, cursor).verify_truncated_left(tag).ok()?;
        Some(cursor.to_owned())
    }

    fn mac(&self, place: Place<'_>, cursor: &str) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(place.describe().as_bytes());
        mac.update(cursor.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::{Scope, Tenant};

    fn viewer(customer_id: &str, tenant_id: &str) -> Viewer {
        Viewer {
            customer_id: customer_id.into(),
            external_id: "u".into(),
            name: "Ada".into(),
            email: "ada@example.com".into(),
            scope: Scope::Team(Tenant {
                id: tenant_id.into(),
                external_id: "t".into(),
                name: "Team".into(),
            }),
            zone: None,
        }
    }

    fn query(address: &[(&str, &'static str)]) -> ListQuery {
        ListQuery::parse(|name| {
            let found = address.iter().find(|(wanted, _)| *wanted == name);
            found.map(|(_, value)| *value)
        })
    }

    #[test]
    fn a_cursor_is_good_for_its_own_place_only() {
        let key = Key::new(b"key").unwrap();
        let ada = viewer("c_1", "te_1");
        let (other_tenant, other_person) = (viewer("c_1", "te_2"), viewer("c_2", "te_1"));
        let mine = [("status", "done"), ("sort", "status"), ("q", "lift")];
        let done = query(&mine);
        let here = Place::List {
            viewer: &ada,
            query: &done,
        };
        let sealed = key.seal(here, "abc");
        assert_eq!(key.open(here, &sealed).as_deref(), Some("abc"));

        for viewer in [&other_tenant, &other_person] {
            let query = &done;
            assert_eq!(key.open(Place::List { viewer, query }, &sealed), None);
        }
        for other in [
            query(&[]),
            query(&mine[..2]),
            query(&[("sort", "status"), ("q", "lift")]),
            query(&[("status", "done"), ("q", "lift")]),
            query(&[("status", "done"), ("sort", "status"), ("q", "lifts")]),
            query(&[mine[0], mine[1], mine[2], ("who", "mine")]),
        ] {
            let place = Place::List {
                viewer: &ada,
                query: &other,
            };
            assert_eq!(key.open(place, &sealed), None, "{other:?}");
        }
        let timeline = Place::Timeline {
            viewer: &ada,
            id: "status=done\nsort=status\nq=lift\n",
        };
        assert_eq!(key.open(timeline, &sealed), None);
        assert_eq!(Key::new(b"other").unwrap().open(here, &sealed), None);
        for rubbish in ["", "abc", "!!!", "AAAAAAAAAAAAAAAAAAAAAAAA", &sealed[1..]] {
            assert_eq!(key.open(here, rubbish), None, "{rubbish}");
        }
    }
}
