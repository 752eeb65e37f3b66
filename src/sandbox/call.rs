//! One request to the API, as far as it can be understood without carrying it out.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned, Request, ServerError, Value as ConstValue, Variables,
    parser::{
        parse_query,
        types::{
            DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition,
            OperationType, Selection, SelectionSet,
        },
    },
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{absent::absent, fragments};

/// What a client posts.
#[derive(Deserialize)]
struct Body {
    query: String,
    variables: Option<Map<String, Value>>,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
}

/// A request to the API.
pub struct Call {
    body: Body,
    /// What was asked for, or why it is no GraphQL.
    document: Result<ExecutableDocument, async_graphql::parser::Error>,
}

/// The fragments of a document, by name.
pub type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

impl Call {
    /// Reads what was posted. Only a body that is no JSON with a `query` is an error here.
    pub fn read(body: &[u8]) -> serde_json::Result<Self> {
        let body: Body = serde_json::from_slice(body)?;
        let document = parse_query(&body.query);
        Ok(Self { body, document })
    }

    /// The name of the operation that runs: the one asked for, or the document's only one, or `anonymous`.
    pub fn name(&self) -> String {
        let only = || match &self.document.as_ref().ok()?.operations {
            DocumentOperations::Multiple(named) if named.len() == 1 => {
                named.keys().next().map(ToString::to_string)
            }
            _ => None,
        };
        let asked = self.body.operation_name.clone();
        asked
            .or_else(only)
            .unwrap_or_else(|| "anonymous".to_owned())
    }

    /// Whether it changes something.
    pub fn is_mutation(&self) -> bool {
        self.operation()
            .is_some_and(|operation| operation.ty == OperationType::Mutation)
    }

    /// The fields that the operation asks the root for, with the document's fragments; none when there is no such
    /// operation.
    pub fn roots(&self) -> Vec<&Field> {
        match (&self.document, self.operation()) {
            (Ok(document), Some(operation)) => {
                fields(&operation.selection_set.node, &document.fragments)
            }
            _ => Vec::new(),
        }
    }

    /// What a selection of this document takes from a value.
    pub fn select(&self, selection: &SelectionSet, from: &Value) -> Value {
        match (from, &self.document) {
            (Value::Object(object), Ok(document)) => {
                let pick = |field: &Field| {
                    let value = object.get(field.name.node.as_str()).unwrap_or(&Value::Null);
                    let key = field.response_key().node.to_string();
                    (key, self.select(&field.selection_set.node, value))
                };
                let fields = fields(selection, &document.fragments).into_iter();
                Value::Object(fields.map(pick).collect())
            }
            (Value::Array(items), _) => {
                let items = items.iter().map(|item| self.select(selection, item));
                Value::Array(items.collect())
            }
            _ => from.clone(),
        }
    }

    /// What a field of the operation is given as this argument, with the variables in their places.
    pub fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let value = field.get_argument(name)?.node.clone();
        let variable = |name: Name| {
            let value = self.body.variables.as_ref()?.get(name.as_str())?;
            ConstValue::from_json(value.clone()).ok()
        };
        let value = value.into_const_with(|name| variable(name).ok_or(()));
        value.ok()?.into_json().ok()
    }

    /// What the document asks for that the sandbox has not.
    pub fn absent(&self) -> Vec<ServerError> {
        self.document.as_ref().map(absent).unwrap_or_default()
    }

    /// What the schema carries out; its answer must be [cleaned](super::fragments::clean).
    ///
    /// # Errors
    /// The document is no GraphQL.
    pub fn request(&self) -> Result<Request, &async_graphql::parser::Error> {
        let mut document = self.document.as_ref()?.clone();
        fragments::rewrite(&mut document);
        let variables = Value::Object(self.body.variables.clone().unwrap_or_default());
        let mut request = Request::new(&self.body.query).variables(Variables::from_json(variables));
        request.set_parsed_query(document);
        Ok(match &self.body.operation_name {
            Some(name) => request.operation_name(name),
            None => request,
        })
    }

    fn operation(&self) -> Option<&OperationDefinition> {
        let operations = &self.document.as_ref().ok()?.operations;
        let asked = self.body.operation_name.as_deref();
        let mut all = operations.iter();
        let found = match asked {
            Some(asked) => all.find(|(name, _)| name.is_some_and(|name| name == asked)),
            None => all.next().filter(|_| all.next().is_none()),
        };
        found.map(|(_, operation)| &operation.node)
    }
}

/// The fields of a selection, those of its fragments included, in their order.
fn fields<'a>(selection: &'a SelectionSet, fragments: &'a Fragments) -> Vec<&'a Field> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    let mut rest = vec![selection.items.iter()];
    while let Some(items) = rest.last_mut() {
        let Some(item) = items.next() else {
            rest.pop();
            continue;
        };
        match &item.node {
            Selection::Field(field) => found.push(&field.node),
            Selection::InlineFragment(inline) => {
                rest.push(inline.node.selection_set.node.items.iter());
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                // Once each: nobody has checked yet that fragments do not hold themselves.
                if let Some(fragment) = fragments.get(name).filter(|_| seen.insert(name)) {
                    rest.push(fragment.node.selection_set.node.items.iter());
                }
            }
        }
    }
    found
}
