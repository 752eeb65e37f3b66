//! Data, errors, and both at once.

#![allow(clippy::unwrap_used)]

use super::*;

#[derive(Debug, Deserialize, PartialEq)]
struct Data {
    thread: Option<Thread>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Thread {
    title: String,
    tenant: Option<String>,
}

fn received(body: &str) -> Received {
    Received {
        status: StatusCode::OK,
        retry_after: None,
        body: body.into(),
    }
}

fn answer(data: &str, failures: &[(&str, &str)]) -> Result<Answer<Data>, Error> {
    let failures: Vec<String> = failures
        .iter()
        .map(|(code, path)| {
            format!(r#"{{"message":"no","path":{path},"extensions":{{"code":"{code}"}}}}"#)
        })
        .collect();
    let failures = failures.join(",");
    received(&format!(r#"{{"data":{data},"errors":[{failures}]}}"#)).answer()
}

const INTERNAL: &str = "INTERNAL_SERVER_ERROR";
const WITHOUT_TENANT: &str = r#"{"thread":{"title":"Hello","tenant":null}}"#;

#[test]
fn null_with_an_error_is_not_the_same_as_nothing_there() {
    let nothing = received(r#"{"data":{"thread":null}}"#).answer::<Data>();
    assert_eq!(nothing.unwrap().whole().unwrap(), Data { thread: None });
    for data in [r#"{"thread":null}"#, "null", "{}"] {
        let error = answer(data, &[(INTERNAL, r#"["thread","tenant"]"#)]).unwrap_err();
        assert!(matches!(error, Error::Temporary { .. }), "{data}: {error}");
        let error = answer(data, &[("FORBIDDEN", "null")]).unwrap_err();
        assert!(matches!(error, Error::Forbidden { .. }), "{data}: {error}");
    }
}

#[test]
fn what_is_there_is_taken_and_said_to_be_partial() {
    let partial = || answer(WITHOUT_TENANT, &[(INTERNAL, r#"["thread","tenant"]"#)]).unwrap();
    assert!(partial().missing().is_some());
    let loaded = partial().at_least(|_| true).unwrap();
    assert!(loaded.partial);
    assert_eq!(loaded.value.thread.unwrap().title, "Hello");
    assert!(matches!(
        partial().at_least(|_| false),
        Err(Error::Temporary { .. })
    ));
    assert!(matches!(partial().whole(), Err(Error::Temporary { .. })));
    let whole = received(&format!(r#"{{"data":{WITHOUT_TENANT},"errors":[]}}"#));
    assert!(
        !whole
            .answer::<Data>()
            .unwrap()
            .at_least(|_| false)
            .unwrap()
            .partial
    );
}

#[test]
fn data_that_does_not_fit_is_the_error_that_stands_beside_it() {
    let broken = r#"{"thread":{"title":null,"tenant":null}}"#;
    let error = answer(broken, &[("FORBIDDEN", r#"["thread","title"]"#)]).unwrap_err();
    assert!(matches!(error, Error::Forbidden { .. }), "{error}");
    let error = received(&format!(r#"{{"data":{broken}}}"#))
        .answer::<Data>()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "Plain's answer is not understood: `thread.title` is not as the schema says"
    );
}

/// As after a cut inside an emoji.
#[test]
fn half_a_character_costs_nothing_else() {
    let body = r#"{"data":{"thread":{"title":"Hello \ud83d","tenant":"\\ud83d \ud83d\ude00"}}}"#;
    let thread = received(body).answer::<Data>().unwrap().whole().unwrap();
    let thread = thread.thread.unwrap();
    assert_eq!(thread.title, "Hello \u{fffd}");
    assert_eq!(thread.tenant.as_deref(), Some("\\ud83d \u{1f600}"));
}

#[test]
fn several_errors_are_the_one_after_which_most_is_unclear() {
    for codes in [["FORBIDDEN", INTERNAL], [INTERNAL, "FORBIDDEN"]] {
        let error = answer("null", &codes.map(|code| (code, "null"))).unwrap_err();
        assert!(error.maybe_done(), "{error}");
    }
}

#[test]
fn a_mutation_is_done_unless_its_own_outcome_failed() {
    for (path, done) in [
        (r#"["createThread","thread","title"]"#, true),
        (r#"["createThread","thread"]"#, true),
        (r#"["createThread","error","message"]"#, false),
        (r#"["createThread","error"]"#, false),
        (r#"["createThread"]"#, false),
        ("[]", false),
        ("null", false),
    ] {
        let failures = [("FORBIDDEN", path)];
        match answer(WITHOUT_TENANT, &failures).unwrap().outcome() {
            Ok(_) => assert!(done, "{path}"),
            Err(error) => assert!(!done && error.maybe_done(), "{path}: {error}"),
        }
    }
}

#[test]
fn rows_with_something_missing_are_named() {
    let failures = [
        (
            INTERNAL,
            r#"["thread","timelineEntries","edges",2,"node","entry","text"]"#,
        ),
        (INTERNAL, r#"["thread","timelineEntries","edges",7]"#),
        (INTERNAL, r#"["thread","others","edges",1]"#),
        (
            INTERNAL,
            r#"["thread","timelineEntries","edges",3,"node","entry","subject"]"#,
        ),
        (INTERNAL, r#"["thread","tenant"]"#),
        (
            INTERNAL,
            r#"["thread","timelineEntries","pageInfo","startCursor"]"#,
        ),
    ];
    let answer = answer(WITHOUT_TENANT, &failures).unwrap();
    assert_eq!(
        answer.incomplete_rows("timelineEntries", &["subject"]),
        Ok(BTreeSet::from([2, 7]))
    );
}

#[test]
fn a_failure_that_does_not_say_of_which_row_it_is_may_be_of_any() {
    for path in [
        "null",
        "[]",
        r#"["thread"]"#,
        r#"["thread",0]"#,
        r#"["thread","timelineEntries"]"#,
        r#"["thread","timelineEntries","edges"]"#,
        r#"["thread","timelineEntries","edges","0"]"#,
        r#"["thread","timelineEntries","subject"]"#,
    ] {
        let answer = answer(WITHOUT_TENANT, &[(INTERNAL, path)]).unwrap();
        let rows = answer.incomplete_rows("timelineEntries", &["subject"]);
        assert!(matches!(rows, Err(Error::Temporary { .. })), "{path}");
    }
}

#[test]
fn a_400_may_say_what_it_does_not_take() {
    let refused = |body: &str| Received {
        status: StatusCode::BAD_REQUEST,
        ..received(body)
    };
    let error = |body| refused(body).answer::<Data>().unwrap_err();
    assert!(matches!(
        error(r#"{"errors":[{"message":"no","extensions":{"code":"BAD_USER_INPUT"}}]}"#),
        Error::BadInput { .. }
    ));
    for body in [
        "",
        "<html>",
        r#"{"errors":[{"message":"no"}]}"#,
        r#"{"data":{"thread":null}}"#,
    ] {
        assert!(matches!(error(body), Error::Rejected { .. }), "{body}");
    }
}
