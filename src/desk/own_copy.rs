//! The viewer's own answers, held against what the conversation shows.
//!
//! Answers on API and e-mail threads travel as e-mail: their entry may come minutes later. Until then the page shows our
//! copy. And of an answer with an unclear end nothing but the conversation tells whether it arrived.

use jiff::{SignedDuration, Timestamp};

use crate::{
    model::{Author, Body, Message, Outgoing, Progress, Quoted},
    store::{OnItsWay, State},
};

/// Plain's clock and ours may differ by this much.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(30);

/// Which answers the conversation shows, and which it does not.
pub struct Compared {
    shown: Vec<OnItsWay>,
    missing: Vec<OnItsWay>,
}

/// Finds for each answer the message that stands for it; each message stands for one answer.
///
/// Those that Plain has taken come first: what stands for one of them does not stand for another as well. `from` says
/// when the conversation is not there from its beginning: what Plain took before that is further up.
pub fn compare<'a>(
    messages: impl IntoIterator<Item = &'a Message>,
    answers: Vec<OnItsWay>,
    from: Option<Timestamp>,
) -> Compared {
    let mut unmatched: Vec<&Message> = messages.into_iter().collect();
    let (mut sent, others): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.state == State::Sent);
    sent.retain(|answer| from.is_none_or(|from| answer.since >= from));
    let (mut shown, mut missing) = (vec![], vec![]);
    for answer in sent.into_iter().chain(others) {
        let may_be_there = matches!(answer.state, State::Sent | State::Sending) || answer.unclear;
        let message = unmatched.iter().position(|message| {
            may_be_there && is_same(message, &answer.content.text, answer.since)
        });
        match message {
            Some(message) => {
                unmatched.remove(message);
                shown.push(answer);
            }
            None => missing.push(answer),
        }
    }
    missing.sort_by_key(|answer| answer.first_at);
    Compared { shown, missing }
}

impl Compared {
    /// The submissions of which nobody knew whether they had arrived, and that have.
    pub fn turned_up(&self) -> impl Iterator<Item = &str> {
        self.shown
            .iter()
            .filter(|answer| answer.unclear && answer.state != State::Sent)
            .map(|answer| answer.submission.as_str())
    }

    /// What the page shows beside the conversation, oldest first.
    pub fn missing(self) -> Vec<Outgoing> {
        self.missing.into_iter().map(outgoing).collect()
    }
}

fn outgoing(answer: OnItsWay) -> Outgoing {
    Outgoing {
        progress: match answer.state {
            State::Sending => Progress::Sending,
            State::Waiting if answer.unclear => Progress::Checking,
            State::Waiting => Progress::Retrying,
            State::Sent => Progress::Arriving,
            State::Unsent(Some(problem)) => Progress::NotSent(problem),
            State::Unsent(None) => Progress::Unsure,
        },
        submission: answer.submission,
        thread_id: answer.content.thread_id,
        title: answer.content.title,
        text: answer.content.text,
        files: answer.content.files,
        at: answer.first_at,
    }
}

/// Is this message of the timeline the viewer's text, sent at that time or later?
///
/// Only words count: on its way as an e-mail a text may change its spaces and marks, and gain what mail programs quote
/// below it.
fn is_same(message: &Message, text: &str, since: Timestamp) -> bool {
    let mine = matches!(&message.author, Author::Customer(person) if person.is_viewer);
    let in_time = message.at >= since - CLOCK_SKEW;
    let Some(own) = text_of(&message.body) else {
        return false;
    };
    let says = |body: &str| same_words(body, text) || same_words(without_quote(body), text);
    mine && in_time && (says(own) || says(&format!("{own}\n\n{}", quoted_in(message))))
}

fn text_of(body: &Body) -> Option<&str> {
    match body {
        Body::Markdown(text) | Body::Plain(text) => Some(text),
        Body::Blocks(_) | Body::Empty | Body::Deleted => None,
    }
}

/// What was taken for a quote may be one of the viewer's own at the end of what they wrote.
fn quoted_in(message: &Message) -> &str {
    let quoted = message.mail.as_ref().and_then(|mail| mail.quoted.as_ref());
    match quoted {
        Some(Quoted::Here(body)) => text_of(body).unwrap_or_default(),
        Some(Quoted::NotLoaded) | None => "",
    }
}

fn same_words(one: &str, other: &str) -> bool {
    words(one).eq(words(other))
}

/// Letters and digits; of a text that has none, every character but spaces.
fn words(text: &str) -> Box<dyn Iterator<Item = char> + '_> {
    if text.chars().any(char::is_alphanumeric) {
        Box::new(text.chars().filter(|c| c.is_alphanumeric()))
    } else {
        Box::new(text.chars().filter(|c| !c.is_whitespace()))
    }
}

/// A mail's text up to the first quoted line, and without the line that introduces it ("On Monday … wrote:").
fn without_quote(body: &str) -> &str {
    let mut end = body.len();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if line.trim_start().starts_with('>') {
            end = at;
            break;
        }
        at += line.len();
    }
    let own = body[..end].trim_end();
    if end == body.len() || !own.ends_with(':') {
        return own;
    }
    own.rfind("\n\n").map_or("", |start| &own[..start])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        model::{Mail, Person},
        store::Content,
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn message(text: &str, second: i64, is_viewer: bool) -> Message {
        let author = Author::Customer(Person {
            name: "Ada".into(),
            is_viewer,
        });
        Message::new(
            "t_1".into(),
            at(second),
            author,
            Body::Markdown(text.into()),
        )
    }

    fn answer(text: &str, second: i64, state: State) -> OnItsWay {
        OnItsWay {
            submission: format!("{text} {second}"),
            content: Content {
                thread_id: Some("th_1".into()),
                title: String::new(),
                text: text.into(),
                files: vec![],
            },
            first_at: at(second),
            since: at(second),
            unclear: false,
            state,
        }
    }

    fn unclear(text: &str, second: i64) -> OnItsWay {
        OnItsWay {
            unclear: true,
            ..answer(text, second, State::Waiting)
        }
    }

    fn progress(messages: &[Message], answers: Vec<OnItsWay>) -> Vec<Progress> {
        let missing = compare(messages, answers, None).missing();
        missing.iter().map(|outgoing| outgoing.progress).collect()
    }

    #[test]
    fn a_copy_stands_in_until_the_message_is_there() {
        let sent = || answer("**Yes**", 1000, State::Sent);
        assert_eq!(progress(&[], vec![sent()]), [Progress::Arriving]);
        let shown = [message("Yes\r\n", 1010, true)];
        assert_eq!(progress(&shown, vec![sent()]), []);
        assert_eq!(
            progress(&shown, vec![sent(), answer("Yes", 1005, State::Sent)]),
            [Progress::Arriving],
            "said twice, shown once"
        );
        let in_flight = answer("Yes", 1000, State::Sending);
        assert_eq!(progress(&shown, vec![in_flight]), [], "never shown twice");
    }

    #[test]
    fn only_the_viewers_own_later_words_count() {
        for other in [
            message("Yes", 1010, false),
            message("Yes", 900, true),
            message("Yes, but", 1010, true),
        ] {
            let sent = answer("Yes", 1000, State::Sent);
            assert_eq!(progress(&[other], vec![sent]), [Progress::Arriving]);
        }
        let sad = [message(":-(", 1010, true)];
        let glad = answer(":-)", 1000, State::Sent);
        assert_eq!(progress(&sad, vec![glad]), [Progress::Arriving]);
    }

    #[test]
    fn what_turns_up_was_sent_and_stands_for_one_answer() {
        let shown = [message("Any news?", 1010, true)];
        let compared = compare(&shown, vec![unclear("Any news?", 1000)], None);
        assert_eq!(compared.turned_up().collect::<Vec<_>>(), ["Any news? 1000"]);
        assert_eq!(compared.missing(), []);
        let both = vec![
            unclear("Any news?", 1005),
            answer("Any news?", 1000, State::Sent),
        ];
        let compared = compare(&shown, both, None);
        assert_eq!(compared.turned_up().count(), 0);
        assert_eq!(compared.missing()[0].progress, Progress::Checking);
        let not_sent = answer("Any news?", 1000, State::Unsent(None));
        assert_eq!(progress(&shown, vec![not_sent]), [Progress::Unsure]);
    }

    #[test]
    fn what_is_further_up_stands_for_nothing_here() {
        let shown = [message("ok", 5010, true)];
        let answers = || vec![answer("ok", 1000, State::Sent), unclear("ok", 5000)];
        let compared = compare(&shown, answers(), Some(at(4000)));
        assert_eq!(compared.turned_up().collect::<Vec<_>>(), ["ok 5000"]);
        assert_eq!(compared.missing(), []);
        let from_the_beginning = compare(&shown, answers(), None);
        assert_eq!(from_the_beginning.turned_up().count(), 0);
    }

    #[test]
    fn a_mail_may_quote_what_it_answers() {
        let text = "Yes, **please**.\n\nTom";
        for body in [
            "Yes, please.\n\nTom\n\nOn Monday, Support wrote:\n> Shall we?\n> Ada",
            "Yes, please.\n\nTom\n> Shall we?",
        ] {
            assert!(
                is_same(&message(body, 1010, true), text, at(1000)),
                "{body}"
            );
        }
        let more = "Yes, please.\n\nTom\n\nAnd one more thing.";
        assert!(!is_same(&message(more, 1010, true), text, at(1000)));
    }

    #[test]
    fn a_quote_at_the_end_of_what_was_written_is_part_of_it() {
        let quote = Body::Markdown("> Really?".into());
        let mail = Mail {
            quoted: Some(Quoted::Here(Box::new(quote))),
            ..Mail::default()
        };
        let message = Message {
            mail: Some(mail),
            ..message("Yes.", 100, true)
        };
        for text in ["Yes.", "Yes.\n\n> Really?"] {
            let answers = vec![answer(text, 90, State::Sent)];
            let compared = compare([&message], answers, None);
            assert_eq!(compared.missing(), [], "{text:?}");
        }
    }
}
