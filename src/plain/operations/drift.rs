//! Plain grows: what it adds to its schema must be harmless to a client that does not know it.

#![allow(clippy::unwrap_used)]

use std::{cell::RefCell, collections::HashMap};

use apollo_compiler::{
    ExecutableDocument, Name, Schema,
    ast::Type,
    executable::{Selection, SelectionSet},
    schema::ExtendedType,
    validation::Valid,
};
use serde_json::{Map, Value, json};

use super::tests::operations;

/// As many rows as it takes for every member of every union to have its turn.
const ROWS: usize = 12;

/// A Plain of the future. Its answers have every kind of object that we know, kinds that we do not, enum values that we
/// do not, and fields that we did not ask for.
struct Future {
    schema: Valid<Schema>,
    /// Which member of a union comes next.
    turns: RefCell<HashMap<Name, usize>>,
}

impl Future {
    fn new() -> Self {
        let sdl = include_str!("../schema.graphql");
        Self {
            schema: Schema::parse_and_validate(sdl, "schema.graphql").unwrap(),
            turns: RefCell::default(),
        }
    }

    fn answer(&self, query: &str) -> Value {
        let document =
            ExecutableDocument::parse_and_validate(&self.schema, query, "o.graphql").unwrap();
        let operation = document.operations.iter().next().unwrap();
        let set = &operation.selection_set;
        self.object(&set.ty, set)
    }

    fn object(&self, kind: &Name, set: &SelectionSet) -> Value {
        let mut fields = Map::new();
        self.fill(&mut fields, kind, set);
        fields.insert("aFieldOfTheFuture".into(), json!([{ "deep": null }]));
        Value::Object(fields)
    }

    fn fill(&self, fields: &mut Map<String, Value>, kind: &Name, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let value = match field.name.as_str() {
                        "__typename" => json!(kind),
                        _ => self.value(field.ty(), &field.selection_set),
                    };
                    fields.insert(field.response_key().to_string(), value);
                }
                Selection::InlineFragment(part) => {
                    if part.type_condition.as_ref().is_none_or(|it| it == kind) {
                        self.fill(fields, kind, &part.selection_set);
                    }
                }
                Selection::FragmentSpread(_) => panic!("our operations have none"),
            }
        }
    }

    fn value(&self, type_: &Type, set: &SelectionSet) -> Value {
        if type_.is_list() {
            let row = || self.value(type_.item_type(), set);
            return (0..ROWS).map(|_| row()).collect();
        }
        let name = type_.inner_named_type();
        match &self.schema.types[name] {
            ExtendedType::Enum(_) => json!("A_VALUE_OF_THE_FUTURE"),
            ExtendedType::Object(_) => self.object(name, set),
            ExtendedType::Union(union) => {
                let mut turns = self.turns.borrow_mut();
                let turn = turns.entry(name.clone()).or_default();
                *turn += 1;
                let member = union.members.get_index(*turn % (union.members.len() + 1));
                let member = member.map(|member| member.name.clone());
                drop(turns);
                match member {
                    Some(member) => self.object(&member, set),
                    None => self.object(&Name::new("AKindOfTheFuture").unwrap(), set),
                }
            }
            ExtendedType::Scalar(_) => match name.as_str() {
                "Boolean" => json!(true),
                "Int" => json!(7),
                _ => json!("words"),
            },
            other => panic!("{other:?} in our description"),
        }
    }
}

#[test]
fn every_operation_reads_the_answers_of_a_plain_that_has_grown() {
    let future = Future::new();
    for operation in operations() {
        let answer = future.answer(&operation.query).to_string();
        assert!(answer.contains("aFieldOfTheFuture"));
        if let Err(error) = (operation.read)(&answer) {
            panic!("{}: {error}\n{answer}", operation.name);
        }
    }
    let turns = future.turns.borrow();
    for (name, kind) in &future.schema.types {
        if let ExtendedType::Union(union) = kind {
            let turns = turns.get(name).copied().unwrap_or_default();
            assert!(
                turns > union.members.len(),
                "each member of {name}, and another"
            );
        }
    }
}
