//! Where traces are sent.

use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::SecretString;

use super::reader::Reader;
use super::sources::RawSettings;

/// Where traces are sent, by OTLP over HTTP.
#[derive(Debug, Clone)]
pub struct TraceConfig {
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: the collector's base, to which `/v1/traces` is added.
    pub endpoint: Url,
    /// `OTEL_EXPORTER_OTLP_HEADERS`: what the collector wants to see, such as a key.
    pub headers: Vec<(String, SecretString)>,
}

impl TraceConfig {
    /// `None` where no collector is named. Headers are checked all the same.
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings) -> Option<Self> {
        let endpoint = reader.url("OTEL_EXPORTER_OTLP_ENDPOINT", raw.otel_exporter_otlp_endpoint.as_deref());
        let headers = headers(reader, raw);
        Some(Self { endpoint: endpoint?, headers: headers? })
    }
}

/// `name=value` separated by commas.
fn headers(reader: &mut Reader, raw: &RawSettings) -> Option<Vec<(String, SecretString)>> {
    let headers = raw.otel_exporter_otlp_headers.as_deref().unwrap_or_default();
    let headers: Option<Vec<_>> = headers.split_terminator(',').map(header).collect();
    if headers.is_none() {
        reader.note("OTEL_EXPORTER_OTLP_HEADERS", "must be headers as name=value, separated by commas");
    }
    headers
}

/// `name=value`, the value percent-encoded (OpenTelemetry's specification of the exporter).
fn header(pair: &str) -> Option<(String, SecretString)> {
    let (name, value) = pair.split_once('=')?;
    let value = percent_encoding::percent_decode_str(value.trim()).decode_utf8().ok()?;
    HeaderName::try_from(name.trim()).ok()?;
    HeaderValue::from_str(&value).ok()?;
    Some((name.trim().to_owned(), SecretString::from(value.into_owned())))
}
