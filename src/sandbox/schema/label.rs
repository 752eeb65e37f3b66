//! Labels: for agents, not for customers.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::{
    actor::{Actor, InternalActor},
    time::DateTime,
};
use crate::sandbox::{enums::LabelTypeType, errors::lost, records, store::store};

/// A kind of label.
pub struct LabelType(Arc<records::LabelType>);

#[Object]
impl LabelType {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn icon(&self) -> Option<String> {
        None
    }

    async fn color(&self) -> Option<&str> {
        Some(&self.0.color)
    }

    #[graphql(name = "type")]
    async fn kind(&self) -> LabelTypeType {
        LabelTypeType::Default
    }

    async fn description(&self) -> Option<String> {
        None
    }

    async fn position(&self) -> String {
        self.0.position.to_string()
    }

    async fn external_id(&self) -> Option<String> {
        None
    }

    async fn is_archived(&self) -> bool {
        false
    }

    async fn is_excluded_from_ai(&self) -> bool {
        false
    }

    async fn created_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn created_by(&self) -> InternalActor {
        InternalActor::of(&self.0.created)
    }

    async fn updated_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn updated_by(&self) -> InternalActor {
        InternalActor::of(&self.0.created)
    }
}

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
        let found = state.label_types.get(&self.0.label_type_id);
        Ok(LabelType(Arc::clone(
            found.ok_or_else(|| lost("label type"))?,
        )))
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
