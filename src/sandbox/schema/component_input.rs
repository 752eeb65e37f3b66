//! The components that a client sends, checked and turned into those that are shown.

use async_graphql::{ID, InputObject};
use jiff::Timestamp;

use super::component::{
    ComponentBadge, ComponentContainer, ComponentContainerContent, ComponentCopyButton,
    ComponentDateTime, ComponentDivider, ComponentLinkButton, ComponentPlainText, ComponentRow,
    ComponentRowContent, ComponentSpacer, ComponentText, ComponentUser, ComponentWorkflowButton,
    ComponentWorkflowButtonWorkflowIdentifier, CustomTimelineEntryComponent,
};
use crate::sandbox::{
    enums::{
        ComponentBadgeColor, ComponentDividerSpacingSize, ComponentPlainTextColor,
        ComponentPlainTextSize, ComponentSpacerSize, ComponentTextColor, ComponentTextSize,
    },
    errors::Refusal,
    state::State,
};

/// The longest text that one text component may have, in characters.
const LONGEST_TEXT: usize = 10_000;

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

/// Exactly one of the fields.
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

/// Exactly one of the fields.
#[derive(InputObject)]
pub struct ComponentContainerContentInput {
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
    component_row: Option<ComponentRowInput>,
}

/// Exactly one of the fields.
#[derive(InputObject)]
pub struct ComponentInput {
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
    component_row: Option<ComponentRowInput>,
    component_container: Option<ComponentContainerInput>,
}

/// Checks the components of a new custom entry.
pub fn read_components(
    state: &State,
    inputs: Vec<ComponentInput>,
) -> Result<Vec<CustomTimelineEntryComponent>, Refusal> {
    inputs
        .into_iter()
        .enumerate()
        .map(|(place, input)| input.read(state, &format!("components[{place}]")))
        .collect()
}

/// The one component among those that were sent, or why there is none.
fn only_one<T>(path: &str, found: Vec<Result<T, Refusal>>) -> Result<T, Refusal> {
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(component), None) => component,
        _ => Err(Refusal::invalid(
            path,
            "Exactly one kind of component must be given.",
        )),
    }
}

/// Reads the fields that all three kinds of content have.
macro_rules! leaves {
    ($input:expr, $state:expr, $path:expr, $content:ident) => {{
        let (input, state, path): (_, &State, &str) = ($input, $state, $path);
        let mut found: Vec<Result<$content, Refusal>> = Vec::new();
        if let Some(it) = input.component_text {
            found.push(it.read(path).map($content::Text));
        }
        if let Some(it) = input.component_plain_text {
            found.push(it.read(path).map($content::PlainText));
        }
        if let Some(it) = input.component_divider {
            found.push(Ok($content::Divider(ComponentDivider {
                divider_spacing_size: it.divider_spacing_size.or(it.spacing_size),
            })));
        }
        if let Some(it) = input.component_link_button {
            found.push(it.read(path).map($content::LinkButton));
        }
        if let Some(it) = input.component_workflow_button {
            let which = it.workflow_button_workflow_identifier;
            found.push(Ok($content::WorkflowButton(ComponentWorkflowButton {
                workflow_button_workflow_identifier: ComponentWorkflowButtonWorkflowIdentifier {
                    workflow_id: which.workflow_id,
                    workflow_key: which.workflow_key,
                },
                workflow_button_label: it.workflow_button_label,
            })));
        }
        if let Some(it) = input.component_spacer {
            found.push(Ok($content::Spacer(ComponentSpacer {
                spacer_size: it.spacer_size.or(it.size).unwrap_or(ComponentSpacerSize::M),
            })));
        }
        if let Some(it) = input.component_badge {
            found.push(Ok($content::Badge(ComponentBadge {
                badge_label: it.badge_label,
                badge_color: it.badge_color,
            })));
        }
        if let Some(it) = input.component_copy_button {
            found.push(Ok($content::CopyButton(ComponentCopyButton {
                copy_button_value: it.copy_button_value,
                copy_button_tooltip_label: it.copy_button_tooltip_label,
            })));
        }
        if let Some(it) = input.component_date_time {
            found.push(it.read(path).map($content::DateTime));
        }
        if let Some(it) = input.component_user {
            found.push(it.read(state, path).map($content::User));
        }
        found
    }};
}

impl ComponentInput {
    fn read(self, state: &State, path: &str) -> Result<CustomTimelineEntryComponent, Refusal> {
        let (row, container) = (self.component_row, self.component_container);
        let mut found = leaves!(
            ComponentRowContentInput {
                component_text: self.component_text,
                component_plain_text: self.component_plain_text,
                component_divider: self.component_divider,
                component_link_button: self.component_link_button,
                component_workflow_button: self.component_workflow_button,
                component_spacer: self.component_spacer,
                component_badge: self.component_badge,
                component_copy_button: self.component_copy_button,
                component_date_time: self.component_date_time,
                component_user: self.component_user,
            },
            state,
            path,
            CustomTimelineEntryComponent
        );
        if let Some(row) = row {
            found.push(row.read(state, path).map(CustomTimelineEntryComponent::Row));
        }
        if let Some(container) = container {
            found.push(
                container
                    .read(state, path)
                    .map(CustomTimelineEntryComponent::Container),
            );
        }
        only_one(path, found)
    }
}

impl ComponentContainerInput {
    fn read(self, state: &State, path: &str) -> Result<ComponentContainer, Refusal> {
        let contents = self.container_content.into_iter().enumerate();
        Ok(ComponentContainer {
            container_content: contents
                .map(|(place, mut input)| {
                    let path = format!("{path}.componentContainer.containerContent[{place}]");
                    let row = input.component_row.take();
                    let mut found = leaves!(input, state, &path, ComponentContainerContent);
                    if let Some(row) = row {
                        found.push(row.read(state, &path).map(ComponentContainerContent::Row));
                    }
                    only_one(&path, found)
                })
                .collect::<Result<_, _>>()?,
        })
    }
}

impl ComponentRowInput {
    fn read(self, state: &State, path: &str) -> Result<ComponentRow, Refusal> {
        let side = |inputs: Vec<ComponentRowContentInput>, side: &str| {
            inputs
                .into_iter()
                .enumerate()
                .map(|(place, input)| {
                    let path = format!("{path}.componentRow.{side}[{place}]");
                    only_one(&path, leaves!(input, state, &path, ComponentRowContent))
                })
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(ComponentRow {
            row_main_content: side(self.row_main_content, "rowMainContent")?,
            row_aside_content: side(self.row_aside_content, "rowAsideContent")?,
        })
    }
}

/// Refuses a text that is empty or too long.
fn check_text(path: &str, text: &str) -> Result<(), Refusal> {
    match text.chars().count() {
        0 => Err(Refusal::invalid(path, "Must not be empty.")),
        length if length > LONGEST_TEXT => Err(Refusal::invalid(
            path,
            format!("Must have at most {LONGEST_TEXT} characters, has {length}."),
        )),
        _ => Ok(()),
    }
}

impl ComponentTextInput {
    fn read(self, path: &str) -> Result<ComponentText, Refusal> {
        check_text(&format!("{path}.componentText.text"), &self.text)?;
        Ok(ComponentText {
            text: self.text,
            text_size: self.text_size.or(self.size),
            text_color: self.text_color.or(self.color),
        })
    }
}

impl ComponentPlainTextInput {
    fn read(self, path: &str) -> Result<ComponentPlainText, Refusal> {
        let field = format!("{path}.componentPlainText.plainText");
        check_text(&field, &self.plain_text)?;
        Ok(ComponentPlainText {
            plain_text: self.plain_text,
            plain_text_size: self.plain_text_size,
            plain_text_color: self.plain_text_color,
        })
    }
}

impl ComponentLinkButtonInput {
    fn read(self, path: &str) -> Result<ComponentLinkButton, Refusal> {
        let need = |value: Option<String>, name: &str| {
            let field = format!("{path}.componentLinkButton.{name}");
            value.ok_or_else(|| Refusal::invalid(field, "Is required."))
        };
        Ok(ComponentLinkButton {
            link_button_url: need(self.link_button_url.or(self.url), "linkButtonUrl")?,
            link_button_label: need(self.link_button_label.or(self.label), "linkButtonLabel")?,
        })
    }
}

impl ComponentDateTimeInput {
    fn read(self, path: &str) -> Result<ComponentDateTime, Refusal> {
        let at: Timestamp = self.date_time_iso8601.parse().map_err(|_| {
            let field = format!("{path}.componentDateTime.dateTimeIso8601");
            Refusal::invalid(field, "Must be an ISO 8601 date and time.")
        })?;
        Ok(ComponentDateTime { at })
    }
}

impl ComponentUserInput {
    fn read(self, state: &State, path: &str) -> Result<ComponentUser, Refusal> {
        let field = format!("{path}.componentUser.userIdentifier");
        let found = match (
            self.user_identifier.user_id,
            self.user_identifier.email_address,
        ) {
            (Some(id), None) => state.users.get(&id).cloned(),
            (None, Some(email)) => state
                .users
                .iter()
                .find(|user| user.email.eq_ignore_ascii_case(&email))
                .cloned(),
            _ => {
                return Err(Refusal::invalid(
                    field,
                    "Exactly one of userId and emailAddress must be given.",
                ));
            }
        };
        let user = found.ok_or_else(|| Refusal::not_found(field, "There is no such user."))?;
        Ok(ComponentUser {
            user_id: user.id.clone(),
        })
    }
}
