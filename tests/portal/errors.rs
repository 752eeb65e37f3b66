//! `docs/errors.md` is what the code says.

use plain_portal::{
    app::components::{Notice, progress_words},
    desk,
    model::Progress,
    outbox,
    plain::{Error, Refusal, codes},
};
use reqwest::StatusCode;

const DOCUMENT: &str = "docs/errors.md";
const UPDATE: &str = "UPDATE_DOCS=1 cargo test --features ssr --test portal errors_document";

/// One row: what happened, and what follows from it.
fn row(what: &str, error: &Error) -> String {
    let page = Notice::from(&desk::Error::from(error.clone())).title();
    let progress = match outbox::problem_of(error) {
        Some(problem) => Progress::NotSent(problem),
        None if error.maybe_done() => Progress::Checking,
        None => Progress::Retrying,
    };
    let message = match progress_words(progress) {
        (label, Some(reason)) => format!("**{label}** {reason}"),
        (label, None) => format!("**{label}**"),
    };
    let done = match error.maybe_done() {
        true => "perhaps",
        false => "no",
    };
    format!(
        "| {what} | {done} | {page} | {message} | {} |\n",
        error.advice()
    )
}

fn table(rows: impl IntoIterator<Item = (String, Error)>) -> String {
    let head = "| what Plain says | carried out? | a page is | of a message the customer reads | what an operator does |\n| --- | --- | --- | --- | --- |\n";
    let rows = rows.into_iter().map(|(what, error)| row(&what, &error));
    head.to_owned() + &rows.collect::<String>()
}

fn coded(code: &str, meaning: codes::Meaning) -> (String, Error) {
    (format!("`{code}`"), meaning.error(String::new()))
}

fn document() -> String {
    let statuses = [400, 401, 403, 404, 429, 500, 502, 503].map(|number| {
        let status = StatusCode::from_u16(number).unwrap();
        (format!("HTTP {number}"), codes::status(status, None, ""))
    });
    let detail = String::new;
    let silence = [
        ("no connection", Error::Unreachable { detail: detail() }),
        (
            "no answer in time, or the connection breaks",
            Error::NoAnswer { detail: detail() },
        ),
        (
            "200, and no JSON: an HTML page, nothing, an answer cut off",
            Error::Garbled { detail: detail() },
        ),
        (
            "JSON of another shape, a redirect, more than 8 MiB",
            Error::NotUnderstood { detail: detail() },
        ),
    ]
    .map(|(what, error)| (what.to_owned(), error));
    let other = |what: &str, error| (what.to_owned(), error);
    let top_level = codes::TOP_LEVEL
        .map(|(code, meaning)| coded(code, meaning))
        .into_iter()
        .chain([other(
            "another code, or none",
            Error::NotUnderstood { detail: detail() },
        )]);
    let mutation = codes::MUTATION
        .map(|(code, meaning)| coded(code, meaning))
        .into_iter()
        .chain([
            other(
                "another code of type VALIDATION",
                Error::Validation {
                    refusal: Refusal::Other,
                    detail: detail(),
                },
            ),
            other(
                "another code of type FORBIDDEN",
                Error::Forbidden { detail: detail() },
            ),
            other(
                "any code of type INTERNAL",
                codes::Meaning::Temporary.error(detail()),
            ),
        ]);
    format!(
        "# What can go wrong between the portal and Plain

Made from the code by `{UPDATE}`.

Every failure stands in the log as `Plain call failed`, with Plain's own words and the request's id, and with the advice of the last column. \
`plain-portal check` and `/readyz` tell the same things apart.

A page that needs Plain takes at most 8 s: a read is tried again at most twice, when that may help, and not more often than once for ten calls. \
A change is asked for once, and takes at most 15 s; where it was perhaps carried out, the portal looks before anything is sent again.

An answer with both data and errors is shown as far as it goes, with a notice, and stands in the log as `Plain left out a part of its answer`.

## On the way

{}
## HTTP statuses

{}
## `errors` of an answer

{}
## `error` of a mutation

{}",
        table(silence),
        table(statuses),
        table(top_level),
        table(mutation)
    )
}

#[test]
fn errors_document_is_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors.md");
    let document = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &document).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == document, "{DOCUMENT} is out of date: {UPDATE}");
}
