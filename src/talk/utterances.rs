//! The ids by which the page finds lines of the transcript again.

/// Assigns ids to utterances. ElevenLabs' own ids are kept. Where one is missing, ours are negative, so that they
/// collide with none.
#[derive(Debug, Default)]
pub(super) struct Utterances {
    /// How many ids of our own there are.
    own: i64,
    /// The agent's last utterance, to which a correction without an id refers.
    last_of_agent: Option<i64>,
}

impl Utterances {
    /// The id of an utterance of the agent.
    pub(super) fn agent_says(&mut self, event_id: Option<i64>) -> i64 {
        let id = self.candidate_says(event_id);
        self.last_of_agent = Some(id);
        id
    }

    /// The id of the utterance that a correction refers to.
    pub(super) fn agent_is_corrected(&mut self, event_id: Option<i64>) -> i64 {
        match self.last_of_agent {
            Some(ours) if ours < 0 => ours,
            last => self.candidate_says(event_id.or(last)),
        }
    }

    /// The id of an utterance of the candidate.
    pub(super) fn candidate_says(&mut self, event_id: Option<i64>) -> i64 {
        event_id.unwrap_or_else(|| {
            self.own += 1;
            -self.own
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elevenlabs_own_numbers_stay() {
        let mut utterances = Utterances::default();
        assert_eq!(utterances.agent_says(Some(4)), 4);
        assert_eq!(utterances.candidate_says(Some(5)), 5);
        assert_eq!(utterances.agent_says(Some(6)), 6);
        assert_eq!(utterances.agent_is_corrected(Some(4)), 4);
    }

    #[test]
    fn without_them_each_utterance_has_a_line_and_a_correction_finds_it() {
        let mut utterances = Utterances::default();
        let first = utterances.agent_says(None);
        let answer = utterances.candidate_says(None);
        let second = utterances.agent_says(None);
        assert!(first < 0 && answer < 0 && second < 0);
        assert!(first != answer && answer != second && first != second);
        assert_eq!(utterances.agent_is_corrected(None), second);
        assert_eq!(utterances.agent_is_corrected(Some(7)), second, "what it corrects had no number");
        assert_eq!(utterances.agent_says(Some(8)), 8);
        assert_eq!(utterances.agent_is_corrected(None), 8);
    }
}
