//! What may go with a message, as Plain documents it (its guide to attachments): which kinds, how many, how large together.
//!
//! The browser says so as soon as files are picked, the server decides; both run this code.

use serde::{Deserialize, Serialize};

/// The most files that Plain takes with one message.
pub const MAX_FILES: usize = 100;
/// The most that all files of one message may have together where it travels as e-mail, and in a new request, which is answered
/// by e-mail. Plain's megabytes are taken for the smaller, decimal ones.
pub const MAX_BY_EMAIL: u64 = 6_000_000;
/// The same in a chat: the most of all.
pub const MAX_BY_CHAT: u64 = 100_000_000;
/// The same by way of Slack.
pub const MAX_BY_SLACK: u64 = 50_000_000;

/// Extensions that Plain refuses, sorted.
const REFUSED: [&str; 31] = [
    "bat", "bin", "chm", "com", "cpl", "crt", "exe", "hlp", "hta", "inf", "ins", "isp", "jse",
    "lnk", "mdb", "msc", "msi", "msp", "mst", "pcd", "pif", "reg", "scr", "sct", "shs", "vba",
    "vbe", "vbs", "wsf", "wsh", "wsl",
];

/// Why a file does not go with its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileProblem {
    /// There is nothing in it.
    Empty,
    /// Plain takes no files with such a name.
    Kind,
    /// It is one more than [`MAX_FILES`].
    TooMany,
    /// With it, the files are larger than the message's way allows.
    TooLarge,
    /// The portal holds as much as it may.
    NoRoom,
    /// It did not come in whole.
    BrokenOff,
    /// It was removed, or waited too long for its message.
    Gone,
    /// Plain does not take it, and does not say why.
    #[serde(other)]
    Refused,
}

impl FileProblem {
    /// In the customer's words, to follow the file's name; `limit` is what all files may have together.
    pub fn words(self, limit: u64) -> String {
        match self {
            Self::Empty => "there is nothing in this file".to_owned(),
            Self::Kind => {
                "files of this kind are not accepted; put it into a .zip file, or send it as another kind"
                    .to_owned()
            }
            Self::TooMany => format!("at most {MAX_FILES} files can go with one message"),
            Self::TooLarge => format!(
                "with this file they would be larger than {} together",
                human_size(limit)
            ),
            Self::NoRoom => {
                "there is no room for it at the moment; please try again later".to_owned()
            }
            Self::BrokenOff => "it did not arrive whole; please choose it again".to_owned(),
            Self::Gone => "it is no longer here; please choose it again".to_owned(),
            Self::Refused => "our support system did not take it".to_owned(),
        }
    }
}

/// What is wrong with a file by itself. Its kind is what its last extension says, in either case; dots and spaces at the end
/// do not count, as they do not where such files are opened.
pub fn problem_with(name: &str, size: u64) -> Option<FileProblem> {
    let name = name.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.trim());
    let is_refused = extension.is_some_and(|extension| {
        REFUSED
            .binary_search(&extension.to_ascii_lowercase().as_str())
            .is_ok()
    });
    if is_refused {
        Some(FileProblem::Kind)
    } else {
        (size == 0).then_some(FileProblem::Empty)
    }
}

/// What is wrong with each of these, by name and size, as the files of one message. Those in front win.
pub fn problems_with<'a>(
    files: impl IntoIterator<Item = (&'a str, u64)>,
    limit: u64,
) -> Vec<Option<FileProblem>> {
    let (mut count, mut total) = (0, 0_u64);
    let each = files.into_iter().map(|(name, size)| {
        let problem = match problem_with(name, size) {
            None if count >= MAX_FILES => Some(FileProblem::TooMany),
            None if total.saturating_add(size) > limit => Some(FileProblem::TooLarge),
            problem => problem,
        };
        if problem.is_none() {
            count += 1;
            total += size;
        }
        problem
    });
    each.collect()
}

/// A size as people say it, in powers of ten as operating systems and Plain count.
pub fn human_size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (unit, name) in UNITS {
        // Not "1000 kB" for what is all but a megabyte.
        if bytes >= unit - unit / 2_000 {
            let tenths = (bytes * 10 + unit / 2) / unit;
            return match (tenths / 10, tenths % 10) {
                (whole, 0) => format!("{whole} {name}"),
                (whole, _) if whole >= 100 => format!("{} {name}", (bytes + unit / 2) / unit),
                (whole, tenth) => format!("{whole}.{tenth} {name}"),
            };
        }
    }
    match bytes {
        1 => "1 byte".to_owned(),
        bytes => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_extension_decides() {
        assert!(REFUSED.is_sorted());
        for name in [
            "run.exe",
            "RUN.EXE",
            "photo.jpg.exe",
            "run.exe.",
            "run.exe . .",
            "run.exe\u{a0}",
            "a.Lnk",
            ".bat",
            "x. vbs",
        ] {
            assert_eq!(problem_with(name, 1), Some(FileProblem::Kind), "{name:?}");
        }
        for name in [
            "exe",
            "run.exe.zip",
            "notes.txt",
            "x.",
            "",
            "archive.tar.gz",
            "script.js",
        ] {
            assert_eq!(problem_with(name, 1), None, "{name:?}");
        }
        assert_eq!(problem_with("notes.txt", 0), Some(FileProblem::Empty));
    }

    #[test]
    fn files_are_counted_and_added_up() {
        let many = vec![("a.txt", 1); MAX_FILES + 1];
        let problems = problems_with(many, MAX_BY_EMAIL);
        assert_eq!(problems.iter().flatten().count(), 1);
        assert_eq!(problems.last(), Some(&Some(FileProblem::TooMany)));

        let files = [
            ("a", 4_000_000),
            ("b", 3_000_000),
            ("c.exe", 9),
            ("d", 2_000_000),
            ("e", 1),
        ];
        assert_eq!(
            problems_with(files, MAX_BY_EMAIL),
            [
                None,
                Some(FileProblem::TooLarge),
                Some(FileProblem::Kind),
                None,
                Some(FileProblem::TooLarge)
            ]
        );
        assert_eq!(
            problems_with([("a", u64::MAX)], MAX_BY_CHAT),
            [Some(FileProblem::TooLarge)]
        );
    }

    #[test]
    fn sizes_are_short() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (1_250, "1.3 kB"),
            (248_113, "248 kB"),
            (999_999, "1 MB"),
            (6_000_000, "6 MB"),
            (99_960_000, "100 MB"),
            (2_147_483_647, "2.1 GB"),
        ] {
            assert_eq!(human_size(bytes), words);
        }
    }
}
