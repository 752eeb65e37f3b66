#![allow(clippy::unwrap_used)]

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::*;
use crate::{
    model::{Problem, Scope, Tenant},
    store::{Room, Store, testing::on_both},
};

on_both!(
    of_a_hundred_at_once_one_sends,
    of_a_hundred_workers_one_sends_what_is_due,
    what_arrived_is_not_sent_again_but_other_words_are_another_message,
    what_surely_was_not_sent_can_be_corrected,
    what_may_have_arrived_is_claimed_as_such_and_never_overwritten,
    what_a_dead_process_had_begun_to_send_is_unclear,
    a_new_process_need_not_wait_for_the_leases_of_the_old_one,
    whoever_comes_after_the_lease_sends_and_changes_nothing,
    consent_and_settling_end_with_the_next_attempt,
    answers_to_a_thread_go_out_in_the_order_in_which_they_were_written,
    what_waits_is_not_overwritten_by_other_words,
    what_waits_is_seen_only_where_it_was_typed,
    an_answer_without_a_thread_becomes_the_draft_of_a_request,
    files_that_were_promised_to_be_kept_are_no_drafts,
);

fn viewer(customer: &str, tenant: &str) -> Viewer {
    Viewer {
        customer_id: customer.into(),
        external_id: "u".into(),
        name: "Ada".into(),
        email: "ada@example.com".into(),
        scope: Scope::Team(Tenant {
            id: tenant.into(),
            external_id: "t".into(),
            name: "Team".into(),
        }),
        zone: None,
    }
}

fn ada() -> Viewer {
    viewer("c_1", "te_1")
}

fn reply(text: &str) -> Content {
    Content {
        thread_id: Some("th_1".into()),
        title: String::new(),
        text: text.into(),
        files: vec![],
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

async fn claim(store: &Store, text: &str, second: i64) -> Claim {
    store
        .claim(&ada(), "s", &reply(text), at(second))
        .await
        .unwrap()
}

async fn charge(store: &Store, text: &str, second: i64) -> Charge {
    match claim(store, text, second).await {
        Claim::Ours(charge) => *charge,
        other => panic!("{other:?}"),
    }
}

async fn states(store: &Store, second: i64) -> Vec<(String, State, bool)> {
    let rows = store
        .on_their_way(&ada(), Some("th_1"), at(0), at(second))
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| (row.content.text, row.state, row.unclear))
        .collect()
}

async fn of_a_hundred_at_once_one_sends(store: Store) {
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let store = store.clone();
        tasks.spawn(async move { claim(&store, "hello", 1000).await });
    }
    let claims = tasks.join_all().await;
    let in_flight = claims.iter().filter(|claim| **claim == Claim::InFlight);
    assert_eq!(in_flight.count(), 99);
}

async fn of_a_hundred_workers_one_sends_what_is_due(store: Store) {
    let first = charge(&store, "hello", 1000).await;
    store.postpone(&first, None, at(1002)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(1002)));
    assert_eq!(store.claim_due(8, at(1001)).await.unwrap(), []);
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let store = store.clone();
        tasks.spawn(async move { store.claim_due(8, at(1002)).await.unwrap() });
    }
    let charges = tasks.join_all().await.concat();
    assert_eq!(charges.len(), 1);
    assert_eq!(charges[0].author, ada());
    assert_eq!(charges[0].content, reply("hello"));
    assert_eq!(charges[0].first_at, at(1000));
    assert_eq!(charges[0].unclear, None);
}

async fn what_arrived_is_not_sent_again_but_other_words_are_another_message(store: Store) {
    let first = charge(&store, "hello", 1000).await;
    assert_eq!(claim(&store, "other", 1000).await, Claim::OtherContent);
    store.mark_sent(&first, "th_1").await.unwrap();
    let sent = Claim::Sent {
        thread_id: "th_1".into(),
    };
    assert_eq!(claim(&store, "hello", 9000).await, sent);
    assert_eq!(claim(&store, "other", 9000).await, Claim::OtherContent);
    assert_eq!(
        states(&store, 9000).await,
        [("hello".into(), State::Sent, false)]
    );
    let someone_else = viewer("c_2", "te_1");
    let theirs = store
        .claim(&someone_else, "s", &reply("hello"), at(9000))
        .await
        .unwrap();
    assert!(matches!(theirs, Claim::Ours(_)));
}

async fn what_surely_was_not_sent_can_be_corrected(store: Store) {
    store
        .keep_refused(&ada(), "s", &reply(""), Problem::TextEmpty, at(1000))
        .await
        .unwrap();
    let refused = store.latest_refused(&ada(), Some("th_1")).await.unwrap();
    assert_eq!(refused.unwrap().problem, Problem::TextEmpty);
    let corrected = charge(&store, "better", 1001).await;
    store
        .give_up(&corrected, Some(Problem::Refused), None)
        .await
        .unwrap();
    assert_eq!(
        states(&store, 1001).await,
        [(
            "better".into(),
            State::Unsent(Some(Problem::Refused)),
            false
        )]
    );
    let again = charge(&store, "best", 1002).await;
    assert_eq!(again.unclear, None);
    assert_eq!(again.content, reply("best"));
}

async fn what_may_have_arrived_is_claimed_as_such_and_never_overwritten(store: Store) {
    let first = charge(&store, "hello", 1000).await;
    let unclear = Unclear::since(first.tried_at);
    store
        .postpone(&first, Some(unclear), at(1002))
        .await
        .unwrap();
    assert_eq!(claim(&store, "other", 1001).await, Claim::OtherContent);
    let kept = store
        .keep_refused(&ada(), "s", &reply(""), Problem::TextEmpty, at(1001))
        .await
        .unwrap();
    assert!(!kept);
    let by_worker = store.claim_due(8, at(1002)).await.unwrap().remove(0);
    assert_eq!(by_worker.unclear, Some(unclear));
    let settling = Unclear {
        settles_at: Some(at(1030)),
        ..unclear
    };
    store
        .postpone(&by_worker, Some(settling), at(1005))
        .await
        .unwrap();
    let by_customer = charge(&store, "hello", 1006).await;
    let asked_for = Unclear {
        again: true,
        ..settling
    };
    assert_eq!(by_customer.unclear, Some(asked_for));
    store
        .give_up(&by_customer, None, Some(asked_for))
        .await
        .unwrap();
    assert_eq!(
        states(&store, 1006).await,
        [("hello".into(), State::Unsent(None), true)]
    );
    store.turned_up(&ada(), "s").await.unwrap();
    assert_eq!(
        store.arrived_in(&ada(), "s").await.unwrap().as_deref(),
        Some("th_1")
    );
}

async fn what_a_dead_process_had_begun_to_send_is_unclear(store: Store) {
    let mine = charge(&store, "hello", 1000).await;
    assert_eq!(
        states(&store, 1010).await,
        [("hello".into(), State::Sending, false)]
    );
    assert!(store.begin_sending(&mine, at(1010)).await.unwrap());
    let lease_ends = at(1010) + SignedDuration::try_from(LEASE).unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(lease_ends));
    assert_eq!(
        states(&store, 2000).await,
        [("hello".into(), State::Waiting, true)]
    );
    let taken = store.claim_due(8, lease_ends).await.unwrap().remove(0);
    assert_eq!(taken.unclear, Some(Unclear::since(at(1010))));
}

async fn a_new_process_need_not_wait_for_the_leases_of_the_old_one(store: Store) {
    charge(&store, "hello", 1000).await;
    store.end_leases().await.unwrap();
    let taken = store.claim_due(8, at(1001)).await.unwrap().remove(0);
    assert_eq!(taken.unclear, None, "it had not begun to send");
}

async fn whoever_comes_after_the_lease_sends_and_changes_nothing(store: Store) {
    let slow = charge(&store, "hello", 1000).await;
    let taken = store.claim_due(8, at(1060)).await.unwrap().remove(0);
    assert!(!store.begin_sending(&slow, at(1061)).await.unwrap());
    store
        .give_up(&slow, Some(Problem::Refused), None)
        .await
        .unwrap();
    store.drop_charge(&slow).await.unwrap();
    assert_eq!(
        states(&store, 1061).await,
        [("hello".into(), State::Sending, false)]
    );
    assert!(store.begin_sending(&taken, at(1062)).await.unwrap());
    store.postpone(&taken, None, at(1100)).await.unwrap();
    assert_eq!(
        states(&store, 1063).await,
        [("hello".into(), State::Waiting, false)]
    );
    store.hurry("c_1", at(1070)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(1070)));
}

async fn consent_and_settling_end_with_the_next_attempt(store: Store) {
    let first = charge(&store, "hello", 1000).await;
    let settled = Unclear {
        settles_at: Some(at(1030)),
        again: true,
        ..Unclear::since(at(1000))
    };
    store
        .postpone(&first, Some(settled), at(1030))
        .await
        .unwrap();
    let second = store.claim_due(8, at(1030)).await.unwrap().remove(0);
    assert_eq!(second.unclear, Some(settled));
    assert!(store.begin_sending(&second, at(1031)).await.unwrap());
    store.end_leases().await.unwrap();
    let third = store.claim_due(8, at(1032)).await.unwrap().remove(0);
    assert_eq!(third.unclear, Some(Unclear::since(at(1000))));
}

async fn answers_to_a_thread_go_out_in_the_order_in_which_they_were_written(store: Store) {
    for (id, second) in [("b", 1000), ("a", 1001)] {
        let claim = store
            .claim(&ada(), id, &reply(id), at(second))
            .await
            .unwrap();
        let Claim::Ours(charge) = claim else {
            panic!("{claim:?}");
        };
        store.postpone(&charge, None, at(1010)).await.unwrap();
    }
    let first = store.claim_due(8, at(1020)).await.unwrap();
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].id, "b");
    assert_eq!(store.claim_due(8, at(1020)).await.unwrap(), []);
    store.mark_sent(&first[0], "th_1").await.unwrap();
    assert_eq!(store.claim_due(8, at(1020)).await.unwrap()[0].id, "a");
}

async fn what_waits_is_not_overwritten_by_other_words(store: Store) {
    let mine = charge(&store, "first words", 1000).await;
    store.postpone(&mine, None, at(1002)).await.unwrap();
    assert_eq!(
        claim(&store, "other words", 1001).await,
        Claim::OtherContent
    );
}

async fn what_waits_is_seen_only_where_it_was_typed(store: Store) {
    let mine = charge(&store, "mine", 1000).await;
    store
        .give_up(&mine, Some(Problem::Blocked), None)
        .await
        .unwrap();
    for (who, thread) in [
        (viewer("c_2", "te_1"), Some("th_1")),
        (viewer("c_1", "te_2"), Some("th_1")),
        (ada(), Some("th_2")),
        (ada(), None),
    ] {
        let seen = store.on_their_way(&who, thread, at(0), at(1000));
        assert_eq!(seen.await.unwrap(), []);
    }
    let not_sent = store.not_sent(&ada(), at(1000)).await.unwrap();
    assert_eq!(not_sent[0].content, reply("mine"));
    let theirs = store.not_sent(&viewer("c_2", "te_1"), at(1000)).await;
    assert_eq!(theirs.unwrap(), []);
    store
        .discard(&viewer("c_2", "te_1"), "s", at(1000))
        .await
        .unwrap();
    assert_eq!(states(&store, 1000).await.len(), 1);
    store.discard(&ada(), "s", at(1000)).await.unwrap();
    assert_eq!(states(&store, 1000).await, []);
}

async fn an_answer_without_a_thread_becomes_the_draft_of_a_request(store: Store) {
    let mine = charge(&store, "mine", 1000).await;
    store.uproot(&mine, Problem::Closed).await.unwrap();
    let refused = store.latest_refused(&ada(), None).await.unwrap().unwrap();
    assert_eq!(
        (refused.text.as_str(), refused.problem),
        ("mine", Problem::Closed)
    );
}

async fn files_that_were_promised_to_be_kept_are_no_drafts(store: Store) {
    let room = Room {
        bytes: 100,
        share: 100,
    };
    let mut files = vec![];
    for id in ["promised", "draft"] {
        let file = DraftFile {
            id: id.into(),
            name: "a.txt".into(),
            size: 1,
            sha256: id.into(),
            problem: None,
        };
        let added = store.add_file("c_1", "s", &file, room, at(0)).await;
        assert!(added.unwrap());
        files.push(Content {
            files: vec![file],
            ..reply(id)
        });
    }
    let Claim::Ours(charge) = store.claim(&ada(), "s", &files[0], at(10)).await.unwrap() else {
        panic!("nobody else has it");
    };
    store.uproot(&charge, Problem::Closed).await.unwrap();
    let draft = Problem::Files;
    let kept = store
        .keep_refused(&ada(), "t", &files[1], draft, at(10))
        .await;
    assert!(kept.unwrap());
    assert_eq!(store.forget_old_files(at(100)).await.unwrap(), 1);
    assert!(store.has_file("promised").await.unwrap());
    // Thrown away, it is promised no longer.
    store.discard(&ada(), "s", at(100)).await.unwrap();
    assert_eq!(store.forget_old_files(at(100)).await.unwrap(), 1);
}
