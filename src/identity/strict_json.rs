//! The JSON of tokens and keys, read without leniency: what two readers could understand differently is refused (RFC 8725, 2.4).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

/// Decodes a part of a token, and reads it.
///
/// # Errors
/// As [`read`], and when it is not base64url.
pub fn decode<T: DeserializeOwned>(part: &str) -> Result<T, String> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| "a part is not base64url".to_owned())?;
    read(&bytes)
}

/// Reads one JSON object.
///
/// # Errors
/// When it is something else, or a member stands in it twice; names the member, and never what it holds.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice::<NoDuplicates>(bytes).map_err(|error| without_values(&error))?;
    // By way of a map, because serde would also read a struct from a JSON array.
    let object: serde_json::Map<String, Value> =
        serde_json::from_slice(bytes).map_err(|error| without_values(&error))?;
    serde_path_to_error::deserialize(Value::Object(object)).map_err(|error| {
        let problem = without_values(error.inner());
        match error.path().to_string().as_str() {
            "." => problem,
            member => format!("`{member}`: {problem}"),
        }
    })
}

/// serde's message up to the first quoted value: names of members are fine in a log, what they hold is not.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(": ") {
        Some((kind, rest)) if kind.starts_with("invalid") => {
            let expected = rest
                .rsplit_once("expected ")
                .map_or(String::new(), |(_, expected)| {
                    format!(", expected {expected}")
                });
            format!("{kind}{expected}")
        }
        _ => text,
    }
}

/// Reads a struct from a JSON object and from nothing else; serde alone would take an array of its members as well.
pub fn object<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let object = serde_json::Map::deserialize(deserializer)?;
    T::deserialize(Value::Object(object)).map_err(serde::de::Error::custom)
}

/// The same where it may be absent, but not `null`.
pub fn some_object<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    object(deserializer).map(Some)
}

/// The same for each in a list.
pub fn objects<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let objects = Vec::<serde_json::Map<String, Value>>::deserialize(deserializer)?;
    objects
        .into_iter()
        .map(|object| T::deserialize(Value::Object(object)).map_err(serde::de::Error::custom))
        .collect()
}

/// JSON of any shape in which no object has a member twice.
struct NoDuplicates;

impl<'de> Deserialize<'de> for NoDuplicates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NoDuplicatesVisitor)
    }
}

struct NoDuplicatesVisitor;

impl<'de> Visitor<'de> for NoDuplicatesVisitor {
    type Value = NoDuplicates;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without duplicate members")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NoDuplicates, A::Error> {
        let mut seen = std::collections::HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            map.next_value::<NoDuplicates>()?;
            if !seen.insert(name) {
                return Err(serde::de::Error::custom("a member stands there twice"));
            }
        }
        Ok(NoDuplicates)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<NoDuplicates, A::Error> {
        while seq.next_element::<NoDuplicates>()?.is_some() {}
        Ok(NoDuplicates)
    }

    fn visit_bool<E>(self, _: bool) -> Result<NoDuplicates, E> {
        Ok(NoDuplicates)
    }

    fn visit_i64<E>(self, _: i64) -> Result<NoDuplicates, E> {
        Ok(NoDuplicates)
    }

    fn visit_u64<E>(self, _: u64) -> Result<NoDuplicates, E> {
        Ok(NoDuplicates)
    }

    fn visit_f64<E>(self, _: f64) -> Result<NoDuplicates, E> {
        Ok(NoDuplicates)
    }

    fn visit_str<E>(self, _: &str) -> Result<NoDuplicates, E> {
        Ok(NoDuplicates)
    }

    fn visit_unit<E>(self) -> Result<NoDuplicates, E> {
        Ok(NoDuplicates)
    }
}
