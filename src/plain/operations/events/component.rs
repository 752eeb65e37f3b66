//! What an event shows: Plain's UI components, written as JSON exactly as Plain's input objects are.
//!
//! Plain takes objects of which exactly one field is set; here that is an enum, so that nothing else can be sent. The
//! tests beside the operations hold each kind against the schema.

use serde::{Deserialize, Serialize};

use crate::plain::operations::schema;

/// One component of an event (`EventComponentInput`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EventComponent {
    ComponentText(Text),
    ComponentPlainText(PlainText),
    ComponentDivider(Divider),
    ComponentLinkButton(LinkButton),
    ComponentWorkflowButton(WorkflowButton),
    ComponentSpacer(Spacer),
    ComponentBadge(Badge),
    ComponentCopyButton(CopyButton),
    ComponentDateTime(DateTimeComponent),
    ComponentUser(UserComponent),
    ComponentRow(Row),
}

impl cynic::InputObject for EventComponent {
    type SchemaType = schema::EventComponentInput;
}

cynic::impl_coercions!(EventComponent, schema::EventComponentInput);

/// What each side of a row holds (`ComponentRowContentInput`): all but another row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RowContent {
    ComponentText(Text),
    ComponentPlainText(PlainText),
    ComponentDivider(Divider),
    ComponentLinkButton(LinkButton),
    ComponentWorkflowButton(WorkflowButton),
    ComponentSpacer(Spacer),
    ComponentBadge(Badge),
    ComponentCopyButton(CopyButton),
    ComponentDateTime(DateTimeComponent),
    ComponentUser(UserComponent),
}

/// An object of Plain's input, field by field.
macro_rules! input {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            $($(#[$attribute])* pub $field: $kind,)+
        }
    };
}

input!(
    /// Markdown of 1 to 10,000 characters.
    Text {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text_size: Option<TextSize>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text_color: Option<TextColor>,
    }
);
input!(
    /// 1 to 10,000 characters, shown as they are.
    PlainText {
        plain_text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plain_text_size: Option<TextSize>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plain_text_color: Option<TextColor>,
    }
);
input!(
    /// A line between two parts.
    Divider {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        divider_spacing_size: Option<Space>,
    }
);
input!(
    /// A button that leads to a URL.
    LinkButton {
        link_button_url: String,
        link_button_label: String,
    }
);
input!(
    /// A button that starts a workflow in Plain.
    WorkflowButton {
        workflow_button_workflow_identifier: WorkflowIdentifier,
        workflow_button_label: String,
    }
);
input!(
    /// Room between two parts.
    Spacer { spacer_size: Space }
);
input!(
    /// A word on a coloured ground.
    Badge {
        badge_label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        badge_color: Option<BadgeColor>,
    }
);
input!(
    /// A button that copies a value.
    CopyButton {
        copy_button_value: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        copy_button_tooltip_label: Option<String>,
    }
);
input!(
    /// A time in ISO 8601, shown in the agent's own zone.
    DateTimeComponent { date_time_iso8601: String }
);
input!(
    /// Somebody who works in Plain.
    UserComponent { user_identifier: UserIdentifier }
);
input!(
    /// Two sides beside each other; the main one is not empty.
    Row {
        row_main_content: Vec<RowContent>,
        row_aside_content: Vec<RowContent>,
    }
);

/// Names a workflow by Plain's id or by its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WorkflowIdentifier {
    WorkflowId(String),
    WorkflowKey(String),
}

/// Names a user of Plain's by id or by address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserIdentifier {
    UserId(String),
    EmailAddress(String),
}

/// How large a text is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum TextSize {
    S,
    M,
    L,
}

/// What a text's colour says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TextColor {
    Normal,
    Muted,
    Success,
    Warning,
    Error,
}

/// A badge's colour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum BadgeColor {
    Grey,
    Green,
    Yellow,
    Red,
    Blue,
}

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Space {
    Xs,
    S,
    M,
    L,
    Xl,
}

impl EventComponent {
    /// A markdown text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::ComponentText(Text {
            text: text.into(),
            text_size: None,
            text_color: None,
        })
    }

    /// A text that is shown as it is.
    pub fn plain_text(text: impl Into<String>) -> Self {
        Self::ComponentPlainText(PlainText {
            plain_text: text.into(),
            plain_text_size: None,
            plain_text_color: None,
        })
    }

    /// A button that leads to a URL.
    pub fn link(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self::ComponentLinkButton(LinkButton {
            link_button_url: url.into(),
            link_button_label: label.into(),
        })
    }
}
