//! The parts of filters: spans of time, thread fields, and what the sandbox knows only to refuse it by name.

use async_graphql::{ID, InputObject, Result};
use jiff::Timestamp;

use crate::sandbox::{
    enums::{AgentStatus, SentimentType, ServiceLevelAgreementStatus, ServiceLevelAgreementType},
    errors::bad_user_input,
    records::{FieldValue, Thread},
};

/// A span of time: from `after`, which belongs to it, to `before`, which does not.
#[derive(InputObject)]
pub struct DatetimeFilter {
    after: Option<String>,
    before: Option<String>,
}

impl DatetimeFilter {
    /// Whether a moment lies in the span; an error, which names the filter, if its ends are no times.
    pub fn condition(self, name: &str) -> Result<impl Fn(Timestamp) -> bool + Send + use<>> {
        span(name, self.after, self.before)
    }
}

fn span(
    name: &str,
    after: Option<String>,
    before: Option<String>,
) -> Result<impl Fn(Timestamp) -> bool + Send + use<>> {
    let end = |text: Option<String>| -> Result<Option<Timestamp>> {
        let Some(text) = text else { return Ok(None) };
        let wrong = |_| bad_user_input(format!("`{name}` needs ISO 8601 times, not {text:?}."));
        Ok(Some(text.parse().map_err(wrong)?))
    };
    let (after, before) = (end(after)?, end(before)?);
    Ok(move |at| after.is_none_or(|after| at >= after) && before.is_none_or(|before| at < before))
}

#[derive(InputObject)]
pub struct ThreadFieldNumberFilter {
    value: Option<f64>,
    gte: Option<f64>,
    lte: Option<f64>,
}

#[derive(InputObject)]
pub struct ThreadFieldDateFilter {
    after: Option<String>,
    before: Option<String>,
}

/// A thread field and what its value must be; without a value, that there is one.
#[derive(InputObject)]
pub struct ThreadFieldFilter {
    key: String,
    string_value: Option<String>,
    boolean_value: Option<bool>,
    number: Option<ThreadFieldNumberFilter>,
    date: Option<ThreadFieldDateFilter>,
}

impl ThreadFieldFilter {
    /// Whether a thread has the field, and with a value for which all conditions hold.
    pub fn condition(self) -> Result<impl Fn(&Thread) -> bool + Send + use<>> {
        let date = self
            .date
            .map(|it| span("threadFields.date", it.after, it.before));
        let date = date.transpose()?;
        let holds = move |value: &FieldValue| {
            use FieldValue::{Bool, Date, Number, Text};
            let text = self.string_value.as_ref();
            text.is_none_or(|it| matches!(value, Text(own) if own == it))
                && self.boolean_value.is_none_or(|it| *value == Bool(it))
                && self
                    .number
                    .as_ref()
                    .is_none_or(|it| matches!(value, Number(own) if it.holds(*own)))
                && date
                    .as_ref()
                    .is_none_or(|it| matches!(value, Date(own) if it(*own)))
        };
        Ok(move |thread: &Thread| thread.field(&self.key).is_some_and(|it| holds(&it.value)))
    }
}

impl ThreadFieldNumberFilter {
    fn holds(&self, number: f64) -> bool {
        self.value.is_none_or(|it| number == it)
            && self.gte.is_none_or(|least| number >= least)
            && self.lte.is_none_or(|most| number <= most)
    }
}

#[derive(InputObject)]
pub struct CustomerGroupIdentifier {
    pub customer_group_id: Option<ID>,
    pub customer_group_key: Option<String>,
    pub external_id: Option<String>,
}

impl CustomerGroupIdentifier {
    /// Whether it names a group in one way, as it must.
    pub fn is_one(&self) -> bool {
        let given = [
            self.customer_group_id.is_some(),
            self.customer_group_key.is_some(),
            self.external_id.is_some(),
        ];
        given.iter().filter(|it| **it).count() == 1
    }
}

#[derive(InputObject)]
pub struct ServiceLevelAgreementFilter {
    types: Option<Vec<ServiceLevelAgreementType>>,
    statuses: Option<Vec<ServiceLevelAgreementStatus>>,
    updated_at: Option<DatetimeFilter>,
}

#[derive(InputObject)]
pub struct ThreadLinkSourceFilter {
    source_type: String,
    source_id: ID,
}

#[derive(InputObject)]
pub struct SurveyResponseFilter {
    has_response: Option<bool>,
    sentiment: Option<SentimentType>,
    rating: Option<i32>,
    survey_id: Option<ID>,
    response_at: Option<DatetimeFilter>,
}

#[derive(InputObject)]
pub struct TenantFieldFilter {
    external_field_id: String,
    string_value: Option<String>,
    boolean_value: Option<bool>,
    date_value: Option<String>,
    number_value: Option<f64>,
    string_array_value: Option<Vec<String>>,
    user_reference_values: Option<Vec<ID>>,
}

#[derive(InputObject)]
pub struct AgentStatusFilter {
    statuses: Option<Vec<AgentStatus>>,
    handed_off_reason: Option<String>,
    updated_at: Option<DatetimeFilter>,
}
