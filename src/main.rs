//! The binary; everything else is in the library.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Half the cost of an allocation, and no lock that two threads wait for (docs/decisions.md).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    sellcruiting_webhook::cli::run()
}
