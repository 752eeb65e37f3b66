//! Tenants and customers: what a sign-in needs.

use super::*;

/// Names a tenant by Plain's id or by the host's; exactly one is set.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct TenantIdentifierInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

impl TenantIdentifierInput {
    pub fn by_id(id: &str) -> Self {
        Self {
            tenant_id: Some(Id::new(id)),
            external_id: None,
        }
    }

    pub fn by_external_id(external_id: &str) -> Self {
        Self {
            tenant_id: None,
            external_id: Some(external_id.to_owned()),
        }
    }
}

/// Names a customer by Plain's id, the host's or their address; exactly one is set.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct CustomerIdentifierInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub email_address: Option<String>,
}

impl CustomerIdentifierInput {
    pub fn by_id(id: &str) -> Self {
        Self {
            customer_id: Some(Id::new(id)),
            ..Self::default()
        }
    }
}

#[derive(cynic::InputObject, Debug)]
pub struct UpsertTenantInput<'a> {
    pub identifier: TenantIdentifierInput,
    pub name: &'a str,
    pub external_id: &'a str,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub url: Option<OptionalStringInput<'a>>,
}

#[derive(cynic::QueryVariables)]
pub struct UpsertTenantVariables<'a> {
    pub input: UpsertTenantInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UpsertTenantVariables")]
pub struct UpsertTenant {
    #[arguments(input: $input)]
    pub upsert_tenant: UpsertTenantOutput,
}

impl UpsertTenant {
    pub fn operation<'a>(
        external_id: &'a str,
        name: &'a str,
    ) -> Operation<Self, UpsertTenantVariables<'a>> {
        let identifier = TenantIdentifierInput::by_external_id(external_id);
        Self::build(UpsertTenantVariables {
            input: UpsertTenantInput {
                identifier,
                name,
                external_id,
                url: None,
            },
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct UpsertTenantOutput {
    pub tenant: Option<Tenant>,
    pub error: Option<MutationError>,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Tenant {
    pub id: Id,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpsertResult {
    Created,
    Updated,
    Noop,
    #[cynic(fallback)]
    Other,
}

/// Names a customer by exactly one of the ways that Plain knows.
#[derive(cynic::InputObject, Debug, Default)]
pub struct UpsertCustomerIdentifierInput<'a> {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub email_address: Option<&'a str>,
}

#[derive(cynic::InputObject, Debug, Clone, Copy, Default)]
pub struct EmailAddressInput<'a> {
    pub email: &'a str,
    pub is_verified: bool,
}

#[derive(cynic::InputObject, Debug, Clone, Copy)]
pub struct StringInput<'a> {
    pub value: &'a str,
}

#[derive(cynic::InputObject, Debug, Clone, Copy)]
pub struct OptionalStringInput<'a> {
    pub value: Option<&'a str>,
}

/// All that a new customer has.
#[derive(cynic::InputObject, Debug, Default)]
pub struct UpsertCustomerOnCreateInput<'a> {
    pub external_id: Option<Id>,
    pub full_name: &'a str,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub short_name: Option<&'a str>,
    pub email: EmailAddressInput<'a>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_group_identifiers: Option<Vec<CustomerGroupIdentifier<'a>>>,
    pub tenant_identifiers: Option<Vec<TenantIdentifierInput>>,
}

/// What becomes different for a customer who is there already; what is left out stays.
#[derive(cynic::InputObject, Debug, Default)]
pub struct UpsertCustomerOnUpdateInput<'a> {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<OptionalStringInput<'a>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<StringInput<'a>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub short_name: Option<OptionalStringInput<'a>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddressInput<'a>>,
}

#[derive(cynic::InputObject, Debug)]
pub struct UpsertCustomerInput<'a> {
    pub identifier: UpsertCustomerIdentifierInput<'a>,
    pub on_create: UpsertCustomerOnCreateInput<'a>,
    pub on_update: UpsertCustomerOnUpdateInput<'a>,
}

#[derive(cynic::QueryVariables)]
pub struct UpsertCustomerVariables<'a> {
    pub input: UpsertCustomerInput<'a>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UpsertCustomerVariables")]
pub struct UpsertCustomer {
    #[arguments(input: $input)]
    pub upsert_customer: UpsertCustomerOutput,
}

impl UpsertCustomer {
    pub fn operation(
        input: UpsertCustomerInput<'_>,
    ) -> Operation<Self, UpsertCustomerVariables<'_>> {
        Self::build(UpsertCustomerVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct UpsertCustomerOutput {
    pub result: Option<UpsertResult>,
    pub customer: Option<CustomerAfterUpsert>,
    pub error: Option<MutationError>,
}

/// A customer as they are after an upsert; somebody in support may have marked them as spam.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Customer")]
pub struct CustomerAfterUpsert {
    pub id: Id,
    pub email: EmailAddress,
    pub marked_as_spam_at: Option<DateTime>,
}

/// What an upsert of a customer leads to.
#[derive(Debug, Clone)]
pub struct UpsertedCustomer {
    pub id: String,
    /// There was no such customer before.
    pub created: bool,
    pub email: EmailAddress,
    pub is_spam: bool,
}

/// A customer's id in Plain, the host's when Plain knows it, and their address.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Customer")]
pub struct CustomerIds {
    pub id: Id,
    pub external_id: Option<Id>,
    pub email: EmailAddress,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct EmailAddress {
    pub email: String,
    pub is_verified: bool,
}

#[derive(cynic::QueryVariables)]
pub struct CustomerByEmailVariables<'a> {
    pub email: &'a str,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerByEmailVariables")]
pub struct CustomerByEmail {
    #[arguments(email: $email)]
    pub customer_by_email: Option<CustomerIds>,
}

impl CustomerByEmail {
    pub fn operation(email: &str) -> Operation<Self, CustomerByEmailVariables<'_>> {
        Self::build(CustomerByEmailVariables { email })
    }
}

#[derive(cynic::QueryVariables)]
pub struct CustomerIdByExternalIdVariables {
    pub external_id: Id,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerIdByExternalIdVariables")]
pub struct CustomerIdByExternalId {
    #[arguments(externalId: $external_id)]
    pub customer_by_external_id: Option<CustomerId>,
}

impl CustomerIdByExternalId {
    pub fn operation(external_id: &str) -> Operation<Self, CustomerIdByExternalIdVariables> {
        Self::build(CustomerIdByExternalIdVariables {
            external_id: Id::new(external_id),
        })
    }
}

#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Customer")]
pub struct CustomerId {
    pub id: Id,
}

#[derive(cynic::InputObject, Debug)]
pub struct AddCustomerToTenantsInput {
    pub customer_identifier: CustomerIdentifierInput,
    pub tenant_identifiers: Vec<TenantIdentifierInput>,
}

#[derive(cynic::QueryVariables)]
pub struct AddCustomerToTenantsVariables {
    pub input: AddCustomerToTenantsInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AddCustomerToTenantsVariables")]
pub struct AddCustomerToTenants {
    #[arguments(input: $input)]
    pub add_customer_to_tenants: AddCustomerToTenantsOutput,
}

impl AddCustomerToTenants {
    pub fn operation(
        input: AddCustomerToTenantsInput,
    ) -> Operation<Self, AddCustomerToTenantsVariables> {
        Self::build(AddCustomerToTenantsVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
pub struct AddCustomerToTenantsOutput {
    pub error: Option<MutationError>,
}
