//! The names of groups and tenants on the command line.

use clap::Args;

use crate::{
    cli::{Failure, filled},
    plain::operations::{CustomerGroupIdentifier, Id, TenantIdentifierInput},
};

#[derive(Args)]
#[group(required = true)]
pub struct GroupNames {
    /// Key of a group; repeat for several
    #[arg(long = "group", value_name = "KEY", value_parser = filled)]
    groups: Vec<String>,
    /// Plain's id of a group, cg_…; repeat for several
    #[arg(long = "group-id", value_name = "ID", value_parser = filled)]
    group_ids: Vec<String>,
}

impl GroupNames {
    pub fn identifiers(&self) -> Vec<CustomerGroupIdentifier<'_>> {
        let keys = self.groups.iter();
        let ids = self.group_ids.iter().map(|id| CustomerGroupIdentifier {
            customer_group_id: Some(Id::new(id)),
            ..Default::default()
        });
        keys.map(|key| CustomerGroupIdentifier::by_key(key))
            .chain(ids)
            .collect()
    }
}

#[derive(Args)]
#[group(id = "names", multiple = true)]
pub struct TenantNames {
    /// External id of a tenant; repeat for several
    #[arg(long = "tenant", value_name = "ID", value_parser = filled)]
    tenants: Vec<String>,
    /// Plain's id of a tenant, te_…; repeat for several
    #[arg(long = "tenant-id", value_name = "ID", value_parser = filled)]
    tenant_ids: Vec<String>,
}

impl TenantNames {
    pub fn identifiers(&self) -> Vec<TenantIdentifierInput> {
        let external = self.tenants.iter();
        let ids = self.tenant_ids.iter();
        external
            .map(|id| TenantIdentifierInput::by_external_id(id))
            .chain(ids.map(|id| TenantIdentifierInput::by_id(id)))
            .collect()
    }

    /// At least one of them.
    pub fn needed(&self) -> Result<Vec<TenantIdentifierInput>, Failure> {
        match self.identifiers() {
            none if none.is_empty() => Err(Failure::Usage(
                "name at least one tenant, by --tenant or --tenant-id".to_owned(),
            )),
            tenants => Ok(tenants),
        }
    }
}
