//! Who acts in Plain: agents, customers, machine users, Plain itself.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject, Union};

use super::{customer::Customer, time::DateTime};
use crate::sandbox::{
    enums::{MachineUserType, UserStatus},
    errors::lost,
    records::{self, Stamp, Who},
    store::store,
};

/// An agent. Customers may see the public name and nothing else.
pub struct User(Arc<records::User>);

impl From<&Arc<records::User>> for User {
    fn from(user: &Arc<records::User>) -> Self {
        Self(Arc::clone(user))
    }
}

#[Object]
impl User {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn full_name(&self) -> &str {
        &self.0.full_name
    }

    async fn public_name(&self) -> &str {
        &self.0.public_name
    }

    async fn avatar_url(&self) -> Option<String> {
        None
    }

    async fn email(&self) -> &str {
        &self.0.email
    }

    /// None: nobody in the sandbox uses Slack.
    async fn slack_identities(&self) -> Vec<SlackUserIdentity> {
        Vec::new()
    }

    async fn status(&self) -> UserStatus {
        UserStatus::Online
    }

    async fn status_changed_at(&self) -> DateTime {
        self.0.created.at.into()
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

    async fn is_deleted(&self) -> bool {
        false
    }

    async fn deleted_at(&self) -> Option<DateTime> {
        None
    }

    async fn deleted_by(&self) -> Option<Actor> {
        None
    }
}

/// A Slack user whom Plain knows to be an agent.
#[derive(SimpleObject)]
pub struct SlackUserIdentity {
    slack_team_id: String,
    slack_user_id: String,
}

/// The holder of the API keys.
pub struct MachineUser(records::MachineUser);

impl From<records::MachineUser> for MachineUser {
    fn from(user: records::MachineUser) -> Self {
        Self(user)
    }
}

#[Object]
impl MachineUser {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn full_name(&self) -> &str {
        &self.0.full_name
    }

    async fn public_name(&self) -> &str {
        &self.0.public_name
    }

    async fn description(&self) -> Option<String> {
        None
    }

    #[graphql(name = "type")]
    async fn kind(&self) -> MachineUserType {
        MachineUserType::ApiUser
    }

    async fn created_by(&self) -> InternalActor {
        InternalActor::of(&self.0.created)
    }

    async fn created_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn updated_by(&self) -> InternalActor {
        InternalActor::of(&self.0.created)
    }

    async fn updated_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn is_deleted(&self) -> bool {
        false
    }

    async fn deleted_at(&self) -> Option<DateTime> {
        None
    }

    async fn deleted_by(&self) -> Option<Actor> {
        None
    }
}

/// An agent who did something.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct UserActor {
    user_id: ID,
}

#[ComplexObject]
impl UserActor {
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        user(ctx, &self.user_id)
    }
}

/// A customer who did something.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct CustomerActor {
    customer_id: ID,
}

#[ComplexObject]
impl CustomerActor {
    async fn customer(&self, ctx: &Context<'_>) -> Result<Customer> {
        customer(ctx, &self.customer_id)
    }
}

/// A customer who is no longer there.
#[derive(SimpleObject, Clone)]
pub struct DeletedCustomerActor {
    customer_id: ID,
}

/// Plain itself.
#[derive(SimpleObject, Clone)]
pub struct SystemActor {
    system_id: ID,
    workflow_execution_id: Option<ID>,
}

/// An API key's holder who did something.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct MachineUserActor {
    machine_user_id: ID,
}

#[ComplexObject]
impl MachineUserActor {
    async fn machine_user(&self, ctx: &Context<'_>) -> MachineUser {
        store(ctx).lock().machine_user.clone().into()
    }
}

/// Whoever did something.
#[derive(Union, Clone)]
pub enum Actor {
    User(UserActor),
    Customer(CustomerActor),
    DeletedCustomer(DeletedCustomerActor),
    System(SystemActor),
    MachineUser(MachineUserActor),
}

/// Whoever did something, customers excepted.
#[derive(Union, Clone)]
pub enum InternalActor {
    User(UserActor),
    System(SystemActor),
    MachineUser(MachineUserActor),
}

/// The part of Plain that acts by itself.
const SYSTEM: &str = "system";

fn system_actor() -> SystemActor {
    SystemActor {
        system_id: SYSTEM.into(),
        workflow_execution_id: None,
    }
}

impl From<&Who> for Actor {
    fn from(who: &Who) -> Self {
        match who {
            Who::User(id) => Self::User(UserActor { user_id: id.into() }),
            Who::Customer(id) => Self::Customer(CustomerActor {
                customer_id: id.into(),
            }),
            Who::DeletedCustomer(id) => Self::DeletedCustomer(DeletedCustomerActor {
                customer_id: id.into(),
            }),
            Who::MachineUser(id) => Self::MachineUser(MachineUserActor {
                machine_user_id: id.into(),
            }),
            Who::System => Self::System(system_actor()),
        }
    }
}

impl InternalActor {
    /// Who did it. A customer cannot do what needs an internal actor: Plain itself did it for them.
    pub fn of(stamp: &Stamp) -> Self {
        match &stamp.by {
            Who::User(id) => Self::User(UserActor { user_id: id.into() }),
            Who::MachineUser(id) => Self::MachineUser(MachineUserActor {
                machine_user_id: id.into(),
            }),
            Who::Customer(_) | Who::DeletedCustomer(_) | Who::System => {
                Self::System(system_actor())
            }
        }
    }
}

/// Plain itself, as an assignee.
#[derive(SimpleObject)]
pub struct System {
    id: ID,
}

/// Whom a thread is assigned to.
#[derive(Union)]
pub enum ThreadAssignee {
    User(User),
    MachineUser(MachineUser),
    System(System),
}

impl ThreadAssignee {
    /// The assignee behind an actor; no thread is assigned to a customer.
    pub fn find(ctx: &Context<'_>, who: &Who) -> Result<Self> {
        Ok(match who {
            Who::User(id) => Self::User(user(ctx, id)?),
            Who::MachineUser(_) => Self::MachineUser(store(ctx).lock().machine_user.clone().into()),
            Who::Customer(_) | Who::DeletedCustomer(_) | Who::System => {
                Self::System(System { id: SYSTEM.into() })
            }
        })
    }
}

/// The agent with this id.
pub fn user(ctx: &Context<'_>, id: &str) -> Result<User> {
    let state = store(ctx).lock();
    Ok(state.users.get(id).ok_or_else(|| lost("user"))?.into())
}

/// The customer with this id.
pub fn customer(ctx: &Context<'_>, id: &str) -> Result<Customer> {
    let state = store(ctx).lock();
    Ok(state
        .customers
        .get(id)
        .ok_or_else(|| lost("customer"))?
        .into())
}
