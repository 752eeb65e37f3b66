//! An entry in the words of Plain's `upsertCustomer`.

use super::{GROUPS_AT_ONCE, Update};
use crate::{
    cli::entry::Entry,
    plain::operations::{
        CustomerGroupIdentifier, EmailAddressInput, Id, OptionalStringInput, StringInput,
        TenantIdentifierInput, UpsertCustomerIdentifierInput, UpsertCustomerInput,
        UpsertCustomerOnCreateInput, UpsertCustomerOnUpdateInput,
    },
};

/// What a customer is found by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By<'a> {
    Id(&'a str),
    ExternalId,
    Email,
}

pub fn upsert<'a>(entry: &'a Entry, update: &Update, by: By<'_>) -> UpsertCustomerInput<'a> {
    let email = EmailAddressInput {
        email: &entry.email,
        is_verified: entry.email_verified.unwrap_or(false),
    };
    let external_id = entry.external_id.as_deref();
    let identifier = UpsertCustomerIdentifierInput::default();
    UpsertCustomerInput {
        identifier: match by {
            By::Id(id) => UpsertCustomerIdentifierInput {
                customer_id: Some(Id::new(id)),
                ..identifier
            },
            By::ExternalId => UpsertCustomerIdentifierInput {
                external_id: external_id.map(Id::new),
                ..identifier
            },
            By::Email => UpsertCustomerIdentifierInput {
                email_address: Some(&entry.email),
                ..identifier
            },
        },
        on_create: on_create(entry, email),
        on_update: match update.keeps_all {
            true => UpsertCustomerOnUpdateInput::default(),
            false => on_update(entry, email, update, by),
        },
    }
}

fn on_create<'a>(
    entry: &'a Entry,
    email: EmailAddressInput<'a>,
) -> UpsertCustomerOnCreateInput<'a> {
    let groups = entry.groups().iter().take(GROUPS_AT_ONCE);
    let groups: Vec<_> = groups
        .map(|key| CustomerGroupIdentifier::by_key(key))
        .collect();
    let tenants = entry.tenants().iter();
    let tenants: Vec<_> = tenants
        .map(|tenant| TenantIdentifierInput::by_external_id(tenant.external_id()))
        .collect();
    UpsertCustomerOnCreateInput {
        external_id: entry.external_id.as_deref().map(Id::new),
        full_name: &entry.name,
        short_name: entry.short_name.as_deref(),
        email,
        customer_group_identifiers: (!groups.is_empty()).then_some(groups),
        tenant_identifiers: (!tenants.is_empty()).then_some(tenants),
    }
}

fn on_update<'a>(
    entry: &'a Entry,
    email: EmailAddressInput<'a>,
    update: &Update,
    by: By<'_>,
) -> UpsertCustomerOnUpdateInput<'a> {
    let some = |value| Some(OptionalStringInput { value: Some(value) });
    let external_id = entry.external_id.as_deref();
    UpsertCustomerOnUpdateInput {
        external_id: external_id.filter(|_| by != By::ExternalId).and_then(some),
        full_name: (!update.keeps_name).then_some(StringInput { value: &entry.name }),
        short_name: match update.clears_short_name {
            true => Some(OptionalStringInput { value: None }),
            false => entry.short_name.as_deref().and_then(some),
        },
        email: entry.email_verified.map(|_| email),
    }
}
