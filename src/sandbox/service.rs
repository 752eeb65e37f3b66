//! How a call is answered: as Plain would, or as the sandbox was told to.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_graphql::ServerError;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tokio::sync::watch;

use super::{
    answer::{Answer, Interrupt, Interrupted, Reply, error, mutation_error, refusal},
    behaviour::Behaviour,
    call::Call,
    canary::Canaries,
    faults::{Asked, Effect, Faults, Plan, When},
    fragments,
    permissions::{Permission, missing_for, missing_to_change},
    schema::Schema,
    store::Store,
    typed::Recorder,
    webhooks::{Target, Webhooks},
};

/// What every request needs.
pub struct Service {
    pub schema: Schema,
    /// The same schema, which also tells the types of an answer's values.
    pub recorded: Schema,
    pub store: Arc<Store>,
    pub faults: Faults,
    /// The names of the operations so far, oldest first.
    pub calls: Mutex<Vec<String>>,
    pub canaries: Mutex<Canaries>,
    pub webhooks: Arc<Webhooks>,
    /// True once the server is to stop.
    pub stopping: watch::Receiver<bool>,
}

impl Service {
    /// The names of the operations so far, to read or to forget.
    pub fn calls(&self) -> MutexGuard<'_, Vec<String>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends webhooks there from now on, or nowhere.
    pub fn aim_webhooks(&self, target: Option<Target>) {
        let state = self.store.lock();
        self.webhooks.aim(target, &state);
    }

    /// What was put into the answers, when that is wanted.
    pub fn canaries(&self) -> MutexGuard<'_, Canaries> {
        self.canaries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a call: with the truth, or with what the faults make of it.
    pub async fn call(&self, call: Call) -> Reply {
        self.calls().push(call.name());
        let behaviour = self.store.lock().behaviour.clone();
        if self.wait_or_stop(behaviour.latency).await {
            let (status, code) = (StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE");
            return error(status, code, "The sandbox is stopping.").into();
        }
        let Plan {
            mut holds,
            mut fault,
            cleared,
        } = self.faults.take(Asked::Api(&call));
        let mut interrupt = Interrupt {
            stopping: self.stopping.clone(),
            cleared,
        };
        let mut answer = None;
        for moment in [When::Before, When::After] {
            if moment == When::After {
                let partial = fault.as_ref();
                let partial = partial.is_some_and(|it| matches!(it.effect, Effect::Partial(_)));
                answer = match self.execute(&call, &behaviour, partial).await {
                    Ok(answer) => Some(answer),
                    Err(refused) => return refused.into(),
                };
            }
            let here: Vec<_> = holds.extract_if(.., |(when, _)| *when == moment).collect();
            for (_, gate) in here {
                match interrupt.or(gate.stand()).await {
                    Ok(()) => {}
                    Err(Interrupted::Cleared) => {
                        holds.clear();
                        fault = None;
                        break;
                    }
                    Err(Interrupted::Stopping) => return Reply::Reset,
                }
            }
            if let Some(fault) = fault.take_if(|fault| fault.when == moment) {
                return fault.act(&call, answer, interrupt).await;
            }
        }
        Json(answer.map(|answer| answer.json)).into()
    }

    /// Carries a call out, if the key may do that. The types of the answer's values are recorded only when they are
    /// needed: here, or `for_later`.
    async fn execute(
        &self,
        call: &Call,
        behaviour: &Behaviour,
        for_later: bool,
    ) -> Result<Answer, Response> {
        let request = call
            .request()
            .map_err(|why| error(StatusCode::OK, "GRAPHQL_PARSE_FAILED", &why.to_string()))?;
        let absent = call.absent();
        if !absent.is_empty() {
            return Err(Json(async_graphql::Response::from_errors(absent)).into_response());
        }
        let denied = &behaviour.denied_permissions;
        if let Some(missing) = missing_to_change(denied, call) {
            let error = mutation_error("forbidden", &missing.missing(), None);
            return Err(match behaviour.deny_with_403 {
                true => forbidden(),
                false => refusal(call, &error),
            });
        }
        self.store.lock().pass_time();
        let recorder = Recorder::default();
        let mut answer = if for_later || behaviour.drift || behaviour.canaries || !denied.is_empty()
        {
            let request = request.data(recorder.clone());
            self.recorded.execute(request).await
        } else {
            self.schema.execute(request).await
        };
        answer.errors.iter_mut().for_each(give_code);
        let mut json = serde_json::to_value(answer)
            .map_err(|why| error(StatusCode::OK, "INTERNAL_SERVER_ERROR", &why.to_string()))?;
        fragments::clean(&mut json);
        let mut answer = Answer {
            json,
            types: recorder.take(),
        };
        if answer.deny(|parent, field| missing_for(denied, parent, field))
            && behaviour.deny_with_403
        {
            return Err(forbidden());
        }
        if behaviour.drift {
            answer.drift();
        }
        if behaviour.canaries {
            self.canaries().sing(&mut answer);
        }
        Ok(answer)
    }

    /// Waits as long as each answer is to take; true when the server was told to stop meanwhile.
    async fn wait_or_stop(&self, latency: Duration) -> bool {
        if latency.is_zero() {
            return false;
        }
        let mut stopping = self.stopping.clone();
        tokio::select! {
            () = tokio::time::sleep(latency) => false,
            _ = stopping.wait_for(|stop| *stop) => true,
        }
    }
}

impl Answer {
    /// Takes out what the key may not see; says whether there was anything.
    fn deny(&mut self, missing: impl Fn(&str, &str) -> Option<Permission>) -> bool {
        let mut denied = false;
        for (path, typed) in &self.types.0 {
            if let Some(missing) = missing(&typed.parent, &typed.field) {
                denied = true;
                let message = missing.missing();
                self.types.fail(&mut self.json, path, "FORBIDDEN", &message);
            }
        }
        denied
    }
}

/// What Plain's gateway says when it is the one who refuses.
fn forbidden() -> Response {
    (
        StatusCode::FORBIDDEN,
        Json(json!({ "message": "Forbidden" })),
    )
        .into_response()
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
