//! A request's conversation: messages, and what happened between them.

use jiff::Timestamp;

use super::{Attachment, Outgoing, Person, Thread};

/// A request with one page of its conversation, oldest first.
#[derive(Debug, Clone)]
pub struct Conversation {
    pub thread: Thread,
    pub entries: Vec<Entry>,
    /// Opaque cursor to earlier messages, for `before=`.
    pub earlier: Option<String>,
    /// Is this the newest page?
    pub is_latest: bool,
    /// The viewer's own answers that are not among the messages yet, oldest first; only with the newest page.
    pub outgoing: Vec<Outgoing>,
    /// Some of it could not be loaded.
    pub partial: bool,
}

impl Conversation {
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.entries.iter().filter_map(Entry::message)
    }
}

/// What stands in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Message(Box<Message>),
    Event(Event),
}

impl Entry {
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Message(message) => Some(message),
            Self::Event(_) => None,
        }
    }

    pub fn into_message(self) -> Option<Message> {
        match self {
            Self::Message(message) => Some(*message),
            Self::Event(_) => None,
        }
    }

    /// Is it something that we cannot read?
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Event(event) if event.what == Happening::Unreadable)
    }
}

/// A line between the messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: String,
    /// `None` when that cannot be told.
    pub at: Option<Timestamp>,
    pub what: Happening,
}

/// What happened, and who did it, where customers may know that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    Done(Option<Author>),
    Reopened(Option<Author>),
    /// The next word is the customer's.
    WaitingForYou(Option<Author>),
    /// A message of another request belongs here, and that request is not the viewer's, or not there any more.
    MergedFromElsewhere,
    /// Something that our support system answered in a way that we cannot read.
    Unreadable,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: String,
    pub at: Timestamp,
    pub author: Author,
    /// An e-mail's subject.
    pub subject: Option<String>,
    pub body: Body,
    /// How it came, where that is worth a word.
    pub via: Option<Via>,
    /// Its author has changed it since.
    pub edited: bool,
    /// It comes from another request, which was merged into this one.
    pub merged: bool,
    /// What an e-mail has besides.
    pub mail: Option<Mail>,
    pub attachments: Vec<Attachment>,
}

impl Message {
    /// A message of which nothing more is known.
    pub fn new(id: String, at: Timestamp, author: Author, body: Body) -> Self {
        Self {
            id,
            at,
            author,
            subject: None,
            body,
            via: None,
            edited: false,
            merged: false,
            mail: None,
            attachments: vec![],
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    Customer(Person),
    /// A support agent, by public name.
    Agent(String),
    /// Neither: an automatic message.
    System,
}

/// The other product that a message was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    Email,
    Slack,
    MsTeams,
    Discord,
    HelpCentre,
}

/// What a message says; every string in it is a stranger's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Markdown(String),
    /// Text without markup.
    Plain(String),
    Blocks(Vec<Block>),
    /// No words at all.
    Empty,
    /// Its author has taken it back.
    Deleted,
}

/// What an e-mail has besides its subject and words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mail {
    pub from: Option<Correspondent>,
    pub to: Option<Correspondent>,
    /// Everybody in Cc.
    pub cc: Vec<Correspondent>,
    pub delivery: Option<Delivery>,
    pub quoted: Option<Quoted>,
}

/// A sender or receiver of an e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correspondent {
    /// As the e-mail names them: name, if it has one, and address.
    Named {
        name: Option<String>,
        address: String,
    },
    /// Somebody of the support team, by public name, or the team itself.
    Support(String),
    /// Somebody who is not there any more, or of whom nothing is known.
    Somebody,
}

/// What became of an e-mail that the support team sent, unless it simply arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    Pending,
    /// Not everybody got it.
    Bounced,
    Failed,
}

/// The older messages below an e-mail's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quoted {
    Here(Box<Body>),
    /// There are some, and they were not asked for.
    NotLoaded,
}

/// A piece of a form's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Markdown(String, Look),
    Plain(String, Look),
    Spacer(Space),
    Divider(Space),
    Link {
        label: String,
        url: String,
    },
    Badge(String, Tone),
    Copyable {
        value: String,
        label: Option<String>,
    },
    Time(Timestamp),
    Row {
        main: Vec<Block>,
        aside: Vec<Block>,
    },
    Container(Vec<Block>),
}

/// How a form's text looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    pub tone: Tone,
    pub size: Size,
}

/// What a colour stands for; each is readable in light and dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Usual,
    Muted,
    Info,
    Success,
    Warning,
    Danger,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Size {
    Small,
    #[default]
    Usual,
    Large,
}

/// How much room something takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Space {
    Tiny,
    Small,
    #[default]
    Usual,
    Large,
    Huge,
}
