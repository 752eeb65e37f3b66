#![allow(clippy::unwrap_used)]

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tower_sessions::{
    SessionStore as _,
    cookie::time::{Duration, OffsetDateTime},
    session::{Id, Record},
};

use super::{
    Claim, Content, Error, Store,
    testing::{TestDatabase, on_both},
};
use crate::model::Viewer;

on_both!(
    keys_are_made_once,
    a_token_is_used_once_and_can_be_released,
    sessions_are_kept_until_they_expire,
    a_session_that_has_ended_is_not_brought_back,
    a_session_that_ends_while_it_is_saved_has_ended,
    what_has_expired_is_swept,
);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn record(expires_in: Duration) -> Record {
    Record {
        id: Id::default(),
        data: [("name".to_owned(), "Ada".into())].into(),
        expiry_date: OffsetDateTime::now_utc() + expires_in,
    }
}

async fn keys_are_made_once(store: Store) {
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let store = store.clone();
        tasks.spawn(async move { store.key("cursors").await.unwrap() });
    }
    let mut keys = tasks.join_all().await;
    keys.dedup();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].len(), 32);
    assert_ne!(store.key("other").await.unwrap(), keys[0]);
}

async fn a_token_is_used_once_and_can_be_released(store: Store) {
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let store = store.clone();
        tasks.spawn(async move { store.use_token("j", at(1000)).await.unwrap() });
    }
    let uses = tasks.join_all().await;
    assert_eq!(uses.into_iter().filter(|used| *used).count(), 1);
    store.release_token("j").await.unwrap();
    assert!(store.use_token("j", at(1000)).await.unwrap());
}

async fn sessions_are_kept_until_they_expire(store: Store) {
    let sessions = store.sessions();
    let mut first = record(Duration::HOUR);
    sessions.create(&mut first).await.unwrap();
    assert_eq!(
        sessions.load(&first.id).await.unwrap().unwrap().data,
        first.data
    );
    first.data.insert("name".to_owned(), "Ines".into());
    sessions.save(&first).await.unwrap();
    assert_eq!(
        sessions.load(&first.id).await.unwrap().unwrap().data,
        first.data
    );
    let expired = Record {
        expiry_date: OffsetDateTime::now_utc() - Duration::SECOND,
        ..first.clone()
    };
    sessions.save(&expired).await.unwrap();
    assert!(sessions.load(&first.id).await.unwrap().is_none());
    sessions.save(&first).await.unwrap();
    sessions.delete(&first.id).await.unwrap();
    assert!(sessions.load(&first.id).await.unwrap().is_none());
}

async fn a_session_that_has_ended_is_not_brought_back(store: Store) {
    let sessions = store.sessions();
    let mut session = record(Duration::HOUR);
    sessions.create(&mut session).await.unwrap();
    sessions.delete(&session.id).await.unwrap();
    // A page that was under way since before saves what it has read.
    sessions.save(&session).await.unwrap();
    assert!(sessions.load(&session.id).await.unwrap().is_none());
}

async fn a_session_that_ends_while_it_is_saved_has_ended(store: Store) {
    let sessions = store.sessions();
    for _ in 0..50 {
        let mut session = record(Duration::HOUR);
        sessions.create(&mut session).await.unwrap();
        let (saved, deleted) = tokio::join!(sessions.save(&session), sessions.delete(&session.id));
        assert!(saved.is_ok() && deleted.is_ok());
        assert!(sessions.load(&session.id).await.unwrap().is_none());
    }
}

async fn what_has_expired_is_swept(store: Store) {
    let now = Timestamp::now();
    let (mut live, mut dead) = (record(Duration::MINUTE), record(-Duration::MINUTE));
    store.sessions().create(&mut live).await.unwrap();
    store.sessions().create(&mut dead).await.unwrap();
    let minute = SignedDuration::from_mins(1);
    assert!(store.use_token("live", now + minute).await.unwrap());
    assert!(store.use_token("dead", now - minute).await.unwrap());
    store.sweep(now).await.unwrap();
    let sessions: Vec<(String,)> = store
        .query("SELECT id FROM tower_sessions")
        .fetch_all()
        .await
        .unwrap();
    assert_eq!(sessions, [(live.id.to_string(),)]);
    assert!(!store.use_token("live", now + minute).await.unwrap());
    assert!(store.use_token("dead", now + minute).await.unwrap());
}

#[tokio::test]
async fn a_second_opening_of_a_file_is_refused_and_names_the_setting() {
    let database = TestDatabase::sqlite().unwrap();
    let first = Store::open(&database.url()).await.unwrap();
    let error = Store::open(&database.url()).await.err().unwrap();
    assert!(matches!(error, Error::InUse(_)));
    let text = error.to_string();
    assert!(
        text.starts_with("DATABASE_URL:") && text.contains("another process"),
        "{text}"
    );
    drop(first);
    Store::open(&database.url()).await.unwrap();
}

/// Two processes, as far as a database can tell.
async fn two(database: &TestDatabase) -> [Store; 2] {
    let url = database.url();
    // At once, on an empty database: one makes the tables, the other waits for them.
    let (one, other) = tokio::join!(Store::open(&url), Store::open(&url));
    [one.unwrap(), other.unwrap()]
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_keys_tokens_and_sessions() {
    let Some(database) = TestDatabase::postgres() else {
        return;
    };
    let [one, other] = two(&database).await;
    let (key, same) = tokio::join!(one.key("cursors"), other.key("cursors"));
    assert_eq!(key.unwrap(), same.unwrap());
    let (used, again) = tokio::join!(one.use_token("j", at(1000)), other.use_token("j", at(1000)));
    assert_ne!(used.unwrap(), again.unwrap());

    let mut session = record(Duration::HOUR);
    one.sessions().create(&mut session).await.unwrap();
    let read = other.sessions().load(&session.id).await.unwrap().unwrap();
    assert_eq!(read.data, session.data);
    other.sessions().delete(&session.id).await.unwrap();
    assert!(one.sessions().load(&session.id).await.unwrap().is_none());
}

async fn claim(store: &Store) -> Claim {
    let hello = Content {
        thread_id: Some("th_1".into()),
        title: String::new(),
        text: "hello".into(),
        files: vec![],
    };
    store
        .claim(&Viewer::sample(), "s", &hello, at(1000))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_claims_in_two_processes_one_sends() {
    let Some(database) = TestDatabase::postgres() else {
        return;
    };
    let stores = two(&database).await;
    let mut tasks = JoinSet::new();
    for n in 0..100 {
        let store = stores[n % 2].clone();
        tasks.spawn(async move { claim(&store).await });
    }
    let claims = tasks.join_all().await;
    let ours = claims
        .iter()
        .filter(|claim| matches!(claim, Claim::Ours(_)));
    assert_eq!(ours.count(), 1);
    let in_flight = claims.iter().filter(|claim| **claim == Claim::InFlight);
    assert_eq!(in_flight.count(), 99);

    // A third begins, and what the others are sending stays theirs.
    let third = Store::open(&database.url()).await.unwrap();
    assert_eq!(claim(&third).await, Claim::InFlight);
}

#[tokio::test]
async fn a_server_that_is_away_is_named_without_its_password() {
    // Nobody listens where a listener has just been.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("postgres://portal:hunter2@127.0.0.1:{port}/portal");
    let error = Store::open(&url).await.err().unwrap().to_string();
    assert!(
        error.starts_with("DATABASE_URL: ") && error.contains("refused"),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
}
