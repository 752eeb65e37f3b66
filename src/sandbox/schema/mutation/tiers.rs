//! Mutations of tiers, and of who is in them.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{Done, need_thread, output, threads::check_priority_at};
use crate::sandbox::{
    errors::{MutationError, Problems, Refusal},
    records::{self, TierMember},
    schema::{
        identifiers::{
            CompanyIdentifierInput, TenantIdentifierInput, TierIdentifierInput,
            TierMemberIdentifierInput, need_members,
        },
        thread::Thread,
        tier::{CompanyTierMembership, TenantTierMembership, Tier, TierMembership},
    },
    state::State,
    store::store,
};

#[derive(InputObject)]
pub struct CreateTierInput {
    name: String,
    external_id: String,
    color: String,
    default_thread_priority: Option<i32>,
    member_identifiers: Vec<TierMemberIdentifierInput>,
    is_default: Option<bool>,
}

#[derive(InputObject)]
pub struct AddMembersToTierInput {
    tier_identifier: TierIdentifierInput,
    member_identifiers: Vec<TierMemberIdentifierInput>,
}

#[derive(InputObject)]
pub struct RemoveMembersFromTierInput {
    member_identifiers: Vec<TierMemberIdentifierInput>,
}

#[derive(InputObject)]
pub struct UpdateTenantTierInput {
    tier_identifier: Option<TierIdentifierInput>,
    tenant_identifier: TenantIdentifierInput,
}

#[derive(InputObject)]
pub struct UpdateCompanyTierInput {
    tier_identifier: Option<TierIdentifierInput>,
    company_identifier: CompanyIdentifierInput,
}

#[derive(InputObject)]
pub struct UpdateThreadTierInput {
    thread_id: ID,
    tier_identifier: Option<TierIdentifierInput>,
}

/// The places in a tier that came of a mutation.
macro_rules! memberships_output {
    ($name:ident) => {
        #[derive(SimpleObject)]
        pub struct $name {
            memberships: Vec<TierMembership>,
            error: Option<MutationError>,
        }

        impl From<Done<Vec<Arc<records::TierMembership>>>> for $name {
            fn from(done: Done<Vec<Arc<records::TierMembership>>>) -> Self {
                let (places, error) = match done {
                    Ok(places) => (places, None),
                    Err(refusal) => (Vec::new(), Some(refusal.into())),
                };
                Self {
                    memberships: places.into_iter().map(TierMembership::from).collect(),
                    error,
                }
            }
        }
    };
}

memberships_output!(AddMembersToTierOutput);
memberships_output!(RemoveMembersFromTierOutput);

/// The tenant's new place; none when it is in no tier any more.
#[derive(SimpleObject)]
pub struct UpdateTenantTierOutput {
    tenant_tier_membership: Option<TenantTierMembership>,
    error: Option<MutationError>,
}

/// The company's new place; none when it is in no tier any more.
#[derive(SimpleObject)]
pub struct UpdateCompanyTierOutput {
    company_tier_membership: Option<CompanyTierMembership>,
    error: Option<MutationError>,
}

output!(CreateTierOutput { tier: Tier });
output!(UpdateThreadTierOutput { thread: Thread });

#[derive(Default)]
pub struct TierMutations;

#[Object]
impl TierMutations {
    /// A new default tier takes the place of the one there was.
    async fn create_tier(&self, ctx: &Context<'_>, input: CreateTierInput) -> CreateTierOutput {
        let mut state = store(ctx).lock();
        create_tier(&mut state, input).into()
    }

    /// All or none, at most 25 at once. Who is in another tier leaves it.
    async fn add_members_to_tier(
        &self,
        ctx: &Context<'_>,
        input: AddMembersToTierInput,
    ) -> AddMembersToTierOutput {
        let mut state = store(ctx).lock();
        add_members(&mut state, &input).into()
    }

    /// All or none, at most 25 at once. Answers the places of those who had one.
    async fn remove_members_from_tier(
        &self,
        ctx: &Context<'_>,
        input: RemoveMembersFromTierInput,
    ) -> RemoveMembersFromTierOutput {
        let mut state = store(ctx).lock();
        remove_members(&mut state, &input.member_identifiers).into()
    }

    /// Without a tier the tenant leaves the one that it is in.
    async fn update_tenant_tier(
        &self,
        ctx: &Context<'_>,
        input: UpdateTenantTierInput,
    ) -> UpdateTenantTierOutput {
        let mut state = store(ctx).lock();
        let (membership, error) = match update_tenant(&mut state, &input) {
            Ok(place) => (place, None),
            Err(refusal) => (None, Some(refusal.into())),
        };
        UpdateTenantTierOutput {
            tenant_tier_membership: match membership {
                Some(TierMembership::Tenant(membership)) => Some(membership),
                _ => None,
            },
            error,
        }
    }

    /// Without a tier the company leaves the one that it is in.
    async fn update_company_tier(
        &self,
        ctx: &Context<'_>,
        input: UpdateCompanyTierInput,
    ) -> UpdateCompanyTierOutput {
        let mut state = store(ctx).lock();
        let (membership, error) = match update_company(&mut state, &input) {
            Ok(place) => (place, None),
            Err(refusal) => (None, Some(refusal.into())),
        };
        UpdateCompanyTierOutput {
            company_tier_membership: match membership {
                Some(TierMembership::Company(membership)) => Some(membership),
                _ => None,
            },
            error,
        }
    }

    /// Without a tier the thread has none. Its priority stays.
    async fn update_thread_tier(
        &self,
        ctx: &Context<'_>,
        input: UpdateThreadTierInput,
    ) -> UpdateThreadTierOutput {
        let mut state = store(ctx).lock();
        update_thread(&mut state, &input).into()
    }
}

fn create_tier(state: &mut State, input: CreateTierInput) -> Done<Tier> {
    let mut problems = Problems::default();
    problems.text("name", &input.name);
    problems.text("externalId", &input.external_id);
    if state.tier_by_external_id(&input.external_id).is_some() {
        problems.invalid("externalId", "Another tier has this external id.");
    }
    problems.text("color", &input.color);
    let priority = input.default_thread_priority.unwrap_or(2);
    check_priority_at(&mut problems, "defaultThreadPriority", priority);
    check_members(&mut problems, &input.member_identifiers, 0);
    problems.finish()?;
    let members = need_members(state, "memberIdentifiers", &input.member_identifiers)?;
    let stamp = state.stamp();
    let is_default = input.is_default == Some(true);
    let before = state.tiers.iter().find(|it| is_default && it.is_default);
    if let Some(id) = before.map(|tier| tier.id.clone())
        && let Some(before) = state.tiers.edit(&id)
    {
        before.is_default = false;
        before.updated = stamp.clone();
    }
    let tier = records::Tier {
        id: state.ids.next("tier", stamp.at),
        name: input.name,
        external_id: input.external_id,
        color: input.color,
        is_default,
        priority,
        created: stamp.clone(),
        updated: stamp.clone(),
    };
    let tier = state.tiers.add(tier);
    for member in members {
        state.join_tier(stamp.clone(), member, &tier.id);
    }
    Ok(tier.into())
}

/// Notes what is wrong with a list of at least so many members.
fn check_members(problems: &mut Problems, members: &[TierMemberIdentifierInput], least: usize) {
    const FIELD: &str = "memberIdentifiers";
    const MOST: usize = 25;
    if members.len() < least {
        problems.missing(FIELD);
    }
    if members.len() > MOST {
        problems.invalid(FIELD, format!("At most {MOST} members at once."));
    }
    for (place, member) in members.iter().enumerate() {
        member.check(problems, format!("{FIELD}[{place}]"));
    }
}

fn add_members(
    state: &mut State,
    input: &AddMembersToTierInput,
) -> Done<Vec<Arc<records::TierMembership>>> {
    let mut problems = Problems::default();
    input.tier_identifier.check(&mut problems, "tierIdentifier");
    check_members(&mut problems, &input.member_identifiers, 1);
    problems.finish()?;
    let tier = input.tier_identifier.need(state, "tierIdentifier")?;
    let members = need_members(state, "memberIdentifiers", &input.member_identifiers)?;
    let stamp = state.stamp();
    let join = |member| state.join_tier(stamp.clone(), member, &tier.id);
    Ok(members.into_iter().map(join).collect())
}

fn remove_members(
    state: &mut State,
    members: &[TierMemberIdentifierInput],
) -> Done<Vec<Arc<records::TierMembership>>> {
    let mut problems = Problems::default();
    check_members(&mut problems, members, 1);
    problems.finish()?;
    let members = need_members(state, "memberIdentifiers", members)?;
    let leave = |member: &TierMember| state.leave_tier(member);
    Ok(members.iter().filter_map(leave).collect())
}

fn update_tenant(state: &mut State, input: &UpdateTenantTierInput) -> Done<Option<TierMembership>> {
    let mut problems = Problems::default();
    check_tier(&mut problems, input.tier_identifier.as_ref());
    let tenant = &input.tenant_identifier;
    tenant.check(&mut problems, "tenantIdentifier");
    problems.finish()?;
    let tenant = tenant.need(state, "tenantIdentifier")?;
    let member = TierMember::Tenant(tenant.id.clone());
    move_member(state, member, input.tier_identifier.as_ref())
}

fn update_company(
    state: &mut State,
    input: &UpdateCompanyTierInput,
) -> Done<Option<TierMembership>> {
    let mut problems = Problems::default();
    check_tier(&mut problems, input.tier_identifier.as_ref());
    let company = &input.company_identifier;
    company.check(&mut problems, "companyIdentifier");
    problems.finish()?;
    let found = company.find(state);
    let missing = || Refusal::not_found("companyIdentifier", "There is no such company.");
    let member = TierMember::Company(found.ok_or_else(missing)?.id.clone());
    move_member(state, member, input.tier_identifier.as_ref())
}

fn check_tier(problems: &mut Problems, tier: Option<&TierIdentifierInput>) {
    if let Some(tier) = tier {
        tier.check(problems, "tierIdentifier");
    }
}

/// Puts a member into a tier, or into none; answers the place that they have then.
fn move_member(
    state: &mut State,
    member: TierMember,
    tier: Option<&TierIdentifierInput>,
) -> Done<Option<TierMembership>> {
    let Some(tier) = tier else {
        state.leave_tier(&member);
        return Ok(None);
    };
    let tier = tier.need(state, "tierIdentifier")?;
    let stamp = state.stamp();
    Ok(Some(state.join_tier(stamp, member, &tier.id).into()))
}

fn update_thread(state: &mut State, input: &UpdateThreadTierInput) -> Done<Thread> {
    let mut problems = Problems::default();
    check_tier(&mut problems, input.tier_identifier.as_ref());
    problems.finish()?;
    need_thread(state, "threadId", &input.thread_id)?;
    let tier = input.tier_identifier.as_ref();
    let tier = tier.map(|tier| tier.need(state, "tierIdentifier"));
    let tier_id = tier.transpose()?.map(|tier| tier.id.clone());
    let stamp = state.stamp();
    if let Some(thread) = state.threads.edit(&input.thread_id)
        && thread.tier_id != tier_id
    {
        thread.tier_id = tier_id;
        thread.updated = stamp;
    }
    Ok(need_thread(state, "threadId", &input.thread_id)?.into())
}
