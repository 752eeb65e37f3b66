//! Messages of every author and of every shape.

mod form;
mod mail;

use super::{at, person};
use crate::model::{Attachment, Author, Body, Entry, Event, FileKind, Happening, Message, Via};

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
pub fn every() -> Vec<Entry> {
    let colleague = Author::Customer(person(false));
    let mine = Author::Customer(person(true));
    let theo = Author::Agent("Theo".to_owned());
    let answer = "Thank you, the table saved us an hour. Could you set the department of both?";
    let markdown = |text: &str| Body::Markdown(text.to_owned());
    let first = message(1, colleague.clone(), markdown(RICH));
    let elsewhere = |number, via| Message {
        via: Some(via),
        ..message(
            number,
            colleague.clone(),
            markdown("Same here, since Monday."),
        )
    };
    vec![
        said(Message {
            via: Some(Via::Email),
            subject: Some("SSO: two technicians land in an empty workspace".to_owned()),
            mail: Some(mail::received()),
            attachments: files(),
            ..first
        }),
        happened(2, Happening::WaitingForYou(Some(theo.clone()))),
        said(Message {
            via: Some(Via::Email),
            mail: Some(mail::bounced()),
            ..message(3, theo, markdown(answer))
        }),
        said(message(4, mine.clone(), Body::Plain(PLAIN.to_owned()))),
        said(Message {
            edited: true,
            ..elsewhere(5, Via::Slack)
        }),
        said(Message {
            body: Body::Deleted,
            ..elsewhere(6, Via::MsTeams)
        }),
        said(Message {
            merged: true,
            ..elsewhere(7, Via::Discord)
        }),
        said(Message {
            via: Some(Via::HelpCentre),
            ..message(
                8,
                Author::System,
                markdown("Have you tried **Reset layout**?"),
            )
        }),
        said(message(9, Author::System, Body::Blocks(form::every()))),
        said(message(10, mine.clone(), Body::Empty)),
        happened(11, Happening::Done(Some(mine))),
        happened(12, Happening::Reopened(None)),
        happened(13, Happening::MergedFromElsewhere),
        happened(14, Happening::Unreadable),
    ]
}

fn message(number: u8, author: Author, body: Body) -> Message {
    Message::new(
        format!("sample-message-{number}"),
        at(number * 3),
        author,
        body,
    )
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

fn said(message: Message) -> Entry {
    Entry::Message(Box::new(message))
}

fn happened(number: u8, what: Happening) -> Entry {
    Entry::Event(Event {
        id: format!("sample-message-{number}"),
        at: (what != Happening::Unreadable).then(|| at(number * 3)),
        what,
    })
}
