//! The largest files: the program holds none of them in memory.

use std::io;

use axum::body::Bytes;
use futures::StreamExt as _;
use reqwest::StatusCode;

use crate::{
    app::until,
    kills::{Process, Stage},
};

const BOUNDARY: &str = "----boundary-of-a-form";
const PIECE: usize = 256 * 1024;
const PIECES: usize = 380;

/// A number of kilobytes that Linux tells of a process.
fn kilobytes(process: &Process, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_megabytes_go_through_in_little_memory() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let stage = Stage::new().await;
    let process = stage.start().await;
    let tom = stage.sign_in("usr_tom").await;
    let chat = stage.chat_titled("Swap two stops").await;
    // What every request brings into memory is there before.
    tom.get(&format!("/threads/{chat}")).await.unwrap();
    // From here on the peak counts anew (proc(5)).
    std::fs::write(format!("/proc/{}/clear_refs", process.id()), "5").unwrap();
    let before = kilobytes(&process, "VmRSS");

    let submission = uuid::Uuid::new_v4();
    let mut head = String::new();
    for (name, value) in [
        ("thread_id", chat.as_str()),
        ("submission", &submission.to_string()),
        ("text", "A recording"),
    ] {
        head += &format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    head += &format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"recording.mp4\"\r\n\r\n"
    );
    let end = format!("\r\n--{BOUNDARY}--\r\n");
    let piece = Bytes::from((0..PIECE).map(|_| fastrand::u8(..)).collect::<Vec<u8>>());
    let body = futures::stream::iter([Bytes::from(head)])
        .chain(futures::stream::repeat(piece).take(PIECES))
        .chain(futures::stream::iter([Bytes::from(end)]));
    let body = reqwest::Body::wrap_stream(body.map(io::Result::Ok));
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let answer = tom.send("/api/reply", &kind, body).await;
    assert_eq!(answer, StatusCode::SEE_OTHER);
    until("it has arrived", async || {
        stage.attached_bytes(&chat).await == Some((PIECE * PIECES) as u64)
    })
    .await;
    let peak = kilobytes(&process, "VmHWM");
    assert!(
        peak < before + 20_000,
        "from {before} kB to {peak} kB at the peak"
    );
}
