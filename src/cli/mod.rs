//! The commands of the binary.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is where the program talks to its user")]

mod check;
mod healthcheck;
mod openapi;
mod preview;
mod sandbox;
mod serve;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Turns HOC's call triggers into interviews by telephone or in the browser.
#[derive(Debug, Parser)]
#[command(name = "sellcruiting-webhook", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the webhook, with the settings of the environment and .env (the default)
    Serve,
    /// Tries everything out: serves the webhook with both upstreams simulated, no account and no key needed
    Sandbox,
    /// Shows what a trigger would do: texts, variables, warnings; calls nobody and stores nothing
    Preview(preview::Options),
    /// Tests this deployment without ringing anyone and says what to mend; exits with 1 if something failed
    Check(check::Options),
    /// Asks the service on this machine whether it is healthy; exits with 1 if not
    Healthcheck,
    /// Prints the specification of the HTTP interface (OpenAPI 3.1); needs no settings
    Openapi,
}

/// Runs the command that the arguments name.
#[must_use]
pub fn run() -> ExitCode {
    let command = Cli::parse().command.unwrap_or(Command::Serve);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let done = runtime.block_on(async {
        match command {
            Command::Serve => serve::serve().await,
            Command::Sandbox => sandbox::sandbox().await,
            Command::Preview(options) => preview::preview(options).await,
            Command::Check(options) => return check::check(options).await,
            Command::Healthcheck => healthcheck::healthcheck().await,
            Command::Openapi => openapi::openapi(),
        }
        .map(|()| ExitCode::SUCCESS)
    });
    // Does not wait for tasks that outlast the drain.
    runtime.shutdown_background();
    match done {
        Ok(code) => code,
        Err(error) => fail(error.as_ref()),
    }
}

/// Writes to standard output. A reader that has seen enough (`| head`) is not an error.
fn print(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// A heading that sets off a part of the output.
fn heading(title: &str) -> String {
    format!("\n━━━ {title} ━━━\n\n")
}

fn fail(error: &dyn Error) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_are_well_formed_and_none_means_serve() {
        Cli::command().debug_assert();
        assert!(Cli::parse_from(["sellcruiting-webhook"]).command.is_none());
    }
}
