//! Labels: for agents, not for customers.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::{
    actor::{Actor, InternalActor},
    paging::connection,
    time::DateTime,
};
use crate::sandbox::{enums::LabelTypeType, errors::lost, records, store::store};

/// A kind of label.
pub struct LabelType(Arc<records::LabelType>);

impl From<Arc<records::LabelType>> for LabelType {
    fn from(label_type: Arc<records::LabelType>) -> Self {
        Self(label_type)
    }
}

#[Object]
impl LabelType {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn icon(&self) -> Option<&str> {
        self.0.icon.as_deref()
    }

    async fn color(&self) -> Option<&str> {
        self.0.color.as_deref()
    }

    #[graphql(name = "type")]
    async fn kind(&self) -> LabelTypeType {
        self.0.kind
    }

    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// None: label types have no parents in the sandbox.
    async fn parent_label_type(&self) -> Option<LabelType> {
        None
    }

    async fn position(&self) -> String {
        self.0.position.to_string()
    }

    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    async fn is_archived(&self) -> bool {
        self.0.archived.is_some()
    }

    async fn archived_at(&self) -> Option<DateTime> {
        self.0.archived.as_ref().map(|stamp| stamp.at.into())
    }

    async fn archived_by(&self) -> Option<InternalActor> {
        self.0.archived.as_ref().map(InternalActor::of)
    }

    async fn is_excluded_from_ai(&self) -> bool {
        self.0.is_excluded_from_ai
    }

    async fn created_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn created_by(&self) -> InternalActor {
        InternalActor::of(&self.0.created)
    }

    async fn updated_at(&self) -> DateTime {
        self.0
            .archived
            .as_ref()
            .unwrap_or(&self.0.created)
            .at
            .into()
    }

    async fn updated_by(&self) -> InternalActor {
        InternalActor::of(self.0.archived.as_ref().unwrap_or(&self.0.created))
    }
}

connection!(LabelTypeConnection, LabelTypeEdge, LabelType);

/// A label on a thread.
pub struct Label(records::Label);

impl From<records::Label> for Label {
    fn from(label: records::Label) -> Self {
        Self(label)
    }
}

#[Object]
impl Label {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn label_type(&self, ctx: &Context<'_>) -> Result<LabelType> {
        let state = store(ctx).lock();
        let found = state.label_types.get(&self.0.label_type_id).cloned();
        Ok(found.ok_or_else(|| lost("label type"))?.into())
    }

    async fn created_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn created_by(&self) -> Actor {
        (&self.0.created.by).into()
    }

    async fn updated_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn updated_by(&self) -> Actor {
        (&self.0.created.by).into()
    }
}
