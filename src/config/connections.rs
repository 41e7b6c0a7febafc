//! What a connection may take.

use std::time::Duration;

/// What slow clients may do. Not settings.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// How long the head of a request may take, counted from the opening of the connection or the end of the previous
    /// answer. So this is also how long an idle connection is kept.
    pub head: Duration,
    /// How large a head may be, address and headers together. It is buffered before any key is checked, so the heads of
    /// all connections must fit into the memory of a small host.
    pub head_bytes: usize,
    /// How long half a request may take when the service stops.
    pub head_while_draining: Duration,
    /// How long a client may go without reading anything of its answer.
    pub unread_answer: Duration,
    /// How many connections there may be, provided that the process may open three times as many files: a trigger needs
    /// one to HOC and one to ElevenLabs, too. Each further connection takes the slot of an idle one.
    pub at_most: usize,
    /// How long a new connection may stay silent before its slot is the first to be taken: a few round trips. Without
    /// this grace, a client that holds all slots could get every newcomer closed before its request arrives.
    pub time_to_ask: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            // As long as nginx keeps an idle connection, so that a proxy in front closes it first. A request that is
            // sent into a closing connection is lost.
            head: Duration::from_secs(75),
            // Leaves room for the cookies of a company's domain, under which the candidate's page may run.
            head_bytes: 32 * 1024,
            head_while_draining: Duration::from_secs(3),
            unread_answer: Duration::from_secs(30),
            at_most: 4_096,
            time_to_ask: Duration::from_secs(2),
        }
    }
}
