//! A timeline with an entry of every kind that Plain has, for those who want to see what becomes of each.

use jiff::SignedDuration;

use super::{
    Sandbox,
    enums::{EmailCategory, EmailSendStatus, StatusDetailType, ThreadStatus},
    records::{Body, Email, EmailActor, Event, Internal, InternalKind, Participant, Stamp, Who},
    schema::mutation::replies::new_email,
    state::State,
};

impl Sandbox {
    /// Adds entries of all kinds to the thread with this ref (`T-123`), oldest first; `false` when there is none.
    ///
    /// What is for customers says `For customers`, what is not says `Internal`.
    pub fn add_every_kind(&self, reference: &str) -> bool {
        let mut state = self.service.store.lock();
        let number = reference.strip_prefix("T-").and_then(|it| it.parse().ok());
        let thread = state.threads.iter().find(|it| Some(it.number) == number);
        let Some(id) = thread.map(|thread| thread.id.clone()) else {
            return false;
        };
        add(&mut state, &id).is_some()
    }
}

fn add(state: &mut State, thread_id: &str) -> Option<()> {
    let thread = state.threads.get(thread_id)?.clone();
    let customer = Who::Customer(thread.customer_id.clone());
    let agent = Who::User(state.users.iter().next()?.id.clone());
    let now = State::now();
    let by = |who: &Who| Stamp {
        at: now,
        by: who.clone(),
    };
    let said = |what: &str| format!("For customers: {what}");
    let internal = |what: &str| format!("Internal: {what}");

    let slack = |text: String| Body::SlackReply {
        text,
        attachments: vec![],
    };
    let mail = |state: &mut State, text: String| Email {
        text: text.clone(),
        markdown: Some(text),
        ..new_email(state, &by(&agent), &thread, None)
    };
    let bounced = {
        let mail = mail(state, said("a bounced e-mail"));
        let stranger = Participant {
            name: Some(internal("a hidden recipient")),
            email: "internal@fieldnote-staff.example".to_owned(),
            actor: None,
        };
        let theo = Participant {
            name: Some(internal("an agent's full name")),
            actor: match &agent {
                Who::User(id) => Some(EmailActor::User(id.clone())),
                _ => None,
            },
            ..stranger.clone()
        };
        Email {
            cc: vec![theo],
            bcc: vec![stranger],
            send_status: EmailSendStatus::Bounced,
            ..mail
        }
    };
    let survey = Email {
        category: EmailCategory::CustomerSurvey,
        ..mail(state, internal("a survey by e-mail"))
    };
    let event = |what: &str| Event {
        title: internal(what),
        components: vec![],
        external_id: None,
    };
    let changed = |body, edited: bool, deleted: bool| Body::Changed {
        body: Box::new(body),
        edited: edited.then_some(now),
        deleted: deleted.then_some(now),
    };
    let teams = Body::MsTeamsMessage {
        id: "every-kind".to_owned(),
        text: internal("a deleted message"),
        markdown: None,
        attachments: vec![],
    };
    let mut bodies = vec![
        (
            &customer,
            Body::Chat {
                id: state.ids.next("chat", now),
                text: said("a chat"),
                attachments: vec![],
            },
        ),
        (
            &agent,
            Body::Note {
                id: state.ids.next("n", now),
                text: internal("a note"),
                markdown: None,
                attachments: vec![],
            },
        ),
        (&agent, Body::Email(Box::new(bounced))),
        (&agent, Body::Email(Box::new(survey))),
        (
            &customer,
            Body::SlackMessage {
                text: said("a Slack message"),
                attachments: vec![],
            },
        ),
        (
            &customer,
            changed(slack(said("an edited Slack reply")), true, false),
        ),
        (&customer, changed(teams, false, true)),
        (
            &customer,
            Body::Discord {
                text: said("a Discord message"),
            },
        ),
        (
            &Who::System,
            Body::HelpCenter {
                text: said("the help centre's assistant"),
            },
        ),
        (&agent, Body::Priority { from: 2, to: 0 }),
        (
            &agent,
            Body::Labels {
                from: vec![],
                to: vec![],
            },
        ),
        (
            &agent,
            Body::Assignment {
                from: None,
                to: Some(agent.clone()),
            },
        ),
        (
            &agent,
            Body::ThreadEvent {
                id: state.ids.next("te", now),
                event: event("a thread event"),
            },
        ),
        (
            &agent,
            Body::CustomerEvent {
                id: state.ids.next("ce", now),
                event: event("a customer event"),
            },
        ),
    ];
    for kind in InternalKind::EVERY {
        let text = internal(&format!("{kind:?}"));
        bodies.push((&agent, Body::Internal(Internal { kind, text })));
    }
    for (place, (who, body)) in (0..).zip(bodies) {
        let at = now - SignedDuration::from_millis(200) + SignedDuration::from_millis(place);
        let stamp = Stamp { at, ..by(who) };
        state.append(thread_id, stamp, body);
    }
    let done = StatusDetailType::DoneManuallySet;
    state.set_status(thread_id, by(&agent), ThreadStatus::Done, done, None);
    Some(())
}
