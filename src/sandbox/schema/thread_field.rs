//! The fields that a workspace has added to its threads.

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};

use super::{
    actor::{Actor, InternalActor},
    paging::connection,
    time::DateTime,
};
use crate::sandbox::{
    enums::ThreadFieldSchemaType,
    records::{self, FieldValue},
};

/// A thread's value of a field.
#[derive(SimpleObject)]
pub struct ThreadField {
    id: ID,
    thread_id: ID,
    key: String,
    #[graphql(name = "type")]
    kind: ThreadFieldSchemaType,
    is_ai_generated: bool,
    string_value: Option<String>,
    boolean_value: Option<bool>,
    number_value: Option<f64>,
    date_value: Option<DateTime>,
    created_at: DateTime,
    created_by: Actor,
    updated_at: DateTime,
    updated_by: Actor,
}

impl ThreadField {
    /// The field of a thread.
    pub fn of(thread_id: &str, field: &records::ThreadField) -> Self {
        let value = Some(&field.value);
        Self {
            id: (&field.id).into(),
            thread_id: thread_id.into(),
            key: field.key.clone(),
            kind: field.kind,
            is_ai_generated: false,
            string_value: text(value),
            boolean_value: boolean(value),
            number_value: number(value),
            date_value: date(value),
            created_at: field.created.at.into(),
            created_by: (&field.created.by).into(),
            updated_at: field.updated.at.into(),
            updated_by: (&field.updated.by).into(),
        }
    }
}

fn text(value: Option<&FieldValue>) -> Option<String> {
    match value {
        Some(FieldValue::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn boolean(value: Option<&FieldValue>) -> Option<bool> {
    match value {
        Some(FieldValue::Bool(value)) => Some(*value),
        _ => None,
    }
}

fn number(value: Option<&FieldValue>) -> Option<f64> {
    match value {
        Some(FieldValue::Number(value)) => Some(*value),
        _ => None,
    }
}

fn date(value: Option<&FieldValue>) -> Option<DateTime> {
    match value {
        Some(FieldValue::Date(at)) => Some((*at).into()),
        _ => None,
    }
}

/// A field that threads can have.
pub struct ThreadFieldSchema(Arc<records::ThreadFieldSchema>);

impl From<Arc<records::ThreadFieldSchema>> for ThreadFieldSchema {
    fn from(schema: Arc<records::ThreadFieldSchema>) -> Self {
        Self(schema)
    }
}

#[Object]
impl ThreadFieldSchema {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn label(&self) -> &str {
        &self.0.label
    }

    async fn key(&self) -> &str {
        &self.0.key
    }

    async fn description(&self) -> &str {
        &self.0.description
    }

    async fn order(&self) -> i32 {
        self.0.order
    }

    #[graphql(name = "type")]
    async fn kind(&self) -> ThreadFieldSchemaType {
        self.0.kind
    }

    async fn enum_values(&self) -> &[String] {
        &self.0.enum_values
    }

    async fn default_string_value(&self) -> Option<String> {
        text(self.0.default.as_ref())
    }

    async fn default_boolean_value(&self) -> Option<bool> {
        boolean(self.0.default.as_ref())
    }

    async fn default_number_value(&self) -> Option<f64> {
        number(self.0.default.as_ref())
    }

    async fn default_date_value(&self) -> Option<DateTime> {
        date(self.0.default.as_ref())
    }

    async fn is_required(&self) -> bool {
        self.0.is_required
    }

    async fn is_ai_auto_fill_enabled(&self) -> bool {
        self.0.is_ai_auto_fill_enabled
    }

    async fn is_client_readonly(&self) -> bool {
        self.0.is_client_readonly
    }

    async fn depends_on_thread_field(&self) -> Option<DependsOnThreadFieldType> {
        let (schema_id, value) = self.0.depends_on_field.as_ref()?;
        Some(DependsOnThreadFieldType {
            thread_field_schema_id: schema_id.into(),
            thread_field_schema_value: value.clone(),
        })
    }

    async fn depends_on_labels(&self) -> Vec<DependsOnLabelType> {
        let ids = self.0.depends_on_label_types.iter();
        ids.map(|id| DependsOnLabelType {
            label_type_id: id.into(),
        })
        .collect()
    }

    async fn created_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn created_by(&self) -> InternalActor {
        InternalActor::of(&self.0.created)
    }

    async fn updated_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn updated_by(&self) -> InternalActor {
        InternalActor::of(&self.0.created)
    }
}

/// The field, and its value, that a thread must have to have another field.
#[derive(SimpleObject)]
pub struct DependsOnThreadFieldType {
    thread_field_schema_id: ID,
    thread_field_schema_value: String,
}

/// A label that a thread must have to have a field.
#[derive(SimpleObject)]
pub struct DependsOnLabelType {
    label_type_id: ID,
}

connection!(
    ThreadFieldSchemaConnection,
    ThreadFieldSchemaEdge,
    ThreadFieldSchema
);
