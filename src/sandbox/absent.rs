//! What a document asks for that the sandbox has not. Plain may have it, or nobody: the sandbox does not know all of
//! Plain's schema, so it says for each what is missing, and where to read what is not.

use std::collections::HashSet;

use async_graphql::{
    Name, Pos, Positioned, ServerError,
    parser::types::{
        ExecutableDocument, Field, InputValueDefinition, OperationType, Selection, SelectionSet,
        TypeCondition,
    },
};
use async_graphql_value::Value;

use super::strict::{TYPES, named, refused};

/// The errors for the types, fields, arguments and input fields that are not here, in the document's order.
pub fn absent(document: &ExecutableDocument) -> Vec<ServerError> {
    let mut search = Search::default();
    for (_, operation) in document.operations.iter() {
        let (operation, pos) = (&operation.node, operation.pos);
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        search.ty(&Name::new(root), pos);
        search.set(&operation.selection_set.node, root);
        for variable in &operation.variable_definitions {
            let ty = &variable.node.var_type;
            search.ty(named(&ty.node), ty.pos);
        }
    }
    for fragment in document.fragments.values() {
        search.condition(Some(&fragment.node.type_condition));
        let parent = &fragment.node.type_condition.node.on.node;
        search.set(&fragment.node.selection_set.node, parent);
    }
    search.errors
}

/// What a client is told of something that is not here, but for the full stop.
pub fn message(missing: &str) -> String {
    format!(
        "The sandbox has no `{missing}`. It has a part of Plain's API, which docs/sandbox.md lists; Plain itself may have this"
    )
}

#[derive(Default)]
struct Search {
    errors: Vec<ServerError>,
    /// What was said already.
    said: HashSet<String>,
}

impl Search {
    fn say(&mut self, missing: String, pos: Pos) {
        if self.said.insert(missing.clone()) {
            let error = refused(
                "GRAPHQL_VALIDATION_FAILED",
                format!("{}.", message(&missing)),
                pos,
            );
            self.errors.push(error);
        }
    }

    fn ty(&mut self, name: &Name, pos: Pos) {
        // GraphQL's own, which tell of a schema, begin so.
        if !TYPES.has(name) && !name.starts_with("__") {
            self.say(name.to_string(), pos);
        }
    }

    fn condition(&mut self, condition: Option<&Positioned<TypeCondition>>) {
        if let Some(condition) = condition {
            self.ty(&condition.node.on.node, condition.pos);
        }
    }

    fn set(&mut self, set: &SelectionSet, parent: &str) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(&field.node, field.pos, parent),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    self.condition(condition);
                    let inner = condition.map_or(parent, |it| it.node.on.node.as_str());
                    self.set(&inline.node.selection_set.node, inner);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(&mut self, field: &Field, pos: Pos, parent: &str) {
        let name = &field.name.node;
        // What GraphQL itself has, and what stands where nothing can be known.
        if name.starts_with("__") || !TYPES.is_object(parent) {
            return;
        }
        let Some(definition) = TYPES.field(parent, name) else {
            return self.say(format!("{parent}.{name}"), pos);
        };
        for (argument, value) in &field.arguments {
            let mut inputs = definition.arguments.iter().map(|it| &it.node);
            match inputs.find(|it| it.name.node == argument.node) {
                Some(input) => self.value(&value.node, input, value.pos),
                None => {
                    let missing = format!("{parent}.{name}({}:)", argument.node);
                    self.say(missing, argument.pos);
                }
            }
        }
        let ty = named(&definition.ty.node);
        self.set(&field.selection_set.node, ty);
    }

    /// A value that is written in the document, in the place of an argument or an input field.
    fn value(&mut self, value: &Value, place: &InputValueDefinition, pos: Pos) {
        match value {
            Value::List(values) => {
                for value in values {
                    self.value(value, place, pos);
                }
            }
            Value::Object(fields) => {
                let ty = named(&place.ty.node);
                let Some(inputs) = TYPES.inputs(ty) else {
                    return;
                };
                let inputs: Vec<_> = inputs.collect();
                for (name, value) in fields {
                    match inputs.iter().find(|it| it.name.node == *name) {
                        Some(input) => self.value(value, input, pos),
                        None => self.say(format!("{ty}.{name}"), pos),
                    }
                }
            }
            _ => {}
        }
    }
}
