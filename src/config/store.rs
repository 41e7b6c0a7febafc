//! Where calls are remembered, and for how long.

use std::time::Duration;

use secrecy::SecretString;

use super::DatabaseUrl;
use super::database_url::has_open_password;
use super::reader::Reader;
use super::sources::RawSettings;

/// Where calls are remembered, and for how long.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// `DATABASE_URL` (a SQLite file in the working directory).
    pub url: DatabaseUrl,
    /// `CALL_STORE_SECRET` (the ElevenLabs key): keys the digests by which a trigger is recognised.
    pub secret: SecretString,
    /// When two triggers are one.
    pub duplicates: DuplicateRules,
    /// Whether `CALL_RETENTION` is shorter than the duplicate window, so that calls are remembered for longer than it
    /// says.
    pub(super) forgets_too_early: bool,
}

/// How long a call answers for later triggers like it, and how long those wait for its answer.
#[derive(Debug, Clone, Copy)]
pub struct DuplicateRules {
    /// `CALL_RETENTION` (30 days): how long a finished call is remembered; at least for the duplicate window.
    pub retention: Duration,
    /// `DUPLICATE_CALL_WINDOW` (10 minutes): how long a placed call keeps the same candidate of the same campaign from
    /// being called again without an `Idempotency-Key`. Zero: not at all.
    pub window: Duration,
    /// How long a duplicate waits for the call it duplicates. Not a setting: the contract says 30 s.
    pub patience: Duration,
    /// How long an answer waits for an unknown outcome to be settled. Not a setting: most calls that were placed stand
    /// in ElevenLabs' list at once, and the others take longer than a caller waits.
    pub unknown_patience: Duration,
}

impl StoreConfig {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings) -> Self {
        let url = url(reader, raw);
        let secret = raw.call_store_secret.as_deref().or(raw.elevenlabs_api_key.as_deref());
        let retention = raw.call_retention.as_deref();
        let retention = reader.duration("CALL_RETENTION", retention, Duration::from_hours(30 * 24));
        let window = raw.duplicate_call_window.as_deref();
        let window = reader.duration("DUPLICATE_CALL_WINDOW", window, Duration::from_mins(10));
        Self {
            url,
            secret: SecretString::from(secret.unwrap_or_default()),
            duplicates: DuplicateRules {
                // What is forgotten no longer guards against a second call.
                retention: retention.max(window),
                window,
                patience: Duration::from_secs(30),
                unknown_patience: Duration::from_secs(5),
            },
            forgets_too_early: retention < window,
        }
    }
}

fn url(reader: &mut Reader, raw: &RawSettings) -> DatabaseUrl {
    let url = raw.database_url.as_deref().unwrap_or(DatabaseUrl::DEFAULT);
    DatabaseUrl::parse(url).unwrap_or_else(|| {
        let problem = if has_open_password(url) {
            "holds a /, @, ? or # where none can be: percent-encode the password (/ is %2F, @ is %40, ? is %3F, # is %23)"
        } else {
            "must be sqlite:path/to/file.db, sqlite::memory: or postgres://user@host/database"
        };
        reader.note("DATABASE_URL", problem);
        DatabaseUrl::SqliteMemory
    })
}
