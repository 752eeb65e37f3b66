//! Companies.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::{
    actor::{self, InternalActor, User},
    paging::connection,
    tier::Tier,
    time::DateTime,
};
use crate::sandbox::{
    records::{self, TierMember},
    store::store,
};

/// A company: where customers work.
pub struct Company(Arc<records::Company>);

impl From<Arc<records::Company>> for Company {
    fn from(company: Arc<records::Company>) -> Self {
        Self(company)
    }
}

#[Object]
impl Company {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    /// None: the sandbox has no pictures.
    async fn logo_url(&self, size: Option<i32>) -> Option<String> {
        let _ = size;
        None
    }

    async fn domain_name(&self) -> &str {
        &self.0.domain
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

    async fn tier(&self, ctx: &Context<'_>) -> Option<Tier> {
        let state = store(ctx).lock();
        let member = TierMember::Company(self.0.id.clone());
        state.tier_of(&member).cloned().map(Tier::from)
    }

    async fn contract_value(&self) -> Option<i32> {
        self.0.contract_value
    }

    async fn account_owner(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let owner = self.0.owner_id.as_deref();
        owner.map(|id| actor::user(ctx, id)).transpose()
    }

    async fn is_deleted(&self) -> bool {
        false
    }

    async fn deleted_at(&self) -> Option<DateTime> {
        None
    }

    async fn deleted_by(&self) -> Option<InternalActor> {
        None
    }
}

connection!(CompanyConnection, CompanyEdge, Company);

/// A company that a search has found.
#[derive(SimpleObject)]
pub struct CompanySearchResult {
    company: Company,
}

impl From<Arc<records::Company>> for CompanySearchResult {
    fn from(company: Arc<records::Company>) -> Self {
        Self {
            company: company.into(),
        }
    }
}

connection!(
    CompanySearchResultConnection,
    CompanySearchResultEdge,
    CompanySearchResult
);
