//! Quotation marks that became a part of a secret.
//!
//! `docker --env-file` and systemd's unit files of old take a line as it is, so that `KEY="value"` brings the marks
//! along. Nothing but an upstream's 401 would tell.

use super::reader::Reader;
use super::sources::RawSettings;

pub(super) fn refuse(reader: &mut Reader, raw: &RawSettings) {
    let secrets = [
        ("WEBHOOK_API_KEY", &raw.webhook_api_key),
        ("ELEVENLABS_API_KEY", &raw.elevenlabs_api_key),
        ("HIRINGS_API_TOKEN", &raw.hirings_api_token),
        ("LINK_SECRET", &raw.link_secret),
        ("CALL_STORE_SECRET", &raw.call_store_secret),
        ("METRICS_TOKEN", &raw.metrics_token),
    ];
    for (key, value) in secrets {
        if value.as_deref().is_some_and(has_quoted) {
            reader.note(
                key,
                "stands between quotation marks, which would be a part of it: leave them out (docker --env-file does not \
                 remove them)",
            );
        }
    }
}

/// Whether the value as a whole, or one of its parts between commas, stands in quotation marks.
fn has_quoted(value: &str) -> bool {
    std::iter::once(value).chain(value.split(',')).map(str::trim).any(is_quoted)
}

fn is_quoted(text: &str) -> bool {
    ['"', '\''].iter().any(|mark| text.len() > 1 && text.starts_with(*mark) && text.ends_with(*mark))
}
