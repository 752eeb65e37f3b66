#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use apollo_compiler::{ExecutableDocument, Schema, executable::Selection, validation::Valid};
use serde_json::json;

use super::*;
use crate::plain::operations::tests::{plains_schema, skipped};

fn members(schema: &Valid<Schema>) -> BTreeSet<String> {
    let union = schema.get_union("Entry").unwrap();
    union.members.iter().map(|it| it.to_string()).collect()
}

fn names(wanted: impl Fn(Class) -> bool) -> BTreeSet<String> {
    let kinds = KINDS.iter().filter(|kind| wanted(kind.class));
    kinds.map(|kind| kind.member.to_owned()).collect()
}

#[test]
fn every_member_of_plains_union_is_in_a_class() {
    let Some(plain) = plains_schema() else {
        return skipped("no PLAIN_SCHEMA");
    };
    assert_eq!(names(|_| true), members(&plain));
    let types: BTreeSet<String> = plain
        .get_enum("TimelineEntryType")
        .unwrap()
        .values
        .keys()
        .map(|it| it.to_string())
        .collect();
    let ours = KINDS.map(|kind| json!(kind.entry_type).as_str().unwrap().to_owned());
    assert_eq!(BTreeSet::from(ours), types);
}

/// `ThreadLinkCreatedEntry` is `THREAD_LINK_CREATED`.
#[test]
fn a_member_and_its_type_in_the_filter_are_the_same_kind() {
    for kind in KINDS {
        let filter = json!(kind.entry_type).as_str().unwrap().replace('_', "");
        let member = kind.member.strip_suffix("Entry").unwrap();
        assert_eq!(member.to_uppercase(), filter);
    }
}

#[test]
fn only_what_may_be_shown_is_asked_for_and_selected() {
    let never = names(|class| class == Class::Never);
    assert!(never.contains("NoteEntry") && never.len() > 10);
    let wanted = names(|class| class != Class::Never);
    let schema = Schema::parse_and_validate(include_str!("../../../schema.graphql"), "s").unwrap();
    assert_eq!(members(&schema), wanted, "our description");

    let page = TimelinePage {
        first: 1,
        after: None,
        whole_mails: true,
    };
    let operation = ThreadPageById::operation("th_1", page);
    let asked = json!(operation.variables)["entries"]["entryTypes"].take();
    let asked: BTreeSet<String> = serde_json::from_value(asked).unwrap();
    let types = KINDS
        .iter()
        .filter(|kind| kind.class != Class::Never)
        .map(|kind| json!(kind.entry_type).as_str().unwrap().to_owned());
    assert_eq!(asked, types.collect());

    let document =
        ExecutableDocument::parse_and_validate(&schema, &operation.query, "o.graphql").unwrap();
    let mut selected = BTreeSet::new();
    let mut sets = vec![&document.operations.iter().next().unwrap().selection_set];
    while let Some(set) = sets.pop() {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => sets.push(&field.selection_set),
                Selection::InlineFragment(part) => {
                    if set.ty == "Entry" {
                        selected.insert(part.type_condition.as_ref().unwrap().to_string());
                    }
                    sets.push(&part.selection_set);
                }
                Selection::FragmentSpread(_) => panic!("our operations have none"),
            }
        }
    }
    assert_eq!(selected, wanted);
    for field in [
        "llmText",
        "hiddenRecipients",
        "bounces",
        "supportEmailAddress",
    ] {
        assert!(!operation.query.contains(field), "{field}");
    }
}
