//! The two ways in which Plain says no: a mutation's `error`, and top-level `errors` with `extensions.code`.

use async_graphql::{Error, ErrorExtensions, SimpleObject};

use super::enums::{MutationErrorType, MutationFieldErrorType};

/// Why a mutation did nothing: what becomes of it in an answer is [`MutationError`].
#[derive(Debug, Clone)]
pub struct Refusal {
    code: &'static str,
    message: String,
    fields: Vec<MutationFieldError>,
}

impl Refusal {
    /// A refusal with one of Plain's error codes and a message for developers.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    /// The input is wrong: `field` is the path below `input`.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(
            "input_validation",
            "There was a validation error. Check the `fields` for details.",
        )
        .field(field, message, MutationFieldErrorType::Validation)
    }

    /// Something that the input names does not exist.
    pub fn not_found(field: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::new("not_found", message.clone()).field(
            field,
            message,
            MutationFieldErrorType::NotFound,
        )
    }

    /// The input uses something that Plain has and the sandbox has not: better an error than silence.
    pub fn not_in_sandbox(field: &str) -> Self {
        Self::invalid(
            field,
            format!("The sandbox does not support `{field}`: leave it out."),
        )
    }

    fn field(
        mut self,
        field: impl Into<String>,
        message: impl Into<String>,
        kind: MutationFieldErrorType,
    ) -> Self {
        self.fields.push(MutationFieldError {
            field: field.into(),
            message: message.into(),
            kind,
        });
        self
    }
}

/// Why a mutation failed.
#[derive(SimpleObject, Debug, Clone)]
pub struct MutationError {
    message: String,
    #[graphql(name = "type")]
    kind: MutationErrorType,
    code: String,
    fields: Vec<MutationFieldError>,
}

/// What is wrong with one field of the input.
#[derive(SimpleObject, Debug, Clone)]
pub struct MutationFieldError {
    field: String,
    message: String,
    #[graphql(name = "type")]
    kind: MutationFieldErrorType,
}

impl From<Refusal> for MutationError {
    fn from(refusal: Refusal) -> Self {
        Self {
            message: refusal.message,
            kind: MutationErrorType::Validation,
            code: refusal.code.to_owned(),
            fields: refusal.fields,
        }
    }
}

/// A top-level error for arguments that cannot be used: extension code `BAD_USER_INPUT`.
pub fn bad_user_input(message: impl Into<String>) -> Error {
    coded(message, "BAD_USER_INPUT")
}

/// A top-level error for a record that points at one that is not there: a mistake of the sandbox's.
pub fn lost(what: &str) -> Error {
    coded(
        format!("The sandbox has lost a {what}."),
        "INTERNAL_SERVER_ERROR",
    )
}

fn coded(message: impl Into<String>, code: &'static str) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}
