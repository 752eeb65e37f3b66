//! Ids and cursors in addresses: what is not one of ours names nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plain_portal::{
    desk::fuzzing::{opened, resealed, thread_key},
    model::ListQuery,
    plain::operations::ThreadKey,
};

fuzz_target!(|text: &str| {
    if let Some(key) = thread_key(text) {
        let id = match &key {
            ThreadKey::Id(id) | ThreadKey::Ref(id) => id,
        };
        assert!(id.eq_ignore_ascii_case(text) && id.len() <= 67, "{key:?}");
        assert!(
            id.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)),
            "{key:?}"
        );
    }
    assert_eq!(opened(text), None, "not sealed by us");
    assert_eq!(resealed(text).as_deref(), Some(text));
    let query = ListQuery::parse(|_| Some(text));
    assert!(
        query
            .parameters()
            .iter()
            .all(|(_, value)| !value.contains('\n')),
        "{text:?}"
    );
});
