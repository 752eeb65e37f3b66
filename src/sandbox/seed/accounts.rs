//! The companies of the story's people, and the tiers of their teams.

use jiff::Timestamp;

use crate::sandbox::{
    records::{Stamp, Tier, TierMember, Who},
    state::State,
};

/// Name and domain of each company.
const COMPANIES: &[(&str, &str)] = &[
    ("Northwind Facilities", "northwind-facilities.example"),
    ("Fischer Planning", "fischer-planning.example"),
    ("Halden Lifts", "haldenlifts.example"),
    ("Mora Solar", "morasolar.example"),
];

/// External id, name, colour, and priority of new threads; the last one is the default.
const TIERS: &[(&str, &str, &str, i32)] = &[
    ("enterprise", "Enterprise", "#7A5C99", 1),
    ("standard", "Standard", "#3A6EA5", 2),
];

/// The tenant in the first of the tiers.
const ENTERPRISE: &str = "acct_halden";

/// Adds all of them, as of `at`, to a story that has its people and their threads.
pub fn add(state: &mut State, at: Timestamp) {
    let stamp = Stamp {
        at,
        by: Who::System,
    };
    for (name, domain) in COMPANIES {
        let company_id = state.add_company(stamp.clone(), name, domain);
        let works_there = |email: &str| email.split_once('@').is_some_and(|it| it.1 == *domain);
        let customers = state.customers.iter().filter(|it| works_there(&it.email));
        let ids: Vec<String> = customers.map(|customer| customer.id.clone()).collect();
        for id in ids {
            if let Some(customer) = state.customers.edit(&id) {
                customer.company_id = Some(company_id.clone());
            }
        }
    }
    for (place, (external_id, name, color, priority)) in TIERS.iter().enumerate() {
        let id = state.ids.next("tier", at);
        state.tiers.add(Tier {
            id,
            name: (*name).to_owned(),
            external_id: (*external_id).to_owned(),
            color: (*color).to_owned(),
            is_default: place + 1 == TIERS.len(),
            priority: *priority,
            created: stamp.clone(),
            updated: stamp.clone(),
        });
    }
    let tenant = state.tenant_by_external_id(ENTERPRISE);
    if let (Some(tenant), Some(tier)) = (tenant, state.tiers.at(0)) {
        let (member, tier_id) = (TierMember::Tenant(tenant.id.clone()), tier.id.clone());
        state.join_tier(stamp, member, &tier_id);
    }
    let threads = state.threads.iter().filter_map(|thread| {
        let customer = state.customers.get(&thread.customer_id)?;
        let tier = state.tier_for(customer, thread.tenant_id.as_deref())?;
        Some((thread.id.clone(), tier.id.clone()))
    });
    let threads: Vec<(String, String)> = threads.collect();
    for (id, tier_id) in threads {
        if let Some(thread) = state.threads.edit(&id) {
            thread.tier_id = Some(tier_id);
        }
    }
}
