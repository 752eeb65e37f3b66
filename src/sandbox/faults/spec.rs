//! Faults as people write them: `KIND[,KEY=VALUE…]` on the command line, JSON with the same names at the control
//! endpoint.

use std::{fmt, str::FromStr, time::Duration};

use http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{Calls, Effect, Fault, Rate, SLOW, Transfer, When};

/// Why something is no fault; the text is for whoever wrote it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

impl Refused {
    fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl From<serde_json::Error> for Refused {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// A fault in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::sandbox) struct Spec {
    /// A status from 300, `hang`, `slow`, `cut-off`, `malformed`, `empty`, `html`, `partial`, `error`, `refusal`, `reset`, `answer`.
    #[serde(deserialize_with = "text_or_number")]
    kind: String,
    /// `mutations`, `queries`, `store`, `uploads`, `downloads`, or the name of an operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    /// The answer's header, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    /// Of `slow`: how long the body takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    /// Of `error` and `refusal`: Plain's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Of `refusal`: the message for developers.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Of `refusal`: the input's field that is wrong. Of `partial`: the answer's field that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Of `html` and `answer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Of `answer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Moment {
    Before,
    After,
}

/// A status may be written as the number that it is.
fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(serde::de::Error::custom(format!(
            "`kind` is not a word: {other}"
        ))),
    }
}

impl FromStr for Fault {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Refused> {
        let mut parts = text.split(',');
        let mut spec = Map::new();
        let kind = parts.next().unwrap_or_default().trim();
        spec.insert("kind".to_owned(), kind.into());
        for part in parts {
            let Some((key, value)) = part.split_once('=') else {
                return Err(Refused::new(format!("`{part}` is not KEY=VALUE")));
            };
            let value = value.trim();
            let number = serde_json::from_str(value).ok().filter(Value::is_number);
            spec.insert(
                key.trim().to_owned(),
                number.unwrap_or_else(|| value.into()),
            );
        }
        let spec = Spec::deserialize(Value::Object(spec))
            .map_err(|error| Refused::new(format!("`{text}`: {error}")))?;
        Self::try_from(spec)
    }
}

impl TryFrom<Spec> for Fault {
    type Error = Refused;

    fn try_from(mut spec: Spec) -> Result<Self, Refused> {
        let kind = std::mem::take(&mut spec.kind);
        let mut fault = match kind.as_str() {
            "hang" => Self::hang(),
            "slow" => Self::slow(match spec.seconds.take() {
                Some(seconds) => Duration::try_from_secs_f64(seconds)
                    .map_err(|error| Refused::new(format!("`seconds`: {error}")))?,
                None => SLOW,
            }),
            "cut-off" => Self::cut_off(),
            "malformed" => Self::malformed(),
            "empty" => Self::empty(),
            "html" => Self::html(status(spec.status.take().unwrap_or(200))?),
            "partial" => Self::new(Effect::Partial(spec.field.take())),
            "error" => Self::error(need(spec.code.take(), "error", "code")?),
            "refusal" => Self {
                effect: Effect::Refusal {
                    code: need(spec.code.take(), "refusal", "code")?,
                    message: spec.message.take(),
                    field: spec.field.take(),
                },
                ..Self::refusal("")
            },
            "reset" | "reset-before" => Self::reset(),
            "reset-after" => Self::reset().after(),
            "answer" => Self::answer(
                status(spec.status.take().unwrap_or(200))?,
                spec.body.take().unwrap_or_default(),
            ),
            other => {
                let number = other.parse().ok().filter(|number| *number >= 300);
                let number = number.ok_or_else(|| {
                    Refused::new(format!(
                        "`{other}` is neither a kind of fault nor a status from 300"
                    ))
                })?;
                Self::status(status(number)?)
            }
        };
        let needs_the_api = matches!(
            fault.effect,
            Effect::Error(_) | Effect::Refusal { .. } | Effect::Partial(_) | Effect::Malformed
        );
        if needs_the_api && matches!(spec.on.as_deref(), Some("store" | "uploads" | "downloads")) {
            return Err(Refused::new(format!("`{kind}` means nothing to the store")));
        }
        if !matches!(fault.effect, Effect::Hang | Effect::Reset)
            && let Some(seconds) = spec.retry_after.take()
        {
            fault = fault.retry_after(Duration::from_secs(seconds));
        }
        match spec.when.take() {
            Some(Moment::After) => fault = fault.after(),
            Some(Moment::Before) if fault.when == When::After => {
                return Err(Refused::new(format!("`{kind}` is never before")));
            }
            _ => {}
        }
        match spec.on.take().as_deref() {
            None => {}
            Some("mutations") => fault = fault.on_mutations(),
            Some("queries") => fault = fault.on_queries(),
            Some("store") => fault = fault.on_store(None),
            Some("uploads") => fault = fault.on_store(Some(Transfer::Upload)),
            Some("downloads") => fault = fault.on_store(Some(Transfer::Download)),
            Some(operation) => fault = fault.on(operation),
        }
        match spec.times.take() {
            Some(0) => return Err(Refused::new("`times` is at least 1")),
            times => fault.times = times,
        }
        let seed = spec.seed.take();
        fault.rate = match (spec.rate.take(), seed) {
            (Some(share), seed) if (0.0..=1.0).contains(&share) => Some(Rate {
                share,
                seed: seed.unwrap_or(0),
            }),
            (None, None) => None,
            (Some(_), _) => return Err(Refused::new("`rate` is from 0 to 1")),
            (None, Some(_)) => return Err(Refused::new("`seed` needs a `rate`")),
        };
        match serde_json::to_value(&spec) {
            Ok(Value::Object(rest)) => match rest.keys().find(|key| *key != "kind") {
                Some(key) => Err(Refused::new(format!("`{key}` means nothing to `{kind}`"))),
                None => Ok(fault),
            },
            _ => Ok(fault),
        }
    }
}

fn status(number: u16) -> Result<StatusCode, Refused> {
    // 1xx is no answer, and HTTP has no names for more than 599.
    let known = StatusCode::from_u16(number).ok();
    known
        .filter(|status| (200..600).contains(&status.as_u16()))
        .ok_or_else(|| Refused::new(format!("{number} is not the status of an answer")))
}

fn need(value: Option<String>, kind: &str, key: &str) -> Result<String, Refused> {
    value.ok_or_else(|| Refused::new(format!("`{kind}` needs `{key}`")))
}

impl From<&Fault> for Spec {
    fn from(fault: &Fault) -> Self {
        let mut spec = match fault.effect.clone() {
            Effect::Status(status) => Self::of(status.as_str()),
            Effect::Answer(status, body) => Self {
                status: Some(status.as_u16()),
                body: Some(body),
                ..Self::of("answer")
            },
            Effect::CutOff => Self::of("cut-off"),
            Effect::Malformed => Self::of("malformed"),
            Effect::Empty => Self::of("empty"),
            Effect::Html(status) => Self {
                status: Some(status.as_u16()),
                ..Self::of("html")
            },
            Effect::Error(code) => Self {
                code: Some(code),
                ..Self::of("error")
            },
            Effect::Refusal {
                code,
                message,
                field,
            } => Self {
                code: Some(code),
                message,
                field,
                ..Self::of("refusal")
            },
            Effect::Partial(field) => Self {
                field,
                ..Self::of("partial")
            },
            Effect::Slow(over) => Self {
                seconds: Some(over.as_secs_f64()),
                ..Self::of("slow")
            },
            Effect::Hang => Self::of("hang"),
            Effect::Reset => Self::of("reset"),
            Effect::Hold(_) => Self::of("hold"),
        };
        spec.on = match &fault.calls {
            Calls::All => None,
            Calls::Queries => Some("queries".to_owned()),
            Calls::Mutations => Some("mutations".to_owned()),
            Calls::Named(name) => Some(name.clone()),
            Calls::Store(None) => Some("store".to_owned()),
            Calls::Store(Some(Transfer::Upload)) => Some("uploads".to_owned()),
            Calls::Store(Some(Transfer::Download)) => Some("downloads".to_owned()),
        };
        spec.when = Some(match fault.when {
            When::Before => Moment::Before,
            When::After => Moment::After,
        });
        spec.retry_after = fault.retry_after.map(|it| it.as_secs());
        spec.times = fault.times;
        spec.rate = fault.rate.map(|rate| rate.share);
        spec.seed = fault.rate.map(|rate| rate.seed);
        spec
    }
}

impl Spec {
    fn of(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            ..Self::default()
        }
    }
}

/// As it would be written in JSON.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match serde_json::to_string(&Spec::from(self)) {
            Ok(json) => f.write_str(&json),
            Err(_) => Err(fmt::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str) -> Result<Fault, String> {
        text.parse().map_err(|error: Refused| error.to_string())
    }

    #[test]
    fn what_is_listed_can_be_posted_again() {
        for text in [
            "500",
            "429,retryAfter=7",
            "hang,on=queries,rate=0.25,seed=9",
            "slow,seconds=0.5",
            "malformed,times=3",
            "cut-off,on=downloads",
            "500,on=uploads,times=2",
            "hang,on=store",
            "empty,when=after",
            "html,status=502",
            "partial,field=statusDetail",
            "error,code=FORBIDDEN,on=threads",
            "refusal,code=input_validation,field=text,message=No",
            "reset-after,on=mutations",
            "answer,status=200,body=null,retryAfter=2",
        ] {
            let listed = read(text).unwrap().to_string();
            let spec: Spec = serde_json::from_str(&listed).unwrap();
            assert_eq!(Fault::try_from(spec).unwrap().to_string(), listed, "{text}");
        }
        assert_eq!(
            read("reset-after,on=ReplyToThread,times=2")
                .unwrap()
                .to_string(),
            r#"{"kind":"reset","on":"ReplyToThread","when":"after","times":2}"#
        );
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for (text, why) in [
            ("", "neither a kind of fault nor a status"),
            ("200", "neither a kind of fault nor a status"),
            ("1000", "not the status of an answer"),
            ("hold", "neither a kind of fault"),
            ("hang,retryAfter=1", "`retryAfter` means nothing to `hang`"),
            ("hang,color=red", "unknown field `color`"),
            ("hang,times", "not KEY=VALUE"),
            ("hang,times=0", "at least 1"),
            ("hang,times=often", "invalid type"),
            ("hang,rate=2", "from 0 to 1"),
            ("hang,seed=2", "needs a `rate`"),
            ("partial,on=store", "means nothing to the store"),
            ("error", "`error` needs `code`"),
            ("slow,seconds=-1", "`seconds`"),
            ("partial,when=before", "never before"),
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
