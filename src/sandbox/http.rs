//! Plain's HTTP: one endpoint, 200 for every well-formed request, 401 and 400 for the others. And what the sandbox was
//! told to make of it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_graphql::ServerError;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{ConnectInfo, State as Extract},
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
    response::{IntoResponse, Response},
    routing::post,
};
use tokio::sync::watch;

use super::{
    answer::{Answer, Interrupt, Interrupted, Reply, error},
    call::Call,
    control,
    faults::{Effect, Faults, Plan, When},
    local,
    schema::Schema,
    state::State,
    store::Store,
    typed::Recorder,
    wire::Cut,
};

/// Where the API is.
pub const PATH: &str = "/graphql/v1";

/// What every request needs.
pub struct Service {
    pub schema: Schema,
    /// The same schema, which also tells the types of an answer's values.
    pub recorded: Schema,
    pub store: Arc<Store>,
    pub latency: Duration,
    pub faults: Faults,
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

    /// Answers a call: with the truth, or with what the faults make of it.
    async fn call(&self, call: Call) -> Reply {
        self.calls().push(call.name());
        if self.wait_or_stop().await {
            let (status, code) = (StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE");
            return error(status, code, "The sandbox is stopping.").into();
        }
        let Plan {
            mut holds,
            mut effect,
            cleared,
        } = self.faults.take(&call);
        let mut interrupt = Interrupt {
            stopping: self.stopping.clone(),
            cleared,
        };
        let mut answer = None;
        for moment in [When::Before, When::After] {
            if moment == When::After {
                answer = match self.execute(&call, &effect).await {
                    Ok(answer) => Some(answer),
                    Err(refused) => return refused.into(),
                };
            }
            for (_, gate) in holds.extract_if(.., |(when, _)| *when == moment) {
                match interrupt.or(gate.stand()).await {
                    Ok(()) => {}
                    Err(Interrupted::Cleared) => {
                        effect = None;
                        break;
                    }
                    Err(Interrupted::Stopping) => return Reply::Reset,
                }
            }
            if let Some((_, effect)) = effect.take_if(|(when, _)| *when == moment) {
                return effect.act(&call, answer, interrupt).await;
            }
        }
        Json(answer.map(|answer| answer.json)).into()
    }

    /// Carries a call out. The types of its values are looked up only for an effect that needs them.
    async fn execute(
        &self,
        call: &Call,
        effect: &Option<(When, Effect)>,
    ) -> Result<Answer, Response> {
        let request = call
            .request()
            .map_err(|why| error(StatusCode::OK, "GRAPHQL_PARSE_FAILED", &why.to_string()))?;
        self.store.lock().wake(State::now());
        let recorder = Recorder::default();
        let mut answer = match effect {
            Some((_, Effect::Partial(_))) => {
                self.recorded.execute(request.data(recorder.clone())).await
            }
            _ => self.schema.execute(request).await,
        };
        answer.errors.iter_mut().for_each(give_code);
        let json = serde_json::to_value(answer)
            .map_err(|why| error(StatusCode::OK, "INTERNAL_SERVER_ERROR", &why.to_string()))?;
        Ok(Answer {
            json,
            types: recorder.take(),
        })
    }

    /// Waits as long as each answer is to take; true when the server was told to stop meanwhile.
    async fn wait_or_stop(&self) -> bool {
        if self.latency.is_zero() {
            return false;
        }
        let mut stopping = self.stopping.clone();
        tokio::select! {
            () = tokio::time::sleep(self.latency) => false,
            _ = stopping.wait_for(|stop| *stop) => true,
        }
    }
}

/// The routes over a service.
pub fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route(PATH, post(answer))
        .merge(local::only(control::routes()))
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
