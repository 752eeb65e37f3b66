//! `plain-portal customers upsert`

use clap::{ArgGroup, Args};
use tokio::sync::watch;

use super::Who;
use crate::{
    cli::{
        Failure,
        apply::{Apply, Outcome, Update},
        entry::{Entry, TenantRef},
        filled,
        output::Printer,
        pace::Pace,
        records::{Customer, Upserted},
    },
    plain::{Client, operations::CustomerRecord},
};

#[derive(Args)]
#[command(group = ArgGroup::new("who").required(true).multiple(true).args(["id", "external_id", "email"]))]
pub struct UpsertArgs {
    /// Plain's id, c_…, of a customer who is there; --external-id and --email are the new ones then
    #[arg(long, value_name = "ID", value_parser = filled)]
    id: Option<String>,
    /// Your id of the customer
    #[arg(long, value_name = "ID", value_parser = filled)]
    external_id: Option<String>,
    /// E-mail address
    #[arg(long, value_name = "ADDRESS", value_parser = filled)]
    email: Option<String>,
    /// Whether the address is known to be the customer's; without it one that Plain has already stays
    #[arg(long, value_name = "true|false")]
    email_verified: Option<bool>,
    /// Full name
    #[arg(long, value_parser = filled)]
    name: Option<String>,
    /// Short name
    #[arg(long, value_parser = filled)]
    short_name: Option<String>,
    /// Take the short name away
    #[arg(long, conflicts_with = "short_name")]
    clear_short_name: bool,
    /// Change neither names nor address nor ids of a customer who is there; groups and tenants are added
    #[arg(long, conflicts_with_all = ["id", "clear_short_name"])]
    keep: bool,
    /// Key of a group to be in; repeat for several
    #[arg(long = "group", value_name = "KEY", value_parser = filled)]
    groups: Vec<String>,
    /// External id of a tenant to be in, or ID=NAME to make the tenant first; repeat for several
    #[arg(long = "tenant", value_name = "ID", value_parser = filled)]
    tenants: Vec<String>,
}

impl UpsertArgs {
    /// Creates or updates the customer, and prints what came of it.
    pub async fn run(self, plain: Client, printer: &Printer) -> Result<(), Failure> {
        if self.id.is_some() && self.email.is_some() && self.email_verified.is_none() {
            return Err(Failure::Usage(
                "--email: say by --email-verified whether the new address is the customer's"
                    .to_owned(),
            ));
        }
        let known = match self.name.is_some() && self.email.is_some() {
            true => None,
            false => Some(self.who_is_there(&plain).await?),
        };
        let update = Update {
            id: self.id.clone(),
            keeps_all: self.keep,
            keeps_name: self.name.is_none(),
            clears_short_name: self.clear_short_name,
        };
        let entry = self
            .entry(known)
            .checked()
            .map_err(|problem| Failure::Usage(format!("--{problem}")))?;
        let (_halt, halted) = watch::channel(false);
        let apply = Apply::new(plain, Pace::new(halted), false);
        let (outcome, customer) = apply.entry(&entry, &update).await?;
        printer.one(&Upserted {
            result: Outcome::word(outcome),
            record: Customer::from(customer),
        })
    }

    /// The customer, who must be there: what it takes to create one is not given.
    async fn who_is_there(&self, plain: &Client) -> Result<CustomerRecord, Failure> {
        let by_external_id = self.id.is_none() && self.external_id.is_some();
        let who = Who {
            id: self.id.clone(),
            external_id: self.external_id.clone().filter(|_| by_external_id),
            email: self.email.clone(),
        };
        let missing = match (&self.name, &self.email) {
            (None, None) => "--name and --email",
            (None, _) => "--name",
            (_, None) => "--email",
            _ => "",
        };
        let found = plain.customer_record(&who.key()).await?;
        found.ok_or_else(|| match &self.id {
            Some(_) => who.is_nobody(),
            None => Failure::Usage(format!(
                "there is no customer {} yet: to create one, {missing} is missing",
                who.name()
            )),
        })
    }

    /// What was given, completed by what Plain has: a creation has to be described also where none will happen.
    fn entry(self, known: Option<CustomerRecord>) -> Entry {
        let (name, email) = match known {
            Some(known) => (known.full_name, known.email.email),
            None => Default::default(),
        };
        let email = self.email.unwrap_or(email);
        let known_as = match name.trim().is_empty() {
            true => email.clone(),
            false => name,
        };
        let tenants = self.tenants.iter().map(|text| TenantRef::parse(text));
        Entry {
            external_id: self.external_id,
            email_verified: self.email_verified,
            name: self.name.unwrap_or(known_as),
            short_name: self.short_name,
            groups: Some(self.groups),
            tenants: (!self.tenants.is_empty()).then(|| tenants.collect()),
            email,
        }
    }
}
