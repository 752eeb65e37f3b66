//! Plain's HTTP: one endpoint, 200 for every well-formed request, 401 and 400 for the others. Beside it the sandbox's own
//! endpoints.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{ConnectInfo, State as Extract},
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
    response::{IntoResponse, Response},
    routing::post,
};

use super::{
    agent,
    answer::{Reply, error},
    call::Call,
    control, files, local,
    service::Service,
    wire::Cut,
};

/// Where the API is.
pub const PATH: &str = "/graphql/v1";

/// The routes over a service.
pub fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route(PATH, post(answer))
        .merge(files::routes())
        .merge(local::only(agent::routes().merge(control::routes())))
        .with_state(service)
}

async fn answer(
    Extract(service): Extract<Arc<Service>>,
    ConnectInfo(connection): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !has_api_key(&headers) {
        return error(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            "An API key is needed: Authorization: Bearer plainApiKey_…",
        );
    }
    let call = match Call::read(&body) {
        Ok(call) => call,
        Err(why) => {
            let message = format!("The body must be JSON with a `query`: {why}");
            return error(StatusCode::BAD_REQUEST, "BAD_REQUEST", &message);
        }
    };
    // In a task of its own: what has arrived is carried out, also when the caller has hung up meanwhile.
    match tokio::spawn(async move { service.call(call).await }).await {
        Ok(Reply::Response(response)) => response,
        Ok(Reply::Reset) => {
            connection.now();
            StatusCode::NO_CONTENT.into_response()
        }
        Err(why) => {
            let code = "INTERNAL_SERVER_ERROR";
            error(StatusCode::INTERNAL_SERVER_ERROR, code, &why.to_string())
        }
    }
}

fn has_api_key(headers: &HeaderMap) -> bool {
    headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer plainApiKey_"))
        .is_some_and(|rest| !rest.is_empty())
}
