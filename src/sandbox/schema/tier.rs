//! Tiers, and who is in them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};

use super::{
    actor::InternalActor,
    paging::{PageArguments, connection, page},
    query::by_age,
    time::DateTime,
};
use crate::sandbox::{
    records::{self, TierMember},
    store::store,
};

/// A level of service.
pub struct Tier(Arc<records::Tier>);

impl From<Arc<records::Tier>> for Tier {
    fn from(tier: Arc<records::Tier>) -> Self {
        Self(tier)
    }
}

#[Object]
impl Tier {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn external_id(&self) -> Option<&str> {
        Some(&self.0.external_id)
    }

    async fn color(&self) -> &str {
        &self.0.color
    }

    async fn is_default(&self) -> bool {
        self.0.is_default
    }

    #[graphql(deprecation = "Use defaultThreadPriority instead.")]
    async fn default_priority(&self) -> i32 {
        self.0.priority
    }

    async fn default_thread_priority(&self) -> i32 {
        self.0.priority
    }

    async fn is_machine_tier(&self) -> bool {
        false
    }

    /// The oldest first.
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<TierMembershipConnection> {
        let state = store(ctx).lock();
        let rows = by_age(&state.tier_memberships, |it| it.tier_id == self.0.id);
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let list = format!("tier/{}", self.0.id);
        Ok(page(&list, rows, arguments)?.into())
    }

    async fn created_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn created_by(&self) -> InternalActor {
        InternalActor::of(&self.0.created)
    }

    async fn updated_at(&self) -> DateTime {
        self.0.updated.at.into()
    }

    async fn updated_by(&self) -> InternalActor {
        InternalActor::of(&self.0.updated)
    }
}

connection!(TierConnection, TierEdge, Tier);

/// A tenant's place in a tier.
#[derive(SimpleObject)]
pub struct TenantTierMembership {
    id: ID,
    tier_id: ID,
    tenant_id: ID,
    created_at: DateTime,
    created_by: InternalActor,
    updated_at: DateTime,
    updated_by: InternalActor,
}

/// A company's place in a tier.
#[derive(SimpleObject)]
pub struct CompanyTierMembership {
    id: ID,
    tier_id: ID,
    company_id: ID,
    created_at: DateTime,
    created_by: InternalActor,
    updated_at: DateTime,
    updated_by: InternalActor,
}

/// Somebody's place in a tier.
#[derive(Union)]
pub enum TierMembership {
    Tenant(TenantTierMembership),
    Company(CompanyTierMembership),
}

impl From<Arc<records::TierMembership>> for TierMembership {
    fn from(place: Arc<records::TierMembership>) -> Self {
        let (id, tier_id): (ID, ID) = ((&place.id).into(), (&place.tier_id).into());
        let (at, by) = (
            DateTime::from(place.created.at),
            InternalActor::of(&place.created),
        );
        match &place.member {
            TierMember::Tenant(tenant_id) => Self::Tenant(TenantTierMembership {
                id,
                tier_id,
                tenant_id: tenant_id.into(),
                created_at: at.clone(),
                created_by: by.clone(),
                updated_at: at,
                updated_by: by,
            }),
            TierMember::Company(company_id) => Self::Company(CompanyTierMembership {
                id,
                tier_id,
                company_id: company_id.into(),
                created_at: at.clone(),
                created_by: by.clone(),
                updated_at: at,
                updated_by: by,
            }),
        }
    }
}

connection!(
    TierMembershipConnection,
    TierMembershipEdge,
    TierMembership,
    counted
);
