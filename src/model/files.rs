//! Files on their way from a customer to support.

use serde::{Deserialize, Serialize};

use crate::file_rules::{self, FileProblem};

/// A file that goes with a message, or that does not, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftFile {
    /// A UUID, under which it waits in the spool; empty when it does not.
    pub id: String,
    /// Cleaned by [`crate::content::file_name`].
    pub name: String,
    pub size: u64,
    /// Of its content, in hexadecimal. Same name and same content: the same file.
    pub sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<FileProblem>,
}

/// What a form says of its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picked {
    /// Those that wait in the spool, by their ids, in the form's order. From a browser: not to be trusted.
    pub ids: Vec<String>,
    /// Those that were not taken.
    pub refused: Vec<DraftFile>,
    /// The form ended before its end: some of its words or files may be missing.
    pub broken_off: bool,
}

impl DraftFile {
    /// One that was not taken.
    pub fn refused(name: String, size: u64, problem: FileProblem) -> Self {
        Self {
            id: String::new(),
            name,
            size,
            sha256: String::new(),
            problem: Some(problem),
        }
    }

    /// Are these the same files, in whatever order? Those that do not go with the message do not count.
    pub fn are_same(some: &[Self], others: &[Self]) -> bool {
        Self::fingerprints(some) == Self::fingerprints(others)
    }

    /// What tells these files from others.
    pub fn fingerprints(files: &[Self]) -> Vec<(&str, &str)> {
        let going = files.iter().filter(|file| file.problem.is_none());
        let mut all: Vec<_> = going
            .map(|file| (file.name.as_str(), file.sha256.as_str()))
            .collect();
        all.sort_unstable();
        all
    }

    /// Says of each file that does not keep to the rules that it does not, where nothing was said before.
    pub fn check_all(files: &mut [Self], limit: u64) {
        let going = || files.iter().filter(|file| file.problem.is_none());
        let problems =
            file_rules::problems_with(going().map(|file| (file.name.as_str(), file.size)), limit);
        let going = files.iter_mut().filter(|file| file.problem.is_none());
        for (file, problem) in going.zip(problems) {
            file.problem = problem;
        }
    }

    /// Their names, as the text of a message that has no other: Plain takes no message without a text.
    pub fn names(files: &[Self], longest: usize) -> String {
        let going = files.iter().filter(|file| file.problem.is_none());
        let names: Vec<&str> = going.map(|file| file.name.as_str()).collect();
        names.join(", ").chars().take(longest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, sha256: &str) -> DraftFile {
        DraftFile {
            id: format!("{name}-{sha256}"),
            name: name.into(),
            size: 1,
            sha256: sha256.into(),
            problem: None,
        }
    }

    #[test]
    fn same_names_and_contents_are_the_same_files() {
        let (a, b) = (file("a", "1"), file("b", "2"));
        let again = DraftFile {
            id: "another id".into(),
            ..a.clone()
        };
        let refused = DraftFile::refused("c.exe".into(), 1, FileProblem::Kind);
        assert!(DraftFile::are_same(
            &[a.clone(), b.clone()],
            &[b.clone(), refused, again]
        ));
        assert!(!DraftFile::are_same(std::slice::from_ref(&a), &[]));
        assert!(!DraftFile::are_same(&[a], &[file("a", "2")]));
        assert_eq!(DraftFile::names(&[b, file("c", "3")], 3), "b, ");
    }

    #[test]
    fn what_was_said_of_a_file_stands() {
        let mut files = [
            DraftFile::refused("a.exe".into(), 0, FileProblem::NoRoom),
            file("b.exe", "1"),
            file("c.txt", "1"),
        ];
        DraftFile::check_all(&mut files, 10);
        let problems = files.map(|file| file.problem);
        assert_eq!(
            problems,
            [Some(FileProblem::NoRoom), Some(FileProblem::Kind), None]
        );
    }
}
