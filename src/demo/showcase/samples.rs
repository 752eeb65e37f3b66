//! Made-up data for the showcase.

pub mod message;

use jiff::{SignedDuration, Timestamp};

use crate::model::{
    Listed, Outgoing, Person, Problem, Progress, Replies, Scope, Status, Tenant, Thread, Viewer,
    Way,
};

/// When the samples' story begins.
const BEGINNING: Timestamp = Timestamp::constant(1_795_000_000, 0);

pub fn at(minutes: u8) -> Timestamp {
    BEGINNING + SignedDuration::from_mins(minutes.into())
}

pub fn viewer() -> Viewer {
    Viewer {
        customer_id: "c_1".to_owned(),
        external_id: "ines".to_owned(),
        name: "Ines Marchetti".to_owned(),
        email: "ines@northwind.example".to_owned(),
        scope: Scope::Team(Tenant {
            id: "te_1".to_owned(),
            external_id: "northwind".to_owned(),
            name: "Northwind Facilities".to_owned(),
        }),
        zone: Some("Europe/Rome".to_owned()),
    }
}

pub fn person(is_viewer: bool) -> Person {
    let name = if is_viewer {
        "Ines Marchetti"
    } else {
        "Priya Raman"
    };
    Person {
        name: name.to_owned(),
        is_viewer,
    }
}

pub fn thread(number: u8, status: Status) -> Thread {
    let titles = [
        "SSO: two technicians land in an empty workspace",
        "Night crew cannot see tomorrow’s route",
        "A title that goes on and on, because somebody wrote the whole question into it and then pasted PRESSURE_SENSOR_HALL_04_NORTH_READING_FAILED at its end",
        "Export of completed visits stops at 10,000 rows",
    ];
    Thread {
        id: format!("th_{number}"),
        reference: format!("T-{number}"),
        title: titles[usize::from(number) % titles.len()].to_owned(),
        status,
        asked_by: person(number.is_multiple_of(2)),
        created_at: at(0),
        last_activity: at(number * 10),
        replies: Replies::Here(Way::Chat),
    }
}

pub fn listed(number: u8, status: Status, unread: bool) -> Listed {
    Listed {
        thread: thread(number, status),
        unread,
    }
}

/// A message of the viewer's own in each state of its way.
pub fn outgoing() -> Vec<Outgoing> {
    let every = [
        Progress::Sending,
        Progress::Arriving,
        Progress::Retrying,
        Progress::Checking,
        Progress::Unsure,
        Progress::NotSent(Problem::Refused),
    ];
    let message = |(minutes, progress)| Outgoing {
        submission: format!("sample-{minutes}"),
        thread_id: Some("th_1".to_owned()),
        title: String::new(),
        text: "The **second** van has the old firmware too. Shall I send you its log?".to_owned(),
        at: at(minutes),
        files: vec![],
        progress,
    };
    (40..).zip(every).map(message).collect()
}
