//! What libphonenumber knows of the world's telephone numbers, as a table that `build.rs` writes.

use std::sync::OnceLock;

use regex::Regex;

// `static REGIONS: [Region; …]`, by their calling codes; of several with the same code, the main one is first.
include!(concat!(env!("OUT_DIR"), "/phone_regions.rs"));

/// The numbers of a country or of another region with numbers of its own.
pub(super) struct Region {
    /// Two letters, or `001` for a network or service that belongs to no country.
    pub(super) id: &'static str,
    calling_code: u16,
    /// What is dialled before a national number within the country.
    pub(super) national_prefix: Option<&'static str>,
    /// How a region's numbers begin, if it is one of the smaller ones that share a calling code.
    pub(super) leading_digits: Option<Pattern>,
    /// Any number of the region.
    pub(super) general: Pattern,
    pub(super) fixed_line: Option<Kind>,
    pub(super) mobile: Option<Kind>,
    pub(super) toll_free: Option<Kind>,
    pub(super) premium_rate: Option<Kind>,
    pub(super) shared_cost: Option<Kind>,
    pub(super) personal_number: Option<Kind>,
    pub(super) voip: Option<Kind>,
    pub(super) pager: Option<Kind>,
    pub(super) uan: Option<Kind>,
    pub(super) voicemail: Option<Kind>,
}

/// The numbers of one kind.
pub(super) struct Kind {
    pub(super) pattern: Pattern,
    /// How many digits they have.
    pub(super) lengths: &'static [usize],
}

/// A pattern for the ASCII digits of a national number. It is compiled when it is first needed: most countries' never
/// are.
pub(super) struct Pattern {
    source: &'static str,
    whole: OnceLock<Regex>,
    beginning: OnceLock<Regex>,
}

/// The regions that share a calling code, the main one first; none if the code is not in use.
pub(super) fn regions_of(calling_code: u16) -> &'static [Region] {
    let begin = REGIONS.partition_point(|region| region.calling_code < calling_code);
    let rest = &REGIONS[begin..];
    &rest[..rest.partition_point(|region| region.calling_code == calling_code)]
}

/// Whether there are numbers for this region.
pub(super) fn is_region(id: &str) -> bool {
    REGIONS.iter().any(|region| region.id == id)
}

impl Region {
    /// Whether the number is complete, and of some kind.
    pub(super) fn has(&self, national: &str) -> bool {
        self.general.matches_whole(national) && self.kinds().any(|kind| kind.is_kind_of(national))
    }

    fn kinds(&self) -> impl Iterator<Item = &Kind> {
        [
            &self.fixed_line,
            &self.mobile,
            &self.toll_free,
            &self.premium_rate,
            &self.shared_cost,
            &self.personal_number,
            &self.voip,
            &self.pager,
            &self.uan,
            &self.voicemail,
        ]
        .into_iter()
        .flatten()
    }
}

impl Kind {
    pub(super) fn is_kind_of(&self, national: &str) -> bool {
        self.lengths.contains(&national.len()) && self.pattern.matches_whole(national)
    }
}

impl Pattern {
    const fn new(source: &'static str) -> Self {
        Self { source, whole: OnceLock::new(), beginning: OnceLock::new() }
    }

    pub(super) fn matches_whole(&self, national: &str) -> bool {
        self.whole.get_or_init(|| self.compiled(r"\z")).is_match(national)
    }

    /// Whether a number begins with what matches the pattern.
    pub(super) fn matches_beginning(&self, national: &str) -> bool {
        self.beginning.get_or_init(|| self.compiled("")).is_match(national)
    }

    /// ASCII only: with Unicode's digits, the patterns would take a multiple of time and memory.
    fn compiled(&self, end: &str) -> Regex {
        Regex::new(&format!(r"(?-u)\A(?:{}){end}", self.source)).expect("the metadata's patterns are valid")
    }
}

#[cfg(test)]
mod tests {
    use phonenumber::metadata::DATABASE;

    use super::*;

    impl Region {
        fn patterns(&self) -> impl Iterator<Item = &Pattern> {
            let kinds = self.kinds().map(|kind| &kind.pattern);
            kinds.chain([&self.general]).chain(&self.leading_digits)
        }
    }

    #[test]
    fn every_pattern_can_be_compiled_and_needs_at_least_a_digit() {
        for pattern in REGIONS.iter().flat_map(Region::patterns) {
            assert!(!pattern.matches_whole(""), "{}", pattern.source);
            assert!(!pattern.matches_beginning(""), "{}", pattern.source);
        }
    }

    #[test]
    fn every_calling_code_has_its_regions_the_main_one_first() {
        for calling_code in 0..=u16::MAX {
            let in_metadata = DATABASE.by_code(&calling_code).unwrap_or_default();
            let ids: Vec<_> = regions_of(calling_code).iter().map(|region| region.id).collect();
            assert_eq!(
                ids,
                in_metadata.iter().map(|region| region.id()).collect::<Vec<_>>(),
                "{calling_code}"
            );
        }
        assert_eq!(regions_of(49).len(), 1);
        assert_eq!(regions_of(44)[0].id, "GB");
        assert_eq!(regions_of(1)[0].id, "US");
        assert!(is_region("DE") && !is_region("XX"));
    }
}
