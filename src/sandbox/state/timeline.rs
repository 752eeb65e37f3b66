//! How a thread changes: entries in its timeline, and its status.

use std::sync::Arc;

use jiff::Timestamp;

use super::{State, preview};
use crate::sandbox::{
    enums::{StatusDetailType, ThreadStatus},
    records::{Body, Detail, Entry, Label, MessageInfo, Stamp, Who},
};

impl State {
    /// Adds an entry to a timeline, where its time belongs, and gives its id. A message also moves the thread's message
    /// times; a custom entry counts as a message from the customer, whoever wrote it down.
    pub fn append(&mut self, thread_id: &str, stamp: Stamp, body: Body) -> String {
        let id = self.ids.next("t", stamp.at);
        let Some(thread) = self.threads.edit(thread_id) else {
            return id;
        };
        if let Some(source) = body.message_source() {
            let info = MessageInfo {
                at: stamp.at,
                source,
            };
            let inbound =
                matches!(stamp.by, Who::Customer(_)) || matches!(body, Body::Custom { .. });
            let (first, last) = if inbound {
                (&mut thread.first_inbound, &mut thread.last_inbound)
            } else {
                (&mut thread.first_outbound, &mut thread.last_outbound)
            };
            if first.is_none_or(|first| info.at < first.at) {
                *first = Some(info);
            }
            if last.is_none_or(|last| info.at >= last.at) {
                *last = Some(info);
            }
        }
        let is_newest = stamp.at >= thread.updated.at;
        // Notes move the preview too, as any other activity may: one more thing that a portal must not show.
        if let Some(text) = body.text().filter(|_| is_newest) {
            thread.preview_text = Some(preview(&text));
        }
        let entry = Entry {
            id: id.clone(),
            thread_id: thread_id.to_owned(),
            customer_id: thread.customer_id.clone(),
            number: thread.entries.len(),
            at: stamp.at,
            actor: stamp.by.clone(),
            body,
        };
        let place = thread
            .entries
            .partition_point(|other| other.key() < entry.key());
        thread.entries.insert(place, Arc::new(entry));
        if is_newest {
            thread.updated = stamp;
        }
        id
    }

    /// Gives a thread a status and adds the transition to the timeline; nothing changes if it has both already.
    pub fn set_status(
        &mut self,
        thread_id: &str,
        stamp: Stamp,
        status: ThreadStatus,
        kind: StatusDetailType,
        until: Option<Timestamp>,
    ) {
        let Some(thread) = self.threads.edit(thread_id) else {
            return;
        };
        let before = (thread.status, thread.detail);
        if (before.0, before.1.kind, before.1.until) == (status, kind, until) {
            return;
        }
        thread.status = status;
        thread.detail = Detail {
            kind,
            changed_at: stamp.at,
            until,
        };
        thread.status_changed = stamp.clone();
        let to = (status, thread.detail);
        self.append(thread_id, stamp, Body::Status { from: before, to });
    }

    /// What a message does to its thread's status: it is to do again. If it is to do already, only the detail changes,
    /// and that is not worth a line in the timeline.
    pub fn answered(&mut self, thread_id: &str, stamp: Stamp, kind: StatusDetailType) {
        match self.threads.edit(thread_id) {
            Some(thread) if thread.status == ThreadStatus::Todo => {
                if thread.detail.kind != kind {
                    thread.detail.kind = kind;
                    thread.detail.changed_at = stamp.at;
                    thread.status_changed = stamp;
                }
            }
            _ => self.set_status(thread_id, stamp, ThreadStatus::Todo, kind, None),
        }
    }

    /// Gives a thread a priority and adds the change to the timeline; nothing changes if it has it already.
    pub fn set_priority(&mut self, thread_id: &str, stamp: Stamp, to: i32) {
        if let Some(thread) = self.threads.edit(thread_id)
            && thread.priority != to
        {
            let from = std::mem::replace(&mut thread.priority, to);
            self.append(thread_id, stamp, Body::Priority { from, to });
        }
    }

    /// Assigns a thread, or nobody any more, and adds the change to the timeline; nothing changes if it is so already.
    pub fn assign(&mut self, thread_id: &str, stamp: Stamp, to: Option<Who>) {
        let Some(thread) = self.threads.edit(thread_id) else {
            return;
        };
        let from = thread.assigned.as_ref().map(|assigned| assigned.by.clone());
        if from != to {
            let assigned = to.clone().map(|by| Stamp { at: stamp.at, by });
            thread.assigned = assigned;
            self.append(thread_id, stamp, Body::Assignment { from, to });
        }
    }

    /// Gives a thread other labels and adds the change to the timeline.
    pub fn set_labels(&mut self, thread_id: &str, stamp: Stamp, to: Vec<Label>) {
        if let Some(thread) = self.threads.edit(thread_id) {
            let from = std::mem::replace(&mut thread.labels, to.clone());
            self.append(thread_id, stamp, Body::Labels { from, to });
        }
    }

    /// Lets happen what is due: replies arrive, threads wake up.
    pub fn pass_time(&mut self) {
        let now = Self::now();
        self.deliver(now);
        self.wake(now);
    }

    /// Wakes the threads whose time of waiting is over: they are to do again, in progress.
    fn wake(&mut self, now: Timestamp) {
        let due: Vec<(String, Timestamp)> = self
            .threads
            .iter()
            .filter(|thread| thread.status == ThreadStatus::Snoozed)
            .filter_map(|thread| Some((thread.id.clone(), thread.detail.until?)))
            .filter(|(_, until)| *until <= now)
            .collect();
        for (thread_id, at) in due {
            let by = Who::System;
            self.answered(&thread_id, Stamp { at, by }, StatusDetailType::InProgress);
        }
    }
}
