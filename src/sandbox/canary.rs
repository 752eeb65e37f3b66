//! Answers in which every text says which field it comes from, so that one can see where each of them ends up.
//!
//! One pass over the JSON, led by the types of its values: the text of a field `Thread.title` becomes
//! `canary.Thread.title.7`, another each time. Ids, cursors and times stay what they are, because a client sends them
//! back or reads them; which fields had an id is remembered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    answer::Answer,
    typed::{Kind, Typed, Types},
};

/// What every such text begins with.
pub const PREFIX: &str = "canary.";

/// Texts that a client compares, reads or sends back.
const KEPT: &[&str] = &[
    "code",
    "cursor",
    "downloadUrl",
    "endCursor",
    "externalId",
    "iso8601",
    "key",
    "permissions",
    "startCursor",
    "unixTimestamp",
    "uploadFormUrl",
    "UploadFormData.value",
];

/// The canaries of one sandbox so far.
#[derive(Default)]
pub struct Canaries {
    made: u64,
    /// For each id or cursor the fields, as `Type.field`, that had it.
    kept: BTreeMap<String, BTreeSet<String>>,
}

impl Canaries {
    /// The fields, as `Type.field`, of each id, key and cursor in the answers so far.
    pub fn kept(&self) -> &BTreeMap<String, BTreeSet<String>> {
        &self.kept
    }

    /// Puts a canary into every text of an answer.
    pub fn sing(&mut self, answer: &mut Answer) {
        let Answer { json, types } = answer;
        for (path, typed) in &types.0 {
            let is_text = typed.kind == Kind::Scalar && matches!(&*typed.name, "String" | "ID");
            if let (true, Some(value)) = (is_text, Types::value(json, path)) {
                self.change(typed, value);
            }
        }
        for error in json["errors"].as_array_mut().into_iter().flatten() {
            self.replace("GraphQLError.message", &mut error["message"]);
        }
    }

    fn change(&mut self, typed: &Typed, value: &mut Value) {
        let field = format!("{}.{}", typed.parent, typed.field);
        let is_kept = [&*typed.field, &*field].iter().any(|it| KEPT.contains(it));
        let is_time = matches!(&*typed.field, "iso8601" | "unixTimestamp");
        match value {
            Value::Array(items) => {
                for item in items {
                    self.change(typed, item);
                }
            }
            Value::String(text) if typed.name == "ID" || is_kept => {
                if !is_time && !text.is_empty() {
                    self.kept.entry(text.clone()).or_default().insert(field);
                }
            }
            value => self.replace(&field, value),
        }
    }

    fn replace(&mut self, field: &str, value: &mut Value) {
        let Value::String(text) = value else {
            return;
        };
        self.made += 1;
        // Where a link is wanted, it stays one.
        let scheme = match text.split_once("://") {
            Some((scheme @ ("http" | "https"), _)) => format!("{scheme}://host.example/"),
            _ => String::new(),
        };
        *text = format!("{scheme}{PREFIX}{field}.{}", self.made);
    }
}
