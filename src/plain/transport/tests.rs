//! The wire: how often a call goes out, how long it may take, and how much may come back.

#![allow(clippy::unwrap_used)]

use std::time::Instant;

use super::*;
use crate::plain::{
    Client,
    scripted::{Server, Step, ok, status},
};

const KEY: &str = "plainApiKey_canary";
const PERMISSIONS: &str = r#"{"data":{"myPermissions":{"permissions":["thread:read"]}}}"#;
const DONE: &str = r#"{"data":{"markThreadAsDone":{"error":null}}}"#;

/// As in earnest, with shorter pauses.
fn limits() -> Limits {
    Limits {
        read: Patience {
            pause: Duration::from_millis(1),
            ..Patience::default()
        },
        ..Limits::default()
    }
}

/// For calls that are to take too long.
fn short() -> Limits {
    Limits {
        connect: Duration::from_millis(200),
        read: Patience {
            whole: Duration::from_millis(1000),
            attempt: Duration::from_millis(600),
            least: Duration::from_millis(50),
            ..limits().read
        },
        write: Duration::from_millis(200),
        ..limits()
    }
}

fn client(url: &Url, limits: Limits) -> Client {
    Client {
        transport: Transport::new(url.clone(), KEY.into(), limits).unwrap(),
        files: crate::plain::FileStore::new(false).unwrap(),
    }
}

async fn read(server: &Server, limits: Limits) -> Result<Vec<String>, Error> {
    client(&server.url, limits).my_permissions().await
}

async fn write(server: &Server, limits: Limits) -> Result<(), Error> {
    let client = client(&server.url, limits);
    client.mark_thread_as_done("th_1").await
}

fn with_code(code: &str) -> Step {
    ok(&format!(
        r#"{{"errors":[{{"message":"x","extensions":{{"code":"{code}"}}}}]}}"#
    ))
}

fn html(status: u16) -> Step {
    Step::Answer(
        status,
        "content-type: text/html\r\n",
        "<html>bad gateway</html>".into(),
    )
}

fn come_back(status: u16, seconds: &'static str) -> Step {
    Step::Answer(status, seconds, String::new())
}

/// Every fault, how often a read goes out that meets it for ever, and whether a write may have been carried out.
fn faults() -> Vec<(Step, usize, bool)> {
    let at_once = "retry-after: 0\r\n";
    let later = "retry-after: 9\r\n";
    vec![
        (status(500), 3, true),
        (html(502), 3, true),
        (status(503), 3, true),
        (come_back(503, at_once), 3, true),
        (come_back(503, later), 1, true),
        (status(429), 1, false),
        (come_back(429, at_once), 3, false),
        (come_back(429, later), 1, false),
        (status(400), 1, false),
        (status(401), 1, false),
        (status(403), 1, false),
        (status(404), 1, true),
        (status(204), 1, true),
        (with_code("INTERNAL_SERVER_ERROR"), 3, true),
        (with_code("FORBIDDEN"), 1, false),
        (with_code("UNAUTHENTICATED"), 1, false),
        (with_code("BAD_USER_INPUT"), 1, false),
        (with_code("GRAPHQL_VALIDATION_FAILED"), 1, false),
        (with_code("SOMETHING_NEW"), 1, true),
        (ok(""), 3, true),
        (html(200), 3, true),
        (ok(r#"{"data":{"myPerm"#), 3, true),
        (ok("null"), 1, true),
        (ok("{}"), 1, true),
        (ok(r#"{"data":null}"#), 1, true),
        (
            ok(r#"{"data":{"myPermissions":7,"markThreadAsDone":7}}"#),
            1,
            true,
        ),
        (Step::CutOff(100), 3, true),
        (Step::Close, 3, true),
        (Step::Reset, 3, true),
    ]
}

#[tokio::test]
async fn a_read_goes_out_again_where_that_may_help_and_ends() {
    for (fault, attempts, _) in faults() {
        let server = Server::start([fault.clone()]).await;
        read(&server, limits()).await.unwrap_err();
        assert_eq!(server.calls(), attempts, "{fault:?}");
        if attempts > 1 {
            let server = Server::start([fault.clone(), ok(PERMISSIONS)]).await;
            assert_eq!(read(&server, limits()).await.unwrap(), ["thread:read"]);
            assert_eq!(server.calls(), 2, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_write_goes_out_once_whatever_happens() {
    for (fault, _, maybe_done) in faults() {
        let server = Server::start([fault.clone(), ok(DONE)]).await;
        let error = write(&server, limits()).await.unwrap_err();
        assert_eq!(server.calls(), 1, "{fault:?}");
        assert_eq!(error.maybe_done(), maybe_done, "{fault:?}: {error}");
    }
}

#[tokio::test]
async fn a_write_on_a_connection_that_ends_under_it_is_not_repeated() {
    for end in [Step::Close, Step::Reset] {
        let server = Server::start([ok(DONE), end, ok(DONE)]).await;
        let client = client(&server.url, limits());
        client.mark_thread_as_done("th_1").await.unwrap();
        let error = client.mark_thread_as_done("th_1").await.unwrap_err();
        assert!(error.maybe_done(), "{error}");
        assert_eq!(server.calls(), 2);
    }
}

#[tokio::test]
async fn silence_ends_in_time() {
    let server = Server::start([Step::Hang]).await;
    let started = Instant::now();
    let error = read(&server, short()).await.unwrap_err();
    assert!(started.elapsed() >= short().read.whole);
    assert!(matches!(error, Error::NoAnswer { .. }), "{error}");
    assert_eq!(server.calls(), 2, "another attempt fits in");

    let server = Server::start([Step::Hang, ok(DONE)]).await;
    let error = write(&server, short()).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer { .. }), "{error}");
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_done() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", free.local_addr().unwrap());
    drop(free);
    let client = client(&url.parse().unwrap(), limits());
    let error = client.mark_thread_as_done("th_1").await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    assert!(!error.maybe_done());
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_is_given_up() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = socket.listen(1).unwrap();
    let addr = full.local_addr().unwrap();
    // Fills the queue of those that nobody accepts, until the system leaves the next one waiting.
    let mut waiting = vec![];
    while let Ok(stream) = std::net::TcpStream::connect_timeout(&addr, short().connect) {
        waiting.push(stream);
    }
    let limits = Limits {
        write: limits().write,
        ..short()
    };
    let client = client(&format!("http://{addr}/").parse().unwrap(), limits);
    let error = client.mark_thread_as_done("th_1").await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn plain_says_when_to_come_back() {
    for status in [429, 503] {
        let fault = come_back(status, "retry-after: 9\r\n");
        let server = Server::start([fault]).await;
        let error = read(&server, limits()).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(9)));
        let error = write(&server, limits()).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(9)));
    }
    let server = Server::start([come_back(503, "retry-after: 1\r\n"), ok(PERMISSIONS)]).await;
    let started = Instant::now();
    read(&server, limits()).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_plain_in_trouble_is_not_hammered() {
    let server = Server::start([status(502)]).await;
    let client = client(&server.url, limits());
    for _ in 0..50 {
        client.my_permissions().await.unwrap_err();
    }
    let retries = server.calls() - 50;
    assert_eq!(
        retries, 14,
        "ten from the beginning, and a tenth of the rest"
    );
}

#[tokio::test]
async fn who_would_rather_know_is_told_at_once() {
    let server = Server::start([status(502)]).await;
    let client = client(&server.url, limits()).without_retries();
    client.my_permissions().await.unwrap_err();
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn an_answer_of_eight_mebibytes_is_read_and_no_more() {
    let largest = 8 * 1024 * 1024;
    let padded = |length| PERMISSIONS.to_owned() + &" ".repeat(length - PERMISSIONS.len());
    let server = Server::start([ok(&padded(largest)), ok(&padded(largest + 1))]).await;
    read(&server, limits()).await.unwrap();
    let error = read(&server, limits()).await.unwrap_err();
    assert!(error.to_string().contains("8388608 bytes"), "{error}");

    let server = Server::start([Step::Endless]).await;
    read(&server, limits()).await.unwrap_err();
    let error = write(&server, limits()).await.unwrap_err();
    assert!(error.to_string().contains("8388608 bytes"), "{error}");
    assert!(error.maybe_done());
}

#[tokio::test]
async fn what_was_packed_is_not_unpacked() {
    // As small as it is on the wire, whatever it would grow to. (The bytes do not matter.)
    for encoding in ["gzip", "deflate", "br", "zstd"] {
        let headers = match encoding {
            "gzip" => "content-encoding: gzip\r\n",
            "deflate" => "content-encoding: deflate\r\n",
            "br" => "content-encoding: br\r\n",
            _ => "content-encoding: zstd\r\n",
        };
        let server = Server::start([Step::Answer(200, headers, PERMISSIONS.into())]).await;
        assert_eq!(
            read(&server, limits()).await.unwrap(),
            ["thread:read"],
            "taken as it is: {encoding}"
        );
    }
}

#[tokio::test]
async fn the_key_does_not_follow_a_redirect() {
    let elsewhere = Server::start([ok(PERMISSIONS)]).await;
    let headers: &'static str = format!("location: {}\r\n", elsewhere.url).leak();
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start([Step::Answer(status, headers, String::new())]).await;
        let error = read(&server, limits()).await.unwrap_err();
        assert!(matches!(error, Error::NotUnderstood { .. }), "{error}");
        assert_eq!((server.calls(), elsewhere.calls()), (1, 0));
    }
}

#[tokio::test]
async fn what_plain_repeats_of_the_key_does_not_reach_the_log() {
    let body = format!(r#"{{"errors":[{{"message":"{KEY}\nis invalid"}}]}}"#);
    let server = Server::start([Step::Answer(401, "", body)]).await;
    let error = read(&server, limits()).await.unwrap_err();
    assert_eq!(
        error,
        Error::Unauthenticated {
            detail: "HTTP 401: … is invalid".into()
        }
    );
}
