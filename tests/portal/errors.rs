//! `docs/errors.md` is what the code says.

use plain_portal::{
    app::components::{Notice, progress_words},
    desk,
    model::Progress,
    outbox,
    plain::{Error, Refusal, codes},
};
use reqwest::StatusCode;

const PATH: &str = "docs/errors.md";
const UPDATE: &str = "UPDATE_DOCS=1 cargo test --features ssr --test portal errors_document";

/// How far a message has come after this error.
fn progress(error: &Error) -> Progress {
    match outbox::problem_of(error) {
        Some(problem) => Progress::NotSent(problem),
        None if error.maybe_done() => Progress::Checking,
        None => Progress::Retrying,
    }
}

fn name(progress: Progress) -> String {
    match progress {
        Progress::NotSent(problem) => format!("not sent: {}", problem.code()),
        Progress::Checking => "checking".to_owned(),
        _ => "retrying".to_owned(),
    }
}

/// The title of a page that meets this error.
fn page(error: &Error) -> &'static str {
    match error {
        // Of what an address names, Plain says this as well when there is no such thing.
        Error::BadInput { .. } => Notice::NotFound.title(),
        error => Notice::from(&desk::Error::from(error.clone())).title(),
    }
}

type Rows = Vec<(String, Error)>;

fn of_queries(rows: &Rows) -> String {
    let mut table = "| what Plain says | carried out? | a message is | a page is | what an operator does |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for (what, error) in rows {
        let (done, message) = (done(error), name(progress(error)));
        table += &format!(
            "| {what} | {done} | {message} | {} | {} |\n",
            page(error),
            error.advice()
        );
    }
    table
}

fn of_mutations(rows: &Rows) -> String {
    let mut table = "| what Plain says | carried out? | a message is | what an operator does |\n| --- | --- | --- | --- |\n".to_owned();
    for (what, error) in rows {
        let (done, message) = (done(error), name(progress(error)));
        table += &format!("| {what} | {done} | {message} | {} |\n", error.advice());
    }
    table
}

fn of_files() -> String {
    let detail = String::new;
    let rows = [
        (
            "no connection, nothing moves for 30 s, 408, 429, 5xx, or it breaks off",
            Error::FileStoreAway { detail: detail() },
        ),
        (
            "any other status, such as 403 at an address that has expired, or a redirect",
            Error::FileStoreRefused { detail: detail() },
        ),
        (
            "a file that is to be sent cannot be read, or has another length",
            Error::FileUnreadable { detail: detail() },
        ),
    ];
    let mut table = "| what happens | what an operator does |\n| --- | --- |\n".to_owned();
    for (what, error) in rows {
        table += &format!("| {what} | {} |\n", error.advice());
    }
    table
}

fn done(error: &Error) -> &'static str {
    match error.maybe_done() {
        true => "perhaps",
        false => "no",
    }
}

/// What the customer reads at a message, for each name in the tables.
fn words(rows: &[&Rows]) -> String {
    let mut table = "| a message is | what its author reads |\n| --- | --- |\n".to_owned();
    let mut said = Vec::new();
    for (_, error) in rows.iter().copied().flatten() {
        let progress = progress(error);
        if !said.contains(&progress) {
            said.push(progress);
            let (label, reason) = progress_words(progress);
            table += &format!(
                "| {} | **{label}** {} |\n",
                name(progress),
                reason.unwrap_or_default()
            );
        }
    }
    table
}

fn coded(code: &str, meaning: codes::Meaning) -> (String, Error) {
    (format!("`{code}`"), meaning.error(String::new()))
}

fn document() -> String {
    let detail = String::new;
    let other = |what: &str, error| (what.to_owned(), error);
    let on_the_way = vec![
        other("no connection", Error::Unreachable { detail: detail() }),
        other(
            "no answer in time, or the connection breaks",
            Error::NoAnswer { detail: detail() },
        ),
        other(
            "200, and no JSON: an HTML page, nothing, an answer cut off",
            Error::Garbled { detail: detail() },
        ),
        other(
            "JSON of another shape, a redirect",
            Error::NotUnderstood { detail: detail() },
        ),
        other("more than 8 MiB", Error::TooLarge { detail: detail() }),
    ];
    let statuses = [400, 401, 403, 404, 429, 500, 502, 503].map(|number| {
        let status = StatusCode::from_u16(number).unwrap();
        (format!("HTTP {number}"), codes::status(status, None, ""))
    });
    let statuses = statuses.to_vec();
    let mut top_level = codes::TOP_LEVEL
        .map(|(code, meaning)| coded(code, meaning))
        .to_vec();
    top_level.push(other(
        "another code, or none",
        Error::NotUnderstood { detail: detail() },
    ));
    let mut mutation = codes::MUTATION
        .map(|(code, meaning)| coded(code, meaning))
        .to_vec();
    let refused = Error::Validation {
        refusal: Refusal::Other,
        detail: detail(),
    };
    mutation.extend([
        other("another code of type VALIDATION", refused),
        other(
            "another code of type FORBIDDEN",
            codes::Meaning::Forbidden.error(detail()),
        ),
        other(
            "any code of type INTERNAL",
            codes::Meaning::Temporary.error(detail()),
        ),
    ]);
    format!(
        "# What can go wrong between the portal and Plain

Made from the code by `{UPDATE}`.

Every failure stands in the log as `Plain call failed`, with Plain's own words, the request's id, and the advice of the last column. \
`plain-portal check` and `/readyz` tell the same things apart.

- A read takes at most 8 s. It is made again at most twice, where that may help, and over time not more often than once for ten calls. \
`Retry-After` is kept to when it leaves time for another attempt, and else passed on.
- A change is asked for once, and takes at most 15 s. Where it was perhaps carried out, the portal looks before anything is sent again.
- An answer with data and errors is shown as far as it goes, with a notice, and stands in the log as `Plain left out a part of its answer`.
- While somebody signs in, a refusal leads to the page “{}”, any other failure to “{}”.

## What customers read at a message

{}
## On the way

{}
## HTTP statuses

{}
## `errors` of an answer

{}
## `error` of a mutation

{}
## Plain's file store

A file is no call of the API, and by itself no message: whatever happened, it may be sent again. The store says by 413, or by S3's `EntityTooLarge`, that a file is too large.

{}",
        Notice::SignInRefused.title(),
        Notice::Unavailable { retry_after: None }.title(),
        words(&[&on_the_way, &statuses, &top_level, &mutation]),
        of_queries(&on_the_way),
        of_queries(&statuses),
        of_queries(&top_level),
        of_mutations(&mutation),
        of_files(),
    )
}

#[test]
fn errors_document_is_what_the_code_says() {
    let document = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PATH, &document).unwrap();
    }
    let written = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(written == document, "{PATH} is out of date: {UPDATE}");
}
