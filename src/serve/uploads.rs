//! Forms with files, and single files of the page's script: their content goes to the spool piece by piece, and never into memory.
//!
//! What comes out is the same form without files, as it would come in without `multipart/form-data` (RFC 7578), and a [`Picked`]
//! beside it. In both encodings `files` may also name, by its id, a file that has come in before.

mod multipart;
mod named;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use leptos::server_fn::ServerFn as _;
use serde_json::json;
use tracing::Instrument as _;

use super::{Portal, forms::MAX_FORM, viewer::NoDesk};
use crate::{
    api,
    app::components::Notice,
    content,
    desk::Desk,
    file_rules::{FileProblem, MAX_BY_CHAT},
    model::{DraftFile, Picked},
};

use multipart::Reader;

const FORM: &str = "application/x-www-form-urlencoded";

/// A form as it came in, however it was encoded.
#[derive(Default)]
pub struct Form {
    /// Without files.
    pub fields: Vec<(String, String)>,
    pub picked: Picked,
}

/// Takes the files out of the two forms that may have some, before anybody else reads them.
pub async fn take(State(_): State<Portal>, request: Request, next: Next) -> Response {
    let takes_files = [api::Ask::PATH, api::Reply::PATH].contains(&request.uri().path());
    if request.method() != Method::POST || !takes_files {
        return next.run(request).await;
    }
    let going_on = async move {
        let (mut parts, body) = request.into_parts();
        let desk = parts.extensions.get::<Desk>().cloned();
        let form = match boundary(&parts.headers) {
            Some(boundary) => Reader::new(body, boundary, desk).read().await,
            None => match to_bytes(body, MAX_FORM).await {
                Ok(bytes) => Form::parse(&bytes),
                Err(_) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            },
        };
        let body = form.encode();
        parts.extensions.insert(form.picked);
        parts
            .headers
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
        parts
            .headers
            .insert(header::CONTENT_LENGTH, body.len().into());
        next.run(Request::from_parts(parts, Body::from(body))).await
    };
    // On a task of its own: what has come in is kept also when the browser goes away meanwhile.
    match tokio::spawn(going_on.in_current_span()).await {
        Ok(response) => response,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `POST /api/files`: fields `submission`, and then `file`. Answers as JSON: 200 with `id`, `name` and `size`; 422 with the reason in
/// `words`; 401 and 403 without a body of use.
pub async fn add(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(desk) = parts.extensions.get::<Desk>().cloned() else {
        let reason = parts.extensions.get::<NoDesk>();
        let notice = reason.map_or(Notice::SignedOut, |reason| (*reason).into());
        return notice.status().into_response();
    };
    if !desk.may_write() {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(boundary) = boundary(&parts.headers) else {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    };
    let reader = Reader::new(body, boundary, Some(desk.clone()));
    let Ok(form) = tokio::spawn(reader.read().in_current_span()).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let came_in = desk.came_in(&form.picked).await;
    match (came_in, form.picked.refused.first()) {
        (Ok(Some(file)), _) => {
            axum::Json(json!({ "id": file.id, "name": file.name, "size": file.size }))
                .into_response()
        }
        (Ok(None), refused) => {
            let problem = refused.and_then(|file| file.problem);
            let words = problem.unwrap_or(FileProblem::BrokenOff).words(MAX_BY_CHAT);
            let answer = axum::Json(json!({ "words": words }));
            (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
        }
        (Err(_), _) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// What somebody typed into a form that is not taken, without its files.
pub async fn typed(headers: &HeaderMap, body: Body) -> Vec<u8> {
    match boundary(headers) {
        Some(boundary) => Reader::new(body, boundary, None).read().await.encode(),
        None => to_bytes(body, MAX_FORM).await.unwrap_or_default().to_vec(),
    }
}

fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    multer::parse_boundary(kind).ok()
}

impl Form {
    fn parse(bytes: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(bytes) {
            form.add(name.into_owned(), value.into_owned());
        }
        form
    }

    /// A field that is no file: typed words, or the id of a file that has come in before.
    fn add(&mut self, name: String, value: String) {
        if name == FILES {
            self.name(&value);
        } else {
            self.fields.push((name, value));
        }
    }

    /// Names a file; browsers without scripts send an empty field where none was picked. What is no id stands for a file of which
    /// only the name came in, as from a form that was sent without `multipart/form-data`.
    fn name(&mut self, id: &str) {
        match uuid::Uuid::parse_str(id) {
            Ok(id) if self.picked.ids.len() < MOST_NAMED => self.picked.ids.push(id.to_string()),
            Err(_) if !id.trim().is_empty() => self.refuse(id, 0, FileProblem::BrokenOff),
            _ => {}
        }
    }

    fn refuse(&mut self, name: &str, size: u64, problem: FileProblem) {
        if self.picked.refused.len() < MOST_NAMED {
            let refused = DraftFile::refused(content::file_name(name), size, problem);
            self.picked.refused.push(refused);
        }
    }

    fn encode(&self) -> Vec<u8> {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.fields)
            .finish();
        form.into_bytes()
    }
}

/// The field of the forms' files, repeated.
const FILES: &str = "files";
/// More than any message takes, so that what is too much can be named.
const MOST_NAMED: usize = 200;
