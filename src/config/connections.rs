//! What a connection may take.

use std::time::Duration;

/// What slow clients may do. Not settings.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// How long the head of a request may take, from the connection's begin or the answer before: the time, too, for which
    /// an idle connection is kept.
    pub head: Duration,
    /// How large it may be, address and headers together. All connections' heads must fit into a small host's memory at
    /// once: they are kept before anybody has shown a key.
    pub head_bytes: usize,
    /// How long half a request may take when the service stops.
    pub head_while_draining: Duration,
    /// How long a client may read nothing of its answer.
    pub unread_answer: Duration,
    /// How many connections there may be, if the process may open three times as many files: a trigger needs HOC's and
    /// ElevenLabs', too. Each further one takes the slot of one that is not being answered.
    pub at_most: usize,
    /// How long a new connection may stay silent before its slot is the first to be taken: some round trips. Else whoever
    /// holds all slots with old connections could have every newcomer closed before its request arrives.
    pub time_to_ask: Duration,
    /// How many calls are dialled at once ([`DialLimits::at_once`](super::DialLimits::at_once)), for which there must be
    /// room.
    pub dials: usize,
    /// How many talks may go on at once ([`TalkConfig::max_talks`](super::TalkConfig::max_talks)), likewise.
    pub talks: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            // As long as nginx keeps an idle connection, so that a proxy in front ends it first: a request that meets a
            // closing connection would be lost.
            head: Duration::from_secs(75),
            // Room for the cookies of a company's domain, beside which a candidate's page may stand.
            head_bytes: 32 * 1024,
            head_while_draining: Duration::from_secs(3),
            unread_answer: Duration::from_secs(30),
            at_most: 4_096,
            time_to_ask: Duration::from_secs(2),
            dials: 0,
            talks: 0,
        }
    }
}
