//! The ways to name a tenant, a customer, a company or a tier: exactly one of the fields.

use std::sync::Arc;

use async_graphql::{ID, InputObject};

use crate::sandbox::{
    errors::{Problems, Refusal, bad_user_input},
    records::{Company, Customer, Tenant, Tier, TierMember},
    state::State,
};

#[derive(InputObject)]
pub struct TenantIdentifierInput {
    pub tenant_id: Option<ID>,
    pub external_id: Option<String>,
}

impl TenantIdentifierInput {
    /// Whether it names a tenant in one way, as it must.
    fn is_one(&self) -> bool {
        self.tenant_id.is_some() != self.external_id.is_some()
    }

    /// Notes what is wrong with it. `field` is where it stands in the input.
    pub fn check(&self, problems: &mut Problems, field: impl Into<String>) {
        if !self.is_one() {
            let message = "Exactly one of tenantId and externalId must be given.";
            problems.invalid(field, message);
        } else {
            problems.optional_text(field, self.external_id.as_deref());
        }
    }

    /// The tenant that a query asks for, if there is one; an error if it is not named in one way.
    pub fn ask(&self, state: &State) -> async_graphql::Result<Option<Arc<Tenant>>> {
        if !self.is_one() {
            let message = "A tenant identifier needs exactly one of tenantId and externalId.";
            return Err(bad_user_input(message));
        }
        Ok(self.find(state))
    }

    /// The tenant, if there is one.
    pub fn find(&self, state: &State) -> Option<Arc<Tenant>> {
        let by_id = self.tenant_id.as_ref().map(|id| state.tenants.get(id));
        let by_external_id = || state.tenant_by_external_id(self.external_id.as_deref()?);
        by_id.unwrap_or_else(by_external_id).cloned()
    }

    /// The tenant, which must be there. `field` is where the identifier stands in the input.
    pub fn need(&self, state: &State, field: impl Into<String>) -> Result<Arc<Tenant>, Refusal> {
        let missing = || Refusal::not_found(field, "There is no such tenant.");
        self.find(state).ok_or_else(missing)
    }
}

/// Notes what is wrong with a list of tenants.
pub fn check_tenants(problems: &mut Problems, field: &str, tenants: &[TenantIdentifierInput]) {
    for (place, tenant) in tenants.iter().enumerate() {
        tenant.check(problems, format!("{field}[{place}]"));
    }
}

/// The ids of a list of tenants, which must all be there.
pub fn need_tenants(
    state: &State,
    field: &str,
    tenants: &[TenantIdentifierInput],
) -> Result<Vec<String>, Refusal> {
    let need = |(place, tenant): (usize, &TenantIdentifierInput)| {
        let found = tenant.need(state, format!("{field}[{place}]"))?;
        Ok(found.id.clone())
    };
    tenants.iter().enumerate().map(need).collect()
}

#[derive(InputObject)]
pub struct CustomerIdentifierInput {
    pub external_id: Option<ID>,
    pub email_address: Option<String>,
    pub customer_id: Option<ID>,
}

#[derive(InputObject)]
pub struct UpsertCustomerIdentifierInput {
    pub external_id: Option<ID>,
    pub email_address: Option<String>,
    pub customer_id: Option<ID>,
}

impl From<UpsertCustomerIdentifierInput> for CustomerIdentifierInput {
    fn from(input: UpsertCustomerIdentifierInput) -> Self {
        Self {
            external_id: input.external_id,
            email_address: input.email_address,
            customer_id: input.customer_id,
        }
    }
}

impl CustomerIdentifierInput {
    /// Notes what is wrong with it. `field` is where it stands in the input.
    pub fn check(&self, problems: &mut Problems, field: &str) {
        let given = [
            self.customer_id.is_some(),
            self.external_id.is_some(),
            self.email_address.is_some(),
        ];
        if given.iter().filter(|it| **it).count() != 1 {
            problems.invalid(
                field,
                "Exactly one of customerId, externalId and emailAddress must be given.",
            );
            return;
        }
        let external_id = self.external_id.as_ref().map(|id| id.as_str());
        problems.optional_text(format!("{field}.externalId"), external_id);
        if let Some(email) = &self.email_address {
            problems.email(format!("{field}.emailAddress"), email);
        }
    }

    /// The customer, if there is one.
    pub fn find(&self, state: &State) -> Option<Arc<Customer>> {
        let found = match (&self.customer_id, &self.external_id, &self.email_address) {
            (Some(id), _, _) => state.customers.get(id),
            (None, Some(id), _) => state.customer_by_external_id(id),
            (None, None, Some(email)) => state.customer_by_email(email),
            (None, None, None) => None,
        };
        found.cloned()
    }

    /// The customer, who must be there. `field` is where the identifier stands in the input.
    pub fn need(&self, state: &State, field: &str) -> Result<Arc<Customer>, Refusal> {
        let missing = || Refusal::not_found(field, "There is no such customer.");
        self.find(state).ok_or_else(missing)
    }
}

#[derive(InputObject)]
pub struct CompanyIdentifierInput {
    pub company_id: Option<ID>,
    pub company_domain_name: Option<String>,
}

impl CompanyIdentifierInput {
    /// Notes what is wrong with it. `field` is where it stands in the input.
    pub fn check(&self, problems: &mut Problems, field: &str) {
        match (&self.company_id, &self.company_domain_name) {
            (Some(_), None) => {}
            (None, Some(_)) if self.domain().is_some() => {}
            (None, Some(_)) => {
                let field = format!("{field}.companyDomainName");
                problems.invalid(field, "Must be a domain, or a URL with one.");
            }
            _ => {
                let message = "Exactly one of companyId and companyDomainName must be given.";
                problems.invalid(field, message);
            }
        }
    }

    /// The company that a query asks for, if there is one; an error if it is not named in one way.
    pub fn ask(&self, state: &State) -> async_graphql::Result<Option<Arc<Company>>> {
        if self.company_id.is_some() == self.company_domain_name.is_some() {
            let message =
                "A company identifier needs exactly one of companyId and companyDomainName.";
            return Err(bad_user_input(message));
        }
        Ok(self.find(state))
    }

    /// The domain that it names the company by.
    pub fn domain(&self) -> Option<String> {
        domain_of(self.company_domain_name.as_deref()?)
    }

    /// The company, if there is one.
    pub fn find(&self, state: &State) -> Option<Arc<Company>> {
        let found = match &self.company_id {
            Some(id) => state.companies.get(id),
            None => state.company_by_domain(&self.domain()?),
        };
        found.cloned()
    }
}

/// The domain in a domain or a URL, without `www.`; none in a text that holds none.
pub fn domain_of(text: &str) -> Option<String> {
    let text = text.trim();
    let url = match text.contains("://") {
        true => url::Url::parse(text),
        false => url::Url::parse(&format!("https://{text}")),
    };
    let url = url.ok()?;
    let domain = url.domain()?;
    let domain = domain.strip_prefix("www.").unwrap_or(domain);
    domain.contains('.').then(|| domain.to_owned())
}

#[derive(InputObject)]
pub struct TierIdentifierInput {
    pub tier_id: Option<ID>,
    pub external_id: Option<String>,
}

impl TierIdentifierInput {
    /// Notes what is wrong with it. `field` is where it stands in the input.
    pub fn check(&self, problems: &mut Problems, field: &str) {
        if self.tier_id.is_some() == self.external_id.is_some() {
            let message = "Exactly one of tierId and externalId must be given.";
            problems.invalid(field, message);
        } else {
            problems.optional_text(field, self.external_id.as_deref());
        }
    }

    /// The tier that a query asks for, if there is one; an error if it is not named in one way.
    pub fn ask(&self, state: &State) -> async_graphql::Result<Option<Arc<Tier>>> {
        if self.tier_id.is_some() == self.external_id.is_some() {
            let message = "A tier identifier needs exactly one of tierId and externalId.";
            return Err(bad_user_input(message));
        }
        Ok(self.find(state))
    }

    /// The tier, if there is one.
    fn find(&self, state: &State) -> Option<Arc<Tier>> {
        let by_id = self.tier_id.as_ref().map(|id| state.tiers.get(id));
        let by_external_id = || state.tier_by_external_id(self.external_id.as_deref()?);
        by_id.unwrap_or_else(by_external_id).cloned()
    }

    /// The tier, which must be there. `field` is where the identifier stands in the input.
    pub fn need(&self, state: &State, field: &str) -> Result<Arc<Tier>, Refusal> {
        let missing = || Refusal::not_found(field, "There is no such tier.");
        self.find(state).ok_or_else(missing)
    }
}

#[derive(InputObject)]
pub struct TierMemberIdentifierInput {
    pub company_id: Option<ID>,
    pub tenant_id: Option<ID>,
}

impl TierMemberIdentifierInput {
    /// Notes what is wrong with it. `field` is where it stands in the input.
    pub fn check(&self, problems: &mut Problems, field: impl Into<String>) {
        if self.company_id.is_some() == self.tenant_id.is_some() {
            let message = "Exactly one of companyId and tenantId must be given.";
            problems.invalid(field, message);
        }
    }

    /// The member, if there is one.
    fn find(&self, state: &State) -> Option<TierMember> {
        let company = self
            .company_id
            .as_ref()
            .and_then(|id| state.companies.get(id));
        let tenant = self.tenant_id.as_ref().and_then(|id| state.tenants.get(id));
        let company = company.map(|it| TierMember::Company(it.id.clone()));
        company.or_else(|| tenant.map(|it| TierMember::Tenant(it.id.clone())))
    }
}

/// A list of members, who must all be there.
pub fn need_members(
    state: &State,
    field: &str,
    members: &[TierMemberIdentifierInput],
) -> Result<Vec<TierMember>, Refusal> {
    let need = |(place, member): (usize, &TierMemberIdentifierInput)| {
        let field = format!("{field}[{place}]");
        let missing = || Refusal::not_found(field, "There is no such company or tenant.");
        member.find(state).ok_or_else(missing)
    };
    members.iter().enumerate().map(need).collect()
}
