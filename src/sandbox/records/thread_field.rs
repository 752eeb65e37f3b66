//! The fields that a workspace adds to its threads.

use jiff::Timestamp;

use super::{Stamp, Thread};
use crate::sandbox::enums::ThreadFieldSchemaType;

/// A field that threads can have.
#[derive(Clone)]
pub struct ThreadFieldSchema {
    pub id: String,
    pub label: String,
    pub key: String,
    pub description: String,
    pub order: i32,
    pub kind: ThreadFieldSchemaType,
    /// What an ENUM can be.
    pub enum_values: Vec<String>,
    pub default: Option<FieldValue>,
    /// Must be filled in before the thread is done.
    pub is_required: bool,
    pub is_ai_auto_fill_enabled: bool,
    pub is_client_readonly: bool,
    /// Only threads whose field of this schema has this value have the field.
    pub depends_on_field: Option<(String, String)>,
    /// Only threads with a label of one of these types have the field; empty: all have it.
    pub depends_on_label_types: Vec<String>,
    pub created: Stamp,
}

/// A thread's value of a field.
#[derive(Clone)]
pub struct ThreadField {
    pub id: String,
    pub key: String,
    pub kind: ThreadFieldSchemaType,
    pub value: FieldValue,
    pub created: Stamp,
    pub updated: Stamp,
}

/// A value of a field: text for STRING and ENUM, a number for NUMBER and CURRENCY.
#[derive(Clone, PartialEq, Debug)]
pub enum FieldValue {
    Text(String),
    Bool(bool),
    Number(f64),
    Date(Timestamp),
}

impl FieldValue {
    /// As text, to compare with the value that another field depends on.
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Date(at) => at.to_string(),
        }
    }
}

impl ThreadFieldSchema {
    /// Whether the thread has this field at all. `depends_on` is the schema of the field that this one depends on.
    pub fn applies_to(&self, thread: &Thread, depends_on: Option<&ThreadFieldSchema>) -> bool {
        let label_types = &self.depends_on_label_types;
        let by_label = label_types.is_empty()
            || thread
                .labels
                .iter()
                .any(|label| label_types.contains(&label.label_type_id));
        let by_field = self.depends_on_field.as_ref().is_none_or(|(_, wanted)| {
            depends_on
                .and_then(|schema| thread.field(&schema.key))
                .is_some_and(|field| field.value.text() == *wanted)
        });
        by_label && by_field
    }
}

impl Thread {
    /// The value of the field with this key.
    pub fn field(&self, key: &str) -> Option<&ThreadField> {
        self.fields.iter().find(|field| field.key == key)
    }
}
