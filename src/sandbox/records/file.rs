//! Files, and what Plain says about them.

use jiff::Timestamp;

use super::Stamp;
use crate::sandbox::{enums::AttachmentType, table::Row};

/// What is said of a file.
#[derive(Clone)]
pub struct Attachment {
    pub id: String,
    pub file_name: String,
    pub bytes: i32,
    pub mime_type: String,
    pub kind: AttachmentType,
    pub created: Stamp,
}

/// A file: announced, uploaded, or attached to a message.
#[derive(Clone)]
pub struct File {
    pub attachment: Attachment,
    pub customer_id: String,
    pub stage: Stage,
}

/// How far a file has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its upload is waited for: with this signature, until this time.
    Announced { signature: String, until: Timestamp },
    /// It is here, and no message has it.
    Uploaded { at: Timestamp },
    /// A message has it.
    Attached,
}

impl Row for File {
    fn id(&self) -> &str {
        &self.attachment.id
    }
}
