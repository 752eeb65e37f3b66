//! What people do in the portal, told to support as events in Plain, when `PORTAL_ACTIVITY_EVENTS` is on.
//!
//! Nobody waits for it, and nothing depends on it: what Plain does not take, or what there is no room for, is dropped.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    model::Viewer,
    plain::{
        Client, Error,
        operations::{
            CreateCustomerEventInput, CreateThreadEventInput, CustomerIdentifierInput,
            EventComponent, Id,
        },
    },
};

/// More than so many that wait are not kept: Plain is away, or slower than people are.
const ROOM: usize = 64;
/// Somebody who signs in is told of once in each half day, in seconds.
const HALF_DAY: i64 = 12 * 60 * 60;
/// Longer names are cut: Plain takes 10,000 characters.
const LONGEST: usize = 500;

/// Where deeds are told. Clones tell the same queue; without a queue nothing is told.
#[derive(Clone, Default)]
pub struct Activity(Option<Teller>);

#[derive(Clone)]
struct Teller {
    queue: mpsc::Sender<Event>,
    signed_in: Arc<Mutex<SignedIn>>,
}

/// Who has signed in within a half day, by id.
#[derive(Default)]
struct SignedIn {
    half_day: i64,
    customers: HashSet<String>,
}

/// An event on its way.
struct Event {
    about: About,
    title: &'static str,
    detail: String,
    /// Plain takes each once.
    external_id: String,
}

enum About {
    Customer(String),
    Thread(String),
}

impl Activity {
    /// Tells Plain one event after the other, until the last clone is gone.
    pub fn start(plain: Client) -> Self {
        let (queue, mut events) = mpsc::channel(ROOM);
        tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                if let Err(error) = tell(&plain, event).await {
                    tracing::info!(%error, "an activity event was dropped");
                }
            }
        });
        Self(Some(Teller {
            queue,
            signed_in: Arc::default(),
        }))
    }

    /// Somebody has signed in; told once in each half day (UTC).
    pub fn signed_in(&self, viewer: &Viewer) {
        let Some(teller) = &self.0 else { return };
        let id = &viewer.customer_id;
        let half_day = Timestamp::now().as_second() / HALF_DAY;
        if !teller.is_first(id, half_day) {
            return;
        }
        teller.queue(Event {
            about: About::Customer(id.clone()),
            title: "Signed in to the support portal",
            detail: match viewer.scope.tenant() {
                Some(tenant) => format!("Team: {}", tenant.name),
                None => "Without a team".to_owned(),
            },
            // Other processes, and one that starts anew, name it alike, and Plain takes it once.
            external_id: format!("plain-portal-sign-in-{id}-{half_day}"),
        });
    }

    /// Somebody has marked a request as done, or opened it again.
    pub fn set_done(&self, viewer: &Viewer, thread_id: &str, done: bool) {
        let Some(teller) = &self.0 else { return };
        teller.queue(Event {
            about: About::Thread(thread_id.to_owned()),
            title: match done {
                true => "Marked as done in the support portal",
                false => "Opened again in the support portal",
            },
            detail: format!("By {}", viewer.name),
            external_id: format!("plain-portal-status-{}", Uuid::new_v4()),
        });
    }
}

impl Teller {
    fn is_first(&self, customer_id: &str, half_day: i64) -> bool {
        let mut signed_in = self
            .signed_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if signed_in.half_day != half_day {
            *signed_in = SignedIn {
                half_day,
                ..SignedIn::default()
            };
        }
        signed_in.customers.insert(customer_id.to_owned())
    }

    fn queue(&self, event: Event) {
        if let Err(error) = self.queue.try_send(event) {
            tracing::info!(%error, "an activity event was dropped");
        }
    }
}

async fn tell(plain: &Client, event: Event) -> Result<(), Error> {
    // Names are no markdown.
    let detail: String = event.detail.chars().take(LONGEST).collect();
    let components = vec![EventComponent::plain_text(detail)];
    let external_id = Some(Id::new(&event.external_id));
    let told = match event.about {
        About::Customer(id) => {
            let input = CreateCustomerEventInput {
                customer_identifier: CustomerIdentifierInput::by_id(&id),
                external_id,
                title: event.title,
                components,
                timestamp: None,
            };
            plain.create_customer_event(input).await
        }
        About::Thread(id) => {
            let input = CreateThreadEventInput {
                thread_id: Id::new(id),
                external_id,
                title: event.title,
                components,
                timestamp: None,
            };
            plain.create_thread_event(input).await
        }
    };
    told.map(drop)
}
