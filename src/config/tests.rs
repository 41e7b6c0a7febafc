use secrecy::ExposeSecret;

use super::*;

const REQUIRED: [(&str, &str); 4] = [
    ("WEBHOOK_API_KEY", "key-one, key-two"),
    ("ELEVENLABS_API_KEY", "xi-secret"),
    ("ELEVENLABS_AGENT_ID", "agent_1"),
    ("HIRINGS_API_TOKEN", "hoc-secret"),
];

fn with<'a>(extra: &[(&'a str, &'a str)]) -> Result<Config, ConfigError> {
    Config::from_pairs(REQUIRED.into_iter().chain(extra.iter().copied()))
}

#[test]
fn the_required_settings_are_enough() {
    let config = with(&[]).expect("a config");
    assert_eq!(config.http.port, 8080);
    assert_eq!(config.http.host, "0.0.0.0");
    assert_eq!(config.hoc.base_url.as_str(), "https://high-office.hirings.cloud/api/v1");
    assert_eq!(config.elevenlabs.base_url.as_str(), "https://api.eu.residency.elevenlabs.io/");
    assert_eq!(config.elevenlabs.overrides, Overrides::ALL);
    assert_eq!(config.shutdown_grace, Duration::from_secs(110));
    let keys: Vec<_> = config.http.api_keys.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(keys, ["key-one", "key-two"]);
}

#[test]
fn one_message_names_every_missing_and_every_bad_setting() {
    let error = Config::from_pairs([
        ("WEBHOOK_API_KEY", " , "),
        ("ELEVENLABS_API_KEY", "  "),
        ("PORT", "70000"),
        ("ELEVENLABS_OVERRIDES", "prompt,voice"),
        ("TO_NUMBER_COUNTRIES", "DE,Austria"),
        ("LINK_TTL", "soon"),
        ("HIRINGS_API_URL", "hirings"),
        ("DATABASE_URL", "mysql://someone:db-secret@localhost/calls"),
        ("CALL_RETENTION", "for ever"),
        ("DUPLICATE_CALL_WINDOW", "a while"),
        ("TEMPLATES_DIR", "/no/such/directory"),
        ("LOG_FORMAT", "xml"),
        ("ELEVENLABS_AGENT_PHONE_NUMBER_ID", "+493023125001"),
    ])
    .expect_err("nothing is complete")
    .to_string();
    for key in [
        "WEBHOOK_API_KEY",
        "ELEVENLABS_API_KEY",
        "ELEVENLABS_AGENT_ID",
        "HIRINGS_API_TOKEN",
        "PORT",
        "ELEVENLABS_OVERRIDES",
        "TO_NUMBER_COUNTRIES",
        "LINK_TTL",
        "HIRINGS_API_URL",
        "DATABASE_URL",
        "CALL_RETENTION",
        "DUPLICATE_CALL_WINDOW",
        "TEMPLATES_DIR",
        "LOG_FORMAT",
        "ELEVENLABS_AGENT_PHONE_NUMBER_ID",
    ] {
        assert!(error.contains(key), "{key} is not named in: {error}");
    }
    assert!(!error.contains("db-secret"), "values stay out of the message: {error}");
    assert!(!error.contains("+4930"), "values stay out of the message: {error}");
}

#[test]
fn debug_shows_no_secret() {
    let database = ("DATABASE_URL", "postgres://db-user:db-secret@db.example.org/calls?password=db-secret-2");
    let shown = format!("{:?}", with(&[database]).expect("a config"));
    assert!(shown.contains("db.example.org"), "where the calls are kept is no secret: {shown}");
    for secret in ["key-one", "key-two", "xi-secret", "hoc-secret", "db-secret", "db-user"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn overrides_are_any_subset() {
    let overrides = |value| with(&[("ELEVENLABS_OVERRIDES", value)]).expect("a config").elevenlabs.overrides;
    assert_eq!(overrides("none"), Overrides::NONE);
    assert_eq!(overrides("First_Message, language"), Overrides { prompt: false, ..Overrides::ALL });
    assert!(with(&[("ELEVENLABS_OVERRIDES", "none,prompt")]).is_err());
}

#[test]
fn durations_take_seconds_or_units() {
    let ttl = |value| with(&[("LINK_TTL", value)]).map(|config| config.triggers.link_ttl.as_secs());
    assert_eq!(ttl("90"), Ok(90));
    assert_eq!(ttl("2h 30m"), Ok(9_000));
    assert_eq!(ttl("7d"), Ok(604_800));
    assert!(ttl("200years").is_err());
}

#[test]
fn render_names_the_public_address_unless_the_operator_does() {
    let render = ("RENDER_EXTERNAL_URL", "https://hook.onrender.com");
    let base = |pairs: &[_]| with(pairs).expect("a config").http.public_base_url.map(String::from);
    assert_eq!(base(&[render]).as_deref(), Some("https://hook.onrender.com/"));
    assert_eq!(
        base(&[render, ("PUBLIC_BASE_URL", "https://talk.example.org/")]).as_deref(),
        Some("https://talk.example.org/")
    );
}

#[test]
fn calls_are_remembered_in_a_file_unless_the_operator_names_a_database() {
    let url = |value| with(&[("DATABASE_URL", value)]).map(|config| format!("{:?}", config.store.url));
    assert_eq!(url("  "), Ok(r#"SqliteFile("sellcruiting-webhook.db")"#.to_owned()));
    assert_eq!(url("sqlite:calls.db"), Ok(r#"SqliteFile("calls.db")"#.to_owned()));
    assert_eq!(url("sqlite:/data/calls.db"), Ok(r#"SqliteFile("/data/calls.db")"#.to_owned()));
    assert_eq!(url("sqlite:///data/calls.db"), Ok(r#"SqliteFile("/data/calls.db")"#.to_owned()));
    assert_eq!(url("sqlite://calls.db?mode=rwc"), Ok(r#"SqliteFile("calls.db")"#.to_owned()));
    assert_eq!(url("sqlite::memory:"), Ok("SqliteMemory".to_owned()));
    for postgres in ["postgres://u:p@db:6000/calls", "postgresql://u@db:6000/calls?sslmode=require"] {
        assert_eq!(url(postgres), Ok("Postgres(postgres://[redacted]@db:6000)".to_owned()));
    }
    for bad in
        ["calls.db", "sqlite:", "sqlite://", "sqlite:data/", "sqlite:calls.db?mode=ro", "mysql://db/calls"]
    {
        assert!(url(bad).is_err(), "{bad}");
    }
    assert!(url("postgres://db:port/calls").is_err());
}

#[test]
fn a_call_is_remembered_for_as_long_as_it_guards_against_a_second_one() {
    let store = |pairs: &[_]| with(pairs).map(|config| config.store);
    let default = store(&[]).expect("a config");
    assert_eq!((default.retention.as_secs(), default.duplicate_window.as_secs()), (2_592_000, 600));
    assert_eq!(store(&[("DUPLICATE_CALL_WINDOW", "0")]).expect("a config").duplicate_window, Duration::ZERO);
    let short = store(&[("CALL_RETENTION", "1m"), ("DUPLICATE_CALL_WINDOW", "1h")]).expect("a config");
    assert_eq!(short.retention, Duration::from_hours(1));
}

/// The documents that tell an operator which settings there are.
mod documented {
    use std::collections::{BTreeMap, BTreeSet};

    use serde::Deserialize;
    use serde::de::{Deserializer, Error, Visitor, value};
    use serde::forward_to_deserialize_any;

    use super::*;

    const EXAMPLE: &str = include_str!("../../.env.example");
    const README: &str = include_str!("../../README.md");
    const BLUEPRINT: &str = include_str!("../../render.yaml");

    /// Asks serde for the names of a struct's fields, so that no second list of them can fall behind.
    struct FieldNames<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for FieldNames<'_> {
        type Error = value::Error;

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            fields: &'static [&'static str],
            _visitor: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = fields;
            Err(Error::custom("only the names are wanted"))
        }

        fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
            Err(Error::custom("the settings are a struct"))
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    fn known_keys() -> BTreeSet<String> {
        let mut fields: &[&str] = &[];
        assert!(RawSettings::deserialize(FieldNames(&mut fields)).is_err());
        fields.iter().map(|field| field.to_ascii_uppercase()).collect()
    }

    /// `KEY=` and `# KEY=default`.
    fn in_example() -> BTreeMap<String, String> {
        let pairs = EXAMPLE.lines().filter_map(|line| line.trim_start_matches("# ").split_once('='));
        let is_key = |key: &str| key.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        pairs.filter(|(key, _)| is_key(key)).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    /// Rows of a table such as ``| `PORT` | `8080` | The port … |``; a default that is no code is told in words.
    fn in_readme() -> BTreeMap<String, String> {
        let rows = README.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
        let is_key = |key: &str| key.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        let default = |rest: &str| {
            let code = rest.strip_prefix('`').and_then(|rest| rest.split_once('`'));
            code.map(|(default, _)| default.to_owned()).unwrap_or_default()
        };
        rows.filter(|(key, _)| is_key(key)).map(|(key, rest)| (key.to_owned(), default(rest))).collect()
    }

    #[test]
    fn every_setting_is_documented_and_every_documented_setting_exists() {
        assert!(known_keys().contains("WEBHOOK_API_KEY"));
        assert_eq!(in_example().into_keys().collect::<BTreeSet<_>>(), known_keys(), ".env.example");
        assert_eq!(in_readme().into_keys().collect::<BTreeSet<_>>(), known_keys(), "README.md");
    }

    #[test]
    fn the_documented_defaults_are_the_defaults() {
        let example = in_example();
        assert_eq!(in_readme(), example);
        let pairs = example.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        // Empty are the required ones, for which REQUIRED stands in, and those whose default is that there is none.
        let pairs: Vec<_> = pairs.filter(|(_, value)| !value.is_empty()).collect();
        let written_out = with(&pairs).expect("a config");
        assert_eq!(format!("{written_out:#?}"), format!("{:#?}", with(&[]).expect("a config")));
    }

    #[test]
    fn the_example_holds_no_secret_and_leaves_only_the_required_settings_to_be_filled_in() {
        let open: Vec<_> =
            EXAMPLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let required: Vec<_> = REQUIRED.iter().map(|(key, _)| format!("{key}=")).collect();
        assert_eq!(open, required);
    }

    /// What Render must be told: see `render.yaml`.
    #[test]
    fn the_blueprint_asks_for_every_required_setting_and_waits_longer_than_the_drain() {
        for (key, _) in REQUIRED {
            assert!(BLUEPRINT.contains(&format!("- key: {key}\n        sync: false\n")), "{key}");
        }
        let delay = BLUEPRINT
            .lines()
            .find_map(|line| line.trim().strip_prefix("maxShutdownDelaySeconds: ")?.parse().ok())
            .expect("a shutdown delay in seconds");
        let grace = with(&[]).expect("a config").shutdown_grace;
        assert!(grace.as_secs() < delay && delay <= 300, "{delay} s, with a drain of {grace:?}");
    }
}
