//! Lists of threads: pages, sorts, filters.

use std::collections::HashSet;

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, THREADS, millis, nodes, text};

/// Walks a list from one end to the other by pages of seven.
async fn walk(client: &Client, size: &str, cursor: &str, sort: Value) -> Vec<String> {
    let forward = size == "first";
    let mut variables = json!({ "sortBy": sort, size: 7 });
    let mut ids: Vec<String> = Vec::new();
    loop {
        let data = client.data(THREADS, variables.clone()).await;
        let list = &data["threads"];
        let mut page: Vec<String> = nodes(list)
            .iter()
            .map(|thread| text(&thread["id"]))
            .collect();
        let info = &list["pageInfo"];
        let (more, back, end) = if forward {
            ("hasNextPage", "hasPreviousPage", "endCursor")
        } else {
            ("hasPreviousPage", "hasNextPage", "startCursor")
        };
        assert_eq!(info[back], json!(!ids.is_empty()));
        if forward {
            ids.append(&mut page);
        } else {
            ids.splice(0..0, page);
        }
        assert!(ids.len() as u64 <= list["totalCount"].as_u64().unwrap());
        if info[more] == json!(false) {
            return ids;
        }
        variables[cursor] = info[end].clone();
    }
}

#[tokio::test]
async fn pages_cover_the_whole_list_in_both_directions() {
    let client = Client::new(Seed::Bulk {
        threads: 40,
        tenants: 3,
    })
    .await;
    for (field, direction) in [
        ("STATUS_CHANGED_AT", "DESC"),
        ("CREATED_AT", "ASC"),
        ("LAST_INBOUND_MESSAGE_AT", "DESC"),
        ("PRIORITY", "ASC"),
    ] {
        let sort = json!({ "field": field, "direction": direction });
        let forward = walk(&client, "first", "after", sort.clone()).await;
        assert_eq!(forward.len(), 40);
        assert_eq!(forward.iter().collect::<HashSet<_>>().len(), 40);
        assert_eq!(walk(&client, "last", "before", sort.clone()).await, forward);
        let (at_once, total) = client.threads(Value::Null, sort).await;
        assert_eq!((at_once, total), (forward, 40));
    }
}

#[tokio::test]
async fn threads_are_sorted_as_asked() {
    let client = Client::new(Seed::Story).await;
    for (field, direction) in [
        ("CREATED_AT", "createdAt"),
        ("STATUS_CHANGED_AT", "statusChangedAt"),
        ("PRIORITY", "priority"),
    ]
    .iter()
    .flat_map(|it| [(it, "ASC"), (it, "DESC")])
    {
        let sort = json!({ "field": field.0, "direction": direction });
        let data = client
            .data(THREADS, json!({ "sortBy": sort, "first": 100 }))
            .await;
        let value = |thread: &Value| {
            thread[field.1]
                .as_i64()
                .unwrap_or_else(|| millis(&thread[field.1]))
        };
        let mut values: Vec<i64> = nodes(&data["threads"]).iter().map(value).collect();
        assert!(values.len() > 25);
        if direction == "DESC" {
            values.reverse();
        }
        assert!(values.is_sorted(), "{field:?} {direction}");
    }
    let (default, _) = client.threads(Value::Null, Value::Null).await;
    let (by_status, _) = client
        .threads(
            Value::Null,
            json!({ "field": "STATUS_CHANGED_AT", "direction": "DESC" }),
        )
        .await;
    assert_eq!(default, by_status);
    for field in ["CLOSEST_TO_BREACH_SLA", "THREAD_FIELD"] {
        let (code, message) = client
            .error(
                THREADS,
                json!({ "sortBy": { "field": field, "direction": "ASC" } }),
            )
            .await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains(field));
    }
}

#[tokio::test]
async fn a_cursor_outlives_its_row() {
    let client = Client::new(Seed::Bulk {
        threads: 12,
        tenants: 1,
    })
    .await;
    let variables = json!({ "filters": { "statuses": ["TODO"] }, "sortBy": { "field": "CREATED_AT", "direction": "DESC" }, "first": 3 });
    let first = client.data(THREADS, variables.clone()).await;
    let last_row = nodes(&first["threads"])[2]["id"].clone();
    client
        .status("markThreadAsDone", json!({ "threadId": last_row }))
        .await;
    let mut next = variables.clone();
    next["after"] = first["threads"]["pageInfo"]["endCursor"].clone();
    let second = client.data(THREADS, next).await;
    let (all, _) = client
        .threads(variables["filters"].clone(), variables["sortBy"].clone())
        .await;
    let ids: Vec<String> = nodes(&second["threads"])
        .iter()
        .map(|it| text(&it["id"]))
        .collect();
    assert_eq!(ids, all[2..5]);
}

#[tokio::test]
async fn wrong_pages_are_refused() {
    let client = Client::new(Seed::Bulk {
        threads: 30,
        tenants: 1,
    })
    .await;
    let data = client.data(THREADS, json!({})).await;
    assert_eq!(nodes(&data["threads"]).len(), 25);
    let cursor = &data["threads"]["pageInfo"]["endCursor"];
    let by_priority = json!({ "field": "PRIORITY", "direction": "ASC" });
    for wrong in [
        json!({ "first": 101 }),
        json!({ "first": 0 }),
        json!({ "last": -1 }),
        json!({ "first": 1, "last": 1 }),
        json!({ "first": 1, "before": cursor }),
        json!({ "last": 1, "after": cursor }),
        json!({ "after": "nonsense" }),
        json!({ "before": "" }),
        json!({ "after": cursor, "sortBy": by_priority }),
    ] {
        assert_eq!(
            client.error(THREADS, wrong.clone()).await.0,
            "BAD_USER_INPUT",
            "{wrong}"
        );
    }
    assert_eq!(
        nodes(&client.data(THREADS, json!({ "after": cursor })).await["threads"]).len(),
        5
    );
}

#[tokio::test]
async fn filters_narrow_and_nest() {
    let client = Client::new(Seed::Story).await;
    let all = nodes(&client.data(THREADS, json!({ "first": 100 })).await["threads"]);
    let check = async |filters: Value, wanted: &dyn Fn(&Value) -> bool| {
        let (ids, total) = client.threads(filters.clone(), Value::Null).await;
        let expected: Vec<String> = all
            .iter()
            .filter(|it| wanted(it))
            .map(|it| text(&it["id"]))
            .collect();
        assert!(
            !expected.is_empty() && expected.len() < all.len(),
            "the story has nothing for {filters}"
        );
        assert_eq!(ids, expected, "{filters}");
        assert_eq!(total, expected.len() as u64);
    };
    let halden = |it: &Value| it["tenant"]["externalId"] == "acct_halden";
    let waiting =
        |it: &Value| it["statusDetail"]["__typename"] == "ThreadStatusDetailWaitingForCustomer";
    let of_halden = json!({ "tenantIdentifiers": [{ "externalId": "acct_halden" }] });
    check(of_halden.clone(), &halden).await;
    check(json!({ "statuses": ["DONE"] }), &|it| {
        it["status"] == "DONE"
    })
    .await;
    check(
        json!({ "statuses": ["SNOOZED"], "statusDetails": ["WAITING_FOR_CUSTOMER"] }),
        &waiting,
    )
    .await;
    check(
        json!({ "statusDetails": ["WAITING_FOR_CUSTOMER"], "and": [of_halden] }),
        &|it| halden(it) && waiting(it),
    )
    .await;
    check(
        json!({ "or": [of_halden, { "statuses": ["DONE"] }] }),
        &|it| halden(it) || it["status"] == "DONE",
    )
    .await;
    check(json!({ "not": of_halden }), &|it| !halden(it)).await;
    let nested = json!({ "and": [{ "not": { "statuses": ["DONE"] } }, { "or": [of_halden, { "refs": ["T-1"] }] }] });
    check(nested, &|it| {
        it["status"] != "DONE" && (halden(it) || it["ref"] == "T-1")
    })
    .await;
    check(
        json!({ "threadIds": [all[0]["id"], all[3]["id"]] }),
        &|it| it["id"] == all[0]["id"] || it["id"] == all[3]["id"],
    )
    .await;
    check(json!({ "priorities": [0, 1] }), &|it| {
        it["priority"].as_i64().unwrap() < 2
    })
    .await;
    check(json!({ "messageSource": ["CHAT"] }), &|it| {
        it["channel"] == "CHAT" || it["channel"] == "INTERNAL"
    })
    .await;
    let moment = all
        .iter()
        .map(|it| millis(&it["createdAt"]))
        .nth(5)
        .unwrap();
    let iso = client
        .data(
            &format!(
                "{{ thread(threadId: {}) {{ createdAt {{ iso8601 }} }} }}",
                all[5]["id"]
            ),
            json!({}),
        )
        .await;
    let iso = &iso["thread"]["createdAt"]["iso8601"];
    check(json!({ "createdAt": { "after": iso } }), &|it| {
        millis(&it["createdAt"]) >= moment
    })
    .await;
    check(json!({ "createdAt": { "before": iso } }), &|it| {
        millis(&it["createdAt"]) < moment
    })
    .await;
    assert_eq!(
        client
            .threads(
                json!({ "tenantIdentifiers": [{ "externalId": "nowhere" }] }),
                Value::Null
            )
            .await
            .1,
        0
    );
}

#[tokio::test]
async fn threads_are_found_by_who_takes_part() {
    let client = Client::new(Seed::Empty).await;
    let (ada, bob) = (client.customer("ada").await, client.customer("bob").await);
    let joined = client.new_thread(&ada, "CHAT").await;
    let alone = client.new_thread(&ada, "CHAT").await;
    client.reply(&joined, Some("bob"), json!({})).await;
    let by = async |name: &str, id: &str| {
        let mut ids = client.threads(json!({ name: [id] }), Value::Null).await.0;
        ids.sort();
        ids
    };
    assert_eq!(
        by("participantIds", &bob).await,
        std::slice::from_ref(&joined)
    );
    assert_eq!(by("customerIds", &bob).await, [""; 0]);
    assert_eq!(
        by("participantIds", &ada).await,
        [joined.clone(), alone.clone()]
    );
    assert_eq!(by("customerIds", &ada).await, [joined, alone]);
}

#[tokio::test]
async fn filters_that_the_sandbox_lacks_are_named() {
    let client = Client::new(Seed::Empty).await;
    for (name, filters) in [
        ("threadLinkGroupIds", json!({ "threadLinkGroupIds": ["x"] })),
        (
            "threadLinkGroupIds",
            json!({ "and": [{ "not": { "threadLinkGroupIds": ["x"] } }] }),
        ),
        ("statuses", json!({ "statuses": [] })),
        (
            "createdAt",
            json!({ "createdAt": { "after": "yesterday" } }),
        ),
    ] {
        let (code, message) = client.error(THREADS, json!({ "filters": filters })).await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains(name), "{message}");
    }
    assert_eq!(
        client
            .error(THREADS, json!({ "filters": { "unknown": 1 } }))
            .await
            .0,
        "BAD_USER_INPUT"
    );
}
