#![allow(clippy::unwrap_used)]

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::Effect;
use crate::store::{
    Store,
    testing::{TestDatabase, on_both},
};

on_both!(
    an_event_counts_once,
    the_newest_change_of_a_thread_is_kept_whatever_the_order,
    an_event_that_failed_may_come_again,
    what_is_old_is_swept,
);

const T1: &str = "th_1";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn change(second: i64) -> Effect {
    Effect::ThreadChanged {
        thread_id: T1.into(),
        at: at(second),
        event: "thread.chat_sent".into(),
    }
}

async fn changed_at(store: &Store) -> Option<Timestamp> {
    let changes = store.thread_changes(&["th_0", T1]).await.unwrap();
    changes.get(T1).map(|change| change.at)
}

async fn an_event_counts_once(store: Store) {
    let now = at(5000);
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let store = store.clone();
        // Each with an effect of its own, to see that one of them had one.
        tasks.spawn(async move {
            let first = store
                .take_in("pEv_1", &change(1000 + n), now)
                .await
                .unwrap();
            first.then_some(1000 + n)
        });
    }
    let first: Vec<i64> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(first.len(), 1);
    assert_eq!(changed_at(&store).await, Some(at(first[0])));
}

async fn the_newest_change_of_a_thread_is_kept_whatever_the_order(store: Store) {
    let now = at(5000);
    for (id, second, newest) in [("a", 2000, 2000), ("b", 1000, 2000), ("c", 3000, 3000)] {
        assert!(store.take_in(id, &change(second), now).await.unwrap());
        assert_eq!(changed_at(&store).await, Some(at(newest)));
    }
    // Nothing comes after what is said to be of the future.
    assert!(store.take_in("d", &change(9_999_999), now).await.unwrap());
    assert_eq!(changed_at(&store).await, Some(now));
    assert!(store.thread_changes(&[]).await.unwrap().is_empty());
}

async fn an_event_that_failed_may_come_again(store: Store) {
    let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
    let away = rename("thread_changes", "elsewhere");
    store.query(&away).execute().await.unwrap();
    assert!(store.take_in("a", &change(1000), at(5000)).await.is_err());
    let back = rename("elsewhere", "thread_changes");
    store.query(&back).execute().await.unwrap();
    assert!(store.take_in("a", &change(1000), at(5000)).await.unwrap());
    assert_eq!(changed_at(&store).await, Some(at(1000)));
}

async fn what_is_old_is_swept(store: Store) {
    let day = |days: i64| at(days * 24 * 60 * 60);
    let first = day(100);
    assert!(
        store
            .take_in("a", &change(first.as_second()), first)
            .await
            .unwrap()
    );
    let (soon, later) = (first + SignedDuration::from_hours(9 * 24), day(131));
    store.sweep(soon).await.unwrap();
    assert!(!store.take_in("a", &Effect::Nothing, soon).await.unwrap());
    assert_eq!(changed_at(&store).await, Some(first));
    store.sweep(later).await.unwrap();
    assert_eq!(changed_at(&store).await, None);
    assert!(store.take_in("a", &Effect::Nothing, later).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_one_takes_it_in() {
    let Some(database) = TestDatabase::postgres() else {
        return;
    };
    let one = Store::open(&database.url()).await.unwrap();
    let other = Store::open(&database.url()).await.unwrap();
    for n in 0..20 {
        let id = format!("pEv_{n}");
        let (effect, now) = (change(n), at(5000));
        let (first, second) = tokio::join!(
            one.take_in(&id, &effect, now),
            other.take_in(&id, &effect, now)
        );
        assert_ne!(first.unwrap(), second.unwrap());
    }
}
