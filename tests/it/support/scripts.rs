//! Runs what a reader of the documents would run.

use std::path::Path;
use std::process::{Output, Stdio};

use tokio::process::Command;

use super::{PATIENCE, skipped};

/// Whether this program is installed. If it is not, a line says that a test was skipped. In CI it must be.
pub(crate) async fn is_installed(program: &str) -> bool {
    let asked =
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().await;
    let is_there = asked.is_ok_and(|status| status.success());
    if !is_there {
        skipped(&format!("{program} is not installed"));
    }
    is_there
}

/// Runs a program to its end in this directory, with these variables in addition to the test's own.
pub(crate) async fn run<'a>(
    program: &str,
    arguments: &[&str],
    directory: &Path,
    environment: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Output {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .envs(environment)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let ended = tokio::time::timeout(PATIENCE, output).await;
    ended.unwrap_or_else(|_| panic!("{program} {arguments:?} is still running")).unwrap()
}
