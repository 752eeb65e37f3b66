//! `plain-portal customers`, `groups`, `tenants` and `threads`, as an operator or a script uses them.

use std::{path::Path, process::Output};

use plain_portal::sandbox::{Options, Sandbox, Seed, faults::Fault};
use serde_json::{Value, json};

use crate::{
    app::API_KEY,
    command_line::{errors, run},
};

/// A sandbox, and the program that talks to it from a folder of its own.
pub struct Workspace {
    pub sandbox: Sandbox,
    pub folder: tempfile::TempDir,
    url: String,
}

impl Workspace {
    pub async fn with(seed: Seed) -> Self {
        let options = Options {
            seed,
            ..Options::default()
        };
        let sandbox = Sandbox::start("127.0.0.1:0".parse().unwrap(), options)
            .await
            .unwrap();
        Self {
            url: sandbox.graphql_url(),
            sandbox,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn environment(&self) -> [(&str, &str); 2] {
        [("PLAIN_API_KEY", API_KEY), ("PLAIN_API_URL", &self.url)]
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        run(self.path(), arguments, &self.environment())
    }

    /// What a command that succeeds prints.
    pub fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            errors(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same in JSON: one document.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let text = self.text(&[arguments, &["--json"]].concat());
        serde_json::from_str(&text).unwrap()
    }

    /// The rows of a list, one JSON document in each line.
    pub fn rows(&self, arguments: &[&str]) -> Vec<Value> {
        let text = self.text(&[arguments, &["--json"]].concat());
        let rows = text.lines().map(|line| serde_json::from_str(line).unwrap());
        rows.collect()
    }

    /// The exit code of a command, and what it says of it.
    pub fn end(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        (output.status.code().unwrap(), errors(&output))
    }
}

fn names(rows: &[Value], column: &str) -> Vec<String> {
    let name = |row: &Value| row[column].as_str().unwrap().to_owned();
    rows.iter().map(name).collect()
}

const ADA: [&str; 12] = [
    "customers",
    "upsert",
    "--external-id",
    "u1",
    "--email",
    "ada@x.example",
    "--email-verified",
    "true",
    "--name",
    "Ada",
    "--group",
    "beta",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_upserted_found_grouped_and_deleted() {
    let plain = Workspace::with(Seed::Empty).await;
    let group = plain.json(&[
        "groups", "create", "--key", "beta", "--name", "Beta", "--color", "#abc",
    ]);
    assert!(group["id"].as_str().unwrap().starts_with("cg_"));
    let (code, told) = plain.end(&ADA.map(|it| if it == "beta" { "gold" } else { it }));
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("not_found"), "{told}");

    let ada = plain.json(&ADA);
    assert_eq!(
        (&ada["result"], &ada["email_verified"]),
        (&json!("created"), &json!(true))
    );
    assert_eq!(plain.json(&ADA)["result"], "unchanged");
    let tenant = [&ADA[..], &["--tenant", "acme=Acme", "--short-name", "A"]].concat();
    assert_eq!(plain.json(&tenant)["result"], "updated");
    assert_eq!(plain.json(&tenant)["result"], "unchanged");
    let id = ada["id"].as_str().unwrap();
    for who in [
        ["--id", id],
        ["--external-id", "u1"],
        ["--email", "ADA@x.example"],
    ] {
        let found = plain.json(&[["customers", "get"], who].concat());
        assert_eq!(found["id"], id);
        assert_eq!(
            (&found["groups"], &found["tenants"]),
            (&json!(["beta"]), &json!(["acme"]))
        );
    }
    let shown = plain.text(&["customers", "get", "--external-id", "u1"]);
    assert!(
        shown.contains("EMAIL") && shown.contains("ada@x.example"),
        "{shown}"
    );
    // Without --email-verified what was verified stays so.
    let renamed = [
        "customers",
        "upsert",
        "--external-id",
        "u1",
        "--email",
        "new@x.example",
        "--name",
        "Ada L",
    ];
    let renamed = plain.json(&renamed);
    assert_eq!(
        (&renamed["result"], &renamed["name"]),
        (&json!("updated"), &json!("Ada L"))
    );
    assert_eq!(
        (&renamed["email"], &renamed["email_verified"]),
        (&json!("ada@x.example"), &json!(true))
    );

    let who = ["--external-id", "u1"];
    plain.text(
        &[
            &["customers", "remove-from-group"],
            &who[..],
            &["--group", "beta"],
        ]
        .concat(),
    );
    plain.text(&["tenants", "upsert", "--external-id", "b", "--name", "B"]);
    plain.text(
        &[
            &["customers", "add-to-tenants"],
            &who[..],
            &["--tenant", "b"],
        ]
        .concat(),
    );
    plain.text(
        &[
            &["customers", "remove-from-tenants"],
            &who[..],
            &["--tenant", "acme"],
        ]
        .concat(),
    );
    let found = plain.json(&["customers", "get", "--id", id]);
    assert_eq!(
        (&found["groups"], &found["tenants"]),
        (&json!([]), &json!(["b"]))
    );
    plain.text(
        &[
            &["customers", "set-tenants"],
            &who[..],
            &["--tenant", "acme"],
        ]
        .concat(),
    );
    assert_eq!(
        plain.json(&["customers", "get", "--id", id])["tenants"],
        json!(["acme"])
    );
    plain.text(&[&["customers", "set-tenants"], &who[..], &["--none"]].concat());
    assert_eq!(
        plain.json(&["customers", "get", "--id", id])["tenants"],
        json!([])
    );

    plain.text(&[&["customers", "spam"], &who[..]].concat());
    assert_eq!(
        plain.rows(&["customers", "list", "--spam", "true"]).len(),
        1
    );
    plain.text(&[&["customers", "unspam"], &who[..]].concat());
    assert_eq!(
        plain.rows(&["customers", "list", "--spam", "true"]).len(),
        0
    );

    let (code, told) = plain.end(&[&["customers", "delete"], &who[..]].concat());
    assert_eq!(code, 2);
    assert!(told.contains("--yes") && told.contains(id), "{told}");
    plain.text(&[&["customers", "delete"], &who[..], &["--yes"]].concat());
    let (code, told) = plain.end(&[&["customers", "get"], &who[..]].concat());
    assert_eq!(code, 1, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upsert_changes_what_is_given_and_nothing_else() {
    let plain = Workspace::with(Seed::Empty).await;
    let upsert = |arguments: &[&str]| {
        let arguments = [&["customers", "upsert"], arguments].concat();
        plain.json(&arguments)
    };
    let refused = |arguments: &[&str]| {
        let (code, told) = plain.end(&[&["customers", "upsert"], arguments].concat());
        assert_eq!(code, 2, "{told}");
        told
    };
    assert!(refused(&["--name", "Ada"]).contains("--email"));
    assert!(refused(&["--external-id", "u1", "--name", "Ada"]).contains("--email is missing"));
    assert!(refused(&["--email", "ada@x.example"]).contains("--name is missing"));
    for empty in ["--external-id", "--id", "--short-name"] {
        let told = refused(&["--email", "ada@x.example", "--name", "Ada", empty, " "]);
        assert!(told.contains(empty) && told.contains("empty"), "{told}");
    }
    assert!(plain.rows(&["customers", "list"]).is_empty());

    let name = ["--name", "Ada", "--short-name", "A"];
    let address = ["--email", "ada@x.example", "--email-verified", "true"];
    let made = upsert(&[&["--external-id", "u1"], &name[..], &address].concat());
    assert_eq!(made["result"], "created");
    let id = made["id"].as_str().unwrap();
    for who in [
        ["--external-id", "u1"],
        ["--email", "ada@x.example"],
        ["--id", id],
    ] {
        assert_eq!(upsert(&who)["result"], "unchanged");
        let renamed = upsert(&[&who[..], &["--name", who[1]]].concat());
        assert_eq!(
            (&renamed["result"], &renamed["name"]),
            (&json!("updated"), &json!(who[1]))
        );
        assert_eq!(renamed["email_verified"], true);
    }
    let new = [
        "--name",
        "Eve",
        "--email",
        "eve@x.example",
        "--email-verified",
        "false",
    ];
    let kept = upsert(&[&["--external-id", "u1", "--keep"], &new[..]].concat());
    assert_eq!(
        (&kept["result"], &kept["name"]),
        (&json!("unchanged"), &json!(id))
    );

    assert!(refused(&["--id", id, "--email", "new@x.example"]).contains("--email-verified"));
    let changed = upsert(&[
        "--id",
        id,
        "--external-id",
        "u2",
        "--email",
        "new@x.example",
        "--email-verified",
        "true",
        "--clear-short-name",
    ]);
    assert_eq!(
        [
            &changed["id"],
            &changed["external_id"],
            &changed["email"],
            &changed["short_name"],
            &changed["name"]
        ],
        [
            &json!(id),
            &json!("u2"),
            &json!("new@x.example"),
            &Value::Null,
            &json!(id)
        ]
    );
    let (code, told) = plain.end(&["customers", "upsert", "--id", "c_none", "--name", "x"]);
    assert_eq!(code, 1, "{told}");
    assert_eq!(plain.rows(&["customers", "list"]).len(), 1);
}

/// So that a key may be given no more than the documents say.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_asks_for_no_more_than_it_needs() {
    let plain = Workspace::with(Seed::Story).await;
    let id = plain.json(&["customers", "get", "--external-id", "usr_ines"])["id"].take();
    plain.sandbox.behave(|it| {
        let denied = [
            "tenant:read",
            "customerGroup:read",
            "customerTenantMembership:read",
            "customerGroupMembership:read",
        ];
        it.denied_permissions = denied.iter().map(|it| it.parse().unwrap()).collect();
    });
    let event = ["--title", "x", "--text", "x"];
    plain.text(&[&["threads", "event", "--thread", "T-34"], &event[..]].concat());
    let who = ["--external-id", "usr_ines"];
    plain.text(&[&["customers", "spam"], &who[..]].concat());
    plain.text(&[&["customers", "upsert", "--name", "Ines"], &who[..]].concat());
    let deleted = plain.json(&[&["customers", "delete", "--yes"], &who[..]].concat());
    assert_eq!(deleted["id"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verified_address_finds_who_wrote_before() {
    let plain = Workspace::with(Seed::Empty).await;
    let by_mail = [
        "customers",
        "upsert",
        "--email",
        "ada@x.example",
        "--name",
        "ada",
    ];
    let before = plain.json(&by_mail);
    assert_eq!(before["external_id"], Value::Null);
    let unverified = [&by_mail[..], &["--external-id", "u1"]].concat();
    let (code, told) = plain.end(&unverified);
    assert_eq!(code, 1);
    assert!(
        told.contains("customer_already_exists_with_email"),
        "{told}"
    );
    let verified = [&unverified[..], &["--email-verified", "true"]].concat();
    let adopted = plain.json(&verified);
    assert_eq!(
        (&adopted["id"], &adopted["external_id"]),
        (&before["id"], &json!("u1"))
    );
    let other: Vec<&str> = verified
        .iter()
        .map(|it| if *it == "u1" { "u2" } else { it })
        .collect();
    assert_eq!(
        plain.end(&other).0,
        1,
        "the address is somebody else's by now"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_pages_in_both_directions() {
    let plain = Workspace::with(Seed::Story).await;
    let all = plain.rows(&["customers", "list", "--all", "--sort", "name"]);
    let all_names = names(&all, "name");
    assert!(
        all_names.len() > 5 && all_names.is_sorted(),
        "{all_names:?}"
    );
    let list = ["customers", "list", "--sort", "name", "--json"];
    let page = plain.run(&[&list[..], &["--first", "2"]].concat());
    let told = errors(&page);
    let cursor = told.split('\'').nth(1).unwrap();
    assert!(told.contains("--after"), "{told}");
    let second = plain.rows(&[
        "customers",
        "list",
        "--sort",
        "name",
        "--first",
        "2",
        "--after",
        cursor,
    ]);
    assert_eq!(names(&second, "name"), all_names[2..4]);
    let last = plain.rows(&["customers", "list", "--sort", "name", "--last", "3"]);
    assert_eq!(names(&last, "name"), all_names[all_names.len() - 3..]);
    let first = names(&second, "name").remove(0);
    let found = plain.rows(&["customers", "search", &first.to_uppercase()]);
    assert!(names(&found, "name").contains(&first));
    let tenant = &plain.rows(&["tenants", "list"])[0];
    let external_id = tenant["external_id"].as_str().unwrap();
    let members = plain.rows(&["customers", "list", "--all", "--tenant", external_id]);
    assert!(!members.is_empty() && members.len() < all.len());
    let shown = plain.text(&["tenants", "list"]);
    assert!(
        shown.starts_with("ID") && shown.contains(external_id),
        "{shown}"
    );
    let found = plain.rows(&["tenants", "search", external_id]);
    assert_eq!(found[0]["id"], tenant["id"]);
    let found = plain.json(&["tenants", "get", "--external-id", external_id]);
    assert_eq!(found["id"], tenant["id"]);

    for (arguments, problem) in [
        (vec!["--first", "2", "--last", "2"], "--last"),
        (vec!["--first", "101"], "101"),
        (vec!["--all", "--before", "x"], "--before"),
    ] {
        let (code, told) = plain.end(&[&["customers", "list"], &arguments[..]].concat());
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(problem), "{told}");
    }
    assert_eq!(
        plain.end(&["customers", "list", "--after", "nonsense"]).0,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_kept_by_their_key() {
    let plain = Workspace::with(Seed::Empty).await;
    let create = [
        "groups", "create", "--name", "Beta", "--color", "#abc", "--key",
    ];
    plain.text(&[&create[..], &["beta"]].concat());
    let (code, told) = plain.end(&[&create[..], &["beta"]].concat());
    assert_eq!(code, 1);
    assert!(told.contains("customer_group_key_already_exists"), "{told}");
    let updated = plain.json(&[
        "groups",
        "update",
        "--key",
        "beta",
        "--new-key",
        "gold",
        "--external-id",
        "g",
    ]);
    assert_eq!(
        (&updated["key"], &updated["external_id"]),
        (&json!("gold"), &json!("g"))
    );
    assert_eq!(
        plain.rows(&["groups", "list", "--external-id", "g"]).len(),
        1
    );
    assert_eq!(
        plain.json(&["groups", "get", "--key", "gold"])["id"],
        updated["id"]
    );
    assert_eq!(plain.end(&["groups", "get", "--key", "beta"]).0, 1);
    assert_eq!(plain.end(&["groups", "delete", "--key", "gold"]).0, 2);
    plain.text(&["groups", "delete", "--key", "gold", "--yes"]);
    assert!(plain.rows(&["groups", "list"]).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_reported_once() {
    let plain = Workspace::with(Seed::Story).await;
    let who = ["--external-id", "usr_ines"];
    let event = [
        "--title",
        "Key deleted",
        "--text",
        "**Key** 7",
        "--link",
        "Open=https://x.example/?a=b",
    ];
    let once = ["--event-id", "e-1"];
    let by_mail = plain.json(&[&["customers", "get"], &who[..]].concat());
    let by_mail = ["--email", by_mail["email"].as_str().unwrap()];
    let report = [&["customers", "event"], &by_mail[..], &event[..]].concat();
    let made = plain.json(&report);
    assert!(made["id"].as_str().unwrap().starts_with("cev_"), "{made}");
    let thread = [
        &["threads", "event", "--thread", "T-34"],
        &event[..],
        &once[..],
    ]
    .concat();
    let made = plain.json(&thread);
    assert!(made["id"].as_str().unwrap().starts_with("tev_"), "{made}");
    assert_eq!(plain.end(&thread).0, 1, "an external id is taken once");

    let every = json!([
        { "componentPlainText": { "plainText": "a", "plainTextColor": "MUTED" } },
        { "componentRow": { "rowMainContent": [{ "componentText": { "text": "a" } }], "rowAsideContent": [{ "componentBadge": { "badgeLabel": "b", "badgeColor": "RED" } }] } },
    ]);
    std::fs::write(plain.path().join("event.json"), every.to_string()).unwrap();
    plain.text(&[
        "threads",
        "event",
        "--thread",
        "T-34",
        "--title",
        "x",
        "--components",
        "event.json",
    ]);
    std::fs::write(plain.path().join("event.json"), "[{\"componentTxt\": {}}]").unwrap();
    for (more, problem) in [
        (vec!["--components", "event.json"], "componentTxt"),
        (vec!["--link", "nowhere"], "LABEL=URL"),
        (vec![], "--text"),
    ] {
        let (code, told) = plain.end(
            &[
                &["threads", "event", "--thread", "T-34", "--title", "x"],
                &more[..],
            ]
            .concat(),
        );
        assert_eq!(code, 2);
        assert!(told.contains(problem), "{told}");
    }
    assert_eq!(
        plain
            .end(&[
                "threads", "event", "--thread", "T-9999", "--title", "x", "--text", "x"
            ])
            .0,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_codes_say_whose_turn_it_is() {
    let plain = Workspace::with(Seed::Empty).await;
    let list = ["customers", "list"];
    for fault in [
        Fault::status(axum::http::StatusCode::UNAUTHORIZED),
        Fault::status(axum::http::StatusCode::FORBIDDEN),
        Fault::html(axum::http::StatusCode::OK),
    ] {
        plain.sandbox.inject(fault);
        let (code, told) = plain.end(&list);
        plain.sandbox.clear_faults();
        assert_eq!(code, 3, "{told}");
        assert!(!told.contains(API_KEY), "{told}");
    }
    let nobody = [
        ("PLAIN_API_URL", "http://127.0.0.1:9/graphql"),
        ("PLAIN_API_KEY", API_KEY),
    ];
    let output = run(plain.path(), &list, &nobody);
    assert_eq!(output.status.code(), Some(3), "{}", errors(&output));
    let output = run(plain.path(), &list, &nobody[..1]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("PLAIN_API_KEY"));
    assert_eq!(plain.end(&["customers", "get"]).0, 2);
    let both = ["customers", "get", "--email", "a@b.example", "--id", "c_1"];
    assert_eq!(plain.end(&both).0, 2);
    assert_eq!(
        plain
            .end(&["customers", "upsert", "--email", "nobody", "--name", "x"])
            .0,
        2
    );
    assert!(
        plain.text(&list).starts_with("ID"),
        "an empty list is no failure"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_wrote_does_nothing_to_a_terminal() {
    let plain = Workspace::with(Seed::Empty).await;
    let name = "Ada\u{1b}[31m\u{202e}\u{7}";
    plain.json(&[
        "customers",
        "upsert",
        "--email",
        "ada@x.example",
        "--name",
        name,
    ]);
    for shown in [
        plain.text(&["customers", "list"]),
        plain.text(&["customers", "get", "--email", "ada@x.example"]),
    ] {
        let strange = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(
            shown.contains("Ada") && !shown.contains(strange),
            "{shown:?}"
        );
    }
    for (answer, code) in [
        (
            r#"{"errors":[{"message":"no \u001b[31m","extensions":{"code":"BAD_USER_INPUT"}}]}"#,
            1,
        ),
        (
            r#"{"data":{"customers":{"edges":[],"pageInfo":{"hasNextPage":true,"hasPreviousPage":false,"startCursor":null,"endCursor":"more \u001b[31m"}}}}"#,
            0,
        ),
    ] {
        plain
            .sandbox
            .inject(Fault::answer(axum::http::StatusCode::OK, answer));
        let (ended, told) = plain.end(&["customers", "list"]);
        plain.sandbox.clear_faults();
        assert_eq!(ended, code, "{told:?}");
        assert!(
            told.contains("[31m") && !told.contains('\u{1b}'),
            "{told:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_repeats_itself_comes_to_an_end() {
    let plain = Workspace::with(Seed::Empty).await;
    let page = |list: &str| {
        format!(
            r#"{{"data":{{"{list}":{{"edges":[],"pageInfo":{{"hasNextPage":true,"hasPreviousPage":false,"startCursor":"a","endCursor":"a"}}}}}}}}"#
        )
    };
    for (list, arguments) in [
        ("customers", &["customers", "list", "--all"][..]),
        ("customerGroups", &["groups", "get", "--key", "beta"]),
        (
            "searchTenants",
            &["tenants", "get", "--external-id", "acme"],
        ),
    ] {
        plain
            .sandbox
            .inject(Fault::answer(axum::http::StatusCode::OK, page(list)));
        plain.sandbox.forget_calls();
        let (code, told) = plain.end(arguments);
        plain.sandbox.clear_faults();
        assert_eq!(code, 3, "{told}");
        assert!(told.contains("goes on where it was"), "{told}");
        assert_eq!(plain.sandbox.calls().len(), 2);
    }
}
