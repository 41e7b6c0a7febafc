//! Checks that the open file is still the one at its path.
//!
//! A file that is deleted, or replaced by a backup, stays open as it was: what is written to it would be gone with this
//! process, and the next process would call everybody again.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::super::error::StoreError;

/// The file as it was opened.
#[derive(Debug)]
pub(super) struct OpenedFile {
    path: PathBuf,
    identity: Identity,
}

/// How the operating system identifies a file.
#[derive(Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

impl OpenedFile {
    /// To be called right after the file was opened.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), identity: identity(path)? })
    }

    /// # Errors
    /// [`StoreError::Unavailable`] if another file, or none, is at its path.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        if identity(&self.path).is_ok_and(|found| found == self.identity) {
            return Ok(());
        }
        let reason =
            "the file was deleted or replaced while the service runs; put it back or restart the service";
        Err(StoreError::Unavailable(reason.to_owned()))
    }
}

fn identity(path: &Path) -> io::Result<Identity> {
    let found = fs::metadata(path)?;
    Ok(Identity { device: found.dev(), inode: found.ino() })
}
