//! The queries that the sandbox answers.

pub mod companies;
pub mod customer_groups;
pub mod customers;
pub mod labels;
pub mod tenants;
pub mod thread_fields;
pub mod threads;
pub mod tiers;

use std::sync::Arc;

use async_graphql::{Context, ID, MergedObject, Object, Result, SimpleObject};

use super::{
    actor::{InternalActor, MachineUser, User},
    paging::Key,
    time::DateTime,
};
use crate::sandbox::{
    errors::bad_user_input,
    permissions::Permission,
    state::WORKSPACE,
    store::store,
    table::{Row, Table},
};

/// The root of all queries.
#[derive(MergedObject, Default)]
pub struct Query(
    WorkspaceQueries,
    customers::CustomerQueries,
    customer_groups::CustomerGroupQueries,
    tenants::TenantQueries,
    threads::ThreadQueries,
    labels::LabelQueries,
    thread_fields::ThreadFieldQueries,
    companies::CompanyQueries,
    tiers::TierQueries,
);

/// The fewest characters that a search for threads or tenants takes.
const SHORTEST_TERM: usize = 2;

/// A term to search for, in lower case; an error if it is too short.
fn search_term(term: &str) -> Result<String> {
    let term = term.trim().to_lowercase();
    if term.chars().count() < SHORTEST_TERM {
        let message = format!("A search term has at least {SHORTEST_TERM} characters.");
        return Err(bad_user_input(message));
    }
    Ok(term)
}

/// The rows of a table that are wanted, each with its place: the oldest first.
pub fn by_age<T: Row>(table: &Table<T>, wanted: impl Fn(&T) -> bool) -> Vec<(Key, Arc<T>)> {
    let rows = table.placed().filter(|(_, row)| wanted(row));
    let key = |place| (i64::try_from(place).unwrap_or(i64::MAX), 0);
    rows.map(|(place, row)| (key(place), Arc::clone(row)))
        .collect()
}

/// What the API key may do.
#[derive(SimpleObject)]
pub struct Permissions {
    permissions: Vec<&'static str>,
}

/// The workspace of the API key.
#[derive(SimpleObject)]
pub struct Workspace {
    id: ID,
    name: String,
    public_name: String,
    is_demo_workspace: bool,
    domain_names: Vec<String>,
    created_by: InternalActor,
    created_at: DateTime,
    updated_by: InternalActor,
    updated_at: DateTime,
}

/// Queries about the workspace and the API key.
#[derive(Default)]
pub struct WorkspaceQueries;

#[Object]
impl WorkspaceQueries {
    /// All that the sandbox knows, but for what it was told to deny.
    async fn my_permissions(&self, ctx: &Context<'_>) -> Permissions {
        let permissions = store(ctx).lock().behaviour.permissions();
        Permissions {
            permissions: permissions.into_iter().map(Permission::name).collect(),
        }
    }

    async fn my_machine_user(&self, ctx: &Context<'_>) -> Option<MachineUser> {
        Some(store(ctx).lock().machine_user.clone().into())
    }

    async fn my_workspace(&self, ctx: &Context<'_>) -> Option<Workspace> {
        let state = store(ctx).lock();
        let created = &state.machine_user.created;
        Some(Workspace {
            id: (&state.workspace_id).into(),
            name: format!("{WORKSPACE} (sandbox)"),
            public_name: WORKSPACE.to_owned(),
            is_demo_workspace: true,
            domain_names: vec!["fieldnote.example".to_owned()],
            created_by: InternalActor::of(created),
            created_at: created.at.into(),
            updated_by: InternalActor::of(created),
            updated_at: created.at.into(),
        })
    }

    async fn user(&self, ctx: &Context<'_>, user_id: ID) -> Option<User> {
        let state = store(ctx).lock();
        state.users.get(&user_id).map(User::from)
    }

    /// Whatever the address's case.
    async fn user_by_email(&self, ctx: &Context<'_>, email: String) -> Option<User> {
        let state = store(ctx).lock();
        let mut users = state.users.iter();
        let found = users.find(|user| user.email.eq_ignore_ascii_case(&email));
        found.map(User::from)
    }
}
