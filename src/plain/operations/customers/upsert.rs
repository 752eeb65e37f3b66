//! An upsert that also tells what the customer belongs to, so that nobody has to ask again.

use super::*;

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UpsertCustomerVariables")]
pub struct UpsertFullCustomer {
    #[arguments(input: $input)]
    pub upsert_customer: UpsertFullCustomerOutput,
}

impl UpsertFullCustomer {
    pub fn operation(
        input: UpsertCustomerInput<'_>,
    ) -> Operation<Self, UpsertCustomerVariables<'_>> {
        Self::build(UpsertCustomerVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "UpsertCustomerOutput")]
pub struct UpsertFullCustomerOutput {
    pub result: Option<UpsertResult>,
    pub customer: Option<CustomerWithMemberships>,
    pub error: Option<MutationError>,
}

/// The same without memberships, for a key that may not read them.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UpsertCustomerVariables")]
pub struct UpsertCustomerRecord {
    #[arguments(input: $input)]
    pub upsert_customer: UpsertCustomerRecordOutput,
}

impl UpsertCustomerRecord {
    pub fn operation(
        input: UpsertCustomerInput<'_>,
    ) -> Operation<Self, UpsertCustomerVariables<'_>> {
        Self::build(UpsertCustomerVariables { input })
    }
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "UpsertCustomerOutput")]
pub struct UpsertCustomerRecordOutput {
    pub result: Option<UpsertResult>,
    pub customer: Option<CustomerRecord>,
    pub error: Option<MutationError>,
}
