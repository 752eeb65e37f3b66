//! Answers of a Plain that has grown: enum values, union members and fields that the published schema does not know yet.
//!
//! One pass over the JSON, led by the types of its values:
//! - every object has one more field;
//! - every list of union members has one more member, and every timeline one more entry (after its first, with the same
//!   cursor), of a type that nobody knows and with nothing but what all have;
//! - enum values and union members become unknown: about every other one of a record with an id, the same ones each time;
//!   all of them elsewhere, such as the `result` of an upsert.
//!
//! What it leaves alone: ids, texts and times; what customers wrote and that it was they; and values that keep
//! something from customers, because the future may add to those and will not rename them.

use serde_json::{Map, Value, json};

use super::{
    answer::Answer,
    typed::{Kind, Path, Typed, Types},
};

/// What an enum value becomes.
const VALUE: &str = "VALUE_OF_THE_FUTURE";

/// The field that every object has.
const FIELD: &str = "fieldOfTheFuture";

/// Values that say that something is not for customers, or not to be trusted.
const KEPT: &[&str] = &[
    "INTERNAL",
    "FAIL",
    "CUSTOMER_SURVEY",
    "UNREAD_CHAT_MESSAGES",
    "THREAD_DISCUSSION",
    "USER_HIDDEN",
];

/// Union members that say that a customer did something.
const CUSTOMERS: &[&str] = &["CustomerActor", "CustomerEmailActor", "Customer"];

impl Answer {
    /// Makes it an answer of the future.
    pub fn drift(&mut self) {
        let Self { json, types } = self;
        for path in types.0.keys() {
            if let Some(Value::Object(object)) = Types::value(json, path) {
                object.insert(FIELD.to_owned(), json!({ "kind": VALUE }));
            }
        }
        let messages = own_messages(json, types);
        let is_own = |path: &Path| messages.iter().any(|message| path.starts_with(message));
        for (path, typed) in &types.0 {
            let turns = !is_own(path) && turns(json, types, path);
            let Some(value) = Types::value(json, path) else {
                continue;
            };
            match (typed.kind, value) {
                (Kind::Enum, Value::String(text)) if turns && !KEPT.contains(&text.as_str()) => {
                    VALUE.clone_into(text);
                }
                // Entries are added, not turned: each of them may be somebody's message.
                (Kind::Union, Value::Object(member)) if turns && typed.name != "Entry" => {
                    let names = type_names(types, path, member);
                    let is_customers = |name: &str| CUSTOMERS.iter().any(|it| member[name] == *it);
                    if !names.iter().any(|name| is_customers(name)) {
                        *member = unknown(&typed.name, names);
                    }
                }
                _ => {}
            }
        }
        // Afterwards, and from the end: what is added moves the places of what follows.
        for (path, typed) in types.0.iter().rev().filter(|(_, typed)| typed.is_list) {
            let first = [path.as_slice(), &["0".to_owned()]].concat();
            if let Some(new) = another(json, types, typed, &first)
                && let Some(Value::Array(items)) = Types::value(json, path)
            {
                items.insert(1, new);
            }
        }
    }
}

/// The paths of the timeline entries that customers wrote, or may have written as far as the answer tells. A form is
/// written down by the API key in the customer's place.
fn own_messages(json: &mut Value, types: &Types) -> Vec<Path> {
    let entries = types
        .0
        .iter()
        .filter(|(_, it)| it.name == "TimelineEntry" && !it.is_list);
    let mut own = Vec::new();
    for (path, _) in entries {
        let mut name_of = |field: &str| {
            let (path, _) = children(types, path).find(|(_, typed)| typed.field == field)?;
            let member = Types::value(json, path)?.as_object()?;
            let name = type_names(types, path, member).into_iter().next()?;
            Some(member[&name].clone())
        };
        let others = match (name_of("actor"), name_of("entry")) {
            (Some(actor), Some(entry)) => actor != "CustomerActor" && entry != "CustomEntry",
            _ => false,
        };
        if !others {
            own.push(path.clone());
        }
    }
    own
}

/// Whether the value at this path changes. The same field of the same record always does or never does.
fn turns(json: &mut Value, types: &Types, path: &Path) -> bool {
    let field = types.0.get(path).map_or("", |typed| &typed.field);
    let records = (0..path.len()).rev().map(|length| &path[..length]);
    for record in records {
        let mut fields = children(types, record);
        if let Some((id, _)) = fields.find(|(_, typed)| typed.field == "id") {
            let id = Types::value(json, id).and_then(|id| id.as_str());
            return is_even(id.unwrap_or_default(), field);
        }
    }
    true
}

/// Splits what it is given into halves of about the same size.
fn is_even(id: &str, field: &str) -> bool {
    let sum = |hash: u32, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte));
    let hash = id.bytes().chain(field.bytes()).fold(7, sum);
    (hash ^ hash >> 16) & 1 == 0
}

/// One more item for the list whose first item is at this path, if it is one that grows.
fn another(json: &mut Value, types: &Types, list: &Typed, first: &[String]) -> Option<Value> {
    let mut item = Types::value(json, first)?.clone();
    match (&mut item, list.kind, list.name.as_str()) {
        (Value::Object(member), Kind::Union, name) => {
            Some(unknown(name, type_names(types, first, member)).into())
        }
        (edge, Kind::Object, "TimelineEntryEdge") => {
            let (node, _) = children(types, first).find(|(_, it)| it.field == "node")?;
            let entry = edge.get_mut(node.last()?)?;
            let mut has_entry = false;
            for (path, typed) in children(types, node) {
                let value = entry.get_mut(path.last()?)?;
                match (typed.kind, typed.field.as_str(), &mut *value) {
                    (Kind::Union, field, Value::Object(member)) => {
                        has_entry |= field == "entry";
                        *value = unknown(&typed.name, type_names(types, path, member)).into();
                    }
                    (_, "id", Value::String(id)) => id.push_str("FUTURE"),
                    (_, "llmText", text) => *text = Value::Null,
                    _ => {}
                }
            }
            has_entry.then_some(item)
        }
        _ => None,
    }
}

/// The fields of the object at this path.
fn children<'a>(
    types: &'a Types,
    path: &'a [String],
) -> impl Iterator<Item = (&'a Path, &'a Typed)> {
    let below = types.0.range(path.to_vec()..);
    let below = below.take_while(move |(it, _)| it.starts_with(path));
    below.filter(move |(it, _)| it.len() == path.len() + 1)
}

/// The keys under which an object says of what type it is: it has them, and they are no fields of the schema.
fn type_names(types: &Types, path: &[String], object: &Map<String, Value>) -> Vec<String> {
    let is_field = |key: &String| {
        types
            .0
            .contains_key(&[path, std::slice::from_ref(key)].concat())
    };
    let names = object.keys().filter(|key| *key != FIELD && !is_field(key));
    names.cloned().collect()
}

/// A member of this union that nobody knows. It has nothing that could be asked for but its type's name.
fn unknown(union: &str, type_names: Vec<String>) -> Map<String, Value> {
    let name = format!("{union}OfTheFuture");
    let names = type_names.into_iter();
    names.map(|key| (key, json!(name))).collect()
}
