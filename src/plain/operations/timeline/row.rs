//! The rows of a timeline, each read by itself: one that is not as the schema says takes nothing else with it.

use cynic::{QueryFragment, queries::SelectionBuilder};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::*;

#[derive(cynic::QueryFragment, Debug)]
#[cynic(variables = "TimelineVariables")]
pub struct TimelineEntryEdge {
    pub node: TimelineEntry,
}

/// An entry, or what could not be read as one.
#[derive(Debug)]
pub enum TimelineRow {
    Entry(Box<TimelineEntry>),
    Unreadable(Unreadable),
}

/// What is known of an entry that is not as the schema says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unreadable {
    pub id: Option<String>,
    /// The name of its type.
    pub kind: Option<String>,
}

impl TimelineRow {
    /// For an entry of which not enough is known to show it. What nobody asked for stays what it is.
    pub(in crate::plain) fn make_unreadable(&mut self) {
        let Self::Entry(entry) = self else { return };
        if !matches!(entry.entry, Entry::Other) {
            *self = Self::Unreadable(Unreadable {
                id: Some(entry.id.inner().to_owned()),
                kind: None,
            });
        }
    }
}

impl QueryFragment for TimelineRow {
    type SchemaType = <TimelineEntryEdge as QueryFragment>::SchemaType;
    type VariablesFields = <TimelineEntryEdge as QueryFragment>::VariablesFields;

    const TYPE: Option<&'static str> = TimelineEntryEdge::TYPE;

    fn query(builder: SelectionBuilder<'_, Self::SchemaType, Self::VariablesFields>) {
        TimelineEntryEdge::query(builder);
    }
}

impl<'de> Deserialize<'de> for TimelineRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As text: however deep it goes, nobody has to follow.
        let row = Box::<RawValue>::deserialize(deserializer)?;
        Ok(match serde_json::from_str::<TimelineEntryEdge>(row.get()) {
            Ok(edge) => Self::Entry(Box::new(edge.node)),
            // serde's own words would repeat what customers wrote.
            Err(error) => {
                tracing::warn!(
                    column = error.column(),
                    "a timeline entry is not as the schema says"
                );
                Self::Unreadable(Unreadable::of(row.get()))
            }
        })
    }
}

impl Unreadable {
    fn of(row: &str) -> Self {
        #[derive(Deserialize)]
        struct Edge<'a> {
            #[serde(borrow)]
            node: Option<&'a RawValue>,
        }
        #[derive(Deserialize)]
        struct Node<'a> {
            #[serde(borrow)]
            id: Option<&'a RawValue>,
            #[serde(borrow)]
            entry: Option<&'a RawValue>,
        }
        #[derive(Deserialize)]
        struct Entry {
            __typename: Option<String>,
        }
        let edge: Option<Edge> = serde_json::from_str(row).ok();
        let node: Option<Node> = edge.and_then(|edge| serde_json::from_str(edge.node?.get()).ok());
        let Some(node) = node else {
            return Self::default();
        };
        let entry: Option<Entry> = node
            .entry
            .and_then(|entry| serde_json::from_str(entry.get()).ok());
        Self {
            id: node.id.and_then(|id| serde_json::from_str(id.get()).ok()),
            kind: entry.and_then(|entry| entry.__typename),
        }
    }
}
