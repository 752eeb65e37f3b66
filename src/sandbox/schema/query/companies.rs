//! Queries of companies: single ones, lists, and the search.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{by_age, search_term};
use crate::sandbox::{
    records,
    schema::{
        company::{Company, CompanyConnection, CompanySearchResultConnection},
        filter::{DatetimeFilter, listed},
        paging::{PageArguments, page},
    },
    store::store,
};

/// Which companies to answer: those for which all conditions hold.
#[derive(InputObject)]
pub struct CompaniesFilter {
    company_ids: Option<Vec<ID>>,
    is_deleted: Option<bool>,
    updated_at: Option<DatetimeFilter>,
}

/// What to search for.
#[derive(InputObject)]
pub struct CompaniesSearchQuery {
    term: String,
}

type Condition = Box<dyn Fn(&records::Company) -> bool>;

fn condition(filters: Option<CompaniesFilter>) -> Result<Condition> {
    let Some(filters) = filters else {
        return Ok(Box::new(|_| true));
    };
    let ids = listed("companyIds", filters.company_ids)?;
    let deleted = filters.is_deleted == Some(true);
    let updated = filters.updated_at.map(|it| it.condition("updatedAt"));
    let updated = updated.transpose()?;
    Ok(Box::new(move |it| {
        let is_named = |ids: &Vec<ID>| ids.iter().any(|id| **id == it.id);
        !deleted
            && ids.as_ref().is_none_or(is_named)
            && updated.as_ref().is_none_or(|holds| holds(it.updated.at))
    }))
}

/// Queries of companies.
#[derive(Default)]
pub struct CompanyQueries;

#[Object]
impl CompanyQueries {
    async fn company(&self, ctx: &Context<'_>, company_id: ID) -> Option<Company> {
        let state = store(ctx).lock();
        state.companies.get(&company_id).cloned().map(Company::from)
    }

    /// The oldest first. Nothing is deleted in the sandbox.
    async fn companies(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        filters: Option<CompaniesFilter>,
    ) -> Result<CompanyConnection> {
        let wanted = condition(filters)?;
        let state = store(ctx).lock();
        let rows = by_age(&state.companies, wanted);
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page("companies", rows, arguments)?.into())
    }

    /// The term is a part of the name or of the domain; case does not matter. The oldest first.
    #[expect(clippy::too_many_arguments, reason = "they are Plain's")]
    async fn search_companies(
        &self,
        ctx: &Context<'_>,
        search_query: CompaniesSearchQuery,
        filters: Option<CompaniesFilter>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<CompanySearchResultConnection> {
        let term = search_term(&search_query.term)?;
        let wanted = condition(filters)?;
        let state = store(ctx).lock();
        let rows = by_age(&state.companies, |it| {
            let is_found = it.name.to_lowercase().contains(&term) || it.domain.contains(&term);
            is_found && wanted(it)
        });
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page("companies/search", rows, arguments)?.into())
    }
}
