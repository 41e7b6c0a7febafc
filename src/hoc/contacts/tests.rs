use proptest::prelude::*;

use super::*;
use crate::hoc::contacts::patterns::{AP_NAME, LABEL, TELEPHONE, WORDY_AP};

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
        "AP/HR: Beispiel",
        "AP 1: Beispiel",
        "AP1: Beispiel",
        "APs: Beispiel, Muster",
        "AP´s: Beispiel",
        "AP (HR): Beispiel",
        "AP für Bewerber: Beispiel",
        "AP vor Ort: Erika Beispiel",
        "AP Beispiel",
        "A.P. Beispiel",
        "AP ist Frau Beispiel",
        "Ansprechp.: Erika Beispiel",
        "Anspr.partner: Erika Beispiel",
        "Asp.: Erika Beispiel",
        "Ansprech-partner: Erika Beispiel",
        "Recruiterin: Erika Beispiel",
        "Gesprächspartner vor Ort: Erika Beispiel",
        "Hiring Manager: Erika Beispiel",
        "Kontakt Frau Beispiel, Personal",
        "Kontakt über Erika Beispiel",
        "Bewerbungen an Erika Beispiel, Personalabteilung",
        "Ihre Ansprechpartnerin: Erika Beispiel",
        "Ihr Ansprechpartner ist Max Beispiel.",
        "Unser Ansprechpartner heißt Beispiel.",
        "Ansprechpartner bei uns wird Erika Beispiel sein.",
        "Ansprechpartner:innen Muster und Beispiel",
        "Kontakt: direkt bei Frau Beispiel",
        "Kontakt: direkt Erika Beispiel",
        "Kontakt: Kunden wenden sich an Erika Beispiel",
        "Ansprechpartner: erika beispiel",
        "Ansprechpartner Kunde, Leitung",
    ] {
        assert!(is_contact_note(note), "{note:?}");
    }
}

#[test]
fn a_note_about_something_else_is_kept() {
    for note in [
        "AP oder GKP mit Examen",
        "AP Examen",
        "AP (m/w/d): Schichtdienst",
        "AP/GKP: drei Jahre",
        "Ansprechpartner für Angehörige",
        "Ansprechpartner für Kunden sein",
        "Ansprechpartner für Eltern zu sein gehört dazu. Ist das für Sie in Ordnung?",
        "AP: Haben Sie Erfahrung in der Altenpflege?",
        "Kontaktdaten: Wie lautet Ihre Telefonnummer?",
        "Wer war bei Ihrem letzten Arbeitgeber Ihr Ansprechpartner: der Chef oder das Büro?",
        "Wie ist Ihr Kontakt: eher per Telefon oder per Mail?",
        "Haben Sie als Kontaktperson: Angehörige, Ärzte, Behörden Erfahrung?",
        "Ansprechpartner: Welche Erfahrung haben Sie mit Kunden?",
        "Recruiter mit Erfahrung",
        "Teamleitung: Mehrjährige Erfahrung",
        "Schichtleitung: Früh oder Spät",
        "APIs entwickeln",
        "Apothekenhelfer: drei Jahre",
        "Kontakt mit Kunden macht Ihnen Freude?",
        "Kontaktfreudig: ja",
        "Kontakt: direkt zum Kunden",
        "Kontakt: Täglich mit Kunden, viel am Telefon",
        "Kontakt: Kunden und Lieferanten",
        "Ansprechpartner Kunden, Lieferanten",
        "Ansprechpartner: Angehörige, Ärzte und Behörden",
        "Ansprechpartner Angehörige",
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
fn a_contact_person_inside_a_text_goes_with_the_whole_sentence_or_line() {
    for (text, expected) in [
        (
            "Haus Nord. AP: Frau Beispiel. Die Stelle ist unbefristet.",
            "Haus Nord. Die Stelle ist unbefristet.",
        ),
        ("Haus Nord\nAP: Fr. Dr. Beispiel, Tel. 030 23125001\nVollzeit", "Haus Nord\nVollzeit"),
        ("Haus Nord\nAnsprechpartnerin:\nErika Beispiel\nVollzeit", "Haus Nord\nVollzeit"),
        ("Haus Nord (AP: Frau Beispiel) in Teilzeit", "Haus Nord in Teilzeit"),
        ("Erika Beispiel (AP: 030 23125001)", ""),
        ("Haus Nord, Ihre Ansprechpartnerin Frau Beispiel hilft", "Haus Nord"),
        ("Haus Nord. Ihr Ansprechpartner vor Ort ist Max Beispiel", "Haus Nord."),
        ("Haus Nord. Ansprechpartner Max Beispiel, Leitung", "Haus Nord."),
        ("Haus Nord - Kontakt: Max Beispiel", "Haus Nord"),
        ("Haus Nord, Ansprechpartner:in: Max Beispiel", "Haus Nord"),
        ("Haus Nord, Musterweg 1\nAP: Frau Beispiel\n030 23125001", "Haus Nord, Musterweg 1"),
        ("Haus Nord\nAP:\nErika Beispiel\n030 23125001\nVollzeit", "Haus Nord\nVollzeit"),
        ("Haus Nord\nAP: Frau Beispiel\nErika Beispiel\ne@example.org\nHaus Süd", "Haus Nord\nHaus Süd"),
        ("Haus Nord\nAP Beispiel", "Haus Nord"),
        ("Haus Nord\nErika Beispiel\nTel. 030 23125001", "Haus Nord"),
        ("Haus Nord\nTel. ０３０ ２３１２５００１", "Haus Nord"),
        ("Haus Nord\nTel. ٠٣٠ ٢٣١٢٥٠٠١", "Haus Nord"),
        ("Kontakt: \n- Erika Beispiel\n- 030 23125001", ""),
        ("Wir freuen uns. Bitte melden Sie sich bei\nFrau Beispiel, 030 23125001", "Wir freuen uns."),
        ("Frau Beispiel leitet das Haus. Sie ist erreichbar unter Tel. 030 23125001", ""),
        ("Bei Fragen wenden Sie sich an unsere Ansprechpartnerin Frau Beispiel.", ""),
        ("Früh; Spät; AP: Frau Beispiel", "Früh; Spät"),
    ] {
        let kept = removed(text);
        let lines: Vec<_> = kept.split('\n').map(single_spaced).filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.join("\n"), expected, "{text:?}");
    }
}

#[test]
fn a_question_stays_whole_without_the_name_or_number() {
    for (text, expected) in [
        (
            "Haben Sie schon mit unserer Ansprechpartnerin Erika Beispiel gesprochen?",
            "Haben Sie schon mit unserer Ansprechpartnerin gesprochen?",
        ),
        (
            "Dürfen wir Ihren Lebenslauf an unsere Ansprechpartnerin Frau Dr. Beispiel weitergeben?",
            "Dürfen wir Ihren Lebenslauf an unsere Ansprechpartnerin weitergeben?",
        ),
        (
            "Darf unsere Ansprechpartnerin (Frau Beispiel) Ihren Lebenslauf sehen?",
            "Darf unsere Ansprechpartnerin Ihren Lebenslauf sehen?",
        ),
        (
            "Darf unsere Ansprechpartnerin Frau Beispiel Ihren Lebenslauf sehen?",
            "Darf unsere Ansprechpartnerin Ihren Lebenslauf sehen?",
        ),
        (
            "Haben Sie Ihre Unterlagen schon an bewerbung@example.org geschickt?",
            "Haben Sie Ihre Unterlagen schon geschickt?",
        ),
        (
            "Sind Sie unter Ihrer Nummer +49 30 23125001 weiterhin erreichbar?",
            "Sind Sie unter Ihrer Nummer weiterhin erreichbar?",
        ),
        (
            "Erreichen wir Sie per E-Mail unter max@example.org oder lieber anders?",
            "Erreichen wir Sie per E-Mail oder lieber anders?",
        ),
        ("Haben Sie uns unter 030 23125001 erreicht?", "Haben Sie uns erreicht?"),
        ("Frau Beispiel (030 23125001) meldet sich bei Ihnen. Wann passt es Ihnen?", "Wann passt es Ihnen?"),
        ("AP: Frau Beispiel. Wann passt es Ihnen?", "Wann passt es Ihnen?"),
        ("Kennen Sie Frau Beispiel, Tel. 030 23125001, bereits?", ""),
        ("Haben Sie Erika Beispiel (030 23125001) schon gesprochen?", ""),
        ("Haben Sie Beispiel, beispiel@example.org, schon geschrieben?", ""),
        ("Wussten Sie, dass Ihre Ansprechpartnerin Erika Muster ist und Frau Beispiel sie vertritt?", ""),
    ] {
        assert_eq!(line(text), expected, "{text:?}");
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
        "e.beispiel(a)example.org",
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
        assert_eq!(line(&format!("Wir freuen uns {address} auf Sie")), "", "{address:?}");
        assert_eq!(
            line(&format!("Schreiben Sie uns gern {address} heute?")),
            "Schreiben Sie uns gern heute?",
            "{address:?}"
        );
    }
}

#[test]
fn the_owner_of_an_address_goes_with_it() {
    for text in [
        "Beispiel, beispiel@example.org",
        "Erika Beispiel <e.beispiel@example.org>",
        "Jörg Müßig (mueßig@example.org)",
        "Frau Dr. Erika Beispiel, Tel. 030 23125001, personal@example.org",
        "Erika Beispiel, Tel. 030 23125001",
        "Erika Beispiel (Leitung), Tel. 030 23125001",
        "Rückfragen: Frau Beispiel, 030 23125001",
        "Bitte an Erika Beispiel wenden: personal@example.org",
        "Fragen Sie Frau Beispiel, Durchwahl: 23125-001",
    ] {
        assert_eq!(removed(text).trim(), "", "{text:?}");
    }
    assert_eq!(
        removed("Haus Nord, Am Musterweg 1, 10115 Musterstadt, info@example.org").trim(),
        "Haus Nord, Am Musterweg 1, 10115 Musterstadt"
    );
    assert_eq!(removed("Standort Nord: Erika Beispiel, 030 23125001").trim(), "Standort Nord");
    assert_eq!(removed("Musterweg 1, Erika Beispiel, 030 23125001").trim(), "Musterweg 1");
}

#[test]
fn what_leads_to_an_address_goes_with_it() {
    for (text, expected) in [
        ("Unterlagen per E-Mail an personal@example.org.", ""),
        ("Freitags ist es ruhiger. Rückmeldung an personal (at) example.org", "Freitags ist es ruhiger."),
        ("Rufen Sie gern an. Tel. 030 23125001", ""),
        ("Fragen beantwortet Frau Beispiel unter Tel. 030 23125001. Es eilt.", "Es eilt."),
        ("Rückfragen:\nErika Beispiel, 030 23125001", ""),
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
        "Fon: 030 23125001",
        "030 23125001",
        "030/23125-001",
        "(030) 23 12 50 01",
        "03023125001",
        "0049 30 23125001",
        "T 089/99998-0",
        "Mobil 231.250.01",
        "Tel. 23125001 Euro",
        "Durchwahl 231.250",
        "Mobil 030 23125001 km",
    ] {
        assert_eq!(removed(&format!("Haus Nord, {number}, Vollzeit")).trim(), "Haus Nord", "{number:?}");
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
        "01067 Musterstadt, 01069 Musterdorf",
        "Werke in 01067 / 01069",
        "Ab 01.04.2027 oder 02/2027 - 05/2027",
        "Von 08.00 - 16.30 Uhr, 07:00-15:30 oder 0700-1530",
        "0 - 40.000 Euro",
        "Antwort (a) z.B. Nacht",
        "Mobil 40.000 km im Jahr",
        "Mobil 25000 km",
        "Außendienst, mobil 40.000 - 50.000 im Jahr",
        "Telefon 120000 Anrufe im Jahr",
        "Telefon: 100.000 Kunden",
        "Ist mobil 25000 km pro Jahr für Sie in Ordnung?",
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
        "Ihre Kontaktperson",
        "Ihre Ansprechpartnerin",
        "Unser Kontakt",
        "Kontakt & Bewerbung",
        "Kontakt und Rückfragen",
        "Kontakt / Ansprechpartner",
    ] {
        assert!(is_contact_page(page), "{page:?}");
    }
    for page in [
        "Weitere Informationen",
        "Kontaktdaten des Bewerbers",
        "Kontakt mit Kunden",
        "Ihr Kontakt zu Kunden",
        "Kontakt & Anfahrt",
        "Anforderungen",
    ] {
        assert!(!is_contact_page(page), "{page:?}");
    }
}

#[test]
fn large_hostile_texts_are_read_in_one_go() {
    for part in [
        "a@",
        "AP: x\n",
        "(AP: x ",
        "Ansprechpartner ",
        "a@b.c ",
        "Tel. 1 ",
        "{{",
        "Erika Beispiel ",
        "an\n",
        "AP ",
        "(",
        "Kontakt: direkt ",
        ", Frau Beispiel",
        "mobil 25000 km ",
    ] {
        let text = part.repeat(100_000 / part.len());
        assert!(!ADDRESS.is_match(&removed(&text)), "{part:?}");
        removed(&format!("{text}030 23125001 {text}"));
        without_persons(&text);
    }
}

/// Pieces of what is removed: each of the words that introduce something, and what may follow them.
const PIECES: [&str; 50] = [
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
    "0711",
    "(030) 2312",
    "03023125000",
    "(a)",
    "Asp.",
    "Anspr.",
    "Recruiterin",
    "Schulleitung",
    "Personalreferent",
    "Hiring Manager",
    "Gesprächspartner",
    "ist ",
    "ſ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The quick checks that spare a text the long patterns must miss nothing.
    #[test]
    fn what_looks_harmless_is_harmless(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..8)) {
        let text = pieces.concat();
        for (pattern, look) in [
            (&LABEL, &HAS_MARKER_LETTERS), (&WORDY_AP, &HAS_MARKER_LETTERS), (&AP_NAME, &HAS_MARKER_LETTERS),
            (&NAMED, &HAS_MARKER_LETTERS), (&INTRODUCED, &HAS_MARKER_LETTERS), (&NOTE, &HAS_MARKER_LETTERS),
            (&HAS_MARKER_LETTERS, &SUSPICIOUS), (&ADDRESS, &HAS_ADDRESS_SIGN), (&ADDRESS, &SUSPICIOUS),
            (&TELEPHONE, &SUSPICIOUS),
        ] {
            prop_assert!(look.is_match(&text) || !pattern.is_match(&text), "{text:?}");
        }
    }
}

/// Each on its own, so that no other word in the text makes it suspicious.
#[test]
fn each_word_that_introduces_a_number_is_suspicious() {
    for word in [
        "Tel",
        "Telefon",
        "Fon",
        "Telefax",
        "Mobil",
        "Handy",
        "Fax",
        "Phone",
        "WhatsApp",
        "Rufnummer",
        "Durchwahl",
    ] {
        assert_eq!(removed(&format!("{word}: 030 23125 000")), "", "{word}");
    }
    for number in ["+49 30 23125000", "030 23125000", "03023125000", "0049 30 23125000"] {
        assert_eq!(removed(number), "", "{number}");
    }
}
