//! The sandbox's records in the words of Plain's webhooks, which are not those of its API.

mod message;

use serde_json::{Value, json};

use super::delivery::{maybe_time, time};
use crate::sandbox::{
    enums::{MessageSource, StatusDetailType, ThreadFieldSchemaType, ThreadStatus},
    records::{
        Customer, CustomerGroup, FieldValue, Label, MessageInfo, Stamp, Thread, ThreadField, Who,
    },
    state::{SUPPORT_EMAIL, State},
};

/// Writes records; what a record only names is looked up here.
pub struct Words<'a> {
    pub state: &'a State,
}

/// `createdAt`, `createdBy`, `updatedAt` and `updatedBy`, added to an object.
fn stamped(mut object: Value, created: &Stamp, updated: &Stamp, who: fn(&Who) -> Value) -> Value {
    for (at, by, stamp) in [
        ("createdAt", "createdBy", created),
        ("updatedAt", "updatedBy", updated),
    ] {
        object[at] = time(stamp.at).into();
        object[by] = who(&stamp.by);
    }
    object
}

fn actor(who: &Who) -> Value {
    match who {
        Who::User(id) => json!({ "actorType": "user", "userId": id }),
        Who::Customer(id) | Who::DeletedCustomer(id) => {
            json!({ "actorType": "customer", "customerId": id })
        }
        Who::MachineUser(id) => json!({ "actorType": "machineUser", "machineUserId": id }),
        Who::System => json!({ "actorType": "system", "system": "sandbox" }),
    }
}

/// Where only the support side can be.
fn internal(who: &Who) -> Value {
    match who {
        Who::Customer(_) | Who::DeletedCustomer(_) => actor(&Who::System),
        who => actor(who),
    }
}

impl Words<'_> {
    pub fn customer(&self, customer: &Customer) -> Value {
        let memberships = customer.groups.iter().filter_map(|membership| {
            let group = self.state.customer_groups.get(&membership.group_id)?;
            let object = json!({
                "customerId": customer.id,
                "customerGroupId": membership.group_id,
                "workspaceId": self.state.workspace_id,
                "customerGroup": self.group(group),
            });
            let created = &membership.created;
            Some(stamped(object, created, created, internal))
        });
        let object = json!({
            "id": customer.id,
            "email": {
                "email": customer.email,
                "isVerified": customer.verified_at.is_some(),
                "verifiedAt": maybe_time(customer.verified_at),
            },
            "externalId": customer.external_id,
            "fullName": customer.full_name,
            "shortName": customer.short_name,
            "markedAsSpamAt": maybe_time(customer.spam.as_ref().map(|spam| spam.at)),
            "markedAsSpamBy": customer.spam.as_ref().map(|spam| internal(&spam.by)),
            "customerGroupMemberships": memberships.collect::<Vec<_>>(),
        });
        stamped(object, &customer.created, &customer.updated, actor)
    }

    pub fn group(&self, group: &CustomerGroup) -> Value {
        let object = json!({
            "id": group.id,
            "workspaceId": self.state.workspace_id,
            "name": group.name,
            "key": group.key,
            "color": group.color,
        });
        stamped(object, &group.created, &group.created, internal)
    }

    /// `null` for none.
    pub fn tenant(&self, id: Option<&str>) -> Value {
        let Some(tenant) = id.and_then(|id| self.state.tenants.get(id)) else {
            return Value::Null;
        };
        let object = json!({
            "id": tenant.id,
            "workspaceId": self.state.workspace_id,
            "name": tenant.name,
            "externalId": tenant.external_id,
            "url": tenant.url,
            "source": "api",
        });
        stamped(object, &tenant.created, &tenant.updated, actor)
    }

    pub fn thread(&self, thread: &Thread) -> Value {
        let customer = self.state.customers.get(&thread.customer_id);
        let labels = thread.labels.iter().filter_map(|label| self.label(label));
        let info = |info: Option<MessageInfo>| {
            info.map(|it| json!({ "timestamp": time(it.at), "messageSource": source(it.source) }))
        };
        let object = json!({
            "id": thread.id,
            "customer": customer.map(|customer| self.customer(customer)),
            "title": thread.title,
            "previewText": thread.preview_text,
            "priority": thread.priority,
            "externalId": thread.external_id,
            "status": status(thread.status),
            "statusChangedAt": time(thread.status_changed.at),
            "statusChangedBy": actor(&thread.status_changed.by),
            "statusDetail": detail(thread),
            "assignee": thread.assigned.as_ref().and_then(|it| self.assignee(&it.by)),
            "assignedAt": maybe_time(thread.assigned.as_ref().map(|it| it.at)),
            "additionalAssignees": [],
            "labels": labels.collect::<Vec<_>>(),
            "firstInboundMessageInfo": info(thread.first_inbound),
            "firstOutboundMessageInfo": info(thread.first_outbound),
            "lastInboundMessageInfo": info(thread.last_inbound),
            "lastOutboundMessageInfo": info(thread.last_outbound),
            "supportEmailAddresses": [SUPPORT_EMAIL],
        });
        stamped(object, &thread.created, &thread.updated, actor)
    }

    fn label(&self, label: &Label) -> Option<Value> {
        let kind = self.state.label_types.get(&label.label_type_id)?;
        let archived = kind.archived.as_ref();
        let object = json!({
            "id": kind.id,
            "name": kind.name,
            "icon": kind.icon,
            "isArchived": archived.is_some(),
            "archivedAt": maybe_time(archived.map(|it| it.at)),
            "archivedBy": archived.map(|it| internal(&it.by)),
            "externalId": kind.external_id,
            "isExcludedFromAi": kind.is_excluded_from_ai,
        });
        let kind = stamped(object, &kind.created, &kind.created, internal);
        let object = json!({ "id": label.id, "labelType": kind });
        Some(stamped(object, &label.created, &label.created, actor))
    }

    fn assignee(&self, who: &Who) -> Option<Value> {
        let nobody = json!({ "deletedAt": null, "deletedBy": null });
        let (mut object, created) = match who {
            Who::User(id) => {
                let user = self.state.users.get(id)?;
                let object = json!({
                    "id": user.id,
                    "email": user.email,
                    "fullName": user.full_name,
                    "publicName": user.public_name,
                    "status": "ONLINE",
                    "statusChangedAt": time(user.created.at),
                });
                (object, &user.created)
            }
            Who::MachineUser(_) => {
                let machine = &self.state.machine_user;
                let object = json!({
                    "id": machine.id,
                    "fullName": machine.full_name,
                    "publicName": machine.public_name,
                    "description": null,
                });
                (object, &machine.created)
            }
            _ => return None,
        };
        for (name, value) in nobody.as_object()? {
            object[name] = value.clone();
        }
        Some(stamped(object, created, created, internal))
    }

    pub fn field(&self, thread: &Thread, field: &ThreadField) -> Value {
        let mut object = json!({
            "id": field.id,
            "threadId": thread.id,
            "key": field.key,
            "type": field_type(field.kind),
            "stringValue": null,
            "booleanValue": null,
            "numberValue": null,
            "dateValue": null,
        });
        let (member, value) = match &field.value {
            FieldValue::Text(text) => ("stringValue", json!(text)),
            FieldValue::Bool(value) => ("booleanValue", json!(value)),
            FieldValue::Number(number) => ("numberValue", json!(number)),
            FieldValue::Date(at) => ("dateValue", json!(time(*at))),
        };
        object[member] = value;
        stamped(object, &field.created, &field.updated, actor)
    }
}

fn status(status: ThreadStatus) -> &'static str {
    match status {
        ThreadStatus::Todo => "TODO",
        ThreadStatus::Snoozed => "SNOOZED",
        ThreadStatus::Done => "DONE",
    }
}

fn detail(thread: &Thread) -> Value {
    let detail = thread.detail;
    match detail.kind {
        StatusDetailType::Created => {
            json!({ "type": "CREATED", "createdAt": time(thread.created.at) })
        }
        StatusDetailType::InProgress => json!({ "type": "IN_PROGRESS" }),
        StatusDetailType::NewReply => json!({ "type": "NEW_REPLY" }),
        StatusDetailType::ThreadLinkUpdated => json!({ "type": "THREAD_LINK_UPDATED" }),
        StatusDetailType::ThreadDiscussionResolved => {
            json!({ "type": "THREAD_DISCUSSION_RESOLVED" })
        }
        StatusDetailType::WaitingForCustomer => json!({ "type": "WAITING_FOR_CUSTOMER" }),
        StatusDetailType::WaitingForDuration => {
            let until = detail.until.unwrap_or(detail.changed_at);
            let seconds = until.duration_since(detail.changed_at).as_secs();
            json!({ "type": "WAITING_FOR_DURATION", "waitingUntil": time(until), "durationSeconds": seconds })
        }
        StatusDetailType::Ignored => json!({ "type": "IGNORED" }),
        StatusDetailType::DoneManuallySet => json!({ "type": "DONE_MANUALLY_SET" }),
        StatusDetailType::DoneAutomaticallySet | StatusDetailType::TimerExpired => {
            json!({ "type": "DONE_AUTOMATICALLY_SET" })
        }
    }
}

fn source(source: MessageSource) -> &'static str {
    match source {
        MessageSource::Chat => "CHAT",
        MessageSource::Email => "EMAIL",
        MessageSource::Api => "API",
        MessageSource::Slack => "SLACK",
        MessageSource::MsTeams => "MS_TEAMS",
        MessageSource::Discord | MessageSource::Internal => {
            "UNKNOWN_THREAD_MESSAGE_INFO_MESSAGE_SOURCE"
        }
    }
}

fn field_type(kind: ThreadFieldSchemaType) -> &'static str {
    match kind {
        ThreadFieldSchemaType::String => "STRING",
        ThreadFieldSchemaType::Bool => "BOOL",
        ThreadFieldSchemaType::Enum => "ENUM",
        ThreadFieldSchemaType::Number => "NUMBER",
        ThreadFieldSchemaType::Currency => "CURRENCY",
        ThreadFieldSchemaType::Date => "DATE",
    }
}
