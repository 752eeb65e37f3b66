//! The contact form.

use leptos::{prelude::*, server_fn::ServerFn as _};
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use super::{
    request::{DiscardForm, ON_HOLD, no_form},
    signed_in,
};
use crate::{
    api,
    app::{
        IslandScripts,
        components::{
            EnterSends, ErrorSummary, Field, FilesField, Layout, SubmitButton, field_error,
            outgoing_list,
        },
        islands::Composer,
    },
    file_rules::MAX_BY_EMAIL,
    href::href,
    model::{Outgoing, Problem, Refused, Scope},
};

#[component]
pub fn NewRequest() -> impl IntoView {
    let sent = use_query_map().get_untracked().get("sent");
    signed_in(move |desk| async move {
        // A request that was on its way when this address was given out.
        if let Some(submission) = sent
            && let Some(thread_id) = desk.arrived_in(&submission).await?
        {
            api::see_other(&format!("/threads/{thread_id}"));
        }
        let refused = desk.refused(None).await?;
        let outgoing = desk.outgoing_requests().await?;
        Ok(page(&desk.viewer().scope, desk.may_write(), refused, outgoing).into_any())
    })
}

fn page(
    scope: &Scope,
    may_write: bool,
    refused: Option<Refused>,
    outgoing: Vec<Outgoing>,
) -> impl IntoView + use<> {
    let readers = match scope {
        Scope::Team(team) => view! {
            <span>"Everybody at " <bdi>{team.name.clone()}</bdi> " can see this request and our answers."</span>
        }
        .into_any(),
        Scope::OwnIn(_) | Scope::Own {} => {
            "Nobody else of your team sees this request here.".into_any()
        }
    };
    let problems = refused.as_ref().map(|refused| refused.problems(true));
    let title = match problems {
        Some(_) => "Error: New request",
        None => "New request",
    };
    let form = match may_write {
        true => form(refused, problems.as_deref(), scope.external_id().to_owned()),
        false => no_form(ON_HOLD.to_owned(), None, refused),
    };
    let summary = problems.filter(|_| may_write);
    view! {
        <Layout title=title>
            {summary.map(|problems| view! { <ErrorSummary problems=problems field_id=field_id /> })}
            <div class="page__head">
                <p class="page__back">
                    <a href=href("/")>"All requests"</a>
                </p>
                <h1>"New request"</h1>
                <p class="page__lead">{readers}</p>
            </div>
            {outgoing_list(outgoing)}
            {form}
        </Layout>
    }
    .into_any()
}

/// `team`: the host's id of the team that the form speaks of.
fn form(refused: Option<Refused>, problems: Option<&[Problem]>, team: String) -> AnyView {
    let submission = refused.as_ref().map_or_else(
        || Uuid::new_v4().to_string(),
        |refused| refused.submission.clone(),
    );
    let error_of = |field: &str| field_error(problems?, field);
    let (title_error, text_error) = (error_of("title"), error_of("text"));
    let (title, text, files) = refused
        .as_ref()
        .map(|refused| {
            (
                refused.title.clone(),
                refused.text.clone(),
                refused.files.clone(),
            )
        })
        .unwrap_or_default();
    view! {
        <IslandScripts />
        <section class="panel" aria-label="New request">
            <Composer>
                <form method="post" action=href(api::Ask::PATH) enctype="multipart/form-data" autocomplete="off">
                    <EnterSends files=files.clone() />
                    <input type="hidden" name="submission" value=submission.clone() />
                    <input type="hidden" name="tenant" value=team />
                    <Field id="title" name="title" label="Title" hint="In a few words, what is it about?" value=title error=title_error />
                    <Field
                        id="message"
                        name="message"
                        label="Message"
                        hint="What happened, what did you expect, and what have you tried? You can use Markdown."
                        value=text
                        error=text_error
                        rows=10
                    />
                    <FilesField id="request-files".to_owned() submission=submission.clone() files=files limit=MAX_BY_EMAIL />
                    <SubmitButton label="Send request" />
                </form>
            </Composer>
            {refused.filter(|refused| !refused.is_empty()).map(|refused| view! { <DiscardForm submission=refused.submission thread_id=None /> })}
        </section>
    }
    .into_any()
}

fn field_id(field: &'static str) -> &'static str {
    match field {
        "text" => "message",
        "files" => "request-files",
        field => field,
    }
}
