//! What stands in a timeline, as messages and quiet lines.

use jiff::{SignedDuration, Timestamp};

use super::{agent, blocks, created_at, mail, named, person, status_line::Run, time};
use crate::{
    content,
    desk::{
        Error,
        merged::{MergedThreads, Origin},
    },
    model::{
        Attachment, Author, Body, Entry, Event, FileKind, Happening, Mail, Message, Person, Via,
        Viewer, is_blank,
    },
    plain::operations::{
        self, Actor, DateTime, MERGES_ASKED_FOR, TimelineEntry, TimelineRow, may_be_shown,
    },
};

/// A form's message is in its thread from the beginning, give or take this much.
const FROM_THE_BEGINNING: SignedDuration = SignedDuration::from_secs(60);

/// A page of Plain's timeline (newest first) as entries, oldest first. `from_the_beginning`: there is nothing before it.
pub fn entries(
    rows: impl DoubleEndedIterator<Item = TimelineRow>,
    from_the_beginning: bool,
    thread: &operations::Thread,
    merged: &MergedThreads,
    viewer: &Viewer,
) -> Result<Vec<Entry>, Error> {
    let mut page = Page {
        thread,
        merged,
        viewer,
        created_at: created_at(thread)?,
        from_the_beginning,
        is_begun: false,
        entries: vec![],
        run: None,
    };
    for row in rows.rev() {
        match row {
            TimelineRow::Entry(entry) => page.take(*entry),
            TimelineRow::Unreadable(row) => page.cannot_read(row),
        }
    }
    page.end_run();
    Ok(page.entries)
}

struct Page<'a> {
    thread: &'a operations::Thread,
    merged: &'a MergedThreads,
    viewer: &'a Viewer,
    created_at: Timestamp,
    from_the_beginning: bool,
    /// Something other than a change of the status has been seen, shown or not.
    is_begun: bool,
    entries: Vec<Entry>,
    /// Changes of the status since the last message.
    run: Option<Run>,
}

impl Page<'_> {
    fn take(&mut self, entry: TimelineEntry) {
        if let operations::Entry::ThreadStatusTransitioned(change) = &entry.entry {
            let by = entry.actor.and_then(|actor| self.doer(actor));
            let at = time(&entry.timestamp);
            let run = Run::new(entry.id.into_inner(), at, change, by);
            self.run = Some(match self.run.take() {
                Some(before) => before.then(run),
                None => run,
            });
            return;
        }
        let is_first = self.from_the_beginning && !self.is_begun;
        self.is_begun = true;
        if let Some(entry) = self.entry(entry, is_first.then_some(self.thread), 0) {
            self.end_run();
            self.entries.push(entry);
        }
    }

    /// What we did not ask for is nobody's to miss.
    fn cannot_read(&mut self, row: operations::Unreadable) {
        self.is_begun = true;
        let is_wanted = row.kind.as_deref().is_none_or(may_be_shown);
        let is_said = self.run.is_none() && self.entries.last().is_some_and(Entry::is_unreadable);
        if is_wanted && !is_said {
            self.end_run();
            let id = row.id.unwrap_or_default();
            self.entries.push(event(id, None, Happening::Unreadable));
        }
    }

    fn end_run(&mut self) {
        let event = self.run.take().and_then(Run::into_event);
        self.entries.extend(event.map(Entry::Event));
    }

    /// A message; `begins` is the thread that it may be the first message of, `merges` how often it has been merged.
    fn entry(
        &self,
        entry: TimelineEntry,
        begins: Option<&operations::Thread>,
        merges: u8,
    ) -> Option<Entry> {
        let at = time(&entry.timestamp).unwrap_or(self.created_at);
        let is_by_a_person = matches!(
            entry.actor,
            Some(Actor::User(_) | Actor::Customer(_) | Actor::DeletedCustomer(_))
        );
        let author = entry.actor.map_or(Author::System, |it| self.author(it));
        let id = entry.id.into_inner();
        let said = match entry.entry {
            operations::Entry::MergedThreadMessage(merged) => {
                return self.merged(id, at, merged, merges);
            }
            entry => said(entry, &author)?,
        };
        let author = match (&said.body, author, begins) {
            // A form arrives by the host's API key, but it is the customer who wrote it.
            (Body::Blocks(_), _, Some(thread)) if !is_by_a_person => {
                Author::Customer(person(&thread.customer, self.viewer))
            }
            (_, author, _) => author,
        };
        Some(Entry::Message(Box::new(Message {
            subject: said.subject,
            via: said.via,
            edited: said.edited,
            mail: said.mail,
            attachments: said.files.into_iter().map(attachment).collect(),
            ..Message::new(id, at, author, said.body)
        })))
    }

    /// A message of a thread that was merged into this one: by the same rules, if the viewer may see that thread. Where
    /// the thread is not there any more, it is shown to who wrote it.
    fn merged(
        &self,
        id: String,
        at: Timestamp,
        merged: operations::MergedThreadMessageEntry,
        merges: u8,
    ) -> Option<Entry> {
        let Some(child) = merged.child_timeline_entry else {
            // Further down than we asked for there may be something; above it there is nothing.
            let unknown = merges >= MERGES_ASKED_FOR;
            return unknown.then(|| event(id, Some(at), Happening::Unreadable));
        };
        let from = merged.child_thread_details.id;
        let origin = [&from, &child.thread_id]
            .into_iter()
            .filter(|id| **id != self.thread.id)
            .map(|id| self.merged.origin(id.inner()))
            .max()
            .unwrap_or(Origin::Visible);
        let begins = self.merged.get(from.inner()).filter(|thread| {
            let created = time(&thread.created_at);
            let said = time(&child.timestamp);
            matches!((created, said), (Some(created), Some(said)) if said.duration_since(created) <= FROM_THE_BEGINNING)
        });
        let is_own = matches!(&child.actor, Some(Actor::Customer(actor)) if actor.customer_id.inner() == self.viewer.customer_id);
        let may_see = match origin {
            Origin::Visible => true,
            Origin::Gone => is_own,
            Origin::Hidden | Origin::Unknown => false,
        };
        let what = match self.entry(*child, begins, merges + 1)? {
            Entry::Message(message) if may_see => {
                return Some(Entry::Message(Box::new(Message {
                    id,
                    merged: true,
                    ..*message
                })));
            }
            Entry::Event(inner) if may_see => inner.what,
            _ if origin == Origin::Unknown => Happening::Unreadable,
            _ => Happening::MergedFromElsewhere,
        };
        Some(event(id, Some(at), what))
    }

    fn author(&self, actor: Actor) -> Author {
        match actor {
            Actor::Customer(actor) => {
                let name = actor.customer.and_then(|customer| customer.full_name);
                let id = actor.customer_id.inner();
                Author::Customer(named(id, &name.unwrap_or_default(), self.viewer))
            }
            Actor::DeletedCustomer(_) => Author::Customer(Person {
                name: "A former colleague".to_owned(),
                is_viewer: false,
            }),
            Actor::User(actor) => Author::Agent(agent(actor.user.and_then(|it| it.public_name))),
            Actor::MachineUser(actor) => {
                Author::Agent(agent(actor.machine_user.and_then(|it| it.public_name)))
            }
            Actor::Other => Author::System,
        }
    }

    /// Who changed a status. What an API key does is done for somebody: for a customer, when it is ours.
    fn doer(&self, actor: Actor) -> Option<Author> {
        match actor {
            Actor::Customer(_) | Actor::DeletedCustomer(_) | Actor::User(_) => {
                Some(self.author(actor))
            }
            Actor::MachineUser(_) | Actor::Other => None,
        }
    }
}

fn event(id: String, at: Option<Timestamp>, what: Happening) -> Entry {
    Entry::Event(Event { id, at, what })
}

/// What an entry of one kind says.
pub(super) struct Said {
    pub subject: Option<String>,
    pub body: Body,
    pub via: Option<Via>,
    pub edited: bool,
    pub mail: Option<Mail>,
    pub files: Vec<operations::Attachment>,
}

/// Files as an entry has them.
type Files = Option<Vec<Option<operations::Attachment>>>;

impl Said {
    fn by(via: Option<Via>, body: Body) -> Self {
        Self {
            subject: None,
            body,
            via,
            edited: false,
            mail: None,
            files: vec![],
        }
    }

    fn with(self, files: Files) -> Self {
        Self {
            files: files.into_iter().flatten().flatten().collect(),
            ..self
        }
    }
}

/// `None` for what is not a message to show.
fn said(entry: operations::Entry, author: &Author) -> Option<Said> {
    use operations::Entry as Plain;
    Some(match entry {
        Plain::Chat(chat) => Said::by(None, words(chat.chat_text)).with(chat.attachments),
        Plain::Custom(custom) => {
            let has_files = custom.attachments.iter().flatten().any(Option::is_some);
            Said::by(None, blocks::body(custom.components, has_files)).with(custom.attachments)
        }
        Plain::Email(email) => mail::said(*email, author)?,
        Plain::SlackMessage(it) => elsewhere(
            Via::Slack,
            words(Some(it.text)),
            it.last_edited_on_slack_at,
            it.deleted_on_slack_at,
            it.attachments,
        ),
        Plain::SlackReply(it) => elsewhere(
            Via::Slack,
            words(Some(it.text)),
            it.last_edited_on_slack_at,
            it.deleted_on_slack_at,
            it.attachments,
        ),
        Plain::MsTeamsMessage(it) => elsewhere(
            Via::MsTeams,
            match it.markdown_content.filter(|text| !is_blank(text)) {
                Some(markdown) => Body::Markdown(markdown),
                None if is_blank(&it.text) => Body::Empty,
                // Without markdown it is what was typed: its stars and dashes mean nothing.
                None => Body::Plain(it.text),
            },
            it.last_edited_on_ms_teams_at,
            it.deleted_on_ms_teams_at,
            it.attachments,
        ),
        Plain::DiscordMessage(it) => elsewhere(
            Via::Discord,
            words(it.markdown_content),
            it.last_edited_on_discord_at,
            it.deleted_on_discord_at,
            it.attachments,
        ),
        Plain::HelpCenterAiConversationMessage(it) => {
            Said::by(Some(Via::HelpCentre), words(Some(it.markdown)))
        }
        Plain::MergedThreadMessage(_) | Plain::ThreadStatusTransitioned(_) | Plain::Other => {
            return None;
        }
    })
}

/// A message of another product, whose author can change it, or take it and its files back there.
fn elsewhere(
    via: Via,
    body: Body,
    edited: Option<DateTime>,
    deleted: Option<DateTime>,
    files: Files,
) -> Said {
    match deleted {
        Some(_) => Said::by(Some(via), Body::Deleted),
        None => Said {
            edited: edited.is_some(),
            ..Said::by(Some(via), body).with(files)
        },
    }
}

/// Somebody sent it, so it is shown, whether there are words in it or not.
fn words(text: Option<String>) -> Body {
    text.filter(|text| !is_blank(text))
        .map_or(Body::Empty, Body::Markdown)
}

fn attachment(file: operations::Attachment) -> Attachment {
    let name = content::line(&file.file_name.unwrap_or_default());
    Attachment {
        kind: FileKind::of(&file.file_mime_type.unwrap_or_default(), &name),
        name: match name.is_empty() {
            true => "Unnamed file".to_owned(),
            false => name,
        },
        size_bytes: file
            .file_size
            .and_then(|size| size.bytes)
            .map_or(0, |bytes| bytes.0),
        id: file.id.into_inner(),
    }
}
