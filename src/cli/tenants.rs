//! `plain-portal tenants …`

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{
    Common, Failure,
    apply::Outcome,
    end, filled,
    lists::Paging,
    output::Printer,
    records::{Tenant, Upserted},
};
use crate::plain::{
    Error,
    operations::{
        DatetimeFilter, OptionalStringInput, TenantIdentifierInput, TenantsFilter,
        UpsertTenantInput,
    },
};

/// The tenants of the workspace: your customers' teams or accounts
#[derive(Args)]
pub struct Tenants {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Creates a tenant or updates the one that is there; the same again changes nothing
    Upsert(UpsertArgs),
    /// Shows one tenant
    Get(Which),
    /// Lists tenants
    List(ListArgs),
    /// Finds tenants by a part of the name, or by the whole external id
    Search(SearchArgs),
}

#[derive(Args)]
struct UpsertArgs {
    /// Your id of the tenant
    #[arg(long, value_name = "ID", value_parser = filled)]
    external_id: String,
    /// As agents read it
    #[arg(long, value_parser = filled)]
    name: String,
    /// Where agents find it in your product
    #[arg(long, value_parser = filled)]
    url: Option<String>,
    /// Take the URL away
    #[arg(long, conflicts_with = "url")]
    clear_url: bool,
    /// Update the tenant with Plain's id, te_…; --external-id becomes its new one
    #[arg(long, value_parser = filled)]
    id: Option<String>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// Your id of the tenant
    #[arg(long, value_name = "ID", value_parser = filled)]
    external_id: Option<String>,
    /// Plain's id, te_…
    #[arg(long, value_parser = filled)]
    id: Option<String>,
}

#[derive(Args)]
struct ListArgs {
    /// Only deleted ones, or only others
    #[arg(long, value_name = "true|false")]
    deleted: Option<bool>,
    /// Changed at this time or later, in ISO 8601
    #[arg(long, value_name = "TIME")]
    updated_after: Option<String>,
    /// Changed before this time
    #[arg(long, value_name = "TIME")]
    updated_before: Option<String>,
    #[command(flatten)]
    paging: Paging,
}

#[derive(Args)]
struct SearchArgs {
    /// At least two characters
    term: String,
    #[command(flatten)]
    paging: Paging,
}

impl Tenants {
    /// Does what was asked for; says on the error stream what went wrong.
    pub async fn run(self) -> ExitCode {
        end(self.command.run(&self.common).await)
    }
}

impl Command {
    async fn run(self, common: &Common) -> Result<(), Failure> {
        let plain = common.connect()?;
        let mut printer = Printer::new(common.json);
        match self {
            Self::Upsert(args) => {
                let url = args.url.as_deref();
                let input = UpsertTenantInput {
                    identifier: match &args.id {
                        Some(id) => TenantIdentifierInput::by_id(id),
                        None => TenantIdentifierInput::by_external_id(&args.external_id),
                    },
                    name: &args.name,
                    external_id: &args.external_id,
                    url: (url.is_some() || args.clear_url)
                        .then_some(OptionalStringInput { value: url }),
                };
                let (result, tenant) = plain.upsert_tenant_record(input).await?;
                printer.one(&Upserted {
                    result: Outcome::from(result).word(),
                    record: Tenant::from(tenant),
                })
            }
            Self::Get(which) => {
                let (found, name) = match (&which.id, &which.external_id) {
                    (Some(id), _) => (plain.tenant(id).await?, id.as_str()),
                    (None, id) => {
                        let id = id.as_deref().unwrap_or_default();
                        (plain.tenant_by_external_id(id).await?, id)
                    }
                };
                let detail = format!("there is no tenant {name}");
                let found = found.ok_or(Error::NotFound { detail })?;
                printer.one(&Tenant::from(found))
            }
            Self::List(args) => {
                let updated = DatetimeFilter {
                    after: args.updated_after,
                    before: args.updated_before,
                };
                let is_limited = updated.after.is_some() || updated.before.is_some();
                let filters = TenantsFilter {
                    is_deleted: args.deleted,
                    updated_at: is_limited.then_some(updated),
                    ..Default::default()
                };
                let load = async |page| plain.tenants(filters.clone(), page).await;
                args.paging.print::<_, Tenant>(&mut printer, load).await
            }
            Self::Search(args) => {
                let load = async |page| plain.search_tenants(&args.term, page).await;
                args.paging.print::<_, Tenant>(&mut printer, load).await
            }
        }
    }
}
