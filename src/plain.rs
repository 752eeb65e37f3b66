//! Plain's GraphQL API as the portal uses it: one client, typed operations, typed errors. Knows nothing of portals.

pub mod error;
pub mod operations;

use std::time::Duration;

use cynic::{GraphQlResponse, Operation};
use reqwest::{StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use url::Url;

use crate::config::public_url::is_loopback;

pub use error::Error;
use operations::*;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const READ_DEADLINE: Duration = Duration::from_secs(8);
const WRITE_DEADLINE: Duration = Duration::from_secs(15);
/// A page of messages is far smaller; whatever is larger is not an answer that we can use.
const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// Talks to one Plain workspace with one API key over one pool of kept-alive connections. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: Url,
    key: SecretString,
}

#[derive(Clone, Copy)]
enum Kind {
    Read,
    Write,
}

impl Client {
    /// `url` is Plain's one GraphQL endpoint, `key` a machine user's API key (`plainApiKey_…`).
    ///
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub fn new(url: Url, key: SecretString) -> Result<Self, reqwest::Error> {
        // A proxy of the company's does not know what listens on this machine.
        let builder = match is_loopback(&url) {
            true => reqwest::Client::builder().no_proxy(),
            false => reqwest::Client::builder(),
        };
        let http = builder
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("plain-portal/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, url, key })
    }

    /// What this API key may do, as Plain names it (`thread:read`, …).
    ///
    /// # Errors
    /// See [`Error`]; the same holds for every operation below.
    pub async fn my_permissions(&self) -> Result<Vec<String>, Error> {
        let answer = self.read(MyPermissions::operation()).await?;
        Ok(answer.my_permissions.permissions)
    }

    /// Creates or renames the tenant with this external id; returns Plain's own id of it.
    pub async fn upsert_tenant(&self, external_id: &str, name: &str) -> Result<String, Error> {
        let output = self
            .write(UpsertTenant::operation(external_id, name))
            .await?;
        let output = refused(output.upsert_tenant.error, output.upsert_tenant.tenant)?;
        Ok(output.id.into_inner())
    }

    /// Creates or updates a customer; the identifier says by what.
    pub async fn upsert_customer(
        &self,
        input: UpsertCustomerInput<'_>,
    ) -> Result<UpsertedCustomer, Error> {
        let output = self
            .write(UpsertCustomer::operation(input))
            .await?
            .upsert_customer;
        let customer = refused(output.error, output.customer)?;
        Ok(UpsertedCustomer {
            id: customer.id.into_inner(),
            created: output.result == Some(UpsertResult::Created),
        })
    }

    /// The customer with this e-mail address, if Plain knows one.
    pub async fn customer_by_email(&self, email: &str) -> Result<Option<CustomerIds>, Error> {
        Ok(self
            .read(CustomerByEmail::operation(email))
            .await?
            .customer_by_email)
    }

    /// Makes the customer a member of the tenant; nothing happens when it is one already.
    pub async fn add_customer_to_tenant(
        &self,
        customer_id: &str,
        tenant_id: &str,
    ) -> Result<(), Error> {
        let output = self
            .write(AddCustomerToTenants::operation(customer_id, tenant_id))
            .await?;
        refused(output.add_customer_to_tenants.error, Some(()))
    }

    /// One page of threads. A cursor that Plain does not take is [`Error::BadInput`].
    pub async fn threads(&self, variables: ThreadsVariables) -> Result<ThreadConnection, Error> {
        Ok(self.read(Threads::operation(variables)).await?.threads)
    }

    /// What decides whether somebody may see or answer a thread; by id or by ref (`T-123`).
    pub async fn thread(&self, key: &ThreadKey) -> Result<Option<Thread>, Error> {
        match key {
            ThreadKey::Id(id) => Ok(self.read(ThreadById::operation(id)).await?.thread),
            ThreadKey::Ref(r) => Ok(self.read(ThreadByRef::operation(r)).await?.thread_by_ref),
        }
    }

    /// A thread with one page of its timeline, newest first, in a single call.
    pub async fn thread_with_timeline(
        &self,
        key: &ThreadKey,
        after: Option<&str>,
        first: i32,
    ) -> Result<Option<ThreadWithTimeline>, Error> {
        match key {
            ThreadKey::Id(id) => Ok(self
                .read(ThreadPageById::operation(id, after, first))
                .await?
                .thread),
            ThreadKey::Ref(r) => Ok(self
                .read(ThreadPageByRef::operation(r, after, first))
                .await?
                .thread_by_ref),
        }
    }

    /// The thread that this customer's external id names: how a creation with an unclear end is found again.
    pub async fn thread_by_external_id(
        &self,
        customer_id: &str,
        external_id: &str,
    ) -> Result<Option<Thread>, Error> {
        let answer = self
            .read(ThreadByExternalId::operation(customer_id, external_id))
            .await?;
        Ok(answer.thread_by_external_id)
    }

    /// Opens a thread; returns its id.
    pub async fn create_thread(&self, input: CreateThreadInput<'_>) -> Result<String, Error> {
        let output = self
            .write(CreateThread::operation(input))
            .await?
            .create_thread;
        Ok(refused(output.error, output.thread)?.id.into_inner())
    }

    /// Answers a thread as this customer (impersonation), never as an agent.
    pub async fn reply_as_customer(
        &self,
        thread_id: &str,
        customer_id: &str,
        markdown: &str,
    ) -> Result<(), Error> {
        let output = self
            .write(ReplyToThread::operation(thread_id, customer_id, markdown))
            .await?;
        refused(output.reply_to_thread.error, Some(()))
    }

    /// Marks a thread as done.
    pub async fn mark_thread_as_done(&self, thread_id: &str) -> Result<(), Error> {
        let output = self.write(MarkThreadAsDone::operation(thread_id)).await?;
        refused(output.mark_thread_as_done.error, Some(()))
    }

    /// Opens a thread again.
    pub async fn mark_thread_as_todo(&self, thread_id: &str) -> Result<(), Error> {
        let output = self.write(MarkThreadAsTodo::operation(thread_id)).await?;
        refused(output.mark_thread_as_todo.error, Some(()))
    }

    async fn read<Q: DeserializeOwned + 'static, V: Serialize>(
        &self,
        operation: Operation<Q, V>,
    ) -> Result<Q, Error> {
        self.run(Kind::Read, operation).await
    }

    async fn write<Q: DeserializeOwned + 'static, V: Serialize>(
        &self,
        operation: Operation<Q, V>,
    ) -> Result<Q, Error> {
        self.run(Kind::Write, operation).await
    }

    #[tracing::instrument(name = "plain", skip_all, fields(operation = operation.operation_name.as_deref()))]
    async fn run<Q: DeserializeOwned + 'static, V: Serialize>(
        &self,
        kind: Kind,
        operation: Operation<Q, V>,
    ) -> Result<Q, Error> {
        let deadline = match kind {
            Kind::Read => READ_DEADLINE,
            Kind::Write => WRITE_DEADLINE,
        };
        let started = std::time::Instant::now();
        let result = match tokio::time::timeout(deadline, self.exchange(&operation)).await {
            Ok(result) => result,
            Err(_) => Err(Error::Temporary {
                detail: format!("no answer within {deadline:?}"),
                maybe_done: true,
            }),
        };
        let milliseconds = started.elapsed().as_millis();
        match &result {
            Ok(_) => tracing::debug!(milliseconds, "Plain answered"),
            Err(error) => tracing::warn!(milliseconds, %error, "Plain call failed"),
        }
        result
    }

    async fn exchange<Q: DeserializeOwned + 'static, V: Serialize>(
        &self,
        operation: &Operation<Q, V>,
    ) -> Result<Q, Error> {
        let mut response = self
            .http
            .post(self.url.clone())
            .bearer_auth(self.key.expose_secret())
            .json(operation)
            .send()
            .await
            .map_err(Error::from_transport)?;
        let status = response.status();
        let retry_after = error::retry_after(response.headers().get(header::RETRY_AFTER));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(Error::from_transport)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(Error::not_understood("the answer is larger than 8 MiB"));
            }
            body.extend_from_slice(&chunk);
        }
        if status != StatusCode::OK {
            return Err(Error::from_status(status, retry_after));
        }
        let answer: GraphQlResponse<Q, error::Extensions> =
            serde_json::from_slice(&body).map_err(Error::not_understood)?;
        match (answer.data, answer.errors.unwrap_or_default()) {
            (Some(data), errors) if errors.is_empty() => Ok(data),
            (_, errors) => Err(Error::from_graphql(&errors)),
        }
    }
}

/// Turns what a mutation answers (`error`, and the entity when there is one) into a `Result`.
fn refused<T>(error: Option<MutationError>, value: Option<T>) -> Result<T, Error> {
    match (error, value) {
        (Some(error), _) => Err(error.into()),
        (None, Some(value)) => Ok(value),
        (None, None) => Err(Error::not_understood(
            "a mutation answered neither a result nor an error",
        )),
    }
}
