//! Who is at the browser, whose requests they see, and how they stand with support.

use serde::{Deserialize, Serialize};

/// The person at the browser, as the host product vouched for them and Plain knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Plain's id of the customer.
    pub customer_id: String,
    /// The host product's id of the same person.
    pub external_id: String,
    pub name: String,
    pub email: String,
    #[serde(flatten)]
    pub scope: Scope,
    /// IANA time zone for the times on pages, when the host named one.
    pub zone: Option<String>,
}

#[cfg(any(test, fuzzing))]
impl Viewer {
    /// Somebody, for tests that need somebody.
    pub fn sample() -> Self {
        Self {
            customer_id: "c_1".into(),
            external_id: "u".into(),
            name: "Ada".into(),
            email: "ada@example.com".into(),
            scope: Scope::Team(Tenant {
                id: "te_1".into(),
                external_id: "t".into(),
                name: "Team".into(),
            }),
            zone: None,
        }
    }
}

/// Whose requests a viewer sees. What is in none of these is as good as not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// Exactly this team's, whoever of it asked.
    #[serde(rename = "tenant")]
    Team(Tenant),
    /// The viewer's own, in this team and in none.
    #[serde(rename = "own_in")]
    OwnIn(Tenant),
    /// All of the viewer's own, whatever the team.
    #[serde(rename = "own")]
    Own {},
}

/// A team: a tenant of Plain's, and of the host product's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Plain's id.
    pub id: String,
    /// The host product's id.
    pub external_id: String,
    pub name: String,
}

/// How a viewer stands with support, as far as we have been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    #[default]
    Member,
    /// Marked as spam: reads, and cannot write.
    Spam,
    /// No longer a member of the team, or no longer a customer: neither reads nor writes.
    Gone,
}

impl Scope {
    /// The team that the viewer is signed in to, if any.
    pub fn tenant(&self) -> Option<&Tenant> {
        match self {
            Self::Team(tenant) | Self::OwnIn(tenant) => Some(tenant),
            Self::Own {} => None,
        }
    }

    /// Do others see what the viewer asks?
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Team(_))
    }

    /// Keeps apart, in our database and in cursors, what belongs to different teams. Empty without a team.
    pub fn key(&self) -> &str {
        self.tenant().map_or("", |tenant| &tenant.id)
    }

    /// The host's id of the team, for forms to say which team they spoke of. Without a team it is a blank, which no team is
    /// called: an empty field would count as left out.
    pub fn external_id(&self) -> &str {
        self.tenant().map_or(" ", |tenant| &tenant.external_id)
    }
}

impl From<Scope> for Option<Tenant> {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Team(tenant) | Scope::OwnIn(tenant) => Some(tenant),
            Scope::Own {} => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn viewers_survive_the_database() {
        let tenant = Tenant {
            id: "te_1".into(),
            external_id: "t".into(),
            name: "Team".into(),
        };
        for scope in [
            Scope::Team(tenant.clone()),
            Scope::OwnIn(tenant),
            Scope::Own {},
        ] {
            let viewer = Viewer {
                customer_id: "c_1".into(),
                external_id: "u".into(),
                name: "Ada".into(),
                email: "ada@example.com".into(),
                scope,
                zone: None,
            };
            let text = serde_json::to_string(&viewer).unwrap();
            assert_eq!(
                serde_json::from_str::<Viewer>(&text).unwrap(),
                viewer,
                "{text}"
            );
        }
    }

    #[test]
    fn who_waits_in_the_outbox_since_an_earlier_version_is_read() {
        let viewer = json!({
            "customer_id": "c_1", "external_id": "u", "name": "Ada", "email": "ada@example.com", "zone": null,
            "tenant": { "id": "te_1", "external_id": "t", "name": "Team" },
        });
        let viewer: Viewer = serde_json::from_value(viewer).unwrap();
        assert!(viewer.scope.is_shared());
        assert_eq!(viewer.scope.key(), "te_1");
    }
}
