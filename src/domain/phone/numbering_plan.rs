//! What libphonenumber's metadata say about the numbers of one calling code.

use super::metadata::{Kind, Region, regions_of};
use super::{CountryCode, GERMANY, NumberKind, PhoneError};

/// Prefixes of national numbers that Germany's numbering plan reserves.
///
/// The metadata know only complete numbers. But networks ignore excess digits, so a number of any length with such a
/// prefix may reach the service. Source: Bundesnetzagentur, overview of number ranges.
const GERMAN_SHORT: [&str; 2] = ["10", "11"];
const GERMAN_PREMIUM_RATE: [&str; 4] = ["900", "190", "137", "138"];
const GERMAN_SHARED_COST: [&str; 1] = ["180"];

/// Emergency numbers of most of the world and of South Africa, and Europe's directory enquiries (118). An invalid
/// number that begins with one of them is too risky to dial.
const EMERGENCY: [&str; 9] = ["110", "112", "911", "999", "000", "995", "10111", "10177", "118"];

/// Spanish numbers for voting and betting, which the metadata do not list as premium rate.
const SPAIN: u16 = 34;
const SPANISH_PREMIUM_RATE: &str = "905";

/// The fewest digits, area code included, of a German number that is dialled although the metadata call it invalid. One
/// with fewer was most likely cut off.
const MIN_GERMAN_DIGITS: usize = 7;

/// The numbering plan behind a calling code: that of one country, or those of several, as with +1.
pub(super) struct NumberingPlan {
    calling_code: u16,
    regions: &'static [Region],
}

impl NumberingPlan {
    /// `None` if the calling code is not in use.
    pub(super) fn of(calling_code: u16) -> Option<Self> {
        let regions = regions_of(calling_code);
        (!regions.is_empty()).then_some(Self { calling_code, regions })
    }

    pub(super) const fn calling_code(&self) -> u16 {
        self.calling_code
    }

    /// The number without a national prefix that was written after the calling code although it does not belong there:
    /// `+49 (0)30`.
    ///
    /// A number that is valid as it stands keeps all its digits: Italian ones begin with a 0 of their own.
    pub(super) fn significant_number<'a>(&self, written: &'a str) -> &'a str {
        let prefix = self.regions.iter().find_map(|region| region.national_prefix).unwrap_or_default();
        let Some(stripped) = written.strip_prefix(prefix).filter(|_| !prefix.is_empty()) else {
            return written;
        };
        if self.is_valid(written) {
            return written;
        }
        if self.is_valid(stripped) || prefix.starts_with('0') {
            return stripped;
        }
        // Prefixes such as 1 or 8 may also be the first digit of a number.
        if self.has_personal_length(written) { written } else { stripped }
    }

    /// Whether the number is complete and in a range that is in use.
    pub(super) fn is_valid(&self, national: &str) -> bool {
        self.regions.iter().any(|region| region.has(national))
    }

    pub(super) fn is_mobile(&self, national: &str) -> bool {
        self.any_of(national, |region| region.mobile.as_ref())
    }

    pub(super) fn is_emergency_or_short(&self, national: &str) -> bool {
        let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| national.starts_with(prefix));
        match self.calling_code {
            GERMANY => begins(&GERMAN_SHORT) || is_german_emergency_with_area_code(national),
            // N11 codes are services all over North America, and never area codes.
            1 => national.get(1..3) == Some("11"),
            _ => begins(&EMERGENCY) && !self.is_valid(national),
        }
    }

    pub(super) fn is_premium_rate(&self, national: &str) -> bool {
        let is_reserved = match self.calling_code {
            GERMANY => GERMAN_PREMIUM_RATE.iter().any(|prefix| national.starts_with(prefix)),
            // Apart from 900, exchange 976 in every area code is for pay-per-call services.
            1 => national.starts_with("900") || national.get(3..6) == Some("976"),
            SPAIN => national.starts_with(SPANISH_PREMIUM_RATE),
            // International premium rate service (ITU-T E.169.2).
            979 => true,
            _ => false,
        };
        is_reserved || self.costs_extra(national, |region| region.premium_rate.as_ref())
    }

    pub(super) fn is_shared_cost(&self, national: &str) -> bool {
        let is_reserved = match self.calling_code {
            GERMANY => GERMAN_SHARED_COST.iter().any(|prefix| national.starts_with(prefix)),
            // International shared cost service (ITU-T E.169.3).
            808 => true,
            _ => false,
        };
        is_reserved || self.costs_extra(national, |region| region.shared_cost.as_ref())
    }

    /// Checks that a number that is not valid could at least be the complete number of a person.
    pub(super) fn check_possible(&self, national: &str) -> Result<(), PhoneError> {
        // A calling code that is written twice (`+49 4930…`), or follows a 0 (`049 30…`).
        let twice = national.strip_prefix(self.calling_code.to_string().as_str());
        if twice.is_some_and(|rest| self.is_valid(rest)) {
            return Err(PhoneError::Ambiguous);
        }
        // No national number begins with the national prefix 0.
        if national.starts_with('0') {
            return Err(PhoneError::Impossible);
        }
        let lengths = || self.regions.iter().flat_map(personal_lengths);
        let shortest = match self.calling_code {
            GERMANY => MIN_GERMAN_DIGITS,
            _ => lengths().min().unwrap_or(usize::MAX),
        };
        if national.len() < shortest {
            return Err(PhoneError::TooShort);
        }
        if lengths().max().is_none_or(|longest| national.len() > longest) {
            return Err(PhoneError::TooLong);
        }
        if !self.has_personal_length(national) {
            return Err(PhoneError::Impossible);
        }
        Ok(())
    }

    /// The country of a number, or the main one of the calling code for a number that is not valid.
    ///
    /// `None` if the number belongs to a satellite network, another network or an international service: it costs as
    /// much per minute as premium rate, and is no candidate's.
    pub(super) fn country(&self, national: &str) -> Option<CountryCode> {
        // The metadata give the smaller members of a shared calling code their own leading digits.
        let leads = |region: &&Region| {
            region.leading_digits.as_ref().is_some_and(|digits| digits.matches_beginning(national))
        };
        let mut regions = self.regions.iter();
        let region = regions
            .clone()
            .filter(leads)
            .chain(regions.clone())
            .find(|region| region.has(national))
            .or_else(|| regions.next())?;
        // Non-geographic codes have the region 001, which is not two letters.
        CountryCode::parse(region.id)
    }

    /// The kind of a number, [`NumberKind::Unknown`] if it is not valid.
    pub(super) fn kind(&self, national: &str) -> NumberKind {
        let kinds = self.regions.iter().filter(|region| region.general.matches_whole(national));
        kinds
            .map(|region| kind_in(region, national))
            .find(|kind| *kind != NumberKind::Unknown)
            .unwrap_or(NumberKind::Unknown)
    }

    fn has_personal_length(&self, national: &str) -> bool {
        self.regions.iter().flat_map(personal_lengths).any(|length| length == national.len())
    }

    fn any_of(&self, national: &str, of: impl Fn(&Region) -> Option<&Kind>) -> bool {
        self.regions.iter().any(|region| of(region).is_some_and(|kind| kind.is_kind_of(national)))
    }

    /// Whether the number is of a kind that costs extra, or begins with a complete number of that kind and is not valid
    /// as anything else: networks ignore excess digits.
    fn costs_extra(&self, national: &str, of: impl Fn(&Region) -> Option<&Kind>) -> bool {
        let begins = || {
            let mut kinds = self.regions.iter().filter_map(&of);
            kinds.any(|kind| kind.pattern.matches_beginning(national))
        };
        self.any_of(national, &of) || (begins() && !self.is_valid(national))
    }
}

/// 110, 112 and the rescue service's 19222, behind an area code.
fn is_german_emergency_with_area_code(national: &str) -> bool {
    (national.len() <= 6 && (national.ends_with("110") || national.ends_with("112")))
        || national == "19222"
        || (national.len() <= 8 && national.ends_with("19222"))
}

/// Premium-rate and shared-cost numbers are left out: they are refused before anybody asks for their kind.
fn kind_in(region: &Region, national: &str) -> NumberKind {
    let is = |kind: &Option<Kind>| kind.as_ref().is_some_and(|kind| kind.is_kind_of(national));
    match (is(&region.fixed_line), is(&region.mobile)) {
        (true, true) => return NumberKind::FixedLineOrMobile,
        (true, false) => return NumberKind::FixedLine,
        (false, true) => return NumberKind::Mobile,
        (false, false) => {}
    }
    let others = [
        (&region.toll_free, NumberKind::TollFree),
        (&region.personal_number, NumberKind::Personal),
        (&region.voip, NumberKind::Voip),
        (&region.pager, NumberKind::Pager),
        (&region.uan, NumberKind::Uan),
        (&region.voicemail, NumberKind::Voicemail),
    ];
    others.into_iter().find(|(kind, _)| is(kind)).map_or(NumberKind::Unknown, |(_, kind)| kind)
}

/// The possible lengths of the kinds of numbers that a person may have.
fn personal_lengths(region: &Region) -> impl Iterator<Item = usize> {
    let kinds = [&region.fixed_line, &region.mobile, &region.voip, &region.personal_number];
    kinds.into_iter().flatten().flat_map(|kind| kind.lengths.iter().copied())
}
