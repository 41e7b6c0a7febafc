//! Tests that need what a machine may lack.

/// Says that a test is skipped, and for want of what. In CI nothing may be wanting, so there the test fails.
#[expect(clippy::print_stderr, reason = "who runs the tests must see that some did not run")]
pub(crate) fn skipped(because: &str) {
    let is_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
    assert!(!is_ci, "{because}, and in CI no test may be skipped");
    eprintln!("SKIPPED: {because}");
}
