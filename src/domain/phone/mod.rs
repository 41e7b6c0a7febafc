//! Telephone numbers that may be dialled.

mod country;
mod kind;
mod metadata;
mod numbering_plan;
mod written;

use thiserror::Error;

use self::numbering_plan::NumberingPlan;
use self::written::Written;
use super::Private;

pub use self::country::CountryCode;
pub use self::kind::NumberKind;

/// The calling code of the default region.
const GERMANY: u16 = 49;

/// The most digits a number can have, including the calling code (ITU-T E.164, 6.2.1).
const MAX_DIGITS: usize = 15;

/// The fewest digits that are accepted, including the calling code: the smallest islands have no more.
const MIN_DIGITS: usize = 7;

/// The longest national number that Germany assigns. Longer ones include an extension.
const MAX_GERMAN_DIGITS: usize = 11;

/// A telephone number in E.164 form that may be dialled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    e164: Private<String>,
    calling_code: u16,
    country: CountryCode,
}

/// Why a number is not dialled. The messages are for HOC's developers, continue a sentence that begins with the field's
/// name, and hold nothing of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhoneError {
    /// It has no digits.
    #[error("holds no telephone number")]
    Empty,
    /// It has a character that does not belong in a telephone number.
    #[error("is not a telephone number: it may hold digits, spaces, + ( ) - . and / only")]
    NotANumber,
    /// It has letters, as in 0800-VANITY or a remark.
    #[error("must not hold letters: send the number in digits, without a label or a remark")]
    Letters,
    /// It has an extension. Dialling only the main number would ring somebody else.
    #[error("holds an extension, which cannot be dialled: send the complete direct number")]
    Extension,
    /// It is more than one number.
    #[error("holds more than one number: send exactly one")]
    SeveralNumbers,
    /// It has neither `+` nor a leading `0`, so it could be a local number in any town.
    #[error("has neither a country code with + nor a leading 0, so nobody can tell whose number it is")]
    NoPrefix,
    /// Two readings are plausible, and the wrong one would ring a stranger.
    #[error("can be read as two different numbers: send it with + and country code")]
    Ambiguous,
    /// No country uses this calling code.
    #[error("begins with a country code that is not in use")]
    UnassignedCountryCode,
    /// The calling code belongs to a satellite network or an international service.
    #[error(
        "belongs to no country but to a satellite network or an international service, which is never dialled"
    )]
    NoCountry,
    /// It has fewer digits than any number of the country.
    #[error("is too short to be a complete number with its area code")]
    TooShort,
    /// It has more digits than E.164 or the country allows.
    #[error("is too long to be a telephone number")]
    TooLong,
    /// The country has no numbers of this form.
    #[error("is not possible as a number of its country")]
    Impossible,
    /// It is an emergency number or a short code.
    #[error("is an emergency or short number, which is never dialled")]
    EmergencyOrShort,
    /// It is a number that costs the caller extra.
    #[error("is a premium-rate number, which is never dialled")]
    PremiumRate,
    /// It is a service number whose cost caller and owner share.
    #[error("is a shared-cost service number, which is never dialled")]
    SharedCost,
}

impl PhoneNumber {
    /// Parses a number as people write it; Germany is the default region.
    ///
    /// The rules of this module parse the text, and libphonenumber's metadata judge the result. The `phonenumber`
    /// crate's own parser is not used: it silently drops letters, extensions and second numbers, and strips a prefix if
    /// the number merely begins like one, so it would sometimes ring somebody else.
    pub fn parse(raw: &str) -> Result<Self, PhoneError> {
        let written = Written::read(raw)?;
        match &written {
            Written::International { digits } => Self::international(digits),
            Written::National { number } => Self::german(number),
            Written::Bare { digits, germany_apart } => Self::bare(digits, *germany_apart),
        }
    }

    /// The number in E.164 form, for the step that dials.
    #[must_use]
    pub fn e164(&self) -> &str {
        self.e164.reveal()
    }

    /// The country of the number. If the number is not valid, it is the main country of the calling code.
    #[must_use]
    pub const fn country(&self) -> CountryCode {
        self.country
    }

    /// What kind of connection the number belongs to. [`NumberKind::Unknown`] if the number is possible, but not valid.
    #[must_use]
    pub fn kind(&self) -> NumberKind {
        let national = self.national();
        NumberingPlan::of(self.calling_code).map_or(NumberKind::Unknown, |plan| plan.kind(national))
    }

    /// All that a log may show of the number: `+49…001`. If the number is so short that three digits would be about
    /// half of it, only the calling code is shown.
    #[must_use]
    pub fn masked(&self) -> String {
        let national = self.national();
        let shown = if national.len() < 7 { national.len() } else { national.len() - 3 };
        format!("+{}…{}", self.calling_code, national.get(shown..).unwrap_or_default())
    }

    /// The national number: without `+` and calling code.
    fn national(&self) -> &str {
        let code = self.calling_code.to_string();
        self.e164().get(1 + code.len()..).unwrap_or_default()
    }

    /// Parses digits that begin with a calling code.
    fn international(digits: &str) -> Result<Self, PhoneError> {
        // `+030` is a national number with a stray +, and not Greece (+30).
        if digits.starts_with('0') {
            return Err(PhoneError::UnassignedCountryCode);
        }
        // Calling codes have one to three digits, and none is a prefix of another.
        for length in 1..=3 {
            let Some((code, national)) = digits.split_at_checked(length) else { break };
            let Some(plan) = code.parse().ok().and_then(NumberingPlan::of) else { continue };
            return Self::in_plan(&plan, national);
        }
        Err(if digits.len() <= 3 { PhoneError::EmergencyOrShort } else { PhoneError::UnassignedCountryCode })
    }

    /// Parses a German number without its leading 0.
    fn german(number: &str) -> Result<Self, PhoneError> {
        let plan = NumberingPlan::of(GERMANY).ok_or(PhoneError::Impossible)?;
        // `011 49 …` is how to dial Germany from North America. Read as a German number, it would be an emergency
        // number.
        if number.strip_prefix("1149").is_some_and(|national| plan.is_valid(national)) {
            return Err(PhoneError::Ambiguous);
        }
        Self::in_plan(&plan, number)
    }

    /// Parses digits with neither `+` nor a leading 0.
    ///
    /// Only two readings are safe enough to be dialled: a German number whose `+` was forgotten, and a German mobile
    /// number whose 0 was swallowed by a spreadsheet. Anything else could be a local number without its area code.
    fn bare(digits: &str, germany_apart: bool) -> Result<Self, PhoneError> {
        if digits.len() < MIN_DIGITS {
            return Err(PhoneError::EmergencyOrShort);
        }
        let plan = NumberingPlan::of(GERMANY).ok_or(PhoneError::Impossible)?;
        if plan.is_mobile(digits) {
            return Self::in_plan(&plan, digits);
        }
        let Some(national) = digits.strip_prefix("49") else { return Err(PhoneError::NoPrefix) };
        if !plan.is_valid(national) && !plan.is_valid(without_trunk_prefix(national)) {
            return Err(PhoneError::NoPrefix);
        }
        // The area codes 04900 to 04999 exist: `4921…` can be Emden without its 0 or Düsseldorf without its +.
        let is_east_frisian = digits.len() <= MAX_GERMAN_DIGITS && plan.is_valid(digits);
        if is_east_frisian && !germany_apart {
            return Err(PhoneError::Ambiguous);
        }
        Self::in_plan(&plan, national)
    }

    fn in_plan(plan: &NumberingPlan, written: &str) -> Result<Self, PhoneError> {
        let national = plan.significant_number(written);
        if plan.is_premium_rate(national) {
            return Err(PhoneError::PremiumRate);
        }
        if plan.is_shared_cost(national) {
            return Err(PhoneError::SharedCost);
        }
        if national.len() <= 3 || plan.is_emergency_or_short(national) {
            return Err(PhoneError::EmergencyOrShort);
        }
        let country = plan.country(national).ok_or(PhoneError::NoCountry)?;
        let e164 = format!("+{}{national}", plan.calling_code());
        if e164.len() - 1 > MAX_DIGITS {
            return Err(PhoneError::TooLong);
        }
        if e164.len() - 1 < MIN_DIGITS {
            return Err(PhoneError::TooShort);
        }
        if !plan.is_valid(national) {
            plan.check_possible(national)?;
        }
        Ok(Self { e164: Private::new(e164), calling_code: plan.calling_code(), country })
    }
}

fn without_trunk_prefix(national: &str) -> &str {
    national.strip_prefix('0').unwrap_or(national)
}

#[cfg(test)]
mod tests;
