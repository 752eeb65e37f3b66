//! What README and docs say is so.

use std::collections::BTreeSet;

use clap::Args;
use plain_portal::{config::Settings, plain::permissions};

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
    let secrets = ["plain_api_key", "handoff_secret", "handoff_secret_previous"];
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
