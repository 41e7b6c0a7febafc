use serde_json::json;

use super::*;

fn profile(document: &Value) -> Questionnaire {
    questionnaire(Entries::default(), &[document.as_object().expect("an object")])
}

#[test]
fn the_first_title_that_says_something_counts() {
    let title = |document: Value| profile(&document).role_title;
    let all =
        json!({"campaignrole_title": "A", "job_title": "B", "protocol_name": "C", "name": "D", "pages": []});
    assert_eq!(title(all).as_deref(), Some("A"));
    assert_eq!(
        title(json!({"campaignrole_title": " ", "job_title": null, "protocol_name": "C"})).as_deref(),
        Some("C")
    );
    assert_eq!(title(json!({"name": "D", "pages": []})).as_deref(), Some("D"));
    assert_eq!(
        title(json!({"name": "D", "questions": []})),
        None,
        "a name is a title in the pages form only"
    );
}

#[test]
fn job_titles_are_passed_on_as_hoc_writes_them() {
    for title in ["Kaufmann (m/w/d)", "Verkäufer:in", "Erzieher*in", "Projektleiter/-in", "Kauffrau/Kaufmann"]
    {
        assert_eq!(profile(&json!({"job_title": format!(" {title}\n")})).role_title.as_deref(), Some(title));
    }
}

#[test]
fn a_place_may_be_a_text_an_address_or_several() {
    let location = |value: Value| profile(&json!({"work_location": value})).location;
    assert_eq!(location(json!(" Haus\nNord ")).as_deref(), Some("Haus Nord"));
    let address = json!({"name": "Haus Nord", "street": "Musterweg 1", "postal_code": 10115, "city": "Musterstadt", "email": "e@example.org"});
    assert_eq!(location(address).as_deref(), Some("Haus Nord, Musterweg 1, 10115 Musterstadt"));
    assert_eq!(
        location(json!({"label": "Haus Süd", "city": "Musterstadt"})).as_deref(),
        Some("Haus Süd, Musterstadt")
    );
    assert_eq!(
        location(json!(["Haus Nord", null, {"name": "Haus Süd"}])).as_deref(),
        Some("Haus Nord; Haus Süd")
    );
    for nothing in
        [json!(null), json!(""), json!({}), json!([]), json!(true), json!({"contact": "Erika Beispiel"})]
    {
        assert_eq!(location(nothing.clone()), None, "{nothing}");
    }
    let both = json!({"campaignlocation_label": "Haus Nord", "work_location": "Haus Süd"});
    assert_eq!(profile(&both).location.as_deref(), Some("Haus Nord"));
}

#[test]
fn what_hoc_says_of_the_employer_is_joined() {
    let pitch = |value: Value| profile(&json!({"knowledge_base": value})).company_pitch;
    assert_eq!(pitch(json!("Kurze\nWege.")).as_deref(), Some("Kurze Wege."));
    assert_eq!(
        pitch(json!(["Kurze Wege.", null, 3, "Viel Grün."])).as_deref(),
        Some("Kurze Wege. Viel Grün.")
    );
    assert_eq!(
        pitch(json!({"a": "Kurze Wege.", "b": {"text": "Viel Grün."}, "contact_person": "Erika Beispiel", "E-Mail": "x"})).as_deref(),
        Some("Kurze Wege. Viel Grün.")
    );
    assert_eq!(pitch(json!([[[["zu tief"]]]])), None);
    let first = json!({"companypitch": "", "company_pitch": "B", "knowledge_base": "C"});
    assert_eq!(profile(&first).company_pitch.as_deref(), Some("B"));
    assert_eq!(profile(&json!({"company_size": 850})).company_size.as_deref(), Some("850"));
    let priorities = json!({"companypriorities": ["Ruhe", "", "Humor"]});
    assert_eq!(profile(&priorities).company_priorities.as_deref(), Some("Ruhe, Humor"));
}

#[test]
fn a_knowledge_base_reads_as_text() {
    let pitch = |value: Value| profile(&json!({"knowledge_base": value})).company_pitch;
    assert_eq!(
        pitch(json!({
            "salary_range": "3.000 bis 3.500 Euro", "benefits": ["Jobticket", "Kantine"], "work_schedule": "Schicht",
            "probezeit": "sechs Monate", "company_description": "Ein Familienbetrieb", "internet": "überall",
        }))
        .as_deref(),
        Some(
            "Leistungen: Jobticket, Kantine. Ein Familienbetrieb. Internet: überall. Probezeit: sechs Monate. \
             Gehalt: 3.000 bis 3.500 Euro. Arbeitszeit: Schicht."
        )
    );
    let faq = json!({"faq": [
        {"question": "Gibt es Parkplätze?", "answer": "Ja, kostenlos."}, {"frage": "Und Räder?", "antwort": "Auch"},
    ]});
    assert_eq!(pitch(faq).as_deref(), Some("Gibt es Parkplätze? Ja, kostenlos. Und Räder? Auch."));
}

#[test]
fn what_is_not_for_candidates_is_left_out() {
    for name in [
        "internal_notes",
        "internalNotes",
        "Interne Hinweise",
        "intern",
        "notes",
        "notiz",
        "url",
        "website_url",
        "link",
        "_meta",
        "metadata",
        "id",
        "campaign_id",
        "max_salary",
        "minimumWage",
        "budget",
        "salary_negotiation_strategy",
        "todo",
        "hr",
        "CEO",
        "Geschäftsführer",
        "created_at",
        "updated_at",
        "version",
        "language",
        "status",
        "active",
        "system_prompt",
        "instructions",
    ] {
        let document =
            json!({"knowledge_base": {name: "Der Standort wird geschlossen", "text": "Viel Grün."}});
        assert_eq!(profile(&document).company_pitch.as_deref(), Some("Viel Grün."), "{name}");
    }
}

#[test]
fn only_a_name_that_is_understood_whole_is_a_heading() {
    let pitch = |value: Value| profile(&json!({"knowledge_base": value})).company_pitch;
    let told = pitch(json!({
        "company": "Wir betreiben drei Kantinen.", "salary": "3.000 bis 3.500 Euro", "max_salary": "4.100 Euro",
        "budget": "48000 Euro", "hr": "Erika Beispiel", "created_at": "2025-11-03", "language": "de",
        "instructions": "Immer loben",
    }));
    assert_eq!(told.as_deref(), Some("Wir betreiben drei Kantinen. Gehalt: 3.000 bis 3.500 Euro."));
    for (name, value, told) in [
        ("job_requirements", "Führerschein B", Some("Anforderungen: Führerschein B.")),
        ("our_company_values", "Ruhe", Some("Werte: Ruhe.")),
        ("startDate", "sofort", Some("Beginn: sofort.")),
        ("language_requirements", "Deutsch B2", Some("Sprachen: Deutsch B2.")),
        ("Urlaub", "30 Tage", Some("Urlaub: 30 Tage.")),
        ("internet", "überall", Some("Internet: überall.")),
        // A heading that is only half understood would be wrong.
        ("vacation_policy_review", "2026", None),
        ("salary_level", "E9", None),
        ("company", "Musterwerk", None),
        ("training_history", "Wir bilden seit 1950 aus", Some("Wir bilden seit 1950 aus.")),
        ("mission", "Gutes Essen für alle", Some("Gutes Essen für alle.")),
        ("Team in Zahlen", "12 Köpfe", Some("Team in Zahlen: 12 Köpfe.")),
    ] {
        assert_eq!(pitch(json!({name: value})).as_deref(), told, "{name}");
    }
}

#[test]
fn contact_data_is_removed_even_if_it_is_torn_over_several_texts() {
    let secret = "Wir sind da. AP: Erika Beispiel\ne.beispiel@example.org";
    let read = profile(&json!({
        "job_title": secret, "work_location": {"name": secret, "street": secret}, "companysize": secret,
        "companypitch": [secret, "e.beispiel@", "example.org"], "companypriorities": [secret, secret],
    }));
    let shown = format!("{read:?}");
    assert_eq!(shown.matches("Wir sind da").count(), 7, "{shown}");
    for trace in ["Beispiel", "beispiel", "example", "@"] {
        assert!(!shown.contains(trace), "{trace} is left in {shown}");
    }
}
