//! The mutations that the sandbox does. Each answers an object in which either the result or the error is null.

pub mod assignments;
pub mod attachments;
pub mod chats;
pub mod companies;
pub mod create_thread;
pub mod customer_groups;
pub mod customers;
pub mod events;
pub mod labels;
pub mod notes;
pub mod replies;
pub mod status;
pub mod tenants;
pub mod thread_fields;
pub mod threads;
pub mod tiers;

use std::sync::Arc;

use async_graphql::{InputObject, MergedObject};

use crate::sandbox::{enums::UpsertResult, errors::Refusal, records, state::State};

/// The root of all mutations.
#[derive(MergedObject, Default)]
pub struct Mutation(
    tenants::TenantMutations,
    customers::CustomerMutations,
    customer_groups::CustomerGroupMutations,
    create_thread::CreateThreadMutation,
    threads::ThreadMutations,
    status::StatusMutations,
    replies::ReplyMutations,
    notes::NoteMutations,
    chats::ChatMutations,
    attachments::AttachmentMutations,
    labels::LabelMutations,
    thread_fields::ThreadFieldMutations,
    events::EventMutations,
    assignments::AssignmentMutations,
    companies::CompanyMutations,
    tiers::TierMutations,
);

/// A value that may be changed, or removed with null.
#[derive(InputObject)]
pub struct OptionalStringInput {
    pub value: Option<String>,
}

/// A value that may be changed.
#[derive(InputObject)]
pub struct StringInput {
    pub value: String,
}

/// What comes of a mutation.
type Done<T> = Result<T, Refusal>;

/// The answer of a mutation: a result or an error.
macro_rules! output {
    ($name:ident { $field:ident: $object:ty }) => {
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $field: Option<$object>,
            error: Option<$crate::sandbox::errors::MutationError>,
        }

        impl From<$crate::sandbox::schema::mutation::Done<$object>> for $name {
            fn from(done: $crate::sandbox::schema::mutation::Done<$object>) -> Self {
                let (done, refusal) = match done {
                    Ok(done) => (Some(done), None),
                    Err(refusal) => (None, Some(refusal.into())),
                };
                Self {
                    $field: done,
                    error: refusal,
                }
            }
        }
    };
}
use output;

/// What comes of a mutation that creates or updates.
type Upserted<T> = Done<(T, UpsertResult)>;

/// The answer of a mutation that creates or updates: a result and what was done, or an error.
macro_rules! upsert_output {
    ($name:ident { $field:ident: $object:ty }) => {
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $field: Option<$object>,
            result: Option<$crate::sandbox::enums::UpsertResult>,
            error: Option<$crate::sandbox::errors::MutationError>,
        }

        impl From<$crate::sandbox::schema::mutation::Upserted<$object>> for $name {
            fn from(done: $crate::sandbox::schema::mutation::Upserted<$object>) -> Self {
                let (done, result, refusal) = match done {
                    Ok((done, result)) => (Some(done), Some(result), None),
                    Err(refusal) => (None, None, Some(refusal.into())),
                };
                Self {
                    $field: done,
                    result,
                    error: refusal,
                }
            }
        }
    };
}
use upsert_output;

/// The customer with this id, who must be there. `field` is where the id stands in the input.
fn need_customer(state: &State, field: &str, id: &str) -> Done<Arc<records::Customer>> {
    let found = state.customers.get(id).cloned();
    found.ok_or_else(|| Refusal::not_found(field, "There is no such customer."))
}

/// The thread with this id, which must be there. `field` is where the id stands in the input.
fn need_thread(state: &State, field: &str, id: &str) -> Done<Arc<records::Thread>> {
    let found = state.threads.get(id).cloned();
    found.ok_or_else(|| Refusal::not_found(field, "There is no such thread."))
}

/// The customer's thread with this id, which must be there. `field` is where the id stands in the input.
fn need_thread_of(
    state: &State,
    customer_id: &str,
    field: &str,
    id: &str,
) -> Done<Arc<records::Thread>> {
    let found = state.threads.get(id).cloned();
    found
        .filter(|thread| thread.customer_id == customer_id)
        .ok_or_else(|| Refusal::not_found(field, "The customer has no such thread."))
}

/// Sets a value and says whether that made a difference.
fn set<T: PartialEq>(place: &mut T, value: T) -> bool {
    let differs = *place != value;
    *place = value;
    differs
}

/// Refuses to write as, or to, a customer who is marked as spam.
fn refuse_spam(customer: &records::Customer) -> Done<()> {
    match customer.spam {
        None => Ok(()),
        Some(_) => Err(Refusal::new(
            "customer_is_marked_as_spam",
            "The customer is marked as spam.",
        )),
    }
}

/// Refuses to write in a thread that is locked.
fn refuse_locked(thread: &records::Thread) -> Done<()> {
    match thread.locked {
        None => Ok(()),
        Some(_) => Err(Refusal::new(
            "cannot_reply_to_thread",
            "The thread is locked: it can no longer receive messages.",
        )),
    }
}
