//! PostgreSQL for tests: one cluster for each test process, one fresh database for each test.
//!
//! The cluster is Debian's PostgreSQL, or whichever `pg_config` names, behind a socket in a directory of its own. A small
//! script (`postgres.sh`) looks after it and ends it when this process does, also when that is killed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

const SCRIPT: &str = include_str!("postgres.sh");

static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(Cluster::start);

/// A database of its own, dropped with this.
pub struct PostgresDatabase {
    cluster: &'static Cluster,
    name: String,
}

struct Cluster {
    programs: PathBuf,
    /// Where its socket lies.
    directory: String,
    /// The script ends the cluster when its input is closed, as it is when this process ends.
    _supervisor: Child,
}

impl PostgresDatabase {
    /// An empty database; `None`, said aloud, where there is no PostgreSQL that can be started.
    ///
    /// # Panics
    /// When it starts and does not work.
    pub fn create() -> Option<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let Some(cluster) = CLUSTER.as_ref() else {
            // Past the test harness, which swallows what a passing test prints.
            let _ = writeln!(std::io::stderr(), "skipped: no PostgreSQL");
            return None;
        };
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        cluster.run("createdb", &[&name]);
        Some(Self { cluster, name })
    }

    /// Its `DATABASE_URL`.
    pub fn url(&self) -> String {
        let socket: String =
            url::form_urlencoded::byte_serialize(self.cluster.directory.as_bytes()).collect();
        format!("postgres://postgres@localhost/{}?host={socket}", self.name)
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        // Whoever is still connected is thrown out.
        self.cluster.run("dropdb", &["--force", &self.name]);
    }
}

impl Cluster {
    fn start() -> Option<Self> {
        let located = script(&["locate"]).output().expect("there is no sh");
        if !located.status.success() {
            return None;
        }
        let located = String::from_utf8(located.stdout).unwrap();
        let [programs, user, group] = located.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("postgres.sh locate: {located:?}");
        };
        let supervisor = script(&["run", programs])
            // Where the user may be, too.
            .current_dir("/")
            // Ctrl+C is for the tests; what follows from it comes by way of the pipe.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .uid(user.parse().unwrap())
            .gid(group.parse().unwrap())
            .spawn();
        let mut supervisor = match supervisor {
            Ok(supervisor) => supervisor,
            // Somebody who looks like root and is not allowed to be anybody else, as in some containers.
            Err(error) => {
                let _ = writeln!(
                    std::io::stderr(),
                    "PostgreSQL cannot be run as another user: {error}"
                );
                return None;
            }
        };
        let mut directory = String::new();
        BufReader::new(supervisor.stdout.take().unwrap())
            .read_line(&mut directory)
            .unwrap();
        if directory.is_empty() {
            // Why, the script has said.
            let _ = writeln!(std::io::stderr(), "PostgreSQL does not start");
            return None;
        }
        Some(Self {
            programs: programs.into(),
            directory: directory.trim_end().to_owned(),
            _supervisor: supervisor,
        })
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let output = Command::new(self.programs.join(program))
            .args(["--host", &self.directory, "--username", "postgres"])
            .args(arguments)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        // A panic while a test fails would hide why it does.
        if !output.status.success() && !std::thread::panicking() {
            panic!("{program}: {errors}");
        }
    }
}

fn script(arguments: &[&str]) -> Command {
    let mut shell = Command::new("sh");
    // By its text: the user that it runs as may not be able to read our files.
    shell.args(["-c", SCRIPT, "postgres.sh"]).args(arguments);
    shell
}
