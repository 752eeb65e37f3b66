//! Answers over HTTP, true ones and others.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use futures::{StreamExt as _, stream};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::{
    call::Call,
    faults::{Effect, Fault},
    typed::{Path, Types},
};

/// How the sandbox answers a call.
pub enum Reply {
    Response(Response),
    /// Not at all: the connection is to be reset.
    Reset,
}

impl<T: IntoResponse> From<T> for Reply {
    fn from(response: T) -> Self {
        Self::Response(response.into_response())
    }
}

/// What ends the wait of a call.
#[derive(Clone)]
pub struct Interrupt {
    pub stopping: watch::Receiver<bool>,
    pub cleared: watch::Receiver<()>,
}

/// Which of them it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupted {
    /// The sandbox stops.
    Stopping,
    /// The faults were cleared.
    Cleared,
}

impl Interrupt {
    /// Waits for `work` unless something ends the wait before.
    pub async fn or<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        tokio::select! {
            biased;
            _ = self.stopping.wait_for(|stop| *stop) => Err(Interrupted::Stopping),
            // The sender lives as long as the sandbox.
            _ = self.cleared.changed() => Err(Interrupted::Cleared),
            done = work => Ok(done),
        }
    }
}

/// A true answer in JSON, with the types of its values when they were asked for.
pub struct Answer {
    pub json: Value,
    pub types: Types,
}

impl Fault {
    /// What becomes of a file on its way. `answer` is the true one when there is one already.
    pub async fn act_on_file(self, answer: Option<Response>, interrupt: Interrupt) -> Reply {
        let mut reply = self.effect.act_on_file(answer, interrupt).await;
        if let (Reply::Response(response), Some(wait)) = (&mut reply, self.retry_after) {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, wait.as_secs().into());
        }
        reply
    }

    /// What becomes of a call. `answer` is the true one when the operation was carried out.
    pub async fn act(self, call: &Call, answer: Option<Answer>, interrupt: Interrupt) -> Reply {
        let mut reply = self.effect.act(call, answer, interrupt).await;
        if let (Reply::Response(response), Some(wait)) = (&mut reply, self.retry_after) {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, wait.as_secs().into());
        }
        reply
    }
}

impl Effect {
    async fn act(self, call: &Call, answer: Option<Answer>, mut interrupt: Interrupt) -> Reply {
        match self {
            Self::Status(status) => {
                let (code, message) = words(status);
                error(status, code, message).into()
            }
            Self::Answer(status, body) => json_text(status, body).into(),
            Self::Malformed => json_text(StatusCode::OK, r#"{"data":{"thread":{"id":"#).into(),
            Self::Empty => StatusCode::OK.into(),
            Self::Html(status) => (status, Html(PAGE)).into(),
            Self::Error(code) => {
                let message = format!("The sandbox was told to answer {code}.");
                error(StatusCode::OK, &code, &message).into()
            }
            Self::Refusal {
                code,
                message,
                field,
            } => {
                let message =
                    message.unwrap_or_else(|| format!("The sandbox was told to answer {code}."));
                refusal(call, &mutation_error(&code, &message, field.as_deref())).into()
            }
            Self::Partial(field) => {
                let Some(mut answer) = answer else {
                    return Reply::Reset;
                };
                answer.lose(field.as_deref());
                axum::Json(answer.json).into()
            }
            Self::Slow(over) => {
                let json = answer.map_or(Value::Null, |answer| answer.json);
                let headers = [(header::CONTENT_TYPE, "application/json")];
                (headers, trickle(json.to_string().into(), over, interrupt)).into()
            }
            Self::CutOff => {
                let json = answer.map_or(Value::Null, |answer| answer.json);
                cut_off(axum::Json(json).into_response()).await
            }
            Self::Hang => {
                let _ = interrupt.or(std::future::pending::<()>()).await;
                Reply::Reset
            }
            // A gate is passed before anything is decided; nobody acts on one.
            Self::Reset | Self::Hold(_) => Reply::Reset,
        }
    }
}

impl Effect {
    async fn act_on_file(self, answer: Option<Response>, mut interrupt: Interrupt) -> Reply {
        let answer = answer.unwrap_or_else(|| StatusCode::NO_CONTENT.into_response());
        match self {
            Self::Status(status) => (status, words(status).1).into(),
            Self::Answer(status, body) => (status, body).into(),
            Self::Empty => StatusCode::OK.into(),
            Self::Html(status) => (status, Html(PAGE)).into(),
            Self::Slow(over) => {
                let (parts, body) = answer.into_parts();
                match to_bytes(body, usize::MAX).await {
                    Ok(body) => Response::from_parts(parts, trickle(body, over, interrupt)).into(),
                    Err(_) => Reply::Reset,
                }
            }
            Self::CutOff => cut_off(answer).await,
            Self::Hang => {
                let _ = interrupt.or(std::future::pending::<()>()).await;
                Reply::Reset
            }
            Self::Reset
            | Self::Hold(_)
            | Self::Malformed
            | Self::Error(_)
            | Self::Refusal { .. }
            | Self::Partial(_) => Reply::Reset,
        }
    }
}

/// The same answer, whose body ends in the middle.
async fn cut_off(answer: Response) -> Reply {
    let (mut parts, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Reply::Reset;
    };
    parts
        .headers
        .insert(header::CONTENT_LENGTH, body.len().into());
    let half = stream::iter([Ok(body.slice(..body.len() / 2))]);
    let end = stream::once(async {
        // What is written is sent when there is nothing more to write at this moment.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::BrokenPipe))
    });
    let body = Body::from_stream(half.chain(end));
    Response::from_parts(parts, body).into()
}

impl Answer {
    /// Loses the fields of this name, or else one value: see [`super::faults::Fault::partial`].
    fn lose(&mut self, field: Option<&str>) {
        let there = |path: &&Path, json: &mut Value| {
            Types::value(json, path).is_some_and(|value| !value.is_null())
        };
        let lost: Vec<Path> = match field {
            Some(field) => {
                let named = self
                    .types
                    .0
                    .iter()
                    .filter(|(_, typed)| typed.field == field);
                named.map(|(path, _)| path.clone()).collect()
            }
            None => {
                let nullable = self.types.0.iter().filter(|(_, typed)| typed.nullable);
                let mut below = nullable.map(|(path, _)| path).filter(|path| path.len() > 1);
                let first = below.find(|path| there(path, &mut self.json));
                let first = first.or_else(|| self.types.0.keys().next());
                first.into_iter().cloned().collect()
            }
        };
        for path in lost {
            let message = format!("The sandbox was told to lose `{}`.", path.join("."));
            self.types
                .fail(&mut self.json, &path, "INTERNAL_SERVER_ERROR", &message);
        }
    }
}

/// An answer without data and with one error, as Plain gives it with 200 and with other statuses.
pub fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let error = json!({ "message": message, "extensions": { "code": code } });
    let body = match status {
        StatusCode::OK => json!({ "data": null, "errors": [error] }),
        _ => json!({ "errors": [error] }),
    };
    (status, axum::Json(body)).into_response()
}

/// What a mutation answers as its `error`.
pub fn mutation_error(code: &str, message: &str, field: Option<&str>) -> Value {
    let kind = match code {
        "forbidden" => "FORBIDDEN",
        "internal" => "INTERNAL",
        _ => "VALIDATION",
    };
    let fields: Vec<Value> = field
        .map(|field| json!({ "field": field, "message": message, "type": "VALIDATION" }))
        .into_iter()
        .collect();
    json!({ "message": message, "type": kind, "code": code, "fields": fields })
}

/// The answer in which each mutation of the call was refused: its `error`, and null for all else that was asked for.
pub fn refusal(call: &Call, mutation_error: &Value) -> Response {
    let output = |name: &str| {
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        let name: String = first.into_iter().chain(letters).collect();
        json!({ "error": mutation_error, "__typename": format!("{name}Output") })
    };
    let roots = call.roots().into_iter().map(|field| {
        let output = output(field.name.node.as_str());
        let answer = call.select(&field.selection_set.node, &output);
        (field.response_key().node.to_string(), answer)
    });
    let data: Map<String, Value> = roots.collect();
    axum::Json(json!({ "data": data })).into_response()
}

/// The code and the message that go with a status.
fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::UNAUTHORIZED => ("UNAUTHENTICATED", "This API key is not known."),
        StatusCode::FORBIDDEN => ("FORBIDDEN", "This API key lacks a permission."),
        StatusCode::TOO_MANY_REQUESTS => ("RATE_LIMITED", "Too many requests."),
        _ => ("INTERNAL_SERVER_ERROR", "The sandbox was told to fail."),
    }
}

const PAGE: &str = "<!DOCTYPE html><title>Error</title><h1>The server is temporarily unable to service your request</h1>";

fn json_text(status: StatusCode, body: impl Into<Body>) -> Response {
    let json = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, json)], body.into()).into_response()
}

/// A body in up to fifty pieces, evenly over so long. When the faults are cleared the rest comes at once; when the
/// sandbox stops it breaks off.
fn trickle(body: Bytes, over: Duration, interrupt: Interrupt) -> Body {
    const PIECES: usize = 50;
    let size = body.len().div_ceil(PIECES).max(1);
    let pause = over
        / u32::try_from(body.len().div_ceil(size))
            .unwrap_or(u32::MAX)
            .max(1);
    Body::from_stream(stream::unfold(
        (body, interrupt),
        move |(mut rest, mut interrupt)| async move {
            if rest.is_empty() {
                return None;
            }
            let piece = match interrupt.or(tokio::time::sleep(pause)).await {
                Ok(()) => Ok(rest.split_to(size.min(rest.len()))),
                Err(Interrupted::Cleared) => Ok(std::mem::take(&mut rest)),
                Err(Interrupted::Stopping) => {
                    rest.clear();
                    Err(io::Error::from(io::ErrorKind::BrokenPipe))
                }
            };
            Some((piece, (rest, interrupt)))
        },
    ))
}
