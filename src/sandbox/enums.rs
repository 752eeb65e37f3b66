//! Plain's enums, whole: a client may send or expect any member, deprecated ones included.

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

macro_rules! plain_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Enum, Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name { $($(#[$member_doc])* $member),* }
    };
}

plain_enum!(
    /// Whether a thread waits for the support team, for something else, or for nothing.
    ThreadStatus { Todo, Snoozed, Done }
);
plain_enum!(
    /// What a thread's status detail is, as the threads filter names it.
    StatusDetailType {
        Created, InProgress, NewReply, ThreadLinkUpdated, ThreadDiscussionResolved, WaitingForCustomer,
        WaitingForDuration, Ignored, DoneManuallySet, DoneAutomaticallySet,
        #[graphql(deprecation = "Use DONE_AUTOMATICALLY_SET instead.")]
        TimerExpired,
    }
);
plain_enum!(
    /// The details with which a thread can be marked as to do.
    TodoStatusDetail { Created, InProgress, NewReply, ThreadLinkUpdated, ThreadDiscussionResolved }
);
plain_enum!(
    /// The details with which a thread can be snoozed.
    SnoozeStatusDetail { WaitingForCustomer, WaitingForDuration }
);
plain_enum!(
    /// The details with which a thread can be marked as done.
    DoneStatusDetail {
        Ignored, DoneManuallySet, DoneAutomaticallySet,
        #[graphql(deprecation = "Use DONE_AUTOMATICALLY_SET instead.")]
        TimerExpired,
    }
);
plain_enum!(
    /// Where a thread lives.
    ThreadChannel { Email, Slack, Chat, Api, MsTeams, Discord, Import, Internal }
);
plain_enum!(
    /// How a message arrived or left.
    MessageSource { Chat, Email, Api, Slack, MsTeams, Discord, Internal }
);
plain_enum!(
    /// The kinds of timeline entries, as the timeline filter names them.
    TimelineEntryType {
        HelpCenterAiConversationMessage, Chat, Custom, Email, LinearIssueThreadLinkStateTransitioned, Note,
        ThreadAssignmentTransitioned, ThreadAdditionalAssigneesTransitioned, ThreadStatusTransitioned,
        ThreadPriorityChanged, ThreadEvent, CustomerEvent, SlackMessage, SlackReply, MsTeamsMessage,
        MergedThreadMessage, DiscordMessage, ThreadLabelsChanged, ThreadDiscussion, ThreadDiscussionMessage,
        ThreadDiscussionResolved, ServiceLevelAgreementStatusTransitioned, ThreadLinkCreated, ThreadLinkUpdated,
        ThreadLinkDeleted, ThreadLinkTargetCreated, ThreadLinkTargetDeleted, CustomerSurveyRequested,
    }
);
plain_enum!(
    /// What a mutation that creates or updates has done.
    UpsertResult { Updated, Created, Noop }
);
plain_enum!(
    /// What went wrong with a mutation, roughly; `code` says it exactly.
    MutationErrorType { Validation, Forbidden, Internal }
);
plain_enum!(
    /// What is wrong with one field of a mutation's input.
    MutationFieldErrorType { Validation, Required, NotFound }
);
plain_enum!(
    /// The direction of a list.
    SortDirection { Asc, Desc }
);
plain_enum!(
    /// What threads can be sorted by.
    ThreadsSortField { StatusChangedAt, CreatedAt, ClosestToBreachSla, LastInboundMessageAt, Priority, ThreadField }
);
plain_enum!(
    /// What customers can be sorted by.
    CustomersSortField { FullName }
);
plain_enum!(
    /// Where a tenant comes from.
    TenantSource { Api, Salesforce, Hubspot }
);
plain_enum!(
    /// Whether a member of the support team is at work.
    UserStatus {
        Online, Offline,
        #[graphql(deprecation = "Unused in new work hours tracking")]
        Break,
        Away,
    }
);
plain_enum!(
    /// What a machine user is.
    MachineUserType { ApiUser, AiAgent }
);
plain_enum!(
    /// What a label type is for.
    LabelTypeType { Default, Team }
);
plain_enum!(
    /// Whether an e-mail comes from whom it says.
    EmailAuthenticity { Pass, Fail, Unknown }
);
plain_enum!(
    /// How far an e-mail of ours has come.
    EmailSendStatus { Pending, Sent, Bounced, Failed }
);
plain_enum!(
    /// What an e-mail is for.
    EmailCategory { Messaging, CustomerSurvey, UnreadChatMessages, ThreadDiscussion, UserHidden }
);
plain_enum!(
    /// What a file is attached to.
    AttachmentType { Email, CustomTimelineEntry, Chat, Slack, ThreadDiscussion, MsTeams, Discord, Note }
);
plain_enum!(
    /// What a virus scanner says of a file.
    AttachmentVirusScanResult { Clean, Infected, Failed, Pending }
);
plain_enum!(
    /// The size of a text component.
    ComponentTextSize { S, M, L }
);
plain_enum!(
    /// The colour of a text component.
    ComponentTextColor { Normal, Muted, Success, Warning, Error }
);
plain_enum!(
    /// The size of a plain text component.
    ComponentPlainTextSize { S, M, L }
);
plain_enum!(
    /// The colour of a plain text component.
    ComponentPlainTextColor { Normal, Muted, Success, Warning, Error }
);
plain_enum!(
    /// The colour of a badge.
    ComponentBadgeColor { Grey, Green, Yellow, Red, Blue }
);
plain_enum!(
    /// The height of a spacer.
    ComponentSpacerSize { Xs, S, M, L, Xl }
);
plain_enum!(
    /// The space around a divider.
    ComponentDividerSpacingSize { Xs, S, M, L, Xl }
);
plain_enum!(
    /// The kinds of thread fields.
    ThreadFieldSchemaType { String, Bool, Enum, Number, Currency, Date }
);
plain_enum!(
    /// What a service level agreement promises.
    ServiceLevelAgreementType { FirstResponseTime, NextResponseTime }
);
plain_enum!(
    /// How a service level agreement stands.
    ServiceLevelAgreementStatus { Pending, ImminentBreach, Breaching, Breached, Achieved, Cancelled }
);
plain_enum!(
    /// Where a discussion among agents takes place.
    ThreadDiscussionType { Email, Slack, CursorWorkspaceBackgroundAgent, AgentSession }
);
plain_enum!(
    /// Which way a message of a discussion went.
    ThreadDiscussionMessageType { Inbound, Outbound }
);
plain_enum!(
    /// How what a link leads to stands.
    ThreadLinkStatus { Todo, InProgress, Done, Unknown }
);
plain_enum!(
    /// What a link means.
    ThreadLinkLinkType { RelatedTo, MergedInto, SucceededBy }
);
plain_enum!(
    /// How a survey's answer sounds.
    SentimentType { Positive, Negative, Neutral }
);
plain_enum!(
    /// What an AI agent is doing with a thread.
    AgentStatus { InProgress, HandedOff, Handled }
);

impl From<ThreadChannel> for MessageSource {
    fn from(channel: ThreadChannel) -> Self {
        match channel {
            ThreadChannel::Email => Self::Email,
            ThreadChannel::Slack => Self::Slack,
            ThreadChannel::Chat => Self::Chat,
            ThreadChannel::Api | ThreadChannel::Import => Self::Api,
            ThreadChannel::MsTeams => Self::MsTeams,
            ThreadChannel::Discord => Self::Discord,
            ThreadChannel::Internal => Self::Internal,
        }
    }
}
