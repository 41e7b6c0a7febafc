//! The names of the settings, and those that are nearly one.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor, value};
use serde::forward_to_deserialize_any;

use super::ConfigWarning;
use super::sources::RawSettings;

/// Every setting's name, in upper case.
pub(super) static KNOWN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut fields: &[&str] = &[];
    // Always an error: only the names are read.
    let _ = RawSettings::deserialize(FieldNames(&mut fields));
    fields.iter().map(|field| field.to_ascii_uppercase()).collect()
});

/// Names shorter than this are too close to other programs' variables: `POST` and `PORT`.
const LEAST_CHARS: usize = 8;

/// With at least so many underscores, a name is so much this service's own that a word before or after it makes it a
/// misspelling. `RUST_LOG_STYLE` and `OLD_DATABASE_URL` belong to others.
const LEAST_UNDERSCORES: usize = 2;

pub(super) fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// A warning for each of `names` that is no setting, but differs from one by an edit, or by a word before or after it.
/// The environment holds much that is none of ours, so no others are told.
pub(super) fn near_misses<'a>(names: impl Iterator<Item = &'a String>) -> Vec<ConfigWarning> {
    let mut warnings: Vec<_> =
        names.filter(|name| !is_known(name)).filter_map(|name| near_miss(name)).collect();
    warnings.sort_by(|a, b| a.setting.cmp(&b.setting));
    warnings
}

fn near_miss(name: &str) -> Option<ConfigWarning> {
    let upper = name.to_ascii_uppercase();
    let meant = KNOWN.iter().find(|known| is_near(&upper, known))?;
    let advice = format!("this is no setting of this service and has no effect: {meant} may be meant");
    Some(ConfigWarning { setting: Cow::Owned(name.to_owned()), advice: Cow::Owned(advice) })
}

fn is_near(name: &str, known: &str) -> bool {
    if known.len() < LEAST_CHARS {
        return false;
    }
    let is_own = known.matches('_').count() >= LEAST_UNDERSCORES;
    let more = name.strip_prefix(known).filter(|more| more.starts_with('_'));
    let more = more.or_else(|| name.strip_suffix(known).filter(|more| more.ends_with('_')));
    (is_own && more.is_some()) || is_one_edit_away(name.as_bytes(), known.as_bytes())
}

/// One letter more, less or different, or two that are swapped.
fn is_one_edit_away(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&a[..a.len() - same], &b[..b.len() - same]) {
        ([], [_]) | ([_], [] | [_]) => true,
        ([a, b], [c, d]) => (a, b) == (d, c),
        _ => false,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_nearly_a_setting_is_told() {
        for (name, meant) in [
            ("WEBHOOK_API_KEYS", "WEBHOOK_API_KEY"),
            ("WEBHOOK_APIKEY", "WEBHOOK_API_KEY"),
            ("MAX_CONCURENT_DIALS", "MAX_CONCURRENT_DIALS"),
            ("CALL_STORE_SERCET", "CALL_STORE_SECRET"),
            ("link_tl", "LINK_TTL"),
            ("SELLCRUITING_HIRINGS_API_TOKEN", "HIRINGS_API_TOKEN"),
            ("ELEVENLABS_API_KEY_2", "ELEVENLABS_API_KEY"),
        ] {
            let warning = near_miss(name).unwrap_or_else(|| panic!("{name} is near {meant}"));
            assert_eq!(warning.setting, name);
            assert!(warning.advice.contains(meant), "{name}: {}", warning.advice);
        }
        for others in [
            "POST",
            "PORTS",
            "HOSTNAME",
            "DB_PORT",
            "KUBERNETES_PORT",
            "RUST_LOG_STYLE",
            "OLD_DATABASE_URL",
            "RENDER_EXTERNAL_HOSTNAME",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            "HIRINGS_API_KEY",
            "XWEBHOOK_API_KEYX",
        ] {
            assert!(near_miss(others).is_none(), "{others}");
        }
        let known = ["PORT".to_owned(), "link_ttl".to_owned()];
        assert!(near_misses(known.iter()).is_empty());
    }
}
