//! The files that wait in the spool: whose they are, and whether Plain has them already.

use jiff::Timestamp;
use sqlx::FromRow;

use super::{Error, Store, submissions::time};
use crate::model::DraftFile;

/// What one person may have waiting, however little is in each.
const MOST_FILES: i64 = 1000;

/// No message that is still to be sent has it. What waits in a form that was refused counts as a draft, unless somebody has had
/// charge of it: then it was promised to be kept.
const IN_NO_MESSAGE: &str = "NOT EXISTS (SELECT 1 FROM submissions
    WHERE submissions.customer_id = files.customer_id
      AND (submissions.state IN ('sending', 'waiting', 'unsent') OR (submissions.state = 'refused' AND submissions.charges > 0))
      AND submissions.files LIKE '%' || files.id || '%')";

#[derive(FromRow)]
struct FileRow {
    id: String,
    name: String,
    size: i64,
    sha256: String,
}

/// What is kept, and may be.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    pub bytes: u64,
    /// Of one customer.
    pub share: u64,
}

/// A file that Plain has already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    pub attachment_id: String,
    /// What it was uploaded for; good for nothing else.
    pub attachment_type: String,
    pub at: Timestamp,
}

impl Store {
    /// Registers a file whose content is on disk; `false` when there is no room for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_file(
        &self,
        customer_id: &str,
        submission: &str,
        file: &DraftFile,
        room: Room,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let number = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        let added = self
            .query(
                "INSERT INTO files (id, customer_id, submission, name, size, sha256, added_at)
                 SELECT $1, $2, $3, $4, $5, $6, $7
                 WHERE (SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM files) <= $8
                   AND (SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM files WHERE customer_id = $2) <= $9
                   AND (SELECT COUNT(*) FROM files WHERE customer_id = $2) < $10",
            )
            .bind(&file.id)
            .bind(customer_id)
            .bind(submission)
            .bind(&file.name)
            .bind(number(file.size))
            .bind(&file.sha256)
            .bind(now.as_millisecond())
            .bind(number(room.bytes).saturating_sub(number(file.size)))
            .bind(number(room.share).saturating_sub(number(file.size)))
            .bind(MOST_FILES)
            .execute()
            .await?;
        Ok(added == 1)
    }

    /// How many bytes are kept, and how many of them for this customer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bytes_kept(&self, customer_id: &str) -> Result<(u64, u64), Error> {
        let (all, own): (i64, i64) = self
            .query(
                "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT),
                    CAST(COALESCE(SUM(CASE WHEN customer_id = $1 THEN size ELSE 0 END), 0) AS BIGINT) FROM files",
            )
            .bind(customer_id)
            .fetch_one()
            .await?;
        Ok((all.unsigned_abs(), own.unsigned_abs()))
    }

    /// Those of this customer's files that these ids name, in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn files(&self, customer_id: &str, ids: &[String]) -> Result<Vec<DraftFile>, Error> {
        if ids.is_empty() {
            return Ok(vec![]);
        }
        let rows: Vec<FileRow> = self
            .query("SELECT id, name, size, sha256 FROM files WHERE customer_id = $1")
            .bind(customer_id)
            .fetch_all()
            .await?;
        let named = ids
            .iter()
            .filter_map(|id| rows.iter().find(|row| row.id == *id));
        Ok(named.map(FileRow::file).collect())
    }

    /// The same file, picked before in the same form.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn same_file(
        &self,
        customer_id: &str,
        submission: &str,
        file: &DraftFile,
    ) -> Result<Option<DraftFile>, Error> {
        let row: Option<FileRow> = self
            .query(
                "SELECT id, name, size, sha256 FROM files
                 WHERE customer_id = $1 AND submission = $2 AND name = $3 AND sha256 = $4 ORDER BY added_at LIMIT 1",
            )
            .bind(customer_id)
            .bind(submission)
            .bind(&file.name)
            .bind(&file.sha256)
            .fetch_optional()
            .await?;
        Ok(row.as_ref().map(FileRow::file))
    }

    /// Where Plain has this file, if it has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn uploaded(&self, id: &str) -> Result<Option<UploadedFile>, Error> {
        let row: Option<(String, String, i64)> = self
            .query(
                "SELECT attachment_id, attachment_type, uploaded_at FROM files
                 WHERE id = $1 AND attachment_id IS NOT NULL",
            )
            .bind(id)
            .fetch_optional()
            .await?;
        Ok(
            row.map(|(attachment_id, attachment_type, at)| UploadedFile {
                attachment_id,
                attachment_type,
                at: time(at),
            }),
        )
    }

    /// Records where Plain has this file, or that it has it no longer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_uploaded(
        &self,
        id: &str,
        uploaded: Option<&UploadedFile>,
    ) -> Result<(), Error> {
        self.query(
            "UPDATE files SET attachment_id = $1, attachment_type = $2, uploaded_at = $3 WHERE id = $4",
        )
        .bind(uploaded.map(|it| it.attachment_id.as_str()))
        .bind(uploaded.map(|it| it.attachment_type.as_str()))
        .bind(uploaded.map(|it| it.at.as_millisecond()))
        .bind(id)
        .execute()
        .await?;
        Ok(())
    }

    /// Forgets those of this customer's files that no message has; returns them.
    ///
    /// # Errors
    /// When the database fails; what was forgotten until then is lost to the caller, and found by the next sweep.
    pub async fn forget_files(
        &self,
        customer_id: &str,
        ids: &[String],
    ) -> Result<Vec<String>, Error> {
        let sql =
            format!("DELETE FROM files WHERE customer_id = $1 AND id = $2 AND {IN_NO_MESSAGE}");
        let mut forgotten = vec![];
        for id in ids {
            let deleted = self
                .query(&sql)
                .bind(customer_id)
                .bind(id)
                .execute()
                .await?;
            if deleted == 1 {
                forgotten.push(id.clone());
            }
        }
        Ok(forgotten)
    }

    /// Forgets the files that were picked before then and that no message has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_old_files(&self, before: Timestamp) -> Result<u64, Error> {
        let sql = format!("DELETE FROM files WHERE added_at < $1 AND {IN_NO_MESSAGE}");
        Ok(self
            .query(&sql)
            .bind(before.as_millisecond())
            .execute()
            .await?)
    }

    /// Is this the id of a file that is kept?
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_file(&self, id: &str) -> Result<bool, Error> {
        let found: Option<(String,)> = self
            .query("SELECT id FROM files WHERE id = $1")
            .bind(id)
            .fetch_optional()
            .await?;
        Ok(found.is_some())
    }
}

impl FileRow {
    fn file(&self) -> DraftFile {
        DraftFile {
            id: self.id.clone(),
            name: self.name.clone(),
            size: self.size.unsigned_abs(),
            sha256: self.sha256.clone(),
            problem: None,
        }
    }
}
