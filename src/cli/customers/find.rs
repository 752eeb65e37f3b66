//! `plain-portal customers list` and `search`

use clap::{Args, ValueEnum};

use super::memberships::TenantNames;
use crate::{
    cli::{Failure, lists::Paging, output::Printer, records::Customer},
    plain::{
        Client,
        operations::{
            CompanyIdentifierInput, CustomersFilter, CustomersSort, CustomersSortField,
            DatetimeFilter, Id, SortDirection,
        },
    },
};

/// All that is given must hold; of what is repeated, one.
#[derive(Args)]
pub struct ListArgs {
    /// Only those who are marked as spam, or only those who are not
    #[arg(long, value_name = "true|false")]
    spam: Option<bool>,
    /// In the group with this key; repeat for several
    #[arg(long = "group", value_name = "KEY")]
    groups: Vec<String>,
    /// In the group with Plain's id; repeat for several
    #[arg(long = "group-id", value_name = "ID")]
    group_ids: Vec<String>,
    #[command(flatten)]
    tenants: TenantNames,
    /// Of the company with this domain; repeat for several
    #[arg(long = "company", value_name = "DOMAIN")]
    companies: Vec<String>,
    /// Of the company with Plain's id; repeat for several
    #[arg(long = "company-id", value_name = "ID")]
    company_ids: Vec<String>,
    /// Changed at this time or later, in ISO 8601
    #[arg(long, value_name = "TIME")]
    updated_after: Option<String>,
    /// Changed before this time
    #[arg(long, value_name = "TIME")]
    updated_before: Option<String>,
    /// The order [default: Plain's own]
    #[arg(long, value_enum)]
    sort: Option<Sort>,
    #[command(flatten)]
    paging: Paging,
}

#[derive(Clone, Copy, ValueEnum)]
enum Sort {
    /// From A to Z
    Name,
    /// From Z to A
    NameDescending,
}

#[derive(Args)]
pub struct SearchArgs {
    /// What to find, whatever its case
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    term: String,
    #[command(flatten)]
    paging: Paging,
}

impl ListArgs {
    pub async fn print(self, plain: &Client, printer: &mut Printer) -> Result<(), Failure> {
        let filters = self.filters();
        let sort = self.sort.map(|sort| CustomersSort {
            field: CustomersSortField::FullName,
            direction: match sort {
                Sort::Name => SortDirection::Asc,
                Sort::NameDescending => SortDirection::Desc,
            },
        });
        let load = async |page| plain.customers(filters.clone(), sort, page).await;
        self.paging.print::<_, Customer>(printer, load).await
    }

    fn filters(&self) -> CustomersFilter {
        let domains = self.companies.iter().map(|domain| CompanyIdentifierInput {
            company_domain_name: Some(domain.clone()),
            ..Default::default()
        });
        let companies = self.company_ids.iter().map(|id| CompanyIdentifierInput {
            company_id: Some(Id::new(id)),
            ..Default::default()
        });
        let updated = DatetimeFilter {
            after: self.updated_after.clone(),
            before: self.updated_before.clone(),
        };
        let is_limited = updated.after.is_some() || updated.before.is_some();
        CustomersFilter {
            is_marked_as_spam: self.spam,
            customer_group_ids: some(self.group_ids.iter().map(Id::new).collect()),
            customer_group_keys: some(self.groups.clone()),
            company_identifiers: some(domains.chain(companies).collect()),
            tenant_identifiers: some(self.tenants.identifiers()),
            updated_at: is_limited.then_some(updated),
        }
    }
}

/// Plain does not say what an empty list in a filter means.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

impl SearchArgs {
    pub async fn print(self, plain: &Client, printer: &mut Printer) -> Result<(), Failure> {
        let load = async |page| plain.search_customers(&self.term, page).await;
        self.paging.print::<_, Customer>(printer, load).await
    }
}
