//! Threads.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};

use super::{
    actor::{self, Actor, InternalActor, ThreadAssignee},
    customer::{Customer, Tenant},
    label::Label,
    paging::{PageArguments, connection},
    status::ThreadStatusDetail,
    thread_field::ThreadField,
    tier::Tier,
    time::DateTime,
    timeline::{ThreadTimelineEntriesFilter, TimelineEntryConnection, entries},
};
use crate::sandbox::{
    enums::{MessageSource, ThreadChannel, ThreadStatus},
    errors::lost,
    records::{self, MessageInfo},
    state::SUPPORT_EMAIL,
    store::store,
};

/// A thread, as it was when the answer began.
pub struct Thread(Arc<records::Thread>);

impl From<Arc<records::Thread>> for Thread {
    fn from(thread: Arc<records::Thread>) -> Self {
        Self(thread)
    }
}

impl From<&Arc<records::Thread>> for Thread {
    fn from(thread: &Arc<records::Thread>) -> Self {
        Self(Arc::clone(thread))
    }
}

#[Object]
impl Thread {
    async fn id(&self) -> ID {
        (&self.0.id).into()
    }

    #[graphql(name = "ref")]
    async fn reference(&self) -> String {
        format!("T-{}", self.0.number)
    }

    async fn customer(&self, ctx: &Context<'_>) -> Result<Customer> {
        actor::customer(ctx, &self.0.customer_id)
    }

    async fn title(&self) -> &str {
        &self.0.title
    }

    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    async fn preview_text(&self) -> Option<&str> {
        self.0.preview_text.as_deref()
    }

    async fn priority(&self) -> i32 {
        self.0.priority
    }

    async fn external_id(&self) -> Option<ID> {
        self.0.external_id.as_ref().map(ID::from)
    }

    async fn status(&self) -> ThreadStatus {
        self.0.status
    }

    async fn status_changed_at(&self) -> DateTime {
        self.0.status_changed.at.into()
    }

    async fn status_changed_by(&self) -> Actor {
        (&self.0.status_changed.by).into()
    }

    async fn status_detail(&self) -> Option<ThreadStatusDetail> {
        Some(self.0.detail.into())
    }

    async fn assigned_to(&self, ctx: &Context<'_>) -> Result<Option<ThreadAssignee>> {
        let Some(assigned) = &self.0.assigned else {
            return Ok(None);
        };
        ThreadAssignee::find(ctx, &assigned.by).map(Some)
    }

    async fn assigned_at(&self) -> Option<DateTime> {
        self.0.assigned.as_ref().map(|stamp| stamp.at.into())
    }

    async fn additional_assignees(&self, ctx: &Context<'_>) -> Result<Vec<ThreadAssignee>> {
        let assignees = self.0.also_assigned.iter();
        assignees
            .map(|who| ThreadAssignee::find(ctx, who))
            .collect()
    }

    async fn labels(&self) -> Vec<Label> {
        self.0.labels.iter().cloned().map(Label::from).collect()
    }

    async fn thread_fields(&self) -> Vec<ThreadField> {
        let fields = self.0.fields.iter();
        fields
            .map(|field| ThreadField::of(&self.0.id, field))
            .collect()
    }

    /// Newest first.
    async fn timeline_entries(
        &self,
        filters: Option<ThreadTimelineEntriesFilter>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<TimelineEntryConnection> {
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        entries(&self.0, filters, arguments)
    }

    async fn first_inbound_message_info(&self) -> Option<ThreadMessageInfo> {
        self.0.first_inbound.map(ThreadMessageInfo::from)
    }

    async fn first_outbound_message_info(&self) -> Option<ThreadMessageInfo> {
        self.0.first_outbound.map(ThreadMessageInfo::from)
    }

    async fn last_inbound_message_info(&self) -> Option<ThreadMessageInfo> {
        self.0.last_inbound.map(ThreadMessageInfo::from)
    }

    async fn last_outbound_message_info(&self) -> Option<ThreadMessageInfo> {
        self.0.last_outbound.map(ThreadMessageInfo::from)
    }

    async fn created_at(&self) -> DateTime {
        self.0.created.at.into()
    }

    async fn created_by(&self) -> Actor {
        (&self.0.created.by).into()
    }

    async fn updated_at(&self) -> DateTime {
        self.0.updated.at.into()
    }

    async fn updated_by(&self) -> Actor {
        (&self.0.updated.by).into()
    }

    async fn support_email_addresses(&self) -> Vec<&'static str> {
        support_addresses(&self.0)
    }

    async fn tenant(&self, ctx: &Context<'_>) -> Result<Option<Tenant>> {
        let Some(id) = &self.0.tenant_id else {
            return Ok(None);
        };
        let state = store(ctx).lock();
        let tenant = state.tenants.get(id).ok_or_else(|| lost("tenant"))?;
        Ok(Some(tenant.into()))
    }

    async fn tier(&self, ctx: &Context<'_>) -> Option<Tier> {
        let state = store(ctx).lock();
        let tier = state.tiers.get(self.0.tier_id.as_ref()?);
        tier.cloned().map(Tier::from)
    }

    async fn channel(&self) -> ThreadChannel {
        self.0.channel
    }

    async fn channel_details(&self) -> Option<ThreadChannelDetails> {
        let place = self.0.slack.clone()?;
        Some(ThreadChannelDetails::Slack(SlackThreadChannelDetails {
            slack_channel_id: place.channel_id,
            slack_channel_name: place.channel_name,
            slack_team_id: place.team_id,
            slack_team_name: place.team_name,
        }))
    }

    async fn locked_at(&self) -> Option<DateTime> {
        self.0.locked.as_ref().map(|stamp| stamp.at.into())
    }

    async fn locked_by(&self) -> Option<InternalActor> {
        self.0.locked.as_ref().map(InternalActor::of)
    }
}

/// The workspace's addresses that the thread goes through.
pub fn support_addresses(thread: &records::Thread) -> Vec<&'static str> {
    match thread.channel {
        ThreadChannel::Email | ThreadChannel::Api => vec![SUPPORT_EMAIL],
        _ => Vec::new(),
    }
}

/// When a message came or went, and how.
#[derive(SimpleObject)]
pub struct ThreadMessageInfo {
    timestamp: DateTime,
    message_source: MessageSource,
}

impl From<MessageInfo> for ThreadMessageInfo {
    fn from(info: MessageInfo) -> Self {
        Self {
            timestamp: info.at.into(),
            message_source: info.source,
        }
    }
}

/// Where in Slack a thread lives.
#[derive(SimpleObject)]
pub struct SlackThreadChannelDetails {
    slack_channel_id: String,
    slack_channel_name: String,
    slack_team_id: String,
    slack_team_name: String,
}

/// More about a thread's channel.
#[derive(Union)]
pub enum ThreadChannelDetails {
    Slack(SlackThreadChannelDetails),
}

connection!(ThreadConnection, ThreadEdge, Thread, counted);

/// A thread that a search has found.
#[derive(SimpleObject)]
pub struct ThreadSearchResult {
    thread: Thread,
}

impl From<Arc<records::Thread>> for ThreadSearchResult {
    fn from(thread: Arc<records::Thread>) -> Self {
        Self {
            thread: thread.into(),
        }
    }
}

connection!(
    ThreadSearchResultConnection,
    ThreadSearchResultEdge,
    ThreadSearchResult
);
