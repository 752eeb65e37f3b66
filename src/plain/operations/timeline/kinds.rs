//! What of a timeline a customer may see: one row for each member of Plain's `Entry`.
//!
//! What is asked for follows from it, and so does docs/timeline.md. A test holds it against Plain's own schema: a member
//! that Plain adds has to be put into a class before it can be shown.

use super::*;

/// The kinds of entries, as the timeline's filter names them.
#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimelineEntryType {
    HelpCenterAiConversationMessage,
    Chat,
    Custom,
    Email,
    LinearIssueThreadLinkStateTransitioned,
    Note,
    ThreadAssignmentTransitioned,
    ThreadAdditionalAssigneesTransitioned,
    ThreadStatusTransitioned,
    ThreadPriorityChanged,
    ThreadEvent,
    CustomerEvent,
    SlackMessage,
    SlackReply,
    MsTeamsMessage,
    MergedThreadMessage,
    DiscordMessage,
    ThreadLabelsChanged,
    ThreadDiscussion,
    ThreadDiscussionMessage,
    ThreadDiscussionResolved,
    ServiceLevelAgreementStatusTransitioned,
    ThreadLinkCreated,
    ThreadLinkUpdated,
    ThreadLinkDeleted,
    ThreadLinkTargetCreated,
    ThreadLinkTargetDeleted,
    CustomerSurveyRequested,
}

/// What customers see of a kind of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A message.
    Shown,
    /// A line between the messages.
    QuietLine,
    /// Nothing: it is neither asked for nor selected.
    Never,
}

/// A member of Plain's `Entry`.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The name of its type.
    pub member: &'static str,
    /// Its name in the timeline's filter.
    pub entry_type: TimelineEntryType,
    pub class: Class,
    /// What customers see of it, or why they do not.
    pub words: &'static str,
}

/// Every member of Plain's `Entry`, in the order of its schema.
pub const KINDS: [Kind; 28] = {
    use {Class::*, TimelineEntryType as Type};
    const fn kind(
        member: &'static str,
        entry_type: Type,
        class: Class,
        words: &'static str,
    ) -> Kind {
        Kind {
            member,
            entry_type,
            class,
            words,
        }
    }
    [
        kind("NoteEntry", Type::Note, Never, "among agents"),
        kind("ChatEntry", Type::Chat, Shown, "the message"),
        kind(
            "EmailEntry",
            Type::Email,
            Shown,
            "the e-mail with subject, From, To and Cc, if its category is `MESSAGING`; what it quotes is folded away; whether it was delivered; never Bcc",
        ),
        kind(
            "CustomEntry",
            Type::Custom,
            Shown,
            "the components, but for workflow buttons and users",
        ),
        kind(
            "LinearIssueThreadLinkStateTransitionedEntry",
            Type::LinearIssueThreadLinkStateTransitioned,
            Never,
            "agents' own work",
        ),
        kind(
            "ThreadAssignmentTransitionedEntry",
            Type::ThreadAssignmentTransitioned,
            Never,
            "agents' own work",
        ),
        kind(
            "ThreadAdditionalAssigneesTransitionedEntry",
            Type::ThreadAdditionalAssigneesTransitioned,
            Never,
            "agents' own work",
        ),
        kind(
            "ThreadStatusTransitionedEntry",
            Type::ThreadStatusTransitioned,
            QuietLine,
            "a line when customers' own words for the status change: done, reopened, waiting for an answer",
        ),
        kind(
            "ThreadPriorityChangedEntry",
            Type::ThreadPriorityChanged,
            Never,
            "agents' own work",
        ),
        kind(
            "ThreadEventEntry",
            Type::ThreadEvent,
            Never,
            "written for agents by the host product",
        ),
        kind(
            "CustomerEventEntry",
            Type::CustomerEvent,
            Never,
            "written for agents by the host product",
        ),
        kind(
            "SlackMessageEntry",
            Type::SlackMessage,
            Shown,
            "the message; that it was edited, or deleted and then not its text",
        ),
        kind(
            "SlackReplyEntry",
            Type::SlackReply,
            Shown,
            "as a Slack message",
        ),
        kind(
            "ThreadLabelsChangedEntry",
            Type::ThreadLabelsChanged,
            Never,
            "agents' own work",
        ),
        kind(
            "ThreadDiscussionEntry",
            Type::ThreadDiscussion,
            Never,
            "among agents",
        ),
        kind(
            "ThreadDiscussionMessageEntry",
            Type::ThreadDiscussionMessage,
            Never,
            "among agents",
        ),
        kind(
            "ThreadDiscussionResolvedEntry",
            Type::ThreadDiscussionResolved,
            Never,
            "among agents",
        ),
        kind(
            "ServiceLevelAgreementStatusTransitionedEntry",
            Type::ServiceLevelAgreementStatusTransitioned,
            Never,
            "agents' own work",
        ),
        kind(
            "MSTeamsMessageEntry",
            Type::MsTeamsMessage,
            Shown,
            "as a Slack message",
        ),
        kind(
            "DiscordMessageEntry",
            Type::DiscordMessage,
            Shown,
            "as a Slack message",
        ),
        kind(
            "ThreadLinkCreatedEntry",
            Type::ThreadLinkCreated,
            Never,
            "agents' own work",
        ),
        kind(
            "ThreadLinkUpdatedEntry",
            Type::ThreadLinkUpdated,
            Never,
            "agents' own work",
        ),
        kind(
            "ThreadLinkDeletedEntry",
            Type::ThreadLinkDeleted,
            Never,
            "agents' own work",
        ),
        kind(
            "ThreadLinkTargetCreatedEntry",
            Type::ThreadLinkTargetCreated,
            Never,
            "agents' own work",
        ),
        kind(
            "ThreadLinkTargetDeletedEntry",
            Type::ThreadLinkTargetDeleted,
            Never,
            "agents' own work",
        ),
        kind(
            "HelpCenterAiConversationMessageEntry",
            Type::HelpCenterAiConversationMessage,
            Shown,
            "the message",
        ),
        kind(
            "CustomerSurveyRequestedEntry",
            Type::CustomerSurveyRequested,
            Never,
            "Plain asks customers itself, in its own way",
        ),
        kind(
            "MergedThreadMessageEntry",
            Type::MergedThreadMessage,
            Shown,
            "the message, by the rules of its own kind, where the viewer may see the thread that it comes from; a line that says so otherwise",
        ),
    ]
};

/// The kinds that a timeline is asked for.
pub fn asked_for() -> impl Iterator<Item = TimelineEntryType> {
    let kinds = KINDS.into_iter();
    kinds
        .filter(|kind| kind.class != Class::Never)
        .map(|kind| kind.entry_type)
}

/// Is this type's name one of a member that customers may see?
pub fn may_be_shown(member: &str) -> bool {
    KINDS
        .iter()
        .any(|kind| kind.member == member && kind.class != Class::Never)
}

#[cfg(test)]
mod tests;
