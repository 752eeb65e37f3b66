//! The components of a contact form in the story.

use crate::sandbox::{
    enums::{ComponentBadgeColor, ComponentDividerSpacingSize, ComponentPlainTextColor},
    schema::component::{
        ComponentBadge, ComponentDivider, ComponentPlainText, ComponentRow, ComponentRowContent,
        ComponentText, CustomTimelineEntryComponent,
    },
};

/// Markdown text as a component.
pub fn words(text: &str) -> ComponentText {
    ComponentText {
        text: text.trim().to_owned(),
        text_size: None,
        text_color: None,
    }
}

fn plain(text: &str, color: Option<ComponentPlainTextColor>) -> ComponentPlainText {
    ComponentPlainText {
        plain_text: text.to_owned(),
        plain_text_size: None,
        plain_text_color: color,
    }
}

/// A form's components: the message, a line, a row for each field; an urgency is a badge.
pub fn form(text: &str, fields: &[(&str, &str)]) -> Vec<CustomTimelineEntryComponent> {
    let mut components = vec![CustomTimelineEntryComponent::Text(words(text))];
    if !fields.is_empty() {
        components.push(CustomTimelineEntryComponent::Divider(ComponentDivider {
            divider_spacing_size: Some(ComponentDividerSpacingSize::M),
        }));
    }
    for (label, value) in fields {
        let muted = Some(ComponentPlainTextColor::Muted);
        let shown = match (*label, *value) {
            ("Urgency", value) => ComponentRowContent::Badge(ComponentBadge {
                badge_label: value.to_owned(),
                badge_color: Some(match value {
                    "Work has stopped" => ComponentBadgeColor::Red,
                    "Slows us down" => ComponentBadgeColor::Yellow,
                    _ => ComponentBadgeColor::Grey,
                }),
            }),
            (_, value) => ComponentRowContent::PlainText(plain(value, None)),
        };
        components.push(CustomTimelineEntryComponent::Row(ComponentRow {
            row_main_content: vec![ComponentRowContent::PlainText(plain(label, muted))],
            row_aside_content: vec![shown],
        }));
    }
    components
}
