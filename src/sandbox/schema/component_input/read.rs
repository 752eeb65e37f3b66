//! Components checked and turned into those that are shown. What is wrong with them is noted by its path; what is
//! answered then is not the whole.

use jiff::Timestamp;

use super::{
    ComponentContainerContentInput, ComponentContainerInput, ComponentDateTimeInput,
    ComponentInput, ComponentLinkButtonInput, ComponentRowContentInput, ComponentRowInput,
    EventComponentInput, UserIdentifierInput,
};
use crate::sandbox::{
    enums::ComponentSpacerSize,
    errors::Problems,
    schema::component::{
        ComponentBadge, ComponentContainer, ComponentContainerContent, ComponentCopyButton,
        ComponentDateTime, ComponentDivider, ComponentLinkButton, ComponentPlainText, ComponentRow,
        ComponentRowContent, ComponentSpacer, ComponentText, ComponentUser,
        ComponentWorkflowButton, ComponentWorkflowButtonWorkflowIdentifier,
        CustomTimelineEntryComponent, EventComponent,
    },
    state::State,
};

/// The longest text that one text component may have, in characters.
const LONGEST_TEXT: usize = 10_000;

/// Reads the components of a new custom entry. `field` is where they stand in the input.
pub fn read_components(
    state: &State,
    problems: &mut Problems,
    field: &str,
    inputs: Vec<ComponentInput>,
) -> Vec<CustomTimelineEntryComponent> {
    Reader { state, problems }.each(field, inputs, |reader, path, input| {
        let mut found = reader.container_content(path, input.content);
        if let Some(it) = input.component_container {
            found.push(Some(reader.container(path, it)));
        }
        found
    })
}

/// Reads the components of a new event. `field` is where they stand in the input.
pub fn read_event_components(
    state: &State,
    problems: &mut Problems,
    field: &str,
    inputs: Vec<EventComponentInput>,
) -> Vec<EventComponent> {
    Reader { state, problems }.each(field, inputs, |reader, path, input| {
        reader.container_content(path, input.content)
    })
}

/// Reads components and notes what is wrong with them.
struct Reader<'a> {
    state: &'a State,
    problems: &'a mut Problems,
}

/// The components that were found in one place, where there must be one; none stands for a wrong one.
type Found<T> = Vec<Option<T>>;

impl Reader<'_> {
    /// Reads a list, of which each member must be exactly one component.
    fn each<I, T>(
        &mut self,
        field: &str,
        inputs: Vec<I>,
        mut read: impl FnMut(&mut Self, &str, I) -> Found<T>,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for (place, input) in inputs.into_iter().enumerate() {
            let path = format!("{field}[{place}]");
            let found = read(self, &path, input);
            if found.len() != 1 {
                let message = "Exactly one kind of component must be given.";
                self.problems.invalid(path, message);
            }
            all.extend(found.into_iter().flatten());
        }
        all
    }

    fn container(
        &mut self,
        path: &str,
        input: ComponentContainerInput,
    ) -> CustomTimelineEntryComponent {
        let field = format!("{path}.componentContainer.containerContent");
        let read = Self::container_content;
        CustomTimelineEntryComponent::Container(ComponentContainer {
            container_content: self.each(&field, input.container_content, read),
        })
    }

    fn row(&mut self, path: &str, input: ComponentRowInput) -> ComponentRow {
        let main = format!("{path}.componentRow.rowMainContent");
        let aside = format!("{path}.componentRow.rowAsideContent");
        ComponentRow {
            row_main_content: self.each(&main, input.row_main_content, Self::row_content),
            row_aside_content: self.each(&aside, input.row_aside_content, Self::row_content),
        }
    }

    fn container_content<T: From<ComponentContainerContent>>(
        &mut self,
        path: &str,
        input: ComponentContainerContentInput,
    ) -> Found<T> {
        let row_content = self.row_content(path, input.content).into_iter();
        let mut found: Found<ComponentContainerContent> =
            row_content.map(|it| it.map(Into::into)).collect();
        if let Some(it) = input.component_row {
            let row = self.row(path, it);
            found.push(Some(ComponentContainerContent::Row(row)));
        }
        found.into_iter().map(|it| it.map(T::from)).collect()
    }

    fn row_content(
        &mut self,
        path: &str,
        input: ComponentRowContentInput,
    ) -> Found<ComponentRowContent> {
        use ComponentRowContent as Content;
        let mut found = Vec::new();
        if let Some(it) = input.component_text {
            self.text(format!("{path}.componentText.text"), &it.text);
            found.push(Some(Content::Text(ComponentText {
                text: it.text,
                text_size: it.text_size.or(it.size),
                text_color: it.text_color.or(it.color),
            })));
        }
        if let Some(it) = input.component_plain_text {
            self.text(
                format!("{path}.componentPlainText.plainText"),
                &it.plain_text,
            );
            found.push(Some(Content::PlainText(ComponentPlainText {
                plain_text: it.plain_text,
                plain_text_size: it.plain_text_size,
                plain_text_color: it.plain_text_color,
            })));
        }
        if let Some(it) = input.component_divider {
            found.push(Some(Content::Divider(ComponentDivider {
                divider_spacing_size: it.divider_spacing_size.or(it.spacing_size),
            })));
        }
        if let Some(it) = input.component_link_button {
            found.push(Some(Content::LinkButton(self.link_button(path, it))));
        }
        if let Some(it) = input.component_workflow_button {
            let field = format!("{path}.componentWorkflowButton.workflowButtonLabel");
            self.problems.text(field, &it.workflow_button_label);
            let which = it.workflow_button_workflow_identifier;
            found.push(Some(Content::WorkflowButton(ComponentWorkflowButton {
                workflow_button_workflow_identifier: ComponentWorkflowButtonWorkflowIdentifier {
                    workflow_id: which.workflow_id,
                    workflow_key: which.workflow_key,
                },
                workflow_button_label: it.workflow_button_label,
            })));
        }
        if let Some(it) = input.component_spacer {
            found.push(Some(Content::Spacer(ComponentSpacer {
                spacer_size: it.spacer_size.or(it.size).unwrap_or(ComponentSpacerSize::M),
            })));
        }
        if let Some(it) = input.component_badge {
            let field = format!("{path}.componentBadge.badgeLabel");
            self.problems.text(field, &it.badge_label);
            found.push(Some(Content::Badge(ComponentBadge {
                badge_label: it.badge_label,
                badge_color: it.badge_color,
            })));
        }
        if let Some(it) = input.component_copy_button {
            let field = format!("{path}.componentCopyButton.copyButtonValue");
            self.problems.text(field, &it.copy_button_value);
            found.push(Some(Content::CopyButton(ComponentCopyButton {
                copy_button_value: it.copy_button_value,
                copy_button_tooltip_label: it.copy_button_tooltip_label,
            })));
        }
        if let Some(it) = input.component_date_time {
            found.push(self.date_time(path, &it).map(Content::DateTime));
        }
        if let Some(it) = input.component_user {
            found.push(self.user(path, it.user_identifier).map(Content::User));
        }
        found
    }

    fn text(&mut self, field: String, text: &str) {
        let length = text.chars().count();
        if length > LONGEST_TEXT {
            let message = format!("Must have at most {LONGEST_TEXT} characters, has {length}.");
            self.problems.invalid(field, message);
        } else {
            self.problems.text(field, text);
        }
    }

    fn link_button(&mut self, path: &str, input: ComponentLinkButtonInput) -> ComponentLinkButton {
        let url = input.link_button_url.or(input.url).unwrap_or_default();
        let label = input.link_button_label.or(input.label).unwrap_or_default();
        let field = format!("{path}.componentLinkButton.linkButtonUrl");
        if url.trim().is_empty() {
            self.problems.missing(field);
        } else if url::Url::parse(&url).is_err() {
            self.problems.invalid(field, "Must be a URL.");
        }
        let field = format!("{path}.componentLinkButton.linkButtonLabel");
        self.problems.text(field, &label);
        ComponentLinkButton {
            link_button_url: url,
            link_button_label: label,
        }
    }

    fn date_time(
        &mut self,
        path: &str,
        input: &ComponentDateTimeInput,
    ) -> Option<ComponentDateTime> {
        let at: Option<Timestamp> = input.date_time_iso8601.parse().ok();
        if at.is_none() {
            let field = format!("{path}.componentDateTime.dateTimeIso8601");
            let message = "Must be an ISO 8601 date and time.";
            self.problems.invalid(field, message);
        }
        Some(ComponentDateTime { at: at? })
    }

    fn user(&mut self, path: &str, input: UserIdentifierInput) -> Option<ComponentUser> {
        let field = format!("{path}.componentUser.userIdentifier");
        let found = match (input.user_id, input.email_address) {
            (Some(id), None) => self.state.users.get(&id),
            (None, Some(email)) => {
                let mut users = self.state.users.iter();
                users.find(|user| user.email.eq_ignore_ascii_case(&email))
            }
            _ => {
                let message = "Exactly one of userId and emailAddress must be given.";
                self.problems.invalid(field, message);
                return None;
            }
        };
        if found.is_none() {
            self.problems.not_found(field, "There is no such user.");
        }
        Some(ComponentUser {
            user_id: found?.id.clone(),
        })
    }
}
