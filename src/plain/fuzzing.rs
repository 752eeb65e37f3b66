//! What fuzz targets (`fuzz/`) reach and nothing else may: it is built for them alone.

use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use super::{Error, Loaded, answer::Received};

/// Reads an answer with this status and body, as every call does.
pub fn decode<Q: DeserializeOwned>(status: u16, body: &[u8]) -> Result<Loaded<Q>, Error> {
    let received = Received {
        status: StatusCode::from_u16(status).unwrap_or_default(),
        retry_after: None,
        body: body.to_vec(),
    };
    let answer = received.answer::<Q>()?;
    let _ = answer.incomplete_rows("threads", &["lastMessage"]);
    answer.at_least(|_| true)
}
