//! A server that does what a test tells it, one step for each call. Below HTTP, so that it can break off anywhere.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What the server does with a call that it has read.
#[derive(Debug, Clone)]
pub enum Step {
    /// Answers with this status, these further headers, and this body.
    Answer(u16, &'static str, String),
    /// Begins an answer that does not end.
    Endless,
    /// Begins an answer of this many bytes, and closes the connection before its end.
    CutOff(usize),
    /// Says nothing.
    Hang,
    /// Closes the connection.
    Close,
    /// Resets the connection.
    Reset,
}

pub fn ok(body: &str) -> Step {
    Step::Answer(200, "", body.to_owned())
}

pub fn status(status: u16) -> Step {
    Step::Answer(status, "", String::new())
}

pub struct Server {
    pub url: url::Url,
    calls: Arc<Mutex<usize>>,
}

impl Server {
    /// Takes the steps in their order, and the last of them for ever.
    pub async fn start(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql/v1", listener.local_addr().unwrap());
        let steps = Arc::new(Mutex::new(VecDeque::from_iter(steps)));
        let calls = Arc::new(Mutex::new(0));
        let server = Self {
            url: url.parse().unwrap(),
            calls: calls.clone(),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, steps.clone(), calls.clone()));
            }
        });
        server
    }

    /// How many calls have been read.
    pub fn calls(&self) -> usize {
        *self.calls.lock().unwrap()
    }
}

async fn serve(mut stream: TcpStream, steps: Arc<Mutex<VecDeque<Step>>>, calls: Arc<Mutex<usize>>) {
    while read_call(&mut stream).await.is_some() {
        *calls.lock().unwrap() += 1;
        let step = {
            let mut steps = steps.lock().unwrap();
            match steps.len() {
                1 => steps[0].clone(),
                _ => steps.pop_front().unwrap(),
            }
        };
        let written = match step {
            Step::Answer(status, headers, body) => {
                let head = head(status, headers, body.len());
                stream.write_all(format!("{head}{body}").as_bytes()).await
            }
            Step::Endless => {
                // Without a length it goes on until the connection ends.
                let mut written = stream.write_all(b"HTTP/1.1 200 x\r\n\r\n").await;
                while written.is_ok() {
                    written = stream.write_all(&[b' '; 64 * 1024]).await;
                }
                written
            }
            Step::CutOff(bytes) => {
                let head = head(200, "", bytes);
                let _ = stream.write_all(format!("{head}{{").as_bytes()).await;
                return;
            }
            Step::Hang => std::future::pending().await,
            Step::Close => return,
            Step::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
        };
        if written.is_err() {
            return;
        }
    }
}

fn head(status: u16, headers: &str, length: usize) -> String {
    format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n{headers}\r\n")
}

/// One request, its body included.
async fn read_call(stream: &mut TcpStream) -> Option<()> {
    let mut bytes = Vec::new();
    loop {
        let read = stream.read_buf(&mut bytes).await.ok()?;
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let (_, length) = head.split_once("content-length: ")?;
            let length: usize = length.lines().next()?.parse().ok()?;
            if body.len() >= length {
                return Some(());
            }
        }
        if read == 0 {
            return None;
        }
    }
}
