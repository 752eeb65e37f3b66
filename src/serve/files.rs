//! `GET /threads/{id}/entries/{entry}/attachments/{attachment}`: a file of a message, streamed from Plain's store.
//!
//! The store is told nothing of who asks, and the browser nothing of where the file is. A file is a stranger's (ASVS 5.0,
//! V5.4, V3.2.1): only pictures are shown, those whose first bytes say that they are some, and nothing in it may act.

mod disposition;
mod media;
mod not_modified;
mod range;

use std::io;

use axum::{
    body::Body,
    extract::{Path, Request, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{Portal, pages};
use crate::{
    app::components::Notice,
    desk::{Desk, Opened},
    model::Attachment,
    plain::file_store::{Content, Download},
};
use disposition::content_disposition;

/// A picture is shown on every page of its request: it may be kept for as long as one is read, and for nobody else.
const PICTURE: &str = "private, max-age=300";
/// As pages: nothing of a request stays behind on a shared machine.
const SAVED: &str = "private, no-store";

/// The ids of the way: thread, entry, attachment.
type Way = Path<(String, String, String)>;

/// Answers with a file, a part of it (RFC 9110, 14), that the browser's own copy is good (13.1.2), or the page that says why not.
pub async fn download(
    State(portal): State<Portal>,
    way: Result<Way, PathRejection>,
    request: Request,
) -> Response {
    let Some(desk) = request.extensions().get::<Desk>().cloned() else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let notice = match way {
        Ok(Path(way)) => {
            match fetch(&portal, &desk, way, request.method(), request.headers()).await {
                Ok(response) => return response,
                Err(notice) => notice,
            }
        }
        Err(_) => Notice::NotFound,
    };
    pages::notice(&portal.site, request, notice, None).await
}

async fn fetch(
    portal: &Portal,
    desk: &Desk,
    (thread, entry, attachment): (String, String, String),
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Notice> {
    let file = desk.file(&thread, &entry, &attachment).await;
    let file = file.map_err(|error| Notice::from(&error))?;
    let entity_tag = format!("\"{}\"", file.attachment.id);
    if not_modified::is_known(headers, &entity_tag) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        set(response.headers_mut(), header::ETAG, &entity_tag);
        may_be_kept(response.headers_mut());
        return Ok(response);
    }
    let part = match *method {
        // Ranges are for GET alone (14.2).
        Method::GET => range::wanted(headers, &entity_tag),
        _ => None,
    };
    let opened = file.open(part).await;
    let download = match opened.map_err(|error| Notice::from(&error))? {
        Opened::Contents(download) => download,
        Opened::Infected => return Err(Notice::FileInfected),
        Opened::BeingScanned => return Err(Notice::FileBeingScanned),
        Opened::NotScanned => return Err(Notice::FileNotScanned),
        Opened::NotGiven => return Err(Notice::FileUnavailable),
    };
    let policy = format!(
        "sandbox; default-src 'none'; {}",
        portal.site.frame_ancestors()
    );
    let mut response = answer(&file.attachment, download).await?;
    if !response.status().is_success() {
        return Ok(response);
    }
    let headers = response.headers_mut();
    set(headers, header::ETAG, &entity_tag);
    set(headers, header::CONTENT_SECURITY_POLICY, &policy);
    Ok(response)
}

async fn answer(attachment: &Attachment, download: Download) -> Result<Response, Notice> {
    let status = match download.content {
        Content::Whole => StatusCode::OK,
        Content::Range { .. } => StatusCode::PARTIAL_CONTENT,
        Content::Unsatisfiable { whole } => {
            let size = whole.unwrap_or(attachment.size_bytes);
            let range = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
    };
    let (start, rest) = beginning(download.body).await.map_err(|error| {
        tracing::warn!(%error, "a file breaks off at its beginning");
        Notice::FileUnavailable
    })?;
    let begins = matches!(
        download.content,
        Content::Whole | Content::Range { first: 0, .. }
    );
    let shown = media::picture(&start).filter(|_| begins);
    let rest = rest.inspect_err(|error| tracing::warn!(%error, "a file breaks off"));
    let body = Body::from_stream(stream::iter([Ok(start)]).chain(rest));
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    let disposition = content_disposition(shown.is_some(), &attachment.name);
    set(headers, header::CONTENT_DISPOSITION, &disposition);
    set(headers, header::CONTENT_TYPE, shown.unwrap_or(media::ANY));
    set(headers, header::ACCEPT_RANGES, "bytes");
    match shown {
        Some(_) if download.content == Content::Whole => may_be_kept(headers),
        _ => set(headers, header::CACHE_CONTROL, SAVED),
    }
    let length = match download.content {
        Content::Range { first, last, .. } => Some(last - first + 1),
        _ => download.length,
    };
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    if let Content::Range { first, last, whole } = download.content {
        let whole = whole.map_or("*".to_owned(), |whole| whole.to_string());
        let range = format!("bytes {first}-{last}/{whole}");
        set(headers, header::CONTENT_RANGE, &range);
    }
    Ok(response)
}

/// As much of the beginning as tells what it is, and the rest.
async fn beginning(
    mut body: impl futures::Stream<Item = io::Result<Bytes>> + Unpin,
) -> io::Result<(Bytes, impl futures::Stream<Item = io::Result<Bytes>>)> {
    let mut start = Vec::new();
    while start.len() < media::ENOUGH
        && let Some(piece) = body.next().await
    {
        start.extend_from_slice(&piece?);
    }
    Ok((start.into(), body))
}

/// By this session alone: another one has another cookie.
fn may_be_kept(headers: &mut HeaderMap) {
    set(headers, header::CACHE_CONTROL, PICTURE);
    headers.append(header::VARY, HeaderValue::from_static("cookie"));
}

fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    // What is set here is made of our own words, of ids, and of names made safe.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
