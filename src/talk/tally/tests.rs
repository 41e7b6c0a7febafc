use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::DateTime;

use super::*;
use crate::domain::{CallId, Candidate, CompanyName, PersonName, Trigger};
use crate::telemetry::Captured;

fn tally() -> Tally {
    Tally::start(&Invitation {
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
    })
}

/// The log lines about the end of talks that are written meanwhile.
fn lines(meanwhile: impl FnOnce()) -> Vec<String> {
    Captured::lines(meanwhile).into_iter().filter(|line| line.contains("talk ended")).collect()
}

#[test]
fn a_talk_has_one_line() {
    let lines = lines(|| tally().log(End::Candidate));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("INFO") && lines[0].contains(r#"outcome="candidate""#), "{lines:?}");
}

#[test]
fn a_talk_that_panics_or_is_dropped_has_its_line_too() {
    let panicking = || {
        let _tally = tally();
        panic!("in the middle");
    };
    for lines in [lines(|| drop(tally())), lines(|| drop(catch_unwind(AssertUnwindSafe(panicking))))] {
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("ERROR") && lines[0].contains(r#"outcome="aborted""#), "{lines:?}");
        assert!(!lines[0].contains("Erika"), "{lines:?}");
    }
}
