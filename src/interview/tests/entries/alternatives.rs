//! What is asked instead of another question.

use super::*;

fn pages(pages: &[(&str, &[&str])]) -> Value {
    let pages = pages.iter().map(|(name, prompts)| {
        let prompts: Vec<_> = prompts.iter().map(|prompt| json!({ "question": prompt })).collect();
        json!({ "name": name, "prompts": prompts })
    });
    json!({ "name": "Koch", "pages": pages.collect::<Vec<_>>() })
}

#[test]
fn one_is_asked_instead_of_the_note_before_it_and_of_none_on_another_page() {
    let prompt = prompt(&pages(&[
        ("Kriterien", &["Zwingend: Deutschkenntnisse B2"]),
        ("Rahmenbedingungen", &["Vollzeit (39 Wochenstunden)", "Alternativ: Teilzeit (30 Wochenstunden)"]),
    ]));
    assert!(question(&prompt, 1)[0].contains("Deutschkenntnisse B2"), "{prompt}");
    assert!(question(&prompt, 2)[0].starts_with("Frage 2: Stichwort „Vollzeit"), "{prompt}");
    assert!(question(&prompt, 2)[1].ends_with("weiter mit Frage 3."), "{prompt}");
    assert!(
        question(&prompt, 3)[0].starts_with("Frage 3 (Alternative zu Frage 2): Stichwort „Teilzeit"),
        "{prompt}"
    );
}

#[test]
fn one_that_begins_its_page_is_a_usual_question() {
    let prompt = prompt(&pages(&[
        ("Kriterien", &["Zwingend: Deutschkenntnisse B2"]),
        ("Rahmenbedingungen", &["Alternativ: Teilzeit", "Schichtdienst"]),
    ]));
    assert!(!prompt.contains("Alternative zu"), "{prompt}");
    assert!(question(&prompt, 2)[0].starts_with("Frage 2: Stichwort „Teilzeit“"), "{prompt}");
}

#[test]
fn only_one_of_a_criterion_is_among_the_criteria() {
    let draft = draft(&pages(&[
        ("Kriterien", &["Zwingend: Examen", "Alternativ: Anerkennung"]),
        ("Rahmenbedingungen", &["Vollzeit", "Alternativ: Teilzeit"]),
    ]));
    let variable = |name| draft.script.variables[name].reveal().as_str();
    assert_eq!(variable("gate_questions"), "1. Examen\n2. Anerkennung");
    assert_eq!(variable("preference_questions"), "1. Vollzeit\n2. Teilzeit");
}

fn gate_and_alternative(gate: &Value) -> String {
    let mut gate = gate.clone();
    gate["id"] = json!("g");
    gate["gate_config"] = json!({ "is_gate": true });
    prompt(&json!({ "questions": [
        gate,
        { "id": "a", "question": "Haben Sie eine Ausbildung?", "type": "boolean",
          "gate_config": { "is_alternative": true, "alternative_for": "g" } },
    ] }))
}

#[test]
fn a_question_that_cannot_be_answered_with_no_has_another_way_to_its_alternative() {
    let degree = "Welchen Abschluss haben Sie?";
    for (gate, lead, condition) in [
        (
            json!({ "question": "Haben Sie studiert?", "type": "boolean" }),
            "Bei Nein",
            "Frage 1 verneint wurde",
        ),
        (
            json!({ "question": degree, "type": "choice", "options": ["Bachelor", "Master"] }),
            "Trifft keine der Möglichkeiten zu",
            "bei Frage 1 keine der Möglichkeiten zutrifft",
        ),
        (
            json!({ "question": degree, "type": "choice", "options": ["Bachelor", "Nein, keinen"] }),
            "Bei Nein",
            "Frage 1 verneint wurde",
        ),
        (
            json!({ "question": degree, "type": "choice", "options": ["Bachelor", "Keinen"] }),
            "Bei Nein oder wenn nichts davon zutrifft",
            "Frage 1 verneint wurde oder nichts davon zutrifft",
        ),
        (
            json!({ "question": degree, "type": "string" }),
            "Bei Nein oder wenn nichts davon zutrifft",
            "Frage 1 verneint wurde oder nichts davon zutrifft",
        ),
    ] {
        let prompt = gate_and_alternative(&gate);
        let lead = format!("- {lead}: freundlich festhalten, dann weiter mit Frage 2.");
        assert!(question(&prompt, 1).contains(&lead.as_str()), "{lead}\n{prompt}");
        let condition = format!("- Nur fragen, wenn {condition}.");
        assert!(question(&prompt, 2).contains(&condition.as_str()), "{condition}\n{prompt}");
    }
}

#[test]
fn one_of_an_alternative_stands_behind_it_and_before_the_next_criterion() {
    let alternative = |id: &str, target: &str| {
        json!({ "id": id, "question": format!("Sind Sie {id}?"), "type": "boolean",
                "gate_config": { "is_alternative": true, "alternative_for": target } })
    };
    let prompt = prompt(&json!({ "questions": [
        { "id": "a", "question": "Sind Sie Erzieher?", "type": "boolean", "gate_config": { "is_gate": true } },
        alternative("Kinderpfleger", "a"),
        alternative("Sozialassistent", "Kinderpfleger"),
        { "id": "d", "question": "Deutsch B2?", "type": "boolean", "gate_config": { "is_gate": true } },
        { "id": "e", "question": "Passt Vollzeit?", "type": "boolean", "category_order": 1 },
    ] }));
    assert!(question(&prompt, 2).contains(&"- Bei Nein: freundlich festhalten, dann weiter mit Frage 3."));
    assert_eq!(question(&prompt, 3)[0], "Frage 3 (Alternative zu Frage 2): Sind Sie Sozialassistent?");
    assert!(question(&prompt, 4)[0].starts_with("Frage 4 (Voraussetzung): Deutsch"), "{prompt}");
    assert!(prompt.find("Frage 4 ") < prompt.find("## 4. "), "{prompt}");
}

/// The lines of the target and of its alternative, which HOC has asked under this condition.
fn target_and_alternative(target: &Value, when: &Value, action: &str) -> [Vec<String>; 2] {
    let mut target = target.clone();
    target["id"] = json!("g");
    target["gate_config"] = json!({ "is_gate": true });
    let mut when = when.clone();
    when["field"] = json!("g");
    let prompt = prompt(&json!({ "questions": [
        target,
        { "id": "a", "question": "Was haben Sie stattdessen?", "type": "string",
          "gate_config": { "is_alternative": true, "alternative_for": "g" },
          "conditions": [{ "when": when, "then": { "action": action } }] },
    ] }));
    [1, 2].map(|number| question(&prompt, number).into_iter().map(str::to_owned).collect())
}

#[test]
fn one_is_asked_after_the_answers_that_hoc_names_and_not_after_a_no_instead() {
    let record = json!({ "question": "Haben Sie Vorstrafen?", "type": "boolean" });
    let degree = json!({ "question": "Haben Sie eine Ausbildung?", "type": "choice",
                         "options": ["Ja, als Koch", "Noch nicht fertig", "Nein"] });
    let leads = "- Bei Nein: freundlich festhalten, dann weiter mit Frage 2.";
    for (target, when, action, condition, after_no) in [
        (
            &record,
            json!({ "op": "eq", "value": true }),
            "ask",
            "Nur fragen, wenn Frage 1 mit „Ja“ beantwortet wurde",
            false,
        ),
        (
            &record,
            json!({ "op": "eq", "value": false }),
            "skip",
            "Auslassen, wenn Frage 1 mit „Nein“ beantwortet wurde",
            false,
        ),
        (
            &degree,
            json!({ "op": "in", "value": ["Noch nicht fertig", "Nein"] }),
            "ask",
            "Nur fragen, wenn Frage 1 mit „Noch nicht fertig“ oder „Nein“ beantwortet wurde",
            true,
        ),
        (
            &degree,
            json!({ "op": "eq", "value": "Noch nicht fertig" }),
            "ask",
            "Nur fragen, wenn Frage 1 mit „Noch nicht fertig“ beantwortet wurde",
            false,
        ),
        (
            &degree,
            json!({ "op": "eq", "value": "Ja, als Koch" }),
            "skip",
            "Auslassen, wenn Frage 1 mit „Ja, als Koch“ beantwortet wurde",
            true,
        ),
    ] {
        let [target, alternative] = target_and_alternative(target, &when, action);
        let said: Vec<_> = alternative
            .iter()
            .filter(|line| line.contains("beantwortet") || line.contains("verneint"))
            .collect();
        assert_eq!(said, [&format!("- {condition}.")], "{when}");
        assert_eq!(target.iter().any(|line| line == leads), after_no, "{when}: {target:?}");
    }
}

#[test]
fn a_condition_that_only_says_after_a_no_is_not_said_twice() {
    let target = json!({ "question": "Haben Sie eine Ausbildung?", "type": "boolean" });
    for (when, action) in [
        (json!({ "op": "eq", "value": false }), "ask"),
        (json!({ "op": "eq", "value": "Nein" }), "ask"),
        (json!({ "op": "eq", "value": true }), "skip"),
    ] {
        let [_, alternative] = target_and_alternative(&target, &when, action);
        assert_eq!(alternative[0], "Frage 2 (Alternative zu Frage 1): Was haben Sie stattdessen?");
        assert_eq!(alternative[1..], ["- Nur fragen, wenn Frage 1 verneint wurde."], "{when}");
    }
}
