//! What an API key may do. Each operation needs permissions, and so do the fields that lead from one record to another.
//!
//! The names are those of Plain's documents (each page says which permissions its operation needs, for example
//! <https://www.plain.com/docs/graphql/threads/create>). Where the documents name none, the nearest operation that has
//! some stands in. `tenant:edit` is what Plain asks for when a tenant is there already; the documents leave it out.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use super::call::Call;

/// Which permissions a field needs: `Type.field`, or `Type` for all fields of the type.
const NEEDS: &[(&str, &[&str])] = &[
    ("Query.companies", &["company:read"]),
    ("Query.company", &["company:read"]),
    ("Query.customer", &["customer:read"]),
    ("Query.customerByEmail", &["customer:read"]),
    ("Query.customerByExternalId", &["customer:read"]),
    ("Query.customerGroup", &["customerGroup:read"]),
    ("Query.customerGroups", &["customerGroup:read"]),
    ("Query.customers", &["customer:read"]),
    ("Query.labelType", &["labelType:read"]),
    ("Query.labelTypeByExternalId", &["labelType:read"]),
    ("Query.labelTypes", &["labelType:read"]),
    ("Query.myMachineUser", &["machineUser:read"]),
    ("Query.myPermissions", &[]),
    ("Query.myWorkspace", &["workspace:read"]),
    ("Query.searchCompanies", &["company:read"]),
    (
        "Query.searchCustomers",
        &["customer:read", "customer:search"],
    ),
    ("Query.searchTenants", &["tenant:read", "tenant:search"]),
    ("Query.searchThreads", &["thread:read"]),
    ("Query.tenant", &["tenant:read"]),
    ("Query.tenants", &["tenant:read"]),
    ("Query.thread", &["thread:read"]),
    ("Query.threadByExternalId", &["thread:read"]),
    ("Query.threadByRef", &["thread:read"]),
    ("Query.threadFieldSchemas", &["threadFieldSchema:read"]),
    ("Query.threadFieldSchema", &["threadFieldSchema:read"]),
    ("Query.threads", &["thread:read"]),
    ("Query.tier", &["tier:read"]),
    ("Query.tiers", &["tier:read"]),
    ("Query.timelineEntry", &["timeline:read"]),
    ("Query.user", &["user:read"]),
    ("Query.userByEmail", &["user:read"]),
    ("Company.accountOwner", &["user:read"]),
    ("Company.tier", &["tier:read"]),
    ("Customer.company", &["company:read"]),
    (
        "Customer.customerGroupMemberships",
        &["customerGroupMembership:read"],
    ),
    (
        "Customer.tenantMemberships",
        &["customerTenantMembership:read"],
    ),
    ("CustomerActor.customer", &["customer:read"]),
    ("CustomerEmailActor.customer", &["customer:read"]),
    (
        "CustomerGroupMembership.customerGroup",
        &["customerGroup:read"],
    ),
    ("CustomerTenantMembership.tenant", &["tenant:read"]),
    ("EmailEntry", &["email:read"]),
    ("Label.labelType", &["labelType:read"]),
    ("MachineUserActor.machineUser", &["machineUser:read"]),
    ("NoteEntry", &["note:read"]),
    ("Tenant.tier", &["tier:read"]),
    ("Thread.customer", &["customer:read"]),
    ("Thread.labels", &["label:read"]),
    ("Thread.tenant", &["tenant:read"]),
    ("Thread.tier", &["tier:read"]),
    ("Thread.threadFields", &["threadField:read"]),
    ("Thread.timelineEntries", &["timeline:read"]),
    ("Tier.memberships", &["tierMembership:read"]),
    ("UserActor.user", &["user:read"]),
    ("UserEmailActor.user", &["user:read"]),
    (
        "Mutation.addAdditionalAssignees",
        &["thread:assign", "thread:read"],
    ),
    (
        "Mutation.addCustomerToCustomerGroups",
        &["customerGroupMembership:create"],
    ),
    (
        "Mutation.addCustomerToTenants",
        &["customer:edit", "customerTenantMembership:create"],
    ),
    ("Mutation.addLabels", &["label:create", "label:read"]),
    (
        "Mutation.addMembersToTier",
        &["tierMembership:read", "tierMembership:create"],
    ),
    (
        "Mutation.archiveLabelType",
        &["labelType:create", "labelType:edit"],
    ),
    ("Mutation.assignThread", &["thread:assign", "thread:read"]),
    ("Mutation.changeThreadPriority", &["thread:edit"]),
    (
        "Mutation.createAttachmentDownloadUrl",
        &["attachment:download"],
    ),
    ("Mutation.createAttachmentUploadUrl", &["attachment:create"]),
    ("Mutation.createCustomerEvent", &["customerEvent:create"]),
    ("Mutation.createCustomerGroup", &["customerGroup:create"]),
    (
        "Mutation.createLabelType",
        &["labelType:create", "labelType:edit"],
    ),
    ("Mutation.createNote", &["note:create"]),
    ("Mutation.createThread", &["thread:create", "thread:read"]),
    ("Mutation.createThreadEvent", &["threadEvent:create"]),
    (
        "Mutation.createThreadFieldSchema",
        &["threadFieldSchema:create"],
    ),
    ("Mutation.createTier", &["tier:create"]),
    ("Mutation.deleteCustomer", &["customer:delete"]),
    ("Mutation.deleteCustomerGroup", &["customerGroup:delete"]),
    ("Mutation.deleteTenant", &["tenant:delete"]),
    ("Mutation.deleteThread", &["thread:delete"]),
    ("Mutation.deleteThreadField", &["threadField:delete"]),
    ("Mutation.lockThread", &["thread:edit"]),
    ("Mutation.markCustomerAsSpam", &["customer:edit"]),
    ("Mutation.markThreadAsDone", &["thread:edit", "thread:read"]),
    ("Mutation.markThreadAsTodo", &["thread:edit", "thread:read"]),
    (
        "Mutation.removeAdditionalAssignees",
        &["thread:unassign", "thread:read"],
    ),
    (
        "Mutation.removeCustomerFromCustomerGroups",
        &["customerGroupMembership:delete"],
    ),
    (
        "Mutation.removeCustomerFromTenants",
        &["customer:edit", "customerTenantMembership:delete"],
    ),
    ("Mutation.removeLabels", &["label:delete"]),
    (
        "Mutation.removeMembersFromTier",
        &["tierMembership:read", "tierMembership:delete"],
    ),
    ("Mutation.replyToThread", &["thread:reply"]),
    ("Mutation.sendChat", &["chat:create"]),
    ("Mutation.sendCustomerChat", &["chat:create"]),
    (
        "Mutation.setCustomerTenants",
        &[
            "customer:edit",
            "customerTenantMembership:create",
            "customerTenantMembership:delete",
        ],
    ),
    ("Mutation.snoozeThread", &["thread:edit", "thread:read"]),
    (
        "Mutation.unassignThread",
        &["thread:unassign", "thread:read"],
    ),
    ("Mutation.unmarkCustomerAsSpam", &["customer:edit"]),
    ("Mutation.updateCustomerGroup", &["customerGroup:edit"]),
    (
        "Mutation.updateCompanyTier",
        &["tierMembership:read", "tierMembership:create"],
    ),
    ("Mutation.updateCustomerCompany", &["customer:edit"]),
    (
        "Mutation.updateTenantTier",
        &["tierMembership:read", "tierMembership:create"],
    ),
    (
        "Mutation.updateThreadTenant",
        &["thread:edit", "thread:read"],
    ),
    ("Mutation.updateThreadTier", &["thread:edit"]),
    ("Mutation.updateThreadTitle", &["thread:edit"]),
    (
        "Mutation.upsertCompany",
        &["company:create", "company:edit"],
    ),
    (
        "Mutation.upsertCustomer",
        &["customer:create", "customer:edit"],
    ),
    (
        "Mutation.upsertTenant",
        &["tenant:read", "tenant:create", "tenant:edit"],
    ),
    (
        "Mutation.upsertThreadField",
        &["threadField:create", "threadField:update"],
    ),
];

/// What it takes to write in a customer's name.
const IMPERSONATE: &str = "customer:impersonate";

/// A permission that something in the sandbox needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Permission(&'static str);

impl Permission {
    /// All of them, in the order of the alphabet.
    pub fn all() -> BTreeSet<Self> {
        let needed = NEEDS.iter().flat_map(|(_, needs)| *needs);
        needed
            .chain([&IMPERSONATE])
            .map(|name| Self(name))
            .collect()
    }

    /// Its name, such as `thread:read`.
    pub fn name(self) -> &'static str {
        self.0
    }

    /// How Plain says that it is missing.
    pub fn missing(self) -> String {
        format!("Insufficient permissions, missing \"{}\".", self.0)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// There is no such permission.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no permission that the sandbox knows; it knows {1}")]
pub struct Unknown(String, String);

impl FromStr for Permission {
    type Err = Unknown;

    fn from_str(name: &str) -> Result<Self, Unknown> {
        let all = Self::all();
        all.iter()
            .find(|known| known.0 == name)
            .copied()
            .ok_or_else(|| {
                let known: Vec<&str> = all.iter().map(|known| known.0).collect();
                Unknown(name.to_owned(), known.join(", "))
            })
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

/// The permission of these that is denied and that a field of a type needs.
pub fn missing_for(denied: &BTreeSet<Permission>, parent: &str, field: &str) -> Option<Permission> {
    let place = format!("{parent}.{field}");
    let needs = NEEDS.iter().filter(|(it, _)| *it == place || *it == parent);
    let mut needs = needs.flat_map(|(_, needs)| *needs);
    needs.find_map(|name| denied.get(&Permission(name)).copied())
}

/// The permission of these that is denied and that one of the call's mutations needs.
pub fn missing_to_change(denied: &BTreeSet<Permission>, call: &Call) -> Option<Permission> {
    if !call.is_mutation() {
        return None;
    }
    call.roots().into_iter().find_map(|root| {
        let as_customer = || {
            let input = call.argument(root, "input")?;
            let impersonates = input.get("impersonation").is_some_and(|it| !it.is_null());
            denied
                .get(&Permission(IMPERSONATE))
                .filter(|_| impersonates)
                .copied()
        };
        missing_for(denied, "Mutation", root.name.node.as_str()).or_else(as_customer)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use async_graphql::parser::{
        parse_schema,
        types::{TypeKind, TypeSystemDefinition},
    };

    use super::*;

    /// The fields of all objects, as `Type.field`, and the types themselves.
    fn places() -> BTreeSet<String> {
        let document = parse_schema(crate::sandbox::sdl()).unwrap();
        let mut places = BTreeSet::new();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let (name, kind) = (definition.node.name.node, definition.node.kind);
            if let TypeKind::Object(object) = kind {
                let fields = object.fields.iter();
                places.extend(fields.map(|field| format!("{name}.{}", field.node.name.node)));
                places.insert(name.to_string());
            }
        }
        places
    }

    #[test]
    fn every_operation_has_its_permissions() {
        let is_operation = |it: &&String| it.starts_with("Query.") || it.starts_with("Mutation.");
        for place in places().iter().filter(is_operation) {
            assert!(
                NEEDS.iter().any(|(it, _)| it == place),
                "{place} has no permissions"
            );
        }
    }

    #[test]
    fn permissions_are_for_what_there_is() {
        let places = places();
        for (place, _) in NEEDS {
            assert!(places.contains(*place), "{place}");
        }
    }
}
