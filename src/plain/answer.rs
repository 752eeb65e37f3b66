//! What came back, made into data or an error. By the GraphQL specification (7.1) there may be both.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use reqwest::StatusCode;
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::{error::Category, value::RawValue};

use super::{codes, error::Error, surrogates};

/// An HTTP answer, whole.
pub(super) struct Received {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

/// Data of the shape that was asked for, and what Plain could not fill in.
#[derive(Debug)]
pub(super) struct Answer<Q> {
    data: Q,
    failures: Vec<Failure>,
}

/// What a page is made of. Something may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded<T> {
    pub value: T,
    /// Plain could not load all of it.
    pub partial: bool,
}

impl<T> Loaded<T> {
    /// The same with something else made of the value.
    pub fn map<U>(self, part: impl FnOnce(T) -> U) -> Loaded<U> {
        Loaded {
            value: part(self.value),
            partial: self.partial,
        }
    }
}

/// One of an answer's `errors`.
#[derive(Debug, Deserialize)]
pub(super) struct Failure {
    #[serde(default)]
    message: String,
    path: Option<Vec<Segment>>,
    extensions: Option<Extensions>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub(super) enum Segment {
    Field(String),
    Index(usize),
}

/// The part of `extensions` that Plain documents.
#[derive(Debug, Deserialize)]
struct Extensions {
    code: Option<String>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    errors: Option<Vec<Failure>>,
}

impl Received {
    /// Data that fits what was asked for, or why there is none.
    ///
    /// Data with nothing but null at the top, beside errors, is no data: the null stands for the failure and does not
    /// mean "not found".
    pub fn answer<Q: DeserializeOwned>(mut self) -> Result<Answer<Q>, Error> {
        surrogates::mend(&mut self.body);
        if self.status != StatusCode::OK {
            return Err(self.failed());
        }
        let Envelope { data, errors } = envelope(&self.body)?;
        let failures = errors.unwrap_or_default();
        let data = data.filter(|data| failures.is_empty() || !is_all_null(data));
        let Some(data) = data else {
            return Err(worst(&failures)
                .unwrap_or_else(|| Error::not_understood("neither data nor errors")));
        };
        let mut text = serde_json::Deserializer::from_str(data.get());
        match serde_path_to_error::deserialize(&mut text) {
            Ok(data) => Ok(Answer { data, failures }),
            // serde's own words would repeat what customers wrote.
            Err(error) => Err(worst(&failures).unwrap_or_else(|| {
                Error::not_understood(format!("`{}` is not as the schema says", error.path()))
            })),
        }
    }

    /// The error of an answer that is not 200. A 400 may say by codes what it does not take.
    fn failed(self) -> Error {
        let failures = envelope(&self.body)
            .ok()
            .and_then(|envelope| envelope.errors)
            .unwrap_or_default();
        let with_code = failures.iter().any(|failure| failure.code().is_some());
        match worst(&failures) {
            Some(error) if self.status == StatusCode::BAD_REQUEST && with_code => error,
            _ => {
                let message = failures.first().map_or("", |failure| &failure.message);
                codes::status(self.status, self.retry_after, message)
            }
        }
    }
}

fn envelope(body: &[u8]) -> Result<Envelope<'_>, Error> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => Error::not_understood("not an answer by GraphQL's rules"),
        Category::Syntax | Category::Eof | Category::Io => Error::Garbled {
            detail: format!("no JSON in {} bytes", body.len()),
        },
    })
}

fn is_all_null(data: &RawValue) -> bool {
    serde_json::from_str::<BTreeMap<String, Option<IgnoredAny>>>(data.get())
        .is_ok_and(|fields| fields.values().all(Option::is_none))
}

/// The error that several are together: one after which a mutation may have been carried out, if there is one.
fn worst(failures: &[Failure]) -> Option<Error> {
    let mut errors: Vec<Error> = failures.iter().map(Failure::error).collect();
    let worst = errors.iter().position(Error::maybe_done).unwrap_or(0);
    (!errors.is_empty()).then(|| errors.swap_remove(worst))
}

impl Failure {
    fn code(&self) -> Option<&str> {
        self.extensions.as_ref()?.code.as_deref()
    }

    fn error(&self) -> Error {
        codes::top_level(self.code(), &self.message)
    }

    /// The path below the operation's root field; empty when the failure is of the whole, or says nothing of where it is.
    fn below_root(&self) -> &[Segment] {
        match self.path.as_deref() {
            Some([_, below @ ..]) => below,
            _ => &[],
        }
    }
}

impl<Q> Answer<Q> {
    pub fn map<T>(self, part: impl FnOnce(Q) -> T) -> Answer<T> {
        Answer {
            data: part(self.data),
            failures: self.failures,
        }
    }

    /// The data of a read that something is decided by: nothing may be missing.
    pub fn whole(self) -> Result<Q, Error> {
        self.at_least(|_| false).map(|loaded| loaded.value)
    }

    /// The data of a read that can do without what is missing, when it has what it needs.
    pub fn at_least(self, has_what_it_needs: impl FnOnce(&Q) -> bool) -> Result<Loaded<Q>, Error> {
        match worst(&self.failures) {
            Some(error) if !has_what_it_needs(&self.data) => Err(error),
            missing => Ok(Loaded {
                value: self.data,
                partial: missing.is_some(),
            }),
        }
    }

    /// What a mutation says that it did. Failures inside its result do not matter; those of the outcome itself do.
    pub fn outcome(self) -> Result<Q, Error> {
        let of_the_outcome = |failure: &&Failure| match failure.below_root() {
            [] => true,
            [Segment::Field(field), ..] => field == "error",
            _ => false,
        };
        match self.failures.iter().find(of_the_outcome) {
            Some(failure) => Err(Error::not_understood(format!(
                "a mutation answered, and failed: {}",
                failure.message
            ))),
            None => Ok(self.data),
        }
    }

    /// The rows of this connection, directly below the root field, in which something is missing other than these
    /// fields.
    ///
    /// # Errors
    /// The failure that does not say which row it is of: it may be any.
    pub fn incomplete_rows(
        &self,
        connection: &str,
        dispensable: &[&str],
    ) -> Result<BTreeSet<usize>, Error> {
        let row = |failure: &Failure| {
            let nowhere = || Some(Err(failure.error()));
            let [Segment::Field(field), below @ ..] = failure.below_root() else {
                return nowhere();
            };
            match below {
                _ if field != connection => None,
                [Segment::Field(edges), Segment::Index(row), within @ ..] if edges == "edges" => {
                    let field = within.iter().rev().find_map(|segment| match segment {
                        Segment::Field(field) => Some(field.as_str()),
                        Segment::Index(_) => None,
                    });
                    let is_dispensable = field.is_some_and(|field| dispensable.contains(&field));
                    (!is_dispensable).then_some(Ok(*row))
                }
                [Segment::Field(info), ..] if info == "pageInfo" => None,
                _ => nowhere(),
            }
        };
        self.failures.iter().filter_map(row).collect()
    }

    /// What is missing, in Plain's words.
    pub fn missing(&self) -> Option<Error> {
        worst(&self.failures)
    }
}

#[cfg(test)]
mod tests;
