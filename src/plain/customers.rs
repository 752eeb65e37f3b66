//! The Customers API: what an operator keeps in a workspace, as the command line does. The portal's own calls are in
//! `plain.rs`.
//!
//! Source: Plain's documentation of customers, groups, tenants and events (`docs/graphql/customers`, `…/tenants`,
//! `…/events`).

use super::{Client, Error, operations::*, refused};

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub info: PageInfo,
}

impl<T> Page<T> {
    /// The cursor of the next page; `None` behind the last one. `after` is the cursor of this page.
    ///
    /// # Errors
    /// [`Error::NotUnderstood`] when there is more, and it begins where this page began: that would not come to an end.
    pub fn next(&self, after: Option<&str>) -> Result<Option<String>, Error> {
        let next = self.info.end_cursor.as_deref();
        let next = next.filter(|_| self.info.has_next_page);
        match next.is_some() && next == after {
            true => Err(Error::not_understood("a list goes on where it was")),
            false => Ok(next.map(str::to_owned)),
        }
    }
}

/// The most rows that Plain gives, and the most that a search for one of them asks for.
const WHOLE_PAGE: i32 = 100;
/// The fewest characters that `searchTenants` takes.
const SHORTEST_TERM: usize = 2;

impl Client {
    /// Creates or updates a customer; says which, and what the customer is now.
    ///
    /// Sent once; the same upsert sent again does no harm.
    ///
    /// # Errors
    /// See [`Error`]; the same holds for every operation below.
    pub async fn upsert_customer_record(
        &self,
        input: UpsertCustomerInput<'_>,
    ) -> Result<(UpsertResult, CustomerRecord), Error> {
        let operation = UpsertCustomerRecord::operation(input);
        let output = self.write(operation).await?.upsert_customer;
        let customer = refused(output.error, output.customer)?;
        Ok((output.result.unwrap_or(UpsertResult::Other), customer))
    }

    /// The same, and what the customer belongs to. Takes the permissions to read that.
    pub async fn upsert_full_customer(
        &self,
        input: UpsertCustomerInput<'_>,
    ) -> Result<(UpsertResult, CustomerWithMemberships), Error> {
        let operation = UpsertFullCustomer::operation(input);
        let output = self.write(operation).await?.upsert_customer;
        let customer = refused(output.error, output.customer)?;
        Ok((output.result.unwrap_or(UpsertResult::Other), customer))
    }

    /// A customer with what they belong to; `None` when there is no such customer.
    pub async fn full_customer(
        &self,
        key: &CustomerKey,
    ) -> Result<Option<CustomerWithMemberships>, Error> {
        Ok(match key {
            CustomerKey::Id(id) => {
                let answer = self.read(FullCustomerById::operation(id)).await?;
                answer.whole()?.customer
            }
            CustomerKey::ExternalId(id) => {
                let answer = self.read(FullCustomerByExternalId::operation(id)).await?;
                answer.whole()?.customer_by_external_id
            }
            CustomerKey::Email(email) => {
                let answer = self.read(FullCustomerByEmail::operation(email)).await?;
                answer.whole()?.customer_by_email
            }
        })
    }

    /// The customer alone; `None` when there is no such customer.
    pub async fn customer_record(
        &self,
        key: &CustomerKey,
    ) -> Result<Option<CustomerRecord>, Error> {
        Ok(match key {
            CustomerKey::Id(id) => {
                let answer = self.read(CustomerRecordById::operation(id)).await?;
                answer.whole()?.customer
            }
            CustomerKey::ExternalId(id) => {
                let answer = self.read(CustomerRecordByExternalId::operation(id)).await?;
                answer.whole()?.customer_by_external_id
            }
            CustomerKey::Email(email) => {
                let answer = self.read(CustomerRecordByEmail::operation(email)).await?;
                answer.whole()?.customer_by_email
            }
        })
    }

    /// One page of the customers for whom a condition holds.
    pub async fn customers(
        &self,
        filters: CustomersFilter,
        sort_by: Option<CustomersSort>,
        page: PageArguments,
    ) -> Result<Page<CustomerRecord>, Error> {
        let operation = Customers::operation(filters, sort_by, page);
        let found = self.read(operation).await?.whole()?.customers;
        Ok(Page {
            rows: found.edges.into_iter().map(|edge| edge.node).collect(),
            info: found.page_info,
        })
    }

    /// One page of the customers in whose names, address or external id a term is found.
    pub async fn search_customers(
        &self,
        term: &str,
        page: PageArguments,
    ) -> Result<Page<CustomerRecord>, Error> {
        let operation = SearchCustomers::operation(CustomersSearchQuery::anywhere(term), page);
        let found = self.read(operation).await?.whole()?.search_customers;
        Ok(Page {
            rows: found.edges.into_iter().map(|edge| edge.node).collect(),
            info: found.page_info,
        })
    }

    /// Deletes a customer and all that is theirs; Plain may take a while.
    pub async fn delete_customer(&self, customer_id: &str) -> Result<(), Error> {
        let output = self.write(DeleteCustomer::operation(customer_id)).await?;
        refused(output.delete_customer.error, Some(()))
    }

    /// Marks a customer as spam, or takes the mark away; nothing happens when it is so already.
    pub async fn mark_customer_as_spam(
        &self,
        customer_id: &str,
        is_spam: bool,
    ) -> Result<(), Error> {
        let error = if is_spam {
            let operation = MarkCustomerAsSpam::operation(customer_id);
            self.write(operation).await?.mark_customer_as_spam.error
        } else {
            let operation = UnmarkCustomerAsSpam::operation(customer_id);
            self.write(operation).await?.unmark_customer_as_spam.error
        };
        refused(error, Some(()))
    }

    /// Adds a customer to groups; nothing happens with those that they are in. Plain takes at most 25 at once, and
    /// none of them when it does not know one.
    pub async fn join_groups(
        &self,
        customer_id: &str,
        groups: Vec<CustomerGroupIdentifier<'_>>,
    ) -> Result<(), Error> {
        let operation = AddCustomerToCustomerGroups::operation(customer_id, groups);
        let output = self.write(operation).await?;
        refused(output.add_customer_to_customer_groups.error, Some(()))
    }

    /// Takes a customer out of groups.
    pub async fn leave_groups(
        &self,
        customer_id: &str,
        groups: Vec<CustomerGroupIdentifier<'_>>,
    ) -> Result<(), Error> {
        let input = RemoveCustomerFromCustomerGroupsInput {
            customer_id: Id::new(customer_id),
            customer_group_identifiers: groups,
        };
        let operation = RemoveCustomerFromCustomerGroups::operation(input);
        let output = self.write(operation).await?;
        refused(output.remove_customer_from_customer_groups.error, Some(()))
    }

    /// Adds a customer to tenants; nothing happens with those that they are in.
    pub async fn join_tenants(
        &self,
        customer: CustomerIdentifierInput,
        tenants: Vec<TenantIdentifierInput>,
    ) -> Result<(), Error> {
        let operation = AddCustomerToTenants::operation(AddCustomerToTenantsInput {
            customer_identifier: customer,
            tenant_identifiers: tenants,
        });
        let output = self.write(operation).await?;
        refused(output.add_customer_to_tenants.error, Some(()))
    }

    /// Takes a customer out of tenants.
    pub async fn leave_tenants(
        &self,
        customer: CustomerIdentifierInput,
        tenants: Vec<TenantIdentifierInput>,
    ) -> Result<(), Error> {
        let operation = RemoveCustomerFromTenants::operation(RemoveCustomerFromTenantsInput {
            customer_identifier: customer,
            tenant_identifiers: tenants,
        });
        let output = self.write(operation).await?;
        refused(output.remove_customer_from_tenants.error, Some(()))
    }

    /// Makes these the tenants of a customer, and no others; with none of them the customer is in none.
    pub async fn set_tenants(
        &self,
        customer: CustomerIdentifierInput,
        tenants: Vec<TenantIdentifierInput>,
    ) -> Result<(), Error> {
        let operation = SetCustomerTenants::operation(SetCustomerTenantsInput {
            customer_identifier: customer,
            tenant_identifiers: tenants,
        });
        let output = self.write(operation).await?;
        refused(output.set_customer_tenants.error, Some(()))
    }

    /// The group with Plain's id.
    pub async fn customer_group(&self, id: &str) -> Result<Option<CustomerGroup>, Error> {
        let answer = self.read(CustomerGroupById::operation(id)).await?;
        Ok(answer.whole()?.customer_group)
    }

    /// The group with a key. Plain has no query for that: its list is read.
    pub async fn customer_group_by_key(&self, key: &str) -> Result<Option<CustomerGroup>, Error> {
        let mut after: Option<String> = None;
        loop {
            let page = PageArguments::first(WHOLE_PAGE, after.clone());
            let page = self
                .customer_groups(CustomerGroupsFilter::default(), page)
                .await?;
            let next = page.next(after.as_deref());
            let found = page.rows.into_iter().find(|group| group.key == key);
            if found.is_some() {
                return Ok(found);
            }
            after = next?;
            if after.is_none() {
                return Ok(None);
            }
        }
    }

    /// One page of the groups.
    pub async fn customer_groups(
        &self,
        filters: CustomerGroupsFilter,
        page: PageArguments,
    ) -> Result<Page<CustomerGroup>, Error> {
        let operation = CustomerGroups::operation(filters, page);
        let found = self.read(operation).await?.whole()?.customer_groups;
        Ok(Page {
            rows: found.edges.into_iter().map(|edge| edge.node).collect(),
            info: found.page_info,
        })
    }

    /// Creates a group; its key must be free ([`Refusal::GroupKeyTaken`](super::Refusal::GroupKeyTaken)).
    pub async fn create_customer_group(
        &self,
        input: CreateCustomerGroupInput<'_>,
    ) -> Result<CustomerGroup, Error> {
        let operation = CreateCustomerGroup::operation(input);
        let output = self.write(operation).await?.create_customer_group;
        refused(output.error, output.customer_group)
    }

    /// Changes what is given of a group.
    pub async fn update_customer_group(
        &self,
        input: UpdateCustomerGroupInput<'_>,
    ) -> Result<CustomerGroup, Error> {
        let operation = UpdateCustomerGroup::operation(input);
        let output = self.write(operation).await?.update_customer_group;
        refused(output.error, output.customer_group)
    }

    /// Deletes a group; its customers stay.
    pub async fn delete_customer_group(&self, id: &str) -> Result<(), Error> {
        let output = self.write(DeleteCustomerGroup::operation(id)).await?;
        refused(output.delete_customer_group.error, Some(()))
    }

    /// Creates or updates a tenant; says which, and what the tenant is now.
    pub async fn upsert_tenant_record(
        &self,
        input: UpsertTenantInput<'_>,
    ) -> Result<(UpsertResult, TenantRecord), Error> {
        let operation = UpsertTenantRecord::operation(input);
        let output = self.write(operation).await?.upsert_tenant;
        let tenant = refused(output.error, output.tenant)?;
        Ok((output.result.unwrap_or(UpsertResult::Other), tenant))
    }

    /// The tenant with Plain's id.
    pub async fn tenant(&self, id: &str) -> Result<Option<TenantRecord>, Error> {
        let answer = self.read(TenantById::operation(id)).await?;
        Ok(answer.whole()?.tenant)
    }

    /// The tenant with an external id. Plain has no query for that: its search finds whole external ids, whatever
    /// their case; what is too short for it is looked for in the list.
    pub async fn tenant_by_external_id(
        &self,
        external_id: &str,
    ) -> Result<Option<TenantRecord>, Error> {
        let searches = external_id.trim().chars().count() >= SHORTEST_TERM;
        let mut after: Option<String> = None;
        loop {
            let page = PageArguments::first(WHOLE_PAGE, after.clone());
            let page = match searches {
                true => self.search_tenants(external_id, page).await?,
                false => self.tenants(TenantsFilter::default(), page).await?,
            };
            let is_it = |tenant: &TenantRecord| tenant.external_id == external_id;
            let next = page.next(after.as_deref());
            let found = page.rows.into_iter().find(is_it);
            if found.is_some() {
                return Ok(found);
            }
            after = next?;
            if after.is_none() {
                return Ok(None);
            }
        }
    }

    /// One page of the tenants for which a condition holds.
    pub async fn tenants(
        &self,
        filters: TenantsFilter,
        page: PageArguments,
    ) -> Result<Page<TenantRecord>, Error> {
        let operation = Tenants::operation(filters, page);
        let found = self.read(operation).await?.whole()?.tenants;
        Ok(Page {
            rows: found.edges.into_iter().map(|edge| edge.node).collect(),
            info: found.page_info,
        })
    }

    /// One page of the tenants whose name holds a term of at least two characters, or whose external id it is.
    pub async fn search_tenants(
        &self,
        term: &str,
        page: PageArguments,
    ) -> Result<Page<TenantRecord>, Error> {
        let operation = SearchTenants::operation(term, page);
        let found = self.read(operation).await?.whole()?.search_tenants;
        let tenants = found.edges.into_iter().map(|edge| edge.node.tenant);
        Ok(Page {
            rows: tenants.collect(),
            info: found.page_info,
        })
    }

    /// Reports an event of a customer's; returns its id. An external id that is taken is refused.
    pub async fn create_customer_event(
        &self,
        input: CreateCustomerEventInput<'_>,
    ) -> Result<String, Error> {
        let operation = CreateCustomerEvent::operation(input);
        let output = self.write(operation).await?.create_customer_event;
        Ok(refused(output.error, output.customer_event)?
            .id
            .into_inner())
    }

    /// The id of the thread with this number, `T-123`.
    pub async fn thread_id(&self, thread_ref: &str) -> Result<Option<String>, Error> {
        let answer = self.read(ThreadIdByRef::operation(thread_ref)).await?;
        let found = answer.whole()?.thread_by_ref;
        Ok(found.map(|thread| thread.id.into_inner()))
    }

    /// Reports an event of one thread; returns its id. An external id that is taken is refused.
    pub async fn create_thread_event(
        &self,
        input: CreateThreadEventInput<'_>,
    ) -> Result<String, Error> {
        let operation = CreateThreadEvent::operation(input);
        let output = self.write(operation).await?.create_thread_event;
        Ok(refused(output.error, output.thread_event)?.id.into_inner())
    }
}
