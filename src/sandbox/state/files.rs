//! Files: announced, uploaded, attached to a message, forgotten.

use std::{collections::HashMap, io, path::PathBuf};

use async_graphql::ID;
use jiff::{Timestamp, ToSpan};
use tempfile::TempDir;
use uuid::Uuid;

use super::State;
use crate::sandbox::{
    enums::{AttachmentType, ThreadChannel},
    errors::Refusal,
    records::{Attachment, File, Stage, Stamp},
    table::Table,
};

/// How long an address for an upload is good, in seconds.
const UPLOAD_WITHIN: i64 = 2 * 3600;
/// How long a file without a message is kept, in seconds.
const UNUSED_FOR: i64 = 24 * 3600;
/// How long an address for a download is good, in seconds. Plain says no more than that it is short.
const DOWNLOAD_WITHIN: i64 = 5 * 60;
/// The most bytes that the sandbox keeps of all files together.
const ROOM: i64 = 1_000_000_000;
const MEGABYTE: i64 = 1_000_000;
/// The most files of one message.
const MOST: usize = 100;

/// The extensions that Plain refuses, in the order of the alphabet.
const REFUSED: &[&str] = &[
    "bat", "bin", "chm", "com", "cpl", "crt", "exe", "hlp", "hta", "inf", "ins", "isp", "jse",
    "lnk", "mdb", "msc", "msi", "msp", "mst", "pcd", "pif", "reg", "scr", "sct", "shs", "vba",
    "vbe", "vbs", "wsf", "wsh", "wsl",
];

/// A file that may be uploaded: with this signature, until this time.
pub struct Announced {
    pub attachment: Attachment,
    pub signature: String,
    pub until: Timestamp,
}

/// The files of a sandbox.
#[derive(Default)]
pub struct Files {
    pub table: Table<File>,
    /// Where their contents are; made when the first comes, and gone with the sandbox.
    directory: Option<TempDir>,
    /// The addresses for downloads: whose they are, and until when.
    tickets: HashMap<String, (String, Timestamp)>,
    /// Where the store answers: `http://127.0.0.1:4010`.
    pub origin: String,
}

impl Files {
    /// Where the contents of this file are, or will be.
    pub fn path(&mut self, id: &str) -> io::Result<PathBuf> {
        let directory = match &self.directory {
            Some(directory) => directory,
            None => self.directory.insert(tempfile::tempdir()?),
        };
        Ok(directory.path().join(id))
    }

    /// The file that a download's address is for, if it is still good.
    pub fn ticket(&self, ticket: &str, now: Timestamp) -> Option<&File> {
        let (id, until) = self.tickets.get(ticket)?;
        let file = self.table.get(id).filter(|_| now < *until)?;
        Some(file)
    }
}

/// The most bytes that the files of one message may have together. What travels as e-mail has e-mail's limit.
pub fn limit(channel: ThreadChannel) -> i64 {
    match channel {
        ThreadChannel::Api | ThreadChannel::Email => 6 * MEGABYTE,
        ThreadChannel::Slack | ThreadChannel::MsTeams | ThreadChannel::Discord => 50 * MEGABYTE,
        _ => 100 * MEGABYTE,
    }
}

/// The kind of file that messages of this channel have.
pub fn kind_for(channel: ThreadChannel) -> AttachmentType {
    match channel {
        ThreadChannel::Api | ThreadChannel::Email => AttachmentType::Email,
        ThreadChannel::Slack => AttachmentType::Slack,
        ThreadChannel::MsTeams => AttachmentType::MsTeams,
        ThreadChannel::Discord => AttachmentType::Discord,
        _ => AttachmentType::Chat,
    }
}

fn largest(kind: AttachmentType) -> i64 {
    match kind {
        AttachmentType::Email => 6 * MEGABYTE,
        AttachmentType::Slack | AttachmentType::MsTeams | AttachmentType::Discord => 50 * MEGABYTE,
        _ => 100 * MEGABYTE,
    }
}

fn too_large(message: String) -> Refusal {
    Refusal::new("attachment_file_size_too_large", message)
}

impl State {
    /// Now, by the clock of the file store, which may be put forward.
    pub fn store_time(&self) -> Timestamp {
        let ahead = self.behaviour.store_clock_ahead;
        Self::now().checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    /// Announces a file of a customer's, which must be uploaded soon.
    ///
    /// # Errors
    /// Its extension or its size is refused, or there is no room left.
    pub fn announce_file(
        &mut self,
        customer_id: &str,
        name: &str,
        bytes: i32,
        kind: AttachmentType,
    ) -> Result<Announced, Refusal> {
        self.forget_files();
        let extension = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
        if let Some(extension) = extension.filter(|it| REFUSED.contains(&it.as_str())) {
            return Err(Refusal::new(
                "attachment_file_type_not_allowed",
                format!("Files with the extension .{extension} are not allowed."),
            ));
        }
        let most = largest(kind);
        if i64::from(bytes) > most {
            return Err(too_large(format!(
                "A file of this kind has at most {most} bytes."
            )));
        }
        let kept: i64 = self
            .files
            .table
            .iter()
            .map(|it| i64::from(it.attachment.bytes))
            .sum();
        if kept + i64::from(bytes) > ROOM {
            return Err(too_large(format!("The sandbox keeps {ROOM} bytes in all.")));
        }
        let stamp = self.stamp();
        let mut file = self.new_file(&stamp, customer_id, (name, bytes, mime_type(name)), kind);
        let signature = Uuid::new_v4().simple().to_string();
        let until = after(stamp.at, UPLOAD_WITHIN);
        file.stage = Stage::Announced {
            signature: signature.clone(),
            until,
        };
        Ok(Announced {
            attachment: self.files.table.add(file).attachment.clone(),
            signature,
            until,
        })
    }

    /// A file that is attached to something and whose contents nobody has brought: those of the seed.
    pub fn sample_file(
        &mut self,
        stamp: &Stamp,
        customer_id: &str,
        told: (&str, i32, &str),
        kind: AttachmentType,
    ) -> Attachment {
        let file = self.new_file(stamp, customer_id, told, kind);
        self.files.table.add(file).attachment.clone()
    }

    fn new_file(
        &mut self,
        stamp: &Stamp,
        customer_id: &str,
        (name, bytes, mime_type): (&str, i32, &str),
        kind: AttachmentType,
    ) -> File {
        File {
            attachment: Attachment {
                id: self.ids.next("att", stamp.at),
                file_name: name.to_owned(),
                bytes,
                mime_type: mime_type.to_owned(),
                kind,
                created: stamp.clone(),
            },
            customer_id: customer_id.to_owned(),
            stage: Stage::Attached,
        }
    }

    /// Takes uploaded files for a message in this channel. They must have been uploaded for one of these customers.
    ///
    /// # Errors
    /// One is not there, not uploaded, somebody else's, or has a message already: `attachment_not_uploaded`. They are
    /// too many, or too large together. Then none is taken.
    pub fn attach(
        &mut self,
        ids: Option<&[ID]>,
        owners: &[Option<&str>],
        channel: ThreadChannel,
    ) -> Result<Vec<Attachment>, Refusal> {
        self.forget_files();
        let ids = ids.unwrap_or_default();
        if ids.len() > MOST {
            let message = format!("A message has at most {MOST} attachments.");
            return Err(Refusal::invalid("attachmentIds", message));
        }
        let mut taken: Vec<Attachment> = Vec::new();
        for id in ids {
            let file = self.files.table.get(id).filter(|file| {
                let is_there = matches!(file.stage, Stage::Uploaded { .. });
                let is_theirs = owners.contains(&Some(file.customer_id.as_str()));
                is_there && is_theirs && taken.iter().all(|it| *it.id != **id)
            });
            let file = file.ok_or_else(|| {
                let message = format!("No attachment {} was uploaded for this.", id.as_str());
                Refusal::new("attachment_not_uploaded", message)
            })?;
            taken.push(file.attachment.clone());
        }
        let bytes: i64 = taken.iter().map(|it| i64::from(it.bytes)).sum();
        let most = limit(channel);
        if bytes > most {
            let message =
                format!("The attachments of a message have at most {most} bytes together here.");
            return Err(too_large(message));
        }
        for attachment in &taken {
            if let Some(file) = self.files.table.edit(&attachment.id) {
                file.stage = Stage::Attached;
            }
        }
        Ok(taken)
    }

    /// Makes an address at which this file can be had for a while; none when there is no such file, or not yet.
    pub fn download_address(&mut self, id: &str) -> Option<(Attachment, String, Timestamp)> {
        self.forget_files();
        let file = self.files.table.get(id)?;
        if matches!(file.stage, Stage::Announced { .. }) {
            return None;
        }
        let attachment = file.attachment.clone();
        let until = after(Self::now(), DOWNLOAD_WITHIN);
        let ticket = Uuid::new_v4().simple().to_string();
        let url = format!("{}/files/{ticket}", self.files.origin);
        self.files.tickets.insert(ticket, (id.to_owned(), until));
        Some((attachment, url, until))
    }

    /// Forgets addresses and files whose time is over.
    pub fn forget_files(&mut self) {
        let now = self.store_time();
        self.files.tickets.retain(|_, (_, until)| now < *until);
        let over = |file: &File| match &file.stage {
            Stage::Announced { until, .. } => now >= *until,
            Stage::Uploaded { at } => now >= after(*at, UNUSED_FOR),
            Stage::Attached => false,
        };
        let gone = self.files.table.iter().filter(|file| over(file));
        let gone: Vec<String> = gone.map(|file| file.attachment.id.clone()).collect();
        for id in gone {
            self.files.table.remove(&id);
            if let Ok(path) = self.files.path(&id) {
                // It may never have come.
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(seconds.seconds()).unwrap_or(Timestamp::MAX)
}

/// The type that goes with a name, for the few that one meets.
fn mime_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
    match extension.as_deref() {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("pdf") => "application/pdf",
        Some("txt" | "log") => "text/plain",
        Some("csv") => "text/csv",
        Some("html") => "text/html",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
