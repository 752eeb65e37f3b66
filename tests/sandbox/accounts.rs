//! Companies and tiers: who is where, and what follows for threads.

use plain_portal::sandbox::Seed;
use serde_json::{Value, json};

use crate::client::{Client, person, problems, text};

async fn company(client: &Client, domain: &str, more: Value) -> Value {
    let mut input = json!({ "identifier": { "companyDomainName": domain }, "name": domain, "domainName": domain });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key] = value.clone();
    }
    let selection = "result company { id name domainName contractValue accountOwner { publicName } tier { id } logoUrl isDeleted }";
    client.mutate("upsertCompany", selection, input).await
}

async fn tier(client: &Client, external_id: &str, more: Value) -> Value {
    let mut input = json!({ "name": external_id, "externalId": external_id, "color": "#FABADA", "memberIdentifiers": [] });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key] = value.clone();
    }
    let selection = "tier { id isDefault isMachineTier color defaultPriority defaultThreadPriority
        memberships { totalCount edges { node { __typename ... on TenantTierMembership { tenantId } ... on CompanyTierMembership { companyId } } } } }";
    client.mutate("createTier", selection, input).await
}

/// The external ids of the tiers that there are, each with whether it is the default.
async fn tiers(client: &Client) -> Vec<(String, bool)> {
    let query = "{ tiers { edges { node { externalId isDefault } } } }";
    let data = client.data(query, Value::Null).await;
    let edges = data["tiers"]["edges"].as_array().unwrap().clone();
    let nodes = edges.iter().map(|edge| &edge["node"]);
    nodes
        .map(|it| (text(&it["externalId"]), it["isDefault"] == true))
        .collect()
}

/// The tier and the priority of a new thread of ada's.
async fn new_thread(client: &Client, more: Value) -> (Value, Value) {
    let mut input = json!({ "customerIdentifier": { "externalId": "ada" }, "title": "Hello" });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key] = value.clone();
    }
    let selection = "thread { tier { externalId } priority }";
    let mut made = client.mutate("createThread", selection, input).await;
    let mut thread = made["thread"].take();
    (
        thread["tier"]["externalId"].take(),
        thread["priority"].take(),
    )
}

#[tokio::test]
async fn a_company_is_told_by_its_domain() {
    let client = Client::new(Seed::Empty).await;
    let agent = client
        .data(
            "{ userByEmail(email: \"t.brandvold@fieldnote-staff.example\") { id } }",
            Value::Null,
        )
        .await["userByEmail"]["id"]
        .take();
    let more = json!({ "contractValue": 900, "accountOwnerUserId": agent });
    let made = company(&client, "https://www.Acme.example/about", more).await;
    assert_eq!(made["result"], "CREATED");
    let expected = json!({ "domainName": "acme.example", "contractValue": 900, "tier": null, "logoUrl": null, "isDeleted": false });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(made["company"][key], *value, "{key}");
    }
    assert_eq!(made["company"]["accountOwner"]["publicName"], "Theo");

    let name = json!({ "name": "https://www.Acme.example/about" });
    let same = company(&client, "acme.example", name.clone()).await;
    assert_eq!(same["result"], "NOOP");
    assert_eq!(same["company"], made["company"], "what is left out stays");
    let mut without = name;
    without["contractValue"] = Value::Null;
    without["accountOwnerUserId"] = Value::Null;
    let without = company(&client, "acme.example", without).await;
    assert_eq!(without["result"], "UPDATED");
    assert_eq!(without["company"]["contractValue"], Value::Null);
    assert_eq!(without["company"]["accountOwner"], Value::Null);

    for (domain, more, expected) in [
        (
            "no domain",
            json!({}),
            json!([
                "identifier.companyDomainName VALIDATION",
                "domainName VALIDATION"
            ]),
        ),
        (
            "acme.example",
            json!({ "name": " " }),
            json!(["name REQUIRED"]),
        ),
        (
            "acme.example",
            json!({ "accountOwnerUserId": "u_none" }),
            json!(["accountOwnerUserId NOT_FOUND"]),
        ),
        (
            "x.example",
            json!({ "domainName": "acme.example" }),
            json!(["domainName VALIDATION"]),
        ),
        (
            "x.example",
            json!({ "identifier": {} }),
            json!(["identifier VALIDATION"]),
        ),
    ] {
        let refused = company(&client, domain, more).await;
        assert_eq!(json!(problems(&refused)), expected);
    }
}

#[tokio::test]
async fn customers_work_at_the_company_of_their_address() {
    let client = Client::new(Seed::Empty).await;
    client.customer("early").await;
    let acme = company(&client, "x.example", json!({})).await["company"]["id"].take();
    let ada = client.customer("ada").await;
    let query = "query ($filters: CustomersFilter) { customers(filters: $filters) { edges { node { externalId company { id } } } } }";
    let by = async |identifier: Value| {
        let filters = json!({ "companyIdentifiers": [identifier] });
        client.data(query, json!({ "filters": filters })).await["customers"]["edges"].take()
    };
    let expected = json!([{ "node": { "externalId": "ada", "company": { "id": acme } } }]);
    assert_eq!(by(json!({ "companyId": acme })).await, expected);
    assert_eq!(
        by(json!({ "companyDomainName": "X.example" })).await,
        expected
    );
    let thread = client.new_thread(&ada, "API").await;
    let filters = json!({ "companyIdentifiers": [{ "companyId": acme }] });
    assert_eq!(client.threads(filters, Value::Null).await.0, [thread]);

    let selection = "customer { company { name domainName } }";
    let input =
        json!({ "customerId": ada, "companyIdentifier": { "companyDomainName": "new.example" } });
    let moved = client
        .mutate("updateCustomerCompany", selection, input)
        .await;
    assert_eq!(
        moved["customer"]["company"],
        json!({ "name": "new.example", "domainName": "new.example" })
    );
    assert_eq!(by(json!({ "companyId": acme })).await, json!([]));
    let left = client
        .mutate(
            "updateCustomerCompany",
            selection,
            json!({ "customerId": ada }),
        )
        .await;
    assert_eq!(left["customer"]["company"], Value::Null);

    let (code, message) = client
        .error(query, json!({ "filters": { "companyIdentifiers": [{}] } }))
        .await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.contains("companyId"), "{message}");
}

#[tokio::test]
async fn companies_are_listed_and_found() {
    let client = Client::new(Seed::Empty).await;
    for domain in ["acme.example", "zeta.example"] {
        company(&client, domain, json!({})).await;
    }
    let query = "query ($filters: CompaniesFilter, $term: String!) {
        companies(filters: $filters) { edges { node { domainName } } }
        searchCompanies(searchQuery: { term: $term }, filters: $filters) { edges { node { company { domainName } } } } }";
    let count = async |filters: Value, term: &str| {
        let data = client
            .data(query, json!({ "filters": filters, "term": term }))
            .await;
        ["companies", "searchCompanies"].map(|list| data[list]["edges"].as_array().unwrap().len())
    };
    assert_eq!(count(Value::Null, "EXAMPLE").await, [2, 2]);
    assert_eq!(count(Value::Null, "zeta").await, [2, 1]);
    assert_eq!(count(json!({ "isDeleted": true }), "zeta").await, [0, 0]);
    assert_eq!(
        count(json!({ "companyIds": ["co_none"] }), "zeta").await,
        [0, 0]
    );
    let later = json!({ "updatedAt": { "before": "2020-01-01T00:00:00Z" } });
    assert_eq!(count(later, "zeta").await, [0, 0]);
    let (code, _) = client.error(query, json!({ "term": "z" })).await;
    assert_eq!(code, "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_new_thread_has_its_tier_and_the_tiers_priority() {
    let client = Client::new(Seed::Empty).await;
    let acme = company(&client, "x.example", json!({})).await["company"]["id"].take();
    let tenant = client.tenant("acme").await["tenant"]["id"].take();
    client.customer("ada").await;
    let in_tenant = json!({ "tenantIdentifier": { "externalId": "acme" } });
    assert_eq!(
        new_thread(&client, in_tenant.clone()).await,
        (Value::Null, json!(2))
    );

    tier(
        &client,
        "default",
        json!({ "isDefault": true, "defaultThreadPriority": 3 }),
    )
    .await;
    let gold = tier(
        &client,
        "gold",
        json!({ "defaultThreadPriority": 1, "memberIdentifiers": [{ "companyId": acme }] }),
    )
    .await;
    let expected = json!({ "totalCount": 1, "edges": [{ "node": { "__typename": "CompanyTierMembership", "companyId": acme } }] });
    let query = "query ($id: ID!) { tier(tierId: $id) { memberships { totalCount edges { node { __typename ... on CompanyTierMembership { companyId } } } } } }";
    let id = json!({ "id": gold["tier"]["id"] });
    assert_eq!(
        client.data(query, id).await["tier"]["memberships"],
        expected
    );
    let urgent = tier(&client, "urgent", json!({ "defaultThreadPriority": 0 })).await;
    let input = json!({ "tenantIdentifier": { "tenantId": tenant }, "tierIdentifier": { "externalId": "urgent" } });
    let selection = "tenantTierMembership { tierId tenantId }";
    let put = client
        .mutate("updateTenantTier", selection, input.clone())
        .await;
    assert_eq!(put["tenantTierMembership"]["tierId"], urgent["tier"]["id"]);
    let again = client.mutate("updateTenantTier", selection, input).await;
    assert_eq!(again, put);

    let is = |tier: &str, priority: i32| (json!(tier), json!(priority));
    assert_eq!(
        new_thread(&client, in_tenant.clone()).await,
        is("urgent", 0),
        "the tenant's"
    );
    assert_eq!(
        new_thread(&client, json!({})).await,
        is("gold", 1),
        "the company's"
    );
    assert_eq!(
        new_thread(&client, json!({ "priority": 2 })).await,
        is("gold", 2),
        "as asked for"
    );
    let bob = json!({ "customerIdentifier": { "externalId": "bob" } });
    let mut elsewhere = person("bob");
    elsewhere["email"]["email"] = json!("bob@y.example");
    client
        .upsert_customer(json!({ "externalId": "bob" }), elsewhere, json!({}))
        .await;
    assert_eq!(new_thread(&client, bob).await, is("default", 3), "nobody's");

    let out = json!({ "tenantIdentifier": { "tenantId": tenant } });
    let left = client.mutate("updateTenantTier", selection, out).await;
    assert_eq!(left["tenantTierMembership"], Value::Null);
    assert_eq!(new_thread(&client, in_tenant).await, is("gold", 1));
}

#[tokio::test]
async fn a_threads_tier_can_be_changed_and_filtered_by() {
    let client = Client::new(Seed::Empty).await;
    let ada = client.customer("ada").await;
    tier(&client, "gold", json!({})).await;
    let (thread, other) = (
        client.new_thread(&ada, "API").await,
        client.new_thread(&ada, "API").await,
    );
    let change = async |thread: &str, tier: Value| {
        let input = json!({ "threadId": thread, "tierIdentifier": tier });
        let selection = "thread { tier { externalId } }";
        client.mutate("updateThreadTier", selection, input).await
    };
    let gold = json!({ "externalId": "gold" });
    assert_eq!(change(&thread, gold.clone()).await["thread"]["tier"], gold);
    let filters = json!({ "tierIdentifiers": [gold] });
    assert_eq!(
        client.threads(filters.clone(), Value::Null).await.0,
        std::slice::from_ref(&thread)
    );
    assert_eq!(
        client
            .threads(json!({ "not": filters }), Value::Null)
            .await
            .0,
        [other]
    );
    assert_eq!(
        change(&thread, Value::Null).await["thread"]["tier"],
        Value::Null
    );
    for (tier, expected) in [
        (json!({ "tierId": "tier_none" }), "tierIdentifier NOT_FOUND"),
        (json!({}), "tierIdentifier VALIDATION"),
    ] {
        let refused = change(&thread, tier).await;
        assert_eq!(problems(&refused), [expected]);
    }
}

#[tokio::test]
async fn there_is_one_default_tier() {
    let client = Client::new(Seed::Empty).await;
    tier(&client, "old", json!({ "isDefault": true })).await;
    tier(&client, "new", json!({ "isDefault": true })).await;
    let both = [("old".to_owned(), false), ("new".to_owned(), true)];
    assert_eq!(tiers(&client).await, both);
    let members = vec![json!({ "tenantId": "te_none" }); 26];
    for (external_id, more, expected) in [
        ("new", json!({}), vec!["externalId VALIDATION"]),
        (
            "gold",
            json!({ "defaultThreadPriority": 4 }),
            vec!["defaultThreadPriority VALIDATION"],
        ),
        (
            "gold",
            json!({ "memberIdentifiers": [{}] }),
            vec!["memberIdentifiers[0] VALIDATION"],
        ),
        (
            "gold",
            json!({ "memberIdentifiers": [{ "tenantId": "te_none" }] }),
            vec!["memberIdentifiers[0] NOT_FOUND"],
        ),
        (
            "gold",
            json!({ "memberIdentifiers": members }),
            vec!["memberIdentifiers VALIDATION"],
        ),
    ] {
        let refused = tier(&client, external_id, more).await;
        assert_eq!(problems(&refused), expected);
    }
    assert_eq!(tiers(&client).await, both, "nothing was made");
}

#[tokio::test]
async fn a_deleted_tenant_is_in_no_tier() {
    let client = Client::new(Seed::Empty).await;
    let tenant = client.tenant("acme").await["tenant"]["id"].take();
    let gold = json!({ "memberIdentifiers": [{ "tenantId": tenant }] });
    let gold = tier(&client, "gold", gold).await["tier"]["id"].take();
    let members = async || {
        let query = "query ($id: ID!) { tier(tierId: $id) { memberships { totalCount } } }";
        let mut data = client.data(query, json!({ "id": gold })).await;
        data["tier"]["memberships"]["totalCount"].take()
    };
    assert_eq!(members().await, 1);
    let input = json!({ "tenantIdentifier": { "externalId": "acme" } });
    client.mutate("deleteTenant", "", input).await;
    assert_eq!(members().await, 0);
}

#[tokio::test]
async fn the_storys_people_have_companies_and_tiers() {
    let client = Client::new(Seed::Story).await;
    let query = "{ customerByExternalId(externalId: \"usr_oda\") { company { domainName }
        tenantMemberships { edges { node { tenant { tier { externalId } } } } } }
        tiers { edges { node { externalId } } } companies { edges { node { id } } } }";
    let data = client.data(query, Value::Null).await;
    let oda = &data["customerByExternalId"];
    assert_eq!(oda["company"]["domainName"], "haldenlifts.example");
    assert_eq!(
        oda["tenantMemberships"]["edges"][0]["node"]["tenant"]["tier"]["externalId"],
        "enterprise"
    );
    let filters = |tier: &str| json!({ "tierIdentifiers": [{ "externalId": tier }] });
    for tier in ["enterprise", "standard"] {
        assert!(
            !client
                .threads(filters(tier), Value::Null)
                .await
                .0
                .is_empty(),
            "{tier}"
        );
    }
}
