//! Plain's UI components: what a custom timeline entry is made of.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject, Union};
use jiff::Timestamp;

use super::{actor::User, time::DateTime};
use crate::sandbox::{
    enums::{
        ComponentBadgeColor, ComponentDividerSpacingSize, ComponentPlainTextColor,
        ComponentPlainTextSize, ComponentSpacerSize, ComponentTextColor, ComponentTextSize,
    },
    store::store,
};

/// Markdown text.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct ComponentText {
    pub text_size: Option<ComponentTextSize>,
    pub text_color: Option<ComponentTextColor>,
    pub text: String,
}

#[ComplexObject]
impl ComponentText {
    #[graphql(deprecation = "Use textColor instead, which has the same type")]
    async fn color(&self) -> Option<ComponentTextColor> {
        self.text_color
    }

    #[graphql(deprecation = "Use textSize instead, which has the same type")]
    async fn size(&self) -> Option<ComponentTextSize> {
        self.text_size
    }
}

/// Text as it is.
#[derive(SimpleObject, Clone)]
pub struct ComponentPlainText {
    pub plain_text_size: Option<ComponentPlainTextSize>,
    pub plain_text_color: Option<ComponentPlainTextColor>,
    pub plain_text: String,
}

/// Empty space.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct ComponentSpacer {
    pub spacer_size: ComponentSpacerSize,
}

#[ComplexObject]
impl ComponentSpacer {
    #[graphql(deprecation = "Use spacerSize instead, which has the same type")]
    async fn size(&self) -> ComponentSpacerSize {
        self.spacer_size
    }
}

/// A line.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct ComponentDivider {
    pub divider_spacing_size: Option<ComponentDividerSpacingSize>,
}

#[ComplexObject]
impl ComponentDivider {
    #[graphql(deprecation = "use dividerSpacingSize instead")]
    async fn spacing_size(&self) -> Option<ComponentDividerSpacingSize> {
        self.divider_spacing_size
    }
}

/// A link.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct ComponentLinkButton {
    pub link_button_url: String,
    pub link_button_label: String,
}

#[ComplexObject]
impl ComponentLinkButton {
    #[graphql(deprecation = "use linkButtonUrl instead")]
    async fn url(&self) -> &str {
        &self.link_button_url
    }

    #[graphql(deprecation = "use linkButtonLabel instead")]
    async fn label(&self) -> &str {
        &self.link_button_label
    }
}

/// A button that starts a workflow, for agents.
#[derive(SimpleObject, Clone)]
pub struct ComponentWorkflowButton {
    pub workflow_button_workflow_identifier: ComponentWorkflowButtonWorkflowIdentifier,
    pub workflow_button_label: String,
}

/// Which workflow a button starts.
#[derive(SimpleObject, Clone)]
pub struct ComponentWorkflowButtonWorkflowIdentifier {
    pub workflow_id: Option<ID>,
    pub workflow_key: Option<String>,
}

/// A few words on a coloured ground.
#[derive(SimpleObject, Clone)]
pub struct ComponentBadge {
    pub badge_label: String,
    pub badge_color: Option<ComponentBadgeColor>,
}

/// A button that copies a value.
#[derive(SimpleObject, Clone)]
pub struct ComponentCopyButton {
    pub copy_button_value: String,
    pub copy_button_tooltip_label: Option<String>,
}

/// A point in time.
#[derive(Clone)]
pub struct ComponentDateTime {
    pub at: Timestamp,
}

#[Object]
impl ComponentDateTime {
    async fn date_time_iso8601(&self) -> DateTime {
        self.at.into()
    }
}

/// An agent.
#[derive(Clone)]
pub struct ComponentUser {
    pub user_id: String,
}

#[Object]
impl ComponentUser {
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(store(ctx).lock().users.get(&self.user_id).map(User::from))
    }
}

/// Something on the left and something on the right.
#[derive(SimpleObject, Clone)]
pub struct ComponentRow {
    pub row_main_content: Vec<ComponentRowContent>,
    pub row_aside_content: Vec<ComponentRowContent>,
}

/// A box around other components.
#[derive(SimpleObject, Clone)]
pub struct ComponentContainer {
    pub container_content: Vec<ComponentContainerContent>,
}

macro_rules! component_union {
    ($(#[$doc:meta])* $name:ident { $($member:ident($type:ident)),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Union, Clone)]
        pub enum $name { $($member($type)),* }
    };
}

component_union!(
    /// What a custom entry can hold.
    CustomTimelineEntryComponent {
        Text(ComponentText), PlainText(ComponentPlainText), Spacer(ComponentSpacer), Divider(ComponentDivider),
        LinkButton(ComponentLinkButton), WorkflowButton(ComponentWorkflowButton), Row(ComponentRow),
        Container(ComponentContainer), Badge(ComponentBadge), CopyButton(ComponentCopyButton),
        DateTime(ComponentDateTime), User(ComponentUser),
    }
);
component_union!(
    /// What a box can hold.
    ComponentContainerContent {
        Text(ComponentText), PlainText(ComponentPlainText), Spacer(ComponentSpacer), Divider(ComponentDivider),
        LinkButton(ComponentLinkButton), WorkflowButton(ComponentWorkflowButton), Badge(ComponentBadge),
        CopyButton(ComponentCopyButton), DateTime(ComponentDateTime), User(ComponentUser), Row(ComponentRow),
    }
);
component_union!(
    /// What each side of a row can hold.
    ComponentRowContent {
        Text(ComponentText), PlainText(ComponentPlainText), Spacer(ComponentSpacer), Divider(ComponentDivider),
        LinkButton(ComponentLinkButton), WorkflowButton(ComponentWorkflowButton), Badge(ComponentBadge),
        CopyButton(ComponentCopyButton), DateTime(ComponentDateTime), User(ComponentUser),
    }
);
component_union!(
    /// What an event of the host product can hold.
    EventComponent {
        Text(ComponentText), PlainText(ComponentPlainText), Spacer(ComponentSpacer), Divider(ComponentDivider),
        LinkButton(ComponentLinkButton), WorkflowButton(ComponentWorkflowButton), Row(ComponentRow),
        Badge(ComponentBadge), CopyButton(ComponentCopyButton), DateTime(ComponentDateTime), User(ComponentUser),
    }
);

impl CustomTimelineEntryComponent {
    /// The words of text and plain text components at the top level, one paragraph each: what a preview shows.
    pub fn all_text(components: &[Self]) -> String {
        let texts: Vec<&str> = components
            .iter()
            .filter_map(|component| match component {
                Self::Text(text) => Some(text.text.as_str()),
                Self::PlainText(text) => Some(text.plain_text.as_str()),
                _ => None,
            })
            .collect();
        texts.join("\n\n")
    }
}

impl From<ComponentRowContent> for ComponentContainerContent {
    fn from(content: ComponentRowContent) -> Self {
        match content {
            ComponentRowContent::Text(it) => Self::Text(it),
            ComponentRowContent::PlainText(it) => Self::PlainText(it),
            ComponentRowContent::Spacer(it) => Self::Spacer(it),
            ComponentRowContent::Divider(it) => Self::Divider(it),
            ComponentRowContent::LinkButton(it) => Self::LinkButton(it),
            ComponentRowContent::WorkflowButton(it) => Self::WorkflowButton(it),
            ComponentRowContent::Badge(it) => Self::Badge(it),
            ComponentRowContent::CopyButton(it) => Self::CopyButton(it),
            ComponentRowContent::DateTime(it) => Self::DateTime(it),
            ComponentRowContent::User(it) => Self::User(it),
        }
    }
}

impl From<ComponentContainerContent> for EventComponent {
    fn from(content: ComponentContainerContent) -> Self {
        match content {
            ComponentContainerContent::Text(it) => Self::Text(it),
            ComponentContainerContent::PlainText(it) => Self::PlainText(it),
            ComponentContainerContent::Spacer(it) => Self::Spacer(it),
            ComponentContainerContent::Divider(it) => Self::Divider(it),
            ComponentContainerContent::LinkButton(it) => Self::LinkButton(it),
            ComponentContainerContent::WorkflowButton(it) => Self::WorkflowButton(it),
            ComponentContainerContent::Badge(it) => Self::Badge(it),
            ComponentContainerContent::CopyButton(it) => Self::CopyButton(it),
            ComponentContainerContent::DateTime(it) => Self::DateTime(it),
            ComponentContainerContent::User(it) => Self::User(it),
            ComponentContainerContent::Row(it) => Self::Row(it),
        }
    }
}

impl From<ComponentContainerContent> for CustomTimelineEntryComponent {
    fn from(content: ComponentContainerContent) -> Self {
        match content {
            ComponentContainerContent::Text(it) => Self::Text(it),
            ComponentContainerContent::PlainText(it) => Self::PlainText(it),
            ComponentContainerContent::Spacer(it) => Self::Spacer(it),
            ComponentContainerContent::Divider(it) => Self::Divider(it),
            ComponentContainerContent::LinkButton(it) => Self::LinkButton(it),
            ComponentContainerContent::WorkflowButton(it) => Self::WorkflowButton(it),
            ComponentContainerContent::Badge(it) => Self::Badge(it),
            ComponentContainerContent::CopyButton(it) => Self::CopyButton(it),
            ComponentContainerContent::DateTime(it) => Self::DateTime(it),
            ComponentContainerContent::User(it) => Self::User(it),
            ComponentContainerContent::Row(it) => Self::Row(it),
        }
    }
}
