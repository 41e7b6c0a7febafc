//! Triggers, dials and what nobody can tell.

use prometheus::core::Collector;
use prometheus::{IntCounter, IntCounterVec};

use super::Instruments;
use super::families::counters;

/// What a valid trigger for a call can be answered. Each is counted from zero on, so that an alert sees the first of it.
pub(crate) const CALL_ANSWERS: [&str; 12] = [
    "placed",
    "replayed",
    "refused",
    "busy",
    "at_limit",
    "unknown",
    "key_reused",
    "in_progress",
    "store_unavailable",
    "claim_lost",
    "script_failed",
    "internal",
];

/// Counts what becomes of triggers.
#[derive(Debug, Clone)]
pub struct CallMetrics {
    triggers: IntCounterVec,
    dials: IntCounterVec,
    held_back: IntCounterVec,
    duplicates: IntCounterVec,
    settled: IntCounterVec,
    questionnaires: IntCounterVec,
    /// Calls found to have been placed.
    placed: IntCounter,
    /// Calls of which ElevenLabs knows nothing.
    not_placed: IntCounter,
}

impl Default for CallMetrics {
    fn default() -> Self {
        let settled = counters(
            "sellcruiting_unknown_calls_settled_total",
            "Calls of unknown outcome that were settled with ElevenLabs' list, by verdict.",
            &["verdict"],
        );
        let triggers = counters(
            "sellcruiting_triggers_total",
            "Valid triggers by mode (call, link) and by what they were answered.",
            &["mode", "outcome"],
        );
        for answer in CALL_ANSWERS {
            triggers.with_label_values(&["call", answer]);
        }
        let held_back = counters(
            "sellcruiting_dials_held_back_total",
            "Calls that were not dialled: at_limit (MAX_CONCURRENT_DIALS), no_free_line (ElevenLabs had none a moment ago).",
            &["reason"],
        );
        for reason in ["at_limit", "no_free_line"] {
            held_back.with_label_values(&[reason]);
        }
        Self {
            triggers,
            dials: counters(
                "sellcruiting_dials_total",
                "Requests to ElevenLabs that start a call, by provider, outcome and reason.",
                &["provider", "outcome", "reason"],
            ),
            held_back,
            duplicates: counters(
                "sellcruiting_duplicate_triggers_total",
                "Triggers that met an earlier one of the same call and did not dial, by mode and the earlier one's state.",
                &["mode", "state"],
            ),
            questionnaires: counters(
                "sellcruiting_questionnaires_total",
                "Questionnaires that an interview needed, by result: loaded, cached, stale (the last good one while HOC fails), or why the interview went on without.",
                &["result"],
            ),
            placed: settled.with_label_values(&["placed"]),
            not_placed: settled.with_label_values(&["not_placed"]),
            settled,
        }
    }
}

impl CallMetrics {
    /// Counts the answer to a trigger.
    pub fn answered(&self, mode: &'static str, outcome: &'static str) {
        self.triggers.with_label_values(&[mode, outcome]).inc();
    }

    /// Counts a dial. `reason` is empty where the outcome says it all.
    pub fn dialled(&self, provider: &'static str, outcome: &'static str, reason: &'static str) {
        self.dials.with_label_values(&[provider, outcome, reason]).inc();
    }

    /// Counts a call that was not dialled because it was not its turn.
    pub fn held_back(&self, reason: &'static str) {
        self.held_back.with_label_values(&[reason]).inc();
    }

    /// Counts a trigger that met an earlier one in this state.
    pub fn duplicate(&self, mode: &'static str, state: &'static str) {
        self.duplicates.with_label_values(&[mode, state]).inc();
    }

    /// Counts an interview with its questionnaire, or without.
    pub fn questionnaire(&self, result: &'static str) {
        self.questionnaires.with_label_values(&[result]).inc();
    }

    /// Counts a call that was found after nobody could tell.
    pub fn settled_as_placed(&self) {
        self.placed.inc();
    }

    /// Counts a call that was not found.
    pub fn settled_as_not_placed(&self) {
        self.not_placed.inc();
    }
}

impl Instruments for CallMetrics {
    fn collectors(&self) -> Vec<Box<dyn Collector>> {
        let families = [
            &self.triggers,
            &self.dials,
            &self.held_back,
            &self.duplicates,
            &self.questionnaires,
            &self.settled,
        ];
        families.into_iter().map(|family| Box::new(family.clone()) as Box<dyn Collector>).collect()
    }
}
