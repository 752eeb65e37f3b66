//! What GraphQL demands of variables and async-graphql does not check: that a variable has a type that is allowed where
//! it is used, and that its value has that type. Plain refuses the first with `GRAPHQL_VALIDATION_FAILED`, the second
//! with `BAD_USER_INPUT`.
//!
//! The rules are those of the specification, October 2021: 5.8.5 "All Variable Usages Are Allowed", 6.1.2 "Coercing
//! Variable Values", and 5.6.1 as far as it says that an enum's value is written without quotes. What is wrong in
//! another way, such as an unknown field, is left to async-graphql.

mod usage;
mod value;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use async_graphql::{
    Name, Pos, Request, ServerError, ServerResult,
    async_trait::async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest},
    parser::{
        parse_schema,
        types::{
            BaseType, DocumentOperations, ExecutableDocument, FieldDefinition,
            InputValueDefinition, OperationDefinition, Type, TypeKind, TypeSystemDefinition,
        },
    },
};

use super::schema;

/// Checks every request before it runs.
pub struct Strict;

impl ExtensionFactory for Strict {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Strict)
    }
}

#[async_trait]
impl Extension for Strict {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let mut request = next.run(ctx, request).await?;
        let variables = std::mem::take(&mut request.variables);
        let wanted = request.operation_name.take();
        let document = request.parsed_query()?;
        for (_, operation) in document.operations.iter() {
            usage::check(&TYPES, document, &operation.node)?;
        }
        if let Some(operation) = operation(document, wanted.as_deref()) {
            value::check(&TYPES, operation, &variables)?;
        }
        request.variables = variables;
        request.operation_name = wanted;
        Ok(request)
    }
}

/// The operation that is to run; none if the request does not say which.
fn operation<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Option<&'a OperationDefinition> {
    match (&document.operations, wanted) {
        (DocumentOperations::Single(only), _) => Some(&only.node),
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name).map(|it| &it.node),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
            all.values().next().map(|it| &it.node)
        }
        _ => None,
    }
}

/// The sandbox's types.
pub static TYPES: LazyLock<Types> = LazyLock::new(|| Types::read(&schema::sdl()));

/// The types of a schema by name. What it does not find is unknown: an error that async-graphql reports.
pub struct Types(HashMap<Name, TypeKind>);

impl Types {
    #[expect(
        clippy::expect_used,
        reason = "async-graphql reads what it has written"
    )]
    fn read(sdl: &str) -> Self {
        let document = parse_schema(sdl).expect("the sandbox's own schema");
        let types = document.definitions.into_iter();
        let types = types.filter_map(|definition| match definition {
            TypeSystemDefinition::Type(it) => Some((it.node.name.node, it.node.kind)),
            _ => None,
        });
        Self(types.collect())
    }

    /// Whether there is such a type, GraphQL's own scalars among them.
    pub fn has(&self, ty: &str) -> bool {
        let own = ["Boolean", "Float", "ID", "Int", "String"];
        self.0.contains_key(ty) || own.contains(&ty)
    }

    /// The definition of an object's field.
    pub fn field(&self, parent: &str, name: &Name) -> Option<&FieldDefinition> {
        let fields = match self.0.get(parent)? {
            TypeKind::Object(it) => &it.fields,
            TypeKind::Interface(it) => &it.fields,
            _ => return None,
        };
        let mut fields = fields.iter().map(|it| &it.node);
        fields.find(|it| it.name.node == *name)
    }

    /// The members of a union; none if the type is no union.
    pub fn members(&self, ty: &str) -> Option<Vec<Name>> {
        match self.0.get(ty)? {
            TypeKind::Union(it) => Some(it.members.iter().map(|it| it.node.clone()).collect()),
            _ => None,
        }
    }

    /// Whether it is an object's type.
    pub fn is_object(&self, ty: &str) -> bool {
        matches!(self.0.get(ty), Some(TypeKind::Object(_)))
    }

    /// The types that a value can have whose type is an object's or a union.
    pub fn possible(&self, ty: &str) -> Option<Vec<Name>> {
        let object = || self.is_object(ty).then(|| vec![Name::new(ty)]);
        self.members(ty).or_else(object)
    }

    /// The fields of an input object.
    pub fn inputs(&self, ty: &str) -> Option<impl Iterator<Item = &InputValueDefinition>> {
        match self.0.get(ty)? {
            TypeKind::InputObject(it) => Some(it.fields.iter().map(|field| &field.node)),
            _ => None,
        }
    }

    /// Whether an enum has the value; none if the type is no enum.
    fn has_value(&self, ty: &str, value: &str) -> Option<bool> {
        match self.0.get(ty)? {
            TypeKind::Enum(it) => Some(it.values.iter().any(|own| own.node.value.node == value)),
            _ => None,
        }
    }
}

/// The type without its lists and its non-nulls.
pub fn named(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}

/// An error about a document or its variables.
pub fn refused(code: &str, message: String, pos: Pos) -> ServerError {
    let mut error = ServerError::new(message, Some(pos));
    error.extensions.get_or_insert_default().set("code", code);
    error
}
