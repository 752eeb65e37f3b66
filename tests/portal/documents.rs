//! What README and docs say is so.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use plain_portal::{
    config::Settings,
    plain::{
        operations::{Class, KINDS},
        permissions,
    },
};

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_setting_is_documented_and_every_documented_setting_exists() {
    let command = Settings::augment_args(clap::Command::new("serve"));
    let arguments: Vec<_> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .collect();
    let exist: BTreeSet<String> = arguments
        .iter()
        .map(|argument| argument.get_env().unwrap().to_str().unwrap().to_owned())
        .collect();
    let page = read("docs/configuration.md");
    let documented: BTreeSet<String> = page
        .lines()
        .filter_map(|line| {
            line.strip_prefix("| `")?
                .split_once('`')
                .map(|(name, _)| name.to_owned())
        })
        .filter(|name| !["RUST_LOG", "PORTAL_LOG_FORMAT"].contains(&name.as_str()))
        .collect();
    assert_eq!(exist, documented);

    let file = read("Leptos.toml");
    let secrets = [
        "plain_api_key",
        "plain_webhook_secret",
        "plain_webhook_secret_previous",
        "handoff_secret",
        "handoff_secret_previous",
    ];
    for argument in arguments {
        let name = argument.get_id().as_str();
        let key = if name == "site_addr" {
            "site-addr"
        } else {
            name
        };
        assert_eq!(
            file.contains(&format!("# {key} = ")),
            !secrets.contains(&name),
            "{key} in Leptos.toml"
        );
    }
}

#[test]
fn the_operators_file_is_read_when_every_line_of_it_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Leptos.toml");
    let text: String = read("Leptos.toml")
        .lines()
        .map(|line| {
            if line.contains(" = ") {
                line.trim_start_matches("# ")
            } else {
                line
            }
        })
        .collect::<Vec<_>>()
        .join("\n");
    std::fs::write(&path, text).unwrap();
    let settings = Settings::default().with_file(Some(&path)).unwrap();
    assert_eq!(
        settings.public_url.as_deref(),
        Some("https://product.example/support")
    );
    assert_eq!(settings.site_addr.as_deref(), Some("127.0.0.1:3000"));
}

#[test]
fn the_documented_permissions_are_those_that_are_checked() {
    let page = read("docs/configuration.md");
    let (_, rest) = page.split_once("## The API key's permissions").unwrap();
    let section = rest.split("\n## ").next().unwrap();
    let documented: BTreeSet<&str> = section
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.contains(':'))
        .collect();
    let mut checked = BTreeSet::from(permissions::NEEDED);
    checked.insert(permissions::FOR_GROUPS);
    checked.extend(permissions::FOR_ACTIVITY);
    assert_eq!(documented, checked);
}

/// The tables of all migrations, and whether a row is about a person. On SQLite tower-sessions makes its own table.
fn tables() -> BTreeMap<String, bool> {
    let mut tables = BTreeMap::from([("tower_sessions".to_owned(), true)]);
    for engine in ["sqlite", "postgres"] {
        for file in std::fs::read_dir(format!("migrations/{engine}")).unwrap() {
            let sql = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for table in sql.split("CREATE TABLE ").skip(1) {
                let (name, rest) = table.split_once(' ').unwrap();
                let (columns, _) = rest.split_once(");").unwrap();
                let known = tables.entry(name.to_owned()).or_default();
                *known |= columns.contains("customer_id");
            }
        }
    }
    tables
}

#[test]
fn every_table_is_in_the_document_on_privacy() {
    let page = read("docs/privacy.md");
    let (_, rest) = page.split_once("## What the database keeps").unwrap();
    let section = rest.split("\n## ").next().unwrap();
    let documented: BTreeMap<String, bool> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let columns: Vec<&str> = line.split('|').map(str::trim).collect();
            let [name, what, personal, until, ..] = columns[..] else {
                panic!("{line}");
            };
            assert!(!what.is_empty() && !until.is_empty(), "{line}");
            let name = name.trim_end_matches('`').to_owned();
            (name, personal.starts_with("yes"))
        })
        .collect();
    assert_eq!(documented, tables());
}

#[test]
fn the_document_on_timelines_has_a_row_for_each_kind() {
    const PATH: &str = "docs/timeline.md";
    const BEGIN: &str = "<!-- kinds: begin -->\n";
    const END: &str = "<!-- kinds: end -->\n";
    let row = |kind: &plain_portal::plain::operations::Kind| {
        let class = match kind.class {
            Class::Shown => "message",
            Class::QuietLine => "line",
            Class::Never => "never",
        };
        format!("| `{}` | {class} | {} |\n", kind.member, kind.words)
    };
    let rows: String = KINDS.iter().map(row).collect();
    let table = format!("| Plain's `Entry` | shown as | what, or why not |\n|---|---|---|\n{rows}");
    let page = read(PATH);
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let updated = [before, BEGIN, &table, END, after].concat();
        std::fs::write(PATH, updated).unwrap();
        return;
    }
    assert!(
        written == table,
        "{PATH} says otherwise: UPDATE_DOCS=1 cargo test --features ssr --test portal document_on_timelines\n{table}"
    );
}
