//! `/`: pages on which one plays the support team. They work without JavaScript, and what they do goes through the same
//! mutations as everything that comes over the API, as an agent and with all permissions.

mod html;
mod page;

use std::sync::Arc;

use async_graphql::{Request as Operation, Variables};
use axum::{
    Form, Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, FromRequest as _, Multipart, Path, Query, Request, State as Extract,
    },
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
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
        .route(
            "/threads/{id}",
            get(thread)
                .post(act)
                .layer(DefaultBodyLimit::max(MOST_AT_ONCE)),
        )
        .route("/attachments/{id}", get(attachment))
        .layer(set(header::CONTENT_SECURITY_POLICY, policy))
        .layer(set(header::CACHE_CONTROL, "no-store"))
}

/// The most that an agent sends at once; what Plain takes at most in one message.
const MOST_AT_ONCE: usize = 101_000_000;

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
    #[serde(skip)]
    files: Vec<Sent>,
}

/// A file that an agent sends.
struct Sent {
    name: String,
    contents: Bytes,
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
    request: Request,
) -> Response {
    let mut act = match read(request).await {
        Ok(act) => act,
        Err(refused) => return refused,
    };
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

/// Leads to where a file can be had.
async fn attachment(Extract(service): Extract<Arc<Service>>, Path(id): Path<String>) -> Response {
    let address = service.store.lock().download_address(&id);
    match address {
        Some((_, url, _)) => Redirect::to(&url).into_response(),
        None => (StatusCode::NOT_FOUND, Html(page::not_found())).into_response(),
    }
}

/// Reads what an agent does, from a form with files or without.
async fn read(request: Request) -> Result<Act, Response> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data")) {
        let form = Form::<Act>::from_request(request, &()).await;
        return form
            .map(|Form(act)| act)
            .map_err(IntoResponse::into_response);
    }
    let refuse =
        |why: &dyn std::fmt::Display| (StatusCode::BAD_REQUEST, why.to_string()).into_response();
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(IntoResponse::into_response)?;
    let (mut fields, mut files) = (Map::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|error| refuse(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let contents = field.bytes().await.map_err(|error| refuse(&error))?;
        match file {
            Some(name) if !name.is_empty() => files.push(Sent { name, contents }),
            // A browser sends an empty part when no file is chosen.
            Some(_) => {}
            None => {
                let text = String::from_utf8_lossy(&contents).into_owned();
                let value = match name.as_str() {
                    "priority" => text.parse::<i32>().map_err(|error| refuse(&error))?.into(),
                    _ => text.into(),
                };
                fields.insert(name, value);
            }
        }
    }
    let act: Act = serde_json::from_value(Value::Object(fields)).map_err(|error| refuse(&error))?;
    Ok(Act { files, ..act })
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
        let mut attached = Vec::new();
        for file in &act.files {
            let kept = self.keep_for_agent(thread, &file.name, &file.contents);
            attached.push(kept.await?);
        }
        let (mutation, input_type, input) = match act.action {
            Action::Reply => (
                "replyToThread",
                "ReplyToThreadInput",
                json!({ "threadId": id, "textContent": act.text, "markdownContent": act.text, "attachmentIds": attached }),
            ),
            Action::Note => (
                "createNote",
                "CreateNoteInput",
                json!({ "customerId": thread.customer_id, "threadId": id, "text": act.text, "attachmentIds": attached }),
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
        let request = Operation::new(query)
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
