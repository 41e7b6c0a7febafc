//! `GET /talk/assets/{bundle}/{file}`: the page's style sheet and scripts, embedded in the binary.
//!
//! The bundle in the path is a digest of all files. So a fetched file never changes and may be cached forever, and
//! scripts can refer to each other by their plain names.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::http::error::ApiError;

/// Embeds files, by name.
macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("assets/", $name)))),+]
    };
}

static FILES: [(&str, &str); 19] = embedded![
    "browser_check.js",
    "capture_worklet.js",
    "copy_link.js",
    "level.js",
    "line.js",
    "line_worker.js",
    "main.js",
    "microphone.js",
    "own_voice.js",
    "pcm.js",
    "playback_queue.js",
    "playback_worklet.js",
    "resampler.js",
    "sound.js",
    "talk.css",
    "talk.js",
    "transcript.js",
    "view.js",
    "wake_lock.js",
];

/// A digest of all current files: 16 hexadecimal digits.
pub(super) static BUNDLE: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for (name, content) in FILES {
        for part in [name, content] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
    }
    let mut bundle = String::new();
    for byte in &digest.finalize()[..8] {
        let _ = write!(bundle, "{byte:02x}");
    }
    bundle
});

/// Cached for a year, the longest time that HTTP knows (RFC 9111, 1.2.2), without revalidation (RFC 8246).
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// One of the files.
///
/// During a deployment, a page may come from one instance and its files from another. It then gets this instance's
/// version instead of a 404, and nobody caches that.
pub(super) async fn asset(path: Result<Path<(String, String)>, PathRejection>) -> Result<Response, ApiError> {
    let Ok(Path((bundle, file))) = path else { return Err(ApiError::NotFound) };
    let (name, content) = FILES.iter().find(|(name, _)| *name == file).ok_or(ApiError::NotFound)?;
    let mut response = ([(header::CONTENT_TYPE, content_type(name))], *content).into_response();
    if bundle == *BUNDLE {
        response.headers_mut().insert(header::CACHE_CONTROL, FOR_EVER);
    }
    Ok(response)
}

/// With `X-Content-Type-Options: nosniff`, browsers reject scripts and styles of any other type.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => "text/javascript; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use regex::Regex;

    use super::*;

    /// The templates that name files.
    const TEMPLATES: [&str; 3] = [
        include_str!("../../../templates/talk.html"),
        include_str!("../../../templates/talk_layout.html"),
        include_str!("../../../templates/talk_parts.html"),
    ];

    fn names() -> BTreeSet<String> {
        FILES.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    #[test]
    fn every_file_of_the_directory_is_embedded() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/talk/assets");
        let files = std::fs::read_dir(directory).unwrap();
        let files: BTreeSet<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(names(), files);
    }

    #[test]
    fn whatever_a_page_or_a_script_names_is_there() {
        let named = Regex::new(r#"(?:\{\{ assets \}\}/|["'(]\./)([\w.-]+\.(?:js|css|svg|woff2))"#).unwrap();
        let texts = TEMPLATES.iter().chain(FILES.iter().map(|(_, content)| content));
        let named: BTreeSet<_> = texts
            .flat_map(|text| named.captures_iter(text).map(|found| found[1].to_owned()).collect::<Vec<_>>())
            .collect();
        assert!(named.len() > 10 && named.contains("main.js") && named.contains("talk.css"), "{named:?}");
        assert!(named.is_subset(&names()), "{named:?}");
    }

    #[test]
    fn nothing_is_fetched_from_elsewhere() {
        let elsewhere = Regex::new(r"(?:https?:)?//[a-z0-9-]+\.[a-z]").unwrap();
        for text in TEMPLATES.iter().chain(FILES.iter().map(|(_, content)| content)) {
            assert!(!elsewhere.is_match(text), "{:?}", elsewhere.find(text));
        }
    }

    #[test]
    fn a_file_s_type_follows_from_its_name() {
        for (name, _) in FILES {
            let (_, extension) = name.rsplit_once('.').unwrap();
            let expected = [("css", "text/css"), ("js", "text/javascript")];
            let (_, expected) = expected.into_iter().find(|(known, _)| *known == extension).expect(name);
            assert!(content_type(name).starts_with(expected), "{name}");
        }
    }
}
