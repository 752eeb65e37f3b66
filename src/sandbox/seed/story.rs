//! Plays the plots: turns them into the threads of a month.

use jiff::{Timestamp, ToSpan};

use super::{
    accounts,
    cast::{self, PEOPLE},
    form::{form, words},
    plot::{Beat, Extras, Plot},
    plots::{self, rollout},
};
use crate::sandbox::{
    enums::{LabelTypeType, StatusDetailType, ThreadChannel, ThreadStatus},
    records::{
        Attachment, Body, Email, EmailActor, Event, LabelType, Participant, SlackPlace, Stamp,
        Thread, Who,
    },
    schema::{component::EventComponent, mutation::replies::new_email},
    state::{NewCustomer, NewThread, State, kind_for, preview},
};

/// The labels that agents use in the story, with their colours.
const LABELS: &[(&str, &str)] = &[
    ("Bug", "#D1495B"),
    ("Integration", "#3A6EA5"),
    ("Billing", "#7A5C99"),
    ("Churn risk", "#C7731E"),
];

/// Fills an empty state with the story, as of `now`.
pub fn plant(state: &mut State, now: Timestamp) {
    add_people(state, minutes_before(now, 60 * 24 * 60));
    let at = minutes_before(now, 60 * 24 * 60);
    for (position, (name, color)) in LABELS.iter().enumerate() {
        let id = state.ids.next("lt", at);
        state.label_types.add(LabelType {
            id,
            name: (*name).to_owned(),
            icon: None,
            color: Some((*color).to_owned()),
            kind: LabelTypeType::Default,
            description: None,
            external_id: None,
            is_excluded_from_ai: false,
            position,
            archived: None,
            created: Stamp {
                at,
                by: Who::System,
            },
        });
    }
    let turns = rollout::turns();
    let beats = rollout::beats(&turns);
    let rollout = rollout::plot(&beats);
    let mut plots: Vec<&Plot> = plots::all().chain([&rollout]).collect();
    plots.sort_by_key(|plot| std::cmp::Reverse(plot.ago));
    for plot in plots {
        play(state, now, plot);
    }
    accounts::add(state, at);
}

fn add_people(state: &mut State, at: Timestamp) {
    let by = state.machine();
    let stamp = Stamp { at, by };
    for person in PEOPLE {
        let new = NewCustomer {
            external_id: Some(person.external_id.to_owned()),
            full_name: person.name.to_owned(),
            short_name: person.name.split(' ').next().map(str::to_owned),
            email: person.email.to_owned(),
            is_verified: true,
        };
        let customer_id = state.add_customer(stamp.clone(), new);
        for (external_id, name) in person.tenants {
            let known = state.tenant_by_external_id(external_id);
            let tenant_id = match known.map(|tenant| tenant.id.clone()) {
                Some(id) => id,
                None => state.add_tenant(stamp.clone(), external_id, name, None),
            };
            state.join(stamp.clone(), &customer_id, &tenant_id);
        }
    }
}

fn minutes_before(now: Timestamp, minutes: u32) -> Timestamp {
    now.checked_sub(i64::from(minutes).minutes()).unwrap_or(now)
}

fn play(state: &mut State, now: Timestamp, plot: &Plot) {
    let Some(customer_id) = customer_id(state, plot.who) else {
        return;
    };
    let stamp = Stamp {
        at: minutes_before(now, plot.ago),
        by: match plot.beats.first() {
            Some((_, Beat::Form(..))) => state.machine(),
            Some((_, Beat::Answers(who, _))) => cast::agent(state, who).unwrap_or(Who::System),
            _ => Who::Customer(customer_id.clone()),
        },
    };
    let tenant = plot.tenant.and_then(|id| state.tenant_by_external_id(id));
    let new = NewThread {
        customer_id,
        tenant_id: tenant.map(|tenant| tenant.id.clone()),
        external_id: None,
        title: plot.title.to_owned(),
        description: plot.beats.iter().find_map(|(_, beat)| match beat {
            Beat::Form(text, _)
            | Beat::Says(_, text)
            | Beat::Mail(_, text, _)
            | Beat::Answers(_, text) => Some(preview(text)),
            _ => None,
        }),
        priority: 2,
        channel: plot.channel,
        slack: (plot.channel == ThreadChannel::Slack).then(|| SlackPlace {
            channel_id: "C04FIELDOPS".to_owned(),
            channel_name: "ext-fieldnote-halden".to_owned(),
            team_id: "T01FIELDNOTE".to_owned(),
            team_name: "Fieldnote".to_owned(),
        }),
    };
    let thread_id = state.add_thread(stamp, new);
    for (after, beat) in plot.beats {
        let at = minutes_before(now, plot.ago.saturating_sub(*after));
        happen(state, &thread_id, at, beat);
    }
}

fn customer_id(state: &State, key: &str) -> Option<String> {
    let customer = state.customer_by_external_id(&cast::external_id(key))?;
    Some(customer.id.clone())
}

/// Lets one thing happen. What names somebody who is not there does not happen; a test holds the plots against that.
fn happen(state: &mut State, thread_id: &str, at: Timestamp, beat: &Beat) -> Option<()> {
    let agent = |state: &State, key: &str| {
        Some(Stamp {
            at,
            by: cast::agent(state, key)?,
        })
    };
    match *beat {
        Beat::Form(text, fields) => {
            let title = state.threads.get(thread_id)?.title.clone();
            let body = Body::Custom {
                title,
                kind: Some("contact-form".to_owned()),
                components: form(text, fields),
                attachments: Vec::new(),
            };
            let by = state.machine();
            state.append(thread_id, Stamp { at, by }, body);
        }
        Beat::Says(who, text) => customer_writes(state, thread_id, at, who, text, &Extras::NONE)?,
        Beat::Mail(who, text, ref extras) => {
            customer_writes(state, thread_id, at, who, text, extras)?
        }
        Beat::Answers(who, text) => {
            let stamp = agent(state, who)?;
            let body = message(state, thread_id, &stamp, text, &Extras::NONE)?;
            state.append(thread_id, stamp.clone(), body);
            state.answered(thread_id, stamp, StatusDetailType::InProgress);
        }
        Beat::Notes(who, text) => {
            let stamp = agent(state, who)?;
            let body = Body::Note {
                id: state.ids.next("n", at),
                text: text.to_owned(),
                markdown: Some(text.to_owned()),
                attachments: Vec::new(),
            };
            state.append(thread_id, stamp, body);
        }
        Beat::Takes(who) => {
            let stamp = agent(state, who)?;
            let thread = state.threads.edit(thread_id)?;
            let from = thread
                .assigned
                .replace(stamp.clone())
                .map(|before| before.by);
            let to = Some(stamp.by.clone());
            state.append(thread_id, stamp, Body::Assignment { from, to });
        }
        Beat::Priority(who, to) => {
            let stamp = agent(state, who)?;
            state.set_priority(thread_id, stamp, to);
        }
        Beat::Labels(who, names) => {
            let stamp = agent(state, who)?;
            let ids: Vec<String> = state
                .label_types
                .iter()
                .filter(|label| names.contains(&label.name.as_str()))
                .map(|label| label.id.clone())
                .collect();
            let labels = state.new_labels(&stamp, &ids);
            state.set_labels(thread_id, stamp, labels);
        }
        Beat::Waits(who) => {
            let kind = StatusDetailType::WaitingForCustomer;
            state.set_status(
                thread_id,
                agent(state, who)?,
                ThreadStatus::Snoozed,
                kind,
                None,
            );
        }
        Beat::Sleeps(who, hours) => {
            let until = Some(State::later(at, hours * 3600));
            let kind = StatusDetailType::WaitingForDuration;
            state.set_status(
                thread_id,
                agent(state, who)?,
                ThreadStatus::Snoozed,
                kind,
                until,
            );
        }
        Beat::Closes(who) => {
            let kind = StatusDetailType::DoneManuallySet;
            state.set_status(
                thread_id,
                agent(state, who)?,
                ThreadStatus::Done,
                kind,
                None,
            );
        }
        Beat::Expires => {
            let by = Who::System;
            let kind = StatusDetailType::DoneAutomaticallySet;
            state.set_status(thread_id, Stamp { at, by }, ThreadStatus::Done, kind, None);
        }
        Beat::Event(title, text) => {
            let by = state.machine();
            let event = Event {
                title: title.to_owned(),
                components: vec![EventComponent::Text(words(text))],
                external_id: None,
            };
            state.add_thread_event(thread_id, Stamp { at, by }, event);
        }
        Beat::Merges(who, title) => {
            let child = state.threads.iter().find(|thread| thread.title == title)?;
            let entry = child.entries.first()?.clone();
            let child_thread_id = child.id.clone();
            let stamp = agent(state, who)?;
            let by = entry.actor.clone();
            let body = Body::Merged {
                child_thread_id: child_thread_id.clone(),
                child_entry: entry,
            };
            state.append(thread_id, Stamp { at, by }, body);
            let kind = StatusDetailType::DoneManuallySet;
            state.set_status(&child_thread_id, stamp, ThreadStatus::Done, kind, None);
        }
    }
    Some(())
}

fn customer_writes(
    state: &mut State,
    thread_id: &str,
    at: Timestamp,
    who: &str,
    text: &str,
    extras: &Extras,
) -> Option<()> {
    let by = Who::Customer(customer_id(state, who)?);
    let stamp = Stamp { at, by };
    let first = state.threads.get(thread_id)?.entries.is_empty();
    let body = message(state, thread_id, &stamp, text, extras)?;
    state.append(thread_id, stamp.clone(), body);
    if !first {
        state.answered(thread_id, stamp, StatusDetailType::NewReply);
    }
    Some(())
}

/// A message in the thread's channel.
fn message(
    state: &mut State,
    thread_id: &str,
    stamp: &Stamp,
    text: &str,
    extras: &Extras,
) -> Option<Body> {
    let thread = state.threads.get(thread_id)?.clone();
    let text = text.trim();
    let first = thread.entries.is_empty();
    Some(match thread.channel {
        ThreadChannel::Chat | ThreadChannel::Internal => Body::Chat {
            id: state.ids.next("chat", stamp.at),
            text: text.to_owned(),
            attachments: files(state, stamp, &thread, extras),
        },
        ThreadChannel::Slack if first => Body::SlackMessage {
            text: text.to_owned(),
            attachments: files(state, stamp, &thread, extras),
        },
        ThreadChannel::Slack => Body::SlackReply {
            text: text.to_owned(),
            attachments: files(state, stamp, &thread, extras),
        },
        _ => {
            let author = match &stamp.by {
                Who::Customer(id) => state.customers.get(id).cloned(),
                _ => None,
            };
            let email = new_email(state, stamp, &thread, author.as_deref());
            let attachments = files(state, stamp, &thread, extras);
            let mut email = Email {
                cc: participants(state, extras.cc),
                bcc: participants(state, extras.bcc),
                text: text.to_owned(),
                markdown: Some(text.to_owned()),
                quoted: extras.quoted.map(str::to_owned),
                starts_thread: first,
                attachments,
                ..email
            };
            if first {
                email.subject = thread.title.clone();
            }
            if let Who::User(id) = &stamp.by {
                let public_name = state.users.get(id)?.public_name.clone();
                email.from.name = Some(format!("{public_name} at Fieldnote"));
                email.from.actor = Some(EmailActor::User(id.clone()));
                email.bcc.push(Participant {
                    name: Some("CRM archive".to_owned()),
                    email: "crm-archive@fieldnote-staff.example".to_owned(),
                    actor: None,
                });
            }
            Body::Email(Box::new(email))
        }
    })
}

fn participants(state: &State, people: &[(&str, &str)]) -> Vec<Participant> {
    let known = |(name, email): &(&str, &str)| Participant {
        name: Some((*name).to_owned()),
        email: (*email).to_owned(),
        actor: state
            .customer_by_email(email)
            .map(|customer| EmailActor::Customer(customer.id.clone())),
    };
    people.iter().map(known).collect()
}

fn files(state: &mut State, stamp: &Stamp, thread: &Thread, extras: &Extras) -> Vec<Attachment> {
    let kind = kind_for(thread.channel);
    let file = |told| state.sample_file(stamp, &thread.customer_id, told, kind);
    extras.files.iter().copied().map(file).collect()
}
