//! The components that a client sends.

mod read;

use async_graphql::{ID, InputObject};

use crate::sandbox::enums::{
    ComponentBadgeColor, ComponentDividerSpacingSize, ComponentPlainTextColor,
    ComponentPlainTextSize, ComponentSpacerSize, ComponentTextColor, ComponentTextSize,
};
pub use read::{read_components, read_event_components};

#[derive(InputObject)]
pub struct ComponentTextInput {
    text: String,
    text_size: Option<ComponentTextSize>,
    text_color: Option<ComponentTextColor>,
    color: Option<ComponentTextColor>,
    size: Option<ComponentTextSize>,
}

#[derive(InputObject)]
pub struct ComponentPlainTextInput {
    plain_text: String,
    plain_text_size: Option<ComponentPlainTextSize>,
    plain_text_color: Option<ComponentPlainTextColor>,
}

#[derive(InputObject)]
pub struct ComponentDividerInput {
    divider_spacing_size: Option<ComponentDividerSpacingSize>,
    spacing_size: Option<ComponentDividerSpacingSize>,
}

#[derive(InputObject)]
pub struct ComponentLinkButtonInput {
    link_button_url: Option<String>,
    link_button_label: Option<String>,
    url: Option<String>,
    label: Option<String>,
}

#[derive(InputObject)]
pub struct ComponentWorkflowButtonWorkflowIdentifierInput {
    workflow_id: Option<ID>,
    workflow_key: Option<String>,
}

#[derive(InputObject)]
pub struct ComponentWorkflowButtonInput {
    workflow_button_workflow_identifier: ComponentWorkflowButtonWorkflowIdentifierInput,
    workflow_button_label: String,
}

#[derive(InputObject)]
pub struct ComponentSpacerInput {
    spacer_size: Option<ComponentSpacerSize>,
    size: Option<ComponentSpacerSize>,
}

#[derive(InputObject)]
pub struct ComponentBadgeInput {
    badge_label: String,
    badge_color: Option<ComponentBadgeColor>,
}

#[derive(InputObject)]
pub struct ComponentCopyButtonInput {
    copy_button_value: String,
    copy_button_tooltip_label: Option<String>,
}

#[derive(InputObject)]
pub struct ComponentDateTimeInput {
    date_time_iso8601: String,
}

#[derive(InputObject)]
pub struct UserIdentifierInput {
    user_id: Option<ID>,
    email_address: Option<String>,
}

#[derive(InputObject)]
pub struct ComponentUserInput {
    user_identifier: UserIdentifierInput,
}

#[derive(InputObject)]
pub struct ComponentRowInput {
    row_main_content: Vec<ComponentRowContentInput>,
    row_aside_content: Vec<ComponentRowContentInput>,
}

#[derive(InputObject)]
pub struct ComponentContainerInput {
    container_content: Vec<ComponentContainerContentInput>,
}

/// What each side of a row can hold: exactly one of the fields.
#[derive(InputObject)]
pub struct ComponentRowContentInput {
    component_text: Option<ComponentTextInput>,
    component_plain_text: Option<ComponentPlainTextInput>,
    component_divider: Option<ComponentDividerInput>,
    component_link_button: Option<ComponentLinkButtonInput>,
    component_workflow_button: Option<ComponentWorkflowButtonInput>,
    component_spacer: Option<ComponentSpacerInput>,
    component_badge: Option<ComponentBadgeInput>,
    component_copy_button: Option<ComponentCopyButtonInput>,
    component_date_time: Option<ComponentDateTimeInput>,
    component_user: Option<ComponentUserInput>,
}

/// What a box can hold: exactly one of the fields.
#[derive(InputObject)]
pub struct ComponentContainerContentInput {
    #[graphql(flatten)]
    content: ComponentRowContentInput,
    component_row: Option<ComponentRowInput>,
}

/// What a custom entry can hold: exactly one of the fields.
#[derive(InputObject)]
pub struct ComponentInput {
    #[graphql(flatten)]
    content: ComponentContainerContentInput,
    component_container: Option<ComponentContainerInput>,
}

/// What an event can hold: exactly one of the fields.
#[derive(InputObject)]
pub struct EventComponentInput {
    #[graphql(flatten)]
    content: ComponentContainerContentInput,
}
