//! The binary; everything else is in the library.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// An allocation costs half as much as in the C library, and threads do not contend for a lock (docs/decisions.md).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    sellcruiting_webhook::cli::run()
}
