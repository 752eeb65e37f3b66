//! The viewer's own messages that Plain does not show yet: how far each has come, and what can be done about it.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{
    Avatar, EnterSends, FilesField,
    files::{file_names, hidden_files},
    form::problem_words,
    time::Time,
};
use crate::{
    api, content,
    desk::Desk,
    file_rules::MAX_BY_CHAT,
    href::href,
    model::{Outgoing, Progress},
};

const RETRYING: &str = "Our support system does not take messages at the moment. Yours is kept here, and we keep trying: there is nothing that you need to do.";
const CHECKING: &str = "Our support system stopped answering while we sent this. It is kept here while we check whether it arrived.";
const UNSURE: &str = "We are not sure that this arrived, because our support system stopped answering while we sent it. Look for it in a few minutes: if it is not there, send it again; if it is, discard this copy.";

/// The messages as items of a conversation, or of a list of their own; `#outgoing` is the first.
pub fn outgoing_items(outgoing: Vec<Outgoing>) -> Vec<AnyView> {
    outgoing
        .into_iter()
        .enumerate()
        .map(|(index, outgoing)| item(outgoing, index == 0))
        .collect()
}

/// The messages where there is no conversation to show them in.
pub fn outgoing_list(outgoing: Vec<Outgoing>) -> Option<AnyView> {
    if outgoing.is_empty() {
        return None;
    }
    let list = view! {
        <section class="list" aria-labelledby="outgoing-title">
            <h2 id="outgoing-title">"On its way"</h2>
            <ol class="conversation">{outgoing_items(outgoing)}</ol>
        </section>
    };
    Some(list.into_any())
}

/// Says, on pages that show no messages, that some were not sent, or not yet, and leads to them.
pub fn unsent_notice(not_sent: Vec<Outgoing>) -> Option<AnyView> {
    if not_sent.is_empty() {
        return None;
    }
    let links = not_sent.into_iter().map(|message| {
        let path = match message.thread_id {
            Some(id) => format!("/threads/{id}#outgoing"),
            None => "/threads/new#outgoing".to_owned(),
        };
        let words = match message.title.is_empty() {
            true => message.text,
            false => message.title,
        };
        view! {
            <li>
                <a href=href(&path)>{excerpt(&words)}</a>
            </li>
        }
    });
    let notice = view! {
        <section class="callout callout--waiting unsent" aria-labelledby="unsent-title">
            <h2 id="unsent-title">"Messages of yours that may not have been sent yet"</h2>
            <ul>{links.collect_view()}</ul>
        </section>
    };
    Some(notice.into_any())
}

/// Enough of it to know it by, in one line.
fn excerpt(words: &str) -> String {
    const ENOUGH: usize = 60;
    let line = content::line(words);
    match line.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// What is said of how far a message has come: a label, and the reason where there is one.
pub fn progress_words(progress: Progress) -> (&'static str, Option<String>) {
    match progress {
        Progress::Sending => ("Sending…", None),
        Progress::Arriving => ("Sent, arriving", None),
        Progress::Retrying => ("Sending…", Some(RETRYING.to_owned())),
        Progress::Checking => ("Sending…", Some(CHECKING.to_owned())),
        Progress::NotSent(problem) => ("Not sent", Some(problem_words(problem).1)),
        Progress::Unsure => ("We are not sure", Some(UNSURE.to_owned())),
    }
}

fn item(outgoing: Outgoing, is_first: bool) -> AnyView {
    let heading_id = format!("outgoing-{}", outgoing.submission);
    let labelled_by = heading_id.clone();
    let (label, words) = progress_words(outgoing.progress);
    let needs_customer = matches!(outgoing.progress, Progress::NotSent(_) | Progress::Unsure);
    let class = match needs_customer {
        true => "message message--mine message--unsent",
        false => "message message--mine",
    };
    let name =
        use_context::<Desk>().map_or_else(|| "You".to_owned(), |desk| desk.viewer().name.clone());
    let role = if needs_customer { "alert" } else { "status" };
    view! {
        <li class="conversation__item" id=is_first.then_some("outgoing")>
            <article class=class aria-labelledby=labelled_by>
                <Avatar name=name kind="mine" />
                <header class="message__header">
                    <h3 class="message__author" id=heading_id>
                        "You"
                    </h3>
                    <span class="message__delivery" role=role>
                        {label}
                    </span>
                    <Time at=outgoing.at />
                </header>
                <div class="message__body">
                    {words.map(|words| view! { <p class="message__reason">{words}</p> })} {body(outgoing)}
                </div>
            </article>
        </li>
    }
    .into_any()
}

/// What was typed, with what can be done about it: to be changed when it was refused, as it stands otherwise.
fn body(outgoing: Outgoing) -> AnyView {
    let send_label = match outgoing.progress {
        Progress::Sending | Progress::Arriving => return words(&outgoing).into_any(),
        // Before we have looked, an answer might be sent twice; a request exists once, however often it is sent.
        Progress::Checking if outgoing.thread_id.is_some() => None,
        Progress::Unsure => Some("Send again"),
        Progress::Retrying | Progress::Checking | Progress::NotSent(_) => Some("Try again"),
    };
    let can_be_changed = matches!(outgoing.progress, Progress::NotSent(_));
    let is_request = outgoing.thread_id.is_none();
    let (action, text_name) = match is_request {
        true => (api::Ask::PATH, "message"),
        false => (api::Reply::PATH, "text"),
    };
    // What was typed for one team is not to be sent to another by a page that was left open.
    let team = use_context::<Desk>()
        .filter(|_| is_request)
        .map(|desk| desk.viewer().scope.external_id().to_owned());
    let discard = view! {
        <form method="post" action=href(api::Discard::PATH)>
            <input type="hidden" name="submission" value=outgoing.submission.clone() />
            {outgoing.thread_id.clone().map(|id| view! { <input type="hidden" name="thread_id" value=id /> })}
            <button class="button button--quiet" type="submit">
                "Discard"
            </button>
        </form>
    };
    let again = send_label.map(|label| {
        let fields = match can_be_changed {
            true => open_fields(&outgoing, text_name).into_any(),
            false => view! {
                {is_request.then(|| view! { <input type="hidden" name="title" value=outgoing.title.clone() /> })}
                <input type="hidden" name=text_name value=outgoing.text.clone() />
                {hidden_files(&outgoing.files)}
            }
            .into_any(),
        };
        view! {
            <form method="post" action=href(action) enctype="multipart/form-data" autocomplete="off">
                {outgoing.thread_id.clone().map(|id| view! { <input type="hidden" name="thread_id" value=id /> })}
                <input type="hidden" name="submission" value=outgoing.submission.clone() />
                {team.map(|team| view! { <input type="hidden" name="tenant" value=team /> })}
                {fields}
                <button class="button" type="submit">
                    {label}
                </button>
            </form>
        }
    });
    view! {
        {(!can_be_changed).then(|| words(&outgoing))}
        <div class="message__actions">{again} {discard}</div>
    }
    .into_any()
}

fn words(outgoing: &Outgoing) -> impl IntoView + use<> {
    let title = (!outgoing.title.is_empty())
        .then(|| view! { <p class="message__subject">{outgoing.title.clone()}</p> });
    let text = content::markdown(&outgoing.text).into_inner();
    view! {
        {title}
        <div class="prose" inner_html=text></div>
        {file_names(&outgoing.files)}
    }
}

fn open_fields(outgoing: &Outgoing, text_name: &'static str) -> impl IntoView + use<> {
    let id = |field: &str| format!("{field}-{}", outgoing.submission);
    let text = content::textarea(&outgoing.text).into_inner();
    let title = outgoing.thread_id.is_none().then(|| {
        view! {
            <div class="field">
                <label for=id("title")>"Title"</label>
                <input id=id("title") name="title" type="text" value=outgoing.title.clone() autocomplete="off" />
            </div>
        }
    });
    view! {
        <EnterSends files=outgoing.files.clone() />
        {title}
        <div class="field">
            <label for=id("text")>"Your message"</label>
            <textarea id=id("text") name=text_name rows="4" inner_html=text></textarea>
        </div>
        <FilesField id=id("files") submission=outgoing.submission.clone() files=outgoing.files.clone() limit=MAX_BY_CHAT />
    }
}
