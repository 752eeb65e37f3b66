//! The store that Plain keeps files in: addresses that are signed for one file each, and good for a while.
//!
//! It is none of Plain's API, and is not told our key. Only addresses that Plain has just named are called: by https, or by
//! http on this machine. Redirects are not followed. Files are streamed both ways, and given up when nothing moves.

mod watched;

use std::{io, pin::Pin, time::Duration};

use bytes::Bytes;
use futures::{Stream, stream};
use reqwest::{
    Body, Response, StatusCode, header,
    multipart::{Form, Part as FormPart},
    redirect, retry,
};
use tokio::time::timeout;
use url::Url;

use super::{
    attachments::NewFile,
    error::{Error, Refusal, chain},
    operations::AttachmentUploadUrl,
};
use crate::config::public_url::is_loopback;

/// How long a file may stand still before it is given up. Its whole way may take as long as it takes.
const IDLE: Duration = Duration::from_secs(30);
/// How long the store may take until it begins to give a file: somebody looks at an empty page.
const FIRST: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);
/// How much is read of what a store says when it refuses: it is for the log.
const REASON: usize = 2048;

/// The way to the store. Clones share connections.
#[derive(Clone)]
pub(super) struct FileStore {
    http: reqwest::Client,
    first: Duration,
    idle: Duration,
}

/// A part of a file, as RFC 9110, 14.1.2 writes it behind `bytes=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// From this byte to that one, or to the end.
    From(u64, Option<u64>),
    /// So many of the last bytes.
    Last(u64),
}

/// What the store gives.
pub struct Download {
    pub content: Content,
    /// How many bytes `body` has, when the store says so.
    pub length: Option<u64>,
    /// Fails with [`io::ErrorKind::TimedOut`] when nothing comes any more, and with another error when it breaks off.
    pub body: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>,
}

/// Which bytes a [`Download`] has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    Whole,
    /// From the first to the last byte, both included, of so many as the file has, when the store knows.
    Range {
        first: u64,
        last: u64,
        whole: Option<u64>,
    },
    /// None: the file does not have the part that was asked for. This is its size, when the store says it.
    Unsatisfiable {
        whole: Option<u64>,
    },
}

impl FileStore {
    /// `by_proxy`: by way of the proxies that the environment names. One does not know what listens on this machine.
    ///
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub fn new(by_proxy: bool) -> Result<Self, reqwest::Error> {
        let builder = match by_proxy {
            true => reqwest::Client::builder(),
            false => reqwest::Client::builder().no_proxy(),
        };
        let http = builder
            .connect_timeout(CONNECT)
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never())
            .http1_only()
            // A file's bytes are passed on as they are.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .user_agent(concat!("plain-portal/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            http,
            first: FIRST,
            idle: IDLE,
        })
    }

    /// The same with another patience.
    #[cfg(test)]
    pub fn with_idle(self, idle: Duration) -> Self {
        let first = idle;
        Self {
            first,
            idle,
            ..self
        }
    }

    /// Posts a file with the form that belongs to it.
    pub async fn upload(
        &self,
        place: &AttachmentUploadUrl,
        file: &NewFile<'_>,
        body: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<(), Error> {
        let url = address(&place.upload_form_url)?;
        let (body, watched) = watched::watch(body, file.size_bytes);
        // A line end in a name would end the part's header.
        let part = FormPart::stream_with_length(Body::wrap_stream(body), file.size_bytes)
            .file_name(file.name.replace(char::is_control, ""));
        let fields = place.upload_form_data.iter();
        let form = fields.fold(Form::new(), |form, field| {
            form.text(field.key.clone(), field.value.clone())
        });
        // Stores read the form in its order and ignore whatever follows the file.
        let form = form.part("file", part);
        let sending = self.http.post(url).multipart(form).send();
        let sent = tokio::select! {
            sent = sending => sent.map_err(away),
            () = watched.stalled(self.idle) => Err(stalled(self.idle)),
        };
        if let Some(reason) = watched.failure() {
            let detail = reason.to_owned();
            return Err(Error::FileUnreadable { detail });
        }
        let response = sent?;
        match response.status() {
            status if status.is_success() => Ok(()),
            _ => Err(self.refused(response).await),
        }
    }

    /// Begins to fetch a file, or a part of it.
    pub async fn download(&self, url: &str, part: Option<Part>) -> Result<Download, Error> {
        let mut request = self.http.get(address(url)?);
        if let Some(part) = part {
            request = request.header(header::RANGE, part.to_string());
        }
        let response = timeout(self.first, request.send()).await;
        let response = response.map_err(|_| stalled(self.first))?.map_err(away)?;
        let content = match (response.status(), part) {
            (StatusCode::OK, _) => Content::Whole,
            (StatusCode::PARTIAL_CONTENT, Some(part)) => range(&response, part)?,
            (StatusCode::RANGE_NOT_SATISFIABLE, Some(_)) => Content::Unsatisfiable {
                whole: content_range(&response)
                    .and_then(|range| range.strip_prefix("*/")?.parse().ok()),
            },
            _ => return Err(self.refused(response).await),
        };
        let coding = response.headers().get(header::CONTENT_ENCODING);
        if coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            let detail = "the file store answers in a coding that was not asked for";
            return Err(Error::not_understood(detail));
        }
        Ok(Download {
            content,
            length: response.content_length(),
            body: Box::pin(unless_it_stands_still(response, self.idle)),
        })
    }

    /// The error of an answer that is none of those that we wait for.
    async fn refused(&self, mut response: Response) -> Error {
        let status = response.status();
        let mut reason = Vec::new();
        while reason.len() < REASON
            && let Ok(Ok(Some(chunk))) = timeout(self.idle, response.chunk()).await
        {
            reason.extend_from_slice(&chunk);
        }
        reason.truncate(REASON);
        let reason = String::from_utf8_lossy(&reason);
        let detail = fit_for_the_log(&format!("HTTP {}: {reason}", status.as_u16()));
        match status {
            // By this code Amazon S3 and what speaks like it refuse a form whose file is larger than its policy says.
            StatusCode::PAYLOAD_TOO_LARGE => too_large(detail),
            _ if reason.contains("<Code>EntityTooLarge</Code>") => too_large(detail),
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
                Error::FileStoreAway { detail }
            }
            status if status.is_server_error() => Error::FileStoreAway { detail },
            _ => Error::FileStoreRefused { detail },
        }
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::From(first, Some(last)) => write!(f, "bytes={first}-{last}"),
            Self::From(first, None) => write!(f, "bytes={first}-"),
            Self::Last(count) => write!(f, "bytes=-{count}"),
        }
    }
}

/// Reads an address that Plain has named. What a URL can hold besides (a name and a password) would go out as credentials.
fn address(url: &str) -> Result<Url, Error> {
    let parsed = Url::parse(url).ok().filter(|url| {
        let safe = url.scheme() == "https" || url.scheme() == "http" && is_loopback(url);
        safe && url.username().is_empty() && url.password().is_none()
    });
    // Not a word of the address itself: it opens the file.
    parsed.ok_or_else(|| {
        Error::not_understood("Plain names a file store that is not called by https")
    })
}

/// The body of an answer, which fails when nothing comes for so long.
fn unless_it_stands_still(
    response: Response,
    idle: Duration,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold(response, move |mut response| async move {
        match timeout(idle, response.chunk()).await {
            Ok(Ok(Some(piece))) => Ok(Some((piece, response))),
            Ok(Ok(None)) => Ok(None),
            Ok(Err(error)) => Err(io::Error::other(chain(&error.without_url()))),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    })
}

/// `Content-Range` behind its unit.
fn content_range(response: &Response) -> Option<&str> {
    let range = response.headers().get(header::CONTENT_RANGE)?;
    range.to_str().ok()?.strip_prefix("bytes ")
}

/// The part that an answer claims to have, if it can be the one that was asked for.
fn range(response: &Response, asked: Part) -> Result<Content, Error> {
    let read = || {
        let (span, whole) = content_range(response)?.split_once('/')?;
        let (first, last) = span.split_once('-')?;
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        let whole: Option<u64> = match whole {
            "*" => None,
            whole => Some(whole.parse().ok()?),
        };
        let length = last.checked_sub(first)?.checked_add(1)?;
        let fits = match asked {
            Part::From(from, to) => first == from && to.is_none_or(|to| last <= to),
            Part::Last(count) => length <= count,
        };
        let possible = whole.is_none_or(|whole| last < whole);
        let is_as_long = response.content_length().is_none_or(|it| it == length);
        (fits && possible && is_as_long).then_some(Content::Range { first, last, whole })
    };
    read().ok_or_else(|| {
        Error::not_understood("the file store gives another part than was asked for")
    })
}

fn too_large(detail: String) -> Error {
    Error::Validation {
        refusal: Refusal::AttachmentTooLarge,
        detail,
    }
}

fn away(error: reqwest::Error) -> Error {
    Error::FileStoreAway {
        detail: fit_for_the_log(&chain(&error.without_url())),
    }
}

fn stalled(idle: Duration) -> Error {
    Error::FileStoreAway {
        detail: format!("nothing has moved for {idle:?}"),
    }
}

fn fit_for_the_log(text: &str) -> String {
    const ENOUGH: usize = 500;
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(clean).take(ENOUGH).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
