//! `plain-portal groups …`

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{Common, Failure, end, filled, lists::Paging, output::Printer, records::Group};
use crate::plain::{
    Client, Error,
    operations::{
        CreateCustomerGroupInput, CustomerGroup, CustomerGroupsFilter, Id, OptionalStringInput,
        StringInput, UpdateCustomerGroupInput,
    },
};

/// The groups that customers are in
#[derive(Args)]
pub struct Groups {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a group
    Create(CreateArgs),
    /// Changes what is given of a group
    Update(UpdateArgs),
    /// Deletes a group; its customers stay
    Delete(DeleteArgs),
    /// Shows one group
    Get(Which),
    /// Lists the groups
    List(ListArgs),
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The group's key
    #[arg(long, value_parser = filled)]
    key: Option<String>,
    /// Plain's id, cg_…
    #[arg(long, value_parser = filled)]
    id: Option<String>,
}

#[derive(Args)]
struct CreateArgs {
    /// By which hosts name it
    #[arg(long, value_parser = filled)]
    key: String,
    /// As agents read it
    #[arg(long, value_parser = filled)]
    name: String,
    /// In Plain, such as #aabbcc
    #[arg(long, value_parser = filled)]
    color: String,
    /// Your id of the group
    #[arg(long, value_name = "ID", value_parser = filled)]
    external_id: Option<String>,
}

#[derive(Args)]
struct UpdateArgs {
    #[command(flatten)]
    which: Which,
    /// As agents read it
    #[arg(long, value_parser = filled)]
    name: Option<String>,
    /// Another key
    #[arg(long, value_name = "KEY", value_parser = filled)]
    new_key: Option<String>,
    /// In Plain, such as #aabbcc
    #[arg(long, value_parser = filled)]
    color: Option<String>,
    /// Your id of the group
    #[arg(long, value_name = "ID", value_parser = filled)]
    external_id: Option<String>,
    /// Take your id away
    #[arg(long, conflicts_with = "external_id")]
    clear_external_id: bool,
}

#[derive(Args)]
struct DeleteArgs {
    #[command(flatten)]
    which: Which,
    /// Do it
    #[arg(long)]
    yes: bool,
}

#[derive(Args)]
struct ListArgs {
    /// With your id; repeat for several
    #[arg(long = "external-id", value_name = "ID")]
    external_ids: Vec<String>,
    #[command(flatten)]
    paging: Paging,
}

impl Groups {
    /// Does what was asked for; says on the error stream what went wrong.
    pub async fn run(self) -> ExitCode {
        end(self.command.run(&self.common).await)
    }
}

impl Command {
    async fn run(self, common: &Common) -> Result<(), Failure> {
        let plain = common.connect()?;
        let mut printer = Printer::new(common.json);
        match self {
            Self::Create(args) => {
                let input = CreateCustomerGroupInput {
                    name: &args.name,
                    key: &args.key,
                    color: &args.color,
                    external_id: args.external_id.as_deref(),
                };
                printer.one(&Group::from(plain.create_customer_group(input).await?))
            }
            Self::Update(args) => {
                let id = args.which.find(&plain).await?.id;
                let given = |value| StringInput { value };
                let external_id = args.external_id.as_deref();
                let changes_id = external_id.is_some() || args.clear_external_id;
                let input = UpdateCustomerGroupInput {
                    customer_group_id: id,
                    name: args.name.as_deref().map(given),
                    key: args.new_key.as_deref().map(given),
                    color: args.color.as_deref().map(given),
                    external_id: changes_id.then_some(OptionalStringInput { value: external_id }),
                };
                printer.one(&Group::from(plain.update_customer_group(input).await?))
            }
            Self::Delete(args) => {
                let group = args.which.find(&plain).await?;
                if !args.yes {
                    return Err(Failure::Usage(format!(
                        "this deletes the group {} for all its customers: say --yes to do it",
                        group.key
                    )));
                }
                let id = group.id.inner();
                plain.delete_customer_group(id).await?;
                let json = serde_json::json!({ "result": "deleted", "id": id });
                printer.say(&json, &format!("deleted: {id}"))
            }
            Self::Get(which) => printer.one(&Group::from(which.find(&plain).await?)),
            Self::List(args) => {
                let ids = args.external_ids;
                let filters = CustomerGroupsFilter {
                    external_ids: (!ids.is_empty()).then_some(ids),
                };
                let load = async |page| plain.customer_groups(filters.clone(), page).await;
                args.paging.print::<_, Group>(&mut printer, load).await
            }
        }
    }
}

impl Which {
    async fn find(&self, plain: &Client) -> Result<CustomerGroup, Failure> {
        let (found, name) = match (&self.id, &self.key) {
            (Some(id), _) => (plain.customer_group(Id::new(id).inner()).await?, id),
            (None, Some(key)) => (plain.customer_group_by_key(key).await?, key),
            (None, None) => return Err(Failure::Usage("--key or --id is missing".to_owned())),
        };
        let detail = format!("there is no customer group {name}");
        Ok(found.ok_or(Error::NotFound { detail })?)
    }
}
