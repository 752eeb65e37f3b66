//! Does somebody who is signed in still belong there? The host vouches once, at sign-in; support may since have taken them
//! out of the team, deleted them, or marked them as spam.
//!
//! Asked at most once a minute for each person and team, when one of their pages is asked for. The answer lies in the
//! session, so that it holds in every process, and for as long as Plain cannot be asked: nobody is locked out because
//! Plain is away, and nobody whom Plain has named as gone comes back by it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use moka::{Expiry, future::Cache};
use serde::{Deserialize, Serialize};

use crate::{
    model::{Standing, Viewer},
    plain,
};

/// So long a page waits for the answer. One that takes longer is there for the next page.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long to leave Plain alone after it could not be asked.
const AFTER_A_FAILURE: Duration = Duration::from_secs(10);
/// Ten thousand teams: a list without an end must not hold anybody up for good.
const MOST_PAGES: usize = 100;
/// How many answers to remember; whoever falls out is asked about again.
const REMEMBERED: u64 = 10_000;

/// What Plain said of somebody, and when it was asked, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checked {
    pub standing: Standing,
    at: i64,
}

/// Asks Plain, once for all the pages that want to know at the same time. Cheap to clone.
#[derive(Clone)]
pub struct Memberships {
    plain: plain::Client,
    every: Duration,
    /// By customer and tenant, both by Plain's id.
    recent: Cache<(String, String), Answer>,
    /// Since when what is known of a customer may be wrong, for as long as it is not asked anew anyway.
    doubts: Cache<String, i64>,
}

/// `standing` is `None` when Plain could not be asked.
#[derive(Clone, Copy)]
struct Answer {
    standing: Option<Standing>,
    at: i64,
}

impl Checked {
    /// What is known right now.
    pub fn now(standing: Standing) -> Self {
        Self {
            standing,
            at: Timestamp::now().as_millisecond(),
        }
    }

    /// A time from the future is of another machine's clock, and as good as one from the past.
    fn is_due(self, every: Duration) -> bool {
        let age = Timestamp::now().as_millisecond().abs_diff(self.at);
        u128::from(age) >= every.as_millis()
    }
}

impl Memberships {
    /// `every`: how old an answer may become.
    pub fn new(plain: plain::Client, every: Duration) -> Self {
        let recent = Cache::builder()
            .max_capacity(REMEMBERED)
            .expire_after(Lifetime { every })
            .build();
        let doubts = Cache::builder()
            .max_capacity(REMEMBERED)
            .time_to_live(every)
            .build();
        Self {
            plain: plain.without_retries(),
            every,
            recent,
            doubts,
        }
    }

    /// `last`, while it is fresh; else Plain's answer, or `last` again when there is none in time.
    pub async fn check(&self, viewer: &Viewer, last: Checked) -> Checked {
        if !last.is_due(self.every) && !self.is_doubted(viewer, last.at).await {
            return last;
        }
        match self.standing(viewer).await {
            // A question from before somebody was vouched for says nothing of them now.
            Some(Answer {
                standing: Some(standing),
                at,
            }) if at >= last.at => Checked { standing, at },
            _ => last,
        }
    }

    /// How the author of a waiting message stands; `None` when Plain cannot be asked in time.
    pub async fn of_author(&self, author: &Viewer) -> Option<Standing> {
        self.standing(author).await?.standing
    }

    /// Plain's answer now, however fresh the last one is; `None` when there is none in time.
    pub async fn ask(&self, viewer: &Viewer) -> Option<Checked> {
        self.recent.invalidate(&key(viewer)).await;
        let Answer { standing, at } = self.standing(viewer).await?;
        standing.map(|standing| Checked { standing, at })
    }

    /// The host has just vouched for somebody, and Plain has taken it.
    pub async fn vouched(&self, viewer: &Viewer, checked: Checked) {
        let answer = Answer {
            standing: Some(checked.standing),
            at: checked.at,
        };
        self.recent.insert(key(viewer), answer).await;
    }

    /// Something about this customer has changed: whatever was found out before is asked again, in this process. Others notice
    /// within a minute, as always.
    pub async fn doubt(&self, customer_id: &str) {
        let now = Timestamp::now().as_millisecond();
        self.doubts.insert(customer_id.to_owned(), now).await;
    }

    async fn is_doubted(&self, viewer: &Viewer, at: i64) -> bool {
        let since = self.doubts.get(&viewer.customer_id).await;
        since.is_some_and(|since| at <= since)
    }

    async fn standing(&self, viewer: &Viewer) -> Option<Answer> {
        let (memberships, key) = (self.clone(), key(viewer));
        if let Some(known) = self.recent.get(&key).await
            && self.is_doubted(viewer, known.at).await
        {
            self.recent.invalidate(&key).await;
        }
        // On a task of its own, so that the answer is kept when nobody waits for it any longer.
        let asking = tokio::spawn(async move {
            let asked = memberships.look(&key.0, &key.1);
            memberships.recent.get_with(key.clone(), asked).await
        });
        tokio::time::timeout(PATIENCE, asking).await.ok()?.ok()
    }

    async fn look(&self, customer_id: &str, tenant_id: &str) -> Answer {
        // What happens while we ask is not in the answer.
        let at = Timestamp::now().as_millisecond();
        let standing = match self.read(customer_id, tenant_id).await {
            Ok(standing) => Some(standing),
            Err(error) => {
                tracing::warn!(%error, customer_id, "membership not checked: what was last known holds");
                None
            }
        };
        Answer { standing, at }
    }

    /// `tenant_id` is empty for somebody who is signed in to no team.
    async fn read(&self, customer_id: &str, tenant_id: &str) -> Result<Standing, plain::Error> {
        let mut after = None;
        for _ in 0..MOST_PAGES {
            let page = self
                .plain
                .customer_standing(customer_id, after.as_deref())
                .await?;
            let Some(customer) = page else {
                return Ok(Standing::Gone);
            };
            let memberships = customer.tenant_memberships;
            let mut tenants = memberships.edges.iter().map(|edge| &edge.node.tenant);
            if tenant_id.is_empty() || tenants.any(|tenant| tenant.id.inner() == tenant_id) {
                return Ok(match customer.marked_as_spam_at {
                    Some(_) => Standing::Spam,
                    None => Standing::Member,
                });
            }
            let info = memberships.page_info;
            after = info.end_cursor.filter(|_| info.has_next_page);
            if after.is_none() {
                return Ok(Standing::Gone);
            }
        }
        Err(plain::Error::NotUnderstood {
            detail: format!("{customer_id} has more than {MOST_PAGES} pages of tenants"),
        })
    }
}

fn key(viewer: &Viewer) -> (String, String) {
    let tenant_id = viewer.scope.key().to_owned();
    (viewer.customer_id.clone(), tenant_id)
}

struct Lifetime {
    every: Duration,
}

impl Lifetime {
    fn of(&self, answer: &Answer) -> Option<Duration> {
        Some(match answer.standing {
            Some(_) => self.every,
            None => self.every.min(AFTER_A_FAILURE),
        })
    }
}

impl Expiry<(String, String), Answer> for Lifetime {
    fn expire_after_create(
        &self,
        _: &(String, String),
        answer: &Answer,
        _: Instant,
    ) -> Option<Duration> {
        self.of(answer)
    }

    fn expire_after_update(
        &self,
        _: &(String, String),
        answer: &Answer,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        self.of(answer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use futures::future::join_all;

    use super::*;
    use crate::plain::scripted::{Server, Step, ok, status};

    const MINUTE: Duration = Duration::from_secs(60);

    /// A page of memberships; `next` is the cursor to another.
    fn page(tenants: &[&str], spam: bool, next: Option<&str>) -> Step {
        let edges: Vec<_> = tenants
            .iter()
            .map(|id| serde_json::json!({ "node": { "tenant": { "id": id } } }))
            .collect();
        let spam = spam.then(|| serde_json::json!({ "iso8601": "2026-01-02T03:04:05Z" }));
        let info = serde_json::json!({ "hasPreviousPage": false, "hasNextPage": next.is_some(), "startCursor": null, "endCursor": next });
        let memberships = serde_json::json!({ "edges": edges, "pageInfo": info });
        let customer =
            serde_json::json!({ "markedAsSpamAt": spam, "tenantMemberships": memberships });
        ok(&serde_json::json!({ "data": { "customer": customer } }).to_string())
    }

    async fn asking(steps: Vec<Step>) -> (Server, Memberships) {
        let server = Server::start(steps).await;
        let plain = plain::Client::new(server.url.clone(), "plainApiKey_x".into()).unwrap();
        (server, Memberships::new(plain, MINUTE))
    }

    #[tokio::test]
    async fn all_who_ask_at_once_are_one_question_and_a_fresh_answer_is_none() {
        let (server, memberships) = asking(vec![page(&["te_1"], false, None)]).await;
        let ada = Viewer::sample();
        let checks = (0..8).map(|_| memberships.check(&ada, Checked::default()));
        let answers = join_all(checks).await;
        assert_eq!(server.calls(), 1);
        assert!(answers.iter().all(|it| *it == answers[0] && it.at > 0));
        memberships.check(&ada, answers[0]).await;
        assert_eq!(server.calls(), 1);
    }

    #[tokio::test]
    async fn what_plain_says_is_what_holds() {
        for (steps, standing) in [
            (vec![page(&["te_1"], false, None)], Standing::Member),
            (vec![page(&["te_1"], true, None)], Standing::Spam),
            (vec![page(&["te_2"], false, None)], Standing::Gone),
            (vec![page(&[], true, None)], Standing::Gone),
            (vec![ok(r#"{"data":{"customer":null}}"#)], Standing::Gone),
            (
                vec![
                    page(&["te_2"], false, Some("a")),
                    page(&["te_3"], false, Some("b")),
                    page(&["te_1"], false, None),
                ],
                Standing::Member,
            ),
        ] {
            let pages = steps.len();
            let (server, memberships) = asking(steps).await;
            let checked = memberships
                .check(&Viewer::sample(), Checked::default())
                .await;
            assert_eq!(checked.standing, standing);
            assert_eq!(server.calls(), pages);
        }
    }

    #[tokio::test]
    async fn without_an_answer_what_was_last_known_holds_and_plain_is_left_alone() {
        for last in [Standing::Member, Standing::Spam, Standing::Gone] {
            let failure =
                r#"{"data":{"customer":null},"errors":[{"message":"x","path":["customer"]}]}"#;
            for step in [
                status(503),
                status(403),
                ok(failure),
                ok("rubbish"),
                ok(r#"{"data":null}"#),
                ok(r#"{"data":{}}"#),
            ] {
                let (server, memberships) = asking(vec![step]).await;
                let last = Checked {
                    standing: last,
                    at: 1,
                };
                for _ in 0..3 {
                    assert_eq!(memberships.check(&Viewer::sample(), last).await, last);
                }
                assert_eq!(server.calls(), 1);
            }
        }
    }

    #[tokio::test]
    async fn a_list_without_an_end_ends() {
        let (server, memberships) = asking(vec![page(&["te_2"], false, Some("again"))]).await;
        let checked = memberships
            .check(&Viewer::sample(), Checked::default())
            .await;
        assert_eq!(checked, Checked::default());
        assert_eq!(server.calls(), MOST_PAGES);
    }
}
