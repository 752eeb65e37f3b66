//! The UI components that messages from forms are made of.

use super::*;

#[derive(cynic::InlineFragments, Debug)]
#[cynic(graphql_type = "CustomTimelineEntryComponent")]
pub enum Component {
    Text(ComponentText),
    PlainText(ComponentPlainText),
    Spacer(ComponentSpacer),
    Divider(ComponentDivider),
    LinkButton(ComponentLinkButton),
    Badge(ComponentBadge),
    CopyButton(ComponentCopyButton),
    DateTime(ComponentDateTime),
    Row(ComponentRow),
    Container(ComponentContainer),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::InlineFragments, Debug)]
#[cynic(graphql_type = "ComponentContainerContent")]
pub enum ContainerContent {
    Text(ComponentText),
    PlainText(ComponentPlainText),
    Spacer(ComponentSpacer),
    Divider(ComponentDivider),
    LinkButton(ComponentLinkButton),
    Badge(ComponentBadge),
    CopyButton(ComponentCopyButton),
    DateTime(ComponentDateTime),
    Row(ComponentRow),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::InlineFragments, Debug)]
#[cynic(graphql_type = "ComponentRowContent")]
pub enum RowContent {
    Text(ComponentText),
    PlainText(ComponentPlainText),
    Spacer(ComponentSpacer),
    Divider(ComponentDivider),
    LinkButton(ComponentLinkButton),
    Badge(ComponentBadge),
    CopyButton(ComponentCopyButton),
    DateTime(ComponentDateTime),
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentTextSize {
    S,
    M,
    L,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentTextColor {
    Normal,
    Muted,
    Success,
    Warning,
    Error,
    #[cynic(fallback)]
    Other,
}

/// Markdown.
#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentText {
    pub text_size: Option<ComponentTextSize>,
    pub text_color: Option<ComponentTextColor>,
    pub text: String,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentPlainTextSize {
    S,
    M,
    L,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentPlainTextColor {
    Normal,
    Muted,
    Success,
    Warning,
    Error,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentPlainText {
    pub plain_text_size: Option<ComponentPlainTextSize>,
    pub plain_text_color: Option<ComponentPlainTextColor>,
    pub plain_text: String,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentSpacerSize {
    Xs,
    S,
    M,
    L,
    Xl,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentSpacer {
    pub spacer_size: Option<ComponentSpacerSize>,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentDividerSpacingSize {
    Xs,
    S,
    M,
    L,
    Xl,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentDivider {
    pub divider_spacing_size: Option<ComponentDividerSpacingSize>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentLinkButton {
    pub link_button_url: String,
    pub link_button_label: String,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentBadgeColor {
    Grey,
    Green,
    Yellow,
    Red,
    Blue,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentBadge {
    pub badge_label: String,
    pub badge_color: Option<ComponentBadgeColor>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentCopyButton {
    pub copy_button_value: String,
    pub copy_button_tooltip_label: Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentDateTime {
    #[cynic(rename = "dateTimeIso8601")]
    pub date_time: DateTime,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentRow {
    pub row_main_content: Vec<RowContent>,
    pub row_aside_content: Vec<RowContent>,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct ComponentContainer {
    pub container_content: Vec<ContainerContent>,
}
