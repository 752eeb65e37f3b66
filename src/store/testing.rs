//! Tests of the store run on both databases, from the same code.

#[path = "../../tests/support/database.rs"]
mod database;

pub use database::TestDatabase;

/// Makes two tests of each function, which takes a [`super::Store`]: one on SQLite, one on PostgreSQL.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        $crate::store::testing::on_one!(sqlite: $($test),+);
        $crate::store::testing::on_one!(postgres: $($test),+);
    };
}

macro_rules! on_one {
    ($kind:ident: $($test:ident),+) => {
        mod $kind {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    let Some(database) = $crate::store::testing::TestDatabase::$kind() else {
                        return;
                    };
                    let store = $crate::store::Store::open(&database.url()).await.unwrap();
                    super::$test(store).await;
                }
            )+
        }
    };
}

pub(super) use {on_both, on_one};
