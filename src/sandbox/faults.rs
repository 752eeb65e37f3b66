//! What can go wrong with Plain, or on the way to it, on command.
//!
//! A [`Fault`] says what happens, to which calls, and how often. Faults stand in a list; each call takes the first that
//! is meant for it, so that `times` makes a sequence of them. A gate ([`Fault::hold`]) takes no call away: a call that
//! waited at one goes on to the next fault of the list.

mod gate;
mod spec;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::StatusCode;
use tokio::sync::watch;

use super::call::Call;
pub use gate::Gate;
pub use spec::Refused;
pub(super) use spec::Spec;

/// Something that goes wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    pub(super) effect: Effect,
    /// The header of the answer, if there is one.
    pub(super) retry_after: Option<Duration>,
    calls: Calls,
    pub(super) when: When,
    times: Option<u32>,
    rate: Option<Rate>,
}

/// What happens to a call.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    Status(StatusCode),
    Answer(StatusCode, String),
    Malformed,
    Empty,
    Html(StatusCode),
    Error(String),
    Refusal {
        code: String,
        message: Option<String>,
        field: Option<String>,
    },
    Partial(Option<String>),
    Slow(Duration),
    CutOff,
    Hang,
    Reset,
    Hold(Gate),
}

/// Which calls a fault is meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Calls {
    All,
    Queries,
    Mutations,
    /// Of this operation, by its name or by the field of `Query` or `Mutation` that it asks for, whatever the case.
    Named(String),
    /// To the store of files: of this kind, or of both.
    Store(Option<Transfer>),
}

/// What the store of files is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    Upload,
    Download,
}

/// What a fault may happen to.
#[derive(Clone, Copy)]
pub(super) enum Asked<'a> {
    Api(&'a Call),
    Store(Transfer),
}

/// When a fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// The operation is not carried out.
    Before,
    /// The operation is carried out, and its answer is lost.
    After,
}

/// How large a share of the calls a fault hits, drawn with this seed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rate {
    share: f64,
    seed: u64,
}

/// What Plain waits at most for its own load balancer, roughly: long enough for every client to give up first.
const SLOW: Duration = Duration::from_secs(60);

impl Fault {
    fn new(effect: Effect) -> Self {
        // These two are about an answer, so there must be one.
        let when = match effect {
            Effect::Partial(_) | Effect::Slow(_) | Effect::CutOff => When::After,
            _ => When::Before,
        };
        Self {
            effect,
            retry_after: None,
            calls: Calls::All,
            when,
            times: None,
            rate: None,
        }
    }

    /// This status with an error in JSON; 429 with `Retry-After: 1` unless told otherwise.
    pub fn status(status: StatusCode) -> Self {
        let fault = Self::new(Effect::Status(status));
        match status {
            StatusCode::TOO_MANY_REQUESTS => fault.retry_after(Duration::from_secs(1)),
            _ => fault,
        }
    }

    /// 429 with this `Retry-After`.
    pub fn rate_limited(retry_after: Duration) -> Self {
        Self::status(StatusCode::TOO_MANY_REQUESTS).retry_after(retry_after)
    }

    /// Exactly this answer, as `application/json` whatever it is.
    pub fn answer(status: StatusCode, body: impl Into<String>) -> Self {
        Self::new(Effect::Answer(status, body.into()))
    }

    /// 200 with JSON that ends too early.
    pub fn malformed() -> Self {
        Self::new(Effect::Malformed)
    }

    /// 200 with nothing.
    pub fn empty() -> Self {
        Self::new(Effect::Empty)
    }

    /// A page for people, as load balancers answer.
    pub fn html(status: StatusCode) -> Self {
        Self::new(Effect::Html(status))
    }

    /// 200 with `data: null` and one top-level error of this code, such as `INTERNAL_SERVER_ERROR`, `FORBIDDEN`,
    /// `UNAUTHENTICATED` or `BAD_USER_INPUT`.
    pub fn error(code: impl Into<String>) -> Self {
        Self::new(Effect::Error(code.into()))
    }

    /// Mutations answer 200 with `error` of this code, such as `input_validation`, `forbidden`, `internal`, and whatever
    /// else they answer null. Its type follows from the code. Queries are left alone.
    pub fn refusal(code: impl Into<String>) -> Self {
        let (code, message, field) = (code.into(), None, None);
        Self {
            calls: Calls::Mutations,
            ..Self::new(Effect::Refusal {
                code,
                message,
                field,
            })
        }
    }

    /// The true answer, but for one value that failed inside of Plain: it is null, or the nearest around it that may
    /// be, and `errors` names its path with INTERNAL_SERVER_ERROR. Takes the first value below the root's fields that
    /// may be null and is not, or else the root's field.
    pub fn partial() -> Self {
        Self::new(Effect::Partial(None))
    }

    /// As [`Self::partial`], for all values of the fields of this name.
    pub fn partial_at(field: impl Into<String>) -> Self {
        Self::new(Effect::Partial(Some(field.into())))
    }

    /// The true answer: the headers at once, the body a little at a time, evenly over so long.
    pub fn slow(over: Duration) -> Self {
        Self::new(Effect::Slow(over))
    }

    /// The true answer's head and half of its body; then the connection ends.
    pub fn cut_off() -> Self {
        Self::new(Effect::CutOff)
    }

    /// No answer. When the faults are cleared or the sandbox stops, the connection is reset.
    pub fn hang() -> Self {
        Self::new(Effect::Hang)
    }

    /// The connection is reset (TCP RST) and not a byte answered.
    pub fn reset() -> Self {
        Self::new(Effect::Reset)
    }

    /// The call waits at this gate. It goes on when it is let go or the faults are cleared; when the sandbox stops its
    /// connection is reset.
    pub fn hold(gate: &Gate) -> Self {
        Self::new(Effect::Hold(gate.clone()))
    }

    /// With `Retry-After` in the answer, in whole seconds.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Happens after the operation was carried out, in place of its answer.
    pub fn after(mut self) -> Self {
        self.when = When::After;
        self
    }

    /// Only to this operation: its name, or the field of `Query` or `Mutation` that it asks for, whatever the case.
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.calls = Calls::Named(operation.into());
        self
    }

    /// Only to mutations.
    pub fn on_mutations(mut self) -> Self {
        self.calls = Calls::Mutations;
        self
    }

    /// Only to queries.
    pub fn on_queries(mut self) -> Self {
        self.calls = Calls::Queries;
        self
    }

    /// Only to the store of files: see [`Transfer`]; `None` for both kinds. No other fault happens there.
    pub fn on_store(mut self, transfer: Option<Transfer>) -> Self {
        self.calls = Calls::Store(transfer);
        self
    }

    /// To the next so many calls that it is meant for, then no more. Otherwise: until it is cleared.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// To this share (0 to 1) of the calls that it is meant for, drawn by a generator with this seed: the same calls
    /// in the same order have the same faults.
    pub fn at_rate(mut self, share: f64, seed: u64) -> Self {
        self.rate = Some(Rate { share, seed });
        self
    }

    fn is_for(&self, asked: Asked<'_>) -> bool {
        let call = match (asked, &self.calls) {
            (Asked::Store(transfer), Calls::Store(only)) => {
                return only.is_none_or(|only| only == transfer);
            }
            (Asked::Store(_), _) | (_, Calls::Store(_)) => return false,
            (Asked::Api(call), _) => call,
        };
        if matches!(self.effect, Effect::Refusal { .. }) && !call.is_mutation() {
            return false;
        }
        match &self.calls {
            Calls::All => true,
            Calls::Queries => !call.is_mutation(),
            Calls::Mutations => call.is_mutation(),
            Calls::Named(name) => {
                let roots = call.roots();
                let mut roots = roots.iter().map(|field| field.name.node.as_str());
                call.name().eq_ignore_ascii_case(name)
                    || roots.any(|root| root.eq_ignore_ascii_case(name))
            }
            Calls::Store(_) => false,
        }
    }
}

/// The faults of a sandbox.
pub(super) struct Faults {
    rules: Mutex<Vec<Rule>>,
    cleared: watch::Sender<()>,
}

struct Rule {
    fault: Fault,
    random: fastrand::Rng,
}

/// What one call has to go through. It is settled when the call arrives, whatever happens to the list afterwards.
pub(super) struct Plan {
    pub holds: Vec<(When, Gate)>,
    pub fault: Option<Fault>,
    /// Changes when the faults are cleared.
    pub cleared: watch::Receiver<()>,
}

impl Faults {
    pub fn new(faults: Vec<Fault>) -> Self {
        let list = Self {
            rules: Mutex::default(),
            cleared: watch::Sender::new(()),
        };
        faults.into_iter().for_each(|fault| list.add(fault));
        list
    }

    /// Adds one at the end of the list.
    pub fn add(&self, fault: Fault) {
        if fault.times == Some(0) {
            return;
        }
        let seed = fault.rate.map_or(0, |rate| rate.seed);
        let random = fastrand::Rng::with_seed(seed);
        self.rules().push(Rule { fault, random });
    }

    /// Those that can still happen, `times` being what is left of it.
    pub fn list(&self) -> Vec<Fault> {
        self.rules().iter().map(|rule| rule.fault.clone()).collect()
    }

    /// Forgets all of them, and ends what they are doing to calls.
    pub fn clear(&self) {
        self.rules().clear();
        self.cleared.send_replace(());
    }

    /// Takes what is meant for this call.
    pub fn take(&self, asked: Asked<'_>) -> Plan {
        let mut rules = self.rules();
        let (mut holds, mut taken) = (Vec::new(), None);
        for Rule { fault, random } in rules.iter_mut().filter(|rule| rule.fault.is_for(asked)) {
            if fault.rate.is_some_and(|rate| random.f64() >= rate.share) {
                continue;
            }
            if let Some(left) = &mut fault.times {
                *left -= 1;
            }
            match &fault.effect {
                Effect::Hold(gate) => holds.push((fault.when, gate.clone())),
                _ => {
                    taken = Some(fault.clone());
                    break;
                }
            }
        }
        rules.retain(|rule| rule.fault.times != Some(0));
        Plan {
            holds,
            fault: taken,
            cleared: self.cleared.subscribe(),
        }
    }

    fn rules(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
