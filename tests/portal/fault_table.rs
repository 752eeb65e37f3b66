//! Every fault of Plain's, at everything that a customer does: each cell ends soon, in a true page with a way on, and
//! no message is lost or doubled. What the customers see is `docs/faults.md`.

use std::{
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use plain_portal::sandbox::faults::Fault;
use tokio::{runtime::Handle, sync::Semaphore, task::JoinSet};

use crate::app::{Browser, Page, TestApp, submission};

const PATH: &str = "docs/faults.md";
const UPDATE: &str = "UPDATE_DOCS=1 cargo test --features ssr --test portal fault_table";
/// The longest that anybody waits for a page, whatever Plain does.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most cells only wait for Plain.
const AT_ONCE: usize = 24;
const TEXT: &str = "Kept whatever happens";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    SignIn,
    List,
    Request,
    Create,
    Reply,
    Done,
}

impl Action {
    const EVERY: [Self; 6] = [
        Self::SignIn,
        Self::List,
        Self::Request,
        Self::Create,
        Self::Reply,
        Self::Done,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::List => "list",
            Self::Request => "request page",
            Self::Create => "new request",
            Self::Reply => "reply",
            Self::Done => "done",
        }
    }
}

/// Which calls go wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Calls {
    Every,
    Changes,
}

/// What goes wrong, with a name for the table; `None`: nobody listens.
fn faults() -> Vec<(&'static str, Option<Fault>)> {
    let status = |status: u16| Some(Fault::status(StatusCode::from_u16(status).unwrap()));
    let late = Duration::from_secs(60);
    vec![
        ("nobody listens", None),
        ("no answer", Some(Fault::hang())),
        ("an answer that trickles", Some(Fault::slow(late))),
        ("connection lost before", Some(Fault::reset())),
        ("connection lost after", Some(Fault::reset().after())),
        ("HTTP 500", status(500)),
        ("HTTP 500 after", status(500).map(Fault::after)),
        ("HTTP 502", status(502)),
        ("HTTP 503", status(503)),
        ("HTTP 429", status(429)),
        ("HTTP 401", status(401)),
        ("HTTP 403", status(403)),
        ("JSON cut off", Some(Fault::malformed())),
        ("nothing at all", Some(Fault::empty())),
        ("a page for people", Some(Fault::html(StatusCode::OK))),
        ("a part is missing", Some(Fault::partial())),
        (
            "`INTERNAL_SERVER_ERROR`",
            Some(Fault::error("INTERNAL_SERVER_ERROR")),
        ),
        ("`FORBIDDEN`", Some(Fault::error("FORBIDDEN"))),
        ("`UNAUTHENTICATED`", Some(Fault::error("UNAUTHENTICATED"))),
        (
            "refused: `input_validation`",
            Some(Fault::refusal("input_validation")),
        ),
        ("refused: `forbidden`", Some(Fault::refusal("forbidden"))),
        ("refused: `internal`", Some(Fault::refusal("internal"))),
    ]
}

/// Does it, and returns the page that the customer then sees.
async fn act(app: &TestApp, ines: &mut Browser, thread_id: &str, action: Action) -> Page {
    let submission = submission();
    let answer = match action {
        Action::SignIn => return app.browser().hand_off(&app.token("usr_tom")).await,
        Action::List => return ines.get("/").await,
        Action::Request => return ines.get("/threads/T-34").await,
        Action::Create => {
            let fields = [
                ("title", TEXT),
                ("message", TEXT),
                ("submission", submission.as_str()),
            ];
            ines.post("/api/ask", &fields).await
        }
        Action::Reply => {
            let fields = [
                ("thread_id", thread_id),
                ("text", TEXT),
                ("submission", submission.as_str()),
            ];
            ines.post("/api/reply", &fields).await
        }
        Action::Done => {
            let fields = [("thread_id", thread_id), ("status", "done")];
            ines.post("/api/set-status", &fields).await
        }
    };
    ines.follow(&answer).await
}

/// What the customer is told, in a few words.
fn told(action: Action, page: &Page) -> String {
    let first = |selector| page.texts(selector).into_iter().next();
    let label = first(".message__delivery");
    match (page.status, action) {
        (StatusCode::SEE_OTHER, _) => "signed in".to_owned(),
        (StatusCode::OK, Action::Create | Action::Reply) => {
            label.unwrap_or_else(|| "sent".to_owned())
        }
        (StatusCode::OK, Action::Done) => match first("[role=alert]") {
            Some(_) => "not changed, and said so".to_owned(),
            None => "done".to_owned(),
        },
        (StatusCode::OK, _) if page.body.contains("Some of this could not be loaded") => {
            "what is there, with a notice".to_owned()
        }
        (StatusCode::OK, _) => "as ever".to_owned(),
        (status, _) => {
            let message = label.map(|label| format!("; message: {label}"));
            format!(
                "{}: {}{}",
                status.as_u16(),
                page.h1(),
                message.unwrap_or_default()
            )
        }
    }
}

/// Has the customer click whatever the page offers until nothing is open, and returns how often Plain has the message.
async fn settle(app: &TestApp, ines: &mut Browser, action: Action) -> usize {
    let (path, address, text_field) = match action {
        Action::Create => ("/threads/new", "/api/ask", "message"),
        _ => ("/threads/T-34", "/api/reply", "text"),
    };
    let started = Instant::now();
    loop {
        assert!(started.elapsed() < PATIENCE * 2, "waited in vain");
        let page = ines.get(path).await;
        match page.texts(".message__delivery").first().map(String::as_str) {
            None => break,
            Some("Not sent" | "We are not sure") => {
                let names = match action {
                    Action::Create => ["title", "submission", text_field],
                    _ => ["thread_id", "submission", text_field],
                };
                let values = names.map(|name| page.field(name));
                let fields = [0, 1, 2].map(|index| (names[index], values[index].as_str()));
                ines.post(address, &fields).await;
            }
            Some(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    match action {
        Action::Create => app.threads_titled(TEXT).await,
        _ => app.messages_with("T-34", TEXT).await,
    }
}

/// One cell: does the action under the fault, checks all that must hold, and says what the customer is told.
async fn cell(name: &str, fault: Option<Fault>, calls: Calls, action: Action) -> String {
    let context = format!("{name}, {}", action.name());
    let mut app = TestApp::start().await;
    let mut ines = app.signed_in("usr_ines").await;
    let thread_id = app.thread_id("T-34").await;
    match (fault, calls) {
        (None, _) => app.sandbox.stop().await,
        (Some(fault), Calls::Every) => app.sandbox.inject(fault),
        (Some(fault), Calls::Changes) => app.sandbox.inject(fault.on_mutations()),
    }
    let started = Instant::now();
    let page = act(&app, &mut ines, &thread_id, action).await;
    let took = started.elapsed();
    assert!(took < PATIENCE, "{context}: {took:?}");
    let told = told(action, &page);

    if page.status != StatusCode::SEE_OTHER {
        let refused = action == Action::SignIn && page.status == StatusCode::UNAUTHORIZED;
        let true_status = [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&page.status);
        assert!(true_status || refused, "{context}: {told}");
        assert_eq!(page.texts("h1").len(), 1, "{context}");
        let ways_on = page.texts("main a[href], main button").len();
        // The 401 page names the way on in words: no address of the host's is configured for everybody.
        assert!(ways_on > 0 || refused, "{context}: no way on");
        for secret in ["plainApiKey", "INTERNAL_SERVER_ERROR", "graphql", "sandbox"] {
            assert!(!page.body.contains(secret), "{context}: {secret}");
        }
    }
    if matches!(action, Action::Create | Action::Reply) {
        assert!(page.body.contains(TEXT), "{context}: the text is gone");
    }

    if app.sandbox.faults().is_empty() {
        app.restart_sandbox().await;
    } else {
        app.sandbox.clear_faults();
    }
    match action {
        Action::Create | Action::Reply => {
            if told == "sent" {
                let times = match action {
                    Action::Create => app.threads_titled(TEXT).await,
                    _ => app.messages_with("T-34", TEXT).await,
                };
                assert_eq!(times, 1, "{context}: told \"sent\"");
            }
            assert_eq!(settle(&app, &mut ines, action).await, 1, "{context}");
        }
        Action::Done => {
            if told == "done" {
                assert_eq!(app.thread("T-34").await["status"], "DONE", "{context}");
            }
        }
        Action::SignIn => {
            let signed_in = app.browser().hand_off(&app.token("usr_tom")).await;
            assert_eq!(signed_in.status, StatusCode::SEE_OTHER, "{context}");
        }
        Action::List | Action::Request => {}
    }
    told
}

/// The cells of one table, a row for each fault.
async fn table(calls: Calls, actions: &[Action]) -> Vec<(&'static str, Vec<String>)> {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut cells = JoinSet::new();
    let faults = faults();
    for (row, (name, fault)) in faults.iter().enumerate() {
        for (column, action) in actions.iter().copied().enumerate() {
            let (name, fault, turns) = (*name, fault.clone(), Arc::clone(&turns));
            cells.spawn(async move {
                let _turn = turns.acquire().await.unwrap();
                // On a thread of its own: what opens a portal need not be `Send`.
                let told = tokio::task::spawn_blocking(move || {
                    Handle::current().block_on(cell(name, fault, calls, action))
                });
                (row, column, told.await.unwrap())
            });
        }
    }
    let mut rows: Vec<_> = faults
        .iter()
        .map(|(name, _)| (*name, vec![String::new(); actions.len()]))
        .collect();
    while let Some(done) = cells.join_next().await {
        let (row, column, told) = done.unwrap();
        rows[row].1[column] = told;
    }
    rows
}

fn markdown(actions: &[Action], rows: &[(&str, Vec<String>)]) -> String {
    let mut text = String::from("| what Plain does |");
    for action in actions {
        write!(text, " {} |", action.name()).unwrap();
    }
    text.push_str("\n| --- |");
    text.push_str(&" --- |".repeat(actions.len()));
    text.push('\n');
    for (name, cells) in rows {
        writeln!(text, "| {name} | {} |", cells.join(" | ")).unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_table() {
    let changes = [Action::SignIn, Action::Create, Action::Reply, Action::Done];
    let (every_call, only_changes) = tokio::join!(
        table(Calls::Every, &Action::EVERY),
        table(Calls::Changes, &changes)
    );
    let document = format!(
        "# What customers see when Plain fails

Made by `{UPDATE}`, which does each of these against a Plain that fails so, and looks at what becomes of it.

In each cell the page comes within {} s, its status is true, and it has a way on. Whatever was typed is on it. Once Plain
answers again, each message is there once: by itself after “sent” and “Sending…”, after the customer's “Try again” or
“Send again” otherwise. “After” means that Plain carries the change out and its answer is lost.

## Every call fails

{}
## Only changes fail

Where the list and the pages of requests are as ever.

{}",
        PATIENCE.as_secs(),
        markdown(&Action::EVERY, &every_call),
        markdown(&changes, &only_changes),
    );
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PATH, &document).unwrap();
    }
    let written = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(
        written == document,
        "{PATH} is out of date: {UPDATE}\n{document}"
    );
}
