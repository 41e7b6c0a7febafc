//! The doctor: tests a deployment without ringing anyone, and says of each part what to do.
//!
//! One file per check, named after what it tests. A problem is reported only where it arises: if the key is refused,
//! the agent is *not checked*, rather than failed as well. No finding holds a secret, personal data or an upstream's
//! own words. Nothing is changed anywhere, except that the database's tables are created, as a start would do.

mod agent;
mod certificates;
mod clock;
mod database;
mod elevenlabs;
mod finding;
mod hoc;
mod number;
mod public_url;
mod settings;
mod templates;
mod variables;

pub use self::finding::{Finding, Report, Verdict};

use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::domain::CampaignId;
use crate::elevenlabs::ElevenLabs;
use crate::hoc::HocClient;
use crate::interview::Interview;

/// Checks everything, the parts at the same time. `campaign`: one that exists at HOC, for a check with a real
/// questionnaire.
///
/// Takes about 10 s at most, where nobody answers.
pub async fn run(
    config: &Result<Config, ConfigError>,
    clock: &dyn Clock,
    campaign: Option<CampaignId>,
) -> Report {
    let config = match config {
        Ok(config) => config,
        Err(error) => return settings::failed(error),
    };
    let mut findings = settings::check(config);
    let (http, tls) = match certificates::clients() {
        Ok(clients) => clients,
        Err(finding) => {
            findings.push(finding);
            return Report::new(findings);
        }
    };
    let (interview, finding) = templates::check(config);
    findings.push(finding);
    let hoc = HocClient::new(http.clone(), &config.hoc);
    let elevenlabs = ElevenLabs::new(http.clone(), tls, &config.elevenlabs);
    let (database, hoc, elevenlabs, public_url) = tokio::join!(
        database::check(config),
        hoc::check(&hoc, campaign),
        check_elevenlabs(&elevenlabs, config, interview.as_ref(), clock),
        public_url::check(&http, config)
    );
    findings.extend(database);
    findings.push(hoc);
    findings.extend(elevenlabs);
    findings.push(public_url);
    Report::new(findings)
}

/// Key, agent, overrides, variables, number and clock: all that ElevenLabs can tell.
async fn check_elevenlabs(
    client: &ElevenLabs,
    config: &Config,
    interview: Option<&Interview>,
    clock: &dyn Clock,
) -> Vec<Finding> {
    let answers = elevenlabs::Answers::ask(client, config, clock).await;
    let told = answers.check(config);
    let agent = agent::check(&answers.agent, &told, config);
    let others = [
        variables::check(&answers.agent, &told, config, interview),
        number::check(answers.number.as_ref(), &told),
        clock::check(answers.time, clock.now()),
    ];
    [told, agent, others.into()].concat()
}
