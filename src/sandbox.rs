//! The built-in sandbox: an imitation of Plain's GraphQL API in memory, for the demo and for tests.
//!
//! It follows Plain's published schema and the API documents (<https://www.plain.com/docs/api-reference/graphql>): the
//! same types, pages, errors and side effects, for the operations that it has. What it does not have it refuses with an
//! error; it never ignores an input.

mod absent;
mod agent;
mod answer;
pub mod behaviour;
mod call;
pub mod canary;
mod control;
mod drift;
mod enums;
mod errors;
mod every_kind;
pub mod faults;
mod files;
mod fragments;
mod http;
mod ids;
mod local;
mod mail;
pub mod options;
pub mod permissions;
mod records;
mod schema;
pub mod seed;
mod service;
mod state;
mod store;
mod strict;
mod table;
mod typed;
pub mod webhooks;
mod wire;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use tokio::{net::TcpListener, sync::watch};

use behaviour::Behaviour;
use faults::{Fault, Faults};
use service::Service;
use store::Store;
use webhooks::{Delivery, Target, Webhooks};
use wire::{Cut, Wire};

/// How a sandbox starts.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What is in it.
    pub seed: Seed,
    /// How it behaves at first.
    pub behaviour: Behaviour,
    /// What goes wrong from the beginning.
    pub faults: Vec<Fault>,
    /// Where webhooks go, if anywhere.
    pub webhooks: Option<Target>,
}

/// What is in a sandbox when it starts. All of them have the workspace, its agents and its machine user.
#[derive(Clone, Debug, Default)]
pub enum Seed {
    /// A month of a company's support: [`seed::PEOPLE`] and their threads.
    #[default]
    Story,
    /// Nothing more.
    Empty,
    /// Generated customers and threads, dealt out evenly to the tenants, for load tests.
    Bulk { threads: usize, tenants: usize },
}

/// A running sandbox. Clones are handles to the same one; it runs until it is stopped, or its runtime ends.
#[derive(Clone)]
pub struct Sandbox {
    addr: SocketAddr,
    service: Arc<Service>,
    stop: Arc<watch::Sender<bool>>,
    ended: watch::Receiver<bool>,
}

impl Sandbox {
    /// Binds `addr`, whose port may be 0, and serves on a task of the current runtime.
    pub async fn start(addr: SocketAddr, options: Options) -> io::Result<Sandbox> {
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        let (stop, stopping) = watch::channel(false);
        let (end, ended) = watch::channel(false);
        let mut state = seed::plant(&options.seed);
        state.behaviour = options.behaviour;
        state.files.origin = format!("http://{}", reachable(addr));
        let webhooks = Arc::new(Webhooks::default());
        webhooks.aim(options.webhooks, &state);
        let store = Arc::new(Store::new(state, Arc::clone(&webhooks)));
        tokio::spawn(webhooks::run(
            Arc::clone(&store),
            Arc::clone(&webhooks),
            stopping.clone(),
        ));
        let service = Arc::new(Service {
            schema: schema::schema(Arc::clone(&store)),
            recorded: schema::recorded(Arc::clone(&store)),
            store,
            faults: Faults::new(options.faults),
            calls: Default::default(),
            canaries: Default::default(),
            webhooks,
            stopping: stopping.clone(),
        });
        let stop = Arc::new(stop);
        let told_to_stop = until_true(stopping, Some(Arc::clone(&stop)));
        let app = http::router(Arc::clone(&service)).into_make_service_with_connect_info::<Cut>();
        let server = axum::serve(Wire(listener), app);
        tokio::spawn(async move {
            // Serving cannot fail once the address is bound: the server tries again whatever accept says.
            let _ = server.with_graceful_shutdown(told_to_stop).await;
            end.send_replace(true);
        });
        Ok(Sandbox {
            addr,
            service,
            stop,
            ended,
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The URL of the API.
    pub fn graphql_url(&self) -> String {
        format!("http://{}{}", self.addr, http::PATH)
    }

    /// The URL of the pages on which one plays the support team.
    pub fn agent_url(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// The operation name of each well-formed request with an API key so far, oldest first: `operationName`, or the
    /// name of the only operation in the document, or `anonymous`. What goes to the store of files is `upload` or
    /// `download`.
    pub fn calls(&self) -> Vec<String> {
        self.service.calls().clone()
    }

    /// Forgets the calls so far.
    pub fn forget_calls(&self) {
        self.service.calls().clear();
    }

    /// Makes something go wrong, after what is to go wrong already.
    pub fn inject(&self, fault: Fault) {
        self.service.faults.add(fault);
    }

    /// What is still to go wrong, in its order.
    pub fn faults(&self) -> Vec<Fault> {
        self.service.faults.list()
    }

    /// Makes all well again. Calls at a gate go on, slow bodies come at once, hanging connections are reset.
    pub fn clear_faults(&self) {
        self.service.faults.clear();
    }

    /// How it behaves now.
    pub fn behaviour(&self) -> Behaviour {
        self.service.store.lock().behaviour.clone()
    }

    /// Makes it behave otherwise from the next call on: `sandbox.behave(|it| it.deny_with_403 = true)`.
    pub fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.service.store.lock().behaviour);
    }

    /// Sends webhooks there from now on, or nowhere.
    pub fn send_webhooks(&self, target: Option<Target>) {
        self.service.aim_webhooks(target);
    }

    /// The last webhooks, oldest first, with what became of each.
    pub fn webhooks(&self) -> Vec<Delivery> {
        self.service.webhooks.deliveries()
    }

    /// The fields, as `Type.field`, that had each id, key or cursor in an answer so far; only with
    /// [`Behaviour::canaries`].
    pub fn kept_values(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.service.canaries().kept().clone()
    }

    /// Stops listening and closes the connections; requests that wait for their latency are answered with 503.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        self.closed().await;
    }

    /// Resolves when the server has ended.
    pub async fn closed(&self) {
        until_true(self.ended.clone(), None).await;
    }
}

/// Where this machine finds what listens on this address.
fn reachable(mut addr: SocketAddr) -> SocketAddr {
    if addr.ip().is_unspecified() {
        addr.set_ip(match addr.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    addr
}

/// Waits until the channel says true. `keep` is a sender to hold meanwhile: without one, the end of all senders ends
/// the wait as well.
async fn until_true(mut channel: watch::Receiver<bool>, keep: Option<Arc<watch::Sender<bool>>>) {
    let _ = channel.wait_for(|value| *value).await;
    drop(keep);
}

/// The sandbox's schema in GraphQL's own language, to hold it against Plain's.
pub fn sdl() -> String {
    schema::sdl()
}
