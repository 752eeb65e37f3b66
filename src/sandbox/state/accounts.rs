//! Companies, and who is in which tier.

use std::sync::Arc;

use super::State;
use crate::sandbox::records::{Company, Customer, Stamp, Tier, TierMember, TierMembership};

impl State {
    /// The company with this domain, whatever its case.
    pub fn company_by_domain(&self, domain: &str) -> Option<&Arc<Company>> {
        self.companies
            .iter()
            .find(|company| company.domain.eq_ignore_ascii_case(domain))
    }

    /// Adds a company and gives its id.
    pub fn add_company(&mut self, stamp: Stamp, name: &str, domain: &str) -> String {
        let id = self.ids.next("co", stamp.at);
        self.companies.add(Company {
            id: id.clone(),
            name: name.to_owned(),
            domain: domain.to_lowercase(),
            contract_value: None,
            owner_id: None,
            created: stamp.clone(),
            updated: stamp,
        });
        id
    }

    /// The tier with this external id.
    pub fn tier_by_external_id(&self, external_id: &str) -> Option<&Arc<Tier>> {
        self.tiers.iter().find(|it| it.external_id == external_id)
    }

    /// The member's place in a tier.
    pub fn tier_membership(&self, member: &TierMember) -> Option<&Arc<TierMembership>> {
        self.tier_memberships.iter().find(|it| it.member == *member)
    }

    /// The tier that somebody was put in.
    pub fn tier_of(&self, member: &TierMember) -> Option<&Arc<Tier>> {
        self.tiers.get(&self.tier_membership(member)?.tier_id)
    }

    /// The tier of a customer's new thread: the tenant's, or else the company's, or else the default one.
    pub fn tier_for(&self, customer: &Customer, tenant_id: Option<&str>) -> Option<&Arc<Tier>> {
        let tenant = tenant_id.map(|id| TierMember::Tenant(id.to_owned()));
        let company = customer.company_id.clone().map(TierMember::Company);
        let members = [tenant, company];
        let mut members = members.iter().flatten();
        members
            .find_map(|member| self.tier_of(member))
            .or_else(|| self.tiers.iter().find(|tier| tier.is_default))
    }

    /// Puts somebody in a tier, and takes them out of the one that they were in. Nothing changes for who is in it.
    pub fn join_tier(
        &mut self,
        stamp: Stamp,
        member: TierMember,
        tier_id: &str,
    ) -> Arc<TierMembership> {
        match self.tier_membership(&member) {
            Some(there) if there.tier_id == tier_id => return Arc::clone(there),
            _ => drop(self.leave_tier(&member)),
        }
        self.tier_memberships.add(TierMembership {
            id: self.ids.next("tm", stamp.at),
            tier_id: tier_id.to_owned(),
            member,
            created: stamp,
        })
    }

    /// Takes somebody out of their tier, and gives the place that they had.
    pub fn leave_tier(&mut self, member: &TierMember) -> Option<Arc<TierMembership>> {
        let place = Arc::clone(self.tier_membership(member)?);
        self.tier_memberships.remove(&place.id);
        Some(place)
    }
}
