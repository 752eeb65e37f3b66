//! Searches, and the lists of tenants and customers.

use plain_portal::sandbox::{Seed, seed::PEOPLE};
use serde_json::{Value, json};

use crate::client::{Client, nodes, person, text};

const SEARCH: &str = "query searchThreads($term: String!, $filters: ThreadsFilter, $first: Int, $after: String) {
    searchThreads(searchQuery: { term: $term }, filters: $filters, first: $first, after: $after) {
      pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor node { thread { id title } } } } }";

/// The titles that a search for threads finds, in its order.
async fn found(client: &Client, term: &str, filters: Value) -> Vec<String> {
    let data = client
        .data(
            SEARCH,
            json!({ "term": term, "filters": filters, "first": 100 }),
        )
        .await;
    let results = nodes(&data["searchThreads"]);
    results
        .iter()
        .map(|it| text(&it["thread"]["title"]))
        .collect()
}

async fn thread(client: &Client, customer: &str, title: &str, message: &str) -> String {
    let done = client.create_thread(json!({
        "customerIdentifier": { "externalId": customer }, "title": title, "channel": "CHAT", "description": "Of the form",
        "components": [{ "componentText": { "text": message } }],
    })).await;
    text(&done["thread"]["id"])
}

#[tokio::test]
async fn threads_are_found_by_their_words_and_their_customer() {
    let client = Client::new(Seed::Empty).await;
    client.customer("ada").await;
    client.customer("bob").await;
    let lift = thread(
        &client,
        "ada",
        "Lift stands still",
        "Since Émile's visit on Monday.",
    )
    .await;
    thread(
        &client,
        "bob",
        "Route too long",
        "A detour by the LIFTING bridge",
    )
    .await;
    assert_eq!(
        client.reply(&lift, Some("ada"), json!({})).await,
        Value::Null
    );
    let ada_id = client.thread(&lift).await["customer"]["id"].take();
    let note = json!({ "customerId": ada_id, "threadId": lift, "text": "Confidential" });
    client.mutate("createNote", "", note).await;
    for (term, titles) in [
        ("LIFT", vec!["Lift stands still", "Route too long"]),
        ("émile", vec!["Lift stands still"]),
        ("stands monday", vec!["Lift stands still"]),
        ("bridge", vec!["Route too long"]),
        ("news", vec!["Lift stands still"]),
        ("of the form", vec!["Lift stands still", "Route too long"]),
        ("bob@x.example", vec!["Route too long"]),
        ("ada", vec!["Lift stands still"]),
        (" lift bridge ", vec!["Route too long"]),
        ("lift nowhere", vec![]),
        ("confidential", vec![]),
        ("T-1", vec![]),
    ] {
        let mut titles_found = found(&client, term, Value::Null).await;
        titles_found.sort();
        assert_eq!(titles_found, titles, "{term}");
    }
    for short in ["", "a", " a ", "é"] {
        let refused = client.error(SEARCH, json!({ "term": short })).await;
        assert_eq!(refused.0, "BAD_USER_INPUT", "{short:?}");
    }
    assert_eq!(
        found(&client, "éM", Value::Null).await.len(),
        1,
        "two characters are enough"
    );
}

#[tokio::test]
async fn a_search_keeps_to_its_filters_and_its_pages() {
    let client = Client::new(Seed::Story).await;
    let of_halden = json!({ "tenantIdentifiers": [{ "externalId": "acct_halden" }] });
    let all = found(&client, "the", Value::Null).await;
    let own = found(&client, "the", of_halden.clone()).await;
    assert!(!own.is_empty() && own.len() < all.len());
    assert!(own.iter().all(|title| all.contains(title)));
    let done = found(
        &client,
        "the",
        json!({ "statuses": ["DONE"], "and": [of_halden] }),
    )
    .await;
    assert!(!done.is_empty() && done.iter().all(|title| own.contains(title)));
    let mut titles = Vec::new();
    let mut variables = json!({ "term": "the", "first": 3 });
    loop {
        let data = client.data(SEARCH, variables.clone()).await;
        let page = &data["searchThreads"];
        titles.extend(nodes(page).iter().map(|it| text(&it["thread"]["title"])));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        variables["after"] = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(titles, all);
    let refused = client
        .error(
            SEARCH,
            json!({ "term": "the", "filters": { "statuses": [] } }),
        )
        .await;
    assert_eq!(refused.0, "BAD_USER_INPUT");
    let sorted = "{ searchThreads(searchQuery: { term: \"the\" }, sortBy: { field: PRIORITY, direction: ASC }) { edges { cursor } } }";
    assert_eq!(
        client.error(sorted, json!({})).await.0,
        "GRAPHQL_VALIDATION_FAILED"
    );
}

#[tokio::test]
async fn tenants_are_listed_and_found() {
    let client = Client::new(Seed::Empty).await;
    for external_id in ["acme", "acme-north", "zeta"] {
        client.tenant(external_id).await;
    }
    let list = "query ($filters: TenantsFilter, $first: Int, $after: String) { tenants(filters: $filters, first: $first, after: $after) {
        edges { node { id externalId } } pageInfo { hasNextPage endCursor } } }";
    let first = client.data(list, json!({ "first": 2 })).await;
    let rows = nodes(&first["tenants"]);
    assert_eq!(
        (&rows[0]["externalId"], &rows[1]["externalId"]),
        (&json!("acme"), &json!("acme-north"))
    );
    let after = &first["tenants"]["pageInfo"]["endCursor"];
    let rest = client.data(list, json!({ "after": after })).await;
    assert_eq!(nodes(&rest["tenants"])[0]["externalId"], "zeta");
    let zeta = &nodes(&rest["tenants"])[0]["id"];
    for (filters, count) in [
        (json!({ "tenantIds": [zeta, "te_none"] }), 1),
        (json!({ "isDeleted": false }), 3),
        (json!({ "isDeleted": true }), 0),
        (
            json!({ "updatedAt": { "after": "2999-01-01T00:00:00Z" } }),
            0,
        ),
        (
            json!({ "updatedAt": { "before": "2999-01-01T00:00:00Z" } }),
            3,
        ),
    ] {
        let data = client.data(list, json!({ "filters": filters })).await;
        assert_eq!(nodes(&data["tenants"]).len(), count, "{filters}");
    }
    let by_id = client
        .data(
            "query ($id: ID!) { tenant(tenantId: $id) { externalId } }",
            json!({ "id": zeta }),
        )
        .await;
    assert_eq!(by_id["tenant"]["externalId"], "zeta");
    let search = "query ($term: String!) { searchTenants(searchQuery: { term: $term }) { edges { node { tenant { externalId } } } } }";
    for (term, wanted) in [
        ("CME", vec!["acme", "acme-north"]),
        ("Zeta", vec!["zeta"]),
        ("none", vec![]),
    ] {
        let data = client.data(search, json!({ "term": term })).await;
        let ids: Vec<String> = nodes(&data["searchTenants"])
            .iter()
            .map(|it| text(&it["tenant"]["externalId"]))
            .collect();
        assert_eq!(ids, wanted, "{term}");
    }
    assert_eq!(
        client.error(search, json!({ "term": "z" })).await.0,
        "BAD_USER_INPUT"
    );
}

#[tokio::test]
async fn customers_are_listed_by_tenant_and_by_name() {
    let client = Client::new(Seed::Story).await;
    let list =
        "query ($filters: CustomersFilter, $sort: CustomersSort, $first: Int, $after: String) {
        customers(filters: $filters, sortBy: $sort, first: $first, after: $after) {
          totalCount edges { node { id fullName } } pageInfo { hasNextPage endCursor } } }";
    let names = |data: &Value| -> Vec<String> {
        let rows = nodes(&data["customers"]);
        rows.iter().map(|it| text(&it["fullName"])).collect()
    };
    let all = client.data(list, json!({})).await;
    let people: Vec<String> = PEOPLE.iter().map(|person| person.name.to_owned()).collect();
    assert_eq!(
        (names(&all), &all["customers"]["totalCount"]),
        (people.clone(), &json!(people.len()))
    );
    let of_mora = json!({ "tenantIdentifiers": [{ "externalId": "acct_mora" }] });
    let of_mora = names(&client.data(list, json!({ "filters": of_mora })).await);
    let expected: Vec<&str> = PEOPLE
        .iter()
        .filter(|person| person.tenants.iter().any(|(id, _)| *id == "acct_mora"))
        .map(|person| person.name)
        .collect();
    assert_eq!(of_mora, expected);
    let mut sorted = people;
    sorted.sort();
    let mut by_name = Vec::new();
    let mut variables = json!({ "sort": { "field": "FULL_NAME", "direction": "ASC" }, "first": 4 });
    loop {
        let page = client.data(list, variables.clone()).await;
        by_name.extend(names(&page));
        if page["customers"]["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        variables["after"] = page["customers"]["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(by_name, sorted);
    sorted.reverse();
    let descending = json!({ "sort": { "field": "FULL_NAME", "direction": "DESC" } });
    assert_eq!(names(&client.data(list, descending).await), sorted);
    for (name, value) in [
        ("customerGroupIds", json!([])),
        ("customerGroupKeys", json!([])),
        ("companyIdentifiers", json!([])),
    ] {
        let (code, message) = client
            .error(list, json!({ "filters": { name: value } }))
            .await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains(name), "{message}");
    }
}

#[tokio::test]
async fn customers_are_found_by_any_of_the_conditions() {
    let client = Client::new(Seed::Empty).await;
    for name in ["ada", "bob", "eve"] {
        client.customer(name).await;
    }
    client
        .upsert_customer(
            json!({ "externalId": "eve" }),
            person("eve"),
            json!({ "shortName": { "value": "Evi" } }),
        )
        .await;
    thread(&client, "bob", "A thread", "not by mail or chat: a form").await;
    let chat = thread(&client, "ada", "Another", "Hello").await;
    client
        .reply(
            &chat,
            Some("ada"),
            json!({ "textContent": "a Parrot", "markdownContent": null }),
        )
        .await;
    let search = "query ($or: [CustomerSearchCondition!]) { searchCustomers(searchQuery: { or: $or }) { edges { node { externalId } } } }";
    let has = |term: &str| json!({ "caseInsensitiveContains": term });
    for (or, wanted) in [
        (json!([{ "fullName": has("AD") }]), vec!["ada"]),
        (
            json!([{ "shortName": has("evi") }, { "email": has("bob@") }]),
            vec!["bob", "eve"],
        ),
        (
            json!([{ "fullName": has("ada"), "email": has("bob") }]),
            vec![],
        ),
        (json!([{ "externalId": has("o") }]), vec!["bob"]),
        (json!([{ "timelineEntryText": has("parrot") }]), vec!["ada"]),
        (
            json!([{ "email": has("x.example") }]),
            vec!["ada", "bob", "eve"],
        ),
    ] {
        let data = client.data(search, json!({ "or": or })).await;
        let mut ids: Vec<String> = nodes(&data["searchCustomers"])
            .iter()
            .map(|it| text(&it["externalId"]))
            .collect();
        ids.sort();
        assert_eq!(ids, wanted, "{or}");
    }
    let newest = client
        .data(search, json!({ "or": [{ "email": has("x.example") }] }))
        .await;
    assert_eq!(
        nodes(&newest["searchCustomers"])[0]["externalId"],
        "ada",
        "whose thread's status changed last"
    );
    for nothing in [
        Value::Null,
        json!([]),
        json!([{}]),
        json!([{ "email": {} }]),
    ] {
        assert_eq!(
            client.error(search, json!({ "or": nothing })).await.0,
            "BAD_USER_INPUT"
        );
    }
}
