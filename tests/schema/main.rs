//! Our two descriptions of Plain's API held against Plain's own schema.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod subset;

use std::collections::BTreeSet;

use apollo_compiler::{Schema, validation::Valid};

use subset::{Arguments, differences};

/// Plain's schema, from the file that `PLAIN_SCHEMA` names. It is not ours to ship: where there is none, the test that
/// needs it says so and ends.
fn plain() -> Option<Valid<Schema>> {
    let path = std::env::var("PLAIN_SCHEMA")
        .unwrap_or_else(|_| "../shared/plain/schema.graphql".to_owned());
    let Ok(sdl) = std::fs::read_to_string(path) else {
        skipped("no PLAIN_SCHEMA");
        return None;
    };
    Some(parsed(&sdl))
}

/// Said past the test runner, which keeps what a passing test prints to itself.
fn skipped(why: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

fn parsed(sdl: &str) -> Valid<Schema> {
    Schema::parse_and_validate(sdl, "schema.graphql")
        .unwrap_or_else(|error| panic!("{}", error.errors))
}

fn is_a_subset(ours: &str, arguments: Arguments) {
    let Some(plain) = plain() else { return };
    let found = differences(&parsed(ours), &plain, arguments);
    assert!(
        found.is_empty(),
        "not as in Plain's schema:\n{}",
        found.join("\n")
    );
}

#[test]
fn what_the_client_knows_of_plain_is_a_part_of_plain() {
    is_a_subset(
        include_str!("../../src/plain/schema.graphql"),
        Arguments::Used,
    );
}

#[test]
fn the_sandbox_is_a_part_of_plain() {
    is_a_subset(&plain_portal::sandbox::sdl(), Arguments::All);
}

/// The table under "What it has" against what the sandbox says of itself.
#[test]
fn the_document_names_the_operations_of_the_sandbox_and_no_others() {
    let document = include_str!("../../docs/sandbox.md");
    let (_, table) = document.split_once("## What it has").unwrap();
    let rows = table.lines().skip_while(|line| !line.starts_with('|'));
    let rows = rows.take_while(|line| line.starts_with('|'));
    let named: Vec<&str> = rows
        .flat_map(|row| row.split('`').skip(1).step_by(2))
        .collect();
    let documented: BTreeSet<&str> = named.iter().copied().collect();
    assert_eq!(documented.len(), named.len(), "some are named twice");

    let sandbox = parsed(&plain_portal::sandbox::sdl());
    let roots = &sandbox.schema_definition;
    let roots = [&roots.query, &roots.mutation].into_iter().flatten();
    let objects = roots.map(|root| sandbox.get_object(&root.name).unwrap());
    let there: BTreeSet<&str> = objects
        .flat_map(|object| object.fields.keys().map(|name| name.as_str()))
        .collect();
    let missing: Vec<_> = there.difference(&documented).collect();
    let gone: Vec<_> = documented.difference(&there).collect();
    assert_eq!(
        (missing, gone),
        (vec![], vec![]),
        "missing in the table, and only there"
    );
}
