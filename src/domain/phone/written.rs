//! The characters of a number as people write it, before anything is known about countries.

use super::super::text::is_invisible_format;
use super::PhoneError;

/// A written number, reduced to ASCII digits.
pub(super) enum Written {
    /// `+…` or `00…`: the digits begin with a calling code.
    International {
        /// Without `+` or `00`.
        digits: String,
    },
    /// `0…`: a number of the default region.
    National {
        /// Without the leading 0.
        number: String,
    },
    /// Neither of these.
    Bare {
        /// All digits.
        digits: String,
        /// Whether the first digits are a separate `49`, as in `49 30 23125001`.
        germany_apart: bool,
    },
}

/// Words between digits that introduce an extension.
const EXTENSION_WORDS: [&str; 11] =
    ["durchwahl", "dw", "nebenstelle", "nst", "apparat", "app", "ext", "extn", "extension", "x", "poste"];

/// Words between digits that introduce another number.
const LIST_WORDS: [&str; 6] = ["oder", "or", "und", "and", "bzw", "u"];

impl Written {
    pub(super) fn read(raw: &str) -> Result<Self, PhoneError> {
        let text: String = raw.chars().filter(|c| !is_invisible_format(*c)).map(to_ascii).collect();
        let text = without_scheme(text.trim());
        check_words(text)?;
        check_signs(text)?;
        Self::from_digits(text)
    }

    fn from_digits(text: &str) -> Result<Self, PhoneError> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Err(if text.is_empty() { PhoneError::Empty } else { PhoneError::NotANumber });
        }
        if let Some(digits) = digits.strip_prefix("00") {
            return Ok(Self::International { digits: digits.to_owned() });
        }
        if text.contains('+') {
            return Ok(Self::International { digits });
        }
        if let Some(number) = digits.strip_prefix('0') {
            return Ok(Self::National { number: number.to_owned() });
        }
        let first = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        let germany_apart = first.split(|c: char| !c.is_ascii_digit()).next() == Some("49");
        Ok(Self::Bare { digits, germany_apart })
    }
}

/// Converts full-width and Arabic digits, full-width signs, and all kinds of dashes and spaces to ASCII.
fn to_ascii(character: char) -> char {
    let digit = |zero: u32| char::from_digit(u32::from(character) - zero, 10).unwrap_or(character);
    match character {
        '\u{FF10}'..='\u{FF19}' => digit(0xFF10),
        '\u{0660}'..='\u{0669}' => digit(0x0660),
        '\u{06F0}'..='\u{06F9}' => digit(0x06F0),
        '＋' => '+',
        '（' => '(',
        '）' => ')',
        '／' => '/',
        '．' | '·' => '.',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30FC}' | '\u{FF0D}' => '-',
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => '\n',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Strips `tel:` (RFC 3966).
fn without_scheme(text: &str) -> &str {
    match text.split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel:") => rest.trim(),
        _ => text,
    }
}

fn check_words(text: &str) -> Result<(), PhoneError> {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).peekable();
    if words.peek().is_none() {
        return Ok(());
    }
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return Err(PhoneError::NotANumber);
    }
    Err(words
        .find_map(|word| match word {
            word if EXTENSION_WORDS.contains(&word) => Some(PhoneError::Extension),
            word if LIST_WORDS.contains(&word) => Some(PhoneError::SeveralNumbers),
            _ => None,
        })
        .unwrap_or(PhoneError::Letters))
}

/// Refuses signs that join two numbers, or a number and its extension.
fn check_signs(text: &str) -> Result<(), PhoneError> {
    let mut digits_before = 0;
    let mut has_plus = false;
    for (at, sign) in text.char_indices() {
        let has_digits_after = || text[at..].contains(|c: char| c.is_ascii_digit());
        match sign {
            '0'..='9' => digits_before += 1,
            '+' if has_plus || digits_before > 0 => return Err(PhoneError::SeveralNumbers),
            '+' => has_plus = true,
            '/' if digits_before > most_digits_before_slash(text) => return Err(PhoneError::SeveralNumbers),
            ' ' | '(' | ')' | '[' | ']' | '-' | '.' | '/' => {}
            ',' | ';' | '|' | '&' | '\n' if digits_before > 0 && has_digits_after() => {
                return Err(PhoneError::SeveralNumbers);
            }
            '#' | '*' if digits_before > 0 && has_digits_after() => return Err(PhoneError::Extension),
            _ => return Err(PhoneError::NotANumber),
        }
    }
    Ok(())
}

/// A slash may follow an area code (`030/…`, `+49 (0)33751/…`), but not a number: `06221 1234/1235` is two numbers.
fn most_digits_before_slash(text: &str) -> usize {
    // Room for a trunk prefix and a five-digit area code, behind `+` or `00` and a calling code if there is one.
    if text.contains('+') {
        return 9;
    }
    let mut digits = text.chars().filter(char::is_ascii_digit);
    if digits.next() == Some('0') && digits.next() == Some('0') { 10 } else { 6 }
}
