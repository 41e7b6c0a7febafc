use super::*;
use crate::interview::samples;

fn filled(raw: &str) -> (String, bool) {
    let filled =
        Placeholders::of(&Addressee::of(&samples::phone_trigger())).fill(raw, 300).expect("words are left");
    (filled.text, filled.gap)
}

#[test]
fn known_placeholders_are_filled_in_every_spelling() {
    for raw in [
        "Spreche ich mit {{first_name}} {{last_name}}?",
        "Spreche ich mit {{ candidatefirst_name }} {{candidatelast_name}}?",
        "Spreche ich mit {{Candidate_First_Name}} {{candidate.last_name}}?",
        "Spreche ich mit {first_name} {last_name}?",
        "Spreche ich mit {{{full_name}}}?",
        "Spreche ich mit «Vorname» «Nachname»?",
        "Spreche ich mit #{first_name} #{last_name}?",
    ] {
        assert_eq!(filled(raw), ("Spreche ich mit Erika Beispiel?".to_owned(), false), "{raw}");
    }
    assert_eq!(filled("Was reizt Sie an {{companyname}}?").0, "Was reizt Sie an Muster & Söhne GmbH?");
    assert_eq!(filled("Kennen Sie «Mitte» und C#{x}?"), ("Kennen Sie «Mitte» und C#x?".to_owned(), false));
}

#[test]
fn unknown_placeholders_are_removed_and_the_sentence_still_reads() {
    for (raw, expected) in [
        ("Wohnen Sie noch in der {{street}} in {{postal_code}} {{city}}?", "Wohnen Sie noch?"),
        (
            "Ist Ihre Adresse ({{street}}, {{postal_code}} {{city}}) noch aktuell?",
            "Ist Ihre Adresse noch aktuell?",
        ),
        ("Guten Tag, Frau {{title}}, darf ich fragen?", "Guten Tag, darf ich fragen?"),
        ("{{greeting}}, wie geht es Ihnen?", "Wie geht es Ihnen?"),
        ("Sie sind als „{{current_job}}“ tätig, richtig?", "Sie sind tätig, richtig?"),
        ("Kommen Sie aus {{city}}, {{country}}?", "Kommen Sie?"),
    ] {
        assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
    }
}

#[test]
fn a_word_that_leads_up_to_what_is_still_there_stays() {
    for (raw, expected) in [
        ("Spreche ich mit {{salutation}} {{last_name}}?", "Spreche ich mit Beispiel?"),
        ("Guten Tag, Frau {{title}} {{last_name}}, passt es?", "Guten Tag, Frau Beispiel, passt es?"),
        ("Arbeiten Sie gern im {{adjective}} Team?", "Arbeiten Sie gern im Team?"),
        ("Kommen Sie in {{count}} 3 Tagen?", "Kommen Sie in 3 Tagen?"),
        ("Arbeiten Sie bei {{city}} {{company_name}}?", "Arbeiten Sie bei Muster & Söhne GmbH?"),
        // What follows is another gap, or not a noun.
        ("Wohnen Sie noch in der {{street}} in {{postal_code}} {{city}}?", "Wohnen Sie noch?"),
        ("Können Sie nach {{city}} pendeln?", "Können Sie pendeln?"),
        ("Passt Ihnen der {{date}} um {{time}} Uhr für ein Treffen?", "Passt Ihnen für ein Treffen?"),
        ("Kommen Sie mit {{a}} – oder nicht?", "Kommen Sie – oder nicht?"),
    ] {
        assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
    }
}

#[test]
fn a_name_that_is_written_small_is_led_up_to_as_well() {
    let mut addressee = Addressee::of(&samples::phone_trigger());
    addressee.last_name = "von der Probe".to_owned();
    let filled = Placeholders::of(&addressee).fill("Spreche ich mit {{salutation}} {{last_name}}?", 300);
    assert_eq!(filled.expect("words are left").text, "Spreche ich mit von der Probe?");
}

#[test]
fn nothing_hangs_where_a_gap_ended_the_text() {
    for (raw, expected) in [
        ("Nein, {{unbekannt}}", "Nein"),
        ("Telefon: {{phone}}", "Telefon"),
        ("Teilzeit – {{hours}} ", "Teilzeit"),
        ("Ja, bei der {{employer}}", "Ja"),
    ] {
        assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
    }
}

#[test]
fn single_braces_around_the_name_of_a_field_are_a_placeholder_and_around_a_word_they_are_not() {
    for (raw, expected) in [
        ("Wohnen Sie noch in der {street} in {postal_code} {city}?", "Wohnen Sie noch?"),
        ("Wohnen Sie noch in der { addressLine2 }?", "Wohnen Sie noch?"),
        ("Spreche ich mit {salutation} {last_name}?", "Spreche ich mit Beispiel?"),
        ("Wohnen Sie noch in der ${strasse}?", "Wohnen Sie noch?"),
        ("Wohnen Sie noch in der ${{street}}?", "Wohnen Sie noch?"),
    ] {
        assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
    }
    for (raw, expected) in [
        ("Schicht {früh} oder {spät}?", "Schicht früh oder spät?"),
        ("In {Teilzeit} oder {Vollzeit}?", "In Teilzeit oder Vollzeit?"),
        ("Deutsch {B2} für {MitarbeiterInnen}?", "Deutsch B2 für MitarbeiterInnen?"),
    ] {
        assert_eq!(filled(raw), (expected.to_owned(), false), "{raw}");
    }
}

#[test]
fn other_brackets_are_filled_where_they_hold_a_known_name_and_left_where_they_hold_a_word() {
    for (raw, expected) in [
        ("Sind Sie [Vorname] [Nachname]?", "Sind Sie Erika Beispiel?"),
        ("Sind Sie [Vorname Nachname]?", "Sind Sie Erika Beispiel?"),
        ("Arbeiten Sie bei [Name des Unternehmens]?", "Arbeiten Sie bei Muster & Söhne GmbH?"),
        ("Leiten Sie gern <Region Süd> [nach Absprache]?", "Leiten Sie gern <Region Süd> [nach Absprache]?"),
        ("Arbeiten Sie bei [[company]]?", "Arbeiten Sie bei Muster & Söhne GmbH?"),
        ("Guten Tag %first_name%, passt es?", "Guten Tag Erika, passt es?"),
        ("Guten Tag %%NAME%%, passt es?", "Guten Tag Erika Beispiel, passt es?"),
        ("Sind Sie << first_name >> <last_name>?", "Sind Sie Erika Beispiel?"),
        ("Hallo ${first_name}, passt es, ${company_name}?", "Hallo Erika, passt es, Muster & Söhne GmbH?"),
        (
            "Sind 20 % [brutto] <2 Jahre oder 5% mehr > 3% [m/w/d] gut?",
            "Sind 20 % [brutto] <2 Jahre oder 5% mehr > 3% [m/w/d] gut?",
        ),
        ("Wohnen Sie in [Ort]?", "Wohnen Sie in [Ort]?"),
        ("Arbeiten Sie mit [iPad] oder <eLearning>?", "Arbeiten Sie mit [iPad] oder <eLearning>?"),
        (
            "Deutsch [B2] oder [Muttersprache], 50 %ige Stelle, 100 % frei?",
            "Deutsch [B2] oder [Muttersprache], 50 %ige Stelle, 100 % frei?",
        ),
    ] {
        assert_eq!(filled(raw), (expected.to_owned(), false), "{raw}");
    }
}

#[test]
fn other_brackets_around_the_name_of_a_field_are_a_placeholder() {
    for (raw, expected) in [
        ("Wohnen Sie noch in der [street] in [postal_code] [city]?", "Wohnen Sie noch?"),
        ("Wohnen Sie noch in <city>?", "Wohnen Sie noch?"),
        ("Wohnen Sie noch in der [Straße] oder {Straße}?", "Wohnen Sie noch?"),
        ("Bewerben Sie sich als {Stellentitel}?", "Bewerben Sie sich?"),
        ("Wohnen Sie noch in [[lastAddress]] oder <<zip>>?", "Wohnen Sie noch?"),
        ("Ist %city% noch aktuell?", "Ist (Angabe fehlt) noch aktuell?"),
        ("Haben Sie am [Datum] Zeit?", "Haben Sie Zeit?"),
    ] {
        assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
    }
}

#[test]
fn what_leads_up_to_a_day_or_an_hour_goes_with_it_whatever_follows() {
    for (raw, expected) in [
        ("Haben Sie am {{datum}} um {{uhrzeit}} Uhr Zeit?", "Haben Sie Zeit?"),
        ("Haben Sie von {{a}} bis {{b}} Uhr Zeit?", "Haben Sie Zeit?"),
        ("Haben Sie am {{interview_date}}, {{time}} Uhr, Zeit?", "Haben Sie, Zeit?"),
        ("Können Sie ab {{start_date}} Vollzeit arbeiten?", "Können Sie Vollzeit arbeiten?"),
        ("Ist am {{date}} ein Treffen möglich?", "Ist ein Treffen möglich?"),
        // Neither a day nor an hour: the words lead up to a noun.
        ("Arbeiten Sie am {{name_of_site}} Standort?", "Arbeiten Sie am Standort?"),
        ("Möchten Sie mit {{bonus}} Euro Zulage arbeiten?", "Möchten Sie mit Zulage arbeiten?"),
    ] {
        assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
    }
}

#[test]
fn whom_one_speaks_to_is_not_what_words_lead_up_to() {
    for (raw, expected) in [
        (
            "Sie haben am {{application_date}} Ihre Bewerbung an uns geschickt.",
            "Sie haben Ihre Bewerbung an uns geschickt.",
        ),
        ("Haben Sie bei {{x}} Ihren Abschluss gemacht?", "Haben Sie Ihren Abschluss gemacht?"),
        ("Passt in {{x}} Ihnen eine Stelle?", "Passt Ihnen eine Stelle?"),
        ("Sind Sie mit {{x}} Ihrerseits zufrieden?", "Sind Sie mit Ihrerseits zufrieden?"),
    ] {
        assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
    }
}

#[test]
fn a_sentence_that_is_none_without_its_gap_shows_it() {
    for (raw, expected) in [
        ("Die Stelle ist {{x}}. Passt das?", "Die Stelle ist (Angabe fehlt). Passt das?"),
        ("Die Stelle ist in {{site}}. Passt das?", "Die Stelle ist (Angabe fehlt). Passt das?"),
        ("Ihre Adresse lautet {{street}}, {{city}}?", "Ihre Adresse lautet (Angabe fehlt)?"),
        ("Ist {{phone}} Ihre Nummer?", "Ist (Angabe fehlt) Ihre Nummer?"),
        ("Guten Tag, ist „{{phone}}“ noch Ihre Nummer?", "Guten Tag, ist (Angabe fehlt) noch Ihre Nummer?"),
        ("Das Gehalt beträgt {{x}} Euro brutto.", "Das Gehalt beträgt (Angabe fehlt) brutto."),
        ("Wie lautet Ihre {{x}}?", "Wie lautet Ihre (Angabe fehlt)?"),
        // These sentences are complete without the gap.
        ("Das Gehalt beträgt {{x}} 3.000 Euro.", "Das Gehalt beträgt 3.000 Euro."),
        ("Haben Sie Ihre {{x}} Unterlagen?", "Haben Sie Ihre Unterlagen?"),
        ("Wie geht es Ihnen, {{salutation}}?", "Wie geht es Ihnen?"),
        ("Die Stelle ist in {{site}} zu besetzen.", "Die Stelle ist zu besetzen."),
        ("Ist die Stelle in {{site}} für Sie erreichbar?", "Ist die Stelle für Sie erreichbar?"),
        ("Wie alt sind Sie, {{salutation}}?", "Wie alt sind Sie?"),
        ("Wo ist {{x}} Ihr Wohnort?", "Wo ist Ihr Wohnort?"),
    ] {
        assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
    }
}

#[test]
fn stray_braces_and_programs_do_not_survive() {
    assert_eq!(filled("Schicht {früh} oder }} spät {{?").0, "Schicht früh oder spät ?");
    assert_eq!(filled("{% if x %}Ja{% endif %}").0, "% if x %Ja% endif %");
}

#[test]
fn a_text_of_nothing_but_placeholders_is_dropped() {
    let placeholders = Placeholders::of(&Addressee::of(&samples::phone_trigger()));
    assert_eq!(placeholders.fill("{{street}}, {{city}}?", 300), None);
    assert_eq!(placeholders.fill(" \n ", 300), None);
}
