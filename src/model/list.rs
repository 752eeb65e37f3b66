//! The list of requests: what one may ask it for, and what it holds.

use super::{Page, Thread, is_blank};

/// The fewest characters that Plain searches for.
const MIN_TERM: usize = 2;
/// The most characters of a search that we pass on.
pub const MAX_TERM: usize = 200;

/// One of the few values that a parameter of the list's address can have.
pub trait Choice: Copy + Default + PartialEq + 'static {
    const EVERY: &'static [Self];

    /// The value in the address.
    fn value(self) -> &'static str;

    /// What the page calls it.
    fn words(self) -> &'static str;

    /// Reads a value; one that we do not know is the default.
    fn parse(value: Option<&str>) -> Self {
        Self::EVERY
            .iter()
            .copied()
            .find(|choice| Some(choice.value()) == value)
            .unwrap_or_default()
    }
}

/// `status`: which requests are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StatusFilter {
    /// Has no name in addresses: it is what an address without a status means.
    #[default]
    OpenAndWaiting,
    Open,
    Waiting,
    Done,
    All,
}

impl Choice for StatusFilter {
    const EVERY: &'static [Self] = &[
        Self::OpenAndWaiting,
        Self::Open,
        Self::Waiting,
        Self::Done,
        Self::All,
    ];

    fn value(self) -> &'static str {
        match self {
            Self::OpenAndWaiting => "",
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::All => "all",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::OpenAndWaiting => "Open and waiting",
            Self::Open => "Open",
            Self::Waiting => "Waiting for you",
            Self::Done => "Done",
            Self::All => "All",
        }
    }
}

/// `who`: whose requests are shown, never beyond the session's tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    #[default]
    Team,
    Mine,
}

impl Choice for Whose {
    const EVERY: &'static [Self] = &[Self::Team, Self::Mine];

    fn value(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Mine => "mine",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Team => "Whole team",
            Self::Mine => "Only me",
        }
    }
}

/// `sort`: what comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Newest,
    Status,
    MyLastMessage,
}

impl Choice for Sort {
    const EVERY: &'static [Self] = &[Self::Newest, Self::Status, Self::MyLastMessage];

    fn value(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Status => "status",
            Self::MyLastMessage => "my-last-message",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Newest => "Newest request",
            Self::Status => "Status change",
            Self::MyLastMessage => "Your last message",
        }
    }
}

/// Everything that an address can ask of the list, but for the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListQuery {
    pub status: StatusFilter,
    pub whose: Whose,
    pub sort: Sort,
    /// On one line and not too long; see [`Self::term`] for when it is searched for.
    typed: String,
}

impl ListQuery {
    /// Reads the parameters of an address: whatever is missing or unknown is the default.
    pub fn parse<'a>(parameter: impl Fn(&str) -> Option<&'a str>) -> Self {
        Self {
            status: StatusFilter::parse(parameter("status")),
            whose: Whose::parse(parameter("who")),
            sort: Sort::parse(parameter("sort")),
            typed: one_line(parameter("q").unwrap_or_default()),
        }
    }

    /// What was typed into the search field; empty when nothing was.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// What to search for, when enough was typed for a search.
    pub fn term(&self) -> Option<&str> {
        (self.typed.chars().count() >= MIN_TERM).then_some(self.typed.as_str())
    }

    /// Was something typed that is too short to search for?
    pub fn is_too_short(&self) -> bool {
        !self.typed.is_empty() && self.term().is_none()
    }

    /// Is this the view that begins with the requests that wait for the customer?
    pub fn puts_waiting_first(&self) -> bool {
        self.status == StatusFilter::default() && self.term().is_none()
    }

    /// The same list without the search.
    pub fn without_search(&self) -> Self {
        Self {
            typed: String::new(),
            ..self.clone()
        }
    }

    /// The same list of nothing but the viewer's own requests.
    pub fn of_mine(self) -> Self {
        Self {
            whose: Whose::Mine,
            ..self
        }
    }

    /// The same list with another status.
    pub fn with_status(&self, status: StatusFilter) -> Self {
        Self {
            status,
            ..self.clone()
        }
    }

    /// The parameters of an address that asks for this list; defaults need none.
    pub fn parameters(&self) -> Vec<(&'static str, &str)> {
        fn unless_default<C: Choice>(choice: C) -> Option<&'static str> {
            (choice != C::default()).then(|| choice.value())
        }
        [
            ("status", unless_default(self.status)),
            ("who", unless_default(self.whose)),
            ("sort", unless_default(self.sort)),
            ("q", Some(self.typed()).filter(|typed| !typed.is_empty())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}

/// Without line ends, control characters and repeated blanks, and no longer than a search may be.
fn one_line(typed: &str) -> String {
    if is_blank(typed) {
        return String::new();
    }
    let words = typed.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let line: String = words.join(" ").chars().take(MAX_TERM).collect();
    line.trim_end().to_owned()
}

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub thread: Thread,
    /// Has something happened in it since the viewer last looked?
    pub unread: bool,
}

/// What the list's page shows.
#[derive(Debug, Clone)]
pub struct List {
    /// The requests that wait for the customer, where they are shown apart; `page` is without them then.
    pub waiting: Option<Waiting>,
    pub page: Page<Listed>,
}

/// The requests that wait for the customer, as many as fit on a page.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub items: Vec<Listed>,
    /// Are there others?
    pub more: bool,
}

impl Waiting {
    /// How many there are, as far as that is known: "2", "25+"; `None` for none.
    pub fn count(&self) -> Option<String> {
        let plus = if self.more { "+" } else { "" };
        (!self.items.is_empty()).then(|| format!("{}{plus}", self.items.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(address: &[(&str, &'static str)]) -> ListQuery {
        ListQuery::parse(|name| {
            let found = address.iter().find(|(wanted, _)| *wanted == name);
            found.map(|(_, value)| *value)
        })
    }

    fn survives<C: Choice + std::fmt::Debug>() {
        for choice in C::EVERY.iter().copied() {
            assert_eq!(C::parse(Some(choice.value())), choice);
        }
        for value in [None, Some(""), Some("nonsense"), Some("OPEN"), Some("MINE")] {
            assert_eq!(C::parse(value), C::default(), "{value:?}");
        }
    }

    #[test]
    fn unknown_values_are_the_default() {
        survives::<StatusFilter>();
        survives::<Whose>();
        survives::<Sort>();
    }

    #[test]
    fn an_address_says_what_differs_from_the_default() {
        let plain = query(&[
            ("status", "x"),
            ("who", "team"),
            ("sort", "newest"),
            ("q", " "),
        ]);
        assert_eq!(plain, ListQuery::default());
        assert!(plain.parameters().is_empty());
        let address = [
            ("status", "done"),
            ("who", "mine"),
            ("sort", "status"),
            ("q", "a&b"),
        ];
        let full = query(&address);
        assert_eq!(full.parameters(), address);
        assert_eq!(full.without_search().parameters(), address[..3]);
        assert_eq!(
            full.with_status(StatusFilter::default()).parameters(),
            address[1..]
        );
    }

    #[test]
    fn a_search_needs_two_characters_and_has_at_most_two_hundred() {
        let typed = |typed: &'static str| query(&[("q", typed)]);
        for nothing in ["", "  ", "\u{200b}\u{200b}", "\0\r\n"] {
            let query = typed(nothing);
            assert_eq!((query.typed(), query.term()), ("", None), "{nothing:?}");
            assert!(!query.is_too_short());
        }
        for short in ["é", " x ", "\tx\n"] {
            let query = typed(short);
            assert_eq!(query.term(), None, "{short:?}");
            assert!(query.is_too_short() && query.puts_waiting_first());
        }
        assert_eq!(typed(" two\r\n \0words ").term(), Some("two words"));
        assert!(!typed("éé").puts_waiting_first());
        let long: &'static str = "ab ".repeat(100).leak();
        assert_eq!(
            typed(long).term().map(|term| term.chars().count()),
            Some(MAX_TERM)
        );
    }

    #[test]
    fn only_what_is_seen_is_counted() {
        let waiting = |more| Waiting {
            items: vec![],
            more,
        };
        assert_eq!(waiting(false).count(), None);
        assert_eq!(waiting(true).count(), None);
    }
}
