//! The command line; one call per command.

use std::{io::IsTerminal as _, net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use plain_portal::{
    check, cli,
    config::{Config, Handoff, Problem, Settings},
    demo, forget,
    identity::token,
    sandbox::{self, Sandbox},
    serve,
};

/// The support portal for companies on Plain.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// How log lines look: text or json
    #[arg(
        long,
        global = true,
        env = "PORTAL_LOG_FORMAT",
        default_value = "text",
        value_parser = log_format,
        value_name = "FORMAT"
    )]
    log_format: LogFormat,
}

#[derive(Clone, Copy)]
enum LogFormat {
    Text,
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the portal against Plain
    Serve(Configured),
    /// Runs everything here, with no configuration: a sandbox Plain, the portal, and a small product that signs people in
    Demo(demo::Options),
    /// Runs only the sandbox Plain
    Sandbox(SandboxArgs),
    /// Says of each setting, permission and the database whether it is right, or what to do
    Check(Configured),
    /// Prints a handoff token, signed with the configured secret or with your private key
    Token(Box<TokenArgs>),
    /// Erases a person from the portal's own database, also while the portal runs; changes nothing in Plain
    Forget(Box<ForgetArgs>),
    /// Keeps the customers of the workspace: upsert, find, group, import a file
    Customers(Box<cli::Customers>),
    /// Keeps the groups of customers
    Groups(Box<cli::Groups>),
    /// Keeps the tenants
    Tenants(Box<cli::Tenants>),
    /// Reports events of threads
    Threads(Box<cli::Threads>),
}

#[derive(Args)]
struct Configured {
    /// Settings file [default: Leptos.toml in this directory, when there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Args)]
struct SandboxArgs {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:4010")]
    addr: SocketAddr,
    /// Start with nothing but a workspace and its agents
    #[arg(long, conflicts_with_all = ["seed_threads", "tenants"])]
    empty: bool,
    /// Start with this many generated threads
    #[arg(long, value_name = "N")]
    seed_threads: Option<usize>,
    /// How many tenants the generated threads are dealt to
    #[arg(
        long,
        value_name = "M",
        default_value_t = 10,
        requires = "seed_threads"
    )]
    tenants: usize,
    #[command(flatten)]
    flags: sandbox::options::Flags,
}

#[derive(Args)]
struct TokenArgs {
    #[command(flatten)]
    configured: Configured,
    #[command(flatten)]
    person: token::Person,
    #[command(flatten)]
    signer: token::Signer,
}

#[derive(Args)]
struct ForgetArgs {
    #[command(flatten)]
    configured: Configured,
    #[command(flatten)]
    person: forget::Person,
}

/// An empty variable is the same as none, as for every other setting.
fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "" | "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        other => Err(format!("{other:?} is neither `text` nor `json`")),
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    start_log(cli.log_format, cli.command.log_filter());
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(error),
    };
    runtime.block_on(run(cli.command))
}

async fn run(command: Command) -> ExitCode {
    match command {
        Command::Serve(configured) => match config(configured) {
            Ok(config) => serve::run(config)
                .await
                .map_or_else(fail, |()| ExitCode::SUCCESS),
            Err(code) => code,
        },
        Command::Demo(options) => demo::run(options)
            .await
            .map_or_else(fail, |()| ExitCode::SUCCESS),
        Command::Sandbox(args) => run_sandbox(args)
            .await
            .map_or_else(fail, |()| ExitCode::SUCCESS),
        Command::Check(configured) => match settings(configured) {
            Ok(settings) => check::run(&settings).await,
            Err(code) => code,
        },
        Command::Token(args) => {
            let TokenArgs {
                configured,
                person,
                signer,
            } = *args;
            match settings(configured) {
                Ok(settings) => print_token(&settings, person, signer).await,
                Err(code) => code,
            }
        }
        Command::Forget(args) => match settings(args.configured) {
            Ok(settings) => forget::run(&settings, args.person).await,
            Err(code) => code,
        },
        Command::Customers(args) => args.run().await,
        Command::Groups(args) => args.run().await,
        Command::Tenants(args) => args.run().await,
        Command::Threads(args) => args.run().await,
    }
}

async fn run_sandbox(args: SandboxArgs) -> Result<(), String> {
    let seed = match args.seed_threads {
        _ if args.empty => sandbox::Seed::Empty,
        Some(threads) => sandbox::Seed::Bulk {
            threads,
            tenants: args.tenants,
        },
        None => sandbox::Seed::Story,
    };
    let sandbox = Sandbox::start(args.addr, args.flags.with_seed(seed))
        .await
        .map_err(|error| format!("--addr: cannot listen on {}: {error}", args.addr))?;
    println!("Sandbox Plain  {}", sandbox.graphql_url());
    println!("Support team   {}", sandbox.agent_url());
    serve::stop_signal().await;
    sandbox.stop().await;
    Ok(())
}

async fn print_token(
    settings: &Settings,
    person: token::Person,
    signer: token::Signer,
) -> ExitCode {
    let handoff = match Handoff::from_settings(settings) {
        Ok(handoff) => handoff,
        Err(problems) => return refuse(&problems),
    };
    match token::issue(&handoff, person, signer, jiff::Timestamp::now()).await {
        Ok(token) => {
            println!("{token}");
            ExitCode::SUCCESS
        }
        Err(problem) => fail(problem),
    }
}

fn settings(configured: Configured) -> Result<Settings, ExitCode> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in Settings::unknown_variables(names) {
        tracing::warn!(name, "this variable is not a setting of this version");
    }
    configured
        .settings
        .with_file(configured.config.as_deref())
        .map_err(fail)
}

fn config(configured: Configured) -> Result<Config, ExitCode> {
    Config::from_settings(&settings(configured)?).map_err(|problems| refuse(&problems))
}

fn refuse(problems: &[Problem]) -> ExitCode {
    for problem in problems {
        eprintln!("plain-portal: {problem}");
    }
    eprintln!(
        "plain-portal: `plain-portal --help` and docs/configuration.md describe every setting"
    );
    ExitCode::FAILURE
}

fn fail(error: impl std::fmt::Display) -> ExitCode {
    eprintln!("plain-portal: {error}");
    ExitCode::FAILURE
}

impl Command {
    /// What is logged unless RUST_LOG says otherwise. A command that ends says itself what went wrong.
    fn log_filter(&self) -> &'static str {
        match self {
            Self::Customers(_) | Self::Groups(_) | Self::Tenants(_) | Self::Threads(_) => "off",
            _ => "info",
        }
    }
}

fn start_log(format: LogFormat, filter: &str) {
    let filter =
        tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| filter.into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
