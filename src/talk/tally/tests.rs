use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::DateTime;

use super::*;
use crate::domain::{CallId, Candidate, CompanyName, PersonName, Trigger};
use crate::telemetry::Captured;
use crate::telemetry::metrics::Instruments;

fn tally(metrics: &TalkMetrics) -> Tally {
    let invitation = Invitation {
        link_id: CallId::parse("67e55044-10b1-426f-9247-bb680e5fe0c8").unwrap(),
        trigger: Trigger {
            campaign_id: CampaignId::new(7).unwrap(),
            company: CompanyName::parse("Muster GmbH").unwrap(),
            candidate: Candidate {
                first_name: PersonName::parse("Erika").unwrap(),
                last_name: PersonName::parse("Beispiel").unwrap(),
            },
            applicant_id: None,
            call: None,
        },
        expires_at: DateTime::UNIX_EPOCH,
    };
    Tally::start(&invitation, metrics.clone())
}

/// The log lines about the end of talks that are written meanwhile.
fn lines(meanwhile: impl FnOnce()) -> Vec<String> {
    Captured::lines(meanwhile).into_iter().filter(|line| line.contains("talk ended")).collect()
}

/// How many talks ended for this reason.
fn counted(metrics: &TalkMetrics, reason: &str) -> f64 {
    let families = metrics.collectors();
    let families = families.iter().flat_map(|collector| collector.collect());
    let ends = families.filter(|family| family.name() == "sellcruiting_talks_ended_total");
    let ends: Vec<_> = ends.flat_map(|family| family.get_metric().to_vec()).collect();
    let ends = ends.iter().filter(|end| end.get_label().iter().any(|label| label.value() == reason));
    ends.map(|end| end.get_counter().get_value()).sum()
}

#[test]
fn a_talk_has_one_line() {
    let metrics = TalkMetrics::default();
    let lines = lines(|| tally(&metrics).log(End::Candidate));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("INFO") && lines[0].contains(r#"outcome="candidate""#), "{lines:?}");
    assert_eq!((counted(&metrics, "candidate"), counted(&metrics, "aborted")), (1.0, 0.0));
}

#[test]
fn a_talk_that_panics_or_is_dropped_has_its_line_too_and_is_counted() {
    let metrics = TalkMetrics::default();
    let panicking = || {
        let _tally = tally(&metrics);
        panic!("in the middle");
    };
    for lines in [lines(|| drop(tally(&metrics))), lines(|| drop(catch_unwind(AssertUnwindSafe(panicking))))]
    {
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("ERROR") && lines[0].contains(r#"outcome="aborted""#), "{lines:?}");
        assert!(!lines[0].contains("Erika"), "{lines:?}");
    }
    assert_eq!((counted(&metrics, "candidate"), counted(&metrics, "aborted")), (0.0, 2.0));
}
