//! The byte order mark before UTF-8, which no parser here expects.

/// UTF-8 without the byte order mark that some programs and gateways put before JSON, where none may be (RFC 8259,
/// section 8.1), and some editors before any text.
#[must_use]
pub(crate) fn without_byte_order_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes)
}
