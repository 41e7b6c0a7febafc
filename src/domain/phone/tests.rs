use phonenumber::metadata::{Descriptor, Descriptors};
use proptest::prelude::*;

use super::*;

fn e164(raw: &str) -> Result<String, PhoneError> {
    PhoneNumber::parse(raw).map(|number| number.e164().to_owned())
}

/// An example among libphonenumber's data, which is no subscriber's number as far as its authors know. Where a range is
/// reserved for fiction, that is used instead.
struct Example {
    calling_code: u16,
    national: String,
}

fn example(country: &str, kind: fn(&Descriptors) -> Option<&Descriptor>) -> Example {
    let region = phonenumber::metadata::DATABASE.by_id(country).expect("a country");
    let national = kind(region.descriptors()).and_then(Descriptor::example).expect("an example").to_owned();
    Example { calling_code: region.country_code(), national }
}

fn fixed_line(country: &str) -> Example {
    example(country, Descriptors::fixed_line)
}

fn mobile(country: &str) -> Example {
    example(country, Descriptors::mobile)
}

impl Example {
    fn e164(&self) -> String {
        format!("+{}{}", self.calling_code, self.national)
    }

    /// Its national digits, two by two.
    fn spaced(&self) -> String {
        let pairs = self.national.as_bytes().chunks(2).map(String::from_utf8_lossy);
        pairs.collect::<Vec<_>>().join(" ")
    }
}

#[track_caller]
fn assert_read_as(expected: &str, spellings: &[&str]) {
    for raw in spellings {
        assert_eq!(e164(raw).as_deref(), Ok(expected), "{raw:?}");
    }
}

#[track_caller]
fn assert_refused(expected: PhoneError, spellings: &[&str]) {
    for raw in spellings {
        assert_eq!(e164(raw), Err(expected), "{raw:?}");
    }
}

#[test]
fn german_numbers_are_read_as_people_write_them() {
    assert_read_as(
        "+493023125001",
        &[
            "+493023125001",
            "030 23125001",
            "03023125001",
            "  030 23125001\n",
            "+49 (0)30 23125-001",
            "+49 (0) 30 / 23125 001",
            "+49(30)23125001",
            "(+49) 30 23125001",
            "+49 030 23125001",
            "0049 30 23125001",
            "0049 (0)30 23125001",
            "0049/30/23125001",
            "00 49 30 23125001",
            "+0049 30 23125001",
            "030/23125-001",
            "(030) 23125001",
            "[030] 23.125.001",
            "030–23125—001",
            "030\u{A0}231\u{202F}25001",
            "\u{202A}+49 30 23125001\u{202C}",
            "０３０ ２３１２５００１",
            "＋４９（０）３０／２３１２５－００１",
            "٠٣٠٢٣١٢٥٠٠١",
            "tel:+49-30-23125001",
            "TEL: 030 23125001",
            "tel:03023125001",
        ],
    );
}

#[test]
fn a_forgotten_plus_is_seen_where_only_that_reading_is_a_valid_number() {
    assert_read_as(
        "+493023125001",
        &["49 30 23125001", "493023125001", "49 (0)30 23125001", "(49) 30/23125001"],
    );
    assert_read_as("+498999998001", &["49 89 99998001", "498999998001"]);
    // Emden (04921) without its 0, or Düsseldorf (0211) without its +.
    assert_refused(PhoneError::Ambiguous, &["492112345", "4921 12345"]);
    assert_read_as("+492112345", &["49 211 2345"]);
    // Only possible, not valid, so no + is assumed.
    assert_refused(PhoneError::NoPrefix, &["49 1234567890", "491234567890"]);
}

#[test]
fn a_mobile_number_may_have_lost_its_zero_in_a_spreadsheet() {
    // Reserved for fiction by their operators (Bundesnetzagentur, Mitteilung 148/2021).
    assert_eq!(e164("1713920012").as_deref(), Ok("+491713920012"));
    assert_eq!(e164("15228817386").as_deref(), Ok("+4915228817386"));
}

#[test]
fn a_number_that_may_be_a_local_one_is_not_guessed() {
    // A Berlin number without 030 would ring Dortmund (0231).
    assert_refused(PhoneError::NoPrefix, &["23125001", "2312 5001", "99998001", "3023125001", "9001234567"]);
}

#[test]
fn a_calling_code_written_twice_is_not_guessed() {
    assert_refused(PhoneError::Ambiguous, &["+49 4930 23125001", "049 30 23125001", "0049 49 30 23125001"]);
}

#[test]
fn an_american_prefix_is_no_emergency_call_and_not_guessed() {
    assert_refused(PhoneError::Ambiguous, &["011 49 30 23125001", "0114930 23125001"]);
    assert_refused(PhoneError::EmergencyOrShort, &["0112 3456789", "0110 4930", "011 49", "0114 9302"]);
}

#[test]
fn the_published_sample_number_is_possible_and_so_accepted() {
    assert_read_as("+491234567890", &["+491234567890", "01234567890", "0049 1234567890"]);
}

#[test]
fn valid_numbers_of_any_country_are_accepted() {
    // Nothing within 032 is reserved for fiction, and there is no example; a line of zeros is the least likely to ring.
    assert_of_country("+49 32 000000000", "+4932000000000", "DE");
    // Reserved for fiction: NANP 555-01xx, Ofcom's 020 7946 0xxx, ARCEP's 01 99 00 xx xx.
    for (raw, expected, country) in [
        ("+1 201-555-0123", "+12015550123", "US"),
        ("+1 (1) 201-555-0123", "+12015550123", "US"),
        ("+1 506 555 0123", "+15065550123", "CA"),
        ("+33 (0)1 99 00 12 34", "+33199001234", "FR"),
        ("+44 (0)20 7946 0123", "+442079460123", "GB"),
    ] {
        assert_of_country(raw, expected, country);
    }
    for (before, country, number) in [
        ("+43 ", "AT", fixed_line("AT")),
        ("+43 (0)", "AT", mobile("AT")),
        ("0041 ", "CH", fixed_line("CH")),
        ("+39 ", "IT", fixed_line("IT")),
        ("+48 ", "PL", fixed_line("PL")),
        ("+44 ", "GG", fixed_line("GG")),
        ("+90 (0)", "TR", fixed_line("TR")),
        ("+7 ", "RU", fixed_line("RU")),
        ("+7 8 ", "RU", fixed_line("RU")),
        ("+352 ", "LU", fixed_line("LU")),
    ] {
        assert_of_country(&format!("{before}{}", number.spaced()), &number.e164(), country);
    }
    // There the zero belongs to the number, even in brackets.
    let italian = fixed_line("IT");
    let rest = italian.national.strip_prefix('0').expect("a zero");
    assert_of_country(&format!("+39 (0){rest}"), &italian.e164(), "IT");
}

#[track_caller]
fn assert_of_country(raw: &str, expected: &str, country: &str) {
    let number = PhoneNumber::parse(raw).unwrap_or_else(|error| panic!("{raw}: {error}"));
    assert_eq!(number.e164(), expected, "{raw}");
    assert_eq!(Some(number.country()), CountryCode::parse(country), "{raw}");
}

#[test]
fn numbers_of_satellites_and_international_services_are_refused() {
    assert_refused(
        PhoneError::NoCountry,
        &[
            "+800 12345678",
            "+800 123456789",
            "+870 773 111 632",
            "+878 10 1234567890",
            "+881 6 3645 1234",
            "+882 16 12345678",
            "+883 5100 1234 5678",
        ],
    );
}

#[test]
fn emergency_and_short_numbers_are_refused() {
    assert_refused(
        PhoneError::EmergencyOrShort,
        &[
            "110",
            "112",
            "115",
            "116117",
            "116 117",
            "11833",
            "118 33",
            "19222",
            "911",
            "999",
            "144",
            "22 33",
            "0110",
            "0112",
            "0116117",
            "011833",
            "019222",
            "+49110",
            "+49 112",
            "+49 115",
            "0049 116117",
            "+49 (0)118 33",
            "+43 118 11",
            "+43 118 811",
            "+40 118 335",
            "+27 10177",
            "+27 10111",
            "+49 19222",
            "+49112123456",
            "+49 110 1234567",
            "030 110",
            "030 112",
            "030 19222",
            "0211 112",
            "0211 19222",
            "+1 911",
            "+1 911 555 0100",
            "+44 999",
            "+44 999 123 4567",
            "+43 144",
            "+112",
            "+911",
            "+110",
            "+999",
            "010 33 030 23125001",
            "1 1 2",
            "１１２",
            "tel:112",
            "00112",
        ],
    );
    assert_refused(PhoneError::TooShort, &["+43 1450", "+41 1811"]);
}

#[test]
fn premium_rate_numbers_are_refused_even_with_digits_too_many_or_too_few() {
    assert_refused(
        PhoneError::PremiumRate,
        &[
            "0900 1 123456",
            "+49 900 3 123456",
            "0900 1 12",
            "0900 1 123456 789",
            "0137 1234567",
            "0137 7 123456",
            "0138 12345",
            "0190 123456",
            "+1 900 555 0123",
            "+1 900 123",
            "+979 123456789",
            "+979 1234",
            "+1 212 976 1212",
            "+34 905 123 456",
            "+43 900 123456",
            "+43 900 123456 7890",
            "+39 892 123 456",
            "+41 900 123 456",
            "+44 909 879 0000",
            "49 900 1 123456",
        ],
    );
}

#[test]
fn shared_cost_numbers_are_refused() {
    assert_refused(PhoneError::SharedCost, &["0180 5 123456", "+49 1805 12345", "0180 123", "+808 12345678"]);
}

#[test]
fn impossible_numbers_are_refused() {
    assert_refused(PhoneError::TooShort, &["+49 1234", "030 12", "+49 123456", "+1 201 555", "+44 1234 56"]);
    assert_refused(
        PhoneError::TooLong,
        &["030 23125001 030 23125002", "+49 30 23125001 2345678", "+1 201 555 01234"],
    );
    assert_refused(PhoneError::Impossible, &["+49 00 30 23125001"]);
    assert_refused(
        PhoneError::UnassignedCountryCode,
        &["+999 12345678", "+210 1234567", "+030 23125001", "000 30 23125001"],
    );
}

#[test]
fn letters_extensions_and_several_numbers_are_refused() {
    assert_refused(PhoneError::Empty, &["", "  ", "\u{200B}\t", "tel:"]);
    assert_refused(
        PhoneError::NotANumber,
        &["+", "-", "keine", "n/a", "030 23125001!", "030_23125001", "*21#", "☎ 030 23125001"],
    );
    assert_refused(
        PhoneError::Letters,
        &[
            "0800 TEST123",
            "030 23125001 privat",
            "Mobil: 0171 3920012",
            "O30 23125001",
            "erika@example.org 030",
        ],
    );
    assert_refused(
        PhoneError::Extension,
        &[
            "030 23125001 ext. 12",
            "030 23125001 Durchwahl 12",
            "030 23125-0 DW 12",
            "030 23125001x12",
            "tel:+49-30-23125001;ext=12",
            "030 23125001 App. 3",
            "030 23125001#12",
            "+49 30 23125001 Nebenstelle 4",
        ],
    );
    assert_refused(
        PhoneError::SeveralNumbers,
        &[
            "030 23125001, 030 23125002",
            "030 23125001 oder 030 23125002",
            "030 23125001 / 030 23125002",
            "030 23125001;089 99998001",
            "+49 30 23125001 +49 30 23125002",
            "030 23125001/002",
            // Short, as those of small places are. Nobody's: no subscriber's number begins with 0.
            "06221 0234/0235",
            "04725 01\n04725 02",
            "++49 30 23125001",
            "030 23125001,12",
        ],
    );
}

#[test]
fn an_error_tells_what_to_do_and_holds_nothing_of_the_number() {
    let error = PhoneNumber::parse("0900 1 123456").expect_err("premium rate");
    assert_eq!(error.to_string(), "is a premium-rate number, which is never dialled");
    assert!(!format!("{error:?}").contains("123"));
}

#[test]
fn a_log_sees_calling_code_and_last_three_digits_at_most() {
    let masked = |raw: &str| PhoneNumber::parse(raw).expect("a number").masked();
    assert_eq!(masked("030 23125001"), "+49…001");
    assert_eq!(masked("+1 201 555 0123"), "+1…123");
    let luxembourg = fixed_line("LU");
    let last_three = &luxembourg.national[luxembourg.national.len() - 3..];
    assert_eq!(masked(&luxembourg.e164()), format!("+352…{last_three}"));
    assert_eq!(masked(&fixed_line("SH").e164()), "+290…", "it is short");
    let shown = format!("{:?}", PhoneNumber::parse("030 23125001").expect("a number"));
    assert!(!shown.contains("001"), "{shown}");
}

fn check(raw: &str) -> Result<(), TestCaseError> {
    let Ok(number) = PhoneNumber::parse(raw) else { return Ok(()) };
    let digits = number.e164().strip_prefix('+').unwrap_or_default();
    prop_assert!((MIN_DIGITS..=MAX_DIGITS).contains(&digits.len()), "{}", number.e164());
    prop_assert!(digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0'), "{}", number.e164());
    prop_assert_eq!(PhoneNumber::parse(number.e164()), Ok(number.clone()));
    prop_assert!(number.masked().chars().filter(char::is_ascii_digit).count() <= 6);
    Ok(())
}

#[test]
fn a_number_tells_its_kind_and_one_of_no_range_in_use_tells_none() {
    for (raw, kind) in [
        ("030 23125001", NumberKind::FixedLine),
        ("089 99998001", NumberKind::FixedLine),
        ("0171 3920012", NumberKind::Mobile),
        (&example("DE", Descriptors::toll_free).e164(), NumberKind::TollFree),
        (&example("DE", Descriptors::personal_number).e164(), NumberKind::Personal),
        ("+1 201 555 0123", NumberKind::FixedLineOrMobile),
        ("+491234567890", NumberKind::Unknown),
    ] {
        assert_eq!(PhoneNumber::parse(raw).expect("a number").kind(), kind, "{raw}");
    }
}

proptest! {
    #[test]
    fn no_text_panics_and_what_is_read_reads_as_itself(raw in ".*") {
        check(&raw)?;
    }

    #[test]
    fn no_digits_panic_and_what_is_read_reads_as_itself(raw in "(\\+|00|0|\\+49|\\+1|)[0-9]{0,20}") {
        check(&raw)?;
    }

    #[test]
    fn no_spelling_panics_and_what_is_read_reads_as_itself(raw in "(tel:)?[+0-9 ()/.,;x#*\\-]{0,24}") {
        check(&raw)?;
    }
}

#[test]
fn the_example_numbers_of_every_country_are_read_unchanged_or_refused_by_their_kind() {
    let mut seen = 0;
    for region in phonenumber::metadata::DATABASE.iter() {
        let kinds = region.descriptors();
        let example = |kind: Option<&Descriptor>| {
            kind.and_then(|kind| kind.example())
                .map(|national| format!("+{}{national}", region.country_code()))
        };
        for raw in [kinds.fixed_line(), kinds.mobile(), kinds.voip()].map(example).into_iter().flatten() {
            let number = PhoneNumber::parse(&raw).unwrap_or_else(|error| panic!("{raw}: {error}"));
            assert_eq!(number.e164(), raw);
            // The ranges of small territories may lie within those of their main country.
            let sharing = phonenumber::metadata::DATABASE.by_code(&region.country_code()).unwrap();
            if sharing.len() == 1 {
                assert_eq!(Some(number.country()), CountryCode::parse(region.id()), "{raw}");
            }
            seen += 1;
        }
        for raw in [kinds.premium_rate(), kinds.shared_cost()].map(example).into_iter().flatten() {
            assert!(
                matches!(e164(&raw), Err(PhoneError::PremiumRate | PhoneError::SharedCost)),
                "{raw} of {} is not refused: {:?}",
                region.id(),
                e164(&raw)
            );
        }
    }
    assert!(seen > 400, "only {seen} numbers were tried");
}
