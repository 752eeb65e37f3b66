//! Queries of customers: single ones, lists, and the search.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::by_age;
use crate::sandbox::{
    enums::{CustomersSortField, SortDirection},
    errors::bad_user_input,
    records::{self, Body},
    schema::{
        customer::{Customer, CustomerConnection, CustomerSearchConnection},
        filter::{DatetimeFilter, listed},
        identifiers::{CompanyIdentifierInput, TenantIdentifierInput},
        paging::{Key, PageArguments, page},
    },
    state::State,
    store::store,
};

/// Which customers to answer: those for whom all conditions hold.
#[derive(InputObject)]
pub struct CustomersFilter {
    is_marked_as_spam: Option<bool>,
    customer_group_ids: Option<Vec<ID>>,
    customer_group_keys: Option<Vec<String>>,
    company_identifiers: Option<Vec<CompanyIdentifierInput>>,
    tenant_identifiers: Option<Vec<TenantIdentifierInput>>,
    updated_at: Option<DatetimeFilter>,
}

/// The order of a list of customers.
#[derive(InputObject)]
pub struct CustomersSort {
    field: CustomersSortField,
    direction: SortDirection,
}

/// What a text must hold, whatever its case.
#[derive(InputObject)]
pub struct StringSearchExpression {
    case_insensitive_contains: Option<String>,
}

/// What to find in a customer; all that is given must be found.
#[derive(InputObject)]
pub struct CustomerSearchCondition {
    full_name: Option<StringSearchExpression>,
    short_name: Option<StringSearchExpression>,
    email: Option<StringSearchExpression>,
    external_id: Option<StringSearchExpression>,
    timeline_entry_text: Option<StringSearchExpression>,
}

/// Whom to search for: those whom any of the conditions finds.
#[derive(InputObject)]
pub struct CustomersSearchQuery {
    or: Option<Vec<CustomerSearchCondition>>,
}

/// Queries of customers.
#[derive(Default)]
pub struct CustomerQueries;

#[Object]
impl CustomerQueries {
    async fn customer(&self, ctx: &Context<'_>, customer_id: ID) -> Option<Customer> {
        let state = store(ctx).lock();
        state.customers.get(&customer_id).map(Customer::from)
    }

    async fn customer_by_email(&self, ctx: &Context<'_>, email: String) -> Option<Customer> {
        let state = store(ctx).lock();
        state.customer_by_email(&email).map(Customer::from)
    }

    async fn customer_by_external_id(
        &self,
        ctx: &Context<'_>,
        external_id: ID,
    ) -> Option<Customer> {
        let state = store(ctx).lock();
        state
            .customer_by_external_id(&external_id)
            .map(Customer::from)
    }

    /// Without `sortBy`: the oldest first.
    #[expect(clippy::too_many_arguments, reason = "Plain has so many")]
    async fn customers(
        &self,
        ctx: &Context<'_>,
        filters: Option<CustomersFilter>,
        sort_by: Option<CustomersSort>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<CustomerConnection> {
        let state = store(ctx).lock();
        let wanted = filters.map(|it| it.condition(&state)).transpose()?;
        let mut rows = by_age(&state.customers, |it| {
            wanted.as_ref().is_none_or(|wanted| wanted(it))
        });
        let list = match &sort_by {
            Some(sort) => {
                sort.place(&state, &mut rows);
                format!("customers/{:?}/{:?}", sort.field, sort.direction)
            }
            None => "customers".to_owned(),
        };
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page(&list, rows, arguments)?.into())
    }

    /// Those come first in whose threads a status changed last.
    async fn search_customers(
        &self,
        ctx: &Context<'_>,
        search_query: CustomersSearchQuery,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<CustomerSearchConnection> {
        let conditions = listed("or", search_query.or)?;
        let missing = || bad_user_input("A search needs at least one condition in `or`.");
        let conditions = conditions.ok_or_else(missing)?;
        let conditions: Vec<_> = conditions.into_iter().map(|it| it.terms()).collect();
        if conditions
            .iter()
            .any(|terms| terms.iter().all(|(_, term)| term.is_empty()))
        {
            return Err(bad_user_input(
                "Each condition needs something to search for.",
            ));
        }
        let state = store(ctx).lock();
        let is_found = |customer: &records::Customer| {
            let mut conditions = conditions.iter();
            conditions.any(|terms| {
                terms
                    .iter()
                    .all(|(place, term)| place.has(&state, customer, term))
            })
        };
        let mut rows = by_age(&state.customers, is_found);
        for ((first, second), customer) in &mut rows {
            (*first, *second) = (-last_change(&state, customer), -*first);
        }
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(page("customers/search", rows, arguments)?.into())
    }
}

type Condition = Box<dyn Fn(&records::Customer) -> bool + Send>;

impl CustomersFilter {
    fn condition(self, state: &State) -> Result<Condition> {
        let group_ids = listed("customerGroupIds", self.customer_group_ids)?;
        let keys = listed("customerGroupKeys", self.customer_group_keys)?;
        // A key is a group's at this moment: which ones they are is found out once.
        let by_key = keys.map(|keys| {
            let groups = state.customer_groups.iter();
            let named = groups.filter(|group| keys.contains(&group.key));
            named.map(|group| group.id.clone()).collect::<Vec<_>>()
        });
        let by_id = group_ids.map(|ids| ids.into_iter().map(|id| id.to_string()).collect());
        let groups: Vec<Vec<String>> = [by_id, by_key].into_iter().flatten().collect();
        let companies = listed("companyIdentifiers", self.company_identifiers)?;
        let companies = companies.map(|identifiers| {
            let found = identifiers.into_iter().map(|it| it.ask(state));
            found.collect::<Result<Vec<_>>>()
        });
        let companies = companies.transpose()?;
        let spam = self.is_marked_as_spam;
        let tenants = listed("tenantIdentifiers", self.tenant_identifiers)?;
        let tenants = tenants.map(|identifiers| {
            let found = identifiers.into_iter().map(|it| it.ask(state));
            found.collect::<Result<Vec<_>>>()
        });
        let tenants = tenants.transpose()?;
        let updated = self
            .updated_at
            .map(|it| it.condition("updatedAt"))
            .transpose()?;
        let is_member = |customer: &records::Customer, tenant_id: &str| {
            let mut memberships = customer.memberships.iter();
            memberships.any(|it| it.tenant_id == tenant_id)
        };
        Ok(Box::new(move |customer| {
            spam.is_none_or(|wanted| customer.spam.is_some() == wanted)
                && companies.as_ref().is_none_or(|companies| {
                    let mut companies = companies.iter().flatten();
                    companies.any(|it| customer.company_id.as_ref() == Some(&it.id))
                })
                && tenants.as_ref().is_none_or(|tenants| {
                    let mut tenants = tenants.iter().flatten();
                    tenants.any(|tenant| is_member(customer, &tenant.id))
                })
                && groups.iter().all(|groups| {
                    let mut memberships = customer.groups.iter();
                    memberships.any(|it| groups.contains(&it.group_id))
                })
                && updated
                    .as_ref()
                    .is_none_or(|holds| holds(customer.updated.at))
        }))
    }
}

impl CustomersSort {
    /// Gives each row its place by name among all customers, whatever the filter: cursors hold it.
    fn place(&self, state: &State, rows: &mut [(Key, Arc<records::Customer>)]) {
        let CustomersSortField::FullName = self.field;
        let mut names: Vec<(String, &str)> = state
            .customers
            .iter()
            .map(|it| (it.full_name.to_lowercase(), it.id.as_str()))
            .collect();
        names.sort_unstable();
        for (key, customer) in rows {
            let own = (customer.full_name.to_lowercase(), customer.id.as_str());
            let place = names.partition_point(|other| *other < own);
            let place = i64::try_from(place).unwrap_or(i64::MAX);
            *key = match self.direction {
                SortDirection::Asc => (place, 0),
                SortDirection::Desc => (-place, 0),
            };
        }
    }
}

/// Where a search looks.
enum Place {
    FullName,
    ShortName,
    Email,
    ExternalId,
    Timeline,
}

impl CustomerSearchCondition {
    /// What must be found where, in lower case.
    fn terms(self) -> Vec<(Place, String)> {
        let terms = [
            (Place::FullName, self.full_name),
            (Place::ShortName, self.short_name),
            (Place::Email, self.email),
            (Place::ExternalId, self.external_id),
            (Place::Timeline, self.timeline_entry_text),
        ];
        let terms = terms.into_iter().filter_map(|(place, expression)| {
            let term = expression?.case_insensitive_contains?;
            Some((place, term.to_lowercase()))
        });
        terms.collect()
    }
}

impl Place {
    fn has(&self, state: &State, customer: &records::Customer, term: &str) -> bool {
        let has = |text: &str| text.to_lowercase().contains(term);
        match self {
            Self::FullName => has(&customer.full_name),
            Self::ShortName => customer.short_name.as_deref().is_some_and(has),
            Self::Email => has(&customer.email),
            Self::ExternalId => customer.external_id.as_deref().is_some_and(has),
            Self::Timeline => {
                let mut entries = threads_of(state, customer).flat_map(|it| &it.entries);
                entries.any(|entry| match &entry.body {
                    Body::Chat { text, .. } => has(text),
                    Body::Email(email) => has(&email.text),
                    _ => false,
                })
            }
        }
    }
}

fn threads_of<'a>(
    state: &'a State,
    customer: &'a records::Customer,
) -> impl Iterator<Item = &'a Arc<records::Thread>> {
    let threads = state.threads.iter();
    threads.filter(|thread| thread.customer_id == customer.id)
}

/// When the status of one of the customer's threads changed last; else when the customer was made.
fn last_change(state: &State, customer: &records::Customer) -> i64 {
    let changes = threads_of(state, customer).map(|thread| thread.status_changed.at);
    let last = changes.max().unwrap_or(customer.created.at);
    last.as_millisecond()
}
