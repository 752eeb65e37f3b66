//! `plain-portal customers import`: twice, with faults, killed, changed, tried dry.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use plain_portal::sandbox::{
    Seed,
    faults::{Fault, Gate},
};
use serde_json::{Value, json};

use crate::{
    command_line::{errors, portal},
    customers_command::Workspace,
};

impl Workspace {
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Imports with --json; answers the output and all of its rows, the summary last.
    fn import(&self, arguments: &[&str]) -> (Output, Vec<Value>) {
        let output = self.run(&[&["customers", "import", "--json"], arguments].concat());
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        let rows = text.lines().map(|line| serde_json::from_str(line).unwrap());
        let rows = rows.collect();
        (output, rows)
    }

    fn count(&self, operation: &str) -> usize {
        let calls = self.sandbox.calls();
        calls.iter().filter(|call| *call == operation).count()
    }
}

/// A file with so many customers, each in a group and a tenant.
fn customers(count: usize) -> String {
    let mut text = "external_id,email,email_verified,name,groups,tenants\n".to_owned();
    for n in 0..count {
        let team = n % 7;
        text.push_str(&format!(
            "u{n},u{n}@x.example,true,\"Person, {n}\",beta,t{team}=Team {team}\n"
        ));
    }
    text
}

fn sum(rows: &[Value]) -> [u64; 5] {
    let summary = &rows.last().unwrap()["summary"];
    ["created", "updated", "unchanged", "refused", "done_before"]
        .map(|name| summary[name].as_u64().unwrap())
}

async fn workspace() -> Workspace {
    let plain = Workspace::with(Seed::Empty).await;
    let group = [
        "groups", "create", "--key", "beta", "--name", "Beta", "--color", "#abc",
    ];
    plain.text(&group);
    plain
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_customers_twice_with_faults_in_between() {
    let plain = workspace().await;
    plain.write("all.csv", &customers(1_000));
    let limited = Fault::rate_limited(Duration::from_secs(1));
    plain.sandbox.inject(limited.on_mutations().times(3));
    let lost = Fault::reset().after().on_mutations();
    plain.sandbox.inject(lost.at_rate(0.02, 7));
    let started = Instant::now();
    let (output, rows) = plain.import(&["all.csv"]);
    let first = started.elapsed();
    assert!(output.status.success(), "{}", errors(&output));
    let [created, updated, unchanged, refused, _] = sum(&rows);
    // Whose answer was lost is found as they should be by the next attempt.
    assert_eq!((created + unchanged, updated, refused), (1_000, 0, 0));
    assert!(created > 900 && unchanged > 0, "{rows:?}");
    assert!(!plain.path().join("all.csv.import-journal").exists());

    plain.sandbox.clear_faults();
    plain.sandbox.forget_calls();
    let started = Instant::now();
    let (output, rows) = plain.import(&["all.csv"]);
    let second = started.elapsed();
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(sum(&rows), [0, 0, 1_000, 0, 0]);
    assert_eq!(
        plain.count("UpsertFullCustomer"),
        1_000,
        "one call for each"
    );
    assert_eq!(plain.sandbox.calls().len(), 1_007, "and one for each team");
    assert_eq!(
        plain
            .rows(&["customers", "list", "--all", "--tenant", "t0"])
            .len(),
        143
    );
    let _ = writeln!(
        std::io::stderr(),
        "1,000 customers: {first:?} with faults, then {second:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_cannot_be_used_are_told_and_the_rest_is_done() {
    let plain = workspace().await;
    let text = "\u{feff}external_id,email,name,groups\r\nu1,ada@x.example,Ada,beta\r\nu2,nobody,Bob,\r\nu3,eve@x.example,Eve,gold\r\nu1,mia@x.example,Mia,\r\n";
    plain.write("some.csv", text);
    let (output, rows) = plain.import(&["some.csv"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(sum(&rows), [1, 0, 0, 3, 0]);
    let mut refused: Vec<(u64, String)> = rows[..3]
        .iter()
        .map(|row| {
            (
                row["line"].as_u64().unwrap(),
                row["reason"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    refused.sort();
    for ((line, reason), (wanted, word)) in
        refused
            .iter()
            .zip([(3, "email"), (4, "not_found"), (5, "line 2")])
    {
        assert_eq!(*line, wanted);
        assert!(reason.contains(word), "{reason}");
    }
    let output = plain.run(&["customers", "import", "some.csv"]);
    let told = errors(&output);
    assert!(
        told.contains("line 4: u3: ") && told.contains("3 rows were refused"),
        "{told}"
    );
    let sum = String::from_utf8(output.stdout).unwrap();
    assert_eq!(sum, "0 created, 0 updated, 1 unchanged, 3 refused\n");

    plain.sandbox.forget_calls();
    plain.write("wrong.csv", "email,name,team,plan\nada@x.example,Ada,x,y\n");
    let (output, _) = plain.import(&["wrong.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        errors(&output).contains("team, plan"),
        "{}",
        errors(&output)
    );
    assert_eq!(plain.import(&["nowhere.csv"]).0.status.code(), Some(2));
    assert_eq!(
        plain.import(&["--set-tenants", "some.csv"]).0.status.code(),
        Some(2)
    );
    assert!(plain.sandbox.calls().is_empty(), "nothing was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_are_only_added_unless_they_are_set() {
    let plain = workspace().await;
    let row = |tenants: &str| {
        format!("{{\"email\": \"ada@x.example\", \"name\": \"Ada\", \"tenants\": {tenants}}}\n")
    };
    let tenants =
        || plain.json(&["customers", "get", "--email", "ada@x.example"])["tenants"].take();
    let named = r#"[{"external_id": "a", "name": "A"}, {"external_id": "b", "name": "B"}]"#;
    plain.write("in", &row(named));
    assert_eq!(sum(&plain.import(&["in"]).1)[0], 1);
    plain.write("in", &row(r#"[{"external_id": "c", "name": "C"}]"#));
    assert_eq!(sum(&plain.import(&["in"]).1)[1], 1);
    assert_eq!(tenants(), json!(["a", "b", "c"]));
    plain.write("in", &row(r#"["b"]"#));
    assert_eq!(sum(&plain.import(&["in"]).1)[2], 1);
    assert_eq!(sum(&plain.import(&["in", "--set-tenants"]).1)[1], 1);
    assert_eq!(tenants(), json!(["b"]));
    assert_eq!(sum(&plain.import(&["in", "--set-tenants"]).1)[2], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_changes_nothing_and_foretells_everything() {
    let plain = workspace().await;
    plain.write("one.csv", &customers(3));
    plain.import(&["one.csv"]);
    let text = "external_id,email,email_verified,name,groups,tenants\nu0,u0@x.example,true,\"Person, 0\",beta,t0\n\
        u1,new@x.example,false,Other,,t2\nu9,u9@x.example,,New,beta,t9=Nine\nu8,u2@x.example,,New,,\nu7,u7@x.example,,New,gold,\nu6,u6@x.example,,New,,t8\n";
    plain.write("two.csv", text);
    plain.sandbox.forget_calls();
    let (output, rows) = plain.import(&["--dry-run", "two.csv"]);
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    assert_eq!(sum(&rows), [1, 1, 1, 3, 0]);
    let of = |line: u64| rows.iter().find(|row| row["line"] == line).unwrap();
    assert_eq!(
        of(3)["changes"],
        json!(["name", "email", "email_verified", "tenant t2"])
    );
    assert_eq!(
        (&of(4)["result"], &of(4)["changes"]),
        (&json!("created"), &json!(["new tenant t9"]))
    );
    for line in 5..=7 {
        assert_eq!(of(line)["result"], "refused");
    }
    let calls = plain.sandbox.calls();
    assert!(
        !calls
            .iter()
            .any(|call| call.starts_with("Upsert") || call.contains("Add")),
        "{calls:?}"
    );
    let (_, rows) = plain.import(&["two.csv"]);
    assert_eq!(sum(&rows), [1, 1, 1, 3, 0], "and so it comes");

    let text = "external_id,email,name,tenants\nu0,u0@x.example,\"Person, 0\",t0=New\nu2,u2@x.example,\"Person, 2\",t2=Team 2\n";
    plain.write("renamed.csv", text);
    let (_, rows) = plain.import(&["--dry-run", "renamed.csv"]);
    assert_eq!(rows[0]["changes"], json!(["name of tenant t0"]));
    assert_eq!(sum(&rows), [0, 1, 1, 0, 0]);
    assert_eq!(sum(&plain.import(&["renamed.csv"]).1), [0, 1, 1, 0, 0]);
    assert_eq!(sum(&plain.import(&["renamed.csv"]).1), [0, 0, 2, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_killed_goes_on_with_exactly_the_rest() {
    let plain = workspace().await;
    let text = customers(60);
    plain.write("all.csv", &text);
    let gate = Gate::default();
    // The first forty go, the next ones stand at the gate.
    plain
        .sandbox
        .inject(Fault::hold(&gate).on("UpsertFullCustomer"));
    let arguments = ["customers", "import", "all.csv", "--concurrency", "4"];
    let mut command = portal(plain.path(), &arguments, &plain.environment());
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..40 {
        gate.arrived().await;
        gate.let_one_go();
    }
    // Whatever it has sent must have come in before calls are counted.
    for _ in 0..4 {
        gate.arrived().await;
    }
    let journal = plain.path().join("all.csv.import-journal");
    let noted = || {
        let text = std::fs::read_to_string(&journal).unwrap_or_default();
        text.lines().count().saturating_sub(1)
    };
    crate::app::until("the journal", async || noted() >= 36).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let done = noted() as u64;
    gate.open();
    plain.sandbox.clear_faults();

    plain.sandbox.forget_calls();
    // One of those that are done has changed since, and there is a new one.
    let text = text.replace("\"Person, 0\"", "Somebody") + "u99,u99@x.example,true,New,beta,t0\n";
    plain.write("all.csv", &text);
    let (output, rows) = plain.import(&["all.csv"]);
    assert!(output.status.success(), "{}", errors(&output));
    let [created, updated, unchanged, refused, done_before] = sum(&rows);
    assert_eq!((done_before, refused, updated), (done - 1, 0, 1));
    assert_eq!(created + updated + unchanged + done_before, 61);
    assert!(
        unchanged <= 8,
        "only what was on its way was sent twice: {unchanged}"
    );
    assert_eq!(plain.count("UpsertFullCustomer") as u64, 61 - done_before);
    assert!(!journal.exists());
    assert_eq!(plain.rows(&["customers", "list", "--all"]).len(), 61);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_in_order() {
    let plain = workspace().await;
    plain.write("all.csv", &customers(200));
    let gate = Gate::default();
    plain
        .sandbox
        .inject(Fault::hold(&gate).on("UpsertFullCustomer"));
    let arguments = [
        "customers",
        "import",
        "all.csv",
        "--json",
        "--concurrency",
        "2",
    ];
    let mut command = portal(plain.path(), &arguments, &plain.environment());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    for _ in 0..10 {
        gate.arrived().await;
        gate.let_one_go();
    }
    gate.arrived().await;
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupted.unwrap().success());
    let (output, told) = tokio::task::spawn_blocking(move || {
        let stopping = told.next().unwrap().unwrap();
        assert!(stopping.contains("stopping"), "{stopping}");
        gate.open();
        let told: String = told.map_while(Result::ok).collect();
        (child.wait_with_output().unwrap(), told)
    })
    .await
    .unwrap();
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(told.contains("goes on with the rest"), "{told}");
    let text = String::from_utf8(output.stdout).unwrap();
    let summary: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let created = summary["summary"]["created"].as_u64().unwrap();
    assert!((10..200).contains(&created), "{created}");

    plain.sandbox.clear_faults();
    let (output, rows) = plain.import(&["all.csv"]);
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(sum(&rows), [200 - created, 0, 0, 0, created]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_refused_ends_the_import_and_not_each_row() {
    let plain = workspace().await;
    plain.write("all.csv", &customers(100));
    plain
        .sandbox
        .inject(Fault::status(axum::http::StatusCode::UNAUTHORIZED));
    plain.sandbox.forget_calls();
    let (output, rows) = plain.import(&["all.csv", "--concurrency", "2"]);
    assert_eq!(output.status.code(), Some(3), "{}", errors(&output));
    assert!(plain.sandbox.calls().len() < 10);
    assert_eq!(rows.len(), 1 + sum(&rows)[3] as usize);
    plain.sandbox.clear_faults();
    assert_eq!(sum(&plain.import(&["all.csv"]).1)[0], 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_plain_could_not_take_for_now_is_left_to_the_next_run() {
    let plain = workspace().await;
    let text = customers(4).replace("u3@x.example", "nobody");
    plain.write("all.csv", &text);
    let fails = Fault::status(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    plain.sandbox.inject(fails.on("UpsertFullCustomer"));
    let (output, rows) = plain.import(&["all.csv"]);
    plain.sandbox.clear_faults();
    let told = errors(&output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("goes on with the rest"), "{told}");
    assert_eq!(
        (sum(&rows)[3], &rows[4]["summary"]["failed"]),
        (1, &json!(3))
    );
    assert!(plain.path().join("all.csv.import-journal").exists());
    let (output, rows) = plain.import(&["all.csv"]);
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    assert_eq!(sum(&rows), [3, 0, 0, 1, 0]);
    assert!(!plain.path().join("all.csv.import-journal").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn how_it_ends_does_not_depend_on_who_reads_it() {
    let plain = workspace().await;
    plain.write("all.csv", "email,name\nnobody,Bob\n");
    let arguments = ["customers", "import", "all.csv", "--json"];
    let mut command = portal(plain.path(), &arguments, &plain.environment());
    // Nobody reads: what is written fails.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = command.stdout(writer).stderr(Stdio::null()).status();
    assert_eq!(status.unwrap().code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_standard_input_is_a_file_too() {
    let plain = workspace().await;
    let arguments = ["customers", "import", "-", "--json"];
    let mut command = portal(plain.path(), &arguments, &plain.environment());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let output = tokio::task::spawn_blocking(move || {
        input.write_all(customers(5).as_bytes()).unwrap();
        drop(input);
        child.wait_with_output().unwrap()
    });
    let output = output.await.unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["summary"]["created"], 5);
    assert_eq!(
        std::fs::read_dir(plain.path()).unwrap().count(),
        0,
        "no journal"
    );
}
