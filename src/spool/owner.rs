//! One directory of files belongs to one database: what is not in it is a leftover, and goes.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use super::Error;

/// Where the directory says whose it is.
const FILE: &str = ".owner";

/// Makes the directory this database's, if it is nobody's yet.
///
/// # Errors
/// [`Error::Owned`] when it is another one's, and when it cannot be read or written.
pub fn claim(folder: &Path, database: &str) -> Result<(), Error> {
    let path = folder.join(FILE);
    write_new(folder, &path, database)?;
    match fs::read_to_string(&path)?.trim() == database {
        true => Ok(()),
        false => Err(Error::Owned(path)),
    }
}

/// Whole or not at all, and never over another one: of several that begin at once one is the owner.
fn write_new(folder: &Path, path: &PathBuf, database: &str) -> io::Result<()> {
    if path.try_exists()? {
        return Ok(());
    }
    let mut file = tempfile::Builder::new()
        .prefix(".try")
        .tempfile_in(folder)?;
    file.write_all(database.as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_first_database_keeps_the_directory() {
        let folder = tempfile::tempdir().unwrap();
        claim(folder.path(), "one").unwrap();
        claim(folder.path(), "one").unwrap();
        let refused = claim(folder.path(), "two").unwrap_err().to_string();
        assert!(refused.starts_with("PORTAL_FILES: "), "{refused}");
        assert!(refused.contains(".owner"), "{refused}");
        claim(folder.path(), "one").unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
