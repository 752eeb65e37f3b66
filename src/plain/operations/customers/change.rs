//! What else happens to a customer: they are marked as spam, or deleted.

use super::*;

/// Deletes the customer with all that is theirs; Plain takes its time.
#[derive(cynic::InputObject, Debug)]
pub struct DeleteCustomerInput {
    pub customer_id: Id,
}

#[derive(cynic::QueryVariables)]
pub struct DeleteCustomerVariables {
    pub input: DeleteCustomerInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "DeleteCustomerVariables")]
pub struct DeleteCustomer {
    #[arguments(input: $input)]
    pub delete_customer: DeleteCustomerOutput,
}

impl DeleteCustomer {
    pub fn operation(customer_id: &str) -> Operation<Self, DeleteCustomerVariables> {
        let customer_id = Id::new(customer_id);
        Self::build(DeleteCustomerVariables {
            input: DeleteCustomerInput { customer_id },
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct DeleteCustomerOutput {
    pub error: Option<MutationError>,
}

/// Marks the customer as spam: nothing is written as them, or to them.
#[derive(cynic::InputObject, Debug)]
pub struct MarkCustomerAsSpamInput {
    pub customer_id: Id,
}

#[derive(cynic::QueryVariables)]
pub struct MarkCustomerAsSpamVariables {
    pub input: MarkCustomerAsSpamInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "MarkCustomerAsSpamVariables")]
pub struct MarkCustomerAsSpam {
    #[arguments(input: $input)]
    pub mark_customer_as_spam: MarkCustomerAsSpamOutput,
}

impl MarkCustomerAsSpam {
    pub fn operation(customer_id: &str) -> Operation<Self, MarkCustomerAsSpamVariables> {
        let customer_id = Id::new(customer_id);
        Self::build(MarkCustomerAsSpamVariables {
            input: MarkCustomerAsSpamInput { customer_id },
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct MarkCustomerAsSpamOutput {
    pub error: Option<MutationError>,
}

/// Takes the mark away.
#[derive(cynic::InputObject, Debug)]
pub struct UnmarkCustomerAsSpamInput {
    pub customer_id: Id,
}

#[derive(cynic::QueryVariables)]
pub struct UnmarkCustomerAsSpamVariables {
    pub input: UnmarkCustomerAsSpamInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UnmarkCustomerAsSpamVariables")]
pub struct UnmarkCustomerAsSpam {
    #[arguments(input: $input)]
    pub unmark_customer_as_spam: UnmarkCustomerAsSpamOutput,
}

impl UnmarkCustomerAsSpam {
    pub fn operation(customer_id: &str) -> Operation<Self, UnmarkCustomerAsSpamVariables> {
        let customer_id = Id::new(customer_id);
        Self::build(UnmarkCustomerAsSpamVariables {
            input: UnmarkCustomerAsSpamInput { customer_id },
        })
    }
}

#[derive(cynic::QueryFragment)]
pub struct UnmarkCustomerAsSpamOutput {
    pub error: Option<MutationError>,
}
