//! Signed URLs: for fifteen minutes, they let a client connect, once or more often.

use std::net::SocketAddr;

use crate::sandbox::recorder::Recorded;

/// For how long a signed URL lets a client connect. A conversation that has started by then continues.
const LIFETIME_SECS: i64 = 15 * 60;

/// All signed URLs so far.
#[derive(Debug, Default)]
pub(in super::super) struct SignedUrls(Vec<SignedUrl>);

/// A signed URL.
#[derive(Debug, Clone)]
pub(super) struct SignedUrl {
    signature: String,
    pub(super) agent_id: String,
    /// Set if the URL was requested with a conversation id. It is then valid for one connection only.
    pub(super) conversation_id: Option<String>,
    made_at: i64,
    is_used: bool,
}

impl SignedUrls {
    /// Creates one for an agent. `now` is in seconds since 1970.
    pub(in super::super) fn make(
        &mut self,
        address: SocketAddr,
        agent_id: &str,
        with_conversation: bool,
        now: i64,
    ) -> String {
        let number = self.0.len() + 1;
        let signature = format!("sandbox_signature_{number:04}");
        let conversation_id = with_conversation.then(|| format!("conv_sandbox_browser_{number:04}"));
        let conversation =
            conversation_id.as_ref().map(|id| format!("&conversation_id={id}")).unwrap_or_default();
        let url = format!(
            "ws://{address}/v1/convai/conversation?agent_id={agent_id}&conversation_signature={signature}{conversation}"
        );
        let agent_id = agent_id.to_owned();
        self.0.push(SignedUrl { signature, agent_id, conversation_id, made_at: now, is_used: false });
        url
    }

    /// Uses the one that the request names. `None` if there is none, or if it has expired or is used up.
    pub(super) fn redeem(&mut self, request: &Recorded, now: i64) -> Option<SignedUrl> {
        let signature = request.query_value("conversation_signature")?;
        let found = self.0.iter_mut().find(|url| url.signature == signature)?;
        let is_whole = request.query_value("agent_id") == Some(&found.agent_id)
            && request.query_value("conversation_id") == found.conversation_id.as_deref();
        let is_used_up = found.is_used && found.conversation_id.is_some();
        if !is_whole || is_used_up || now - found.made_at >= LIFETIME_SECS {
            return None;
        }
        found.is_used = true;
        Some(found.clone())
    }
}
