//! `plain-portal forget`: erases a person from the portal's own database, whether the portal runs or not. Plain is asked who they
//! are, and nothing is changed there.

use std::{collections::BTreeSet, process::ExitCode};

use clap::Args;
use secrecy::ExposeSecret as _;

use crate::{
    config::{self, Settings},
    plain,
    store::{Forgotten, Store},
};

/// Who is to be forgotten.
#[derive(Args, Debug)]
#[group(id = "person", required = true, multiple = true, args = ["external_id", "customer_id"])]
pub struct Person {
    /// Your product's id of the person (the token's `sub`)
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
    /// Plain's id of the person; finds what is left of somebody whom Plain does not know any more
    #[arg(long, value_name = "ID")]
    customer_id: Option<String>,
    /// Say what would be erased, and erase nothing
    #[arg(long)]
    dry_run: bool,
}

/// What Plain said of an id of the host product's.
enum InPlain {
    Known(String),
    Unknown,
    NotAsked(String),
}

/// Says what was erased. The exit code is 1 when it was not, or when nobody can tell whether it was all: Plain could not be asked
/// who it is, and no customer id was given.
pub async fn run(settings: &Settings, person: Person) -> ExitCode {
    match forget(settings, &person).await {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("plain-portal: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn forget(settings: &Settings, person: &Person) -> Result<ExitCode, String> {
    let url = config::database_url(settings).map_err(|problem| problem.to_string())?;
    let store = Store::beside(url.expose_secret()).await;
    let store = store.map_err(|error| error.to_string())?;

    let mut customers: BTreeSet<String> = person.customer_id.iter().cloned().collect();
    let mut whole = true;
    if let Some(external_id) = &person.external_id {
        let known = store.customers_known_as(external_id).await;
        customers.extend(known.map_err(|error| error.to_string())?);
        match ask(settings, external_id).await {
            InPlain::Known(id) => {
                customers.insert(id);
            }
            InPlain::Unknown if customers.is_empty() => println!(
                "Neither Plain nor a session or message here knows {external_id:?}. What is left of somebody who was deleted in Plain is found by --customer-id"
            ),
            InPlain::Unknown => {}
            InPlain::NotAsked(why) => {
                eprintln!("plain-portal: Plain could not be asked who {external_id:?} is: {why}");
                whole = person.customer_id.is_some();
            }
        }
    }
    for customer_id in &customers {
        let result = match person.dry_run {
            true => store.kept_about(customer_id).await,
            false => store.forget(customer_id).await,
        };
        tell(
            customer_id,
            &result.map_err(|error| error.to_string())?,
            person.dry_run,
        );
    }
    if !whole {
        eprintln!(
            "plain-portal: what sessions and messages do not name, such as what they have read, may be left: try again when Plain answers, or with --customer-id"
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

async fn ask(settings: &Settings, external_id: &str) -> InPlain {
    let plain = match config::Plain::from_settings(settings) {
        Ok(plain) => plain::Client::new(plain.api_url, plain.api_key),
        Err(problems) => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            return InPlain::NotAsked(problems.join("; "));
        }
    };
    let plain = match plain {
        Ok(plain) => plain,
        Err(error) => return InPlain::NotAsked(error.to_string()),
    };
    match plain.customer_id_by_external_id(external_id).await {
        Ok(Some(id)) => InPlain::Known(id),
        Ok(None) => InPlain::Unknown,
        Err(error) => InPlain::NotAsked(error.to_string()),
    }
}

fn tell(customer_id: &str, forgotten: &Forgotten, dry_run: bool) {
    let rows: Vec<String> = forgotten
        .0
        .iter()
        .map(|(table, rows)| format!("{} {rows}", table.replace('_', " ")))
        .collect();
    let verb = if dry_run { "would erase" } else { "erased" };
    println!("{customer_id}: {verb} {}", rows.join(", "));
}
