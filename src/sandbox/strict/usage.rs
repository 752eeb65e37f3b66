//! Where variables are used: whether their types are allowed there.

use std::collections::HashSet;

use async_graphql::{
    Name, Pos, Positioned, ServerError, Value as ConstValue,
    parser::types::{
        BaseType, Directive, ExecutableDocument, Field, InputValueDefinition, OperationDefinition,
        OperationType, Selection, SelectionSet, Type, VariableDefinition,
    },
};
use async_graphql_value::Value;

use super::{Types, named, refused};

type Checked = Result<(), ServerError>;

/// Follows an operation with all of its fragments, and refuses the first variable in a place that its type does not
/// allow, and the first enum value in quotes.
pub fn check(
    types: &Types,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Checked {
    let mut walk = Walk {
        types,
        document,
        variables: &operation.variable_definitions,
        seen: HashSet::new(),
    };
    walk.directives(&operation.directives)?;
    let root = match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    walk.selections(&operation.selection_set.node, root)
}

struct Walk<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    variables: &'a [Positioned<VariableDefinition>],
    /// The fragments that were followed.
    seen: HashSet<&'a Name>,
}

impl<'a> Walk<'a> {
    fn selections(&mut self, set: &'a SelectionSet, parent: &str) -> Checked {
        for selection in &set.items {
            self.directives(selection.node.directives())?;
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, parent)?,
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let parent = condition.map_or(parent, |it| it.node.on.node.as_str());
                    self.selections(&fragment.node.selection_set.node, parent)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if self.seen.insert(name)
                        && let Some(fragment) = self.document.fragments.get(name)
                    {
                        let parent = &fragment.node.type_condition.node.on.node;
                        self.directives(&fragment.node.directives)?;
                        self.selections(&fragment.node.selection_set.node, parent)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Field, parent: &str) -> Checked {
        let types = self.types;
        let Some(definition) = types.field(parent, &field.name.node) else {
            return Ok(());
        };
        for (name, value) in &field.arguments {
            let mut inputs = definition.arguments.iter().map(|it| &it.node);
            if let Some(input) = inputs.find(|it| it.name.node == name.node) {
                self.input(&value.node, input, value.pos)?;
            }
        }
        self.selections(&field.selection_set.node, named(&definition.ty.node))
    }

    /// `@include` and `@skip`, the only directives that a query may have here.
    fn directives(&self, directives: &[Positioned<Directive>]) -> Checked {
        let condition = Type {
            base: BaseType::Named(Name::new("Boolean")),
            nullable: false,
        };
        for directive in directives {
            if let Some(value) = directive.node.get_argument("if") {
                self.value(&value.node, &condition, false, value.pos)?;
            }
        }
        Ok(())
    }

    fn input(&self, value: &Value, input: &InputValueDefinition, pos: Pos) -> Checked {
        let default = input.default_value.is_some();
        self.value(value, &input.ty.node, default, pos)
    }

    /// A value in a place of type `ty`, which has a default or not.
    fn value(&self, value: &Value, ty: &Type, default: bool, pos: Pos) -> Checked {
        match (value, &ty.base) {
            (Value::Variable(name), _) => self.variable(name, ty, default, pos),
            (Value::List(values), BaseType::List(inner)) => values
                .iter()
                .try_for_each(|value| self.value(value, inner, false, pos)),
            // A single value stands for a list of one.
            (value, BaseType::List(inner)) => self.value(value, inner, false, pos),
            (Value::Object(fields), BaseType::Named(name)) => {
                for input in self.types.inputs(name).into_iter().flatten() {
                    if let Some(value) = fields.get(&input.name.node) {
                        self.input(value, input, pos)?;
                    }
                }
                Ok(())
            }
            (Value::String(text), BaseType::Named(name))
                if self.types.has_value(name, text).is_some() =>
            {
                let message = format!("Enum \"{name}\" cannot represent non-enum value: {text:?}.");
                Err(refused("GRAPHQL_VALIDATION_FAILED", message, pos))
            }
            _ => Ok(()),
        }
    }

    fn variable(&self, name: &Name, place: &Type, default: bool, pos: Pos) -> Checked {
        let mut definitions = self.variables.iter().map(|it| &it.node);
        match definitions.find(|it| it.name.node == *name) {
            Some(variable) if !is_allowed(variable, place, default) => {
                let ty = &variable.var_type.node;
                let message = format!(
                    "Variable \"${name}\" of type \"{ty}\" used in position expecting type \"{place}\"."
                );
                Err(refused("GRAPHQL_VALIDATION_FAILED", message, pos))
            }
            _ => Ok(()),
        }
    }
}

/// The specification's IsVariableUsageAllowed: a nullable variable may stand where null may not when a default takes
/// its place.
fn is_allowed(variable: &VariableDefinition, place: &Type, place_has_default: bool) -> bool {
    let own_default = variable.default_value.as_ref();
    let has_default = own_default.is_some_and(|it| it.node != ConstValue::Null);
    let ty = &variable.var_type.node;
    if !place.nullable && ty.nullable && (has_default || place_has_default) {
        return same_base(ty, place);
    }
    is_compatible(ty, place)
}

/// The specification's AreTypesCompatible.
fn is_compatible(ty: &Type, place: &Type) -> bool {
    (place.nullable || !ty.nullable) && same_base(ty, place)
}

fn same_base(ty: &Type, place: &Type) -> bool {
    match (&ty.base, &place.base) {
        (BaseType::Named(ty), BaseType::Named(place)) => ty == place,
        (BaseType::List(ty), BaseType::List(place)) => is_compatible(ty, place),
        _ => false,
    }
}
