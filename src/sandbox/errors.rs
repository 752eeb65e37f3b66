//! The two ways in which Plain says no: a mutation's `error`, and top-level `errors` with `extensions.code`.

use async_graphql::{Error, ErrorExtensions, SimpleObject};
use jiff::Timestamp;

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
        let mut problems = Problems::default();
        problems.invalid(field, message);
        problems.into()
    }

    /// Something that the input names does not exist.
    pub fn not_found(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut problems = Problems::default();
        problems.not_found(field, message);
        problems.into()
    }
}

impl Refusal {
    /// The message for developers.
    pub fn message(&self) -> String {
        self.message.clone()
    }
}

impl From<Problems> for Refusal {
    fn from(Problems(fields): Problems) -> Self {
        let lost = |it: &MutationFieldError| it.kind == MutationFieldErrorType::NotFound;
        let (code, message) = match fields.as_slice() {
            [first, ..] if fields.iter().all(lost) => ("not_found", first.message.clone()),
            _ => (
                "input_validation",
                "There was a validation error. Check the `fields` for details.".to_owned(),
            ),
        };
        Self {
            code,
            message,
            fields,
        }
    }
}

/// What is wrong with an input, field by field, in the order in which the fields were checked: that of the input.
#[derive(Default)]
pub struct Problems(Vec<MutationFieldError>);

impl Problems {
    /// Refuses the input if anything is wrong with it.
    pub fn finish(self) -> Result<(), Refusal> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(self.into())
    }

    /// The field has a value that it must not have.
    pub fn invalid(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.add(field, message, MutationFieldErrorType::Validation);
    }

    /// The field names something that is not there.
    pub fn not_found(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.add(field, message, MutationFieldErrorType::NotFound);
    }

    /// The field is missing, or blank, which is the same to Plain.
    pub fn missing(&mut self, field: impl Into<String>) {
        let kind = MutationFieldErrorType::Required;
        self.add(field, "Is required and must not be blank.", kind);
    }

    /// The input uses something that Plain has and the sandbox has not: better an error than silence.
    pub fn not_in_sandbox(&mut self, field: &str) {
        let message = format!("The sandbox does not support `{field}`: leave it out.");
        self.invalid(field, message);
    }

    /// A text that must say something.
    pub fn text(&mut self, field: impl Into<String>, text: &str) {
        if text.trim().is_empty() {
            self.missing(field);
        }
    }

    /// A text that must say something if it is given.
    pub fn optional_text(&mut self, field: impl Into<String>, text: Option<&str>) {
        if let Some(text) = text {
            self.text(field, text);
        }
    }

    /// An e-mail address.
    pub fn email(&mut self, field: impl Into<String>, email: &str) {
        let is_address = email.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty() && !domain.is_empty() && !domain.contains('@')
        });
        if email.trim().is_empty() {
            self.missing(field);
        } else if !is_address || email.contains(char::is_whitespace) {
            self.invalid(field, "Must be an e-mail address.");
        }
    }

    /// A moment in the past, if one is given; to the millisecond, as exactly as the API tells times.
    pub fn past(&mut self, field: &str, text: Option<&str>) -> Option<Timestamp> {
        let at = match text?.parse::<Timestamp>() {
            Ok(at) => Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at),
            Err(_) => {
                self.invalid(field, "Must be an ISO 8601 date and time.");
                return None;
            }
        };
        if at > Timestamp::now() {
            self.invalid(field, "Must be in the past.");
        }
        Some(at)
    }

    fn add(
        &mut self,
        field: impl Into<String>,
        message: impl Into<String>,
        kind: MutationFieldErrorType,
    ) {
        self.0.push(MutationFieldError {
            field: field.into(),
            message: message.into(),
            kind,
        });
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
