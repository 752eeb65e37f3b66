//! Plain's HTTP: one endpoint, 200 for every well-formed request, 401 and 400 for the others.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_graphql::{
    Request, ServerError, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument},
    },
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::State as Extract,
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use super::{schema::Schema, state::State, store::Store};

/// Where the API is.
pub const PATH: &str = "/graphql/v1";

/// What every request needs.
pub struct Service {
    pub schema: Schema,
    pub store: Arc<Store>,
    pub latency: Duration,
    /// The names of the operations so far, oldest first.
    pub calls: Mutex<Vec<String>>,
    /// True once the server is to stop.
    pub stopping: watch::Receiver<bool>,
}

impl Service {
    /// The names of the operations so far, to read or to forget.
    pub fn calls(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The routes over a service.
pub fn router(service: Arc<Service>) -> Router {
    Router::new().route(PATH, post(answer)).with_state(service)
}

#[derive(Deserialize)]
struct Call {
    query: String,
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
}

async fn answer(
    Extract(service): Extract<Arc<Service>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !has_api_key(&headers) {
        return refuse(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            "An API key is needed: Authorization: Bearer plainApiKey_…",
        );
    }
    let call: Call = match serde_json::from_slice(&body) {
        Ok(call) => call,
        Err(error) => {
            let message = format!("The body must be JSON with a `query`: {error}");
            return refuse(StatusCode::BAD_REQUEST, "BAD_REQUEST", &message);
        }
    };
    let document = parse_query(&call.query);
    service
        .calls()
        .push(operation_name(&call, document.as_ref().ok()));
    if wait_or_stop(&service).await {
        return refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            "SERVICE_UNAVAILABLE",
            "The sandbox is stopping.",
        );
    }
    let document = match document {
        Ok(document) => document,
        Err(error) => return refuse(StatusCode::OK, "GRAPHQL_PARSE_FAILED", &error.to_string()),
    };
    service.store.lock().wake(State::now());
    let variables = call.variables.unwrap_or_default();
    let mut request = Request::new(call.query)
        .variables(Variables::from_json(serde_json::Value::Object(variables)));
    request.set_parsed_query(document);
    if let Some(name) = call.operation_name {
        request = request.operation_name(name);
    }
    let mut answer = service.schema.execute(request).await;
    answer.errors.iter_mut().for_each(give_code);
    Json(answer).into_response()
}

fn has_api_key(headers: &HeaderMap) -> bool {
    headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer plainApiKey_"))
        .is_some_and(|rest| !rest.is_empty())
}

/// The name of the operation that runs: the one asked for, or the document's only one.
fn operation_name(call: &Call, document: Option<&ExecutableDocument>) -> String {
    let only = || match &document?.operations {
        DocumentOperations::Multiple(named) if named.len() == 1 => {
            named.keys().next().map(ToString::to_string)
        }
        _ => None,
    };
    call.operation_name
        .clone()
        .or_else(only)
        .unwrap_or_else(|| "anonymous".to_owned())
}

/// Waits as long as each answer is to take; true when the server was told to stop meanwhile.
async fn wait_or_stop(service: &Service) -> bool {
    if service.latency.is_zero() {
        return false;
    }
    let mut stopping = service.stopping.clone();
    tokio::select! {
        () = tokio::time::sleep(service.latency) => false,
        _ = stopping.wait_for(|stop| *stop) => true,
    }
}

/// Errors of the resolvers have their codes. Of the others, those with a path are about a value that was sent; those
/// without are about the document.
fn give_code(error: &mut ServerError) {
    let coded = error
        .extensions
        .as_ref()
        .is_some_and(|extensions| extensions.get("code").is_some());
    if !coded {
        let code = if error.path.is_empty() {
            "GRAPHQL_VALIDATION_FAILED"
        } else {
            "BAD_USER_INPUT"
        };
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", code);
    }
}

fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": code } }] });
    (status, Json(body)).into_response()
}
