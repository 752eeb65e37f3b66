//! Mutations of thread fields and of their schemas.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{Done, Upserted, need_thread, output, upsert_output};
use crate::sandbox::{
    enums::ThreadFieldSchemaType,
    errors::{MutationError, Problems, Refusal},
    records::{self, FieldValue},
    schema::thread_field::{ThreadField, ThreadFieldSchema},
    state::State,
    store::store,
};

/// The value of a field: the one of its type.
#[derive(InputObject)]
pub struct FieldValueInput {
    #[graphql(name = "type")]
    kind: ThreadFieldSchemaType,
    string_value: Option<String>,
    boolean_value: Option<bool>,
    number_value: Option<f64>,
    date_value: Option<String>,
}

#[derive(InputObject)]
pub struct CreateThreadFieldOnThreadInput {
    pub key: String,
    #[graphql(flatten)]
    pub value: FieldValueInput,
}

#[derive(InputObject)]
pub struct UpsertThreadFieldIdentifier {
    thread_id: ID,
    key: String,
}

#[derive(InputObject)]
pub struct UpsertThreadFieldInput {
    identifier: UpsertThreadFieldIdentifier,
    #[graphql(flatten)]
    value: FieldValueInput,
}

#[derive(InputObject)]
pub struct DeleteThreadFieldIdentifier {
    thread_id: ID,
    key: String,
}

#[derive(InputObject)]
pub struct DeleteThreadFieldInput {
    identifier: DeleteThreadFieldIdentifier,
}

/// The answer of a mutation that leaves nothing to show.
#[derive(SimpleObject)]
pub struct DeleteThreadFieldOutput {
    error: Option<MutationError>,
}

#[derive(InputObject)]
pub struct DependsOnThreadFieldInput {
    thread_field_schema_id: ID,
    thread_field_schema_value: String,
}

#[derive(InputObject)]
pub struct CreateThreadFieldSchemaInput {
    label: String,
    key: String,
    description: String,
    order: i32,
    #[graphql(name = "type")]
    kind: ThreadFieldSchemaType,
    enum_values: Vec<String>,
    is_required: bool,
    default_string_value: Option<String>,
    default_boolean_value: Option<bool>,
    default_number_value: Option<f64>,
    default_date_value: Option<String>,
    is_ai_auto_fill_enabled: bool,
    is_client_readonly: Option<bool>,
    depends_on_thread_field: Option<DependsOnThreadFieldInput>,
    depends_on_label_type_ids: Option<Vec<ID>>,
}

upsert_output!(UpsertThreadFieldOutput {
    thread_field: ThreadField
});
output!(CreateThreadFieldSchemaOutput {
    thread_field_schema: ThreadFieldSchema
});

#[derive(Default)]
pub struct ThreadFieldMutations;

#[Object]
impl ThreadFieldMutations {
    /// The value must be of the type that the field's schema says. NOOP when the thread has that value.
    async fn upsert_thread_field(
        &self,
        ctx: &Context<'_>,
        input: UpsertThreadFieldInput,
    ) -> UpsertThreadFieldOutput {
        let mut state = store(ctx).lock();
        upsert(&mut state, &input).into()
    }

    /// Takes a field's value off a thread; nothing changes for a thread without one.
    async fn delete_thread_field(
        &self,
        ctx: &Context<'_>,
        input: DeleteThreadFieldInput,
    ) -> DeleteThreadFieldOutput {
        let mut state = store(ctx).lock();
        let done = delete(&mut state, &input.identifier);
        DeleteThreadFieldOutput {
            error: done.err().map(MutationError::from),
        }
    }

    /// Defaults are for those who fill in fields: a new thread has no values by itself.
    async fn create_thread_field_schema(
        &self,
        ctx: &Context<'_>,
        input: CreateThreadFieldSchemaInput,
    ) -> CreateThreadFieldSchemaOutput {
        let mut state = store(ctx).lock();
        create_schema(&mut state, input).into()
    }
}

fn delete(state: &mut State, field: &DeleteThreadFieldIdentifier) -> Done<()> {
    need_thread(state, "identifier.threadId", &field.thread_id)?;
    if state.thread_field_schema(&field.key).is_none() {
        let message = "There is no thread field with this key.";
        return Err(Refusal::not_found("identifier.key", message));
    }
    let stamp = state.stamp();
    if let Some(thread) = state.threads.edit(&field.thread_id)
        && thread.field(&field.key).is_some()
    {
        thread.fields.retain(|it| it.key != field.key);
        thread.updated = stamp;
    }
    Ok(())
}

/// Checks a value for the field with this key. `key_field` is where the key stands in the input, `path` what stands
/// before the names of the value's fields.
pub fn check_field(
    state: &State,
    problems: &mut Problems,
    (key_field, path): (&str, &str),
    key: &str,
    input: &FieldValueInput,
) -> Option<FieldValue> {
    let Some(schema) = state.thread_field_schema(key) else {
        problems.not_found(key_field, "There is no such thread field.");
        return None;
    };
    if schema.kind != input.kind {
        let message = format!("The field has the type {:?}.", schema.kind);
        problems.invalid(format!("{path}type"), message);
        return None;
    }
    let given = Given {
        text: input.string_value.as_deref(),
        boolean: input.boolean_value,
        number: input.number_value,
        date: input.date_value.as_deref(),
    };
    let names = ["stringValue", "booleanValue", "numberValue", "dateValue"];
    let names = names.map(|name| format!("{path}{name}"));
    if !given.is_given()[place_of(input.kind)] {
        problems.missing(&names[place_of(input.kind)]);
    }
    let value = given.read(problems, &names, input.kind);
    check_choice(
        problems,
        &names[0],
        input.kind,
        &schema.enum_values,
        value.as_ref(),
    );
    value
}

/// A value of an ENUM must be one of those of its schema.
fn check_choice(
    problems: &mut Problems,
    field: &str,
    kind: ThreadFieldSchemaType,
    choices: &[String],
    value: Option<&FieldValue>,
) {
    if let Some(FieldValue::Text(text)) = value
        && kind == ThreadFieldSchemaType::Enum
        && !choices.contains(text)
    {
        problems.invalid(field, format!("Must be one of: {}.", choices.join(", ")));
    }
}

/// The values in an input, of which only the one of the field's type may be given.
struct Given<'a> {
    text: Option<&'a str>,
    boolean: Option<bool>,
    number: Option<f64>,
    date: Option<&'a str>,
}

/// Which of the four values a type has.
fn place_of(kind: ThreadFieldSchemaType) -> usize {
    match kind {
        ThreadFieldSchemaType::String | ThreadFieldSchemaType::Enum => 0,
        ThreadFieldSchemaType::Bool => 1,
        ThreadFieldSchemaType::Number | ThreadFieldSchemaType::Currency => 2,
        ThreadFieldSchemaType::Date => 3,
    }
}

impl Given<'_> {
    fn is_given(&self) -> [bool; 4] {
        [
            self.text.is_some(),
            self.boolean.is_some(),
            self.number.is_some(),
            self.date.is_some(),
        ]
    }

    /// The value of this type, if it is given. `names` are the fields of the four values in the input.
    fn read(
        &self,
        problems: &mut Problems,
        names: &[String; 4],
        kind: ThreadFieldSchemaType,
    ) -> Option<FieldValue> {
        for (place, (name, is_given)) in names.iter().zip(self.is_given()).enumerate() {
            if is_given && place != place_of(kind) {
                problems.invalid(name, format!("Does not fit the type {kind:?}."));
            }
        }
        match place_of(kind) {
            0 => {
                problems.optional_text(&names[0], self.text);
                self.text.map(|text| FieldValue::Text(text.to_owned()))
            }
            1 => self.boolean.map(FieldValue::Bool),
            2 => self.number.map(FieldValue::Number),
            _ => {
                let at = date(self.date?);
                if at.is_none() {
                    problems.invalid(&names[3], "Must be an ISO 8601 date or time.");
                }
                at.map(FieldValue::Date)
            }
        }
    }
}

/// A time, or the beginning of a day in UTC.
fn date(text: &str) -> Option<Timestamp> {
    let day = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok();
    let at = text.parse().ok();
    at.or_else(|| day().map(|day| day.timestamp()))
}

fn upsert(state: &mut State, input: &UpsertThreadFieldInput) -> Upserted<ThreadField> {
    let (thread_id, key) = (&input.identifier.thread_id, &input.identifier.key);
    let mut problems = Problems::default();
    let places = ("identifier.key", "");
    let value = check_field(state, &mut problems, places, key, &input.value);
    problems.finish()?;
    need_thread(state, "identifier.threadId", thread_id)?;
    let stamp = state.stamp();
    let result = value.map(|value| state.set_field(thread_id, stamp, key, value));
    let thread = need_thread(state, "identifier.threadId", thread_id)?;
    let field = thread.field(key).zip(result);
    let missing = || Refusal::not_found("identifier.key", "There is no such thread field.");
    let (field, result) = field.ok_or_else(missing)?;
    Ok((ThreadField::of(thread_id, field), result))
}

fn create_schema(
    state: &mut State,
    input: CreateThreadFieldSchemaInput,
) -> Done<ThreadFieldSchema> {
    let mut problems = Problems::default();
    problems.text("label", &input.label);
    problems.text("key", &input.key);
    if state.thread_field_schema(&input.key).is_some() {
        problems.invalid("key", "Another thread field has this key.");
    }
    match (input.kind, input.enum_values.as_slice()) {
        (ThreadFieldSchemaType::Enum, []) => problems.missing("enumValues"),
        (ThreadFieldSchemaType::Enum, _) | (_, []) => {}
        _ => problems.invalid("enumValues", "Only the type ENUM has values."),
    }
    let given = Given {
        text: input.default_string_value.as_deref(),
        boolean: input.default_boolean_value,
        number: input.default_number_value,
        date: input.default_date_value.as_deref(),
    };
    let names = ["String", "Boolean", "Number", "Date"].map(|it| format!("default{it}Value"));
    let default = given.read(&mut problems, &names, input.kind);
    check_choice(
        &mut problems,
        &names[0],
        input.kind,
        &input.enum_values,
        default.as_ref(),
    );
    problems.finish()?;
    let depends_on_field = input.depends_on_thread_field;
    let depends_on_field = depends_on_field
        .map(|it| depends_on(state, it))
        .transpose()?;
    let mut depends_on_label_types = Vec::new();
    for (place, id) in input.depends_on_label_type_ids.iter().flatten().enumerate() {
        let missing = || {
            let field = format!("dependsOnLabelTypeIds[{place}]");
            Refusal::not_found(field, "There is no such label type.")
        };
        let found = state.label_types.get(id).ok_or_else(missing)?;
        depends_on_label_types.push(found.id.clone());
    }
    let stamp = state.stamp();
    let schema = records::ThreadFieldSchema {
        id: state.ids.next("tfs", stamp.at),
        label: input.label,
        key: input.key,
        description: input.description,
        order: input.order,
        kind: input.kind,
        enum_values: input.enum_values,
        default,
        is_required: input.is_required,
        is_ai_auto_fill_enabled: input.is_ai_auto_fill_enabled,
        is_client_readonly: input.is_client_readonly.unwrap_or(false),
        depends_on_field,
        depends_on_label_types,
        created: stamp,
    };
    Ok(state.thread_field_schemas.add(schema).into())
}

/// The field that a new one depends on, which must not depend on another.
fn depends_on(state: &State, input: DependsOnThreadFieldInput) -> Done<(String, String)> {
    let id = &input.thread_field_schema_id;
    let Some(schema) = state.thread_field_schemas.get(id) else {
        let field = "dependsOnThreadField.threadFieldSchemaId";
        return Err(Refusal::not_found(field, "There is no such thread field."));
    };
    if schema.depends_on_field.is_some() {
        return Err(Refusal::new(
            "cannot_create_thread_field_schema",
            "The dependent nesting level is too deep.",
        ));
    }
    Ok((schema.id.clone(), input.thread_field_schema_value))
}
