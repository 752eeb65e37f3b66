//! `plain-portal threads …`, and what events of threads and of customers have in common.

use std::{
    fs,
    io::{self, Read as _},
    process::ExitCode,
};

use clap::{Args, Subcommand};

use super::{Common, Failure, end, output::Printer};
use crate::plain::{
    Error,
    operations::{CreateThreadEventInput, EventComponent, Id},
};

/// The threads of the workspace
#[derive(Args)]
pub struct Threads {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Reports something that happened to one thread, which shows it
    Event(Box<ThreadEventArgs>),
}

#[derive(Args)]
struct ThreadEventArgs {
    /// Plain's id, th_…, or the thread's number, T-123
    #[arg(long, value_name = "ID|REF")]
    thread: String,
    #[command(flatten)]
    event: EventArgs,
}

/// What an event is.
#[derive(Args)]
pub struct EventArgs {
    /// What happened, in a few words
    #[arg(long)]
    title: String,
    /// A text in markdown; repeat for several
    #[arg(long = "text", value_name = "MARKDOWN")]
    texts: Vec<String>,
    /// A button, LABEL=URL; repeat for several. Buttons come after texts
    #[arg(long = "link", value_name = "LABEL=URL")]
    links: Vec<String>,
    /// A JSON list of Plain's components, in a file or - for the standard input; they come last
    #[arg(long, value_name = "FILE")]
    components: Option<String>,
    /// Your id of the event: Plain takes each once
    #[arg(long, value_name = "ID")]
    event_id: Option<String>,
    /// When it happened, in ISO 8601 [default: now]
    #[arg(long, value_name = "TIME")]
    timestamp: Option<String>,
}

/// An event, read and checked.
pub struct Event {
    pub title: String,
    pub components: Vec<EventComponent>,
    pub external_id: Option<String>,
    pub timestamp: Option<String>,
}

impl EventArgs {
    /// # Errors
    /// [`Failure::Usage`], which names the flag.
    pub fn read(&self) -> Result<Event, Failure> {
        let mut components: Vec<EventComponent> =
            self.texts.iter().map(EventComponent::text).collect();
        for link in &self.links {
            let wrong = || Failure::Usage(format!("--link: {link:?} is not LABEL=URL"));
            let (label, url) = link.split_once('=').ok_or_else(wrong)?;
            components.push(EventComponent::link(label, url));
        }
        if let Some(file) = &self.components {
            let wrong = |error: String| Failure::Usage(format!("--components: {file}: {error}"));
            let json = read(file).map_err(|error| wrong(error.to_string()))?;
            let more: Vec<EventComponent> =
                serde_json::from_str(&json).map_err(|error| wrong(error.to_string()))?;
            components.extend(more);
        }
        if components.is_empty() {
            return Err(Failure::Usage(
                "an event needs something to show: --text, --link or --components".to_owned(),
            ));
        }
        Ok(Event {
            title: self.title.clone(),
            components,
            external_id: self.event_id.clone(),
            timestamp: self.timestamp.clone(),
        })
    }
}

fn read(file: &str) -> io::Result<String> {
    match file {
        "-" => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text)?;
            Ok(text)
        }
        path => fs::read_to_string(path),
    }
}

impl Threads {
    /// Does what was asked for; says on the error stream what went wrong.
    pub async fn run(self) -> ExitCode {
        let Command::Event(args) = self.command;
        end(args.run(&self.common).await)
    }
}

impl ThreadEventArgs {
    async fn run(&self, common: &Common) -> Result<(), Failure> {
        let event = self.event.read()?;
        let plain = common.connect()?;
        let thread_id = match self.thread.starts_with("th_") {
            true => self.thread.clone(),
            false => {
                let found = plain.thread_id(&self.thread).await?;
                let missing = || Error::NotFound {
                    detail: format!("there is no thread {}", self.thread),
                };
                found.ok_or_else(missing)?
            }
        };
        let input = CreateThreadEventInput {
            thread_id: Id::new(thread_id),
            external_id: event.external_id.as_deref().map(Id::new),
            title: &event.title,
            components: event.components,
            timestamp: event.timestamp.as_deref(),
        };
        let id = plain.create_thread_event(input).await?;
        let json = serde_json::json!({ "result": "created", "id": id });
        Printer::new(common.json).say(&json, &format!("created: {id}"))
    }
}
