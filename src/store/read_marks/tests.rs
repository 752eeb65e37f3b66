#![allow(clippy::unwrap_used)]

use jiff::{SignedDuration, Timestamp};

use crate::store::{Store, testing::on_both};

on_both!(
    marks_belong_to_a_person_and_a_thread,
    a_mark_never_moves_back,
    a_mark_is_not_before_what_was_read,
    a_first_list_is_not_all_unread,
    nothing_becomes_unread_when_its_mark_is_swept,
    who_stays_away_for_too_long_comes_for_the_first_time,
);

fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(millisecond).unwrap()
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(days * 24)
}

async fn mark(store: &Store, thread: &str) -> Option<Timestamp> {
    let marks = store.read_marks("c_1", &[thread]).await.unwrap();
    marks.get(thread).copied()
}

async fn marks_belong_to_a_person_and_a_thread(store: Store) {
    store.mark_read("c_1", "th_1", at(1001)).await.unwrap();
    store.mark_read("c_1", "th_2", at(1002)).await.unwrap();
    store.mark_read("c_2", "th_3", at(1003)).await.unwrap();
    let threads = ["th_2", "th_3", "th_1", "th_4"];
    let marks = store.read_marks("c_1", &threads).await.unwrap();
    let expected = [("th_1".to_owned(), at(1001)), ("th_2".to_owned(), at(1002))];
    assert_eq!(marks, expected.into());
    assert!(store.read_marks("c_1", &[]).await.unwrap().is_empty());
}

async fn a_mark_never_moves_back(store: Store) {
    for millisecond in [2000, 1000, 3000, 2999] {
        store
            .mark_read("c_1", "th_1", at(millisecond))
            .await
            .unwrap();
    }
    assert_eq!(mark(&store, "th_1").await, Some(at(3000)));
}

async fn a_mark_is_not_before_what_was_read(store: Store) {
    let read = at(1000) + SignedDuration::from_nanos(1);
    store.mark_read("c_1", "th_1", read).await.unwrap();
    assert_eq!(mark(&store, "th_1").await, Some(at(1001)));
}

async fn a_first_list_is_not_all_unread(store: Store) {
    let first = at(1_000_000_000);
    for later in [days(0), days(1), days(3)] {
        let since = store.read_since("c_1", "te_1", first + later).await;
        assert_eq!(since.unwrap(), first);
    }
    let elsewhere = store.read_since("c_1", "te_2", first + days(3)).await;
    assert_eq!(elsewhere.unwrap(), first + days(3));
    let long_after = store.read_since("c_1", "te_1", first + days(402)).await;
    assert_eq!(long_after.unwrap(), first + days(2));
}

async fn nothing_becomes_unread_when_its_mark_is_swept(store: Store) {
    let first = at(1_000_000_000);
    store.read_since("c_1", "te_1", first).await.unwrap();
    store
        .mark_read("c_1", "th_old", first + days(1))
        .await
        .unwrap();
    store
        .mark_read("c_1", "th_new", first + days(9))
        .await
        .unwrap();
    let now = first + days(405);
    store.read_since("c_1", "te_1", now).await.unwrap();
    store.sweep(now).await.unwrap();
    assert_eq!(mark(&store, "th_old").await, None);
    assert_eq!(mark(&store, "th_new").await, Some(first + days(9)));
    assert!(store.read_since("c_1", "te_1", now).await.unwrap() > first + days(1));
}

async fn who_stays_away_for_too_long_comes_for_the_first_time(store: Store) {
    let first = at(1_000_000_000);
    store.read_since("c_1", "te_1", first).await.unwrap();
    store.sweep(first + days(399)).await.unwrap();
    assert_eq!(
        store
            .read_since("c_1", "te_1", first + days(399))
            .await
            .unwrap(),
        first
    );
    let now = first + days(800);
    store.sweep(now).await.unwrap();
    assert_eq!(store.read_since("c_1", "te_1", now).await.unwrap(), now);
}
