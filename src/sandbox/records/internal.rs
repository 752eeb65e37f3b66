//! What agents and their tools do in a timeline, and customers must learn nothing of.

/// A kind of entry, and the words in it.
#[derive(Clone)]
pub struct Internal {
    pub kind: InternalKind,
    /// Stands in each of its texts.
    pub text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InternalKind {
    LinearState,
    AdditionalAssignees,
    Discussion,
    DiscussionMessage,
    DiscussionResolved,
    ServiceLevel,
    LinkCreated,
    LinkUpdated,
    LinkDeleted,
    LinkTargetCreated,
    LinkTargetDeleted,
    Survey,
}

impl InternalKind {
    pub const EVERY: [Self; 12] = [
        Self::LinearState,
        Self::AdditionalAssignees,
        Self::Discussion,
        Self::DiscussionMessage,
        Self::DiscussionResolved,
        Self::ServiceLevel,
        Self::LinkCreated,
        Self::LinkUpdated,
        Self::LinkDeleted,
        Self::LinkTargetCreated,
        Self::LinkTargetDeleted,
        Self::Survey,
    ];
}
