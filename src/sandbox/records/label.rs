//! Labels and their types.

use super::Stamp;
use crate::sandbox::enums::LabelTypeType;

/// A kind of label that agents put on threads.
#[derive(Clone)]
pub struct LabelType {
    pub id: String,
    pub name: String,
    pub icon: Option<String>,
    pub color: Option<String>,
    pub kind: LabelTypeType,
    pub description: Option<String>,
    pub external_id: Option<String>,
    pub is_excluded_from_ai: bool,
    pub position: usize,
    /// Since when, and by whom, it can no longer be put on threads.
    pub archived: Option<Stamp>,
    pub created: Stamp,
}

/// A label on a thread.
#[derive(Clone)]
pub struct Label {
    pub id: String,
    pub label_type_id: String,
    pub created: Stamp,
}
