//! The file `.env` in the working directory.
//!
//! Its values may be secrets, so a fault is told by the number of its line, and what stands there is not shown.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;

use super::{ConfigWarning, names};
use crate::byte_order_mark::without_byte_order_mark;

/// What the file holds.
#[derive(Default)]
pub(super) struct Dotenv {
    /// The pairs of all lines that can be read.
    pub(super) pairs: HashMap<String, String>,
    /// What cannot be read, a sentence each.
    pub(super) faults: Vec<String>,
    /// Names that are no settings.
    pub(super) strangers: Vec<ConfigWarning>,
}

const DOLLAR: &str = "holds a $, which would not stay as it is: put the value between single quotes";

const NO_PAIR: &str =
    "is no KEY=value: a value with spaces, # or quotation marks stands between single quotes";

impl Dotenv {
    /// Empty if there is no such file.
    pub(super) fn load() -> Self {
        match fs::read(".env") {
            Ok(bytes) => Self::parse(&bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::default(),
            Err(error) => Self {
                faults: vec![format!("the file .env cannot be read: {}", error.kind())],
                ..Self::default()
            },
        }
    }

    fn parse(bytes: &[u8]) -> Self {
        let mut dotenv = Self::default();
        let mut lines: Vec<&str> = Vec::new();
        for (index, line) in without_byte_order_mark(bytes).split(|byte| *byte == b'\n').enumerate() {
            lines.push(std::str::from_utf8(line).unwrap_or_else(|_| {
                dotenv.fault(index + 1, "is not UTF-8");
                ""
            }));
        }
        let mut begin = 0;
        while begin < lines.len() {
            begin += dotenv.take(&lines[begin..], begin + 1);
        }
        dotenv
    }

    /// Reads the pair that begins on the first of these lines, and returns how many lines it takes: a quoted value can
    /// span several.
    fn take(&mut self, lines: &[&str], number: usize) -> usize {
        for count in 1..=lines.len() {
            let text = lines[..count].join("\n") + "\n";
            let Ok(pairs) = dotenvy::from_read_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>() else {
                continue;
            };
            if replaces(&text) {
                self.fault(number, DOLLAR);
            }
            for (name, value) in pairs {
                self.strangers.extend(stranger(&name, number));
                self.pairs.insert(name, value);
            }
            return count;
        }
        // An inserted value can break the quotation marks around it.
        self.fault(number, if lines.first().is_some_and(|line| replaces(line)) { DOLLAR } else { NO_PAIR });
        1
    }

    fn fault(&mut self, line: usize, fault: &str) {
        self.faults.push(format!(".env line {line} {fault}"));
    }
}

/// Whether a `$` stands where dotenvy puts another variable's value, or nothing: outside single quotes, not escaped.
fn replaces(text: &str) -> bool {
    if text.trim_start().starts_with('#') {
        return false;
    }
    let value = text.split_once('=').map_or("", |(_, value)| value.trim_start());
    let (mut quote, mut is_escaped, mut is_after_space) = (None, false, true);
    for char in value.chars() {
        match (quote, char) {
            _ if is_escaped => is_escaped = false,
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => {}
            (_, '$') => return true,
            (_, '\\') => is_escaped = true,
            (None, '\'' | '"') => quote = Some(char),
            // A comment.
            (None, '#') if is_after_space => return false,
            _ => {}
        }
        is_after_space = char.is_whitespace();
    }
    false
}

/// Only what looks like a setting's name is shown: it may be a part of a secret.
fn stranger(name: &str, line: usize) -> Option<ConfigWarning> {
    if names::is_known(name) {
        return None;
    }
    let is_name = name.len() <= 40 && !name.contains(|c: char| c.is_ascii_lowercase());
    let shown = if is_name { name } else { "the name" };
    let advice = format!(
        "{shown} in line {line} is no setting of this service and has no effect: look for a misspelling"
    );
    Some(ConfigWarning { setting: Cow::Borrowed(".env"), advice: Cow::Owned(advice) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    fn read(text: &str) -> Dotenv {
        Dotenv::parse(text.as_bytes())
    }

    #[test]
    fn lines_are_read_as_dotenvy_reads_them() {
        let text = "\u{feff}# it's $5\r\nPORT=1 # $5\r\n\nexport HOST='a#$b'\nLINK_TTL=\"x\n y\"\nMAX_TALKS=a\\$b\nRUST_LOG=info ";
        let Dotenv { pairs, faults, strangers } = read(text);
        let expected = [
            ("PORT", "1"),
            ("HOST", "a#$b"),
            ("LINK_TTL", "x\n y"),
            ("MAX_TALKS", "a$b"),
            ("RUST_LOG", "info"),
        ];
        assert_eq!(pairs, expected.into_iter().map(|(name, value)| pair(name, value)).collect());
        assert!(faults.is_empty() && strangers.is_empty(), "{faults:?} {strangers:?}");
    }

    #[test]
    fn each_line_that_cannot_be_read_is_told_by_its_number_and_the_others_are_read() {
        let Dotenv { pairs, faults, .. } =
            read("PORT=1\nsecret\nHOST=secret secret\n\nLINK_TTL='secret\nMAX_TALKS=2\n");
        assert_eq!(pairs, [pair("PORT", "1"), pair("MAX_TALKS", "2")].into());
        assert_eq!(faults.len(), 3, "{faults:?}");
        for (fault, line) in faults.iter().zip([2, 3, 5]) {
            assert!(fault.starts_with(&format!(".env line {line} is no KEY=value")), "{fault}");
            assert!(!fault.contains("secret"), "{fault}");
        }
        let Dotenv { pairs, faults, .. } = Dotenv::parse(b"HOST=\xfc\nPORT=1");
        assert_eq!(
            (pairs, faults),
            ([pair("PORT", "1")].into(), vec![".env line 1 is not UTF-8".to_owned()])
        );
    }

    #[test]
    fn a_dollar_that_would_be_replaced_is_refused() {
        for text in ["HOST=a$b", "HOST=\"a$b\"", "HOST='a'$b", "HOST=a$", "\nHOST=${b}"] {
            let faults = read(text).faults;
            assert!(faults.len() == 1 && faults[0].contains("holds a $"), "{text}: {faults:?}");
        }
        for text in
            ["HOST='a$b'", "HOST=a\\$b", "HOST=\"a\\$b\"", "#HOST=$b", "HOST= # $b", "HOST=a # it's $b"]
        {
            assert_eq!(read(text).faults, [""; 0], "{text}");
        }
    }

    #[test]
    fn a_name_that_is_no_setting_is_told_unless_it_may_be_a_secret() {
        let told = |text| -> Vec<_> {
            read(text).strangers.into_iter().map(|warning| warning.advice.into_owned()).collect()
        };
        let [advice] = &told("PORT=1\nWEBHOOK_API_KEYS=x")[..] else { panic!("one is told") };
        assert!(advice.starts_with("WEBHOOK_API_KEYS in line 2 "), "{advice}");
        assert!(told("aGVsbG8=")[0].starts_with("the name in line 1 "));
        assert!(told("webhook_api_key=x").is_empty());
    }
}
