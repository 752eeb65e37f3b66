//! What can go wrong when we talk to Plain, told apart by what can be done about it.

use std::time::Duration;

use cynic::GraphQlError;
use reqwest::{StatusCode, header::HeaderValue};
use serde::Deserialize;

use super::operations::{MutationError, MutationErrorType};

/// What we say when Plain limits our rate and does not say for how long.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// A failed call. The text is for the operator's log, never for a customer's page.
///
/// Source: Plain's documentation of errors and error codes (`docs/graphql/error-codes`).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection could be made: nothing was sent.
    #[error("cannot connect to Plain: {detail}")]
    Unreachable { detail: String },
    /// Plain, or something on the way, failed for now. `maybe_done`: a mutation may have been carried out all the same.
    #[error("Plain failed for now: {detail}")]
    Temporary { detail: String, maybe_done: bool },
    /// 429: too many calls. Nothing was carried out.
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
    /// Plain refused what was sent; `code` is one of its documented ones (`input_validation`, `cannot_reply_to_thread`, …).
    #[error("Plain refused it ({code}): {detail}")]
    Validation { code: String, detail: String },
    /// BAD_USER_INPUT at the top level: an argument, such as a cursor, that Plain does not take.
    #[error("Plain does not take an argument: {detail}")]
    BadInput { detail: String },
    /// The answer is not what Plain's schema promises.
    #[error("Plain's answer is not understood: {detail}")]
    NotUnderstood { detail: String },
}

/// The part of a GraphQL error's `extensions` that Plain documents.
#[derive(Debug, Deserialize)]
pub(super) struct Extensions {
    code: Option<String>,
}

impl Error {
    /// May the mutation have been carried out although we saw this error? Then it must not be repeated blindly.
    pub fn maybe_done(&self) -> bool {
        matches!(
            self,
            Self::Temporary {
                maybe_done: true,
                ..
            } | Self::NotUnderstood { .. }
        )
    }

    /// How long to wait before the next try, when Plain limits our rate.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } => Some(retry_after.unwrap_or(RETRY_AFTER)),
            _ => None,
        }
    }

    pub(super) fn not_understood(detail: impl ToString) -> Self {
        Self::NotUnderstood {
            detail: detail.to_string(),
        }
    }

    pub(super) fn from_transport(error: reqwest::Error) -> Self {
        let connecting = error.is_connect();
        let detail = chain(&error.without_url());
        if connecting {
            Self::Unreachable { detail }
        } else {
            Self::Temporary {
                detail,
                maybe_done: true,
            }
        }
    }

    pub(super) fn from_status(status: StatusCode, retry_after: Option<Duration>) -> Self {
        let detail = format!("HTTP {}", status.as_u16());
        match status {
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited { retry_after },
            StatusCode::UNAUTHORIZED => Self::Unauthenticated { detail },
            StatusCode::FORBIDDEN => Self::Forbidden { detail },
            status if status.is_server_error() => Self::Temporary {
                detail,
                maybe_done: true,
            },
            _ => Self::NotUnderstood { detail },
        }
    }

    /// `errors` of a 200 answer; the codes stand in their `extensions`.
    pub(super) fn from_graphql(errors: &[GraphQlError<Extensions>]) -> Self {
        let detail = errors.first().map_or_else(
            || "neither data nor errors".to_owned(),
            |error| error.message.clone(),
        );
        let code = errors
            .iter()
            .find_map(|error| error.extensions.as_ref()?.code.clone())
            .unwrap_or_default();
        match code.as_str() {
            "UNAUTHENTICATED" => Self::Unauthenticated { detail },
            "FORBIDDEN" => Self::Forbidden { detail },
            "BAD_USER_INPUT" => Self::BadInput { detail },
            "INTERNAL_SERVER_ERROR" => Self::Temporary {
                detail,
                maybe_done: true,
            },
            _ => Self::NotUnderstood {
                detail: format!("{code}: {detail}"),
            },
        }
    }
}

impl From<MutationError> for Error {
    fn from(error: MutationError) -> Self {
        let fields: Vec<String> = error
            .fields
            .iter()
            .map(|field| format!("{}: {}", field.field, field.message))
            .collect();
        let detail = if fields.is_empty() {
            error.message
        } else {
            format!("{} ({})", error.message, fields.join("; "))
        };
        match (error.type_, error.code.as_str()) {
            (_, "not_found") => Self::NotFound { detail },
            (MutationErrorType::Forbidden, _) | (_, "forbidden") => Self::Forbidden { detail },
            (MutationErrorType::Internal, _) => Self::Temporary {
                detail,
                maybe_done: true,
            },
            _ => Self::Validation {
                code: error.code,
                detail,
            },
        }
    }
}

/// `Retry-After` in seconds (RFC 9110, 10.2.3); a date is left aside.
pub(super) fn retry_after(value: Option<&HeaderValue>) -> Option<Duration> {
    value?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
        .map(Duration::from_secs)
}

/// An error with all of its causes: reqwest says the useful part only in the last of them.
fn chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
