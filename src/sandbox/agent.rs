//! `/`: pages on which one plays the support team. They work without JavaScript, and what they do goes through the same
//! mutations as everything that comes over the API, as an agent and with all permissions.

mod html;
mod page;

use std::sync::Arc;

use async_graphql::{Request, Variables};
use axum::{
    Form, Router,
    extract::{Path, Query, State as Extract},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_http::set_header::SetResponseHeaderLayer;

use super::{records::Thread, service::Service, state::State};

/// The routes, without their protection.
pub fn routes() -> Router<Arc<Service>> {
    // Everything is escaped; should something slip through all the same, it does nothing.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; \
                  base-uri 'none'; frame-ancestors 'none'";
    let set =
        |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    Router::new()
        .route("/", get(threads))
        .route("/threads/{id}", get(thread).post(act))
        .layer(set(header::CONTENT_SECURITY_POLICY, policy))
        .layer(set(header::CACHE_CONTROL, "no-store"))
}

/// What a visitor of the list wants to see.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Visit {
    status: Filter,
    q: String,
}

#[derive(Deserialize, Clone, Copy, Default, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Filter {
    #[default]
    Todo,
    Snoozed,
    Done,
    All,
}

impl Filter {
    const ALL: [Self; 4] = [Self::Todo, Self::Snoozed, Self::Done, Self::All];
}

/// As whom the visitor acted last.
#[derive(Deserialize)]
struct Acting {
    agent: Option<String>,
}

/// What an agent does.
#[derive(Deserialize)]
struct Act {
    agent: String,
    action: Action,
    #[serde(default)]
    text: String,
    priority: Option<i32>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Action {
    Reply,
    Note,
    Waiting,
    Done,
    Reopen,
    Priority,
}

async fn threads(
    Extract(service): Extract<Arc<Service>>,
    Query(visit): Query<Visit>,
) -> Html<String> {
    let mut state = service.store.lock();
    state.pass_time();
    Html(page::threads(&state, &visit))
}

async fn thread(
    Extract(service): Extract<Arc<Service>>,
    Path(id): Path<String>,
    Query(acting): Query<Acting>,
) -> Response {
    let mut state = service.store.lock();
    state.pass_time();
    match find(&state, &id) {
        Some(thread) => {
            Html(page::thread(&state, &thread, acting.agent.as_deref(), None)).into_response()
        }
        None => (StatusCode::NOT_FOUND, Html(page::not_found())).into_response(),
    }
}

async fn act(
    Extract(service): Extract<Arc<Service>>,
    Path(id): Path<String>,
    Form(mut act): Form<Act>,
) -> Response {
    // Browsers send line ends as in e-mails.
    act.text = act.text.replace("\r\n", "\n");
    let found = find(&service.store.lock(), &id);
    let Some(thread) = found else {
        return (StatusCode::NOT_FOUND, Html(page::not_found())).into_response();
    };
    match service.act(&thread, &act).await {
        Ok(()) => {
            let agent: String =
                url::form_urlencoded::byte_serialize(act.agent.as_bytes()).collect();
            Redirect::to(&format!("/threads/T-{}?agent={agent}#act", thread.number)).into_response()
        }
        Err(why) => {
            let refused = Some((why.as_str(), act.text.as_str()));
            let page = page::thread(&service.store.lock(), &thread, Some(&act.agent), refused);
            (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
        }
    }
}

/// The thread with this id or ref, as it is now.
fn find(state: &State, id: &str) -> Option<Arc<Thread>> {
    let found = state.threads.get(id).or_else(|| state.thread_by_ref(id));
    found.cloned()
}

impl Service {
    /// Does what an agent asks for; if it is refused, says why.
    async fn act(&self, thread: &Thread, act: &Act) -> Result<(), String> {
        if self.store.lock().users.get(&act.agent).is_none() {
            return Err("There is no such agent.".to_owned());
        }
        self.store.lock().pass_time();
        let id = &thread.id;
        let (mutation, input_type, input) = match act.action {
            Action::Reply => (
                "replyToThread",
                "ReplyToThreadInput",
                json!({ "threadId": id, "textContent": act.text, "markdownContent": act.text }),
            ),
            Action::Note => (
                "createNote",
                "CreateNoteInput",
                json!({ "customerId": thread.customer_id, "threadId": id, "text": act.text }),
            ),
            Action::Waiting => (
                "snoozeThread",
                "SnoozeThreadInput",
                json!({ "threadId": id, "statusDetail": "WAITING_FOR_CUSTOMER" }),
            ),
            Action::Done => (
                "markThreadAsDone",
                "MarkThreadAsDoneInput",
                json!({ "threadId": id, "statusDetail": "DONE_MANUALLY_SET" }),
            ),
            Action::Reopen => (
                "markThreadAsTodo",
                "MarkThreadAsTodoInput",
                json!({ "threadId": id, "statusDetail": "IN_PROGRESS" }),
            ),
            Action::Priority => (
                "changeThreadPriority",
                "ChangeThreadPriorityInput",
                json!({ "threadId": id, "priority": act.priority }),
            ),
        };
        let query = format!(
            "mutation ($input: {input_type}!) {{ done: {mutation}(input: $input) {{
               error {{ message fields {{ field message }} }} }} }}"
        );
        let request = Request::new(query)
            .variables(Variables::from_json(json!({ "input": input })))
            .data(Arc::new(self.store.as_agent(&act.agent)));
        let answer = self.schema.execute(request).await;
        if let Some(error) = answer.errors.into_iter().next() {
            return Err(error.message);
        }
        let data = answer.data.into_json().map_err(|error| error.to_string())?;
        match &data["done"]["error"] {
            Value::Null => Ok(()),
            error => {
                let wrong = error["fields"].as_array().into_iter().flatten();
                let wrong = wrong
                    .map(|field| format!("{}: {}", text(&field["field"]), text(&field["message"])));
                let all: Vec<String> = [text(&error["message"]).to_owned()]
                    .into_iter()
                    .chain(wrong)
                    .collect();
                Err(all.join(" "))
            }
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
