//! What the schema says of each value in an answer: for whatever changes answers without knowing their fields.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{
    ServerResult, Value as GraphQlValue,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
    registry::{MetaType, MetaTypeName},
};
use serde_json::{Value, json};

/// Where a value stands in an answer's `data`: response keys and, in lists, positions.
pub type Path = Vec<String>;

/// What the schema says of one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// The type of the object that has the field; of a list's item: the list's type.
    pub parent: String,
    /// The field's name, whatever the document calls it.
    pub field: String,
    pub nullable: bool,
    pub is_list: bool,
    /// The name of the type without `!` and `[]`.
    pub name: String,
    pub kind: Kind,
}

/// The kinds of types that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Enum,
    Union,
    Object,
    Scalar,
}

/// The types of all values in one answer, `__typename`s aside.
#[derive(Debug, Default)]
pub struct Types(pub BTreeMap<Path, Typed>);

impl Types {
    /// The value at a path of an answer.
    pub fn value<'a>(answer: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
        let data = answer.get_mut("data")?;
        path.iter().try_fold(data, |value, step| match value {
            Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
            value => value.get_mut(step),
        })
    }

    /// Makes the answer say that this value could not be had: it becomes null, or the nearest around it that may be
    /// null (<https://spec.graphql.org/October2021/#sec-Handling-Field-Errors>), and the error is added.
    pub fn fail(&self, answer: &mut Value, path: &[String], code: &str, message: &str) {
        let nullable = |length: &usize| {
            let place = self.0.get(&path[..*length]);
            place.is_some_and(|typed| typed.nullable)
        };
        let place = (1..=path.len()).rev().find(nullable).unwrap_or(0);
        match Self::value(answer, &path[..place]) {
            Some(Value::Null) | None => return,
            Some(value) => *value = Value::Null,
        }
        let step = |step: &String| step.parse::<usize>().map_or(json!(step), Value::from);
        let path: Vec<Value> = path.iter().map(step).collect();
        let error = json!({ "message": message, "path": path, "extensions": { "code": code } });
        match answer.get_mut("errors").and_then(Value::as_array_mut) {
            Some(errors) => errors.push(error),
            None => answer["errors"] = json!([error]),
        }
    }
}

/// Collects the types while the schema answers. A request that carries a `Recorder` as its data is recorded.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Types>>);

impl Recorder {
    /// What was recorded so far; the next one begins with nothing.
    pub fn take(&self) -> Types {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The schema extension that feeds the recorder.
pub struct Record;

impl ExtensionFactory for Record {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Record {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<GraphQlValue>> {
        if let Some(Recorder(types)) = ctx
            .data_opt::<Recorder>()
            .filter(|_| !info.is_for_introspection)
        {
            let name = MetaTypeName::concrete_typename(info.return_type);
            let kind = match ctx.schema_env.registry.types.get(name) {
                Some(MetaType::Enum { .. }) => Kind::Enum,
                Some(MetaType::Union { .. }) => Kind::Union,
                Some(MetaType::Object { .. }) => Kind::Object,
                _ => Kind::Scalar,
            };
            let typed = Typed {
                parent: info.parent_type.to_owned(),
                field: info.name.to_owned(),
                nullable: !info.return_type.ends_with('!'),
                is_list: info.return_type.starts_with('['),
                name: name.to_owned(),
                kind,
            };
            let path = info.path_node.to_string_vec();
            let mut types = types.lock().unwrap_or_else(PoisonError::into_inner);
            types.0.insert(path, typed);
        }
        next.run(ctx, info).await
    }
}
