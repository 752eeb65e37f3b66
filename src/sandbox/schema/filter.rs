//! The threads filter. What it cannot do it refuses, naming the filter: a list must never be wider than asked for.

mod parts;

use async_graphql::{ID, InputObject, Result};
use jiff::Timestamp;

use super::{
    identifiers::{CompanyIdentifierInput, TenantIdentifierInput, TierIdentifierInput},
    thread::support_addresses,
};
use crate::sandbox::{
    enums::{MessageSource, StatusDetailType, ThreadStatus},
    errors::bad_user_input,
    records::{Thread, Who},
    state::State,
};
pub use parts::*;

/// Which threads to answer: those for which all conditions hold.
#[derive(InputObject)]
pub struct ThreadsFilter {
    thread_ids: Option<Vec<ID>>,
    refs: Option<Vec<String>>,
    label_type_ids: Option<Vec<ID>>,
    priorities: Option<Vec<i32>>,
    customer_ids: Option<Vec<ID>>,
    is_assigned: Option<bool>,
    assigned_to_user: Option<Vec<ID>>,
    is_marked_as_spam: Option<bool>,
    support_email_addresses: Option<Vec<String>>,
    customer_group_identifiers: Option<Vec<CustomerGroupIdentifier>>,
    service_level_agreements: Option<ServiceLevelAgreementFilter>,
    tier_identifiers: Option<Vec<TierIdentifierInput>>,
    thread_fields: Option<Vec<ThreadFieldFilter>>,
    tenant_identifiers: Option<Vec<TenantIdentifierInput>>,
    company_identifiers: Option<Vec<CompanyIdentifierInput>>,
    message_source: Option<Vec<MessageSource>>,
    participant_ids: Option<Vec<ID>>,
    status_changed_at: Option<DatetimeFilter>,
    statuses: Option<Vec<ThreadStatus>>,
    status_details: Option<Vec<StatusDetailType>>,
    thread_link_group_ids: Option<Vec<ID>>,
    thread_link_sources: Option<Vec<ThreadLinkSourceFilter>>,
    created_at: Option<DatetimeFilter>,
    updated_at: Option<DatetimeFilter>,
    survey_response: Option<SurveyResponseFilter>,
    tenant_fields: Option<Vec<TenantFieldFilter>>,
    agent_status: Option<AgentStatusFilter>,
    and: Option<Vec<ThreadsFilter>>,
    or: Option<Vec<ThreadsFilter>>,
    not: Option<Box<ThreadsFilter>>,
}

/// A condition that threads can be held against.
pub type Condition = Box<dyn Fn(&Thread) -> bool + Send>;

/// Turns a filter into one condition, or says which filter cannot be used. An empty list is refused as well: Plain
/// does not say whether it means all threads or none.
pub fn condition(state: &State, filter: ThreadsFilter) -> Result<Condition> {
    refuse_unsupported(&filter)?;
    let mut all: Vec<Condition> = Vec::new();
    if let Some(ids) = listed("threadIds", filter.thread_ids)? {
        all.push(Box::new(move |it| ids.iter().any(|id| **id == it.id)));
    }
    if let Some(refs) = listed("refs", filter.refs)? {
        all.push(Box::new(move |it| {
            refs.contains(&format!("T-{}", it.number))
        }));
    }
    if let Some(ids) = listed("labelTypeIds", filter.label_type_ids)? {
        all.push(Box::new(move |it| {
            it.labels
                .iter()
                .any(|label| ids.contains(&ID::from(&label.label_type_id)))
        }));
    }
    if let Some(priorities) = listed("priorities", filter.priorities)? {
        all.push(Box::new(move |it| priorities.contains(&it.priority)));
    }
    if let Some(ids) = listed("customerIds", filter.customer_ids)? {
        all.push(Box::new(move |it| {
            ids.iter().any(|id| **id == it.customer_id)
        }));
    }
    if let Some(assigned) = filter.is_assigned {
        all.push(Box::new(move |it| it.assigned.is_some() == assigned));
    }
    if let Some(ids) = listed("assignedToUser", filter.assigned_to_user)? {
        all.push(Box::new(move |it| {
            match it.assigned.as_ref().map(|stamp| &stamp.by) {
                Some(Who::User(user)) => ids.iter().any(|id| **id == *user),
                _ => false,
            }
        }));
    }
    if let Some(spam) = filter.is_marked_as_spam {
        let marked = state.customers.iter().filter(|it| it.spam.is_some());
        let marked: Vec<String> = marked.map(|it| it.id.clone()).collect();
        all.push(Box::new(move |it| marked.contains(&it.customer_id) == spam));
    }
    if let Some(addresses) = listed("supportEmailAddresses", filter.support_email_addresses)? {
        all.push(Box::new(move |it| {
            support_addresses(it)
                .iter()
                .any(|own| addresses.iter().any(|wanted| wanted == own))
        }));
    }
    if let Some(identifiers) = listed("tenantIdentifiers", filter.tenant_identifiers)? {
        let mut ids = Vec::new();
        for identifier in identifiers {
            let found = identifier.ask(state)?;
            ids.extend(found.map(|tenant| tenant.id.clone()));
        }
        all.push(Box::new(move |it| {
            it.tenant_id.as_ref().is_some_and(|id| ids.contains(id))
        }));
    }
    if let Some(identifiers) = listed("tierIdentifiers", filter.tier_identifiers)? {
        let mut ids = Vec::new();
        for identifier in identifiers {
            ids.extend(identifier.ask(state)?.map(|tier| tier.id.clone()));
        }
        all.push(Box::new(move |it| {
            it.tier_id.as_ref().is_some_and(|id| ids.contains(id))
        }));
    }
    if let Some(identifiers) = listed("companyIdentifiers", filter.company_identifiers)? {
        let mut ids = Vec::new();
        for identifier in identifiers {
            ids.extend(identifier.ask(state)?.map(|company| company.id.clone()));
        }
        let works_there =
            |company_id: &Option<String>| company_id.as_ref().is_some_and(|id| ids.contains(id));
        let customers = state
            .customers
            .iter()
            .filter(|it| works_there(&it.company_id));
        let customers: Vec<String> = customers.map(|it| it.id.clone()).collect();
        all.push(Box::new(move |it| customers.contains(&it.customer_id)));
    }
    for filter in listed("threadFields", filter.thread_fields)?
        .into_iter()
        .flatten()
    {
        all.push(Box::new(filter.condition()?));
    }
    if let Some(ids) = listed("participantIds", filter.participant_ids)? {
        all.push(Box::new(move |it| {
            participants(it).any(|own| ids.iter().any(|id| **id == *own))
        }));
    }
    if let Some(sources) = listed("messageSource", filter.message_source)? {
        all.push(Box::new(move |it| {
            let infos = [
                it.first_inbound,
                it.last_inbound,
                it.first_outbound,
                it.last_outbound,
            ];
            infos
                .iter()
                .flatten()
                .any(|info| sources.contains(&info.source))
        }));
    }
    if let Some(statuses) = listed("statuses", filter.statuses)? {
        all.push(Box::new(move |it| statuses.contains(&it.status)));
    }
    if let Some(details) = listed("statusDetails", filter.status_details)? {
        all.push(Box::new(move |it| details.contains(&it.detail.kind)));
    }
    for (name, span, time) in [
        (
            "statusChangedAt",
            filter.status_changed_at,
            (|it| it.status_changed.at) as Time,
        ),
        ("createdAt", filter.created_at, |it| it.created.at),
        ("updatedAt", filter.updated_at, |it| it.updated.at),
    ] {
        if let Some(span) = span {
            let holds = span.condition(name)?;
            all.push(Box::new(move |it| holds(time(it))));
        }
    }
    if let Some(filters) = listed("and", filter.and)? {
        let each = conditions(state, filters)?;
        all.push(Box::new(move |it| each.iter().all(|holds| holds(it))));
    }
    if let Some(filters) = listed("or", filter.or)? {
        let each = conditions(state, filters)?;
        all.push(Box::new(move |it| each.iter().any(|holds| holds(it))));
    }
    if let Some(filter) = filter.not {
        let inner = condition(state, *filter)?;
        all.push(Box::new(move |it| !inner(it)));
    }
    Ok(Box::new(move |it| all.iter().all(|holds| holds(it))))
}

type Time = fn(&Thread) -> Timestamp;

fn conditions(state: &State, filters: Vec<ThreadsFilter>) -> Result<Vec<Condition>> {
    filters
        .into_iter()
        .map(|filter| condition(state, filter))
        .collect()
}

/// A list that was asked for, which must hold something.
pub fn listed<T>(name: &str, list: Option<Vec<T>>) -> Result<Option<Vec<T>>> {
    match list {
        Some(list) if list.is_empty() => Err(bad_user_input(format!(
            "The filter `{name}` is an empty list: give at least one value or leave it out."
        ))),
        list => Ok(list),
    }
}

/// The thread's customer and everybody who has done something in it.
fn participants(thread: &Thread) -> impl Iterator<Item = &String> {
    let actors = thread
        .entries
        .iter()
        .filter_map(|entry| match &entry.actor {
            Who::User(id) | Who::Customer(id) | Who::DeletedCustomer(id) | Who::MachineUser(id) => {
                Some(id)
            }
            Who::System => None,
        });
    std::iter::once(&thread.customer_id).chain(actors)
}

fn refuse_unsupported(filter: &ThreadsFilter) -> Result<()> {
    let unsupported = [
        (
            "customerGroupIdentifiers",
            filter.customer_group_identifiers.is_some(),
        ),
        (
            "serviceLevelAgreements",
            filter.service_level_agreements.is_some(),
        ),
        ("threadLinkGroupIds", filter.thread_link_group_ids.is_some()),
        ("threadLinkSources", filter.thread_link_sources.is_some()),
        ("surveyResponse", filter.survey_response.is_some()),
        ("tenantFields", filter.tenant_fields.is_some()),
        ("agentStatus", filter.agent_status.is_some()),
    ];
    match unsupported.iter().find(|(_, used)| *used) {
        Some((name, _)) => Err(bad_user_input(format!(
            "The sandbox does not support the threads filter `{name}`."
        ))),
        None => Ok(()),
    }
}
