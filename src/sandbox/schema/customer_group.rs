//! Groups of customers.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{actor::InternalActor, paging::connection, time::DateTime};
use crate::sandbox::{
    errors::lost,
    records::{self, GroupMembership},
    store::store,
};

/// Which of a customer's groups to answer.
#[derive(InputObject)]
pub struct CustomerGroupMembershipsFilter {
    pub customer_group_external_ids: Option<Vec<String>>,
}

/// A group of customers.
pub struct CustomerGroup(Arc<records::CustomerGroup>);

impl From<Arc<records::CustomerGroup>> for CustomerGroup {
    fn from(group: Arc<records::CustomerGroup>) -> Self {
        Self(group)
    }
}

#[Object]
impl CustomerGroup {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn key(&self) -> &str {
        &self.0.key
    }

    async fn color(&self) -> &str {
        &self.0.color
    }

    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
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

/// A customer's place in a group.
pub struct CustomerGroupMembership {
    customer_id: String,
    membership: GroupMembership,
}

impl From<(String, GroupMembership)> for CustomerGroupMembership {
    fn from((customer_id, membership): (String, GroupMembership)) -> Self {
        Self {
            customer_id,
            membership,
        }
    }
}

#[Object]
impl CustomerGroupMembership {
    async fn customer_id(&self) -> ID {
        (&self.customer_id).into()
    }

    async fn customer_group(&self, ctx: &Context<'_>) -> Result<CustomerGroup> {
        let state = store(ctx).lock();
        let group = state.customer_groups.get(&self.membership.group_id);
        let group = group.ok_or_else(|| lost("customer group"))?;
        Ok(Arc::clone(group).into())
    }

    async fn created_at(&self) -> DateTime {
        self.membership.created.at.into()
    }

    async fn created_by(&self) -> InternalActor {
        InternalActor::of(&self.membership.created)
    }

    async fn updated_at(&self) -> DateTime {
        self.membership.created.at.into()
    }

    async fn updated_by(&self) -> InternalActor {
        InternalActor::of(&self.membership.created)
    }
}

connection!(CustomerGroupConnection, CustomerGroupEdge, CustomerGroup);
connection!(
    CustomerGroupMembershipConnection,
    CustomerGroupMembershipEdge,
    CustomerGroupMembership
);
