//! One request: its conversation, the reply box, done and reopen.

use leptos::{prelude::*, server_fn::ServerFn as _};
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

use super::{has_a_reader, signed_in};
use crate::{
    api::{self, StatusNotice},
    app::{
        IslandScripts,
        components::{
            EnterSends, EntryView, ErrorSummary, Field, FilesField, Layout, PartialNotice,
            StatusMark, SubmitButton, Time, field_error, outgoing_items,
        },
        islands::Composer,
    },
    content, desk,
    file_rules::MAX_BY_EMAIL,
    href::href,
    model::{Conversation, Picked, Refused, Replies, Status, Thread},
};

#[component]
pub fn RequestPage() -> impl IntoView {
    let id = use_params_map()
        .get_untracked()
        .get("id")
        .unwrap_or_default();
    let query = use_query_map().get_untracked();
    let before = query.get("before");
    let whole_mails = query.get_str("mails") == Some("whole");
    let notice = StatusNotice::parse(query.get_str("notice"));
    let is_read = has_a_reader();
    signed_in(move |desk| async move {
        let part = desk::View {
            before: before.as_deref(),
            whole_mails,
        };
        let conversation = match desk.conversation(&id, part).await {
            Ok(conversation) => conversation,
            Err(error) => return without_plain(&desk, &id, error).await,
        };
        if is_read {
            desk.mark_seen(&conversation).await;
        }
        let refused = desk.refused(Some(&conversation.thread.id)).await?;
        let earlier = match whole_mails {
            // A page of whole e-mails may be so short that the one that was asked for is on an earlier one.
            true => format!("/threads/{id}?mails=whole&before="),
            false => format!("/threads/{id}?before="),
        };
        let whole_mails = match &before {
            Some(before) => {
                let before: String =
                    url::form_urlencoded::byte_serialize(before.as_bytes()).collect();
                format!("/threads/{id}?mails=whole&before={before}")
            }
            None => format!("/threads/{id}?mails=whole"),
        };
        let may_write = desk.may_write();
        let earlier = conversation.earlier.as_ref().map(|it| earlier + it);
        Ok(page(
            &id,
            whole_mails,
            earlier,
            conversation,
            refused,
            notice,
            may_write,
        )
        .into_any())
    })
}

/// Plain cannot be asked now, but what the viewer typed here is ours to show.
async fn without_plain(
    desk: &desk::Desk,
    id: &str,
    error: desk::Error,
) -> Result<AnyView, desk::Error> {
    use crate::app::components::{Carried, Notice, NoticePage};
    if matches!(error, desk::Error::NotFound) {
        // What was typed there before it went is not to go with it.
        desk.uproot(id).await?;
        return Err(error);
    }
    let carried = desk.refused(Some(id)).await?.map(|refused| Carried {
        action: api::Reply::PATH.to_owned(),
        thread_id: Some(id.to_owned()),
        submission: Some(refused.submission),
        text: Some(refused.text),
        files: Picked {
            ids: refused
                .files
                .iter()
                .filter(|file| file.problem.is_none())
                .map(|file| file.id.clone())
                .collect(),
            ..Picked::default()
        },
        ..Carried::default()
    });
    let outgoing = desk.outgoing_without_plain(id).await?;
    let notice = Notice::from(&error);
    Ok(view! { <NoticePage notice=notice carried=carried outgoing=outgoing /> }.into_any())
}

/// `id` is what the address says, id or ref: cursors are good for the same address. `whole_mails` is the address of this
/// page with e-mails in full, `earlier` that of what was said before.
fn page(
    id: &str,
    whole_mails: String,
    earlier: Option<String>,
    conversation: Conversation,
    refused: Option<Refused>,
    notice: Option<StatusNotice>,
    may_write: bool,
) -> impl IntoView + use<> {
    let Conversation {
        thread,
        entries,
        earlier: _,
        is_latest,
        outgoing,
        partial,
    } = conversation;
    let address = format!("/threads/{id}");
    let notice = notice.filter(|notice| notice.done != (thread.status == Status::Done));
    let title = match notice.is_some() || refused.is_some() {
        true => format!("Error: {}", thread.title),
        false => thread.title.clone(),
    };
    view! {
        <Layout title=title>
            <IslandScripts />
            <div class="page__head">
                <p class="page__back">
                    <a href=href("/")>"All requests"</a>
                </p>
                <h1>{thread.title.clone()}</h1>
                <p class="page__lead">
                    <StatusMark status=thread.status />
                    <span class="request__ref">{thread.reference.clone()}</span>
                </p>
            </div>
            {notice
                .map(|notice| {
                    let words = if notice.refused {
                        "The status was not changed. Please ask us for it in a reply."
                    } else {
                        "The status was not changed, because our support system did not answer. Please try again in a moment."
                    };
                    view! {
                        <div class="error-summary" role="alert" tabindex="-1" autofocus=true>
                            <h2>"There is a problem"</h2>
                            <p>{words}</p>
                        </div>
                    }
                })}
            <PartialNotice partial=partial />
            <div class="request-page">
            <Facts thread=thread.clone() />
            <div class="request-page__main">
            <section aria-labelledby="conversation-title">
                <h2 class="visually-hidden" id="conversation-title">
                    "Conversation"
                </h2>
                {earlier.map(|earlier| view! {
                    <p class="conversation__more">
                        <a class="button" href=href(&earlier)>
                            "Earlier messages"
                        </a>
                    </p>
                })}
                {if entries.is_empty() && outgoing.is_empty() {
                    view! { <p class="empty">"There are no messages to show here."</p> }.into_any()
                } else {
                    view! {
                        <ol class="conversation" aria-label="Conversation">
                            {entries.into_iter().map(|entry| view! { <EntryView thread=thread.id.clone() entry=entry whole_mails=whole_mails.clone() /> }).collect_view()}
                            {outgoing_items(outgoing)}
                        </ol>
                    }
                    .into_any()
                }}
                {(!is_latest).then(|| view! {
                    <p class="conversation__more">
                        <a class="button" href=href(&address)>
                            "Latest messages"
                        </a>
                    </p>
                })}
            </section>
            {is_latest
                .then(|| match thread.replies {
                    _ if !may_write => no_form(ON_HOLD.to_owned(), Some(thread.id.clone()), refused),
                    Replies::Here(_) => {
                        view! { <ReplyForm thread=thread.clone() refused=refused /> }.into_any()
                    }
                    Replies::Elsewhere(place) => {
                        no_form(format!("This conversation takes place in {place}. Please answer there."), Some(thread.id.clone()), refused)
                    }
                    Replies::Nowhere => {
                        no_form("This request takes no answers here. Please open a new request.".to_owned(), Some(thread.id.clone()), refused)
                    }
                })}
            </div>
            {may_write.then(|| view! { <StatusForm thread=thread /> })}
            </div>
        </Layout>
    }
    .into_any()
}

/// Who asked, and when.
#[component]
pub fn Facts(thread: Thread) -> impl IntoView {
    let asked_by = if thread.asked_by.is_viewer {
        "you".to_owned()
    } else {
        thread.asked_by.name
    };
    view! {
        <dl class="facts">
            <div>
                <dt>"Asked by"</dt>
                <dd><bdi>{asked_by}</bdi></dd>
            </div>
            <div>
                <dt>"Asked on"</dt>
                <dd>
                    <Time at=thread.created_at />
                </dd>
            </div>
            <div>
                <dt>"Last activity"</dt>
                <dd>
                    <Time at=thread.last_activity />
                </dd>
            </div>
        </dl>
    }
    .into_any()
}

/// Instead of a form; what was typed before that was known is shown, to be copied.
pub fn no_form(words: String, thread_id: Option<String>, refused: Option<Refused>) -> AnyView {
    let refused = refused.map(|refused| {
        let typed = match refused.title.is_empty() {
            true => refused.text,
            false => format!("{}\n\n{}", refused.title, refused.text),
        };
        let text = content::textarea(&typed).into_inner();
        view! {
            <ErrorSummary problems=vec![refused.problem] field_id=|_| "kept-text" />
            <div class="field">
                <label for="kept-text">"Your text"</label>
                <textarea id="kept-text" rows="5" readonly=true inner_html=text></textarea>
            </div>
            <DiscardForm submission=refused.submission thread_id=thread_id />
        }
    });
    view! { <div class="panel" id="reply"><p>{words}</p>{refused}</div> }.into_any()
}

/// To somebody who is marked as spam.
pub const ON_HOLD: &str = "Messages from your account are on hold, so you cannot write here for now. You can read everything as before. \
                           If you think that this is a mistake, please reach us another way.";

#[component]
pub fn ReplyForm(thread: Thread, refused: Option<Refused>) -> impl IntoView {
    let submission = refused.as_ref().map_or_else(
        || Uuid::new_v4().to_string(),
        |refused| refused.submission.clone(),
    );
    let problems = refused.as_ref().map(|refused| refused.problems(false));
    let error = problems
        .as_deref()
        .and_then(|problems| field_error(problems, "text"));
    let hint = match thread.status {
        Status::Done => "This request is done. Answering opens it again.",
        Status::Open | Status::WaitingForYou => "You can use Markdown.",
    };
    let place = thread.id.clone();
    let limit = match thread.replies {
        Replies::Here(way) => way.most_bytes(),
        Replies::Elsewhere(_) | Replies::Nowhere => MAX_BY_EMAIL,
    };
    let files = refused
        .as_ref()
        .map(|refused| refused.files.clone())
        .unwrap_or_default();
    let text = refused
        .as_ref()
        .map(|refused| refused.text.clone())
        .unwrap_or_default();
    view! {
        <section class="panel" id="reply" aria-label="Reply">
            {problems.map(|problems| view! { <ErrorSummary problems=problems field_id=|field| if field == "files" { "reply-files" } else { "reply-text" } /> })}
            <Composer>
                <form method="post" action=href(api::Reply::PATH) enctype="multipart/form-data" autocomplete="off">
                    <EnterSends files=files.clone() />
                    <input type="hidden" name="thread_id" value=thread.id />
                    <input type="hidden" name="submission" value=submission.clone() />
                    <Field
                        id="reply-text"
                        name="text"
                        label="Your reply"
                        hint=hint
                        script_hint=" Press Ctrl+Enter to send."
                        value=text
                        error=error
                        rows=5
                    />
                    <FilesField id="reply-files".to_owned() submission=submission.clone() files=files limit=limit />
                    <SubmitButton label="Send reply" />
                </form>
            </Composer>
            {refused.filter(|refused| !refused.is_empty()).map(|refused| view! { <DiscardForm submission=refused.submission thread_id=Some(place) /> })}
        </section>
    }
    .into_any()
}

/// Throws away what was not sent.
#[component]
pub fn DiscardForm(
    submission: String,
    #[prop(optional_no_strip)] thread_id: Option<String>,
) -> impl IntoView {
    view! {
        <form method="post" action=href(api::Discard::PATH)>
            <input type="hidden" name="submission" value=submission />
            {thread_id.map(|id| view! { <input type="hidden" name="thread_id" value=id /> })}
            <button class="button button--quiet" type="submit">
                "Discard this text"
            </button>
        </form>
    }
    .into_any()
}

#[component]
pub fn StatusForm(thread: Thread) -> impl IntoView {
    let (status, label) = match thread.status {
        Status::Done => ("open", "Reopen"),
        Status::Open => ("done", "Mark as done"),
        Status::WaitingForYou => ("done", "That solved it"),
    };
    view! {
        <form class="status-form" method="post" action=href(api::SetStatus::PATH)>
            <input type="hidden" name="thread_id" value=thread.id />
            <input type="hidden" name="status" value=status />
            <button class="button" type="submit">
                {label}
            </button>
        </form>
    }
    .into_any()
}
