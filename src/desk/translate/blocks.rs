//! The UI components of a form's message. They are three unions in Plain, each within the other; here they are one.

use super::time;
use crate::{
    content,
    model::{Block, Body, Look, Size, Space, Tone},
    plain::operations::{
        self, Component, ComponentBadgeColor, ComponentDividerSpacingSize, ComponentPlainText,
        ComponentPlainTextColor, ComponentPlainTextSize, ComponentSpacer, ComponentSpacerSize,
        ComponentText, ComponentTextColor, ComponentTextSize, ContainerContent, RowContent,
    },
};

/// Kinds that we do not know are left out, but a message of nothing else was still sent by somebody. Where there are no
/// components at all, files say enough.
pub fn body(components: Vec<Component>, has_files: bool) -> Body {
    let says_enough = components.is_empty() && has_files;
    let blocks: Vec<Block> = components.into_iter().filter_map(component).collect();
    Body::Blocks(match blocks.as_slice() {
        [] if !says_enough => {
            let words = "This message cannot be shown here.".to_owned();
            vec![Block::Plain(words, Look::default())]
        }
        _ => blocks,
    })
}

fn component(component: Component) -> Option<Block> {
    Some(match component {
        Component::Text(it) => text(it),
        Component::PlainText(it) => plain_text(it),
        Component::Spacer(it) => spacer(it),
        Component::Divider(it) => divider(it),
        Component::LinkButton(it) => link(it),
        Component::Badge(it) => badge(it),
        Component::CopyButton(it) => copyable(it),
        Component::DateTime(it) => moment(it),
        Component::Row(it) => return row(it),
        Component::Container(it) => {
            let contents = it.container_content.into_iter();
            let blocks: Vec<Block> = contents.filter_map(contained).collect();
            return (!blocks.is_empty()).then_some(Block::Container(blocks));
        }
        Component::Other => return None,
    })
}

fn contained(content: ContainerContent) -> Option<Block> {
    Some(match content {
        ContainerContent::Text(it) => text(it),
        ContainerContent::PlainText(it) => plain_text(it),
        ContainerContent::Spacer(it) => spacer(it),
        ContainerContent::Divider(it) => divider(it),
        ContainerContent::LinkButton(it) => link(it),
        ContainerContent::Badge(it) => badge(it),
        ContainerContent::CopyButton(it) => copyable(it),
        ContainerContent::DateTime(it) => moment(it),
        ContainerContent::Row(it) => return row(it),
        ContainerContent::Other => return None,
    })
}

fn cell(content: RowContent) -> Option<Block> {
    Some(match content {
        RowContent::Text(it) => text(it),
        RowContent::PlainText(it) => plain_text(it),
        RowContent::Spacer(it) => spacer(it),
        RowContent::Divider(it) => divider(it),
        RowContent::LinkButton(it) => link(it),
        RowContent::Badge(it) => badge(it),
        RowContent::CopyButton(it) => copyable(it),
        RowContent::DateTime(it) => moment(it),
        RowContent::Other => return None,
    })
}

/// `None` for one with nothing in it that we know.
fn row(row: operations::ComponentRow) -> Option<Block> {
    let cells = |contents: Vec<RowContent>| -> Vec<Block> {
        contents.into_iter().filter_map(cell).collect()
    };
    let main = cells(row.row_main_content);
    let aside = cells(row.row_aside_content);
    (!main.is_empty() || !aside.is_empty()).then_some(Block::Row { main, aside })
}

fn text(text: ComponentText) -> Block {
    use {ComponentTextColor as Color, ComponentTextSize as Written};
    let tone = text.text_color.map_or(Tone::Usual, |color| match color {
        Color::Normal | Color::Other => Tone::Usual,
        Color::Muted => Tone::Muted,
        Color::Success => Tone::Success,
        Color::Warning => Tone::Warning,
        Color::Error => Tone::Danger,
    });
    let size = text.text_size.map_or(Size::Usual, |size| match size {
        Written::S => Size::Small,
        Written::M | Written::Other => Size::Usual,
        Written::L => Size::Large,
    });
    Block::Markdown(text.text, Look { tone, size })
}

fn plain_text(text: ComponentPlainText) -> Block {
    use {ComponentPlainTextColor as Color, ComponentPlainTextSize as Written};
    let tone = text
        .plain_text_color
        .map_or(Tone::Usual, |color| match color {
            Color::Normal | Color::Other => Tone::Usual,
            Color::Muted => Tone::Muted,
            Color::Success => Tone::Success,
            Color::Warning => Tone::Warning,
            Color::Error => Tone::Danger,
        });
    let size = text.plain_text_size.map_or(Size::Usual, |size| match size {
        Written::S => Size::Small,
        Written::M | Written::Other => Size::Usual,
        Written::L => Size::Large,
    });
    Block::Plain(text.plain_text, Look { tone, size })
}

fn spacer(spacer: ComponentSpacer) -> Block {
    use ComponentSpacerSize as Written;
    Block::Spacer(spacer.spacer_size.map_or(Space::Usual, |size| match size {
        Written::Xs => Space::Tiny,
        Written::S => Space::Small,
        Written::M | Written::Other => Space::Usual,
        Written::L => Space::Large,
        Written::Xl => Space::Huge,
    }))
}

/// A line without a spacing stands as close as anything else.
fn divider(divider: operations::ComponentDivider) -> Block {
    use ComponentDividerSpacingSize as Written;
    Block::Divider(
        divider
            .divider_spacing_size
            .map_or(Space::Tiny, |size| match size {
                Written::Xs | Written::Other => Space::Tiny,
                Written::S => Space::Small,
                Written::M => Space::Usual,
                Written::L => Space::Large,
                Written::Xl => Space::Huge,
            }),
    )
}

fn badge(badge: operations::ComponentBadge) -> Block {
    use ComponentBadgeColor as Color;
    let tone = badge.badge_color.map_or(Tone::Usual, |color| match color {
        Color::Grey | Color::Other => Tone::Usual,
        Color::Green => Tone::Success,
        Color::Yellow => Tone::Warning,
        Color::Red => Tone::Danger,
        Color::Blue => Tone::Info,
    });
    Block::Badge(content::line(&badge.badge_label), tone)
}

fn copyable(button: operations::ComponentCopyButton) -> Block {
    let label = button
        .copy_button_tooltip_label
        .as_deref()
        .map(content::line);
    Block::Copyable {
        value: button.copy_button_value,
        label: label.filter(|label| !label.is_empty()),
    }
}

fn moment(moment: operations::ComponentDateTime) -> Block {
    match time(&moment.date_time) {
        Some(at) => Block::Time(at),
        None => Block::Plain(moment.date_time.iso8601, Look::default()),
    }
}

fn link(link: operations::ComponentLinkButton) -> Block {
    Block::Link {
        label: content::line(&link.link_button_label),
        url: link.link_button_url,
    }
}
