use super::*;
use crate::domain::{Question, QuestionKind};
use crate::interview::addressee::Addressee;
use crate::interview::samples;

fn campaign(questions: Vec<Question>) -> Campaign {
    let questionnaire = Questionnaire { questions, ..Questionnaire::default() };
    Campaign::of(&questionnaire, &Placeholders::of(&Addressee::of(&samples::link_trigger())))
}

fn site_question(text: &str, options: &[&str]) -> Question {
    Question {
        category: Some("standort".to_owned()),
        options: options.iter().map(|&option| option.to_owned()).collect(),
        ..Question::new("s", text, QuestionKind::YesNo)
    }
}

#[test]
fn the_place_is_taken_from_a_sentence_about_it() {
    for (text, location, city) in [
        (
            "Unser Standort ist das Haus Amselweg, Beispielallee 12, 12345 Bad Musterstadt. Passt das für Sie?",
            "Haus Amselweg, Beispielallee 12, 12345 Bad Musterstadt",
            Some("Bad Musterstadt"),
        ),
        ("Der Standort wäre in Musterhausen. Ist das gut erreichbar?", "Musterhausen", None),
        (
            "Können Sie nach 54321 Neustadt an der Probe pendeln?",
            "54321 Neustadt an der Probe",
            Some("Neustadt an der Probe"),
        ),
    ] {
        let campaign = campaign(vec![site_question(text, &[])]);
        assert_eq!(campaign.location.as_deref(), Some(location), "{text}");
        assert_eq!(campaign.city.as_deref(), city, "{text}");
    }
}

#[test]
fn several_places_have_a_town_only_if_they_share_it() {
    let one =
        campaign(vec![site_question("Wo?", &["Haus A, 12345 Musterstadt", "Haus B, 12347 Musterstadt"])]);
    assert_eq!(one.city.as_deref(), Some("Musterstadt"));
    assert_eq!(one.location.as_deref(), Some("Haus A, 12345 Musterstadt oder Haus B, 12347 Musterstadt"));
    let two =
        campaign(vec![site_question("Wo?", &["Haus A, 12345 Musterstadt", "Haus B, 54321 Beispielberg"])]);
    assert_eq!(two.city, None);
    assert_eq!(two.spoken_site, None);
}

fn described(role: Option<&str>, location: Option<&str>) -> Campaign {
    let questionnaire = Questionnaire {
        role_title: role.map(str::to_owned),
        location: location.map(str::to_owned),
        ..Questionnaire::default()
    };
    Campaign::of(&questionnaire, &Placeholders::of(&Addressee::of(&samples::link_trigger())))
}

#[test]
fn a_piece_of_a_sentence_is_no_place() {
    for text in [
        "Welcher Standort wäre Ihnen am liebsten?",
        "An welchem Standort wäre es Ihnen am liebsten? Unser Standort ist Ihnen bekannt.",
        "Unser Standort ist gut mit der Bahn erreichbar. Wie kommen Sie zur Arbeit?",
        "Der Arbeitsort ist flexibel wählbar. Möchten Sie lieber im Büro oder von zu Hause arbeiten?",
        "Unser Standort ist Teil eines Konzerns.",
        "Unser Standort ist im Aufbau.",
        "Der Standort liegt in Musterhausen gut erreichbar.",
        "Arbeitsort: je nach Projekt wechselnd",
        "Wie weit ist es für Sie bis 12345 Musterstadt?",
    ] {
        let campaign = campaign(vec![site_question(text, &[])]);
        assert_eq!(campaign.location, None, "{text}");
        assert_eq!(campaign.spoken_site, None, "{text}");
    }
}

#[test]
fn a_gap_that_shows_is_no_place_of_work() {
    let question = site_question("Unser Standort ist {{street}}, {{zip}} {{town}}. Passt das?", &[]);
    assert_eq!(campaign(vec![question]).location, None);
}

#[test]
fn answers_are_places_only_if_they_look_like_some() {
    for (text, options, location) in [
        ("Ist unser Standort für Sie gut erreichbar?", &["Ja", "Nein"][..], None),
        ("Passt Haus A?", &["Ja, Haus A", "Haus B", "nein"], None),
        ("Wie kommen Sie zum Standort?", &["Auto", "Bus und Bahn", "Fahrrad"], None),
        ("Wo möchten Sie arbeiten?", &["Im Büro", "Zu Hause"], None),
        ("Wo möchten Sie arbeiten?", &["Haus Nord", "Haus Süd"], Some("Haus Nord oder Haus Süd")),
        (
            "An welchem unserer Standorte möchten Sie arbeiten?",
            &["Musterstadt", "Beispielberg", "Egal"],
            Some("Musterstadt oder Beispielberg"),
        ),
    ] {
        let campaign = campaign(vec![site_question(text, options)]);
        assert_eq!(campaign.location.as_deref(), location, "{text}");
        assert_eq!(campaign.spoken_site, None, "{text}");
    }
}

#[test]
fn a_question_names_all_its_places() {
    for (text, location) in [
        (
            "Standorte: Haus A, Ulmenweg 4, 70184 Stuttgart und Haus B, 76131 Karlsruhe",
            "Haus A, Ulmenweg 4, 70184 Stuttgart und Haus B, 76131 Karlsruhe",
        ),
        (
            "Unsere Standorte sind Haus A, 70184 Stuttgart, und Haus B, 76131 Karlsruhe. Passt das?",
            "Haus A, 70184 Stuttgart, und Haus B, 76131 Karlsruhe",
        ),
        (
            "Können Sie nach 70184 Stuttgart oder 76131 Karlsruhe pendeln?",
            "70184 Stuttgart oder 76131 Karlsruhe",
        ),
    ] {
        let campaign = campaign(vec![site_question(text, &[])]);
        assert_eq!(campaign.location.as_deref(), Some(location), "{text}");
        assert_eq!(campaign.city, None, "{text}");
        assert_eq!(campaign.spoken_site, None, "{text}");
    }
}

#[test]
fn a_town_is_named_only_if_all_places_are_in_it() {
    for (location, city) in [
        ("Klinik Nord, 70184 Stuttgart; Klinik Süd, 70376 Stuttgart", Some("Stuttgart")),
        ("Klinik Nord, 70184 Stuttgart; Klinik Süd, 76131 Karlsruhe", None),
        ("Klinik Nord, 70184 Stuttgart; Klinik Süd", None),
        ("Haus A, 70184 Stuttgart oder Haus B, 76131 Karlsruhe", None),
        ("Haus A, 70184 Stuttgart und Haus B", None),
    ] {
        let campaign = described(None, Some(location));
        assert_eq!(campaign.location.as_deref(), Some(location));
        assert_eq!(campaign.city.as_deref(), city, "{location}");
        assert_eq!(campaign.spoken_site, None, "{location}");
    }
}

#[test]
fn a_place_is_said_only_if_it_goes_with_its_lead_and_the_title_has_not_named_it() {
    for (role, location, site, city) in [
        (None, "Standort Nord", Some("Nord"), None),
        (None, "Standort: Klinik Nord", Some("Klinik Nord"), None),
        (None, "bundesweit", None, None),
        (None, "Deutschlandweit im Außendienst", None, None),
        (None, "Remote", None, None),
        (None, "Home Office", None, None),
        (None, "Musterstadt oder Beispielberg", None, None),
        (None, "in Musterstadt", None, None),
        (Some("Erzieher (m/w/d) in Musterstadt"), "12345 Musterstadt", None, None),
        (Some("Erzieher (m/w/d) Musterstadt"), "Musterstadt", None, None),
        (Some("Erzieher in Beispielberg"), "12345 Musterstadt", None, None),
        (Some("Erzieher in Teilzeit"), "12345 Musterstadt", None, Some("Musterstadt")),
    ] {
        let campaign = described(role, Some(location));
        assert_eq!(campaign.location.as_deref(), Some(location));
        assert_eq!(campaign.spoken_site.as_deref(), site, "{location}");
        assert_eq!(campaign.city.as_deref(), city, "{role:?} {location}");
    }
}

#[test]
fn a_town_is_named_whole_or_not_at_all() {
    for (location, city) in [
        ("Hauptstraße 5, 51465 Bergisch Gladbach", Some("Bergisch Gladbach")),
        ("15711 Königs Wusterhausen", Some("Königs Wusterhausen")),
        ("Weg 1, 06295 Lutherstadt Eisleben", Some("Lutherstadt Eisleben")),
        ("Weg 1, 34346 Hann. Münden", Some("Hann. Münden")),
        ("Weg 1, 61348 Bad Homburg v. d. Höhe", Some("Bad Homburg v. d. Höhe")),
        ("Weg 1, D-60311 Frankfurt am Main, Gebäude 7", Some("Frankfurt am Main")),
        ("Weg 1, 15230 Frankfurt (Oder)", Some("Frankfurt (Oder)")),
        ("Weg 1, 65719 Hofheim am Taunus; Hof", None),
        ("Kita Nord (10115 Musterstadt)", Some("Musterstadt")),
        ("Ulmenweg 4a 70184 Stuttgart", Some("Stuttgart")),
        ("12345 Musterstadt Hauptstraße 5", Some("Musterstadt")),
        ("Weg 1, 18273 Güstrow Standort Süd", Some("Güstrow")),
        ("Weg 1, 99734 Nordhausen OT Salza", Some("Nordhausen")),
        ("Weg 1, 56068 koblenz", None),
        ("Weg 1, 68159 MA", None),
        ("Werk mit 12000 Mitarbeitern", None),
        ("12000 Mitarbeitende in Europa", None),
        ("Lager für 15000 Paletten", None),
    ] {
        let campaign = described(None, Some(location));
        assert_eq!(campaign.city.as_deref(), city, "{location}");
        assert_eq!(campaign.spoken_site, None, "{location}");
    }
}

#[test]
fn a_title_that_is_no_person_is_not_said() {
    for title in [
        "Initiativbewerbung",
        "Ausbildungsplatz zum Koch (m/w/d)",
        "Teilzeitstelle als Koch",
        "FSJ in der Kita",
        "Freiwilliges Soziales Jahr",
        "Gesprächsleitfaden Erzieher",
        "Erstgespräch Pflegekraft",
        "Kopie von Erzieher (m/w/d)",
        "Koch (m/w/div.) gesucht!",
        "Koch gesucht",
        "Werkstudent (m/w/d) – 20 Std./Woche",
        "🚀 Koch (m/w/d) 🚀",
        "stellv. Leitung Kita (m/w/d)",
        "Küchenhilfe (m/w/d), Teilzeit",
        "Mitarbeiter (m/w/d) gesucht: Lager",
        "Koch: Frühschicht",
        "Koch (Vollzeit)",
    ] {
        let campaign = described(Some(title), None);
        assert_eq!(campaign.role.as_deref(), Some(title));
        assert_eq!(campaign.spoken_role, None, "{title}");
    }
    for (title, spoken) in [
        ("Kaufmann/-frau (w/m/d)*", "Kaufmann/-frau"),
        ("Koch (m/w/div.)", "Koch"),
        ("Koch (m/w/divers)", "Koch"),
        ("Verkäufer:in", "Verkäufer:in"),
        ("Erzieher*in", "Erzieher*in"),
        ("Leiter Einkauf & Logistik", "Leiter Einkauf & Logistik"),
        ("Gesprächstherapeutin", "Gesprächstherapeutin"),
        ("Stellenleiter Bauhof", "Stellenleiter Bauhof"),
    ] {
        assert_eq!(described(Some(title), None).spoken_role.as_deref(), Some(spoken));
    }
}

#[test]
fn a_note_that_begins_with_the_place_names_it_and_other_facts_do_not() {
    let note = Question::new("n", "Standort: Am Beispielweg 7, 32000 Musterdorf", QuestionKind::Info);
    assert_eq!(campaign(vec![note]).city.as_deref(), Some("Musterdorf"));
    let fact = Question::new("n", "Unser Standort ist schön gelegen.", QuestionKind::Info);
    assert_eq!(campaign(vec![fact]).location, None);
    assert_eq!(campaign(vec![site_question("Wie weit würden Sie fahren?", &[])]).location, None);
}

#[test]
fn a_title_is_kept_as_written_and_said_without_its_marks() {
    for (title, spoken) in [
        ("Kaufmann (m/w/d)", Some("Kaufmann")),
        ("Elektroniker/in (w/m/x) für Betriebstechnik", Some("Elektroniker/in für Betriebstechnik")),
        ("Pflegefachkraft m/w/d", Some("Pflegefachkraft")),
        ("Protokoll Pflege 2025", None),
        ("Ausbildung zum Koch (m/w/d)", None),
        ("Köchin / Koch", Some("Köchin oder Koch")),
    ] {
        let questionnaire = Questionnaire { role_title: Some(title.to_owned()), ..Questionnaire::default() };
        let campaign =
            Campaign::of(&questionnaire, &Placeholders::of(&Addressee::of(&samples::link_trigger())));
        assert_eq!(campaign.role.as_deref(), Some(title));
        assert_eq!(campaign.spoken_role.as_deref(), spoken, "{title}");
    }
}

#[test]
fn a_site_without_a_town_is_said_by_its_name() {
    let questionnaire =
        Questionnaire { location: Some("Klinik Nord".to_owned()), ..Questionnaire::default() };
    let campaign = Campaign::of(&questionnaire, &Placeholders::of(&Addressee::of(&samples::link_trigger())));
    assert_eq!(campaign.spoken_site.as_deref(), Some("Klinik Nord"));
}
