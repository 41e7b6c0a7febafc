use proptest::prelude::*;

use super::*;

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn line(text: &str) -> String {
    single_spaced(&removed(text))
}

#[test]
fn a_note_that_begins_with_a_contact_person_is_recognised() {
    for note in [
        "AP: Beispiel, beispiel@example.org",
        "- AP: Frau Beispiel",
        "ap : Beispiel",
        "AP – Frau Beispiel",
        "AP Frau Beispiel",
        "AP Beispiel, Personal",
        "AP Erika Beispiel, Personal",
        "Ansprechpartner Erika Beispiel",
        "Ansprechpartnerin ist Erika Beispiel",
        "Ansprechpartner(in): Beispiel",
        "Ansprechpartner*in Beispiel",
        "ANSPRECHPERSON: Beispiel",
        "Kontaktperson vor Ort Beispiel",
        "Kontakt: Beispiel",
        "Kontaktdaten: 030",
        "• Ansprechpartner/-in:\nErika Beispiel",
    ] {
        assert!(is_contact_note(note), "{note:?}");
    }
}

#[test]
fn a_note_about_something_else_is_kept() {
    for note in [
        "AP oder GKP mit Examen",
        "AP Examen",
        "APIs entwickeln",
        "Apothekenhelfer: drei Jahre",
        "Kontakt mit Kunden macht Ihnen Freude?",
        "Kontaktfreudig: ja",
        "Erfahrung als Ansprechpartner für Eltern",
        "Standort: Am Musterweg 1",
        "Wie lautet Ihre E-Mail-Adresse?",
        "Spreche ich mit Frau {{last_name}}?",
    ] {
        assert!(!is_contact_note(note), "{note:?}");
        assert_eq!(removed(note), note);
    }
}

#[test]
fn a_contact_person_inside_a_text_is_cut_to_the_end_of_the_sentence_or_line() {
    for (text, expected) in [
        (
            "Haus Nord. AP: Frau Beispiel. Die Stelle ist unbefristet.",
            "Haus Nord. Die Stelle ist unbefristet.",
        ),
        ("Haus Nord\nAP: Fr. Dr. Beispiel, Tel. 030 23125001\nVollzeit", "Haus Nord\nVollzeit"),
        ("Haus Nord\nAnsprechpartnerin:\nErika Beispiel\nVollzeit", "Haus Nord\nVollzeit"),
        ("Haus Nord (AP: Frau Beispiel) in Teilzeit", "Haus Nord in Teilzeit"),
        ("Haus Nord, Ihre Ansprechpartnerin Frau Beispiel hilft", "Haus Nord, Ihre"),
        ("Haus Nord. Ihr Ansprechpartner vor Ort ist Max Beispiel", "Haus Nord. Ihr"),
        ("Haus Nord. Ansprechpartner Max Beispiel, Leitung", "Haus Nord."),
        ("Haus Nord - Kontakt: Max Beispiel", "Haus Nord"),
        ("Haus Nord, Ansprechpartner:in: Max Beispiel", "Haus Nord"),
    ] {
        let kept = removed(text);
        let lines: Vec<_> =
            kept.split('\n').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(lines.join("\n").trim(), expected, "{text:?}");
    }
}

#[test]
fn being_a_contact_person_is_a_skill_and_stays() {
    for text in [
        "Haben Sie Erfahrung als Ansprechpartner für Eltern?",
        "Sie sind gern Ansprechpartner:in für unsere Kunden",
        "Teamleitung und Ansprechperson im Schichtdienst",
    ] {
        assert_eq!(removed(text), text);
    }
}

#[test]
fn addresses_are_removed_in_every_disguise() {
    for address in [
        "e.beispiel@example.org",
        "E.BEISPIEL@EXAMPLE.ORG",
        "e.beispiel+jobs@mail.example.org",
        "e.beispiel @ example.org",
        "e.beispiel@\nexample.org",
        "e.beispiel (at) example.org",
        "e.beispiel[at]example.org",
        "e.beispiel{at}example.org",
        "e.beispiel(ät)example(punkt)org",
        "e.beispiel at example dot org",
        "e.beispiel_at_example.org",
        "e.beispiel＠example.org",
        "jörg.beispiel@käse.example",
        "mailto:e.beispiel@example.org",
        "E-Mail: e.beispiel@example.org",
        "E-Mail: mailto:e.beispiel@example.org",
        "<e.beispiel@example.org>",
        "(e.beispiel@example.org)",
        "{{first_name}}@example.org",
        "e.beispiel@{{ x }}example.org",
        "e.beispiel@example.org@example.org",
        "a@b.example c@d.example, e@f.example",
    ] {
        let text = format!("Wir freuen uns {address} auf Sie");
        let kept = removed(&text);
        let words: Vec<_> = kept.split_whitespace().map(|word| word.trim_end_matches(',')).collect();
        assert_eq!(words.join(" "), "Wir freuen uns auf Sie", "{address:?}");
    }
}

#[test]
fn the_owner_of_an_address_goes_with_it() {
    for text in [
        "Beispiel, beispiel@example.org",
        "Erika Beispiel <e.beispiel@example.org>",
        "Jörg Müßig (mueßig@example.org)",
        "Frau Dr. Erika Beispiel, Tel. 030 23125001, personal@example.org",
    ] {
        assert_eq!(removed(text).trim(), "", "{text:?}");
    }
    assert_eq!(
        removed("Am Musterweg 1, Musterstadt, info@example.org").trim(),
        "Am Musterweg 1, Musterstadt"
    );
    assert_eq!(removed("Fragen Sie Frau Beispiel, Durchwahl: 23125-001").trim(), "Fragen Sie");
}

#[test]
fn what_leads_to_an_address_goes_with_it() {
    for (text, expected) in [
        ("Unterlagen per E-Mail an personal@example.org.", "Unterlagen."),
        ("Rückmeldung bis Freitag an personal (at) example.org", "Rückmeldung bis Freitag"),
        ("Rufen Sie gern an. Tel. 030 23125001", "Rufen Sie gern an."),
        ("Es hilft Frau Beispiel unter Tel. 030 23125001.", "Es hilft."),
    ] {
        assert_eq!(line(text), expected, "{text:?}");
    }
}

#[test]
fn telephone_numbers_are_removed() {
    for number in [
        "Tel. 030 23125001",
        "Tel.: +49 (0)30 23125-001",
        "Telefon: 030/23125001",
        "Telefonnummer 03023125001",
        "Mobil 089 99998 001",
        "Handynummer: 08999998001",
        "Fax: 030-23125-002",
        "+49 30 23125 001",
        "Telefon unter 030 23125001",
    ] {
        assert_eq!(removed(&format!("Haus Nord, {number}, Vollzeit")), "Haus Nord, Vollzeit", "{number:?}");
    }
}

#[test]
fn other_numbers_stay() {
    for text in [
        "Vollzeit (39 Wochenstunden)",
        "Am Musterweg 1, 10115 Musterstadt",
        "Mobil 5 Tage die Woche",
        "Telefon\n40000 Euro im Jahr",
        "Gehalt 3.500 - 4.200 Euro",
        "Telefondienst 24/7",
        "+10 Urlaubstage",
        "Kolleg@innen im Team",
    ] {
        assert_eq!(removed(text), text);
    }
}

#[test]
fn a_text_that_was_only_contact_data_is_empty() {
    for text in ["E-Mail: e@example.org", "Tel. 030 23125001 / 12", "e@example.org, 3.", "AP: Beispiel"] {
        assert_eq!(removed(text), "", "{text:?}");
    }
}

#[test]
fn a_page_of_contact_persons_is_recognised() {
    for page in [
        "Ansprechpartner:",
        "Kontakt",
        "Kontaktdaten:",
        "AP",
        "Ihre Kontaktperson".trim_start_matches("Ihre "),
    ] {
        assert!(is_contact_page(page), "{page:?}");
    }
    for page in ["Weitere Informationen", "Kontaktdaten des Bewerbers", "Kontakt mit Kunden", "Anforderungen"]
    {
        assert!(!is_contact_page(page), "{page:?}");
    }
}

#[test]
fn large_hostile_texts_are_read_in_one_go() {
    for part in ["a@", "AP: x\n", "(AP: x ", "Ansprechpartner ", "a@b.c ", "Tel. 1 ", "{{", "Erika Beispiel "]
    {
        let text = part.repeat(100_000 / part.len());
        assert!(!ADDRESS.is_match(&removed(&text)), "{part:?}");
    }
}

/// Pieces of what is taken out: each of the words that introduce something, and what may follow them.
const PIECES: [&str; 38] = [
    "AP",
    "A.P.",
    "Ansprechpartner",
    "Kontaktperson",
    "KONTAKT",
    "Kontaktdaten",
    "Frau",
    "Dr.",
    "Beispiel",
    "Erika",
    ":",
    " – ",
    " ",
    "\n",
    ", ",
    "(",
    ")",
    "e-mail",
    "erika",
    "@",
    "＠",
    "(at)",
    " ät ",
    "example",
    ".",
    " punkt ",
    "org",
    "Tel",
    "Telefon",
    "Telefax",
    "mobil",
    "Handynummer",
    "Fax",
    "Rufnummer",
    "030 23125 000",
    "+49 30 23125000",
    "0049",
    "ſ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The looks that spare a text the long patterns must miss nothing.
    #[test]
    fn what_looks_harmless_is_harmless(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..8)) {
        let text = pieces.concat();
        for (pattern, look) in [
            (&MARKER, &HAS_MARKER_LETTERS), (&NOTE, &HAS_MARKER_LETTERS), (&ADDRESS, &HAS_ADDRESS_SIGN),
            (&MARKER, &SUSPICIOUS), (&NOTE, &SUSPICIOUS), (&ADDRESS, &SUSPICIOUS), (&TELEPHONE, &SUSPICIOUS),
        ] {
            prop_assert!(look.is_match(&text) || !pattern.is_match(&text), "{text:?}");
        }
    }
}

/// Each by itself, so that no other word in the text makes it suspicious.
#[test]
fn each_word_that_introduces_a_number_is_suspicious() {
    for word in
        ["Tel", "Telefon", "Telefax", "Mobil", "Handy", "Fax", "Phone", "WhatsApp", "Rufnummer", "Durchwahl"]
    {
        assert_eq!(removed(&format!("{word}: 030 23125 000")), "", "{word}");
    }
    assert_eq!(removed("+49 30 23125000"), "");
}
