//! Messages of every author and of every shape.

use super::{at, person};
use crate::model::{Attachment, Author, Block, Body, FileKind, Message};

const RICH: &str = "Hello,

we switched the second half of our technicians to *single sign-on* yesterday. **Two of them** land in an [empty workspace](https://product.example/workspace).

1. They sign in.
2. They see `no jobs`.

- Okafor
- Lindqvist

> Each person without a department gets a workspace of their own.

| Attribute | works | does not |
|---|---|---|
| NameID format | `persistent` | `persistent` |
| `department` | Facilities | *not set* |

```
WARN sync: queue=42 retry=17 device=van-07 firmware=3.2.1 reason=\"the server did not answer in time, waiting for the next slot\"
```

# What we tried

Signing out and in.";

const PLAIN: &str = "Plain text keeps
  its lines and blanks.

PRESSURE_SENSOR_HALL_04_NORTH_READING_FAILED_AND_FAILED_AND_FAILED_AGAIN_AND_AGAIN_AND_AGAIN";

/// One of each.
pub fn every() -> Vec<Message> {
    let answer = "Thank you, the table saved us an hour. Could you set the department of both?";
    let told = [
        (
            Author::Customer(person(false)),
            Body::Markdown(RICH.to_owned()),
        ),
        (
            Author::Agent("Theo".to_owned()),
            Body::Markdown(answer.to_owned()),
        ),
        (
            Author::Customer(person(true)),
            Body::Plain(PLAIN.to_owned()),
        ),
        (Author::System, Body::Blocks(blocks())),
    ];
    (1..)
        .zip(told)
        .map(|(number, (author, body))| message(number, author, body))
        .collect()
}

fn message(number: u8, author: Author, body: Body) -> Message {
    let subject = "SSO: two technicians land in an empty workspace";
    Message {
        id: format!("sample-message-{number}"),
        at: at(number * 7),
        author,
        subject: (number == 1).then(|| subject.to_owned()),
        body,
        attachments: match number {
            1 => files(),
            _ => vec![],
        },
    }
}

fn files() -> Vec<Attachment> {
    let file = |name: &str, size_bytes, kind| Attachment {
        id: "att_sample".to_owned(),
        name: name.to_owned(),
        size_bytes,
        kind,
    };
    let long =
        "PRESSURE_SENSOR_HALL_04_NORTH_READINGS_OF_THE_WHOLE_YEAR_AND_OF_THE_YEAR_BEFORE.xlsx";
    vec![
        file("idp-metadata.xml", 4_218, FileKind::Text),
        file(long, 12_400_000, FileKind::Spreadsheet),
    ]
}

/// A form's message.
fn blocks() -> Vec<Block> {
    let row = |name: &str, value: Block| Block::Row {
        main: vec![Block::Plain(name.to_owned())],
        aside: vec![value],
    };
    vec![
        Block::Markdown("Your export is **ready**.".to_owned()),
        Block::Divider,
        row("Plan", Block::Badge("Team".to_owned())),
        row("Job", Block::Copyable("exp_01JZ4V".to_owned())),
        row("Finished", Block::Time(at(5))),
        Block::Link {
            label: "Open the export".to_owned(),
            url: "https://product.example/export".to_owned(),
        },
    ]
}
