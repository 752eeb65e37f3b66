//! Customers and their tenants.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};

use super::{
    actor::{Actor, InternalActor, UserActor},
    company::Company,
    customer_group::{CustomerGroupMembershipConnection, CustomerGroupMembershipsFilter},
    filter::listed,
    paging::{PageArguments, connection, page},
    tier::Tier,
    time::DateTime,
};
use crate::sandbox::{
    enums::TenantSource,
    errors::lost,
    records::{self, GroupMembership, Membership, TierMember},
    store::store,
};

/// A tenant: one account in the host product.
pub struct Tenant(Arc<records::Tenant>);

impl From<Arc<records::Tenant>> for Tenant {
    fn from(tenant: Arc<records::Tenant>) -> Self {
        Self(tenant)
    }
}

impl From<&Arc<records::Tenant>> for Tenant {
    fn from(tenant: &Arc<records::Tenant>) -> Self {
        Self(Arc::clone(tenant))
    }
}

#[Object]
impl Tenant {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn external_id(&self) -> &str {
        &self.0.external_id
    }

    async fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    async fn tier(&self, ctx: &Context<'_>) -> Option<Tier> {
        let state = store(ctx).lock();
        let member = TierMember::Tenant(self.0.id.clone());
        state.tier_of(&member).cloned().map(Tier::from)
    }

    async fn source(&self) -> TenantSource {
        TenantSource::Api
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

/// A customer: one person.
pub struct Customer(Arc<records::Customer>);

impl From<Arc<records::Customer>> for Customer {
    fn from(customer: Arc<records::Customer>) -> Self {
        Self(customer)
    }
}

impl From<&Arc<records::Customer>> for Customer {
    fn from(customer: &Arc<records::Customer>) -> Self {
        Self(Arc::clone(customer))
    }
}

#[Object]
impl Customer {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn external_id(&self) -> Option<ID> {
        self.0.external_id.as_ref().map(ID::from)
    }

    async fn full_name(&self) -> &str {
        &self.0.full_name
    }

    async fn short_name(&self) -> Option<&str> {
        self.0.short_name.as_deref()
    }

    async fn email(&self) -> EmailAddress {
        EmailAddress {
            email: self.0.email.clone(),
            is_verified: self.0.verified_at.is_some(),
            verified_at: self.0.verified_at.map(DateTime::from),
        }
    }

    async fn avatar_url(&self) -> Option<String> {
        None
    }

    async fn assigned_to_user(&self) -> Option<UserActor> {
        None
    }

    async fn assigned_at(&self) -> Option<DateTime> {
        None
    }

    async fn customer_group_memberships(
        &self,
        ctx: &Context<'_>,
        filters: Option<CustomerGroupMembershipsFilter>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<CustomerGroupMembershipConnection> {
        let wanted = filters.and_then(|it| it.customer_group_external_ids);
        let wanted = listed("customerGroupExternalIds", wanted)?;
        let state = store(ctx).lock();
        let is_wanted = |membership: &GroupMembership| {
            let group = state.customer_groups.get(&membership.group_id);
            let external_id = group.and_then(|group| group.external_id.as_ref());
            wanted
                .as_ref()
                .is_none_or(|wanted| external_id.is_some_and(|id| wanted.contains(id)))
        };
        let places = (0..).map(|place| (place, 0));
        let memberships = places.zip(&self.0.groups);
        let rows = memberships.filter(|(_, it)| is_wanted(it));
        let rows = rows
            .map(|(place, it)| (place, (self.0.id.clone(), it.clone())))
            .collect();
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let list = format!("groups/{}", self.0.id);
        Ok(page(&list, rows, arguments)?.into())
    }

    async fn tenant_memberships(
        &self,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<CustomerTenantMembershipConnection> {
        let places = (0..).map(|place| (place, 0));
        let rows = places.zip(self.0.memberships.iter().cloned()).collect();
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let list = format!("memberships/{}", self.0.id);
        Ok(page(&list, rows, arguments)?.into())
    }

    async fn company(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        let Some(id) = &self.0.company_id else {
            return Ok(None);
        };
        let state = store(ctx).lock();
        let company = state.companies.get(id).cloned();
        Ok(Some(company.ok_or_else(|| lost("company"))?.into()))
    }

    async fn is_anonymous(&self) -> bool {
        false
    }

    async fn created_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn created_by(&self) -> Actor {
        (&self.0.created.by).into()
    }

    async fn updated_at(&self) -> DateTime {
        self.0.updated.at.into()
    }

    async fn updated_by(&self) -> Actor {
        (&self.0.updated.by).into()
    }

    async fn marked_as_spam_at(&self) -> Option<DateTime> {
        self.0.spam.as_ref().map(|stamp| stamp.at.into())
    }

    async fn marked_as_spam_by(&self) -> Option<InternalActor> {
        self.0.spam.as_ref().map(InternalActor::of)
    }

    async fn identities(&self) -> Vec<CustomerIdentity> {
        vec![CustomerIdentity::Email(EmailCustomerIdentity {
            email: self.0.email.clone(),
        })]
    }
}

/// A customer's address. Only the host product can say that it is verified.
#[derive(SimpleObject)]
pub struct EmailAddress {
    email: String,
    is_verified: bool,
    verified_at: Option<DateTime>,
}

/// An address by which Plain knows a customer.
#[derive(SimpleObject)]
pub struct EmailCustomerIdentity {
    email: String,
}

/// A Slack user whom Plain knows to be a customer.
#[derive(SimpleObject)]
pub struct SlackCustomerIdentity {
    slack_user_id: String,
}

/// How Plain knows a customer.
#[derive(Union)]
pub enum CustomerIdentity {
    Email(EmailCustomerIdentity),
    Slack(SlackCustomerIdentity),
}

/// A customer's place in a tenant.
pub struct CustomerTenantMembership(Membership);

impl From<Membership> for CustomerTenantMembership {
    fn from(membership: Membership) -> Self {
        Self(membership)
    }
}

#[Object]
impl CustomerTenantMembership {
    async fn tenant(&self, ctx: &Context<'_>) -> Result<Tenant> {
        let state = store(ctx).lock();
        let tenant = state.tenants.get(&self.0.tenant_id);
        Ok(tenant.ok_or_else(|| lost("tenant"))?.into())
    }

    async fn created_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn created_by(&self) -> InternalActor {
        InternalActor::of(&self.0.created)
    }

    async fn updated_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn updated_by(&self) -> InternalActor {
        InternalActor::of(&self.0.created)
    }
}

connection!(
    CustomerTenantMembershipConnection,
    CustomerTenantMembershipEdge,
    CustomerTenantMembership
);

connection!(CustomerConnection, CustomerEdge, Customer, counted);
connection!(CustomerSearchConnection, CustomerSearchEdge, Customer);
connection!(TenantConnection, TenantEdge, Tenant);

/// A tenant that a search has found.
#[derive(SimpleObject)]
pub struct TenantSearchResult {
    tenant: Tenant,
}

impl From<Arc<records::Tenant>> for TenantSearchResult {
    fn from(tenant: Arc<records::Tenant>) -> Self {
        Self {
            tenant: tenant.into(),
        }
    }
}

connection!(
    TenantSearchResultConnection,
    TenantSearchResultEdge,
    TenantSearchResult
);
