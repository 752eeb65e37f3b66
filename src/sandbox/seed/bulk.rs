//! Many customers and threads, made quickly, for load tests.

use jiff::{Timestamp, ToSpan};

use crate::sandbox::{
    enums::{StatusDetailType, ThreadChannel, ThreadStatus},
    records::{Body, Stamp, Who},
    state::{NewCustomer, NewThread, State},
};

const SUBJECTS: &[&str] = &[
    "Report does not open",
    "New technician cannot sign in",
    "Route is longer than before",
    "Question about the invoice",
    "Webhook arrives twice",
    "Calendar shows the wrong week",
    "Photos are missing from a visit",
];

/// Adds `tenants` tenants (`bulk_0`, `bulk_1`, …) with one customer each (the same ids), and `threads` threads, dealt
/// out in turn, a minute apart, the newest now. Every thread has four messages; every third is done, every fifth waits
/// for its customer.
pub fn plant(state: &mut State, now: Timestamp, threads: usize, tenants: usize) {
    let machine = Stamp {
        at: now,
        by: state.machine(),
    };
    let mut owners = Vec::new();
    for number in 0..tenants.max(1) {
        let external_id = format!("bulk_{number}");
        let name = format!("Bulk tenant {number}");
        let tenant_id = state.add_tenant(machine.clone(), &external_id, &name, None);
        let new = NewCustomer {
            email: format!("{external_id}@bulk.example"),
            external_id: Some(external_id),
            full_name: format!("Customer {number}"),
            short_name: None,
            is_verified: true,
        };
        let customer_id = state.add_customer(machine.clone(), new);
        state.join(machine.clone(), &customer_id, &tenant_id);
        owners.push((customer_id, tenant_id));
    }
    let agent = state
        .users
        .at(0)
        .map_or(Who::System, |user| Who::User(user.id.clone()));
    for (number, (customer_id, tenant_id)) in (0..threads).zip(owners.iter().cycle()) {
        let minutes = i64::try_from(threads - number - 1).unwrap_or(0);
        let at = now.checked_sub(minutes.minutes()).unwrap_or(now);
        let customer = Stamp {
            at,
            by: Who::Customer(customer_id.clone()),
        };
        let agent = Stamp {
            at,
            by: agent.clone(),
        };
        let subject = SUBJECTS[number % SUBJECTS.len()];
        let new = NewThread {
            customer_id: customer_id.clone(),
            tenant_id: Some(tenant_id.clone()),
            external_id: None,
            title: format!("{subject} ({number})"),
            description: None,
            priority: 2,
            channel: ThreadChannel::Chat,
            slack: None,
        };
        let thread_id = state.add_thread(customer.clone(), new);
        for turn in 0..4 {
            let (stamp, text) = match turn % 2 {
                0 => (&customer, "It happened again this morning, on two phones."),
                _ => (
                    &agent,
                    "Thank you. We are looking at the log of that visit now.",
                ),
            };
            let id = state.ids.next("chat", at);
            let body = Body::Chat {
                id,
                text: text.to_owned(),
                attachments: Vec::new(),
            };
            state.append(&thread_id, stamp.clone(), body);
        }
        let kind = StatusDetailType::InProgress;
        state.answered(&thread_id, agent.clone(), kind);
        if number % 3 == 0 {
            let kind = StatusDetailType::DoneManuallySet;
            state.set_status(&thread_id, agent, ThreadStatus::Done, kind, None);
        } else if number % 5 == 0 {
            let kind = StatusDetailType::WaitingForCustomer;
            state.set_status(&thread_id, agent, ThreadStatus::Snoozed, kind, None);
        }
    }
}
