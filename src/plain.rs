//! Plain's GraphQL API as the portal uses it: one client, typed operations, typed errors. Knows nothing of portals.

mod answer;
pub mod attachments;
mod budget;
pub mod codes;
mod customers;
pub mod error;
pub mod file_store;
#[cfg(any(fuzzing, test))]
pub mod fuzzing;
pub mod operations;
pub mod permissions;
mod retry;
mod retry_after;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub mod scripted;
mod surrogates;
mod transport;
pub mod webhook;

use cynic::Operation;
use secrecy::SecretString;
use serde::{Serialize, de::DeserializeOwned};
use url::Url;

use answer::Answer;
pub use answer::Loaded;
pub use customers::Page;
pub use error::{Error, Refusal};
use file_store::FileStore;
use operations::*;
use transport::{Limits, Transport};

use crate::config::public_url::is_loopback;

/// Talks to one Plain workspace with one API key over one pool of kept-alive connections. Cheap to clone.
///
/// Reads take 8 s at most and are tried again where that may help, at most twice. Writes take 15 s at most and are
/// never tried again, but for those that only name an address for a file. See [`Error`] for how either may end.
#[derive(Clone)]
pub struct Client {
    transport: Transport,
    files: FileStore,
}

impl Client {
    /// `url` is Plain's one GraphQL endpoint, `key` a machine user's API key (`plainApiKey_…`).
    ///
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub fn new(url: Url, key: SecretString) -> Result<Self, reqwest::Error> {
        let files = FileStore::new(!is_loopback(&url))?;
        let transport = Transport::new(url, key, Limits::default())?;
        Ok(Self { transport, files })
    }

    /// The same workspace, for somebody who would rather hear of a failure than wait for another attempt.
    pub fn without_retries(&self) -> Self {
        let transport = self.transport.clone().without_retries();
        let files = self.files.clone();
        Self { transport, files }
    }

    /// What this API key may do, as Plain names it (`thread:read`, …).
    ///
    /// # Errors
    /// See [`Error`]; the same holds for every operation below.
    pub async fn my_permissions(&self) -> Result<Vec<String>, Error> {
        let answer = self.read(MyPermissions::operation()).await?.whole()?;
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
            email: customer.email,
            is_spam: customer.marked_as_spam_at.is_some(),
        })
    }

    /// The customer with this e-mail address, if Plain knows one.
    pub async fn customer_by_email(&self, email: &str) -> Result<Option<CustomerIds>, Error> {
        let answer = self.read(CustomerByEmail::operation(email)).await?;
        Ok(answer.whole()?.customer_by_email)
    }

    /// Plain's id of the customer whom the host product knows by this one, if Plain knows one.
    pub async fn customer_id_by_external_id(
        &self,
        external_id: &str,
    ) -> Result<Option<String>, Error> {
        let answer = self
            .read(CustomerIdByExternalId::operation(external_id))
            .await?;
        let customer = answer.whole()?.customer_by_external_id;
        Ok(customer.map(|customer| customer.id.into_inner()))
    }

    /// Makes the customer a member of the tenant; nothing happens when it is one already.
    pub async fn add_customer_to_tenant(
        &self,
        customer_id: &str,
        tenant_id: &str,
    ) -> Result<(), Error> {
        let tenants = vec![TenantIdentifierInput::by_id(tenant_id)];
        self.join_tenants(CustomerIdentifierInput::by_id(customer_id), tenants)
            .await
    }

    /// Adds the customer to groups, which keys name; those that they are in already stay as they are. Plain takes at
    /// most 25 at once, and none of them when it does not know one.
    pub async fn add_customer_to_groups(
        &self,
        customer_id: &str,
        keys: &[&str],
    ) -> Result<(), Error> {
        let groups = keys.iter().map(|key| CustomerGroupIdentifier::by_key(key));
        self.join_groups(customer_id, groups.collect()).await
    }

    /// How a customer stands, with one page of the tenants that they belong to; `None` when there is no such customer.
    ///
    /// Something is decided by it: an answer in which anything is missing is an error.
    pub async fn customer_standing(
        &self,
        customer_id: &str,
        after: Option<&str>,
    ) -> Result<Option<CustomerStanding>, Error> {
        let operation = CustomerStandingById::operation(customer_id, after);
        Ok(self.read(operation).await?.whole()?.customer)
    }

    /// One page of threads. A cursor that Plain does not take is [`Error::BadInput`]; so it is in the two below.
    pub async fn threads(
        &self,
        filters: ThreadsFilter,
        sort_by: ThreadsSort,
        page: PageArguments,
    ) -> Result<Loaded<ThreadConnection>, Error> {
        let operation = Threads::operation(filters, sort_by, page);
        let answer = self.read(operation).await?;
        answer.map(|answer| answer.threads).at_least(|_| true)
    }

    /// So many of the first threads of one list, and a page of another, in a single call.
    pub async fn threads_after_waiting(
        &self,
        waiting: (ThreadsFilter, i32),
        others: ThreadsFilter,
        sort_by: ThreadsSort,
        page: PageArguments,
    ) -> Result<Loaded<ThreadsAfterWaiting>, Error> {
        let operation = ThreadsAfterWaiting::operation(waiting, others, sort_by, page);
        self.read(operation).await?.at_least(|_| true)
    }

    /// One page of the threads that a term of at least two characters is found in, in Plain's own order.
    pub async fn search_threads(
        &self,
        term: &str,
        filters: ThreadsFilter,
        page: PageArguments,
    ) -> Result<Loaded<ThreadConnection>, Error> {
        let operation = SearchThreads::operation(term, filters, page);
        let answer = self.read(operation).await?;
        let found = answer.map(|answer| ThreadConnection::from(answer.search_threads));
        found.at_least(|_| true)
    }

    /// What decides whether somebody may see or answer a thread; by id or by ref (`T-123`).
    pub async fn thread(&self, key: &ThreadKey) -> Result<Option<Thread>, Error> {
        let found = match key {
            ThreadKey::Id(id) => {
                let answer = self.read(ThreadById::operation(id)).await?;
                answer.map(|answer| answer.thread)
            }
            ThreadKey::Ref(r) => {
                let answer = self.read(ThreadByRef::operation(r)).await?;
                answer.map(|answer| answer.thread_by_ref)
            }
        };
        let found = known(found, |thread| &thread.tenant)?;
        Ok(found.map(|loaded| loaded.value))
    }

    /// A thread with one page of its timeline, newest first, in a single call.
    ///
    /// An entry in which more is missing than `DISPENSABLE` is [`TimelineRow::Unreadable`], as is one that is not as the
    /// schema says: whether it may be shown could be what is missing.
    ///
    /// # Errors
    /// Also when something is missing and Plain does not say of which entry: it may be any.
    pub async fn thread_with_timeline(
        &self,
        key: &ThreadKey,
        page: TimelinePage<'_>,
    ) -> Result<Option<Loaded<ThreadWithTimeline>>, Error> {
        let found = match key {
            ThreadKey::Id(id) => {
                let operation = ThreadPageById::operation(id, page);
                self.read(operation).await?.map(|answer| answer.thread)
            }
            ThreadKey::Ref(r) => {
                let operation = ThreadPageByRef::operation(r, page);
                self.read(operation)
                    .await?
                    .map(|answer| answer.thread_by_ref)
            }
        };
        let incomplete = found.incomplete_rows("timelineEntries", &DISPENSABLE);
        let mut found = known(found, |found| &found.tenant)?;
        if let Some(found) = &mut found {
            let incomplete = incomplete?;
            let rows = found.value.timeline_entries.edges.iter_mut().enumerate();
            for (_, row) in rows.filter(|(number, _)| incomplete.contains(number)) {
                row.make_unreadable();
            }
        }
        Ok(found)
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
        // Found is found, whatever is missing of it.
        let found = answer.at_least(|answer| answer.thread_by_external_id.is_some())?;
        Ok(found.value.thread_by_external_id)
    }

    /// Opens a thread; returns its id.
    pub async fn create_thread(&self, input: CreateThreadInput<'_>) -> Result<String, Error> {
        let output = self
            .write(CreateThread::operation(input))
            .await?
            .create_thread;
        Ok(refused(output.error, output.thread)?.id.into_inner())
    }

    /// Answers a thread as this customer (impersonation), never as an agent, with files that were uploaded before.
    pub async fn reply_as_customer(
        &self,
        thread_id: &str,
        customer_id: &str,
        markdown: &str,
        attachment_ids: Option<Vec<Id>>,
    ) -> Result<(), Error> {
        let operation = ReplyToThread::operation(thread_id, customer_id, markdown, attachment_ids);
        let output = self.write(operation).await?;
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

    async fn read<Q: DeserializeOwned, V: Serialize>(
        &self,
        operation: Operation<Q, V>,
    ) -> Result<Answer<Q>, Error> {
        self.transport.read(operation).await
    }

    async fn write<Q: DeserializeOwned, V: Serialize>(
        &self,
        operation: Operation<Q, V>,
    ) -> Result<Q, Error> {
        self.transport.write(operation).await?.outcome()
    }
}

/// The fields of timeline entries by which nothing is decided: what somebody wrote, what people and files are called, and
/// what became of a message.
const DISPENSABLE: [&str; 21] = [
    "name",
    "publicName",
    "fullName",
    "sendStatus",
    "isStartOfThread",
    "hasMoreTextContent",
    "hasMoreMarkdownContent",
    "lastEditedOnSlackAt",
    "lastEditedOnMsTeamsAt",
    "lastEditedOnDiscordAt",
    "attachments",
    "fileName",
    "fileMimeType",
    "fileSize",
    "bytes",
    "subject",
    "textContent",
    "fullTextContent",
    "markdownContent",
    "fullMarkdownContent",
    "chat_text",
];

/// A thread whose tenant is missing because it could not be loaded is nobody's to see, and not the same as one without.
fn known<T>(
    found: Answer<Option<T>>,
    tenant: fn(&T) -> &Option<Tenant>,
) -> Result<Option<Loaded<T>>, Error> {
    let has_tenant = |found: &Option<T>| {
        found
            .as_ref()
            .is_some_and(|thread| tenant(thread).is_some())
    };
    let Loaded { value, partial } = found.at_least(has_tenant)?;
    Ok(value.map(|value| Loaded { value, partial }))
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
