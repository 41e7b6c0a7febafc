use secrecy::ExposeSecret;
use tracing::Level;
use tracing_subscriber::filter::LevelFilter;

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
    let with_the_answer_s_way = config.hoc.deadline + Duration::from_millis(500);
    assert!(with_the_answer_s_way <= Duration::from_secs(10), "as the contract promises");
    let keys: Vec<_> = config.http.api_keys.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(keys, ["key-one", "key-two"]);
}

#[test]
fn an_ipv6_address_to_listen_on_may_stand_in_brackets() {
    for (written, host) in [("::1", "::1"), ("[::1]", "::1"), ("[::]", "::"), ("[name]", "[name]")] {
        assert_eq!(with(&[("HOST", written)]).expect("a config").http.host, host);
    }
}

#[test]
fn one_message_names_every_missing_and_every_bad_setting() {
    let error = Config::from_pairs([
        ("WEBHOOK_API_KEY", " , "),
        ("ELEVENLABS_API_KEY", "  "),
        ("PORT", "70000"),
        ("ELEVENLABS_OVERRIDES", "prompt,voice,speed"),
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
        assert!(error.contains(&format!("- {key} ")), "{key} is not named in: {error}");
    }
    assert_eq!(error.matches("ELEVENLABS_OVERRIDES").count(), 1, "{error}");
    assert!(!error.contains("db-secret"), "values stay out of the message: {error}");
    assert!(!error.contains("+4930"), "values stay out of the message: {error}");
}

#[test]
fn debug_shows_no_secret() {
    let database = ("DATABASE_URL", "postgres://db-user:db-secret@db.example.org/calls?password=db-secret-2");
    let link_secret = ("LINK_SECRET", "link-secret-link-secret-link-secret");
    let shown = format!("{:?}", with(&[database, link_secret]).expect("a config"));
    assert!(shown.contains("db.example.org"), "where the calls are kept is no secret: {shown}");
    for secret in ["key-one", "key-two", "xi-secret", "hoc-secret", "db-secret", "db-user", "link-secret"] {
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
    let ttl = |value| with(&[("LINK_TTL", value)]).map(|config| config.links.ttl.as_secs());
    assert_eq!(ttl("90"), Ok(90));
    assert_eq!(ttl("2h 30m"), Ok(9_000));
    assert_eq!(ttl("7d"), Ok(604_800));
    assert!(ttl("200years").is_err());
}

#[test]
fn render_names_the_public_address_unless_the_operator_does() {
    let render = ("RENDER_EXTERNAL_URL", "https://hook.example.org");
    let base = |pairs: &[_]| with(pairs).expect("a config").http.public_base_url.map(String::from);
    assert_eq!(base(&[render]).as_deref(), Some("https://hook.example.org/"));
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
    let store = |pairs: &[_]| with(pairs).map(|config| config.store.duplicates);
    let default = store(&[]).expect("a config");
    assert_eq!((default.retention.as_secs(), default.window.as_secs()), (2_592_000, 600));
    assert_eq!(store(&[("DUPLICATE_CALL_WINDOW", "0")]).expect("a config").window, Duration::ZERO);
    let short = store(&[("CALL_RETENTION", "1m"), ("DUPLICATE_CALL_WINDOW", "1h")]).expect("a config");
    assert_eq!(short.retention, Duration::from_hours(1));
}

#[test]
fn links_lead_to_the_own_page_wherever_it_has_an_address() {
    let base = ("PUBLIC_BASE_URL", "https://talk.example.org");
    let page = |pairs: &[_]| with(pairs).map(|config| config.links.page);
    assert_eq!(page(&[base]), Ok(LinkPage::Own));
    assert_eq!(page(&[("RENDER_EXTERNAL_URL", "https://hook.example.org")]), Ok(LinkPage::Own));
    assert_eq!(page(&[base, ("LINK_PAGE", "OWN")]), Ok(LinkPage::Own));
    assert_eq!(page(&[base, ("LINK_PAGE", "ElevenLabs")]), Ok(LinkPage::ElevenLabs));
    assert_eq!(page(&[]), Ok(LinkPage::ElevenLabs));
    let error = page(&[("LINK_PAGE", "own")]).expect_err("a link needs an address").to_string();
    assert!(error.contains("LINK_PAGE") && error.contains("PUBLIC_BASE_URL"), "{error}");
    assert!(page(&[base, ("LINK_PAGE", "theirs")]).is_err());
}

#[test]
fn links_are_sealed_with_strong_secrets_or_with_the_webhook_keys() {
    fn secrets(setting: &str) -> Result<Vec<String>, ConfigError> {
        let LinkSecrets { sealing, retired } = with(&[("LINK_SECRET", setting)])?.links.secrets;
        let secrets = std::iter::once(&sealing).chain(&retired);
        Ok(secrets.map(|secret| secret.expose_secret().to_owned()).collect())
    }
    assert_eq!(secrets(""), Ok(vec!["key-one".to_owned(), "key-two".to_owned()]));
    let (new, old) = ("n".repeat(32), "ö".repeat(32));
    assert_eq!(secrets(&format!(" {new} ,{old},")), Ok(vec![new.clone(), old]));
    for weak in [",", "n", &"n".repeat(31), &format!("{new},short")] {
        let error = secrets(weak).expect_err("too weak").to_string();
        assert!(error.contains("LINK_SECRET") && !error.contains("nnn"), "{error}");
    }
}

#[test]
fn a_talk_has_limits_that_make_sense() {
    let talk = with(&[]).expect("a config").talk;
    let limits = (talk.max_duration.as_secs(), talk.max_talks, talk.idle_timeout.as_secs());
    assert_eq!(limits, (2_700, 100, 60));
    for (key, good, bad) in [
        ("MAX_TALK_DURATION", "60", "59"),
        ("TALK_IDLE_TIMEOUT", "10s", "9s"),
        ("LINK_TTL", "1m", "0"),
        ("MAX_CONCURRENT_DIALS", "1", "0"),
        ("MAX_CONCURRENT_DIALS", "10000", "10001"),
        ("MAX_TALKS", "1", "0"),
        ("TRUSTED_PROXIES", "0", "-1"),
        ("TRUSTED_PROXIES", "10", "11"),
        ("MAX_TALKS", "10000", "10001"),
        ("PRIVACY_URL", "https://example.org/privacy?lang=de#top", "javascript:alert(1)"),
        ("PRIVACY_URL", "http://example.org", "https://user:secret@example.org"),
    ] {
        assert!(with(&[(key, good)]).is_ok(), "{key}={good}");
        let error = with(&[(key, bad)]).expect_err(bad).to_string();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn a_questionnaire_is_used_again_for_a_minute_unless_the_operator_says_otherwise() {
    let ttl = |extra: &[_]| with(extra).map(|config| config.hoc.questionnaire_ttl.as_secs());
    assert_eq!(ttl(&[]).expect("a config"), 60);
    for (good, seconds) in [("0", 0), ("24h", 86_400)] {
        assert_eq!(ttl(&[("QUESTIONNAIRE_TTL", good)]).expect(good), seconds);
    }
    for bad in ["24h 1s", "soon"] {
        let error = ttl(&[("QUESTIONNAIRE_TTL", bad)]).expect_err(bad).to_string();
        assert!(error.contains("QUESTIONNAIRE_TTL"), "{error}");
    }
}

fn warned(pairs: &[(&str, &str)]) -> Vec<String> {
    let warnings = with(pairs).expect("a config").warnings;
    warnings.into_iter().map(|warning| warning.setting.into_owned()).collect()
}

#[test]
fn a_record_of_calls_that_will_be_lost_is_told() {
    let render = ("RENDER_EXTERNAL_URL", "https://hook.example.org");
    let own = ("PUBLIC_BASE_URL", "https://talk.example.org");
    let is_told = |pairs: &[_]| warned(pairs).iter().any(|setting| setting == "DATABASE_URL");
    let memory = ("DATABASE_URL", "sqlite::memory:");
    assert!(is_told(&[memory]) && is_told(&[render]) && is_told(&[render, own]));
    let server = ("DATABASE_URL", "postgres://db/calls");
    assert!(!is_told(&[own]) && !is_told(&[render, own, server]));
}

#[test]
fn where_calls_are_recorded_is_shown_without_user_and_password() {
    let shown = |url| DatabaseUrl::parse(url).expect("a URL").to_string();
    assert_eq!(shown("sqlite::memory:"), "memory");
    assert_eq!(shown("sqlite:/data/calls.db"), "SQLite file /data/calls.db");
    let relative = std::env::current_dir().expect("a directory").join("calls.db");
    assert_eq!(shown("sqlite:calls.db"), format!("SQLite file {}", relative.display()));
    let postgres = "postgres://db-user:db-secret@db.example.org/calls?password=db-secret-2";
    assert_eq!(shown(postgres), "PostgreSQL at db.example.org:5432, database calls");
    assert_eq!(shown("postgres://db-user@db:6000"), "PostgreSQL at db:6000");
}

#[test]
fn a_key_that_is_short_or_was_lost_is_told() {
    let (long, short, other) = ("k".repeat(16), "k".repeat(15), "w".repeat(16));
    for (keys, expected) in [
        (long.clone(), 0),
        (format!("{long}, {long}"), 0),
        (format!("{long},{short}"), 1),
        (format!("{long},,{long}"), 1),
        (format!("{long},"), 1),
        (format!(",{short}"), 2),
    ] {
        for setting in ["WEBHOOK_API_KEY", "METRICS_TOKEN"] {
            let others = [("WEBHOOK_API_KEY", other.as_str()), ("LINK_PAGE", "elevenlabs")];
            let warned = warned(&[&others[..], &[(setting, keys.as_str())]].concat());
            assert_eq!(warned, vec![setting; expected], "{keys}");
        }
    }
    let secret = "s".repeat(32);
    for (secrets, expected) in
        [(secret.clone(), 0), (format!("{secret},{secret}"), 0), (format!("{secret},"), 1)]
    {
        let settings = [
            ("WEBHOOK_API_KEY", other.as_str()),
            ("LINK_PAGE", "elevenlabs"),
            ("LINK_SECRET", secrets.as_str()),
        ];
        assert_eq!(warned(&settings), vec!["LINK_SECRET"; expected], "{secrets}");
    }
}

#[test]
fn a_call_that_guards_for_longer_than_it_was_to_be_remembered_is_told() {
    let warned = |retention, window| {
        let times = [("CALL_RETENTION", retention), ("DUPLICATE_CALL_WINDOW", window)];
        warned(&times).iter().any(|setting| setting == "CALL_RETENTION")
    };
    assert!(warned("1m", "1h") && warned("", "31d"));
    assert!(!warned("1h", "1h") && !warned("", ""));
}

#[test]
fn a_token_with_its_scheme_is_refused() {
    for token in
        ["Bearer abc", "bearer  abc", "BEARER: abc", "Authorization: Bearer abc", "authorization: abc"]
    {
        let error = with(&[("HIRINGS_API_TOKEN", token)]).expect_err(token).to_string();
        assert!(error.contains("HIRINGS_API_TOKEN") && error.contains("leave out \"Bearer\""), "{error}");
        assert!(!error.contains("abc"), "{error}");
    }
    assert!(with(&[("HIRINGS_API_TOKEN", "Bearer-abc")]).is_ok());
}

#[test]
fn a_token_that_is_nothing_but_its_scheme_or_quoted_with_it_is_refused() {
    for token in ["Bearer", "bearer:", "\"Bearer abc\"", "'Bearer' abc"] {
        let error = with(&[("HIRINGS_API_TOKEN", token)]).expect_err(token).to_string();
        assert!(error.contains("leave out \"Bearer\""), "{error}");
    }
}

#[test]
fn elevenlabs_address_holds_no_version() {
    for address in ["https://api.example.org/v1", "https://gateway.example.org/elevenlabs/v1/"] {
        let error = with(&[("ELEVENLABS_API_URL", address)]).expect_err(address).to_string();
        assert!(error.contains("ELEVENLABS_API_URL must not end with /v1"), "{error}");
    }
    let config = with(&[("ELEVENLABS_API_URL", "https://gateway.example.org/v1beta")]).expect("a path");
    assert_eq!(config.elevenlabs.base_url.as_str(), "https://gateway.example.org/v1beta");
}

#[test]
fn quotation_marks_around_a_secret_are_refused() {
    for key in [
        "WEBHOOK_API_KEY",
        "ELEVENLABS_API_KEY",
        "HIRINGS_API_TOKEN",
        "LINK_SECRET",
        "CALL_STORE_SECRET",
        "METRICS_TOKEN",
    ] {
        let secret = "s".repeat(32);
        for quoted in [format!("\"{secret}\""), format!("'{secret}'"), format!("{secret},\"{secret}\"")] {
            let error = with(&[(key, quoted.as_str())]).expect_err(&quoted).to_string();
            assert!(error.contains(&format!("{key} stands between quotation marks")), "{error}");
            assert!(!error.contains("sss"), "{error}");
        }
        // What a password generator may make.
        for own in [format!("\"{secret}"), format!("{secret}'"), format!("{secret}\"{secret}")] {
            assert!(with(&[(key, own.as_str())]).is_ok(), "{key}={own}");
        }
    }
}

#[test]
fn a_misspelt_level_is_refused_rather_than_switching_every_line_off() {
    let filter = |value| with(&[("RUST_LOG", value)]).map(|config| config.log.filter);
    for bad in [
        "inf",
        "verbose",
        "warn,",
        "INFO;",
        ",",
        "info,hyper",
        "5",
        "hyper=debug, info",
        "info,sqlx=loud",
        "[request]=debug",
        "info;hyper=debug",
        "info hyper=debug",
        "warn, sellcruiting_webhook=info",
        "warn,sellcruiting-webhook=info",
        "info,=debug",
    ] {
        let error = filter(bad).expect_err(bad).to_string();
        assert!(error.contains("RUST_LOG"), "{error}");
    }
    for (good, own, others) in [
        ("warn", LevelFilter::WARN, LevelFilter::WARN),
        ("INFO", LevelFilter::INFO, LevelFilter::INFO),
        ("off", LevelFilter::OFF, LevelFilter::OFF),
        ("info,hyper=debug", LevelFilter::INFO, LevelFilter::DEBUG),
        ("sellcruiting_webhook=trace,error", LevelFilter::TRACE, LevelFilter::ERROR),
    ] {
        let filter = filter(good).expect(good);
        for level in [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG, Level::TRACE] {
            assert_eq!(
                filter.would_enable("sellcruiting_webhook::calls", &level),
                level <= own,
                "{good}, {level}"
            );
            assert_eq!(filter.would_enable("hyper::proto", &level), level <= others, "{good}, {level}");
        }
    }
}

#[test]
fn a_password_that_is_not_encoded_is_refused_and_not_shown() {
    for password in ["Geh@im/Pass9", "Geh/im9", "Geh?im9", "Geh#im9", "12/Geh@im9", "12?Geh9", "12#Geh9"] {
        for scheme in ["postgres", "postgresql"] {
            let url = format!("{scheme}://svc:{password}@127.0.0.1/calls");
            let error = with(&[("DATABASE_URL", &url)]).expect_err(&url).to_string();
            assert!(error.contains("percent-encode the password"), "{error}");
            assert!(!error.contains("Geh") && !error.contains("9@"), "{error}");
        }
    }
    for good in [
        "postgres://svc:Geh%40im%2FPass9@127.0.0.1/calls",
        "postgres://svc:Geh@im9@127.0.0.1/calls",
        "postgres:///calls?host=/var/run/postgresql",
        "postgres://db.example.org/calls?user=svc@server&password=a/b",
        "postgres://db.example.org",
    ] {
        assert!(with(&[("DATABASE_URL", good)]).is_ok(), "{good}");
    }
}

#[test]
fn a_parameter_that_the_driver_ignores_is_told() {
    let is_told = |query: &str| {
        let url = format!("postgres://svc@db.example.org/calls{query}");
        warned(&[("DATABASE_URL", &url)]).iter().any(|setting| setting == "DATABASE_URL")
    };
    assert!(is_told("?sslmod=require") && is_told("?sslmode=require&pool_size=5"));
    for known in ["", "?", "?sslmode=require&application_name=x", "?options[search_path]=x&options=-cx%3Dy"] {
        assert!(!is_told(known), "{known}");
    }
}

#[test]
fn a_token_for_metrics_that_could_call_is_refused() {
    let error = with(&[("METRICS_TOKEN", "other, key-two")]).expect_err("a key").to_string();
    assert!(error.contains("METRICS_TOKEN must be no key of WEBHOOK_API_KEY"), "{error}");
    assert!(with(&[("METRICS_TOKEN", "key-on")]).is_ok());
}

#[test]
fn a_weak_secret_of_the_record_is_told() {
    let is_told =
        |secret| warned(&[("CALL_STORE_SECRET", secret)]).iter().any(|name| name == "CALL_STORE_SECRET");
    assert!(is_told("x") && !is_told("") && !is_told("a-secret-of-20-chars"));
}

#[test]
fn months_are_not_taken_for_minutes() {
    for bad in ["1M", "1d 5M"] {
        let error = with(&[("LINK_TTL", bad)]).expect_err(bad).to_string();
        assert!(error.contains("LINK_TTL") && error.contains("months"), "{error}");
    }
    assert!(with(&[("LINK_TTL", "1month")]).is_ok());
}

#[test]
fn a_setting_that_is_nearly_one_is_told() {
    assert!(warned(&[("MAX_CONCURENT_DIALS", "5")]).iter().any(|name| name == "MAX_CONCURENT_DIALS"));
    let error = Config::from_pairs([("WEBHOOK_API_KEYS", "secret")]).expect_err("not complete").to_string();
    assert!(error.contains("WEBHOOK_API_KEY is required"), "{error}");
    assert!(error.contains("WEBHOOK_API_KEYS: this is no setting"), "{error}");
    assert!(!error.contains("secret"), "{error}");
    let error = Config::from_pairs(REQUIRED.into_iter().chain([("WEBHOOK_API_KEYS", "x"), ("PORT", "x")]));
    assert!(error.expect_err("a bad port").to_string().contains("WEBHOOK_API_KEYS"));
}

#[test]
fn a_country_that_may_be_dialled_has_telephone_numbers() {
    let countries = |value| with(&[("TO_NUMBER_COUNTRIES", value)]);
    assert!(countries("DE,at, GB,US,XK").is_ok());
    for none in ["XX", "DE,UK", "EU"] {
        let error = countries(none).expect_err(none).to_string();
        assert!(error.contains("TO_NUMBER_COUNTRIES") && error.contains("GB, not UK"), "{error}");
    }
}

#[test]
fn the_operator_hears_of_what_starts_but_is_not_well() {
    let strong = "s".repeat(32);
    // Long enough as a key, and too short to seal links with.
    let key = ("WEBHOOK_API_KEY", "a-key-of-17-chars");
    let warnings = |pairs: &[_]| warned(&[&[key], pairs].concat());
    let base = |url| ("PUBLIC_BASE_URL", url);
    let well = [("LINK_SECRET", strong.as_str()), ("PRIVACY_URL", "https://example.org/privacy")];
    let well_at = |url| warnings(&[well[0], well[1], base(url)]);
    assert_eq!(warnings(&[]), ["LINK_PAGE"]);
    assert_eq!(warnings(&[("LINK_PAGE", "elevenlabs")]), [""; 0]);
    assert_eq!(warnings(&[base("https://talk.example.org")]), ["LINK_SECRET", "PRIVACY_URL"]);
    assert_eq!(well_at("https://talk.example.org"), [""; 0]);
    for local in ["http://127.0.0.1:8080", "http://[::1]:1", "http://localhost", "http://talk.localhost:80"] {
        assert_eq!(well_at(local), [""; 0], "{local}");
    }
    for plain in ["http://talk.example.org", "http://10.0.0.1", "http://localhost.example.org"] {
        assert_eq!(well_at(plain), ["PUBLIC_BASE_URL"], "{plain}");
    }
    let strong_key = [("WEBHOOK_API_KEY", strong.as_str()), well[1], base("https://talk.example.org")];
    assert_eq!(warnings(&strong_key), [""; 0]);
    let upstreams =
        [("HIRINGS_API_URL", "http://hoc.example.org"), ("ELEVENLABS_API_URL", "http://x.example.org")];
    assert_eq!(warnings(&upstreams), ["HIRINGS_API_URL", "ELEVENLABS_API_URL", "LINK_PAGE"]);
    let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=secret");
    let collector = |url| ("OTEL_EXPORTER_OTLP_ENDPOINT", url);
    assert_eq!(warnings(&[headers]), ["LINK_PAGE", "OTEL_EXPORTER_OTLP_HEADERS"]);
    assert_eq!(
        warnings(&[headers, collector("http://x.example.org")]),
        ["LINK_PAGE", "OTEL_EXPORTER_OTLP_ENDPOINT"]
    );
    assert_eq!(warnings(&[headers, collector("https://x.example.org")]), ["LINK_PAGE"]);
    assert_eq!(warnings(&[collector("http://x.example.org")]), ["LINK_PAGE"]);
}

#[test]
fn a_collector_gets_traces_only_if_it_is_named_and_its_headers_are_secret() {
    assert!(with(&[("OTEL_EXPORTER_OTLP_HEADERS", "x-key=secret")]).expect("a config").traces.is_none());
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example:4318/");
    let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=open%20sesame, x-team = blue");
    let config = with(&[endpoint, headers]).expect("a config");
    assert!(!format!("{config:?}").contains("sesame"));
    let traces = config.traces.expect("a collector");
    assert_eq!(traces.endpoint.as_str(), "https://collector.example:4318/");
    let headers: Vec<_> =
        traces.headers.iter().map(|(name, value)| (name.as_str(), value.expose_secret())).collect();
    assert_eq!(headers, [("x-key", "open sesame"), ("x-team", "blue")]);
    for (key, value) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "secret"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=%0Asecret"),
        ("METRICS_TOKEN", ","),
    ] {
        let error = with(&[endpoint, (key, value)]).expect_err("a bad value").to_string();
        assert!(error.contains(key) && !error.contains("secret"), "{error}");
    }
}

/// The documents that tell an operator which settings there are.
mod documented {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    const EXAMPLE: &str = include_str!("../../.env.example");
    const README: &str = include_str!("../../README.md");
    const BLUEPRINT: &str = include_str!("../../render.yaml");

    fn known_keys() -> BTreeSet<String> {
        names::KNOWN.iter().cloned().collect()
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
        assert!(
            BLUEPRINT.contains("- key: LINK_SECRET\n        generateValue: true\n"),
            "links survive a deploy"
        );
        let delay = BLUEPRINT
            .lines()
            .find_map(|line| line.trim().strip_prefix("maxShutdownDelaySeconds: ")?.parse().ok())
            .expect("a shutdown delay in seconds");
        let grace = with(&[]).expect("a config").shutdown_grace;
        assert!(grace.as_secs() < delay && delay <= 300, "{delay} s, with a drain of {grace:?}");
    }
}
