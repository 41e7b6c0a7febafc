//! Why a talk ended.

/// Why a talk ended. The page has a sentence for each reason that can still reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The agent said goodbye.
    Agent,
    /// The candidate pressed the end button.
    Candidate,
    /// The browser closed the connection: the page was closed or left.
    Left,
    /// The browser gave no sign of life, stopped reading, or lost its connection.
    Vanished,
    /// The talk reached the maximum duration.
    TooLong,
    /// Nobody said anything for too long.
    Idle,
    /// The service is shutting down.
    Shutdown,
    /// The same page has reconnected.
    TakenOver,
    /// ElevenLabs has no free line.
    Busy,
    /// The agent could not be reached or set up.
    Unavailable,
    /// The connection to the agent broke during the talk.
    LostAgent,
    /// The browser sent something that our page never sends.
    BrokenRules,
    /// The talk was abandoned: by a fault on our side, or because the process was about to end.
    Aborted,
}

impl End {
    /// A stable word for the page, logs and metrics.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Candidate => "candidate",
            Self::Left => "left",
            Self::Vanished => "vanished",
            Self::TooLong => "too_long",
            Self::Idle => "idle",
            Self::Shutdown => "shutdown",
            Self::TakenOver => "taken_over",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::LostAgent => "lost_agent",
            Self::BrokenRules => "broken_rules",
            Self::Aborted => "aborted",
        }
    }

    /// The close code that the browser gets (RFC 6455, 7.4.1, and IANA's registry for 1013).
    pub(super) const fn close_code(self) -> u16 {
        match self {
            Self::Agent
            | Self::Candidate
            | Self::Left
            | Self::Vanished
            | Self::TooLong
            | Self::Idle
            | Self::TakenOver => 1000,
            Self::Shutdown => 1001,
            Self::BrokenRules => 1008,
            Self::Unavailable | Self::LostAgent | Self::Aborted => 1011,
            Self::Busy => 1013,
        }
    }

    /// Whether the browser can still be told.
    pub(super) const fn can_be_told(self) -> bool {
        !matches!(self, Self::Left | Self::Vanished | Self::Aborted)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::telemetry::metrics::TALK_ENDS;

    #[test]
    fn every_end_is_counted_from_zero_on() {
        let ends = [
            End::Agent,
            End::Candidate,
            End::Left,
            End::Vanished,
            End::TooLong,
            End::Idle,
            End::Shutdown,
            End::TakenOver,
            End::Busy,
            End::Unavailable,
            End::LostAgent,
            End::BrokenRules,
            End::Aborted,
        ];
        assert_eq!(ends.map(End::code).into_iter().collect::<BTreeSet<_>>(), BTreeSet::from(TALK_ENDS));
    }
}
