//! Companies, and the tiers that companies and tenants are in.

use super::Stamp;

/// A company: where customers work, told by its domain.
#[derive(Clone)]
pub struct Company {
    pub id: String,
    pub name: String,
    /// In lower case, and nobody else's.
    pub domain: String,
    pub contract_value: Option<i32>,
    /// The agent who looks after it, by id.
    pub owner_id: Option<String>,
    pub created: Stamp,
    pub updated: Stamp,
}

/// A level of service.
#[derive(Clone)]
pub struct Tier {
    pub id: String,
    pub name: String,
    pub external_id: String,
    pub color: String,
    /// Whether it is everybody's who is in no other.
    pub is_default: bool,
    /// The priority of new threads for which none is given.
    pub priority: i32,
    pub created: Stamp,
    pub updated: Stamp,
}

/// Who can be in a tier, by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TierMember {
    Tenant(String),
    Company(String),
}

/// A place in a tier. Nobody is in two tiers.
#[derive(Clone)]
pub struct TierMembership {
    pub id: String,
    pub tier_id: String,
    pub member: TierMember,
    pub created: Stamp,
}
