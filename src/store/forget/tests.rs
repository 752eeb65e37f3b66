#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;
use tower_sessions::{
    SessionStore as _,
    cookie::time::{Duration, OffsetDateTime},
    session::{Id, Record},
};

use super::{Forgotten, TABLES};
use crate::{
    model::{DraftFile, Viewer},
    store::{
        Claim, Content, Error, Room, SIGNED_IN, Store,
        testing::{TestDatabase, on_both},
    },
};

on_both!(
    everything_about_one_person_goes_and_nothing_else,
    somebody_is_found_by_the_id_of_the_host_product,
    every_table_of_customers_is_known,
    what_is_being_sent_is_not_sent_any_more,
);

fn viewer(customer_id: &str, external_id: &str) -> Viewer {
    Viewer {
        customer_id: customer_id.into(),
        external_id: external_id.into(),
        // Names another customer, which makes neither the other.
        name: "c_ada u_100%".into(),
        ..Viewer::sample()
    }
}

async fn sign_in(store: &Store, viewer: &Viewer) -> Id {
    let mut record = Record {
        id: Id::default(),
        data: [(SIGNED_IN.to_owned(), json!({ "viewer": viewer }))].into(),
        expiry_date: OffsetDateTime::now_utc() + Duration::HOUR,
    };
    store.sessions().create(&mut record).await.unwrap();
    record.id
}

async fn send(store: &Store, viewer: &Viewer, id: &str) -> Claim {
    let content = Content {
        thread_id: Some("th_1".into()),
        title: String::new(),
        text: "hello".into(),
        files: vec![],
    };
    let now = Timestamp::now();
    store.claim(viewer, id, &content, now).await.unwrap()
}

/// One row in each table, and two sessions.
async fn live(store: &Store, viewer: &Viewer) -> [Id; 2] {
    let now = Timestamp::now();
    let id = &viewer.customer_id;
    send(store, viewer, "s").await;
    let file = DraftFile {
        id: format!("file of {id}"),
        name: "log.txt".into(),
        size: 1,
        sha256: "00".into(),
        problem: None,
    };
    let room = Room {
        bytes: 100,
        share: 100,
    };
    assert!(store.add_file(id, "s", &file, room, now).await.unwrap());
    store.mark_read(id, "th_1", now).await.unwrap();
    store.read_since(id, "te_1", now).await.unwrap();
    [sign_in(store, viewer).await, sign_in(store, viewer).await]
}

fn all_of_it() -> Forgotten {
    let tables = TABLES.map(|table| (table, 1));
    Forgotten([&[("sessions", 2)], tables.as_slice()].concat())
}

async fn everything_about_one_person_goes_and_nothing_else(store: Store) {
    let (ada, tom) = (viewer("c_ada", "u_ada"), viewer("c_tom", "u_tom"));
    let (adas, toms) = (live(&store, &ada).await, live(&store, &tom).await);
    assert_eq!(store.kept_about("c_ada").await.unwrap(), all_of_it());
    assert_eq!(store.forget("c_ada").await.unwrap(), all_of_it());
    assert_eq!(store.kept_about("c_ada").await.unwrap().rows(), 0);
    assert_eq!(store.forget("c_ada").await.unwrap().rows(), 0);
    assert_eq!(store.kept_about("c_tom").await.unwrap(), all_of_it());
    for (id, signed_in) in adas
        .map(|id| (id, false))
        .into_iter()
        .chain(toms.map(|id| (id, true)))
    {
        let session = store.sessions().load(&id).await.unwrap();
        assert_eq!(session.is_some(), signed_in);
    }
}

async fn somebody_is_found_by_the_id_of_the_host_product(store: Store) {
    sign_in(&store, &viewer("c_ada", "u_100%")).await;
    sign_in(&store, &viewer("c_tom", "u_1000")).await;
    send(&store, &viewer("c_eve", "u_100%"), "s").await;
    send(&store, &viewer("c_bob", "u_100x"), "s").await;
    send(&store, &viewer("c_jo", "quote\" and \\ slash"), "s").await;
    for (external_id, expected) in [
        ("u_100%", &["c_ada", "c_eve"][..]),
        ("u_1000", &["c_tom"]),
        ("u_100", &[]),
        ("quote\" and \\ slash", &["c_jo"]),
        ("%", &[]),
        ("", &[]),
    ] {
        let found = store.customers_known_as(external_id).await.unwrap();
        let expected: BTreeSet<String> = expected.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(found, expected, "{external_id}");
    }
}

/// Whoever adds a table with a `customer_id` has to add it to [`TABLES`] as well.
async fn every_table_of_customers_is_known(store: Store) {
    let sql = match store.database.is_ours_alone() {
        true => {
            "SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
             WHERE m.type = 'table' AND c.name = 'customer_id'"
        }
        false => {
            "SELECT table_name::text FROM information_schema.columns
             WHERE table_schema = current_schema() AND column_name = 'customer_id'"
        }
    };
    let tables: Vec<(String,)> = store.query(sql).fetch_all().await.unwrap();
    let tables: BTreeSet<String> = tables.into_iter().map(|(table,)| table).collect();
    assert_eq!(tables, TABLES.map(str::to_owned).into());
}

async fn what_is_being_sent_is_not_sent_any_more(store: Store) {
    let ada = viewer("c_ada", "u_ada");
    let Claim::Ours(charge) = send(&store, &ada, "s").await else {
        panic!("somebody else has it");
    };
    store.forget("c_ada").await.unwrap();
    let now = Timestamp::now();
    assert!(!store.begin_sending(&charge, now).await.unwrap());
}

/// A short command beside a portal that has the database open.
async fn is_a_guest(database: TestDatabase) {
    let store = Store::open(&database.url()).await.unwrap();
    let ada = viewer("c_ada", "u_ada");
    let Claim::Ours(charge) = send(&store, &ada, "s").await else {
        panic!("somebody else has it");
    };
    let guest = Store::beside(&database.url()).await.unwrap();
    // What the portal is sending stays its own.
    let now = Timestamp::now();
    assert!(store.begin_sending(&charge, now).await.unwrap());
    assert_eq!(guest.forget("c_ada").await.unwrap().rows(), 1);
    assert_eq!(store.kept_about("c_ada").await.unwrap().rows(), 0);

    store
        .query("DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)")
        .execute()
        .await
        .unwrap();
    let error = Store::beside(&database.url()).await.err().unwrap();
    assert!(matches!(error, Error::OtherVersion), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_on_sqlite_has_a_guest() {
    is_a_guest(TestDatabase::sqlite().unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_on_postgres_has_a_guest() {
    let Some(database) = TestDatabase::postgres() else {
        return;
    };
    is_a_guest(database).await;
}

#[tokio::test]
async fn a_guest_brings_no_database() {
    let database = TestDatabase::sqlite().unwrap();
    let error = Store::beside(&database.url()).await.err().unwrap();
    assert!(error.to_string().starts_with("DATABASE_URL: "), "{error}");
    assert!(
        Store::beside(&database.url()).await.is_err(),
        "nor makes one"
    );
}
