//! `plain-portal customers …`

mod find;
mod memberships;
mod upsert;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use self::{
    memberships::{GroupNames, TenantNames},
    upsert::UpsertArgs,
};
use super::{
    Common, Failure, end,
    events::EventArgs,
    filled,
    import::{self, ImportArgs},
    output::Printer,
    records::FullCustomer,
};
use crate::plain::{
    Client, Error,
    operations::{
        CreateCustomerEventInput, CustomerIdentifierInput, CustomerKey, CustomerRecord, Id,
    },
};

/// The customers of the workspace
#[derive(Args)]
pub struct Customers {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Creates a customer or updates the one that is there; the same again changes nothing
    ///
    /// Found by --id, or else by --external-id, or else by --email. Flags that are left out leave what Plain has; to
    /// create a customer it takes --name and --email.
    Upsert(Box<UpsertArgs>),
    /// Shows one customer with groups and tenants
    Get(Who),
    /// Lists customers
    List(find::ListArgs),
    /// Finds customers by a part of a name, the address or the external id
    Search(find::SearchArgs),
    /// Deletes a customer with all their threads, for good
    Delete(DeleteArgs),
    /// Marks a customer as spam: nothing can be written as them, or to them
    Spam(Who),
    /// Takes the mark away
    Unspam(Who),
    /// Reports something that happened to a customer; all their threads show it
    Event(Box<CustomerEventArgs>),
    /// Adds a customer to groups
    AddToGroup(GroupArgs),
    /// Takes a customer out of groups
    RemoveFromGroup(GroupArgs),
    /// Adds a customer to tenants
    AddToTenants(TenantArgs),
    /// Takes a customer out of tenants
    RemoveFromTenants(TenantArgs),
    /// Makes these the tenants of a customer, and no others
    SetTenants(SetTenantsArgs),
    /// Upserts customers from a CSV or NDJSON file; docs/customers.md describes it
    Import(ImportArgs),
}

/// Names a customer in one of three ways.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Who {
    /// Plain's id, c_…
    #[arg(long, value_name = "ID", value_parser = filled)]
    id: Option<String>,
    /// Your id of the customer
    #[arg(long, value_name = "ID", value_parser = filled)]
    external_id: Option<String>,
    /// E-mail address
    #[arg(long, value_name = "ADDRESS", value_parser = filled)]
    email: Option<String>,
}

#[derive(Args)]
struct DeleteArgs {
    #[command(flatten)]
    who: Who,
    /// Do it
    #[arg(long)]
    yes: bool,
}

#[derive(Args)]
struct CustomerEventArgs {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    event: EventArgs,
}

#[derive(Args)]
struct GroupArgs {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    groups: GroupNames,
}

#[derive(Args)]
struct TenantArgs {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    tenants: TenantNames,
}

#[derive(Args)]
struct SetTenantsArgs {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    tenants: TenantNames,
    /// Take the customer out of all tenants
    #[arg(long, conflicts_with = "names")]
    none: bool,
}

impl Customers {
    /// Does what was asked for; says on the error stream what went wrong.
    pub async fn run(self) -> ExitCode {
        end(self.command.run(self.common).await)
    }
}

impl Command {
    async fn run(self, common: Common) -> Result<(), Failure> {
        // Reads a file that may be the standard input: it connects when that can be used.
        if let Self::Import(args) = self {
            return import::run(args, &common).await;
        }
        let plain = common.connect()?;
        let mut printer = Printer::new(common.json);
        match self {
            Self::Upsert(args) => args.run(plain, &printer).await,
            Self::Get(who) => {
                let found = plain.full_customer(&who.key()).await?;
                let found = found.ok_or_else(|| who.is_nobody())?;
                printer.one(&FullCustomer::from(found))
            }
            Self::List(args) => args.print(&plain, &mut printer).await,
            Self::Search(args) => args.print(&plain, &mut printer).await,
            Self::Delete(args) => {
                let found = args.who.find(&plain).await?;
                if !args.yes {
                    return Err(Failure::Usage(format!(
                        "this deletes {} ({}) and all their threads for good: say --yes to do it",
                        found.email.email,
                        found.id.inner()
                    )));
                }
                plain.delete_customer(found.id.inner()).await?;
                told(&printer, "deleted", found.id.inner())
            }
            Self::Spam(who) => mark(&plain, &who, true, &printer).await,
            Self::Unspam(who) => mark(&plain, &who, false, &printer).await,
            Self::Event(args) => {
                let event = args.event.read()?;
                let input = CreateCustomerEventInput {
                    customer_identifier: args.who.identifier(),
                    external_id: event.external_id.as_deref().map(Id::new),
                    title: &event.title,
                    components: event.components.clone(),
                    timestamp: event.timestamp.as_deref(),
                };
                let id = plain.create_customer_event(input).await?;
                told(&printer, "created", &id)
            }
            Self::AddToGroup(args) => {
                let id = args.who.find_id(&plain).await?;
                plain.join_groups(&id, args.groups.identifiers()).await?;
                told(&printer, "added", &id)
            }
            Self::RemoveFromGroup(args) => {
                let id = args.who.find_id(&plain).await?;
                plain.leave_groups(&id, args.groups.identifiers()).await?;
                told(&printer, "removed", &id)
            }
            Self::AddToTenants(args) => {
                let tenants = args.tenants.needed()?;
                plain.join_tenants(args.who.identifier(), tenants).await?;
                told(&printer, "added", args.who.name())
            }
            Self::RemoveFromTenants(args) => {
                let tenants = args.tenants.needed()?;
                plain.leave_tenants(args.who.identifier(), tenants).await?;
                told(&printer, "removed", args.who.name())
            }
            Self::SetTenants(args) => {
                let tenants = match args.none {
                    true => Vec::new(),
                    false => args.tenants.needed()?,
                };
                plain.set_tenants(args.who.identifier(), tenants).await?;
                told(&printer, "set", args.who.name())
            }
            Self::Import(_) => Ok(()),
        }
    }
}

async fn mark(plain: &Client, who: &Who, is_spam: bool, printer: &Printer) -> Result<(), Failure> {
    let id = who.find_id(plain).await?;
    plain.mark_customer_as_spam(&id, is_spam).await?;
    told(printer, if is_spam { "spam" } else { "not spam" }, &id)
}

/// Says in a word what was done, and to whom.
fn told(printer: &Printer, result: &str, id: &str) -> Result<(), Failure> {
    let json = serde_json::json!({ "result": result, "id": id });
    printer.say(&json, &format!("{result}: {id}"))
}

impl Who {
    fn key(&self) -> CustomerKey {
        match (&self.id, &self.external_id, &self.email) {
            (Some(id), _, _) => CustomerKey::Id(id.clone()),
            (_, Some(id), _) => CustomerKey::ExternalId(id.clone()),
            (_, _, email) => CustomerKey::Email(email.clone().unwrap_or_default()),
        }
    }

    fn name(&self) -> &str {
        let names = [&self.id, &self.external_id, &self.email];
        names
            .into_iter()
            .flatten()
            .next()
            .map_or("", String::as_str)
    }

    fn identifier(&self) -> CustomerIdentifierInput {
        CustomerIdentifierInput::from(&self.key())
    }

    fn is_nobody(&self) -> Failure {
        let detail = format!("there is no customer {}", self.name());
        Failure::Plain(Error::NotFound { detail })
    }

    async fn find(&self, plain: &Client) -> Result<CustomerRecord, Failure> {
        let found = plain.customer_record(&self.key()).await?;
        found.ok_or_else(|| self.is_nobody())
    }

    /// Plain's id, which some of Plain's operations insist on.
    async fn find_id(&self, plain: &Client) -> Result<String, Failure> {
        match &self.id {
            Some(id) => Ok(id.clone()),
            None => Ok(self.find(plain).await?.id.into_inner()),
        }
    }
}
