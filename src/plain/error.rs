//! What can go wrong when we talk to Plain, told apart by what can be done about it.

use std::time::Duration;

/// What we say when Plain limits our rate and does not say for how long.
const RATE_LIMITED_FOR: Duration = Duration::from_secs(30);

/// A failed call. The text is for the operator's log, never for a customer's page: pages know three outcomes of a
/// read (there, not there, not now), and the outbox says of a message what the variant allows to say.
///
/// Source: Plain's documentation of errors and error codes (`docs/graphql/error-codes`); `codes.rs` has the codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No connection could be made: nothing was sent.
    #[error("cannot connect to Plain: {detail}")]
    Unreachable { detail: String },
    /// The connection broke, or nothing came in time, after the call was begun.
    #[error("Plain did not answer: {detail}")]
    NoAnswer { detail: String },
    /// Plain, or a proxy before it, says that it failed for now: HTTP 5xx, INTERNAL_SERVER_ERROR, `internal`.
    #[error("Plain failed for now: {detail}")]
    Temporary {
        detail: String,
        /// When to come back, as far as Plain says.
        retry_after: Option<Duration>,
    },
    /// 429: too many calls.
    #[error("Plain's rate limit is reached")]
    RateLimited { retry_after: Option<Duration> },
    /// 401, UNAUTHENTICATED: the API key is missing, wrong or revoked.
    #[error("Plain does not accept PLAIN_API_KEY: {detail}")]
    Unauthenticated { detail: String },
    /// 403, FORBIDDEN: the API key lacks a permission, which `detail` names when Plain does.
    #[error("PLAIN_API_KEY lacks a permission: {detail}")]
    Forbidden { detail: String },
    /// The entity that the call names does not exist.
    #[error("Plain does not find it: {detail}")]
    NotFound { detail: String },
    /// Plain refused what a mutation would have done.
    #[error("Plain refused it ({refusal:?}): {detail}")]
    Validation { refusal: Refusal, detail: String },
    /// BAD_USER_INPUT at the top level: an argument, such as a cursor, that Plain does not take.
    #[error("Plain does not take an argument: {detail}")]
    BadInput { detail: String },
    /// 400, GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED: Plain does not take this operation from anybody.
    #[error("Plain does not take this operation: {detail}")]
    Rejected { detail: String },
    /// 200, and no JSON: something on the way answered in Plain's place, or cut the answer off.
    #[error("what answered is not Plain's API: {detail}")]
    Garbled { detail: String },
    /// The answer has more bytes than we take. A smaller part may be had.
    #[error("Plain's answer is too large: {detail}")]
    TooLarge { detail: String },
    /// The store that Plain keeps files in cannot be reached, fails (5xx), breaks off or stands still.
    #[error("Plain's file store is away: {detail}")]
    FileStoreAway { detail: String },
    /// The store does not take or give this file, as at an address that has expired.
    #[error("Plain's file store refuses: {detail}")]
    FileStoreRefused { detail: String },
    /// The file that is to be sent cannot be read on our side, or is not as long as it was said to be.
    #[error("the file cannot be read: {detail}")]
    FileUnreadable { detail: String },
    /// The answer is not what Plain's schema promises, or nothing that we follow, such as a redirect.
    #[error("Plain's answer is not understood: {detail}")]
    NotUnderstood { detail: String },
}

/// Why a mutation was refused, as far as Plain's documented codes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    InvalidInput,
    AttachmentTooLarge,
    AttachmentTypeNotAllowed,
    AttachmentNotUploaded,
    /// The customer is marked as spam.
    MarkedAsSpam,
    /// Another customer has this e-mail address.
    EmailTaken,
    /// Another customer has this external id.
    ExternalIdTaken,
    /// The thread's channel, or its state, takes no answers.
    CannotReply,
    /// The e-mail that would be answered has not been sent.
    UnsentEmail,
    /// Another customer group has this key.
    GroupKeyTaken,
    /// A code of the future.
    Other,
}

impl Error {
    /// May the mutation have been carried out although we saw this error? Then it must not be repeated blindly.
    pub fn maybe_done(&self) -> bool {
        match self {
            Self::NoAnswer { .. }
            | Self::Temporary { .. }
            | Self::Garbled { .. }
            | Self::TooLarge { .. }
            | Self::NotUnderstood { .. } => true,
            Self::Unreachable { .. }
            | Self::RateLimited { .. }
            | Self::Unauthenticated { .. }
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::Validation { .. }
            | Self::BadInput { .. }
            | Self::Rejected { .. } => false,
            // A file by itself is no message.
            Self::FileStoreAway { .. }
            | Self::FileStoreRefused { .. }
            | Self::FileUnreadable { .. } => false,
        }
    }

    /// May the same read succeed in a moment? At a limited rate only when Plain says when.
    pub fn is_curable(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::NoAnswer { .. }
            | Self::Temporary { .. }
            | Self::Garbled { .. } => true,
            Self::RateLimited { retry_after } => retry_after.is_some(),
            _ => false,
        }
    }

    /// How long Plain asks us to wait, when it does.
    pub(super) fn asked_to_wait(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Temporary { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// How long to wait before the next try, as far as anybody can say.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } => Some(retry_after.unwrap_or(RATE_LIMITED_FOR)),
            error => error.asked_to_wait(),
        }
    }

    /// What is wrong, in a few words that give nothing away: for whoever may ask whether the portal is ready.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "cannot be reached",
            Self::NoAnswer { .. } => "does not answer",
            Self::Temporary { .. } => "fails for now",
            Self::RateLimited { .. } => "limits our rate",
            Self::Unauthenticated { .. } => "refuses PLAIN_API_KEY",
            Self::Forbidden { .. } => "denies PLAIN_API_KEY a permission",
            Self::Garbled { .. } => "answers something that is not its API",
            Self::TooLarge { .. } => "answers more than this version takes",
            Self::NotFound { .. }
            | Self::Validation { .. }
            | Self::BadInput { .. }
            | Self::Rejected { .. }
            | Self::FileStoreAway { .. }
            | Self::FileStoreRefused { .. }
            | Self::FileUnreadable { .. }
            | Self::NotUnderstood { .. } => {
                "answers in a way that this version does not understand"
            }
        }
    }

    /// What an operator can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => {
                "Nothing was sent. Check PLAIN_API_URL, and that this machine may open connections to it (DNS, proxy, firewall)."
            }
            Self::NoAnswer { .. } => {
                "Reads are tried again by themselves, and messages wait in the outbox. If it lasts, look at Plain's status page and at what lies between."
            }
            Self::Temporary { .. } => {
                "Reads are tried again by themselves, and messages wait in the outbox. If it lasts, look at Plain's status page."
            }
            Self::RateLimited { .. } => {
                "Too many calls for this workspace. It passes; if it comes back, look for other programs that use the workspace's API, or ask Plain for a higher limit."
            }
            Self::Unauthenticated { .. } => {
                "Set PLAIN_API_KEY to a valid key of a machine user: Plain → Settings → Machine users."
            }
            Self::Forbidden { .. } => {
                "Grant the permission to the API key in Plain → Settings → Machine users. `plain-portal check` names all that are missing."
            }
            Self::NotFound { .. } => {
                "Usually nothing: it was deleted in Plain, or the address never was right."
            }
            Self::Validation { refusal, .. } => refusal.advice(),
            Self::BadInput { .. } => "Usually nothing: an old or invented address.",
            Self::Rejected { .. } => {
                "This version does not fit Plain's API. Update plain-portal, and tell its developers."
            }
            Self::Garbled { .. } => {
                "Check PLAIN_API_URL, and whether a proxy on the way answers with pages of its own."
            }
            Self::TooLarge { .. } => {
                "Nothing, as long as a smaller page of the conversation is there for the customer: the portal asks for it by itself."
            }
            Self::FileStoreAway { .. } => {
                "Check that this machine may open connections to Plain's file store, whose address Plain names for each file (DNS, proxy, firewall). It is asked again with the next attempt."
            }
            Self::FileStoreRefused { .. } => {
                "Usually nothing: addresses of files expire, and the next attempt has another. If it lasts, compare this machine's clock, and look at Plain's status page."
            }
            Self::FileUnreadable { .. } => {
                "Look at the disk, or whatever it is, on which files wait to be sent."
            }
            Self::NotUnderstood { .. } => {
                "Check PLAIN_API_URL. If it is right, this version does not fit Plain's API: update plain-portal, and tell its developers."
            }
        }
    }

    pub(super) fn not_understood(detail: impl ToString) -> Self {
        Self::NotUnderstood {
            detail: detail.to_string(),
        }
    }

    pub(super) fn from_transport(error: reqwest::Error) -> Self {
        let connecting = error.is_connect();
        let unsendable = error.is_builder();
        let detail = chain(&error.without_url());
        match (connecting, unsendable) {
            (true, _) => Self::Unreachable { detail },
            (_, true) => Self::Rejected { detail },
            _ => Self::NoAnswer { detail },
        }
    }

    /// The same without this secret, should Plain have repeated it in its words, and without line ends or excess.
    pub(super) fn fit_for_the_log(mut self, secret: &str) -> Self {
        const ENOUGH: usize = 500;
        if let Some(detail) = self.detail_mut() {
            let clean = detail.replace(secret, "…");
            *detail = clean
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .take(ENOUGH)
                .collect();
        }
        self
    }

    fn detail_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Unreachable { detail }
            | Self::NoAnswer { detail }
            | Self::Temporary { detail, .. }
            | Self::Unauthenticated { detail }
            | Self::Forbidden { detail }
            | Self::NotFound { detail }
            | Self::Validation { detail, .. }
            | Self::BadInput { detail }
            | Self::Rejected { detail }
            | Self::Garbled { detail }
            | Self::TooLarge { detail }
            | Self::FileStoreAway { detail }
            | Self::FileStoreRefused { detail }
            | Self::FileUnreadable { detail }
            | Self::NotUnderstood { detail } => Some(detail),
            Self::RateLimited { .. } => None,
        }
    }
}

impl Refusal {
    fn advice(self) -> &'static str {
        match self {
            Self::InvalidInput | Self::Other => {
                "The customer keeps the text. The log line says what Plain does not take."
            }
            Self::AttachmentTooLarge
            | Self::AttachmentTypeNotAllowed
            | Self::AttachmentNotUploaded => "Nothing: the customer chooses another file.",
            Self::MarkedAsSpam => {
                "If it is a mistake, unmark the customer as spam in Plain: the customer's page."
            }
            Self::EmailTaken => {
                "Two people share an address, or the host does not say `email_verified: true`. See docs/handoff.md."
            }
            Self::ExternalIdTaken => {
                "Plain has two customers for this person. Merge them in Plain."
            }
            Self::CannotReply => {
                "Usually nothing: the thread's channel, or its state, takes no answers by the API."
            }
            Self::UnsentEmail => {
                "Usually nothing: the e-mail that would be answered has not left Plain. If it lasts, check the workspace's e-mail settings in Plain."
            }
            Self::GroupKeyTaken => "Choose another key for the customer group.",
        }
    }
}

/// An error with all of its causes: reqwest says the useful part only in the last of them.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
