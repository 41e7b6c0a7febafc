//! Ids that may stand in a path, in a query and in a log.

/// Whether an id consists of letters, digits, `_` and `-`, at least one of them.
#[must_use]
pub fn is_plain_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
