//! Where customers' files wait until Plain has them, and how much of it.

use std::{path::PathBuf, str::FromStr as _};

use secrecy::ExposeSecret as _;
use sqlx::sqlite::SqliteConnectOptions;

use super::{Problem, Settings, database_url};
use crate::file_rules::MAX_BY_CHAT;

const FOLDER: &str = "PORTAL_FILES";
const MAX: &str = "PORTAL_FILES_MAX";
const DEFAULT_FOLDER: &str = "portal-files";
const DEFAULT_MAX: u64 = 2_000_000_000;

/// Where files wait, and how much of it at most.
#[derive(Debug, Clone)]
pub struct Files {
    pub folder: PathBuf,
    /// In bytes, of everybody's together.
    pub max: u64,
}

impl Files {
    /// # Errors
    /// One [`Problem`] for each setting that is wrong.
    pub fn from_settings(settings: &Settings) -> Result<Self, Vec<Problem>> {
        match (folder(settings), max(settings)) {
            (Ok(folder), Ok(max)) => Ok(Self { folder, max }),
            (folder, max) => Err([folder.err(), max.err()].into_iter().flatten().collect()),
        }
    }

    /// What one customer may have of it: a tenth, but the largest message if there is room for it at all.
    pub fn share(&self) -> u64 {
        (self.max / 10).max(MAX_BY_CHAT).min(self.max)
    }
}

fn folder(settings: &Settings) -> Result<PathBuf, Problem> {
    match settings.files.as_deref() {
        Some(text) if text.contains("://") => Err(Problem::new(
            FOLDER,
            format!(
                "{text:?} is not a directory; other places, such as s3://, are not supported yet"
            ),
        )),
        Some(text) => Ok(PathBuf::from(text)),
        None => Ok(beside_the_database(settings)),
    }
}

/// What is wrong with the database's own setting is told there.
fn beside_the_database(settings: &Settings) -> PathBuf {
    let file = database_url(settings).ok().and_then(|url| {
        let url = url.expose_secret();
        url.starts_with("sqlite:")
            .then(|| SqliteConnectOptions::from_str(url).ok())?
    });
    file.and_then(|file| Some(file.get_filename().parent()?.join(DEFAULT_FOLDER)))
        .unwrap_or_else(|| PathBuf::from(DEFAULT_FOLDER))
}

/// Reads `500MB`, `2GB`; decimal, as sizes of disks are told.
fn max(settings: &Settings) -> Result<u64, Problem> {
    let Some(text) = settings.files_max.as_deref() else {
        return Ok(DEFAULT_MAX);
    };
    let digits = text
        .trim_end_matches(|c: char| c.is_ascii_alphabetic())
        .len();
    let (number, unit) = text.split_at(digits);
    let unit = match unit.to_ascii_uppercase().as_str() {
        "KB" => Some(1_000),
        "MB" => Some(1_000_000),
        "GB" => Some(1_000_000_000),
        "TB" => Some(1_000_000_000_000),
        _ => None,
    };
    let number: Option<u64> = number.trim().parse().ok();
    let bytes = unit.and_then(|unit| number?.checked_mul(unit));
    bytes
        .filter(|bytes| (1..=i64::MAX.unsigned_abs()).contains(bytes))
        .ok_or_else(|| Problem::new(MAX, format!("{text:?} is not a size such as 500MB or 2GB")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(
        files: Option<&str>,
        max: Option<&str>,
        database: &str,
    ) -> Result<Files, Vec<&'static str>> {
        let settings = Settings {
            files: files.map(str::to_owned),
            files_max: max.map(str::to_owned),
            database_url: Some(database.to_owned()),
            ..Settings::default()
        };
        Files::from_settings(&settings)
            .map_err(|problems| problems.iter().map(|problem| problem.setting).collect())
    }

    #[test]
    fn files_lie_beside_the_database_unless_told_otherwise() {
        for (given, database, folder) in [
            (
                None,
                "sqlite:///var/lib/portal/portal.db?mode=rwc",
                "/var/lib/portal/portal-files",
            ),
            (None, "sqlite://portal.db", "portal-files"),
            (None, "postgres://u:p@db/portal", "portal-files"),
            (Some("/srv/files"), "sqlite://portal.db", "/srv/files"),
        ] {
            let files = read(given, None, database).unwrap();
            assert_eq!(files.folder, PathBuf::from(folder), "{database}");
            assert_eq!((files.max, files.share()), (2_000_000_000, 200_000_000));
        }
        let refused = read(
            Some("s3://bucket/files"),
            Some("much"),
            "sqlite://portal.db",
        );
        assert_eq!(refused.unwrap_err(), [FOLDER, MAX]);
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [
            ("500MB", 500_000_000),
            ("1 gb", 1_000_000_000),
            ("900KB", 900_000),
        ] {
            let files = read(None, Some(text), "sqlite://portal.db").unwrap();
            assert_eq!(files.max, bytes);
            assert!(files.share() <= bytes);
        }
        for text in ["", "2", "GB", "0MB", "-1GB", "99999999999TB", "2GiB"] {
            assert_eq!(
                read(None, Some(text), "sqlite://portal.db").unwrap_err(),
                [MAX],
                "{text:?}"
            );
        }
    }
}
