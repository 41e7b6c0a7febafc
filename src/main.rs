//! The binary; everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    sellcruiting_webhook::cli::run()
}
