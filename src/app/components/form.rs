//! Form parts. Errors follow GOV.UK's pattern: a summary that links to the fields, and the same words at each field.

use leptos::prelude::*;

use crate::{
    content,
    model::{MAX_TEXT, MAX_TITLE, Problem},
};

/// The words at a field: those of the first problem that is this field's.
pub fn field_error(problems: &[Problem], field: &str) -> Option<String> {
    problems
        .iter()
        .map(|problem| problem_words(*problem))
        .find(|(at_fault, _)| *at_fault == Some(field))
        .map(|(_, words)| words)
}

/// Names a problem in the customer's words, and the field it belongs to when it belongs to one.
pub fn problem_words(problem: Problem) -> (Option<&'static str>, String) {
    match problem {
        Problem::TitleEmpty => (Some("title"), "Enter a title".to_owned()),
        Problem::TitleTooLong => (Some("title"), format!("The title must be {MAX_TITLE} characters or fewer")),
        Problem::TextEmpty => (Some("text"), "Enter a message".to_owned()),
        Problem::TextTooLong => (Some("text"), format!("The message must be {MAX_TEXT} characters or fewer")),
        Problem::Unavailable => (None, "We tried for a day, and our support system did not take this message. Your text is kept here: try again, or reach us another way.".to_owned()),
        Problem::Refused => (None, "Our support system did not take this message. Your text is kept here: change it, or shorten it, and try again.".to_owned()),
        Problem::Closed => (None, "This request does not take answers any more. Your text is kept here: please open a new request with it.".to_owned()),
        Problem::OtherTeam => (
            None,
            "You wrote this for another team than the one that you are signed in to now. If this team should read it, send it again.".to_owned(),
        ),
        Problem::Files => (Some("files"), "Some files do not go with this message; below it says which, and why".to_owned()),
        Problem::BrokenOff => (None, "The connection broke off while this was being sent. Look through it, add what is missing, and send it again.".to_owned()),
        Problem::Blocked => (None, "Messages from your account are not being accepted at the moment. Please reach us another way.".to_owned()),
    }
}

/// The summary above a form that was not sent. It takes the focus, with or without JavaScript: as the target of the address,
/// or by `autofocus` (HTML, 6.6.7). `field_id` gives the id of the field that a problem belongs to.
#[component]
pub fn ErrorSummary(
    problems: Vec<Problem>,
    field_id: fn(&'static str) -> &'static str,
) -> impl IntoView {
    let line = move |problem| match problem_words(problem) {
        (Some(field), words) => view! {
            <li>
                <a href=format!("#{}", field_id(field))>{words}</a>
            </li>
        }
        .into_any(),
        (None, words) => view! { <li>{words}</li> }.into_any(),
    };
    view! {
        <div class="error-summary" role="alert" id="problem" tabindex="-1" autofocus=true aria-labelledby="problem-title">
            <h2 id="problem-title">"There is a problem"</h2>
            <ul>{problems.into_iter().map(line).collect_view()}</ul>
        </div>
    }
    .into_any()
}

/// A labelled field with its hint and, when it is at fault, its error. `rows` makes it a field of many lines.
#[component]
pub fn Field(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    /// What only the island can do, and so is only said where scripts run.
    #[prop(optional)]
    script_hint: Option<&'static str>,
    #[prop(into)] value: String,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] rows: Option<u8>,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    let hint_id = format!("{id}-hint");
    let described: Vec<String> = [
        hint.map(|_| hint_id.clone()),
        error.as_ref().map(|_| error_id.clone()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let described_by = (!described.is_empty()).then(|| described.join(" "));
    let invalid = error.is_some().then_some("true");
    let class = if error.is_some() {
        "field field--error"
    } else {
        "field"
    };
    view! {
        <div class=class>
            <label for=id>{label}</label>
            {hint
                .map(|hint| {
                    view! {
                        <p class="field__hint" id=hint_id>
                            {hint}
                            {script_hint.map(|hint| view! { <span class="needs-script">{hint}</span> })}
                        </p>
                    }
                })}
            {error.map(|error| view! {
                <p class="field__error" id=error_id>
                    <span class="visually-hidden">"Error: "</span>
                    {error}
                </p>
            })}
            {match rows {
                Some(rows) => view! {
                    <textarea id=id name=name rows=rows.to_string() aria-describedby=described_by aria-invalid=invalid aria-required="true" inner_html=content::textarea(&value).into_inner()></textarea>
                }
                .into_any(),
                None => view! {
                    <input id=id name=name type="text" value=value autocomplete="off" aria-describedby=described_by aria-invalid=invalid aria-required="true" />
                }
                .into_any(),
            }}
        </div>
    }
    .into_any()
}

/// The button that sends a form; its island says "Sending…" while that happens.
#[component]
pub fn SubmitButton(label: &'static str) -> impl IntoView {
    view! {
        <button class="button button--primary" type="submit" data-label=label data-sending-label="Sending…">
            {label}
        </button>
    }
    .into_any()
}
