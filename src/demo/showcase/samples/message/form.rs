//! A form's message with every component.

use super::at;
use crate::model::{Block, Look, Size, Space, Tone};

pub fn every() -> Vec<Block> {
    let row = |name: &str, value: Block| Block::Row {
        main: vec![Block::Plain(name.to_owned(), look(Tone::Muted))],
        aside: vec![value],
    };
    let badge = |label: &str, tone| Block::Badge(label.to_owned(), tone);
    vec![
        Block::Markdown(
            "Your export is **ready**.".to_owned(),
            Look {
                size: Size::Large,
                ..Look::default()
            },
        ),
        Block::Divider(Space::Usual),
        row("Plan", badge("Team", Tone::Info)),
        row("State", badge("Complete", Tone::Success)),
        row("Rows", badge("10,000 of 12,481", Tone::Warning)),
        row("Upload", badge("Refused", Tone::Danger)),
        row("Region", badge("Europe", Tone::Usual)),
        row(
            "Job",
            Block::Copyable {
                value: "exp_01JZ4V".to_owned(),
                label: None,
            },
        ),
        row("Finished", Block::Time(at(5))),
        Block::Spacer(Space::Large),
        Block::Container(vec![
            Block::Plain(
                "The last 2,481 rows are missing.".to_owned(),
                look(Tone::Danger),
            ),
            Block::Plain(
                "All sites but one are in it.".to_owned(),
                look(Tone::Warning),
            ),
            Block::Plain("Nothing was changed.".to_owned(), look(Tone::Success)),
            Block::Plain(
                "Made by the nightly export.".to_owned(),
                Look {
                    tone: Tone::Muted,
                    size: Size::Small,
                },
            ),
            Block::Copyable {
                value: "exp_01JZ4V".to_owned(),
                label: Some("Number of the job".to_owned()),
            },
        ]),
        Block::Link {
            label: "Open the export".to_owned(),
            url: "https://product.example/export".to_owned(),
        },
    ]
}

fn look(tone: Tone) -> Look {
    Look {
        tone,
        ..Look::default()
    }
}
