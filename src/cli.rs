//! The commands that look after a workspace: its customers, groups, tenants, and what the host product reports of them.
//!
//! They need an API key and nothing else of the portal's settings. Each ends with one of the exit codes of [`Failure`].

mod apply;
mod customers;
mod entry;
mod events;
mod groups;
mod import;
mod lists;
mod output;
mod pace;
mod records;
mod tenants;

use std::{io, path::PathBuf, process::ExitCode};

use clap::Args;

use crate::{
    config::{self, Problem, Settings},
    content, plain,
};
pub use customers::Customers;
pub use events::Threads;
pub use groups::Groups;
pub use tenants::Tenants;

/// Under which `--help` lists what all these commands take.
const HEADING: &str = "Plain and output";

/// What all these commands take.
#[derive(Args)]
pub struct Common {
    /// API key of a machine user in Plain; give it by the environment, not as a flag
    #[arg(
        long,
        env = "PLAIN_API_KEY",
        hide_env_values = true,
        value_name = "KEY",
        global = true,
        help_heading = HEADING
    )]
    plain_api_key: Option<String>,
    /// Plain's GraphQL endpoint [default: Plain's production]
    #[arg(long, env = "PLAIN_API_URL", value_name = "URL", global = true, help_heading = HEADING)]
    plain_api_url: Option<String>,
    /// Settings file that may name the endpoint [default: Leptos.toml in this directory, when there is one]
    #[arg(long, value_name = "FILE", global = true, help_heading = HEADING)]
    config: Option<PathBuf>,
    /// Write JSON: one document, or one line for each row of a list
    #[arg(long, global = true, help_heading = HEADING)]
    json: bool,
}

/// Why a command did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Exit code 1: Plain refused it, or has nothing of that name. With `import`: at least one row was refused.
    #[error("{0}")]
    Refused(String),
    /// Exit code 2, as for a flag that does not exist: the command line, a setting or the input cannot be used.
    #[error("{0}")]
    Usage(String),
    /// Exit code 1 or 3, by what Plain said.
    #[error("{0}")]
    Plain(#[from] plain::Error),
    /// Exit code 130: somebody pressed Ctrl-C, or the process was told to end.
    #[error("stopped before the end")]
    Interrupted,
    /// What was written could not be. A reader that has gone (`| head`) is no failure.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::Plain(error) if is_about_the_call(error) => 1,
            Self::Plain(_) => 3,
            Self::Interrupted => 130,
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            Self::Output(_) => 1,
        }
    }
}

/// Is it this one call that Plain does not take? Everything else stands in the way of every call.
fn is_about_the_call(error: &plain::Error) -> bool {
    use plain::Error::*;
    matches!(error, NotFound { .. } | Validation { .. } | BadInput { .. })
}

impl Common {
    /// A client with this key, for this endpoint.
    fn connect(&self) -> Result<plain::Client, Failure> {
        let plain = self.plain()?;
        plain::Client::new(plain.api_url, plain.api_key)
            .map_err(|error| Failure::Usage(format!("PLAIN_API_URL: {error}")))
    }

    fn plain(&self) -> Result<config::Plain, Failure> {
        let settings = Settings {
            plain_api_key: self.plain_api_key.clone(),
            plain_api_url: self.plain_api_url.clone(),
            ..Settings::default()
        };
        let settings = settings.with_file(self.config.as_deref());
        let settings = settings.map_err(Failure::Usage)?;
        config::Plain::from_settings(&settings).map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(Problem::to_string).collect();
            Failure::Usage(problems.join("; "))
        })
    }
}

/// A value that says something: an empty one, as of a variable that is not set, is an error and not a flag left out.
fn filled(text: &str) -> Result<String, String> {
    match text.trim().is_empty() {
        true => Err("is empty".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// Says what went wrong, and makes the exit code of it.
fn end(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let code = failure.code();
            if code != 0 {
                // Plain's words may be those of strangers.
                eprintln!("plain-portal: {}", content::line(&failure.to_string()));
            }
            if let Failure::Plain(error) = &failure
                && code == 3
            {
                eprintln!("plain-portal: {}", error.advice());
            }
            ExitCode::from(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::{Error, Refusal};

    #[test]
    fn exit_codes_tell_the_call_from_the_connection() {
        let detail = String::new;
        let retry_after = None;
        for (error, code) in [
            (Error::NotFound { detail: detail() }, 1),
            (
                Error::Validation {
                    refusal: Refusal::EmailTaken,
                    detail: detail(),
                },
                1,
            ),
            (Error::BadInput { detail: detail() }, 1),
            (Error::Unreachable { detail: detail() }, 3),
            (Error::NoAnswer { detail: detail() }, 3),
            (Error::RateLimited { retry_after }, 3),
            (Error::Unauthenticated { detail: detail() }, 3),
            (Error::Forbidden { detail: detail() }, 3),
            (Error::Garbled { detail: detail() }, 3),
        ] {
            assert_eq!(Failure::from(error.clone()).code(), code, "{error:?}");
        }
        let gone = io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(Failure::from(gone).code(), 0);
        assert_eq!(Failure::Usage(String::new()).code(), 2);
        assert_eq!(Failure::Interrupted.code(), 130);
    }
}
