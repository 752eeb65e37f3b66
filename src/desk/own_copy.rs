//! The viewer's own answers that Plain has taken and does not show yet.
//!
//! Answers on API and e-mail threads travel as e-mail: their entry may come minutes later. Until then the page shows our copy.

use jiff::{SignedDuration, Timestamp};

use crate::{
    model::{Author, Body, Delivery, Message, Person, Viewer},
    store::OnItsWay,
};

/// Plain's clock and ours may differ by this much.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(30);

/// Adds what is missing to the latest page of a conversation.
pub fn add_missing(messages: &mut Vec<Message>, answers: Vec<OnItsWay>, viewer: &Viewer) {
    let (_, missing) = match_up(messages, answers.into_iter());
    let copies = missing
        .into_iter()
        .enumerate()
        .map(|(number, answer)| Message {
            id: format!("own-{number}"),
            at: answer.at,
            author: Author::Customer(Person {
                name: viewer.name.clone(),
                is_viewer: true,
            }),
            subject: None,
            body: Body::Markdown(answer.text),
            delivery: if answer.sent {
                Delivery::Arriving
            } else {
                Delivery::Sending
            },
        });
    messages.extend(copies);
    messages.sort_by_key(|message| message.at);
}

/// Finds for each answer the message that stands for it; each message stands for one answer.
///
/// Returns the messages and the answers that are left over.
pub fn match_up(
    messages: &[Message],
    answers: impl Iterator<Item = OnItsWay>,
) -> (Vec<&Message>, Vec<OnItsWay>) {
    let mut unmatched: Vec<&Message> = messages.iter().collect();
    let mut missing = Vec::new();
    for answer in answers {
        let shown = unmatched
            .iter()
            .position(|message| is_same(message, &answer.text, answer.at));
        match shown {
            Some(shown) => drop(unmatched.remove(shown)),
            None => missing.push(answer),
        }
    }
    (unmatched, missing)
}

/// Is this message of the timeline the viewer's text, sent at that time or later?
///
/// Only words count: on its way as an e-mail a text may change its spaces and marks.
pub fn is_same(message: &Message, text: &str, since: Timestamp) -> bool {
    let mine = matches!(&message.author, Author::Customer(person) if person.is_viewer);
    let in_time = message.at >= since - CLOCK_SKEW;
    let body = match &message.body {
        Body::Markdown(body) | Body::Plain(body) => body,
        Body::Blocks(_) => return false,
    };
    mine && in_time && words(body).eq(words(text))
}

/// Letters and digits; of a text that has none, every character but spaces.
fn words(text: &str) -> Box<dyn Iterator<Item = char> + '_> {
    if text.chars().any(char::is_alphanumeric) {
        Box::new(text.chars().filter(|c| c.is_alphanumeric()))
    } else {
        Box::new(text.chars().filter(|c| !c.is_whitespace()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::Tenant;

    fn viewer() -> Viewer {
        Viewer {
            customer_id: "c_1".into(),
            external_id: "u".into(),
            name: "Ada".into(),
            email: "ada@example.com".into(),
            tenant: Tenant {
                id: "te_1".into(),
                external_id: "t".into(),
                name: "Team".into(),
            },
            zone: None,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn message(text: &str, second: i64, is_viewer: bool) -> Message {
        Message {
            id: "t_1".into(),
            at: at(second),
            author: Author::Customer(Person {
                name: "Ada".into(),
                is_viewer,
            }),
            subject: None,
            body: Body::Markdown(text.into()),
            delivery: Delivery::Arrived,
        }
    }

    fn answer(text: &str, second: i64) -> OnItsWay {
        OnItsWay {
            text: text.into(),
            at: at(second),
            sent: true,
        }
    }

    fn deliveries(mut messages: Vec<Message>, answers: Vec<OnItsWay>) -> Vec<Delivery> {
        add_missing(&mut messages, answers, &viewer());
        messages.iter().map(|message| message.delivery).collect()
    }

    #[test]
    fn a_copy_stands_in_until_the_message_is_there() {
        use Delivery::{Arrived, Arriving};
        assert_eq!(deliveries(vec![], vec![answer("Yes", 1000)]), [Arriving]);
        let shown = || message("**Yes**\r\n", 1010, true);
        assert_eq!(
            deliveries(vec![shown()], vec![answer("**Yes**", 1000)]),
            [Arrived]
        );
        assert_eq!(
            deliveries(
                vec![shown()],
                vec![answer("Yes", 1000), answer("Yes", 1005)]
            ),
            [Arriving, Arrived],
            "said twice, shown once"
        );
    }

    #[test]
    fn only_the_viewers_own_later_words_count() {
        use Delivery::Arriving;
        for other in [
            message("Yes", 1010, false),
            message("Yes", 900, true),
            message("Yes, but", 1010, true),
        ] {
            assert!(deliveries(vec![other], vec![answer("Yes", 1000)]).contains(&Arriving));
        }
        assert!(
            deliveries(vec![message(":-(", 1010, true)], vec![answer(":-)", 1000)])
                .contains(&Arriving)
        );
    }
}
