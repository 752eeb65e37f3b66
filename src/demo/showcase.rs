//! Every component in every state on one page, to look at and to test: rendered by the components themselves, from samples.

mod samples;

use leptos::prelude::*;

use self::samples::{listed, message, outgoing, thread};
use crate::{
    app::{
        IslandScripts,
        components::{
            Empty, EntryView, ErrorSummary, Field, Frame, Items, ListForm, Notice, NoticeWords,
            Pager, PartialNotice, StatusLinks, StatusMark, SubmitButton, outgoing_items,
            unsent_notice,
        },
        pages::{DiscardForm, Facts, ReplyForm, StatusForm, no_form, waiting_first},
    },
    href::href,
    model::{ListQuery, Problem, Status, StatusFilter, Waiting},
};

/// Below the base path; the demo has it, the product has not.
pub const PATH: &str = "/_showcase";

const STATUSES: [Status; 3] = [Status::Open, Status::WaitingForYou, Status::Done];

/// The whole page.
pub fn page() -> AnyView {
    view! {
        <Frame title="Every part".to_owned() viewer=Some(samples::viewer())>
            <IslandScripts />
            <ErrorSummary problems=vec![Problem::TitleEmpty, Problem::TextTooLong, Problem::Refused] field_id=field_id />
            <div class="page__head">
                <h1>"Every part"</h1>
                <p class="page__lead">"What the portal’s pages are made of, in each state that it can be in."</p>
            </div>
            {fields()} {buttons()} {list()} {nothing_to_list()} {conversation()} {answering()} {notices()}
        </Frame>
    }
    .into_any()
}

/// A part of this page under its own heading.
fn part(title: &'static str, parts: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="list">
            <h2>{title}</h2>
            {parts.into_any()}
        </div>
    }
    .into_any()
}

fn field_id(field: &'static str) -> &'static str {
    match field {
        "title" => "sample-title",
        _ => "sample-long",
    }
}

fn fields() -> AnyView {
    part(
        "Fields",
        view! {
            <div class="panel">
                <Field id="sample-plain" name="plain" label="A field" hint="With a hint." value="With a value" />
                <Field id="sample-title" name="title" label="Title" value="" error=Some("Enter a title".to_owned()) />
                <Field
                    id="sample-long"
                    name="long"
                    label="Message"
                    hint="With a hint."
                    value="Too long"
                    error=Some("The message must be 10000 characters or fewer".to_owned())
                    rows=5
                />
            </div>
        },
    )
}

fn buttons() -> AnyView {
    part(
        "Buttons",
        view! {
            <div class="notice__actions">
                <SubmitButton label="What one came for" />
                <button class="button" type="button">
                    "Something else"
                </button>
                <button class="button button--quiet" type="button">
                    "Something rare"
                </button>
                <button class="button button--primary" type="button" aria-disabled="true">
                    "Sending…"
                </button>
            </div>
        },
    )
}

fn list() -> AnyView {
    let waiting = Waiting {
        items: vec![listed(1, Status::WaitingForYou, true)],
        more: true,
    };
    let items = vec![
        listed(2, Status::Open, true),
        listed(3, Status::Open, false),
        listed(4, Status::Done, false),
    ];
    let searched = ListQuery::parse(|name| (name == "q").then_some("x"));
    let beside = || Some("sample".to_owned());
    part(
        "The list",
        view! {
            <ListForm query=searched shared=true />
            <StatusLinks query=ListQuery::default() />
            {waiting_first(&ListQuery::default(), waiting)}
            <Items items=items />
            <Pager query=ListQuery::default() newer=beside() older=beside() />
            <p class="page__lead">{STATUSES.into_iter().map(|status| view! { <StatusMark status=status /> }).collect_view()}</p>
        },
    )
}

fn nothing_to_list() -> AnyView {
    let found = ListQuery::parse(|name| (name == "q").then_some("pressure sensor"));
    part(
        "Nothing to list",
        view! {
            <Empty query=ListQuery::default().with_status(StatusFilter::All) beyond=false after_waiting=false />
            <Empty query=found beyond=false after_waiting=false />
        },
    )
}

fn conversation() -> AnyView {
    part(
        "A conversation",
        view! {
            <p class="page__lead">
                <StatusMark status=Status::WaitingForYou />
                <span class="request__ref">"T-1"</span>
            </p>
            <Facts thread=thread(1, Status::WaitingForYou) />
            <PartialNotice partial=true />
            {unsent_notice(outgoing())}
            <ol class="conversation" aria-label="Sample conversation">
                {message::every().into_iter().map(|entry| view! { <EntryView thread="T-1".to_owned() entry=entry whole_mails=PATH.to_owned() /> }).collect_view()}
                {outgoing_items(outgoing())}
            </ol>
        },
    )
}

fn answering() -> AnyView {
    let words = "This conversation takes place in Slack. Please answer there.".to_owned();
    let status_forms = STATUSES
        .into_iter()
        .map(|status| view! { <StatusForm thread=thread(1, status) /> });
    part(
        "Answering",
        view! {
            <ReplyForm thread=thread(1, Status::Done) refused=None />
            {no_form(words, Some("th_1".to_owned()), None)}
            <div class="notice__actions">{status_forms.collect_view()} <DiscardForm submission="sample".to_owned() /></div>
        },
    )
}

fn notices() -> AnyView {
    let every = [
        Notice::SignedOut,
        Notice::SignInRefused,
        Notice::WrongOrigin,
        Notice::NoAccess,
        Notice::NotFound,
        Notice::FileInfected,
        Notice::FileNotScanned,
        Notice::FileBeingScanned,
        Notice::FileUnavailable,
        Notice::Unavailable { retry_after: None },
        Notice::Refused(axum::http::StatusCode::PAYLOAD_TOO_LARGE),
        Notice::Refused(axum::http::StatusCode::BAD_REQUEST),
        Notice::Fault,
    ];
    let notice = |notice: Notice| {
        view! {
            <NoticeWords notice=notice>
                <a class="button button--primary" href=href("/")>
                    "What can be done"
                </a>
            </NoticeWords>
        }
    };
    part(
        "Instead of a page",
        every.into_iter().map(notice).collect_view(),
    )
}
