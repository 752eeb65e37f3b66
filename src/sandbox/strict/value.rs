//! The values of variables: whether they have the types that the operation says.

use async_graphql::{
    Name, ServerError, Value, Variables,
    parser::types::{BaseType, OperationDefinition, Type},
};

use super::{Types, refused};
use crate::sandbox::absent;

/// Refuses the first variable that is missing or whose value is not of its type.
pub fn check(
    types: &Types,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), ServerError> {
    for definition in &operation.variable_definitions {
        let (name, ty) = (&definition.node.name.node, &definition.node.var_type.node);
        let wrong = match variables.get(name) {
            Some(value) => fits(types, value, ty, &mut name.to_string()),
            None if ty.nullable || definition.node.default_value.is_some() => Ok(()),
            None => Err(format!("a value of type \"{ty}\" is required")),
        };
        wrong.map_err(|why| {
            let message = format!("Variable \"${name}\" got invalid value: {why}.");
            refused("BAD_USER_INPUT", message, definition.pos)
        })?;
    }
    Ok(())
}

/// Says what is wrong with a value, and where; `path` leads to it.
fn fits(types: &Types, value: &Value, ty: &Type, path: &mut String) -> Result<(), String> {
    match (value, &ty.base) {
        (Value::Null, _) if ty.nullable => Ok(()),
        (Value::Null, _) => Err(format!("{path} of type \"{ty}\" must not be null")),
        (Value::List(values), BaseType::List(inner)) => {
            for (place, value) in values.iter().enumerate() {
                below(path, &format!("[{place}]"), |path| {
                    fits(types, value, inner, path)
                })?;
            }
            Ok(())
        }
        // A single value stands for a list of one.
        (value, BaseType::List(inner)) => fits(types, value, inner, path),
        (value, BaseType::Named(name)) => fits_named(types, value, name, path),
    }
}

fn fits_named(types: &Types, value: &Value, ty: &str, path: &mut String) -> Result<(), String> {
    if let Some(inputs) = types.inputs(ty) {
        let Value::Object(given) = value else {
            return Err(format!("{path} must be an object of type \"{ty}\""));
        };
        let inputs: Vec<_> = inputs.collect();
        let is_known = |key: &Name| inputs.iter().any(|input| input.name.node == *key);
        if let Some(unknown) = given.keys().find(|key| !is_known(key)) {
            let message = absent::message(&format!("{ty}.{unknown}"));
            return Err(format!("{path} has a field \"{unknown}\". {message}"));
        }
        for input in inputs {
            let (name, ty) = (&input.name.node, &input.ty.node);
            match given.get(name) {
                Some(value) => below(path, &format!(".{name}"), |path| {
                    fits(types, value, ty, path)
                })?,
                None if ty.nullable || input.default_value.is_some() => {}
                None => return Err(format!("{path}.{name} of type \"{ty}\" is required")),
            }
        }
        return Ok(());
    }
    let right = match (ty, value) {
        ("ID", Value::String(_))
        | ("String", Value::String(_))
        | ("Boolean", Value::Boolean(_)) => true,
        ("ID", Value::Number(number)) => number.is_i64() || number.is_u64(),
        ("Int", Value::Number(number)) => {
            number.as_i64().is_some_and(|it| i32::try_from(it).is_ok())
        }
        ("Float", Value::Number(_)) => true,
        ("ID" | "String" | "Boolean" | "Int" | "Float", _) => false,
        (_, Value::String(name)) => types.has_value(ty, name).unwrap_or(true),
        (_, _) => types.has_value(ty, "").is_none(),
    };
    right
        .then_some(())
        .ok_or_else(|| format!("{path} is {value}, not of type \"{ty}\""))
}

/// Goes one step down the path, and back.
fn below<T>(path: &mut String, step: &str, go: impl FnOnce(&mut String) -> T) -> T {
    let end = path.len();
    path.push_str(step);
    let done = go(path);
    path.truncate(end);
    done
}
