use serde_json::json;

use super::*;
use crate::domain::{Gate, Wording};

fn questions(list: &Value) -> Vec<Question> {
    entries(list).questions
}

fn page(name: &str, prompts: &[&str]) -> Vec<Question> {
    let prompts: Vec<_> =
        prompts.iter().enumerate().map(|(id, text)| json!({"id": id, "question": text})).collect();
    questions(&json!([{"name": name, "prompts": prompts}]))
}

#[test]
fn pages_and_prompts_stand_in_the_order_of_their_positions() {
    let questions = questions(&json!([
        {"name": "Dritte", "prompts": [{"id": "e", "question": "e?"}]},
        {"name": "Zweite", "position": "2", "prompts": [
            {"id": "d", "question": "d?"}, {"id": "c", "question": "c?", "position": 2.0}, {"id": "b", "question": "b?", "position": 1},
        ]},
        {"name": "Erste", "position": 1, "prompts": [{"id": "a", "question": "a?"}]},
    ]));
    let order: Vec<_> =
        questions.iter().map(|question| (question.id.as_str(), question.category_order)).collect();
    assert_eq!(order, [("a", Some(0)), ("b", Some(1)), ("c", Some(1)), ("d", Some(1)), ("e", Some(2))]);
}

#[test]
fn the_name_of_a_page_says_what_its_prompts_are() {
    for (name, wording, kind, importance) in [
        (
            "Der Bewerber erfüllt folgende Kriterien:",
            Wording::Criterion,
            QuestionKind::YesNo,
            Importance::Unknown,
        ),
        ("QUALIFIKATIONEN", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Anforderungen", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Voraussetzungen", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Unsere Arbeitsbedingungen", Wording::WorkingCondition, QuestionKind::YesNo, Importance::Wanted),
        ("Der Bewerber akzeptiert:", Wording::WorkingCondition, QuestionKind::YesNo, Importance::Wanted),
        ("Akzeptierte Kriterien", Wording::WorkingCondition, QuestionKind::YesNo, Importance::Wanted),
        ("RAHMENBEDINGUNGEN", Wording::WorkingCondition, QuestionKind::YesNo, Importance::Wanted),
        ("Weitere Informationen", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Ihr Profil", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Profil:", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Das bringen Sie mit", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Was wir erwarten", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Der Bewerber bringt mit:", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Der Bewerber verfügt über", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Das sollten Sie mitbringen", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Kenntnisse und Fähigkeiten", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Persönliche Eigenschaften", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Soft Skills", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Wünschenswert:", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Nicht zwingend", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        (
            "Der Bewerber ist einverstanden mit",
            Wording::WorkingCondition,
            QuestionKind::YesNo,
            Importance::Wanted,
        ),
        ("Der Bewerber ist bereit zu", Wording::WorkingCondition, QuestionKind::YesNo, Importance::Wanted),
        ("Der Kandidat ist bereit zu", Wording::WorkingCondition, QuestionKind::YesNo, Importance::Wanted),
        ("Der Bewerber stimmt zu:", Wording::WorkingCondition, QuestionKind::YesNo, Importance::Wanted),
        ("Der Bewerber hat", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Die Kandidat*innen sollten", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Der Kandidat bringt mit:", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Was wir von Ihnen erwarten", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Was wir uns wünschen", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Profil des Kandidaten", Wording::Criterion, QuestionKind::YesNo, Importance::Unknown),
        ("Allgemeine Fragen:", Wording::Sentence, QuestionKind::Open, Importance::Unknown),
        ("Screening-Fragen", Wording::Sentence, QuestionKind::Open, Importance::Unknown),
        ("Fragen zur Person", Wording::Sentence, QuestionKind::Open, Importance::Unknown),
        ("Der Bewerber hat folgende Aufgaben", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Profil des Unternehmens", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Noch Fragen", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Der Bewerber bekommt", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Fragen an den Bewerber", Wording::Sentence, QuestionKind::Open, Importance::Unknown),
        ("Zwingend zu erfragen", Wording::Sentence, QuestionKind::Open, Importance::Unknown),
        ("Noch zu klären:", Wording::Sentence, QuestionKind::Open, Importance::Unknown),
        ("Häufige Fragen", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Der Bewerber erhält", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Bedingungen", Wording::WorkingCondition, QuestionKind::YesNo, Importance::Wanted),
        ("Unsere Konditionen", Wording::WorkingCondition, QuestionKind::YesNo, Importance::Wanted),
        ("Arbeitszeiten", Wording::WorkingCondition, QuestionKind::YesNo, Importance::Wanted),
        ("Das bieten wir", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Diese Konditionen bieten wir", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Das erwartet Sie", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Was Sie erwartet", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Unternehmensprofil", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
        ("Ihre Aufgaben", Wording::Sentence, QuestionKind::Info, Importance::Unknown),
    ] {
        let questions = page(name, &["Vollzeit"]);
        let read = (questions[0].wording, questions[0].kind, questions[0].importance);
        assert_eq!(read, (wording, kind, importance), "{name:?}");
        assert_eq!(
            questions[0].group.as_deref(),
            Some(name.trim_end_matches(':')).filter(|name| !name.is_empty())
        );
        assert_eq!(questions[0].gate, Gate::default());
    }
}

#[test]
fn a_page_of_musts_needs_no_prefixes() {
    for name in [
        "Must-haves",
        "Muss-Kriterien",
        "K.O.-Kriterien",
        "K.O.-Fragen",
        "Zwingend:",
        "Zwingende Voraussetzungen",
        "Der Bewerber erfüllt zwingend folgende Kriterien:",
        "Pflichtkriterien",
        "Muss-Anforderungen",
        "Muss",
    ] {
        let questions =
            page(name, &["Führerschein", "Wünschenswert: Englisch", "Dürfen Sie in Deutschland arbeiten"]);
        let read: Vec<_> =
            questions.iter().map(|q| (q.text.as_str(), q.importance, q.gate.is_gate)).collect();
        let expected = [
            ("Führerschein", Importance::Must, true),
            ("Englisch", Importance::Wanted, false),
            ("Dürfen Sie in Deutschland arbeiten?", Importance::Must, true),
        ];
        assert_eq!(read, expected, "{name}");
    }
    let dropped =
        entries(&json!([{"name": "Must-haves", "prompts": [{"id": 1, "question": "AP: Frau Beispiel"}]}]));
    assert_eq!(dropped.skipped[0].reason, SkipReason::NoText, "a criterion never goes without a word");
}

#[test]
fn on_a_page_of_exclusions_each_note_says_that_it_is_one() {
    for name in ["Ausschlusskriterien", "Ausschlussgründe:", "No-Gos"] {
        let questions = page(name, &["Vorstrafen", "Ausschluss: Leiharbeit", "Wünschenswert: Englisch"]);
        let read: Vec<_> = questions.iter().map(|q| (q.text.as_str(), q.gate.is_gate)).collect();
        let expected = [
            ("Ausschlusskriterium: Vorstrafen", true),
            ("Ausschluss: Leiharbeit", true),
            ("Englisch", false),
        ];
        assert_eq!(read, expected, "{name}");
    }
}

#[test]
fn what_is_offered_is_told_even_if_it_is_optional() {
    let questions = page("Das bieten wir", &["Firmenwagen", "Alternativ: Jobticket", "Optional: Jobrad"]);
    let read: Vec<_> = questions.iter().map(|q| (q.text.as_str(), q.kind)).collect();
    let told = ["Firmenwagen", "Alternativ: Jobticket", "Optional: Jobrad"];
    assert_eq!(read, told.map(|text| (text, QuestionKind::Info)));
    assert!(page("Das bieten wir", &["Zwingend: Führerschein"])[0].gate.is_gate);
}

#[test]
fn an_alternative_needs_no_colon_and_may_follow_a_question() {
    for (must, alternative) in [
        ("Studium", "oder vergleichbare Ausbildung"),
        ("Studium", "Alternativ Ausbildung"),
        ("Haben Sie ein Studium?", "Alternativ: Ausbildung"),
    ] {
        let questions = page("Zwingend", &[must, alternative]);
        assert!(questions[0].gate.is_gate && !questions[1].gate.is_gate, "{alternative}");
        assert_eq!(questions[1].gate.alternative_for.as_deref(), Some("0"), "{alternative}");
    }
    let choice = page("Zwingend", &["Möchten Sie Teilzeit oder Vollzeit?", "Alternativ: Minijob"]);
    assert_eq!((choice[0].kind, &choice[1].gate), (QuestionKind::Open, &Gate::default()));
}

#[test]
fn a_must_may_stand_behind_a_note_that_is_asked() {
    let read = |name| {
        let question = page(name, &["Führerschein (zwingend)"]).remove(0);
        (question.text, question.kind, question.importance, question.gate.is_gate)
    };
    let must = ("Führerschein".to_owned(), QuestionKind::YesNo, Importance::Must, true);
    assert_eq!(read("Kriterien"), must);
    assert_eq!(read("Rahmenbedingungen"), must);
    let told = ("Führerschein (zwingend)".to_owned(), QuestionKind::Info, Importance::Unknown, false);
    assert_eq!(read("Weitere Informationen"), told);
}

#[test]
fn what_is_not_needed_is_told_on_every_page() {
    for name in ["Kriterien", "Must-haves", "Rahmenbedingungen", "Weitere Informationen"] {
        let questions = page(name, &["Keine Berufserfahrung erforderlich"]);
        assert_eq!((questions[0].kind, questions[0].gate.is_gate), (QuestionKind::Info, false), "{name}");
    }
    assert_eq!(page("Kriterien", &["KO: keine Vorstrafen"])[0].importance, Importance::Must);
}

#[test]
fn a_note_that_asks_without_a_question_mark_is_asked() {
    let questions =
        page("Weitere Informationen", &["Wie hoch ist Ihr Gehaltswunsch", "Kündigungsfrist abfragen"]);
    let read: Vec<_> = questions.iter().map(|q| (q.text.as_str(), q.kind, q.wording)).collect();
    let expected = [
        ("Wie hoch ist Ihr Gehaltswunsch?", QuestionKind::Open, Wording::Sentence),
        ("Kündigungsfrist abfragen", QuestionKind::Open, Wording::Sentence),
    ];
    assert_eq!(read, expected);
    assert_eq!(page("Ihre Aufgaben", &["Lagerbestand abfragen"])[0].kind, QuestionKind::Info);
}

#[test]
fn a_prefix_makes_a_criterion_on_every_page_but_that_of_conditions() {
    for (name, wording) in [
        ("Kriterien", Wording::Criterion),
        ("Weitere Informationen", Wording::Criterion),
        ("Rahmenbedingungen", Wording::WorkingCondition),
    ] {
        let questions = page(name, &["Zwingend: A", "Wünschenswert: B", "Muss: C", "Optional: D"]);
        let read: Vec<_> = questions
            .iter()
            .map(|q| (q.text.as_str(), q.wording, q.kind, q.importance, q.gate.is_gate))
            .collect();
        assert_eq!(
            read,
            [
                ("A", wording, QuestionKind::YesNo, Importance::Must, true),
                ("B", wording, QuestionKind::YesNo, Importance::Wanted, false),
                ("C", wording, QuestionKind::YesNo, Importance::Must, true),
                ("D", wording, QuestionKind::YesNo, Importance::Wanted, false),
            ],
            "{name}"
        );
    }
}

/// Each alternative of the pages: its id, the id of the note it is asked instead of, and its importance.
fn alternatives(pages: &Value) -> Vec<(String, String, Importance)> {
    let alternative = |question: Question| {
        let instead_of = question.gate.alternative_for?;
        // Only the alternative of a criterion may be looked for once its criterion is gone.
        assert_eq!(question.gate.is_alternative, question.importance == Importance::Must);
        assert!(!question.gate.is_gate);
        Some((question.id, instead_of, question.importance))
    };
    questions(pages).into_iter().filter_map(alternative).collect()
}

#[test]
fn alternatives_belong_to_the_note_before_them_whatever_its_prefix() {
    let read = alternatives(&json!([
        {"name": "Kriterien", "prompts": [
            {"id": 1, "question": "Zwingend: Studium"},
            {"id": 2, "question": "Zwingend: Meister"},
            {"id": 3, "question": " \n"},
            {"id": 4, "question": "Alternativ: Ausbildung"},
            {"id": 5, "question": "Alternativ: Erfahrung"},
            {"id": 6, "question": "Wünschenswert: Führerschein"},
            {"id": 7, "question": "Alternativ: Bereitschaft, den Führerschein zu machen"},
        ]},
        {"name": "Rahmenbedingungen", "prompts": [
            {"id": 8, "question": "Vollzeit"}, {"id": 9, "question": "Alternativ: Teilzeit"},
        ]},
    ]));
    let expected = [
        ("4", "2", Importance::Must),
        ("5", "2", Importance::Must),
        ("7", "6", Importance::Wanted),
        ("9", "8", Importance::Wanted),
    ];
    assert_eq!(read, expected.map(|(id, note, importance)| (id.to_owned(), note.to_owned(), importance)));
}

#[test]
fn an_alternative_to_nothing_that_can_be_denied_is_a_usual_question() {
    let pages = json!([
        {"name": "Kriterien", "prompts": [{"id": 1, "question": "Zwingend: Studium"}]},
        {"name": "Weitere Kriterien", "prompts": [
            {"id": 2, "question": "Alternativ: Neugier"},
            {"id": 3, "question": "Wann passt es Ihnen?"},
            {"id": 4, "question": "Alternativ: Mut"},
            {"id": 5, "question": "Zwingend: Meister (AP: Frau Beispiel)"},
            {"id": 6, "question": "AP: Frau Beispiel"},
            {"id": 7, "question": "Alternativ: Geduld"},
        ]},
        {"name": "Weitere Informationen", "prompts": [
            {"id": 8, "question": "Parkplätze"}, {"id": 9, "question": "Alternativ: Jobticket"},
        ]},
    ]);
    assert_eq!(alternatives(&pages), []);
    for question in questions(&pages).iter().filter(|question| ["2", "4", "7", "9"].contains(&&*question.id))
    {
        assert_eq!(question.gate, Gate::default());
        assert_eq!((question.kind, question.importance), (QuestionKind::YesNo, Importance::Unknown));
    }
}

#[test]
fn a_prompt_that_ends_with_a_question_mark_is_a_question() {
    for name in ["Weitere Informationen", "Kriterien", "Rahmenbedingungen"] {
        let questions = page(name, &["Wann passt es Ihnen?"]);
        assert_eq!(
            (questions[0].wording, questions[0].kind),
            (Wording::Sentence, QuestionKind::Open),
            "{name}"
        );
    }
}

#[test]
fn the_information_of_a_prompt_is_its_help_text() {
    let questions = questions(&json!([{"name": "Kriterien", "prompts": [
        {"question": "A", "information": " Auch\nin Teilzeit "}, {"question": "B", "information": null}, {"question": "C", "information": [1]},
    ]}]));
    let help: Vec<_> = questions.iter().map(|question| question.help_text.as_deref()).collect();
    assert_eq!(help, [Some("Auch in Teilzeit"), None, None]);
    let ids: Vec<_> = questions.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(ids, ["question-1", "question-2", "question-3"]);
}

#[test]
fn generated_ids_differ_between_pages() {
    let questions = questions(&json!([
        {"prompts": [{"question": "a?"}, null, {"question": ""}]}, {"prompts": [{"question": "b?"}]},
    ]));
    let ids: Vec<_> = questions.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(ids, ["question-1", "question-3"]);
}

#[test]
fn contact_persons_are_dropped_as_prompts_as_pages_and_behind_prefixes() {
    assert_eq!(
        page(
            "Weitere Informationen",
            &["AP: Beispiel", "\n- Ansprechpartnerin Erika Beispiel", "Kontakt:\nBeispiel"]
        ),
        []
    );
    assert_eq!(page("Kriterien", &["Zwingend: Ansprechpartner für Kunden sein"]).len(), 1);
    assert_eq!(
        page("Kriterien", &["Zwingend: AP: Frau Beispiel", "Wünschenswert: e.beispiel@example.org"]),
        []
    );
    for name in
        ["Ansprechpartner:", "Ansprechpartner/in", "Kontaktpersonen", "Kontakt:", "<b>Kontaktdaten</b>"]
    {
        assert_eq!(page(name, &["Erika Beispiel, Leitung"]), [], "{name}");
    }
}

#[test]
fn what_is_told_of_the_employer_names_nobody() {
    let persons = [
        "Einrichtungsleitung: Erika Beispiel",
        "Vorstellungsgespräch mit Herrn Beispiel und Frau Muster",
        "PDL Frau Beispiel",
    ];
    assert_eq!(page("Weitere Informationen", &persons), []);
    let texts: Vec<_> = page(
        "Weitere Informationen",
        &["Standort: Köln, Frau Beispiel", "Kita Frau Holle", "Kennen Sie Frau Holle?"],
    )
    .into_iter()
    .map(|question| question.text)
    .collect();
    assert_eq!(texts, ["Standort: Köln", "Kita Frau Holle", "Kennen Sie Frau Holle?"]);
    assert_eq!(page("Ihre Ansprechpartnerin", &["Erika Beispiel", "Zimmer 12"]), []);
    assert_eq!(page("Kontakt & Bewerbung", &["Erika Beispiel"]), []);
}

#[test]
fn what_recruiters_write_for_each_other_is_left_out_with_its_reason() {
    let read = entries(&json!([
        {"name": "Interne Hinweise (nicht für Bewerber)", "prompts": [
            {"id": 1, "question": "Max. Gehalt 52.000 €"}, {"id": 2, "question": "Zwingend: Deutsch"},
        ]},
        {"name": "Weitere Informationen", "prompts": [
            {"id": 3, "question": "INTERN: Budget max. 48.000 €"},
            {"id": 4, "question": "Kunde: Beispiel Logistik SE (nicht nennen!)"},
            {"id": 5, "question": "Parkplätze", "information": "Intern: nur drei"},
        ]},
    ]));
    let skipped: Vec<_> = read.skipped.iter().map(|entry| (entry.id.as_str(), entry.reason)).collect();
    let internal = SkipReason::Internal;
    assert_eq!(skipped, [("1", internal), ("2", SkipReason::NoText), ("3", internal), ("4", internal)]);
    let told: Vec<_> = read.questions.iter().map(|question| (&*question.text, &question.help_text)).collect();
    assert_eq!(told, [("Parkplätze", &None)]);
}

#[test]
fn a_name_below_its_label_is_dropped_as_a_prompt_of_its_own() {
    let texts = |prompts: &[&str]| {
        page("Weitere Informationen", prompts).into_iter().map(|question| question.text).collect::<Vec<_>>()
    };
    assert_eq!(texts(&["AP:", "Erika Beispiel", "Max Beispiel", "Haus Nord"]), ["Haus Nord"]);
    assert_eq!(texts(&["AP:", "Erika Beispiel, 030 23125001", "Vollzeit"]), ["Vollzeit"]);
    assert_eq!(texts(&["Betriebliche Altersvorsorge"]), ["Betriebliche Altersvorsorge"]);
}

#[test]
fn whatever_is_no_page_and_no_prompt_is_skipped() {
    let questions = questions(
        &json!([null, 3, "Seite", {}, {"prompts": null}, {"prompts": "x"}, {"prompts": [null, "x", {}]},
        {"name": 7, "position": {}, "prompts": {"question": "Was?"}}]),
    );
    assert_eq!(questions.len(), 1);
    assert_eq!((questions[0].text.as_str(), questions[0].group.as_deref()), ("Was?", Some("7")));
}
