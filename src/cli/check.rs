//! `check`: the doctor, for the terminal and for CI.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::print;
use crate::check::{Report, Verdict, run};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::CampaignId;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// A campaign that exists at HOC, to check that its questionnaire can be had
    #[arg(long, value_name = "ID", value_parser = campaign)]
    campaign: Option<CampaignId>,
    /// Prints JSON instead of text
    #[arg(long)]
    json: bool,
}

fn campaign(text: &str) -> Result<CampaignId, String> {
    let campaign = text.parse().ok().and_then(CampaignId::new);
    campaign.ok_or_else(|| format!("must be a whole number from 1 to {}", CampaignId::MAX))
}

/// Fails only if a check failed: warnings do not count.
pub(super) async fn check(options: Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let report = run(&Config::load(), &SystemClock, options.campaign).await;
    print(&if options.json { as_json(&report)? } else { as_text(&report) })?;
    Ok(if report.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn as_text(report: &Report) -> String {
    let lines = report
        .findings
        .iter()
        .map(|finding| format!("{} {:<23} {}\n", finding.verdict.mark(), finding.name, finding.message));
    let (failed, warnings) = (report.count(Verdict::Failed), report.count(Verdict::Warning));
    let summary = match (failed, warnings) {
        (0, 0) => "Ready to call.".to_owned(),
        (0, _) => format!("Ready to call; to look at: {warnings}."),
        _ => format!("Not ready. Failed: {failed}; to look at: {warnings}."),
    };
    lines.chain([format!("\n{summary} Nobody was called.\n")]).collect()
}

fn as_json(report: &Report) -> serde_json::Result<String> {
    let checks: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            json!({ "name": finding.name, "status": finding.verdict.code(), "message": finding.message })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&json!({ "ok": report.is_ok(), "checks": checks }))? + "\n")
}
