//! `/sandbox/…`: what the Rust API does, for those who are not in the process.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::State as Extract,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    behaviour::Behaviour,
    faults::{Fault, Refused, Spec},
    service::Service,
    webhooks::{self, Target},
};

/// The routes, without their protection.
pub fn routes() -> Router<Arc<Service>> {
    let faults = get(list_faults).post(add_faults).delete(clear_faults);
    let behaviour = get(tell_behaviour).post(change_behaviour);
    let webhooks = get(tell_webhooks).post(aim_webhooks).delete(stop_webhooks);
    Router::new()
        .route("/sandbox/webhooks", webhooks)
        .route("/sandbox/faults", faults)
        .route("/sandbox/behaviour", behaviour)
}

async fn list_faults(Extract(service): Extract<Arc<Service>>) -> Response {
    let faults = service.faults.list();
    Json(faults.iter().map(Spec::from).collect::<Vec<_>>()).into_response()
}

/// One fault or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Posted {
    Many(Vec<serde_json::Value>),
    One(serde_json::Value),
}

/// Adds all or, when one of them is no fault, none. Whatever type the body claims to have: it is JSON.
async fn add_faults(Extract(service): Extract<Arc<Service>>, body: Bytes) -> Response {
    let read = || -> Result<Vec<Fault>, Refused> {
        let specs = match serde_json::from_slice(&body)? {
            Posted::Many(specs) => specs,
            Posted::One(spec) => vec![spec],
        };
        let fault = |spec| Fault::try_from(Spec::deserialize(spec)?);
        specs.into_iter().map(fault).collect()
    };
    match read() {
        Ok(faults) => {
            faults
                .into_iter()
                .for_each(|fault| service.faults.add(fault));
            (StatusCode::CREATED, list_faults(Extract(service)).await).into_response()
        }
        Err(why) => refuse(&why),
    }
}

async fn clear_faults(Extract(service): Extract<Arc<Service>>) -> StatusCode {
    service.faults.clear();
    StatusCode::NO_CONTENT
}

async fn tell_behaviour(Extract(service): Extract<Arc<Service>>) -> Json<Behaviour> {
    Json(service.store.lock().behaviour.clone())
}

/// Changes what the body names, and leaves the rest.
async fn change_behaviour(Extract(service): Extract<Arc<Service>>, body: Bytes) -> Response {
    let mut state = service.store.lock();
    let change = || -> serde_json::Result<Behaviour> {
        let mut whole = serde_json::to_value(&state.behaviour)?;
        let changes: Map<String, Value> = serde_json::from_slice(&body)?;
        for (name, value) in changes {
            whole[name] = value;
        }
        serde_json::from_value(whole)
    };
    match change() {
        Ok(behaviour) => {
            state.behaviour = behaviour;
            Json(&state.behaviour).into_response()
        }
        Err(why) => refuse(&why),
    }
}

/// Where webhooks go, and what became of the last ones.
async fn tell_webhooks(Extract(service): Extract<Arc<Service>>) -> Response {
    let target = service.webhooks.target();
    let target = target.map(
        |it| json!({ "url": it.url.as_str(), "retryScale": it.retry_scale, "version": it.version }),
    );
    Json(json!({ "target": target, "deliveries": service.webhooks.deliveries() })).into_response()
}

/// Where webhooks are to go.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Aim {
    url: String,
    secret: String,
    retry_scale: Option<f64>,
    version: Option<String>,
}

async fn aim_webhooks(Extract(service): Extract<Arc<Service>>, body: Bytes) -> Response {
    let aim = match serde_json::from_slice::<Aim>(&body) {
        Ok(aim) => aim,
        Err(why) => return refuse(&why),
    };
    match Url::parse(&aim.url) {
        Ok(url) => {
            service.aim_webhooks(Some(Target {
                retry_scale: aim.retry_scale.unwrap_or(1.0),
                version: aim.version.unwrap_or_else(|| webhooks::VERSION.to_owned()),
                ..Target::new(url, aim.secret)
            }));
            tell_webhooks(Extract(service)).await
        }
        Err(why) => refuse(&why),
    }
}

async fn stop_webhooks(Extract(service): Extract<Arc<Service>>) -> StatusCode {
    service.aim_webhooks(None);
    StatusCode::NO_CONTENT
}

fn refuse(why: &impl ToString) -> Response {
    let error = json!({ "error": why.to_string() });
    (StatusCode::BAD_REQUEST, Json(error)).into_response()
}
