//! Real proxies for tests, each with a configuration of its own in a directory of its own; no service of the system is touched.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    fs::File,
    io::Write as _,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// Ends the proxy when its input is closed, as it is when whoever started this ends, however that ends.
const SUPERVISOR: &str = r#""$@" & proxy=$!; cat >/dev/null; kill $proxy; wait $proxy"#;

/// What it says of itself; told when a test fails.
const LOG: &str = "log";

/// A running proxy; gone when this is dropped.
pub struct ProxyServer {
    pub addr: SocketAddr,
    supervisor: Child,
    folder: TempDir,
}

impl ProxyServer {
    /// nginx with these `location`s; `None`, said aloud, where there is none.
    pub fn nginx(locations: &str) -> Option<Self> {
        let program = find("nginx", "-v")?;
        let temporary = |kind: &str| format!("{kind}_temp_path temp/{kind};");
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(temporary)
            .concat();
        Some(Self::start(|addr, folder| {
            std::fs::create_dir(folder.join("temp")).unwrap();
            let configuration = format!(
                "daemon off; master_process off; pid nginx.pid; error_log stderr crit; events {{}}
                http {{ access_log off; {temporary} server {{ listen {addr}; {locations} }} }}"
            );
            std::fs::write(folder.join("nginx.conf"), configuration).unwrap();
            let folder = folder.display().to_string();
            [&program, "-e", "stderr", "-p", &folder, "-c", "nginx.conf"]
                .map(str::to_owned)
                .to_vec()
        }))
    }

    /// Caddy with these directives; `None`, said aloud, where there is none.
    pub fn caddy(directives: &str) -> Option<Self> {
        let program = find("caddy", "version")?;
        Some(Self::start(|addr, folder| {
            let configuration = format!(
                "{{\n admin off\n auto_https off\n log {{\n level ERROR\n }}\n storage file_system {}\n}}
                http://{addr} {{\n bind {}\n {directives}\n}}\n",
                folder.join("storage").display(),
                addr.ip(),
            );
            let path = folder.join("Caddyfile");
            std::fs::write(&path, configuration).unwrap();
            let path = path.display().to_string();
            [&program, "run", "--adapter", "caddyfile", "--config", &path]
                .map(str::to_owned)
                .to_vec()
        }))
    }

    fn start(prepare: impl FnOnce(SocketAddr, &Path) -> Vec<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Neither takes a listener that is open already. On this address of our machine nobody else asks for a free port.
        let free = TcpListener::bind("127.0.0.2:0").unwrap();
        let addr = free.local_addr().unwrap();
        drop(free);
        let command = prepare(addr, folder.path());
        let supervisor = Command::new("sh")
            .args(["-c", SUPERVISOR, "sh"])
            .args(command)
            .env("HOME", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(File::create(folder.path().join(LOG)).unwrap())
            .spawn()
            .expect("there is no sh");
        Self {
            addr,
            supervisor,
            folder,
        }
    }
}

impl Drop for ProxyServer {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
        if std::thread::panicking() {
            let log = std::fs::read_to_string(self.folder.path().join(LOG));
            println!("the proxy's log: {}", log.unwrap_or_default());
        }
    }
}

/// Where the program is: what scripts/setup put beside the sources, or the system's.
fn find(program: &str, version: &str) -> Option<String> {
    let places = [
        concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/bin/"),
        "",
        // Not on everybody's PATH.
        "/usr/sbin/",
    ];
    let found = places
        .map(|place| format!("{place}{program}"))
        .into_iter()
        .find(|path| {
            let mut command = Command::new(path);
            let asked = command
                .arg(version)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            asked.status().is_ok_and(|status| status.success())
        });
    if found.is_none() {
        // Past the test harness, which swallows what a passing test prints.
        let _ = writeln!(std::io::stderr(), "skipped: no {program}");
    }
    found
}
