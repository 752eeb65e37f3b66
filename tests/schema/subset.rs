//! Whether one GraphQL schema promises and demands no more than another: a pure comparison of the two.

use apollo_compiler::{
    Node, Schema,
    ast::{InputValueDefinition, Value},
    collections::{IndexMap, IndexSet},
    schema::{Component, ComponentName, ExtendedType, FieldDefinition},
};

/// The directives that the specification defines; any schema may write them down.
const SPECIFIED_DIRECTIVES: [&str; 5] = ["deprecated", "include", "oneOf", "skip", "specifiedBy"];

/// How much of a field's arguments a subset has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Arguments {
    /// Those that it uses, and all that are required: enough for a client.
    Used,
    /// All: a server must take every call that the other takes.
    All,
}

/// Where `ours` is not a subset of `theirs`, in the order of `ours`; empty when it is one.
///
/// A subset has the same kinds of types, the same types of fields with the same nullability, arguments and input
/// fields with the same types and defaults, and no name that the other lacks. It may leave out types, fields, enum
/// values, union members, interfaces, and input that is not required. What the specification itself adds to every
/// schema, introspection and its directives, is not compared.
pub fn differences(ours: &Schema, theirs: &Schema, arguments: Arguments) -> Vec<String> {
    let mut found = Found {
        arguments,
        list: Vec::new(),
    };
    found.compare_roots(ours, theirs);
    for name in ours.directive_definitions.keys() {
        let specified = SPECIFIED_DIRECTIVES.contains(&name.as_str());
        if !specified && !theirs.directive_definitions.contains_key(name) {
            found.add(format!("@{name}: not in theirs"));
        }
    }
    for (name, our_type) in ours.types.iter().filter(|(_, it)| !it.is_built_in()) {
        match theirs.types.get(name) {
            Some(their_type) => found.compare_types(name, our_type, their_type),
            None => found.add(format!("{name}: not in theirs")),
        }
    }
    found.list
}

struct Found {
    arguments: Arguments,
    list: Vec<String>,
}

impl Found {
    fn add(&mut self, difference: String) {
        self.list.push(difference);
    }

    fn compare_roots(&mut self, ours: &Schema, theirs: &Schema) {
        let (ours, theirs) = (&ours.schema_definition, &theirs.schema_definition);
        for (operation, our_root, their_root) in [
            ("query", &ours.query, &theirs.query),
            ("mutation", &ours.mutation, &theirs.mutation),
            ("subscription", &ours.subscription, &theirs.subscription),
        ] {
            if our_root.is_some() && our_root != their_root {
                self.add(format!("schema.{operation}: another type in theirs"));
            }
        }
    }

    fn compare_types(&mut self, name: &str, our_type: &ExtendedType, their_type: &ExtendedType) {
        use ExtendedType::{Enum, InputObject, Interface, Object, Scalar, Union};
        match (our_type, their_type) {
            (Scalar(_), Scalar(_)) => {}
            (Object(ours), Object(theirs)) => {
                self.compare_names(
                    name,
                    "implements",
                    &ours.implements_interfaces,
                    &theirs.implements_interfaces,
                );
                self.compare_fields(name, &ours.fields, &theirs.fields);
            }
            (Interface(ours), Interface(theirs)) => {
                self.compare_names(
                    name,
                    "implements",
                    &ours.implements_interfaces,
                    &theirs.implements_interfaces,
                );
                self.compare_fields(name, &ours.fields, &theirs.fields);
            }
            (Union(ours), Union(theirs)) => {
                self.compare_names(name, "member", &ours.members, &theirs.members);
            }
            (Enum(ours), Enum(theirs)) => {
                for value in ours.values.keys() {
                    if !theirs.values.contains_key(value) {
                        self.add(format!("{name}.{value}: not in theirs"));
                    }
                }
            }
            (InputObject(ours), InputObject(theirs)) => {
                let inputs = |fields: &IndexMap<_, Component<InputValueDefinition>>| {
                    fields.values().map(|it| it.node.clone()).collect()
                };
                let (ours, theirs): (Vec<_>, Vec<_>) =
                    (inputs(&ours.fields), inputs(&theirs.fields));
                self.compare_inputs(name, &ours, &theirs, false);
            }
            _ => self.add(format!("{name}: another kind of type in theirs")),
        }
    }

    fn compare_names(
        &mut self,
        name: &str,
        relation: &str,
        ours: &IndexSet<ComponentName>,
        theirs: &IndexSet<ComponentName>,
    ) {
        for other in ours.difference(theirs) {
            self.add(format!("{name} {relation} {}: not in theirs", other.name));
        }
    }

    fn compare_fields(
        &mut self,
        name: &str,
        ours: &IndexMap<apollo_compiler::Name, Component<FieldDefinition>>,
        theirs: &IndexMap<apollo_compiler::Name, Component<FieldDefinition>>,
    ) {
        for (field, our_field) in ours {
            let path = format!("{name}.{field}");
            let Some(their_field) = theirs.get(field) else {
                self.add(format!("{path}: not in theirs"));
                continue;
            };
            if our_field.ty != their_field.ty {
                self.add(format!(
                    "{path}: {}, in theirs {}",
                    our_field.ty, their_field.ty
                ));
            }
            let all = self.arguments == Arguments::All;
            self.compare_inputs(&path, &our_field.arguments, &their_field.arguments, all);
        }
    }

    /// Compares arguments, or the fields of input objects. Ours must have `all` of theirs, or all that are required.
    fn compare_inputs(
        &mut self,
        path: &str,
        ours: &[Node<InputValueDefinition>],
        theirs: &[Node<InputValueDefinition>],
        all: bool,
    ) {
        for our_input in ours {
            let path = format!("{path}({})", our_input.name);
            let Some(their_input) = theirs.iter().find(|it| it.name == our_input.name) else {
                self.add(format!("{path}: not in theirs"));
                continue;
            };
            if our_input.ty != their_input.ty {
                self.add(format!(
                    "{path}: {}, in theirs {}",
                    our_input.ty, their_input.ty
                ));
            }
            if our_input.default_value != their_input.default_value {
                let shown = |value: &Option<Node<Value>>| {
                    value
                        .as_ref()
                        .map_or("none".to_owned(), |it| it.to_string())
                };
                self.add(format!(
                    "{path}: default {}, in theirs {}",
                    shown(&our_input.default_value),
                    shown(&their_input.default_value)
                ));
            }
        }
        for their_input in theirs.iter().filter(|it| all || it.is_required()) {
            if !ours.iter().any(|it| it.name == their_input.name) {
                self.add(format!("{path}({}): not in ours", their_input.name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of comparing two descriptions. They may name types that they do not describe.
    fn compared(ours: &str, theirs: &str, arguments: Arguments) -> Vec<String> {
        let parse = |sdl: &str| Schema::parse(sdl, "s.graphql").unwrap();
        differences(&parse(ours), &parse(theirs), arguments)
    }

    const WHOLE: &str = r#"
        directive @shown(why: String) on FIELD_DEFINITION
        scalar Time
        type Query { a: Int }
        interface Node { id: ID! }
        interface Named implements Node { id: ID!, name: String }
        type Thread implements Node & Named { id: ID!, name: String, entries(first: Int = 25, kind: [Kind!]): [Entry!]! }
        type Note { text: String!, by(id: ID!): Int }
        type Page { size: Int }
        union Entry = Thread | Note
        enum Kind { NOTE CHAT }
        input Filter { kind: Kind!, size: Int = 3, not: Filter, must: Boolean! }
    "#;

    #[test]
    fn a_schema_is_a_subset_of_itself() {
        assert_eq!(compared(WHOLE, WHOLE, Arguments::All), [""; 0]);
    }

    #[test]
    fn a_subset_may_leave_out_what_nobody_needs() {
        let part = r#"
            directive @deprecated(reason: String) on FIELD_DEFINITION
            type Thread { id: ID!, entries: [Entry!]! }
            type Note { text: String! }
            union Entry = Note
            enum Kind { CHAT }
            input Filter { kind: Kind!, must: Boolean! }
        "#;
        assert_eq!(compared(part, WHOLE, Arguments::Used), [""; 0]);
    }

    #[test]
    fn a_server_has_every_argument() {
        assert_eq!(
            compared(
                "type Thread { entries(kind: [Kind!]): [Entry!]! }",
                WHOLE,
                Arguments::All
            ),
            ["Thread.entries(first): not in ours"]
        );
    }

    #[test]
    fn roots_are_the_same_types() {
        assert_eq!(
            compared(
                "schema { query: Page } type Page { size: Int }",
                WHOLE,
                Arguments::Used
            ),
            ["schema.query: another type in theirs"]
        );
        assert_eq!(
            compared(
                "schema { query: Query mutation: Page } type Page { size: Int }",
                WHOLE,
                Arguments::Used
            ),
            ["schema.mutation: another type in theirs"]
        );
    }

    #[test]
    fn each_kind_of_difference_is_found() {
        for (ours, difference) in [
            ("type Other { a: Int }", "Other: not in theirs"),
            ("directive @hidden on OBJECT", "@hidden: not in theirs"),
            ("scalar Note", "Note: another kind of type in theirs"),
            (
                "input Note { text: String! }",
                "Note: another kind of type in theirs",
            ),
            ("type Note { texts: String! }", "Note.texts: not in theirs"),
            (
                "type Note { text: String }",
                "Note.text: String, in theirs String!",
            ),
            (
                "type Note { text: Int! }",
                "Note.text: Int!, in theirs String!",
            ),
            (
                "type Note { text: [String!]! }",
                "Note.text: [String!]!, in theirs String!",
            ),
            (
                "interface Node { id: String! }",
                "Node.id: String!, in theirs ID!",
            ),
            ("type Note { by: Int }", "Note.by(id): not in ours"),
            (
                "type Note { by(id: ID!, of: Int): Int }",
                "Note.by(of): not in theirs",
            ),
            (
                "type Note { by(id: ID): Int }",
                "Note.by(id): ID, in theirs ID!",
            ),
            (
                "type Thread { entries(first: Int = 26): [Entry!]! }",
                "Thread.entries(first): default 26, in theirs 25",
            ),
            (
                "type Thread { entries(first: Int): [Entry!]! }",
                "Thread.entries(first): default none, in theirs 25",
            ),
            (
                "type Note implements Node { text: String! }",
                "Note implements Node: not in theirs",
            ),
            (
                "interface Node implements Named { id: ID! }",
                "Node implements Named: not in theirs",
            ),
            (
                "union Entry = Note | Page",
                "Entry member Page: not in theirs",
            ),
            ("enum Kind { NOTE MAIL }", "Kind.MAIL: not in theirs"),
            (
                "input Filter { must: Boolean! }",
                "Filter(kind): not in ours",
            ),
            (
                "input Filter { kind: Kind, must: Boolean! }",
                "Filter(kind): Kind, in theirs Kind!",
            ),
            (
                "input Filter { kind: Kind!, must: Boolean!, size: Int = 4 }",
                "Filter(size): default 4, in theirs 3",
            ),
            (
                "input Filter { kind: Kind!, must: Boolean!, more: Int }",
                "Filter(more): not in theirs",
            ),
        ] {
            assert_eq!(
                compared(ours, WHOLE, Arguments::Used),
                [difference],
                "{ours}"
            );
        }
    }
}
