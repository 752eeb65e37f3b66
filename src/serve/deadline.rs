//! How long a request may take: a while after the last of its body has come in. A form with large files comes in for as long as it
//! takes, but it has to move.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures::{Stream, StreamExt as _};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

/// No page waits longer. Each kind of page has its own, shorter patience: a read of Plain 8 s, a sign-in 18 s, a form 10 s.
const ANSWER: Duration = Duration::from_secs(25);
/// How long a body may stand still: so much less than the above that whoever reads it can still answer.
const IDLE: Duration = Duration::from_secs(20);
/// From then on a body has to come in at this rate, in bytes a second: slower than any line, faster than who only holds one.
const GRACE: Duration = Duration::from_secs(60);
const SLOWEST: u64 = 2_000;

/// Answers 503 when nothing has moved for too long. A body that stands still, or is too slow, ends with an error for its reader.
pub async fn keep(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (moved, mut moves) = watch::channel(());
    let body = match body.is_end_stream() {
        true => body,
        false => Body::from_stream(paced(body.into_data_stream(), moved)),
    };
    let mut answer = std::pin::pin!(next.run(Request::from_parts(parts, body)));
    let mut coming_in = true;
    loop {
        tokio::select! {
            answer = &mut answer => return answer,
            moved = moves.changed(), if coming_in => coming_in = moved.is_ok(),
            () = sleep(ANSWER) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    }
}

fn paced(
    body: impl Stream<Item = Result<Bytes, axum::Error>> + Send + Unpin + 'static,
    moved: watch::Sender<()>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let began = Instant::now();
    futures::stream::try_unfold((body, 0_u64), move |(mut body, before)| {
        let moved = moved.clone();
        async move {
            let piece = timeout(IDLE, body.next()).await;
            moved.send_replace(());
            let piece = match piece {
                Ok(None) => return Ok(None),
                Ok(Some(piece)) => piece.map_err(io::Error::other)?,
                Err(_) => return Err(io::ErrorKind::TimedOut.into()),
            };
            let total = before + piece.len() as u64;
            let taken = began.elapsed();
            if taken > GRACE && total < taken.as_secs() * SLOWEST {
                return Err(io::ErrorKind::TimedOut.into());
            }
            Ok(Some((piece, (body, total))))
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::{Router, body::to_bytes, middleware::from_fn, routing::post};
    use tower::ServiceExt as _;

    use super::*;

    /// Sends so many bytes at a time, so often, and so far apart; the handler answers with how many have come in.
    async fn answer(size: usize, times: usize, apart: Duration) -> (StatusCode, String) {
        let handler = async |body: Body| match to_bytes(body, usize::MAX).await {
            Ok(bytes) => bytes.len().to_string(),
            Err(_) => "broken off".to_owned(),
        };
        let router = Router::new().route("/", post(handler)).layer(from_fn(keep));
        let body = futures::stream::unfold(0, move |sent| async move {
            (sent < times).then_some(())?;
            sleep(apart).await;
            Some((io::Result::Ok(Bytes::from(vec![b'x'; size])), sent + 1))
        });
        let request = Request::post("/").body(Body::from_stream(body)).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn what_moves_may_take_its_time() {
        let slow = answer(40_000, 100, Duration::from_secs(15)).await;
        assert_eq!(slow, (StatusCode::OK, "4000000".into()));
        for (size, apart) in [(40_000, 21), (100, 15)] {
            let broken = answer(size, 100, Duration::from_secs(apart)).await;
            assert_eq!(broken, (StatusCode::OK, "broken off".into()), "{apart} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_takes_too_long_is_not_waited_for() {
        let handler = async |body: Body| {
            drop(to_bytes(body, usize::MAX).await);
            sleep(Duration::from_secs(60)).await;
        };
        let router = Router::new().route("/", post(handler)).layer(from_fn(keep));
        let request = Request::post("/").body(Body::from("x")).unwrap();
        let began = Instant::now();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(began.elapsed().as_secs(), ANSWER.as_secs());
    }
}
