//! How the story is written down: one plot for each thread, one beat for each thing that happens in it.

use crate::sandbox::enums::ThreadChannel;

/// A thread of the story. People are named by the end of their external id, agents by their public name in lower case.
pub struct Plot<'a> {
    /// Minutes between the first beat and the start of the sandbox.
    pub ago: u32,
    pub who: &'static str,
    /// The external id of the tenant.
    pub tenant: Option<&'static str>,
    pub channel: ThreadChannel,
    pub title: &'static str,
    pub beats: &'a [(u32, Beat<'a>)],
}

/// Something that happens, so many minutes after the beginning of its thread.
pub enum Beat<'a> {
    /// A form: the message, and what else was filled in.
    Form(&'static str, &'static [(&'static str, &'static str)]),
    /// A customer writes in the thread's channel.
    Says(&'static str, &'a str),
    /// A customer writes an e-mail that has more than words.
    Mail(&'static str, &'static str, Extras),
    /// An agent answers in the thread's channel.
    Answers(&'static str, &'a str),
    /// An agent leaves a note for the others.
    Notes(&'static str, &'static str),
    /// An agent takes the thread.
    Takes(&'static str),
    /// An agent sets the priority.
    Priority(&'static str, i32),
    /// An agent puts labels on the thread, by name.
    Labels(&'static str, &'static [&'static str]),
    /// An agent sets the thread to wait for the customer.
    Waits(&'static str),
    /// An agent snoozes the thread for so many hours.
    Sleeps(&'static str, i32),
    /// An agent marks the thread as done.
    Closes(&'static str),
    /// Plain marks the thread as done, as nobody wrote any more.
    Expires,
    /// The host product reports something about the thread.
    Event(&'static str, &'static str),
    /// The first message of the thread of that title, which was merged into this one.
    Merges(&'static str, &'static str),
}

/// What an e-mail has besides its words.
pub struct Extras {
    /// Names and addresses in Cc.
    pub cc: &'static [(&'static str, &'static str)],
    /// Names and addresses in Bcc: no portal may show them.
    pub bcc: &'static [(&'static str, &'static str)],
    /// The older message that the e-mail quotes.
    pub quoted: Option<&'static str>,
    /// File names, sizes in bytes, and types.
    pub files: &'static [(&'static str, i32, &'static str)],
}

impl Extras {
    /// Nothing besides the words: for `..Extras::NONE`.
    pub const NONE: Self = Self {
        cc: &[],
        bcc: &[],
        quoted: None,
        files: &[],
    };
}

/// Minutes in a day, in an hour.
pub const DAY: u32 = 24 * 60;
pub const HOUR: u32 = 60;
