//! The portal's own words: plain data that every other module may stand on. Nothing here knows Plain or HTTP.

mod attachment;
mod conversation;
mod files;
mod list;
mod viewer;

use jiff::Timestamp;

use crate::file_rules::{MAX_BY_CHAT, MAX_BY_EMAIL, MAX_BY_SLACK};

pub use attachment::{Attachment, FileKind, human_size};
pub use conversation::{
    Author, Block, Body, Conversation, Correspondent, Delivery, Entry, Event, Happening, Look,
    Mail, Message, Quoted, Size, Space, Tone, Via,
};
pub use files::{DraftFile, Picked};
pub use list::{Choice, List, ListQuery, Listed, MAX_TERM, Sort, StatusFilter, Waiting, Whose};
pub use viewer::{Scope, Standing, Tenant, Viewer};

/// A request's status in customers' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Open,
    WaitingForYou,
    Done,
}

impl Status {
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::WaitingForYou => "Waiting for you",
            Self::Done => "Done",
        }
    }

    /// For style sheets.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::WaitingForYou => "waiting",
            Self::Done => "done",
        }
    }
}

/// A request without its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    pub id: String,
    /// The human id, such as `T-123`.
    pub reference: String,
    pub title: String,
    pub status: Status,
    pub asked_by: Person,
    pub created_at: Timestamp,
    /// The later of the last message in either direction; its creation when there is none.
    pub last_activity: Timestamp,
    /// Can a customer answer here?
    pub replies: Replies,
}

/// Whether, and how, a request takes a customer's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replies {
    Here(Way),
    /// The conversation lives in another product, which this names.
    Elsewhere(&'static str),
    /// Nobody answers here.
    Nowhere,
}

/// How an answer travels from here to its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is in the conversation as soon as Plain has taken it.
    Chat,
    /// It may appear later, or in other words.
    Email,
    /// The same.
    Slack,
}

impl Way {
    /// The most bytes that all files of one message may have together.
    pub fn most_bytes(self) -> u64 {
        match self {
            Self::Chat => MAX_BY_CHAT,
            Self::Email => MAX_BY_EMAIL,
            Self::Slack => MAX_BY_SLACK,
        }
    }
}

/// Somebody on the customers' side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub is_viewer: bool,
}

/// One page of a list, with cursors to the pages beside it.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Opaque; for `before=`.
    pub newer: Option<String>,
    /// Opaque; for `after=`.
    pub older: Option<String>,
    /// Some of it could not be loaded.
    pub partial: bool,
}

/// A message of the viewer's own that we hold until Plain shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub submission: String,
    /// `None` for a new request.
    pub thread_id: Option<String>,
    /// Empty for an answer.
    pub title: String,
    pub text: String,
    pub files: Vec<DraftFile>,
    /// When it was sent first.
    pub at: Timestamp,
    pub progress: Progress,
}

/// How far a message has come on its way to Plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It is being sent at this moment.
    Sending,
    /// Plain could not take it; it is sent again by itself.
    Retrying,
    /// It may have arrived: we look before anything is sent again.
    Checking,
    /// Plain has taken it, and does not show it yet.
    Arriving,
    /// It was not sent, and will not be by itself.
    NotSent(Problem),
    /// Nobody can tell whether it has arrived: the customer decides.
    Unsure,
}

/// What a customer typed that our own rules do not take as it is; it waits in its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub submission: String,
    /// Empty for an answer.
    pub title: String,
    pub text: String,
    pub files: Vec<DraftFile>,
    pub problem: Problem,
}

/// Why something a customer typed was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    TitleEmpty,
    TitleTooLong,
    TextEmpty,
    TextTooLong,
    /// For a whole day Plain could not be reached, or refused us for reasons that are not the customer's.
    Unavailable,
    /// Plain refused the content.
    Refused,
    /// This request takes no answers.
    Closed,
    /// The customer is marked as spam.
    Blocked,
    /// It was typed for another of the viewer's teams than the one of the session.
    OtherTeam,
    /// Some of its files do not go with it; each says why.
    Files,
    /// The form did not arrive whole.
    BrokenOff,
}

impl Refused {
    /// Is there nothing in it to throw away?
    pub fn is_empty(&self) -> bool {
        is_blank(&self.title) && is_blank(&self.text) && self.files.is_empty()
    }

    /// Everything that is wrong: all that the form's own rules say, or else why it was refused.
    pub fn problems(&self, title_needed: bool) -> Vec<Problem> {
        let title = title_needed.then_some(self.title.as_str());
        let files_go = self.files.iter().any(|file| file.problem.is_none());
        let mut problems = problems_with(title, &self.text, files_go);
        if problems.is_empty() || !self.problem.is_of_the_form() {
            problems.insert(0, self.problem);
        }
        // Whoever has removed the files at fault has solved it.
        let at_fault = self.files.iter().any(|file| file.problem.is_some());
        problems.retain(|problem| *problem != Problem::Files || at_fault);
        problems
    }
}

impl Problem {
    pub const EVERY: [Self; 11] = [
        Self::TitleEmpty,
        Self::TitleTooLong,
        Self::TextEmpty,
        Self::TextTooLong,
        Self::Unavailable,
        Self::Refused,
        Self::Closed,
        Self::Blocked,
        Self::OtherTeam,
        Self::Files,
        Self::BrokenOff,
    ];

    /// Is it one that [`problems_with`] finds?
    fn is_of_the_form(self) -> bool {
        matches!(
            self,
            Self::TitleEmpty | Self::TitleTooLong | Self::TextEmpty | Self::TextTooLong
        )
    }

    /// The stable name in our database.
    pub fn code(self) -> &'static str {
        match self {
            Self::TitleEmpty => "title_empty",
            Self::TitleTooLong => "title_too_long",
            Self::TextEmpty => "text_empty",
            Self::TextTooLong => "text_too_long",
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
            Self::Closed => "closed",
            Self::Blocked => "blocked",
            Self::OtherTeam => "other_team",
            Self::Files => "files",
            Self::BrokenOff => "broken_off",
        }
    }

    /// The reverse of [`Self::code`]; a name of the future counts as unavailable.
    pub fn from_code(code: &str) -> Self {
        Self::EVERY
            .into_iter()
            .find(|problem| problem.code() == code)
            .unwrap_or(Self::Unavailable)
    }
}

/// What is wrong with a form before anything is sent; `title` is `None` for a reply. Files can go without words.
pub fn problems_with(title: Option<&str>, text: &str, has_files: bool) -> Vec<Problem> {
    let title_problem = title.and_then(|title| match title.trim().chars().count() {
        _ if is_blank(title) => Some(Problem::TitleEmpty),
        0..=MAX_TITLE => None,
        _ => Some(Problem::TitleTooLong),
    });
    let text_problem = match text.trim().chars().count() {
        _ if is_blank(text) => (!has_files).then_some(Problem::TextEmpty),
        0..=MAX_TEXT => None,
        _ => Some(Problem::TextTooLong),
    };
    [title_problem, text_problem]
        .into_iter()
        .flatten()
        .collect()
}

/// Is there nothing to see in this text?
pub fn is_blank(text: &str) -> bool {
    let invisible = |c: char| {
        matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
    };
    text.chars()
        .all(|c| c.is_whitespace() || c.is_control() || invisible(c))
}

/// The most characters that a title may have.
pub const MAX_TITLE: usize = 200;
/// The most characters that a message may have: what Plain takes in one text component.
pub const MAX_TEXT: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_count_characters() {
        assert_eq!(problems_with(Some("t"), &"é".repeat(MAX_TEXT), false), []);
        assert_eq!(
            problems_with(Some("t"), &"é".repeat(MAX_TEXT + 1), false),
            [Problem::TextTooLong]
        );
        assert_eq!(
            problems_with(Some(&"é".repeat(MAX_TITLE + 1)), "x", false),
            [Problem::TitleTooLong]
        );
        assert_eq!(
            problems_with(Some(" "), "\r\n", false),
            [Problem::TitleEmpty, Problem::TextEmpty]
        );
        assert_eq!(problems_with(None, "", false), [Problem::TextEmpty]);
        assert_eq!(problems_with(None, "", true), []);
        assert_eq!(
            problems_with(None, "\u{200b}\0\u{feff}", false),
            [Problem::TextEmpty]
        );
    }

    #[test]
    fn problems_survive_the_database() {
        for problem in Problem::EVERY {
            assert_eq!(Problem::from_code(problem.code()), problem);
        }
    }
}
