//! Rows of a list, each read by itself: one that is not as the schema says takes nothing else with it.

use cynic::{QueryFragment, queries::SelectionBuilder};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::value::RawValue;

/// A row; `None` for one that is not as the schema says.
#[derive(Debug)]
pub struct Row<Edge>(pub Option<Edge>);

impl<Edge: QueryFragment> QueryFragment for Row<Edge> {
    type SchemaType = Edge::SchemaType;
    type VariablesFields = Edge::VariablesFields;

    const TYPE: Option<&'static str> = Edge::TYPE;

    fn query(builder: SelectionBuilder<'_, Self::SchemaType, Self::VariablesFields>) {
        Edge::query(builder);
    }
}

impl<'de, Edge: DeserializeOwned> Deserialize<'de> for Row<Edge> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = Box::<RawValue>::deserialize(deserializer)?;
        let read = serde_json::from_str(row.get());
        if let Err(error) = &read {
            // serde's own words would repeat what customers wrote.
            tracing::warn!(
                column = error.column(),
                "a row of a list is not as the schema says"
            );
        }
        Ok(Self(read.ok()))
    }
}
