//! Every code that Plain documents, and what it means here. Each is mapped once.
//!
//! What an operator reads of it is [`Error::advice`]; what a customer reads is for the portal to say.
//! Source: Plain's documentation of errors and error codes (`docs/graphql/error-codes`).

use std::time::Duration;

use reqwest::StatusCode;

use super::{
    error::{Error, Refusal},
    operations::{MutationError, MutationErrorType},
};

/// What a code stands for: one of [`Error`]'s variants without its detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Temporary,
    Unauthenticated,
    Forbidden,
    NotFound,
    BadInput,
    Rejected,
    Refused(Refusal),
}

/// `extensions.code` of what stands in an answer's `errors`.
pub const TOP_LEVEL: [(&str, Meaning); 6] = [
    ("GRAPHQL_PARSE_FAILED", Meaning::Rejected),
    ("GRAPHQL_VALIDATION_FAILED", Meaning::Rejected),
    ("BAD_USER_INPUT", Meaning::BadInput),
    ("UNAUTHENTICATED", Meaning::Unauthenticated),
    ("FORBIDDEN", Meaning::Forbidden),
    ("INTERNAL_SERVER_ERROR", Meaning::Temporary),
];

/// `error.code` of a mutation's payload.
pub const MUTATION: [(&str, Meaning); 13] = [
    ("input_validation", Meaning::Refused(Refusal::InvalidInput)),
    ("forbidden", Meaning::Forbidden),
    ("internal", Meaning::Temporary),
    ("not_found", Meaning::NotFound),
    (
        "attachment_file_size_too_large",
        Meaning::Refused(Refusal::AttachmentTooLarge),
    ),
    (
        "attachment_file_type_not_allowed",
        Meaning::Refused(Refusal::AttachmentTypeNotAllowed),
    ),
    (
        "attachment_not_uploaded",
        Meaning::Refused(Refusal::AttachmentNotUploaded),
    ),
    (
        "customer_is_marked_as_spam",
        Meaning::Refused(Refusal::MarkedAsSpam),
    ),
    (
        "customer_already_exists_with_email",
        Meaning::Refused(Refusal::EmailTaken),
    ),
    (
        "customer_already_exists_with_external_id",
        Meaning::Refused(Refusal::ExternalIdTaken),
    ),
    (
        "cannot_reply_to_thread",
        Meaning::Refused(Refusal::CannotReply),
    ),
    (
        "cannot_reply_to_unsent_email",
        Meaning::Refused(Refusal::UnsentEmail),
    ),
    (
        "customer_group_key_already_exists",
        Meaning::Refused(Refusal::GroupKeyTaken),
    ),
];

impl Meaning {
    /// The error that this is, with what Plain says of it.
    pub fn error(self, detail: String) -> Error {
        match self {
            Self::Temporary => Error::Temporary {
                detail,
                retry_after: None,
            },
            Self::Unauthenticated => Error::Unauthenticated { detail },
            Self::Forbidden => Error::Forbidden { detail },
            Self::NotFound => Error::NotFound { detail },
            Self::BadInput => Error::BadInput { detail },
            Self::Rejected => Error::Rejected { detail },
            Self::Refused(refusal) => Error::Validation { refusal, detail },
        }
    }
}

/// What one of an answer's `errors` means. A code that we do not know says nothing of whether anything was done.
pub(super) fn top_level(code: Option<&str>, message: &str) -> Error {
    match code.and_then(|code| meaning(&TOP_LEVEL, code)) {
        Some(meaning) => meaning.error(message.to_owned()),
        None => Error::NotUnderstood {
            detail: format!("{}: {message}", code.unwrap_or("an error without a code")),
        },
    }
}

/// What an HTTP status other than 200 means; `message` is what came with it.
pub fn status(status: StatusCode, retry_after: Option<Duration>, message: &str) -> Error {
    let detail = match message {
        "" => format!("HTTP {}", status.as_u16()),
        message => format!("HTTP {}: {message}", status.as_u16()),
    };
    match status {
        StatusCode::BAD_REQUEST => Error::Rejected { detail },
        StatusCode::UNAUTHORIZED => Error::Unauthenticated { detail },
        StatusCode::FORBIDDEN => Error::Forbidden { detail },
        StatusCode::TOO_MANY_REQUESTS => Error::RateLimited { retry_after },
        StatusCode::SERVICE_UNAVAILABLE => Error::Temporary {
            detail,
            retry_after,
        },
        status if status.is_server_error() => Meaning::Temporary.error(detail),
        _ => Error::NotUnderstood { detail },
    }
}

fn meaning(table: &[(&str, Meaning)], code: &str) -> Option<Meaning> {
    let row = table.iter().find(|(name, _)| *name == code);
    row.map(|(_, meaning)| *meaning)
}

impl From<MutationError> for Error {
    fn from(error: MutationError) -> Self {
        let code = error.code.as_str();
        let known = meaning(&MUTATION, code);
        let meaning = match error.type_ {
            // Whatever else Plain says: it failed on the way, and how far it came is not known.
            MutationErrorType::Internal => Some(Meaning::Temporary),
            MutationErrorType::Forbidden => known.or(Some(Meaning::Forbidden)),
            MutationErrorType::Validation => known.or(Some(Meaning::Refused(Refusal::Other))),
            MutationErrorType::Other => known,
        };
        let fields: Vec<String> = error
            .fields
            .iter()
            .map(|field| format!("{}: {}", field.field, field.message))
            .collect();
        let detail = match fields.as_slice() {
            [] => format!("{code}: {}", error.message),
            fields => format!("{code}: {} ({})", error.message, fields.join("; ")),
        };
        match meaning {
            Some(meaning) => meaning.error(detail),
            None => Self::NotUnderstood { detail },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::plain::operations::MutationFieldError;

    fn payload(type_: MutationErrorType, code: &str) -> Error {
        Error::from(MutationError {
            message: "No".into(),
            type_,
            code: code.into(),
            fields: vec![],
        })
    }

    #[test]
    fn every_documented_code_is_in_the_table_and_no_other_is() {
        let names = |table: &[(&'static str, Meaning)]| {
            table.iter().map(|(name, _)| *name).collect::<Vec<_>>()
        };
        // As Plain's documentation lists them.
        let top_level = "GRAPHQL_PARSE_FAILED GRAPHQL_VALIDATION_FAILED BAD_USER_INPUT UNAUTHENTICATED FORBIDDEN INTERNAL_SERVER_ERROR";
        let mutation = "input_validation forbidden internal not_found attachment_file_size_too_large attachment_file_type_not_allowed
            attachment_not_uploaded customer_is_marked_as_spam customer_already_exists_with_email customer_already_exists_with_external_id
            cannot_reply_to_thread cannot_reply_to_unsent_email customer_group_key_already_exists";
        assert_eq!(
            names(&TOP_LEVEL),
            top_level.split_whitespace().collect::<Vec<_>>()
        );
        assert_eq!(
            names(&MUTATION),
            mutation.split_whitespace().collect::<Vec<_>>()
        );
    }

    /// A mutation that was surely not carried out may be sent again; every other must not be.
    #[test]
    fn what_may_have_been_done_is_never_called_undone() {
        let top = |code| top_level(code, "").maybe_done();
        for undone in [
            "GRAPHQL_PARSE_FAILED",
            "GRAPHQL_VALIDATION_FAILED",
            "BAD_USER_INPUT",
            "UNAUTHENTICATED",
            "FORBIDDEN",
        ] {
            assert!(!top(Some(undone)), "{undone}");
        }
        for unclear in [Some("INTERNAL_SERVER_ERROR"), Some("SOMETHING_NEW"), None] {
            assert!(top(unclear), "{unclear:?}");
        }
        for number in 100..1000 {
            let code = StatusCode::from_u16(number).unwrap();
            let undone = [400, 401, 403, 429].contains(&number);
            assert_eq!(
                status(code, None, "").maybe_done(),
                !undone,
                "HTTP {number}"
            );
        }
        use MutationErrorType::{Forbidden, Internal, Other, Validation};
        for (name, meaning) in MUTATION {
            assert_eq!(
                payload(Validation, name).maybe_done(),
                meaning == Meaning::Temporary,
                "{name}"
            );
            assert!(payload(Internal, name).maybe_done(), "INTERNAL {name}");
        }
        for (type_, maybe_done) in [
            (Validation, false),
            (Forbidden, false),
            (Internal, true),
            (Other, true),
        ] {
            let error = payload(type_, "a_code_of_the_future");
            assert_eq!(error.maybe_done(), maybe_done, "{type_:?}");
        }
    }

    #[test]
    fn codes_of_the_future_are_what_their_type_says() {
        use MutationErrorType::{Forbidden, Validation};
        assert!(matches!(payload(Forbidden, "new"), Error::Forbidden { .. }));
        assert!(matches!(
            payload(Validation, "new"),
            Error::Validation {
                refusal: Refusal::Other,
                ..
            }
        ));
    }

    #[test]
    fn an_operator_reads_which_field_was_at_fault() {
        let error = Error::from(MutationError {
            message: "Invalid".into(),
            type_: MutationErrorType::Validation,
            code: "input_validation".into(),
            fields: vec![MutationFieldError {
                field: "title".into(),
                message: "too long".into(),
            }],
        });
        assert_eq!(
            error.to_string(),
            "Plain refused it (InvalidInput): input_validation: Invalid (title: too long)"
        );
    }
}
