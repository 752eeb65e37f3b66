//! The contact form.

use leptos::{prelude::*, server_fn::ServerFn as _};
use uuid::Uuid;

use super::{request::DiscardForm, signed_in};
use crate::{
    api,
    app::{
        IslandScripts,
        components::{ErrorSummary, Field, Layout, SubmitButton, field_error},
        islands::Composer,
    },
    href::href,
    model::{Tenant, Unsent},
};

#[component]
pub fn NewRequest() -> impl IntoView {
    signed_in(move |desk| async move {
        let unsent = desk.unsent_request().await?;
        Ok(form(unsent, desk.viewer().tenant.clone()).into_any())
    })
}

fn form(unsent: Option<Unsent>, tenant: Tenant) -> impl IntoView {
    let team = tenant.name;
    let submission = unsent.as_ref().map_or_else(
        || Uuid::new_v4().to_string(),
        |unsent| unsent.submission.clone(),
    );
    let problems = unsent.as_ref().map(|unsent| unsent.problems(true));
    let error_of = |field: &str| field_error(problems.as_deref()?, field);
    let (title_error, text_error) = (error_of("title"), error_of("text"));
    let (title, text) = unsent
        .as_ref()
        .map(|unsent| (unsent.title.clone(), unsent.text.clone()))
        .unwrap_or_default();
    view! {
        <Layout title="New request">
            <IslandScripts />
            <div class="page__head">
                <p class="page__back">
                    <a href=href("/")>"All requests"</a>
                </p>
                <h1>"New request"</h1>
                <p class="page__lead">{format!("Everybody at {team} can see this request and our answers.")}</p>
            </div>
            <section class="panel" aria-label="New request">
                {problems.map(|problems| view! { <ErrorSummary problems=problems field_id=field_id /> })}
                <Composer>
                    <form method="post" action=href(api::Ask::PATH) autocomplete="off">
                        <input type="hidden" name="submission" value=submission />
                        <input type="hidden" name="tenant" value=tenant.external_id />
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
                        <SubmitButton label="Send request" />
                    </form>
                </Composer>
                {unsent.filter(|unsent| !unsent.is_empty()).map(|unsent| view! { <DiscardForm submission=unsent.submission thread_id=None /> })}
            </section>
        </Layout>
    }
    .into_any()
}

fn field_id(field: &'static str) -> &'static str {
    if field == "text" { "message" } else { field }
}
