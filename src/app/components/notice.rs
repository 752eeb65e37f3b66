//! Pages that say why there is no other page: what happened, and what to do.

use axum::http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_router::location::RequestUrl;

use super::{Field, Layout, SignOut, SubmitButton, files::lost_files, other_teams, outgoing_list};
use crate::{
    app::Site,
    content,
    href::href,
    model::{Outgoing, Picked},
};

/// Which of these pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// 401: nobody is signed in.
    SignedOut,
    /// 401: the host's token was refused; the log says why.
    SignInRefused,
    /// 403: a form came from another site than it may.
    WrongOrigin,
    /// 403: support has taken this person out of the team, or deleted them.
    NoAccess,
    /// 404: there is no such page, or it is not this viewer's.
    NotFound,
    /// 403: the virus scanner has found something in a file.
    FileInfected,
    /// 403: the virus scanner could not say anything of a file.
    FileNotScanned,
    /// 503: the virus scanner has not come to a file yet.
    FileBeingScanned,
    /// 503: the store in which Plain keeps files does not give one.
    FileUnavailable,
    /// 503: Plain, or our database, does not answer.
    Unavailable { retry_after: Option<u64> },
    /// Any other refusal (400, 405, 413, …).
    Refused(StatusCode),
    /// 500: a fault of ours.
    Fault,
}

impl Notice {
    /// The page for a status that some layer answered without a page of its own.
    pub fn for_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::SignedOut,
            StatusCode::FORBIDDEN => Self::WrongOrigin,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
            | StatusCode::REQUEST_TIMEOUT => Self::Unavailable { retry_after: None },
            status if status.is_client_error() => Self::Refused(status),
            _ => Self::Fault,
        }
    }

    pub fn status(self) -> StatusCode {
        match self {
            Self::SignedOut | Self::SignInRefused => StatusCode::UNAUTHORIZED,
            Self::WrongOrigin | Self::NoAccess | Self::FileInfected | Self::FileNotScanned => {
                StatusCode::FORBIDDEN
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::FileBeingScanned | Self::FileUnavailable | Self::Unavailable { .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Refused(status) => status,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// When to come back, as far as anybody can say.
    fn retry_after(self) -> Option<u64> {
        match self {
            Self::FileBeingScanned => Some(30),
            Self::Unavailable { retry_after } => retry_after,
            _ => None,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::SignedOut => "You are not signed in",
            Self::SignInRefused => "We could not sign you in",
            Self::WrongOrigin => "This page was opened from somewhere else",
            Self::NoAccess => "You no longer have access to this team",
            Self::NotFound => "Page not found",
            Self::FileInfected => "This file is not safe",
            Self::FileNotScanned => "This file could not be checked",
            Self::FileBeingScanned => "This file is being checked",
            Self::FileUnavailable => "This file cannot be fetched right now",
            Self::Unavailable { .. } => "Support cannot be reached right now",
            Self::Refused(StatusCode::PAYLOAD_TOO_LARGE) => "That was too much at once",
            Self::Refused(_) => "We could not understand that",
            Self::Fault => "Something went wrong on our side",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::SignedOut => {
                "Your session has ended, or you opened this page directly. Open support from inside the product to sign in."
            }
            Self::SignInRefused => {
                "The link that brought you here has expired or was used before. Open support from inside the product again."
            }
            Self::WrongOrigin => {
                "For your safety we take forms and sign-ins only from pages that we know. Open support from inside the product again."
            }
            Self::NoAccess => {
                "You have been removed from this team, so its requests are closed to you. If that is a mistake, ask whoever manages your team in the product. Then open support from inside the product again."
            }
            Self::NotFound => {
                "There is nothing at this address, or it belongs to another team. Check the address, or look through your requests."
            }
            Self::FileInfected => {
                "A virus was found in it, so we do not hand it out. Please tell us in a reply if you need what is in it."
            }
            Self::FileNotScanned => {
                "We check every file for viruses, and this one could not be checked, so we do not hand it out. Please ask us for it in a reply."
            }
            Self::FileBeingScanned => {
                "We check every file for viruses, and have not come to this one yet. Please try again in a minute."
            }
            Self::FileUnavailable => {
                "The place where files are kept does not answer as it should. The file is not lost. Please try again in a minute."
            }
            Self::Unavailable { .. } => {
                "Our support system does not answer at the moment. Nothing is lost. Please try again in a minute."
            }
            Self::Refused(StatusCode::PAYLOAD_TOO_LARGE) => {
                "Your message is larger than we can take. Go back, shorten it, and send it again."
            }
            Self::Refused(_) => {
                "Something in the address or in the form was not as we expected. Go back and try again."
            }
            Self::Fault => "We have been told about it. Please try again in a minute.",
        }
    }
}

/// What was typed into a form that could not be taken, so that its page can offer it again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried {
    /// The form's action, below the base path.
    pub action: String,
    pub thread_id: Option<String>,
    pub submission: Option<String>,
    /// The team that a new request was typed for.
    pub tenant: Option<String>,
    pub title: Option<String>,
    /// A reply's text.
    pub text: Option<String>,
    /// A new request's message.
    pub message: Option<String>,
    pub files: Picked,
}

impl Carried {
    /// The words alone, for when there is no place to send them to; the same page whatever the place was.
    pub fn words_only(self) -> Self {
        Self {
            text: self.text.or(self.message),
            ..Self::default()
        }
    }
}

/// The whole page; sets its status.
#[component]
pub fn NoticePage(
    notice: Notice,
    #[prop(optional_no_strip)] carried: Option<Carried>,
    /// What of the viewer's is on its way here.
    #[prop(optional)]
    outgoing: Vec<Outgoing>,
) -> impl IntoView {
    let response = expect_context::<ResponseOptions>();
    response.set_status(notice.status());
    if let Some(seconds) = notice.retry_after() {
        response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let actions = match notice {
        Notice::SignedOut | Notice::SignInRefused | Notice::NoAccess => {
            sign_in_link(carried.as_ref()).into_any()
        }
        Notice::FileBeingScanned | Notice::FileUnavailable | Notice::Unavailable { .. } => {
            try_again().into_any()
        }
        _ => view! {
            <a class="button button--primary" href=href("/")>
                "Go to your requests"
            </a>
        }
        .into_any(),
    };
    view! {
        <Layout title=notice.title()>
            <NoticeWords notice=notice>{actions}</NoticeWords>
            {(notice == Notice::NoAccess).then(|| view! { {other_teams()} <SignOut /> })}
            {outgoing_list(outgoing)}
            {carried.map(|carried| view! { <CarriedForm carried=carried /> })}
        </Layout>
    }
    .into_any()
}

/// What happened, and what can be done about it.
#[component]
pub fn NoticeWords(notice: Notice, children: Children) -> impl IntoView {
    view! {
        <div class="notice">
            <h1>{notice.title()}</h1>
            <p class="notice__text">{notice.text()}</p>
            <div class="notice__actions">{children()}</div>
        </div>
    }
    .into_any()
}

/// Signing in happens in a new tab when this page holds text, so that the text stays.
fn sign_in_link(carried: Option<&Carried>) -> impl IntoView + use<> {
    let site = expect_context::<Site>();
    let return_to = match carried {
        Some(carried) => href(
            &carried
                .thread_id
                .as_ref()
                .map_or("/threads/new".to_owned(), |id| format!("/threads/{id}")),
        ),
        None => href(&requested()),
    };
    let target = carried.map(|_| "_blank");
    site.sign_in_url.map(|mut url| {
        url.query_pairs_mut().append_pair("return_to", &return_to);
        view! {
            <a class="button button--primary" href=url.to_string() target=target>
                "Sign in"
            </a>
        }
    })
}

/// The same page once more.
pub(super) fn try_again() -> impl IntoView {
    view! {
        <a class="button" href=href(&requested())>
            "Try again"
        </a>
    }
    .into_any()
}

/// The path and query of this request, below the base path.
pub fn requested() -> String {
    let url = use_context::<RequestUrl>();
    url.map_or_else(|| "/".to_owned(), |url| to_come_back_to(url.as_ref()))
}

/// The address of a page that one can come back to; the front page when there is none at this one.
fn to_come_back_to(url: &str) -> String {
    let path = url.strip_prefix("http://leptos.dev").unwrap_or(url);
    // To a browser `//` and `/\` begin the address of another host (URL Standard, 4.4).
    let is_elsewhere = !path.starts_with('/') || path[1..].starts_with(['/', '\\']);
    if is_elsewhere || path.starts_with("/api/") || path.starts_with("/auth/") {
        "/".to_owned()
    } else {
        path.to_owned()
    }
}

/// The refused form again, with everything that was typed.
#[component]
fn CarriedForm(carried: Carried) -> impl IntoView {
    if carried.action.is_empty() {
        let text = content::textarea(&carried.text.unwrap_or_default()).into_inner();
        return view! {
            <section class="panel" aria-labelledby="carried">
                <h2 id="carried">"What you wrote"</h2>
                <p>
                    "Your text is still here. Copy it, and "
                    <a href=href("/threads/new")>"open a new request"</a> " with it."
                </p>
                <div class="field">
                    <label for="text">"Your text"</label>
                    <textarea id="text" rows="8" readonly=true inner_html=text></textarea>
                </div>
            </section>
        }
        .into_any();
    }
    view! {
        <section class="panel" aria-labelledby="carried">
            <h2 id="carried">"What you wrote"</h2>
            <p>"Your text is still here. Once the problem is solved, send it again from this page."</p>
            <form method="post" action=href(&carried.action)>
                {carried.thread_id.map(|id| view! { <input type="hidden" name="thread_id" value=id /> })}
                {carried.submission.map(|id| view! { <input type="hidden" name="submission" value=id /> })}
                {carried.tenant.map(|id| view! { <input type="hidden" name="tenant" value=id /> })}
                {carried.title.map(|title| view! { <Field id="title" name="title" label="Title" value=title /> })}
                {carried.message.map(|text| view! { <Field id="text" name="message" label="Message" value=text rows=8 /> })}
                {carried.text.map(|text| view! { <Field id="text" name="text" label="Your reply" value=text rows=8 /> })}
                {carried.files.ids.into_iter().map(|id| view! { <input type="hidden" name="files" value=id /> }).collect_view()}
                {lost_files(&carried.files.refused)}
                <SubmitButton label="Send again" />
            </form>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_to_our_own_pages() {
        assert_eq!(
            to_come_back_to("http://leptos.dev/threads/T-1?x=//y"),
            "/threads/T-1?x=//y"
        );
        for elsewhere in [
            "",
            "//evil.example",
            "http://leptos.dev//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/api/reply",
            "/auth/handoff",
        ] {
            assert_eq!(to_come_back_to(elsewhere), "/", "{elsewhere}");
        }
    }
}
