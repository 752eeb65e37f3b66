//! Mutations of companies, and of who works there.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};

use super::{Done, Upserted, need_customer, output, upsert_output};
use crate::sandbox::{
    enums::UpsertResult,
    errors::{Problems, Refusal},
    records,
    schema::{
        company::Company,
        customer::Customer,
        identifiers::{CompanyIdentifierInput, domain_of},
    },
    state::State,
    store::store,
};

#[derive(InputObject)]
pub struct UpsertCompanyInput {
    identifier: CompanyIdentifierInput,
    name: String,
    domain_name: String,
    contract_value: MaybeUndefined<i32>,
    account_owner_user_id: MaybeUndefined<ID>,
}

#[derive(InputObject)]
pub struct UpdateCustomerCompanyInput {
    customer_id: ID,
    company_identifier: Option<CompanyIdentifierInput>,
}

upsert_output!(UpsertCompanyOutput { company: Company });
output!(UpdateCustomerCompanyOutput { customer: Customer });

#[derive(Default)]
pub struct CompanyMutations;

#[Object]
impl CompanyMutations {
    /// Keyed by the identifier; by `companyId` it only updates. What is left out stays, and null removes it.
    async fn upsert_company(
        &self,
        ctx: &Context<'_>,
        input: UpsertCompanyInput,
    ) -> UpsertCompanyOutput {
        let mut state = store(ctx).lock();
        upsert(&mut state, input).into()
    }

    /// A domain that no company has makes one of its name. Without an identifier the customer is in no company.
    async fn update_customer_company(
        &self,
        ctx: &Context<'_>,
        input: UpdateCustomerCompanyInput,
    ) -> UpdateCustomerCompanyOutput {
        let mut state = store(ctx).lock();
        move_customer(&mut state, &input).into()
    }
}

fn upsert(state: &mut State, input: UpsertCompanyInput) -> Upserted<Company> {
    let mut problems = Problems::default();
    input.identifier.check(&mut problems, "identifier");
    problems.text("name", &input.name);
    let domain = domain_of(&input.domain_name);
    if domain.is_none() {
        problems.invalid("domainName", "Must be a domain, or a URL with one.");
    }
    if let MaybeUndefined::Value(id) = &input.account_owner_user_id
        && state.users.get(id).is_none()
    {
        problems.not_found("accountOwnerUserId", "There is no such user.");
    }
    problems.finish()?;
    let domain = domain.unwrap_or_default();
    let found = input.identifier.find(state);
    let holder = state.company_by_domain(&domain);
    if holder.is_some_and(|holder| found.as_ref().is_none_or(|found| found.id != holder.id)) {
        let message = "Another company has this domain.";
        return Err(Refusal::invalid("domainName", message));
    }
    let stamp = state.stamp();
    let (id, is_new) = match found {
        Some(company) => (company.id.clone(), false),
        None if input.identifier.company_id.is_some() => {
            let message = "There is no such company.";
            return Err(Refusal::not_found("identifier", message));
        }
        None => (state.add_company(stamp.clone(), &input.name, &domain), true),
    };
    let Some(row) = state.companies.edit(&id) else {
        let message = "There is no such company.";
        return Err(Refusal::not_found("identifier", message));
    };
    let values = |it: &records::Company| {
        let (name, domain) = (it.name.clone(), it.domain.clone());
        (name, domain, it.contract_value, it.owner_id.clone())
    };
    let before = values(row);
    row.name = input.name;
    row.domain = domain;
    input.contract_value.update_to(&mut row.contract_value);
    let owner = input.account_owner_user_id.map_value(|id| id.to_string());
    owner.update_to(&mut row.owner_id);
    let result = match (is_new, values(row) == before) {
        (true, _) => UpsertResult::Created,
        (false, true) => UpsertResult::Noop,
        (false, false) => {
            row.updated = stamp;
            UpsertResult::Updated
        }
    };
    let company = state.companies.get(&id).cloned();
    let missing = || Refusal::not_found("identifier", "There is no such company.");
    Ok((company.ok_or_else(missing)?.into(), result))
}

fn move_customer(state: &mut State, input: &UpdateCustomerCompanyInput) -> Done<Customer> {
    const COMPANY: &str = "companyIdentifier";
    let mut problems = Problems::default();
    if let Some(company) = &input.company_identifier {
        company.check(&mut problems, COMPANY);
    }
    problems.finish()?;
    need_customer(state, "customerId", &input.customer_id)?;
    let stamp = state.stamp();
    let company_id = match &input.company_identifier {
        None => None,
        Some(company) => Some(match (company.find(state), company.domain()) {
            (Some(found), _) => found.id.clone(),
            (None, Some(domain)) => state.add_company(stamp.clone(), &domain, &domain),
            (None, None) => {
                return Err(Refusal::not_found(COMPANY, "There is no such company."));
            }
        }),
    };
    if let Some(row) = state.customers.edit(&input.customer_id)
        && row.company_id != company_id
    {
        row.company_id = company_id;
        row.updated = stamp;
    }
    Ok(need_customer(state, "customerId", &input.customer_id)?.into())
}
