//! Reads a form with files from a body, as it comes in.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use axum::body::{Body, BodyDataStream, Bytes};
use futures::Stream;
use multer::{Field, Multipart};

use super::{FILES, Form, MAX_FORM, MOST_NAMED};
use crate::{
    content,
    desk::Desk,
    file_rules::{self, FileProblem, MAX_BY_CHAT, MAX_FILES},
    model::DraftFile,
    spool::{self, Incoming},
};

/// Nobody reads on behind this: twice the largest message, so that what is too large can still be named.
const MOST_BYTES: u64 = 2 * MAX_BY_CHAT;
/// What a part's head, or what is before the first part, may have.
const MOST_BETWEEN: usize = 1024 * 1024;
/// The field in which the page's script sends one file.
const FILE: &str = "file";

/// A body that is a form.
pub struct Reader {
    parts: Multipart<'static>,
    unread: Arc<AtomicUsize>,
    /// Whose spool takes the files; without it they are only named.
    desk: Option<Desk>,
    form: Form,
    submission: String,
    words: usize,
    bytes: u64,
    files: usize,
}

impl Reader {
    pub fn new(body: Body, boundary: String, desk: Option<Desk>) -> Self {
        let unread = Arc::<AtomicUsize>::default();
        let pieces = Pieces {
            body: body.into_data_stream(),
            unread: Arc::clone(&unread),
            breathes: false,
        };
        Self {
            parts: Multipart::new(pieces, boundary),
            unread,
            desk: desk.filter(Desk::may_write),
            form: Form::default(),
            submission: String::new(),
            words: 0,
            bytes: 0,
            files: 0,
        }
    }

    /// Reads to the end, or as far as it comes.
    pub async fn read(mut self) -> Form {
        loop {
            self.unread.store(0, Ordering::Relaxed);
            match self.parts.next_field().await {
                Ok(None) => break,
                Ok(Some(part)) => {
                    let is_whole = match part.file_name().map(str::to_owned) {
                        Some(name) if is_file(&part) => self.file(part, &name).await,
                        _ => self.text(part).await,
                    };
                    if !is_whole {
                        break;
                    }
                }
                Err(error) => {
                    tracing::info!(%error, "a form broke off");
                    self.form.picked.broken_off = true;
                    break;
                }
            }
        }
        self.form
    }

    /// `false` when that was all.
    async fn text(&mut self, mut part: Field<'static>) -> bool {
        let name = part.name().unwrap_or_default().to_owned();
        self.words += name.len();
        let mut value = vec![];
        let is_whole = loop {
            self.unread.store(0, Ordering::Relaxed);
            match part.chunk().await {
                Ok(None) => break true,
                Ok(Some(piece)) => {
                    self.words += piece.len();
                    // One too many is enough to be refused for.
                    if self.words > MAX_FORM {
                        value.resize(MAX_FORM + 1, b' ');
                        break false;
                    }
                    value.extend_from_slice(&piece);
                }
                Err(_) => {
                    self.form.picked.broken_off = true;
                    break false;
                }
            }
        };
        let value = String::from_utf8_lossy(&value).into_owned();
        if name == "submission" {
            self.submission.clone_from(&value);
        }
        self.form.add(name, value);
        is_whole
    }

    /// `false` when that was all.
    async fn file(&mut self, mut part: Field<'static>, name: &str) -> bool {
        let mut size = 0;
        let mut incoming = None;
        let mut problem = self.before_it_comes(name);
        let is_whole = loop {
            self.unread.store(0, Ordering::Relaxed);
            let piece = match part.chunk().await {
                Ok(None) => break true,
                Ok(Some(piece)) => piece,
                Err(error) => {
                    tracing::info!(%error, "a file broke off");
                    self.form.picked.broken_off = true;
                    problem = problem.or(Some(FileProblem::BrokenOff));
                    break false;
                }
            };
            size += piece.len() as u64;
            self.bytes += piece.len() as u64;
            if self.bytes > MAX_BY_CHAT {
                problem = problem.or(Some(FileProblem::TooLarge));
            }
            if self.bytes > MOST_BYTES {
                break false;
            }
            if problem.is_none()
                && let Err(error) = self.keep(&mut incoming, name, &piece).await
            {
                problem = Some(said(&error));
            }
            if problem.is_some() {
                incoming = None;
            }
        };
        // Where nothing was picked, browsers send a part without a name and without content.
        if name.is_empty() && size == 0 {
            return is_whole;
        }
        self.files += 1;
        let problem = problem.or_else(|| file_rules::problem_with(name, size));
        let kept = match (problem, incoming) {
            (None, Some(incoming)) => incoming.finish().await.map_err(|error| said(&error)),
            (problem, _) => Err(problem.unwrap_or(FileProblem::Gone)),
        };
        match kept {
            Ok(file) => self.form.name(&file.id),
            Err(problem) if self.form.picked.refused.len() < MOST_NAMED => {
                let name = content::file_name(name);
                let refused = DraftFile::refused(name, size, problem);
                self.form.picked.refused.push(refused);
            }
            Err(_) => {}
        }
        is_whole
    }

    fn before_it_comes(&self, name: &str) -> Option<FileProblem> {
        if self.desk.is_none() {
            // Nobody is there who could have it.
            return Some(FileProblem::Gone);
        }
        if self.files >= MAX_FILES {
            return Some(FileProblem::TooMany);
        }
        // Its size is not known yet.
        file_rules::problem_with(name, u64::MAX)
    }

    async fn keep(
        &self,
        incoming: &mut Option<Incoming>,
        name: &str,
        piece: &[u8],
    ) -> Result<(), spool::Error> {
        let Some(desk) = &self.desk else {
            return Ok(());
        };
        let incoming = match incoming {
            Some(incoming) => incoming,
            None => incoming.insert(desk.take_file(&self.submission, name).await?),
        };
        incoming.write(piece).await
    }
}

fn is_file(part: &Field<'_>) -> bool {
    part.name()
        .is_some_and(|name| [FILES, FILE].contains(&name))
}

fn said(error: &spool::Error) -> FileProblem {
    tracing::warn!(%error, "a file was not taken");
    FileProblem::NoRoom
}

/// A body, one piece at a time: multer reads on as long as something is there, and would hold what the disk cannot take yet.
struct Pieces {
    body: BodyDataStream,
    /// What has been handed out since the reader last got something of it.
    unread: Arc<AtomicUsize>,
    breathes: bool,
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.breathes) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.unread.load(Ordering::Relaxed) > MOST_BETWEEN {
            let error = io::Error::other("too much between the parts of a form");
            return Poll::Ready(Some(Err(error)));
        }
        let piece = std::task::ready!(Pin::new(&mut self.body).poll_next(context));
        self.breathes = true;
        // What breaks off ends: multer reads what has come in until then, and finds that the end is missing.
        Poll::Ready(piece.and_then(Result::ok).map(|piece| {
            self.unread.fetch_add(piece.len(), Ordering::Relaxed);
            Ok(piece)
        }))
    }
}
