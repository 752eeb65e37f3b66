//! Reads a form with files from a body, as it comes in.

use std::{
    borrow::Cow,
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
use multer::{Constraints, Field, Multipart, SizeLimit};

use super::{Form, MAX_FORM, named::file_name};
use crate::{
    desk::Desk,
    file_rules::{self, FileProblem, MAX_BY_CHAT, MAX_FILES},
    spool::{self, Incoming},
};

/// Nobody reads on behind this: twice the largest message, so that what is too large can still be named.
const MOST_BYTES: u64 = 2 * MAX_BY_CHAT;
/// Whatever it is made of: files, words, and the heads of parts, also of those without a content.
const MOST_IN_ALL: u64 = MOST_BYTES + 8_000_000;
/// What a part's head, or what is before the first part, may have.
const MOST_BETWEEN: usize = 1024 * 1024;
/// What a field takes in memory beside its name and its words.
const FIELD: usize = 64;

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
        let limit = SizeLimit::new().whole_stream(MOST_IN_ALL);
        let limits = Constraints::new().size_limit(limit);
        Self {
            parts: Multipart::with_constraints(pieces, boundary, limits),
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
                    let is_whole = match file_name(&part).map(Cow::into_owned) {
                        Some(name) => self.file(part, &name).await,
                        None => self.text(part).await,
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
        self.words += name.len() + FIELD;
        let mut value = vec![];
        let is_whole = loop {
            if self.words > MAX_FORM {
                break false;
            }
            self.unread.store(0, Ordering::Relaxed);
            match part.chunk().await {
                Ok(None) => break true,
                Ok(Some(piece)) => {
                    self.words += piece.len();
                    if self.words <= MAX_FORM {
                        value.extend_from_slice(&piece);
                    }
                }
                Err(_) => {
                    self.form.picked.broken_off = true;
                    break false;
                }
            }
        };
        if self.words > MAX_FORM {
            // One too many is enough to be refused for, whatever the field.
            value.resize(MAX_FORM + 1, b' ');
            let value = String::from_utf8_lossy(&value).into_owned();
            self.form.fields.push((name, value));
            return false;
        }
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
            Err(problem) => self.form.refuse(name, size, problem),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use futures::StreamExt as _;

    use super::*;

    /// Reads this part again and again, without an end; returns what came of it, and after how many bytes.
    async fn read_endless(part: &str) -> (Form, u64) {
        let part = Bytes::from(format!(
            "--b\r\nContent-Disposition: form-data; {part}\r\n\r\n\r\n"
        ));
        let sent = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&sent);
        let parts = futures::stream::repeat(part)
            .inspect(move |part| {
                counted.fetch_add(part.len(), Ordering::Relaxed);
            })
            .map(io::Result::Ok);
        let form = Reader::new(Body::from_stream(parts), "b".into(), None).read();
        let form = form.await;
        (form, sent.load(Ordering::Relaxed) as u64)
    }

    #[tokio::test]
    async fn parts_without_content_are_counted() {
        let (form, read) = read_endless("name=\"x\"").await;
        assert!(form.fields.len() <= MAX_FORM / FIELD + 1);
        assert!(form.encode().len() > MAX_FORM, "it is to be refused");
        assert!(read < 2_000_000, "{read}");
    }

    #[tokio::test]
    async fn no_form_is_read_without_end() {
        let head = format!(
            "name=\"files\"; filename=\"\"; x=\"{}\"",
            "x".repeat(900_000)
        );
        let (form, read) = read_endless(&head).await;
        assert!(form.picked.broken_off);
        assert!(read < MOST_IN_ALL + 2_000_000, "{read}");
    }
}
