//! What the sandbox remembers. Plain records, without any knowledge of GraphQL's resolvers.

mod account;
mod entry;
mod file;
mod internal;
mod label;
mod people;
mod thread;
mod thread_field;

pub use account::*;
pub use entry::*;
pub use file::*;
pub use internal::*;
pub use label::*;
pub use people::*;
pub use thread::*;
pub use thread_field::*;

use super::table::Row;

macro_rules! rows {
    ($($record:ty),*) => {
        $(impl Row for $record {
            fn id(&self) -> &str {
                &self.id
            }
        })*
    };
}

rows!(
    Company,
    Tier,
    TierMembership,
    User,
    Tenant,
    Customer,
    CustomerEvent,
    CustomerGroup,
    LabelType,
    Thread,
    ThreadFieldSchema
);
